#include "conversions.hpp"

#include <charconv>
#include <optional>

#include "calling.hpp"
#include "text.hpp"
#include "time.hpp"

namespace tributary::cel {
namespace {

constexpr double two_to_63 = 9223372036854775808.0;
constexpr double two_to_64 = 18446744073709551616.0;

value out_of_range(call_context& with, const value& given, std::string_view type) {
    const std::string number = given.is(value_kind::float64)  ? double_text(given.as_float64())
                               : given.is(value_kind::uint64) ? std::to_string(given.as_uint64())
                                                              : std::to_string(given.as_int64());
    return with.fail(evaluation_errc::overflow, number + " is outside the range of " + std::string(type));
}

value not_a(call_context& with, std::string_view text, std::string_view what) {
    return with.fail(evaluation_errc::invalid_argument, quoted(text) + " is not " + std::string(what));
}

/// Reads the whole of a text as a number. from_chars knows no plus sign; one is taken off for signed numbers.
template <class Number>
value read_number(call_context& with, std::string_view text, std::string_view type, value (*made)(Number)) {
    if (!with.charge_text(text.size()))
        return call_context::cost_exhausted();
    std::string_view digits = text;
    if (std::is_signed_v<Number> && digits.size() > 1 && digits[0] == '+' && digits[1] != '-')
        digits.remove_prefix(1);
    // "nan(1)" is a number to from_chars, and to nobody else.
    const bool odd = digits.find('(') != std::string_view::npos;
    Number number{};
    const char* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, number);
    if (odd || read.ec == std::errc::invalid_argument || read.ptr != end)
        return not_a(with, text, std::string(type) == "int" ? "an int" : "a " + std::string(type));
    if (read.ec == std::errc::result_out_of_range)
        return with.fail(evaluation_errc::overflow,
                         quoted(text) + " is outside the range of " + std::string(type));
    return made(number);
}

value to_int(call_context& with, std::span<const value> arguments) {
    if (arguments.size() != 1)
        return no_such_overload();
    const value& given = arguments[0];
    switch (given.kind()) {
    case value_kind::int64: return given;
    case value_kind::uint64:
        if (given.as_uint64() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return out_of_range(with, given, "int");
        return value::int64(static_cast<std::int64_t>(given.as_uint64()));
    case value_kind::float64:
        // The least int is left out: a double that is it may have been rounded to it.
        if (!(given.as_float64() > -two_to_63 && given.as_float64() < two_to_63))
            return out_of_range(with, given, "int");
        return value::int64(static_cast<std::int64_t>(given.as_float64()));
    case value_kind::string: return read_number<std::int64_t>(with, given.as_text(), "int", value::int64);
    case value_kind::timestamp: return value::int64(given.seconds());
    default: return no_such_overload();
    }
}

value to_uint(call_context& with, std::span<const value> arguments) {
    if (arguments.size() != 1)
        return no_such_overload();
    const value& given = arguments[0];
    switch (given.kind()) {
    case value_kind::uint64: return given;
    case value_kind::int64:
        if (given.as_int64() < 0)
            return out_of_range(with, given, "uint");
        return value::uint64(static_cast<std::uint64_t>(given.as_int64()));
    case value_kind::float64:
        if (!(given.as_float64() >= 0 && given.as_float64() < two_to_64))
            return out_of_range(with, given, "uint");
        return value::uint64(static_cast<std::uint64_t>(given.as_float64()));
    case value_kind::string: return read_number<std::uint64_t>(with, given.as_text(), "uint", value::uint64);
    default: return no_such_overload();
    }
}

value to_double(call_context& with, std::span<const value> arguments) {
    if (arguments.size() != 1)
        return no_such_overload();
    const value& given = arguments[0];
    switch (given.kind()) {
    case value_kind::float64: return given;
    case value_kind::int64: return value::float64(static_cast<double>(given.as_int64()));
    case value_kind::uint64: return value::float64(static_cast<double>(given.as_uint64()));
    case value_kind::string: return read_number<double>(with, given.as_text(), "double", value::float64);
    default: return no_such_overload();
    }
}

value to_string(call_context& with, std::span<const value> arguments) {
    if (arguments.size() != 1)
        return no_such_overload();
    const value& given = arguments[0];
    switch (given.kind()) {
    case value_kind::string: return given;
    case value_kind::boolean: return value::string(given.as_boolean() ? "true" : "false");
    case value_kind::int64: return with.copy_string(std::to_string(given.as_int64()));
    case value_kind::uint64: return with.copy_string(std::to_string(given.as_uint64()));
    case value_kind::float64: return with.copy_string(double_text(given.as_float64()));
    case value_kind::bytes:
        if (!with.charge_text(given.as_text().size()))
            return call_context::cost_exhausted();
        if (!is_utf8(given.as_text()))
            return value::error(evaluation_errc::invalid_utf8);
        return value::string(given.as_text());
    case value_kind::timestamp: return with.copy_string(timestamp_text(given));
    case value_kind::duration: return with.copy_string(duration_text(given));
    default: return no_such_overload();
    }
}

value to_bytes(call_context&, std::span<const value> arguments) {
    if (takes(arguments, {value_kind::bytes}))
        return arguments[0];
    if (takes(arguments, {value_kind::string}))
        return value::bytes(arguments[0].as_text());
    return no_such_overload();
}

value to_bool(call_context& with, std::span<const value> arguments) {
    if (takes(arguments, {value_kind::boolean}))
        return arguments[0];
    if (!takes(arguments, {value_kind::string}))
        return no_such_overload();
    const std::string_view text = arguments[0].as_text();
    for (const std::string_view yes : {"1", "t", "true", "TRUE", "True"})
        if (text == yes)
            return value::boolean(true);
    for (const std::string_view no : {"0", "f", "false", "FALSE", "False"})
        if (text == no)
            return value::boolean(false);
    return not_a(with, text, "a bool");
}

value to_timestamp(call_context& with, std::span<const value> arguments) {
    if (takes(arguments, {value_kind::timestamp}))
        return arguments[0];
    if (takes(arguments, {value_kind::int64})) {
        const auto made = make_timestamp(arguments[0].as_int64(), 0);
        return made ? *made : out_of_range(with, arguments[0], "timestamps");
    }
    if (!takes(arguments, {value_kind::string}))
        return no_such_overload();
    const auto made = parse_timestamp(arguments[0].as_text());
    return made ? *made : not_a(with, arguments[0].as_text(), "a timestamp such as '2024-02-29T12:00:00Z'");
}

value to_duration(call_context& with, std::span<const value> arguments) {
    if (takes(arguments, {value_kind::duration}))
        return arguments[0];
    if (!takes(arguments, {value_kind::string}))
        return no_such_overload();
    if (!with.charge_text(arguments[0].as_text().size()))
        return call_context::cost_exhausted();
    const auto made = parse_duration(arguments[0].as_text());
    return made ? *made : not_a(with, arguments[0].as_text(), "a duration such as '1h30m'");
}

/// A literal that is none is refused when compiled.
template <value (*Convert)(call_context&, std::span<const value>)>
value read_literal(call_context& with, std::string_view text) {
    const value given = value::string(text);
    return Convert(with, {&given, 1});
}

} // namespace

void add_conversions(std::vector<function_declaration>& into) {
    const auto add = [&](std::string name, const type& result, const std::vector<type>& from,
                         function implementation) {
        function_declaration made;
        made.name = std::move(name);
        for (const type& each : from)
            made.overloads.push_back({{each}, result});
        made.implementation = implementation;
        into.push_back(std::move(made));
    };
    const type text = type::string();
    const type whole = type::int64();
    add("bool", type::boolean(), {type::boolean(), text}, to_bool);
    add("bytes", type::bytes(), {type::bytes(), text}, to_bytes);
    add("double", type::float64(), {type::float64(), whole, type::uint64(), text}, to_double);
    add("duration", type::duration(), {type::duration(), text}, to_duration);
    into.back().literals = {{read_literal<to_duration>, false}};
    add("int", whole, {whole, type::uint64(), type::float64(), text, type::timestamp()}, to_int);
    add("string", text,
        {text, type::boolean(), type::bytes(), whole, type::uint64(), type::float64(), type::timestamp(),
         type::duration()},
        to_string);
    add("timestamp", type::timestamp(), {type::timestamp(), text, whole}, to_timestamp);
    into.back().literals = {{read_literal<to_timestamp>, false}};
    add("uint", type::uint64(), {type::uint64(), whole, type::float64(), text}, to_uint);
}

} // namespace tributary::cel
