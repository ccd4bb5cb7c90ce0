#include "loop_steps.hpp"

#include "operators.hpp"

namespace tributary::cel {
namespace {

std::size_t size_of(const value& range) noexcept {
    return range.is(value_kind::list) ? range.as_list().size() : range.as_map().size;
}

bool gathers(loop_kind kind) noexcept {
    return kind == loop_kind::map || kind == loop_kind::filter || kind == loop_kind::transform_map;
}

} // namespace

bool begin_loop(loop_kind kind, call_context& with, const value& range, loop_state& state, value& result) {
    if (range.is_error()) {
        result = range;
        return false;
    }
    if (!range.is(value_kind::list) && !range.is(value_kind::map)) {
        result = no_such_overload();
        return false;
    }
    state = {};
    state.range = range;
    state.answer = kind == loop_kind::exists_one ? value::int64(0) : value::boolean(kind == loop_kind::all);
    const std::size_t size = size_of(range);
    if (!gathers(kind) || size == 0)
        return true;
    if (size > with.limits().elements) {
        result = value::error(evaluation_errc::list_limit);
        return false;
    }
    if (kind == loop_kind::transform_map)
        state.entries = with.memory().make_array<map_entry>(size).data();
    else
        state.elements = with.memory().make_array<value>(size).data();
    if (state.entries == nullptr && state.elements == nullptr) {
        result = call_context::memory_exhausted();
        return false;
    }
    return true;
}

bool next_turn(bool two_variables, loop_state& state, value* variables) noexcept {
    if (state.turn >= size_of(state.range))
        return false;
    if (state.range.is(value_kind::list)) {
        const value& element = state.range.as_list()[state.turn];
        variables[0] = two_variables ? value::int64(state.turn) : element;
        if (two_variables)
            variables[1] = element;
    } else {
        const map_entry& entry = state.range.as_map().entries[state.turn];
        variables[0] = entry.key;
        if (two_variables)
            variables[1] = entry.held;
    }
    ++state.turn;
    return true;
}

turn_end take_condition(const value& condition, value& result) noexcept {
    if (condition.is(value_kind::boolean))
        return condition.as_boolean() ? turn_end::go_on : turn_end::skip;
    result = condition.is_error() ? condition : no_such_overload();
    return turn_end::stop;
}

turn_end take_turn(loop_kind kind, const value& gave, const value& key, loop_state& state,
                   value& result) noexcept {
    switch (kind) {
    case loop_kind::all:
    case loop_kind::exists: {
        const bool decides = kind == loop_kind::exists;
        state.answer = combine_logical(decides, state.answer, gave);
        const bool decided = state.answer.is(value_kind::boolean) && state.answer.as_boolean() == decides;
        if (!decided && !state.answer.is_fatal_error())
            return turn_end::go_on;
        result = state.answer;
        return turn_end::stop;
    }
    case loop_kind::exists_one: {
        const turn_end counts = take_condition(gave, result);
        if (counts == turn_end::go_on)
            state.answer = value::int64(state.answer.as_int64() + 1);
        return counts == turn_end::stop ? counts : turn_end::go_on;
    }
    default: break;
    }
    if (gave.is_error()) {
        result = gave;
        return turn_end::stop;
    }
    if (kind == loop_kind::transform_map)
        state.entries[state.count++] = {key, gave};
    else
        state.elements[state.count++] = gave;
    return turn_end::go_on;
}

value end_loop(loop_kind kind, call_context& with, loop_state& state) {
    switch (kind) {
    case loop_kind::map:
    case loop_kind::filter: return value::list(list_view(state.elements, state.count));
    case loop_kind::transform_map:
        return make_map(with.memory(), std::span<const map_entry>(state.entries, state.count));
    case loop_kind::exists_one: return value::boolean(state.answer.as_int64() == 1);
    default: return state.answer;
    }
}

const value* optional_value(const value& given, value& result) noexcept {
    if (given.is(value_kind::optional)) {
        result = given;
        return given.as_optional();
    }
    result = given.is_error() ? given : no_such_overload();
    return nullptr;
}

} // namespace tributary::cel
