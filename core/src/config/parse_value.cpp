#include "config/parse_value.hpp"

#include <tributary/config/errors.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

#include "config/address.hpp"
#include "config/units.hpp"

namespace tributary::config {
namespace {

failure wrong(const option_info& option, config_errc code, std::string_view what) {
    return {code, "'" + std::string(option.key) + "' " + std::string(what)};
}

failure wrong_type(const option_info& option, const given_value& given, std::string_view expected) {
    return wrong(option, config_errc::wrong_type,
                 "must be " + std::string(expected) + ", not " + std::string(given.type_name));
}

/// The words of a parser, with the key and the value put before them.
failure explained(const option_info& option, std::string_view text, const failure& why) {
    failure out = wrong(option, config_errc::malformed, "is " + in_quotes(text) + ": " + why.detail);
    out.code = why.code;
    return out;
}

/// What is allowed, without the marks of Markdown.
std::string allowed_words(const option_info& option) {
    std::string out = allowed_text(option);
    std::erase(out, '`');
    return out;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || failed != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

result<setting_value> in_range(const option_info& option, std::int64_t value) {
    if (value < option.minimum || value > option.maximum)
        return wrong(option, config_errc::out_of_range,
                     "must be " + allowed_words(option) + ", not " + toml_text(option, value));
    return value;
}

result<setting_value> parse_number(const option_info& option, const given_value& given) {
    if (const auto* number = std::get_if<std::int64_t>(&given.value);
        number && option.kind != option_kind::duration)
        return in_range(option, *number);
    const auto* text = std::get_if<std::string>(&given.value);
    if (option.kind == option_kind::integer) {
        if (!text || !given.untyped)
            return wrong_type(option, given, "a whole number");
        const auto number = whole_number(*text);
        if (!number)
            return wrong(option, config_errc::malformed,
                         "is " + in_quotes(*text) + ": expected a whole number");
        return in_range(option, *number);
    }
    const bool size = option.kind == option_kind::size;
    if (!text)
        return wrong_type(option, given,
                          size ? "a size, such as \"1MiB\"" : "a duration with its unit, such as \"10s\"");
    const auto parsed = size ? parse_size(*text) : parse_duration(*text, option.unit_us);
    if (!parsed)
        return explained(option, *text, parsed.error());
    return in_range(option, *parsed);
}

result<setting_value> parse_choice(const option_info& option, const std::string& text) {
    const auto found = std::ranges::find(option.choices, text);
    if (found == option.choices.end())
        return wrong(option, config_errc::malformed,
                     "must be " + allowed_words(option) + ", not " + in_quotes(text));
    return option.minimum + (found - option.choices.begin());
}

result<setting_value> parse_text(const option_info& option, const std::string& text) {
    if (option.kind == option_kind::choice)
        return parse_choice(option, text);
    // A path ends at its first zero byte, wherever the rest of the text goes on.
    if (text.find('\0') != std::string::npos)
        return wrong(option, config_errc::malformed, "contains a zero byte");
    if (option.kind == option_kind::address) {
        const auto parsed = parse_listen_address(text);
        if (!parsed)
            return explained(option, text, parsed.error());
        return parsed->text();
    }
    const auto length = static_cast<std::int64_t>(text.size());
    if (length < option.minimum)
        return wrong(option, config_errc::out_of_range, "must not be empty");
    if (length > option.maximum)
        return wrong(option, config_errc::out_of_range,
                     "is longer than " + std::to_string(option.maximum) + " characters");
    if (option.kind == option_kind::url && !text.empty()) {
        auto parsed = parse_public_url(text);
        if (!parsed)
            return explained(option, text, parsed.error());
        return std::move(*parsed);
    }
    return text;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t from = text.find_first_not_of(" \t");
    if (from == std::string_view::npos)
        return {};
    return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

std::vector<std::string> split_at_commas(std::string_view text) {
    std::vector<std::string> out;
    if (trimmed(text).empty())
        return out;
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t comma = std::min(text.find(',', from), text.size());
        out.emplace_back(trimmed(text.substr(from, comma - from)));
        from = comma + 1;
    }
    return out;
}

result<void> check_element(const option_info& option, const std::string& element) {
    std::string_view expected;
    if (option.kind == option_kind::networks && !is_network(element))
        expected = "expected an address or a CIDR block, such as \"10.0.0.0/8\"";
    else if (option.kind == option_kind::names && !is_plugin_name(element))
        expected = "expected a plugin's short name, such as \"acme\"";
    else if (element.empty() || element.find('\0') != std::string::npos)
        expected = "expected a path";
    if (expected.empty())
        return {};
    return wrong(option, config_errc::malformed,
                 "contains " + in_quotes(element) + ": " + std::string(expected));
}

result<setting_value> parse_list(const option_info& option, std::vector<std::string> elements) {
    if (static_cast<std::int64_t>(elements.size()) > option.maximum)
        return wrong(option, config_errc::out_of_range,
                     "has more than " + std::to_string(option.maximum) + " elements");
    for (std::size_t index = 0; index < elements.size(); ++index) {
        TRIBUTARY_TRY(check_element(option, elements[index]));
        if (std::find(elements.begin(), elements.begin() + static_cast<std::ptrdiff_t>(index),
                      elements[index]) != elements.begin() + static_cast<std::ptrdiff_t>(index))
            return wrong(option, config_errc::malformed, "contains " + in_quotes(elements[index]) + " twice");
    }
    return elements;
}

} // namespace

result<setting_value> parse_value(const option_info& option, const given_value& given) {
    switch (option.kind) {
    case option_kind::integer:
    case option_kind::size:
    case option_kind::duration: return parse_number(option, given);
    case option_kind::paths:
    case option_kind::networks:
    case option_kind::names:
        if (const auto* list = std::get_if<std::vector<std::string>>(&given.value))
            return parse_list(option, *list);
        if (const auto* text = std::get_if<std::string>(&given.value); text && given.untyped)
            return parse_list(option, split_at_commas(*text));
        return wrong_type(option, given, "a list of text");
    case option_kind::choice:
    case option_kind::path:
    case option_kind::address:
    case option_kind::url:
    case option_kind::secret: break;
    }
    if (const auto* text = std::get_if<std::string>(&given.value))
        return parse_text(option, *text);
    return wrong_type(option, given, "text");
}

} // namespace tributary::config
