#include <tributary/cel/arena.hpp>
#include <tributary/cel/map.hpp>

#include <algorithm>
#include <numeric>

#include "numbers.hpp"

namespace tributary::cel {
namespace {

/// Up to so many entries looking at each one is as quick as searching.
constexpr std::size_t unsorted_entries_max = 8;

/// One order for all keys: bools, then numbers, then texts.
int rank(const value& key) noexcept {
    if (key.is(value_kind::boolean))
        return 0;
    return is_number(key) ? 1 : 2;
}

bool precedes(const value& left, const value& right) noexcept {
    if (rank(left) != rank(right))
        return rank(left) < rank(right);
    if (left.is(value_kind::boolean))
        return !left.as_boolean() && right.as_boolean();
    return is_number(left) ? compare_numbers(left, right) < 0 : left.as_text() < right.as_text();
}

/// Keys are whole numbers, so that what a double stands for is looked for exactly.
value exact_key(const value& asked) noexcept {
    std::int64_t whole = 0;
    std::uint64_t large = 0;
    if (!asked.is(value_kind::float64))
        return asked;
    if (to_int64(asked, whole))
        return value::int64(whole);
    return to_uint64(asked, large) ? value::uint64(large) : asked;
}

} // namespace

const value* find(const map_data& in, const value& asked) noexcept {
    const value key = exact_key(asked);
    if (!is_key(key))
        return nullptr;
    if (in.sorted == nullptr) {
        for (const map_entry& each : in.all())
            if (equal(each.key, key))
                return &each.held;
        return nullptr;
    }
    const std::span<const std::uint32_t> order(in.sorted, in.size);
    const auto found = std::ranges::lower_bound(order, key, precedes,
                                                [&](std::uint32_t entry) { return in.entries[entry].key; });
    if (found == order.end() || !equal(in.entries[*found].key, key))
        return nullptr;
    return &in.entries[*found].held;
}

value make_map(arena& memory, std::span<const map_entry> entries) {
    const auto made = memory.make_array<map_data>(1);
    if (made.data() == nullptr)
        return value::error(evaluation_errc::memory_limit);
    for (const map_entry& each : entries)
        if (!is_key(each.key))
            return value::error(evaluation_errc::no_such_overload,
                                "a key is a bool, an int, a uint or a string");
    map_data& map = made[0];
    map.entries = entries.data();
    map.size = static_cast<std::uint32_t>(entries.size());
    const auto order = memory.make_array<std::uint32_t>(entries.size());
    if (order.data() == nullptr)
        return value::error(evaluation_errc::memory_limit);
    std::iota(order.begin(), order.end(), 0U);
    const auto key_of = [&](std::uint32_t entry) { return entries[entry].key; };
    std::ranges::sort(order, precedes, key_of);
    const auto same = [&](std::uint32_t left, std::uint32_t right) {
        return equal(key_of(left), key_of(right));
    };
    if (std::ranges::adjacent_find(order, same) != order.end())
        return value::error(evaluation_errc::duplicate_key);
    if (entries.size() > unsorted_entries_max)
        map.sorted = order.data();
    return value::map(map);
}

} // namespace tributary::cel
