#include <tributary/cel/map.hpp>

#include "calling.hpp"
#include "functions.hpp"

namespace tributary::cel {
namespace {

constexpr value_kind optional_kind = value_kind::optional;

value of(call_context& with, std::span<const value> arguments) {
    return arguments.size() == 1 ? with.some(arguments[0]) : no_such_overload();
}

value none(call_context&, std::span<const value> arguments) {
    return arguments.empty() ? value::optional(nullptr) : no_such_overload();
}

/// What a type has when nothing was said: null, false, zero, nothing in it.
bool is_zero(const value& given) noexcept {
    switch (given.kind()) {
    case value_kind::null: return true;
    case value_kind::boolean: return !given.as_boolean();
    case value_kind::int64: return given.as_int64() == 0;
    case value_kind::uint64: return given.as_uint64() == 0;
    case value_kind::float64: return given.as_float64() == 0;
    case value_kind::string:
    case value_kind::bytes: return given.as_text().empty();
    case value_kind::list: return given.as_list().empty();
    case value_kind::map: return given.as_map().size == 0;
    case value_kind::timestamp: return given.seconds() == 0 && given.nanoseconds() == 0;
    case value_kind::duration: return given.as_duration() == 0;
    case value_kind::optional: return given.as_optional() == nullptr;
    case value_kind::rate: return given.rate_digits() == 0;
    default: return false;
    }
}

value of_non_zero_value(call_context& with, std::span<const value> arguments) {
    if (arguments.size() != 1)
        return no_such_overload();
    return is_zero(arguments[0]) ? value::optional(nullptr) : with.some(arguments[0]);
}

value has_value(call_context&, std::span<const value> arguments) {
    if (!takes(arguments, {optional_kind}))
        return no_such_overload();
    return value::boolean(arguments[0].as_optional() != nullptr);
}

value value_of(call_context&, std::span<const value> arguments) {
    if (!takes(arguments, {optional_kind}))
        return no_such_overload();
    const value* inner = arguments[0].as_optional();
    return inner == nullptr ? value::error(evaluation_errc::no_value) : *inner;
}

value or_other(call_context&, std::span<const value> arguments) {
    if (!takes(arguments, {optional_kind, optional_kind}))
        return no_such_overload();
    return arguments[0].as_optional() == nullptr ? arguments[1] : arguments[0];
}

value or_value(call_context&, std::span<const value> arguments) {
    if (arguments.size() != 2 || !arguments[0].is(optional_kind))
        return no_such_overload();
    const value* inner = arguments[0].as_optional();
    return inner == nullptr ? arguments[1] : *inner;
}

/// A view of one element: the list lives as long as the result.
value first(call_context&, std::span<const value> arguments) {
    if (!takes(arguments, {value_kind::list}))
        return no_such_overload();
    const list_view elements = arguments[0].as_list();
    return value::optional(elements.empty() ? nullptr : &elements.front());
}

value last(call_context&, std::span<const value> arguments) {
    if (!takes(arguments, {value_kind::list}))
        return no_such_overload();
    const list_view elements = arguments[0].as_list();
    return value::optional(elements.empty() ? nullptr : &elements.back());
}

/// The values of the optionals that have one.
value unwrap(call_context& with, std::span<const value> arguments) {
    if (!takes(arguments, {value_kind::list}))
        return no_such_overload();
    const list_view given = arguments[0].as_list();
    if (!with.charge(given.size()))
        return call_context::cost_exhausted();
    std::size_t count = 0;
    for (const value& each : given) {
        if (!each.is(optional_kind))
            return no_such_overload();
        count += each.as_optional() != nullptr ? 1 : 0;
    }
    if (count > with.limits().elements)
        return value::error(evaluation_errc::list_limit);
    const std::span<value> made = with.memory().make_array<value>(count);
    if (count > 0 && made.data() == nullptr)
        return call_context::memory_exhausted();
    std::size_t at = 0;
    for (const value& each : given)
        if (each.as_optional() != nullptr)
            made[at++] = *each.as_optional();
    return value::list(made);
}

} // namespace

void add_optional_functions(std::vector<function_declaration>& into) {
    const type inner = type::parameter("T");
    const type maybe = type::optional(inner);
    const type several = type::list(inner);
    into.push_back({"optional.of", {{{inner}, maybe}}, of});
    into.push_back({"optional.none", {{{}, maybe}}, none});
    into.push_back({"optional.ofNonZeroValue", {{{inner}, maybe}}, of_non_zero_value});
    into.push_back({"optional.unwrap", {{{type::list(maybe)}, several}}, unwrap});
    into.push_back({"unwrapOpt", {{{type::list(maybe)}, several, true}}, unwrap});
    into.push_back({"hasValue", {{{maybe}, type::boolean(), true}}, has_value});
    into.push_back({"value", {{{maybe}, inner, true}}, value_of});
    into.push_back({"or", {{{maybe, maybe}, maybe, true}}, or_other});
    into.push_back({"orValue", {{{maybe, inner}, inner, true}}, or_value});
    into.push_back({"first", {{{several}, maybe, true}}, first});
    into.push_back({"last", {{{several}, maybe, true}}, last});
}

} // namespace tributary::cel
