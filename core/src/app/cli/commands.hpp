#pragma once

#include "app/cli/arguments.hpp"

/// The commands, one function for each group; each adds its own below the root.
namespace tributary::app::cli {

void add_init_command(command root);
void add_workspace_commands(command root);
void add_key_commands(command root);
void add_domain_commands(command root);
void add_connection_commands(command root);
void add_secret_commands(command connection); ///< below "connection"
void add_action_commands(command connection); ///< below "connection"
void add_inbox_commands(command root);
void add_subject_commands(command root);
void add_explain_command(command root);
void add_rebuild_command(command root);
void add_trigger_command(command root);
void add_api_command(command root);
void add_doctor_command(command root);
void add_plugin_commands(command root);
void add_plugin_check_command(command group); ///< below "plugin"
void add_rules_commands(command root);
void add_rules_eval_command(command group);        ///< below "rules"
void add_rules_conformance_command(command group); ///< below "rules"
void add_rules_schema_command(command group);      ///< below "rules"
void add_version_command(command root);
/// `all` must outlive the parsing.
void add_completion_command(command root, const command_line& all);

} // namespace tributary::app::cli
