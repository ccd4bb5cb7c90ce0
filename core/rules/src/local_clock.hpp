#pragma once

#include <tributary/cel/function.hpp>
#include <tributary/cel/zone.hpp>

namespace tributary::cel {

/// The clocks of a place: of a zone, or a fixed time ahead of UTC. Value; the zone is not owned.
struct local_clock {
    const zone* rules = nullptr; ///< nullptr: `offset` holds for ever.
    std::int32_t offset = 0;

    /// What the clocks show at an instant, counted as if it were UTC.
    std::int64_t shown_at(std::int64_t instant) const noexcept {
        return instant + (rules != nullptr ? rules->offset_at(instant) : offset);
    }
    /// See zone::instant_of.
    std::int64_t instant_of(std::int64_t shown) const noexcept {
        return rules != nullptr ? rules->instant_of(shown) : shown - offset;
    }
};

/// Reads a zone that is written out, for literal_parameter: a zone of the database comes out as an opaque
/// pointer to it. Without a database "UTC" and fixed offsets stay strings.
value read_zone(call_context& with, std::string_view text);

/// The clock of a function's argument: a string, or what read_zone made of one.
/// @return false with an error in `failure`: unknown_zone with the name, or no_such_overload.
bool find_clock(call_context& with, const value& argument, local_clock& into, value& failure);

/// The clock of the argument with this number, UTC when there is none. As find_clock.
bool find_clock(call_context& with, std::span<const value> arguments, std::size_t number, local_clock& into,
                value& failure);

} // namespace tributary::cel
