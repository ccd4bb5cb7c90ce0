#include <algorithm>
#include <cstring>

#include "calling.hpp"
#include "format.hpp"
#include "functions.hpp"
#include "pieces.hpp"
#include "text.hpp"

namespace tributary::cel {
namespace {

constexpr value_kind text_kind = value_kind::string;
constexpr value_kind int_kind = value_kind::int64;

value bad_index(call_context& with, std::int64_t index, std::string_view text) {
    return with.fail(evaluation_errc::index_out_of_range,
                     "index " + std::to_string(index) + " in a text of " + std::to_string(code_points(text)) +
                         " characters");
}

/// Where a code point begins, in bytes; the end of the text for its length. @return false for an index before
/// or behind.
bool byte_of(std::string_view text, std::int64_t index, std::size_t& byte) noexcept {
    if (index < 0)
        return false;
    std::string_view rest = text;
    for (; index > 0 && !rest.empty(); --index)
        take_code_point(rest);
    byte = text.size() - rest.size();
    return index == 0;
}

value char_at(call_context& with, std::span<const value> arguments) {
    if (!takes(arguments, {text_kind, int_kind}))
        return no_such_overload();
    const std::string_view text = arguments[0].as_text();
    if (!with.charge_text(text.size()))
        return call_context::cost_exhausted();
    std::size_t begin = 0;
    if (!byte_of(text, arguments[1].as_int64(), begin))
        return bad_index(with, arguments[1].as_int64(), text);
    std::string_view rest = text.substr(begin);
    if (!rest.empty())
        take_code_point(rest);
    return value::string(text.substr(begin, text.size() - rest.size() - begin));
}

value index_of(call_context& with, std::span<const value> arguments) {
    const bool from_start = takes(arguments, {text_kind, text_kind});
    if (!from_start && !takes(arguments, {text_kind, text_kind, int_kind}))
        return no_such_overload();
    const std::string_view text = arguments[0].as_text();
    const std::string_view part = arguments[1].as_text();
    if (!with.charge_text(2 * text.size() + part.size()))
        return call_context::cost_exhausted();
    std::size_t from = 0;
    if (!from_start && !byte_of(text, arguments[2].as_int64(), from))
        return bad_index(with, arguments[2].as_int64(), text);
    const std::size_t found = find_text(text, part, from);
    if (found == std::string_view::npos)
        return value::int64(-1);
    return value::int64(static_cast<std::int64_t>(code_points(text.substr(0, found))));
}

value last_index_of(call_context& with, std::span<const value> arguments) {
    const bool from_end = takes(arguments, {text_kind, text_kind});
    if (!from_end && !takes(arguments, {text_kind, text_kind, int_kind}))
        return no_such_overload();
    const std::string_view text = arguments[0].as_text();
    const std::string_view part = arguments[1].as_text();
    // There is no search backwards that takes linear time: what it may take in the worst case is charged.
    if (!with.charge_text(2 * text.size() + part.size()) ||
        !with.charge(text.size() / 16 * (part.size() / 16)))
        return call_context::cost_exhausted();
    std::size_t from = text.size();
    if (!from_end && !byte_of(text, arguments[2].as_int64(), from))
        return bad_index(with, arguments[2].as_int64(), text);
    const std::size_t found = text.rfind(part, from);
    if (found == std::string_view::npos)
        return value::int64(-1);
    return value::int64(static_cast<std::int64_t>(code_points(text.substr(0, found))));
}

value substring(call_context& with, std::span<const value> arguments) {
    const bool to_end = takes(arguments, {text_kind, int_kind});
    if (!to_end && !takes(arguments, {text_kind, int_kind, int_kind}))
        return no_such_overload();
    const std::string_view text = arguments[0].as_text();
    if (!with.charge_text(text.size()))
        return call_context::cost_exhausted();
    std::size_t begin = 0;
    std::size_t end = text.size();
    if (!byte_of(text, arguments[1].as_int64(), begin))
        return bad_index(with, arguments[1].as_int64(), text);
    if (!to_end && !byte_of(text, arguments[2].as_int64(), end))
        return bad_index(with, arguments[2].as_int64(), text);
    if (end < begin)
        return with.fail(evaluation_errc::index_out_of_range,
                         "a part from " + std::to_string(arguments[1].as_int64()) + " to " +
                             std::to_string(arguments[2].as_int64()) + " ends before it begins");
    return value::string(text.substr(begin, end - begin));
}

/// The text with each byte changed; no byte changes the length.
template <class Change> value changed(call_context& with, std::span<const value> arguments, Change change) {
    if (!takes(arguments, {text_kind}))
        return no_such_overload();
    const std::string_view text = arguments[0].as_text();
    if (!with.charge_text(2 * text.size()))
        return call_context::cost_exhausted();
    char* const place = text_place(with, text.size());
    if (place == nullptr)
        return call_context::memory_exhausted();
    std::transform(text.begin(), text.end(), place, change);
    return value::string({place, text.size()});
}

value lower_ascii(call_context& with, std::span<const value> arguments) {
    return changed(with, arguments, [](char each) {
        return each >= 'A' && each <= 'Z' ? static_cast<char>(each + 32) : each;
    });
}

value upper_ascii(call_context& with, std::span<const value> arguments) {
    return changed(with, arguments, [](char each) {
        return each >= 'a' && each <= 'z' ? static_cast<char>(each - 32) : each;
    });
}

value reverse(call_context& with, std::span<const value> arguments) {
    if (!takes(arguments, {text_kind}))
        return no_such_overload();
    std::string_view rest = arguments[0].as_text();
    const std::size_t bytes = rest.size();
    if (!with.charge_text(2 * bytes))
        return call_context::cost_exhausted();
    char* const place = text_place(with, bytes);
    if (place == nullptr)
        return call_context::memory_exhausted();
    for (char* end = place + bytes; !rest.empty();) {
        const std::string_view before = rest;
        take_code_point(rest);
        const std::size_t taken = before.size() - rest.size();
        end -= taken;
        std::memcpy(end, before.data(), taken);
    }
    return value::string({place, bytes});
}

/// @source The Unicode Standard, property White_Space; zero-width spaces do not have it.
bool is_space(char32_t code_point) noexcept {
    return (code_point >= 0x09 && code_point <= 0x0D) || code_point == 0x20 || code_point == 0x85 ||
           code_point == 0xA0 || code_point == 0x1680 || (code_point >= 0x2000 && code_point <= 0x200A) ||
           code_point == 0x2028 || code_point == 0x2029 || code_point == 0x202F || code_point == 0x205F ||
           code_point == 0x3000;
}

value trim(call_context& with, std::span<const value> arguments) {
    if (!takes(arguments, {text_kind}))
        return no_such_overload();
    const std::string_view text = arguments[0].as_text();
    if (!with.charge_text(text.size()))
        return call_context::cost_exhausted();
    std::size_t begin = text.size();
    std::size_t end = text.size();
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t at = text.size() - rest.size();
        if (is_space(take_code_point(rest)))
            continue;
        begin = std::min(begin, at);
        end = text.size() - rest.size();
    }
    return value::string(text.substr(begin, end - begin));
}

value quote(call_context& with, std::span<const value> arguments) {
    if (!takes(arguments, {text_kind}))
        return no_such_overload();
    std::string_view rest = arguments[0].as_text();
    // At most three bytes come out for one that goes in: U+FFFD for each that is no UTF-8.
    if (!with.charge_text(4 * rest.size()))
        return call_context::cost_exhausted();
    if (rest.size() > with.limits().memory_bytes)
        return call_context::memory_exhausted();
    constexpr std::string_view special = "\a\b\f\n\r\t\v\\\"";
    constexpr std::string_view escapes = "abfnrtv\\\"";
    std::string made = "\"";
    while (!rest.empty()) {
        const char32_t next = take_code_point(rest);
        const std::size_t at = next < 0x80 ? special.find(static_cast<char>(next)) : std::string_view::npos;
        if (at == std::string_view::npos)
            append_code_point(made, next);
        else
            (made += '\\') += escapes[at];
    }
    return with.copy_string(made += '"');
}

} // namespace

