#pragma once

#include <array>
#include <cstddef>
#include <string_view>

/// The character classes and small rules of RFC 9110 and RFC 9112 that both directions share.
///
/// Pure functions; deliberately stricter than the RFCs where they let a recipient choose.
namespace tributary::http::grammar {

namespace detail {

consteval std::array<bool, 256> token_table() {
    std::array<bool, 256> table{};
    for (const char character : std::string_view("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        table[static_cast<unsigned char>(character)] = true;
    return table;
}

/// A field value: tab, space, visible ASCII and obs-text; no other control character (RFC 9110, 5.5).
consteval std::array<bool, 256> value_table() {
    std::array<bool, 256> table{};
    for (std::size_t byte = 0x20; byte < 256; ++byte)
        table[byte] = byte != 0x7f;
    table['\t'] = true;
    return table;
}

/// A request target: visible ASCII without '#', and bytes above it, which sloppy clients send undecoded.
consteval std::array<bool, 256> target_table() {
    std::array<bool, 256> table{};
    for (std::size_t byte = 0x21; byte < 256; ++byte)
        table[byte] = byte != 0x7f && byte != '#';
    return table;
}

inline constexpr auto token = token_table();
inline constexpr auto value = value_table();
inline constexpr auto target = target_table();

constexpr bool all_of(const std::array<bool, 256>& table, std::string_view text) noexcept {
    for (const char character : text) {
        if (!table[static_cast<unsigned char>(character)])
            return false;
    }
    return true;
}

} // namespace detail

constexpr bool is_token(std::string_view text) noexcept {
    return !text.empty() && detail::all_of(detail::token, text);
}

constexpr bool is_field_value(std::string_view text) noexcept {
    return detail::all_of(detail::value, text);
}

constexpr bool is_target(std::string_view text) noexcept {
    return !text.empty() && detail::all_of(detail::target, text);
}

constexpr bool is_digit(char character) noexcept {
    return character >= '0' && character <= '9';
}

/// The value of a hexadecimal digit, or -1.
constexpr int hex_value(char character) noexcept {
    if (is_digit(character))
        return character - '0';
    if (character >= 'a' && character <= 'f')
        return character - 'a' + 10;
    if (character >= 'A' && character <= 'F')
        return character - 'A' + 10;
    return -1;
}

constexpr char lower(char character) noexcept {
    return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a') : character;
}

/// ASCII only, whatever the locale.
constexpr bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept {
    if (left.size() != right.size())
        return false;
    for (std::size_t index = 0; index < left.size(); ++index) {
        if (lower(left[index]) != lower(right[index]))
            return false;
    }
    return true;
}

/// Without optional whitespace (space and tab) at both ends.
constexpr std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

/// Takes the next element, trimmed, off a comma-separated list; elements may be empty.
constexpr std::string_view next_element(std::string_view& list) noexcept {
    const std::size_t comma = list.find(',');
    const std::string_view element = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    return trim(element);
}

/// Splits "Name: value" (without its CRLF). False for whitespace before the colon, a folded line, an empty
/// name or a byte that has no place in a field.
constexpr bool parse_field_line(std::string_view line, std::string_view& name,
                                std::string_view& value) noexcept {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos)
        return false;
    name = line.substr(0, colon);
    value = trim(line.substr(colon + 1));
    return is_token(name) && is_field_value(value);
}

} // namespace tributary::http::grammar
