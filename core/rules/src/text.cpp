#include "text.hpp"

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

namespace tributary::cel {
namespace {

constexpr char32_t replacement = 0xFFFD;

/// A code point as it begins a text: its value and its bytes; zero bytes when none begins there.
struct decoded {
    char32_t code_point = 0;
    std::size_t bytes = 0;
};

/// @source The Unicode Standard, table 3-7, "Well-Formed UTF-8 Byte Sequences".
decoded decode(std::string_view text) noexcept {
    const auto at = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = at(0);
    if (first < 0x80)
        return {first, 1};
    if (first < 0xC2 || first > 0xF4)
        return {};
    const std::size_t bytes = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (text.size() < bytes)
        return {};
    // The second byte's range is what keeps longer forms, surrogates and what is above U+10FFFF out.
    const unsigned char least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned char most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (at(1) < least || at(1) > most)
        return {};
    char32_t code_point = first & (0x7Fu >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((at(i) & 0xC0) != 0x80)
            return {};
        code_point = code_point << 6 | (at(i) & 0x3Fu);
    }
    return {code_point, bytes};
}

} // namespace

bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const std::size_t bytes = decode(text).bytes;
        if (bytes == 0)
            return false;
        text.remove_prefix(bytes);
    }
    return true;
}

char32_t take_code_point(std::string_view& text) noexcept {
    const decoded found = decode(text);
    text.remove_prefix(found.bytes == 0 ? 1 : found.bytes);
    return found.bytes == 0 ? replacement : found.code_point;
}

void append_code_point(std::string& to, char32_t code_point) {
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
        code_point = replacement;
    const auto continuation = [&](int shift) {
        to += static_cast<char>(0x80 | (code_point >> shift & 0x3F));
    };
    if (code_point < 0x80) {
        to += static_cast<char>(code_point);
    } else if (code_point < 0x800) {
        to += static_cast<char>(0xC0 | code_point >> 6);
        continuation(0);
    } else if (code_point < 0x10000) {
        to += static_cast<char>(0xE0 | code_point >> 12);
        continuation(6);
        continuation(0);
    } else {
        to += static_cast<char>(0xF0 | code_point >> 18);
        continuation(12);
        continuation(6);
        continuation(0);
    }
}

std::size_t code_points(std::string_view text) noexcept {
    std::size_t count = 0;
    for (; !text.empty(); ++count)
        take_code_point(text);
    return count;
}

std::size_t find_text(std::string_view in, std::string_view what, std::size_t from) noexcept {
    if (from > in.size())
        return std::string_view::npos;
    if (what.empty())
        return from;
    if (from == in.size())
        return std::string_view::npos;
    const void* found = memmem(in.data() + from, in.size() - from, what.data(), what.size());
    if (found == nullptr)
        return std::string_view::npos;
    return static_cast<std::size_t>(static_cast<const char*>(found) - in.data());
}

std::string double_text(double number) {
    if (std::isnan(number))
        return "NaN";
    if (std::isinf(number))
        return number < 0 ? "-Infinity" : "Infinity";
    // Written out as long as a person reads it: from 0.0001 up to 21 digits.
    const double size = std::abs(number);
    const bool plain = size == 0 || (size >= 1e-4 && size < 1e21);
    char digits[64];
    const auto end = std::to_chars(digits, digits + sizeof digits, number,
                                   plain ? std::chars_format::fixed : std::chars_format::scientific);
    return {digits, end.ptr};
}

} // namespace tributary::cel
