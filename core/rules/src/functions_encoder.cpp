#include <algorithm>

#include "calling.hpp"
#include "functions.hpp"

namespace tributary::cel {
namespace {

/// @source RFC 4648, section 4.
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

value encode(call_context& with, std::span<const value> arguments) {
    if (!takes(arguments, {value_kind::bytes}))
        return no_such_overload();
    const std::string_view octets = arguments[0].as_text();
    const std::size_t size = (octets.size() + 2) / 3 * 4;
    if (!with.charge_text(octets.size() + size))
        return call_context::cost_exhausted();
    char* const place = text_place(with, size);
    if (place == nullptr)
        return call_context::memory_exhausted();
    char* to = place;
    for (std::size_t at = 0; at < octets.size(); at += 3) {
        std::uint32_t group = 0;
        const std::size_t count = std::min<std::size_t>(3, octets.size() - at);
        for (std::size_t i = 0; i < 3; ++i)
            group = group << 8 | (i < count ? static_cast<unsigned char>(octets[at + i]) : 0u);
        for (std::size_t i = 0; i < 4; ++i)
            *to++ = i <= count ? alphabet[group >> (18 - 6 * i) & 63] : '=';
    }
    return value::string({place, size});
}

value refused(call_context& with, std::string_view text) {
    return with.fail(evaluation_errc::invalid_argument, quoted(text) + " is not base64");
}

value decode(call_context& with, std::span<const value> arguments) {
    if (!takes(arguments, {value_kind::string}))
        return no_such_overload();
    const std::string_view text = arguments[0].as_text();
    if (!with.charge_text(2 * text.size()))
        return call_context::cost_exhausted();
    // Padding may be left out, but what is there has to fill up the last group.
    std::string_view digits = text;
    while (digits.ends_with('=') && text.size() - digits.size() < 2)
        digits.remove_suffix(1);
    if (digits.size() % 4 == 1 || (digits.size() != text.size() && text.size() % 4 != 0))
        return refused(with, text);
    const std::size_t size = digits.size() / 4 * 3 + digits.size() % 4 * 3 / 4;
    char* const place = text_place(with, size);
    if (place == nullptr)
        return call_context::memory_exhausted();
    char* to = place;
    std::uint32_t bits = 0; // Those that no octet took yet, and above them some that one did.
    unsigned count = 0;
    for (const char each : digits) {
        const std::size_t digit = alphabet.find(each);
        if (digit == std::string_view::npos)
            return refused(with, text);
        bits = bits << 6 | static_cast<std::uint32_t>(digit);
        count += 6;
        if (count >= 8) {
            count -= 8;
            *to++ = static_cast<char>(bits >> count & 0xFF);
        }
    }
    if ((bits & ((1u << count) - 1)) != 0)
        return refused(with, text); // Two texts would have the same octets.
    return value::bytes({place, size});
}

} // namespace

void add_encoder_functions(std::vector<function_declaration>& into) {
    into.push_back({"base64.encode", {{{type::bytes()}, type::string()}}, encode});
    into.push_back({"base64.decode", {{{type::string()}, type::bytes()}}, decode});
}

} // namespace tributary::cel
