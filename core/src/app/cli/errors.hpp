#pragma once

#include <tributary/base/result.hpp>

namespace tributary::app::cli {

/// How the process ends.
enum class exit_status { ok = 0, failed = 1, usage = 2, not_found = 3 };

/// Errors of the tool itself; the detail is a whole sentence.
enum class cli_errc {
    usage = 1, ///< The arguments make no sense.
    not_found, ///< What they name is not there.
    failed,    ///< Anything else.
};
const boost::system::error_category& cli_category() noexcept;
inline error_code make_error_code(cli_errc e) noexcept {
    return {static_cast<int>(e), cli_category()};
}

/// The exit status that stands for a failure.
exit_status status_of(const failure& why) noexcept;

/// One line for a person: no category before what the tool says itself, no line feeds.
std::string message_of(const failure& why);

} // namespace tributary::app::cli

template <> struct boost::system::is_error_code_enum<tributary::app::cli::cli_errc> : std::true_type {};
