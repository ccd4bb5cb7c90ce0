#pragma once

#include <tributary/config/configuration.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tributary::config {

enum class option_kind {
    integer,
    size,     ///< Bytes: 4096, "64KiB", "1MiB", "10MB".
    duration, ///< A number with a unit: "500ms", "10s".
    choice,   ///< One of a few words.
    path,
    address,  ///< "127.0.0.1:8080", "[::1]:8080".
    url,      ///< http or https, without query and fragment.
    secret,   ///< Text that is never shown.
    paths,    ///< List of paths.
    networks, ///< List of addresses and CIDR blocks.
    names,    ///< List of plugins' short names.
};

/// A checked value, as the table of options passes it around: integers (also of choices, by position), text,
/// lists.
using setting_value = std::variant<std::int64_t, std::string, std::vector<std::string>>;

/// One key of the configuration. From this table come the names of the environment variables, the search for
/// the nearest key, --print-config and docs/reference/configuration.md, so that they cannot drift apart.
struct option_info {
    std::string_view key; ///< "server.listen": section and name.
    option_kind kind;
    std::string_view description; ///< One sentence in Markdown.
    /// Of integers, sizes (bytes) and durations (in `unit_us`); of text and lists, the number of characters
    /// or elements.
    std::int64_t minimum = 0;
    std::int64_t maximum = 0;
    std::int64_t unit_us = 0;                    ///< What a duration counts, in microseconds.
    std::span<const std::string_view> choices{}; ///< Of a choice.

    /// Writes a checked value into the member that belongs to the key, and reads it there.
    void (*store)(configuration& into, setting_value value) = nullptr;
    setting_value (*load)(const configuration& from) = nullptr;

    std::string_view section() const { return key.substr(0, key.find('.')); }
    std::string_view name() const { return key.substr(key.find('.') + 1); }
    bool secret() const { return kind == option_kind::secret; }
};

/// All options, sections together, in the order in which they are shown. Static data.
std::span<const option_info> options();

/// nullptr when there is no such key.
const option_info* find_option(std::string_view key);

/// "TRIBUTARY_SERVER_LISTEN" for "server.listen".
std::string environment_name(std::string_view key);

/// A value as TOML: `"127.0.0.1:8080"`, `"10s"`, `["a", "b"]`. Secrets too: for values that may be shown
/// only.
std::string toml_text(const option_info& option, const setting_value& value);

/// What the value may be, in Markdown: "1 to 256", "`full` or `relaxed`".
std::string allowed_text(const option_info& option);

/// Number of insertions, deletions, replacements and swaps of neighbours between the two.
std::size_t edit_distance(std::string_view left, std::string_view right);

/// The one of `candidates` that a person who wrote `text` most probably meant; empty when none is near.
std::string_view nearest(std::string_view text, std::span<const std::string_view> candidates);

} // namespace tributary::config
