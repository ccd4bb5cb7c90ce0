#pragma once

#include <tributary/directory/directory.hpp>

#include <optional>
#include <string>

#include "app/cli/arguments.hpp"
#include "app/cli/workbench.hpp"

namespace tributary::app::cli {

/// How a person names a subject, and where to look.
struct subject_choice {
    std::optional<std::string> workspace;
    bool live = false;
    bool sandbox = false;
    std::optional<std::string> user;    ///< Your own id of the customer.
    std::optional<std::string> subject; ///< Our id.
    std::optional<std::string> id;      ///< Any id that the provider uses.
    std::optional<std::string> realm;   ///< Of the provider's id.
    std::optional<std::string> row;     ///< Of anything derived.
};

/// Adds --workspace, --live and --sandbox.
command& choose_space(command& of, subject_choice& into);

struct found_subject {
    subject_key key;
    std::string workspace; ///< Public id.
    std::string table;     ///< Of the row that named it; empty when none did.
};

/// The one subject that is meant, searched in every workspace and both environments unless the choice says
/// less.
/// @errors cli_errc::not_found; cli_errc::usage when several are meant, naming the places.
result<found_subject> find_subject(workbench& bench, const subject_choice& chosen);

} // namespace tributary::app::cli
