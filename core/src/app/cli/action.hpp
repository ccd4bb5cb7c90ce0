#pragma once

#include <tributary/accounts/connections.hpp>

#include <string>

#include "app/action_run.hpp"
#include "app/cli/document.hpp"
#include "app/cli/errors.hpp"

/// Actions of a provider's plugin, and their reports for people.
namespace tributary::app::cli {

class workbench;

/// A connection with its secrets, and the plugin that knows its provider.
struct acting_connection {
    accounts::connection account;
    connection_info info;
    plugins::plugin_ptr plugin;
};

/// @errors cli_errc::not_found: the plugin is not loaded; cli_errc::failed: it offers no actions.
result<acting_connection> acting(workbench& bench, const accounts::connection& account);

/// Runs an action, and keeps with the connection what the provider handed out.
result<action_report> act(workbench& bench, const acting_connection& on, const wanted_action& what);

document describe(const action_report& report);
/// A paragraph for each finding, no line longer than a terminal, then how many there are of which level.
std::string report_text(const action_report& report);
/// failed when the action did not end well or one of its findings is a problem.
exit_status status_of(const action_report& report);

} // namespace tributary::app::cli
