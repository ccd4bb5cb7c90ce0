#pragma once

#include <tributary/base/result.hpp>

#include <string>
#include <vector>

namespace tributary::config {

enum class config_errc {
    unreadable =
        1,       ///< The file of the configuration, or of a `_FILE` variable, cannot be read or is too large.
    syntax,      ///< The file is not TOML.
    unknown_key, ///< No such section, key or environment variable.
    wrong_type,  ///< A number where text is expected, and so on.
    malformed,   ///< The right type, but not an address, a size, a duration ...
    out_of_range, ///< Below the least or above the greatest value.
    conflict,     ///< Two settings that exclude each other, or one that misses its partner.
};
const boost::system::error_category& config_category() noexcept;
inline error_code make_error_code(config_errc e) noexcept {
    return {static_cast<int>(e), config_category()};
}

} // namespace tributary::config

template <> struct boost::system::is_error_code_enum<tributary::config::config_errc> : std::true_type {};

namespace tributary::config {

/// One thing that is wrong with the configuration, and where.
struct problem {
    error_code code;
    std::string where;   ///< "tributary.toml:12" or "environment variable TRIBUTARY_SERVER_LISTEN".
    std::string message; ///< "unknown key 'server.lisen'; did you mean 'server.listen'?" Never a secret.

    /// "where: message".
    std::string text() const { return where + ": " + message; }
};

/// Everything that is wrong, in the order of the file and then of the environment; never empty as an error.
struct problems {
    std::vector<problem> all;

    /// One line for each.
    std::string text() const;
};

/// Found by boost::system::result::value().
[[noreturn]] void throw_exception_from_error(const problems& found, const boost::source_location&);

} // namespace tributary::config
