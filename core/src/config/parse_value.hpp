#pragma once

#include <tributary/base/result.hpp>
#include <tributary/config/options.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tributary::config {

/// A value as it was given, before it is held against its option.
struct given_value {
    /// Nothing: of a type that no option has; then type_name says which.
    std::variant<std::monostate, std::int64_t, std::string, std::vector<std::string>> value;
    std::string_view type_name; ///< For messages: "a number", "text", "a list", "a boolean".
    /// From the environment, where everything is text: numbers are read from it, lists are split at commas.
    bool untyped = false;
};

/// Checks a value and brings it into its one form. The detail of a failure starts with the key and never
/// quotes a secret. @errors wrong_type, malformed, out_of_range.
result<setting_value> parse_value(const option_info& option, const given_value& given);

/// Text in quotes, escaped so that both TOML and JSON read it.
std::string in_quotes(std::string_view text);

} // namespace tributary::config