void add_string_functions(std::vector<function_declaration>& into) {
    const type text = type::string();
    const type whole = type::int64();
    const type texts = type::list(text);
    const auto member = [&](std::string name, const type& result, std::vector<std::vector<type>> signatures,
                            function implementation) {
        function_declaration made;
        made.name = std::move(name);
        for (auto& each : signatures)
            made.overloads.push_back({std::move(each), result, true});
        made.implementation = implementation;
        into.push_back(std::move(made));
    };
    member("charAt", text, {{text, whole}}, char_at);
    member("indexOf", whole, {{text, text}, {text, text, whole}}, index_of);
    member("lastIndexOf", whole, {{text, text}, {text, text, whole}}, last_index_of);
    member("lowerAscii", text, {{text}}, lower_ascii);
    member("upperAscii", text, {{text}}, upper_ascii);
    member("reverse", text, {{text}}, reverse);
    member("substring", text, {{text, whole}, {text, whole, whole}}, substring);
    member("trim", text, {{text}}, trim);
    member("replace", text, {{text, text, text}, {text, text, text, whole}}, replace);
    member("split", texts, {{text, text}, {text, text, whole}}, split);
    member("join", text, {{texts}, {texts, text}}, join);
    member("format", text, {{text, type::list(type::dyn())}}, format);
    into.push_back({"strings.quote", {{{text}, text}}, quote});
}

} // namespace tributary::cel
