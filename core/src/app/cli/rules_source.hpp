#pragma once

#include <tributary/cel/environment.hpp>
#include <tributary/cel/zone.hpp>

#include <optional>
#include <string>
#include <vector>

#include "app/cli/arguments.hpp"
#include "app/cli/document.hpp"

namespace tributary::app::cli {

/// What the arguments say of a rule; `rules check` and `rules eval` share them.
struct rule_arguments {
    std::optional<std::string> file;
    std::optional<std::string> expression;
    std::vector<std::string> declarations;
    std::optional<std::string> result_type;
    std::optional<std::string> rounding;
    bool amount = false;
};

/// Adds the options that fill the arguments, which must outlive the parsing. The option described last is
/// one of them.
void add_rule_options(command& to, rule_arguments& given);

/// A rule that was read, not compiled.
struct rule_source {
    std::string name; ///< What diagnostics call it: the file, or "expression".
    std::string text;
    std::vector<cel::variable> variables;
    cel::compile_options options;
};

/// Reads --expr or FILE: text, or a JSON document when its name ends with ".json". Arguments win over what
/// the document says. @errors cli_errc::usage, cli_errc::not_found
result<rule_source> read_rule(context& with, const rule_arguments& given);

/// Everything that the language offers, with this machine's time zones and the host's currencies. The
/// database outlives the environment.
cel::environment make_rule_environment(const cel::zone_database& zones);

/// Declares the variables of a rule. @errors cli_errc::usage for a name that is none or is there twice.
result<void> declare_variables(cel::environment& in, const std::vector<cel::variable>& all);

/// A refused source: diagnostics on standard error, or a document. @return exit_status::usage
exit_status show_refusal(context& with, const rule_source& source, const cel::diagnostics& all);

} // namespace tributary::app::cli
