#pragma once

#include <tributary/cel/function.hpp>
#include <tributary/cel/map.hpp>

#include "ast.hpp"

namespace tributary::cel {

/// A loop while it runs. The steps below are all that its meaning consists of; the machine and the walk
/// differ in who evaluates the parts.
struct loop_state {
    value range;
    std::uint32_t turn = 0;
    std::uint32_t count = 0;      ///< Of what was gathered.
    value answer;                 ///< all, exists, exists_one: so far.
    value* elements = nullptr;    ///< map, filter
    map_entry* entries = nullptr; ///< transform_map
};

/// @return false when there is nothing to go through: then `result` is the loop's.
bool begin_loop(loop_kind kind, call_context& with, const value& range, loop_state& state, value& result);

/// The variables of the next turn. @return false after the last one.
bool next_turn(bool two_variables, loop_state& state, value* variables) noexcept;

enum class turn_end : std::uint8_t {
    go_on,
    skip, ///< Of a condition: this turn gathers nothing.
    stop, ///< `result` is the loop's.
};
/// The condition of map, filter and transform_map.
turn_end take_condition(const value& condition, value& result) noexcept;
/// What a turn gave, for all kinds but filter, which gathers its variable.
turn_end take_turn(loop_kind kind, const value& gave, const value& key, loop_state& state,
                   value& result) noexcept;

/// The result after the last turn.
value end_loop(loop_kind kind, call_context& with, loop_state& state);

/// The value of an optional for opt_map and opt_flat_map, or nothing: then `result` is what they give.
const value* optional_value(const value& given, value& result) noexcept;

} // namespace tributary::cel
