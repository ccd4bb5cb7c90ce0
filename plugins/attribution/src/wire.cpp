#include "wire.hpp"

#include <algorithm>

namespace tributary::attribution {
namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
char to_upper(char c) noexcept {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

int hex_value(char c) noexcept {
    if (is_digit(c))
        return c - '0';
    const char small = to_lower(c);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

} // namespace

std::string lower(std::string_view text) {
    std::string made(text);
    std::ranges::transform(made, made.begin(), to_lower);
    return made;
}

std::string upper(std::string_view text) {
    std::string made(text);
    std::ranges::transform(made, made.begin(), to_upper);
    return made;
}

std::string short_link(std::string_view domain, std::string_view key) {
    std::string made = "https://" + std::string(domain);
    if (key != root_key)
        made += "/" + percent_encode(key, true);
    return made;
}

std::string percent_encode(std::string_view text, bool keep_slash) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string made;
    made.reserve(text.size());
    for (const char c : text) {
        const bool plain = is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~' ||
                           (keep_slash && c == '/');
        if (plain) {
            made += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        made += '%';
        made += digits[byte >> 4];
        made += digits[byte & 15u];
    }
    return made;
}

std::string percent_decode(std::string_view text, bool plus_is_space) {
    std::string made;
    made.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '%' && at + 2 < text.size() && hex_value(text[at + 1]) >= 0 &&
            hex_value(text[at + 2]) >= 0) {
            made += static_cast<char>(hex_value(text[at + 1]) * 16 + hex_value(text[at + 2]));
            at += 2;
        } else {
            made += c == '+' && plus_is_space ? ' ' : c;
        }
    }
    return made;
}

std::string slug(std::string_view text) {
    std::string made;
    for (const char c : text) {
        if (is_letter(c) || is_digit(c))
            made += to_lower(c);
        else if (!made.empty() && made.back() != '-')
            made += '-';
    }
    while (!made.empty() && made.back() == '-')
        made.pop_back();
    return made;
}

} // namespace tributary::attribution
