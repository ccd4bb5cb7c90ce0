#include <tributary/cel/map.hpp>

#include "calling.hpp"
#include "conversions.hpp"
#include "functions.hpp"
#include "pattern.hpp"
#include "text.hpp"

namespace tributary::cel {
namespace {

value size(call_context& with, std::span<const value> arguments) {
    if (arguments.size() != 1)
        return no_such_overload();
    const value& given = arguments[0];
    switch (given.kind()) {
    case value_kind::string:
        if (!with.charge_text(given.as_text().size()))
            return call_context::cost_exhausted();
        return value::int64(static_cast<std::int64_t>(code_points(given.as_text())));
    case value_kind::bytes: return value::int64(static_cast<std::int64_t>(given.as_text().size()));
    case value_kind::list: return value::int64(static_cast<std::int64_t>(given.as_list().size()));
    case value_kind::map: return value::int64(given.as_map().size);
    default: return no_such_overload();
    }
}

value contains(call_context& with, std::span<const value> arguments) {
    if (!takes(arguments, {value_kind::string, value_kind::string}))
        return no_such_overload();
    const std::string_view text = arguments[0].as_text();
    const std::string_view part = arguments[1].as_text();
    if (!with.charge_text(text.size() + part.size()))
        return call_context::cost_exhausted();
    return value::boolean(find_text(text, part) != std::string_view::npos);
}

value starts_with(call_context& with, std::span<const value> arguments) {
    if (!takes(arguments, {value_kind::string, value_kind::string}))
        return no_such_overload();
    if (!with.charge_text(arguments[1].as_text().size()))
        return call_context::cost_exhausted();
    return value::boolean(arguments[0].as_text().starts_with(arguments[1].as_text()));
}

value ends_with(call_context& with, std::span<const value> arguments) {
    if (!takes(arguments, {value_kind::string, value_kind::string}))
        return no_such_overload();
    if (!with.charge_text(arguments[1].as_text().size()))
        return call_context::cost_exhausted();
    return value::boolean(arguments[0].as_text().ends_with(arguments[1].as_text()));
}

value type_of(call_context&, std::span<const value> arguments) {
    if (arguments.size() != 1)
        return no_such_overload();
    return value::type(type_name(arguments[0].kind()));
}

value dyn(call_context&, std::span<const value> arguments) {
    return arguments.size() == 1 ? arguments[0] : no_such_overload();
}

} // namespace

void add_standard_functions(std::vector<function_declaration>& into) {
    const type text = type::string();
    const type element = type::parameter("T");
    function_declaration sizes{"size", {}, size};
    for (const type& each :
         {text, type::bytes(), type::list(element), type::map(element, type::parameter("V"))})
        for (const bool member : {false, true})
            sizes.overloads.push_back({{each}, type::int64(), member});
    into.push_back(std::move(sizes));

    const overload asks = {{text, text}, type::boolean(), true};
    into.push_back({"contains", {asks}, contains});
    into.push_back({"startsWith", {asks}, starts_with});
    into.push_back({"endsWith", {asks}, ends_with});

    function_declaration patterns{"matches", {asks, {{text, text}, type::boolean(), false}}, matches};
    patterns.literals = {{}, {read_pattern, false}};
    into.push_back(std::move(patterns));

    into.push_back({"type", {{{element}, type::type_of(element)}}, type_of});
    into.push_back({"dyn", {{{type::dyn()}, type::dyn()}}, dyn});
    add_conversions(into);
}

} // namespace tributary::cel
