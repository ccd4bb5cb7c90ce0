#pragma once

#include <tributary/cel/value.hpp>

namespace tributary::cel {

class arena;

struct map_entry {
    value key;
    value held;
};

/// The entries of a map in the order in which they were written, and when there are many the order of their
/// keys. Made by make_map; lives in an arena. Immutable, thread-safe to read.
struct map_data {
    const map_entry* entries = nullptr;
    std::uint32_t size = 0;
    /// Numbers of the entries in ascending order of their keys; nullptr for few. No hash: whoever chooses the
    /// keys could choose them so that all have the same.
    const std::uint32_t* sorted = nullptr;

    std::span<const map_entry> all() const noexcept { return {entries, size}; }
};

/// May a value of this kind be a key? bool, int, uint and string.
constexpr bool is_key(const value& given) noexcept {
    return given.is(value_kind::string) || given.is(value_kind::int64) || given.is(value_kind::uint64) ||
           given.is(value_kind::boolean);
}

/// Builds a map over `entries`, which the map keeps pointing to.
/// @return the map, or an error value: no_such_overload for a key that is none, duplicate_key (1 and 1u are
/// the same key), memory_limit. Not thread-safe on one arena.
value make_map(arena& memory, std::span<const map_entry> entries);

/// The value under a key, nullptr when there is none. Numbers find each other across types: 1, 1u and 1.0 are
/// one key.
/// @source cel-spec, Language Definition, "Equality". Thread-safe.
const value* find(const map_data& in, const value& key) noexcept;

} // namespace tributary::cel
