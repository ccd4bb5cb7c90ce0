#include <tributary/cel/arena.hpp>
#include <tributary/cel/map.hpp>

#include <bit>
#include <functional>

#include "numbers.hpp"

namespace tributary::cel {
namespace {

/// Up to so many entries looking at each one is as quick as an index.
constexpr std::size_t unindexed_entries_max = 8;

std::size_t hash_of(const value& key) noexcept {
    if (key.is(value_kind::string))
        return std::hash<std::string_view>()(key.as_text());
    std::int64_t whole = key.as_int64(); // bool, and uint above the range of int: their bits
    if (is_number(key))
        to_int64(key, whole);
    return static_cast<std::size_t>(static_cast<std::uint64_t>(whole) * 0x9E3779B97F4A7C15U >> 16);
}

} // namespace

const value* find(const map_data& in, const value& asked) noexcept {
    // Keys are whole numbers, so that what a double stands for is looked for exactly.
    value key = asked;
    if (asked.is(value_kind::float64)) {
        std::int64_t whole = 0;
        std::uint64_t large = 0;
        if (to_int64(asked, whole))
            key = value::int64(whole);
        else if (to_uint64(asked, large))
            key = value::uint64(large);
        else
            return nullptr;
    }
    if (in.index == nullptr) {
        for (const map_entry& each : in.all())
            if (equal(each.key, key))
                return &each.held;
        return nullptr;
    }
    if (!is_key(key))
        return nullptr;
    for (std::size_t at = hash_of(key) & in.index_mask;; at = (at + 1) & in.index_mask) {
        if (in.index[at] == 0)
            return nullptr;
        const map_entry& entry = in.entries[in.index[at] - 1];
        if (equal(entry.key, key))
            return &entry.held;
    }
}

value make_map(arena& memory, std::span<const map_entry> entries) {
    const auto made = memory.make_array<map_data>(1);
    if (made.data() == nullptr)
        return value::error(evaluation_errc::memory_limit);
    map_data& map = made[0];
    map.entries = entries.data();
    std::span<std::uint32_t> index;
    if (entries.size() > unindexed_entries_max) {
        index = memory.make_array<std::uint32_t>(std::bit_ceil(entries.size() * 2));
        if (index.data() == nullptr)
            return value::error(evaluation_errc::memory_limit);
        map.index = index.data();
        map.index_mask = static_cast<std::uint32_t>(index.size() - 1);
    }
    for (const map_entry& each : entries) {
        if (!is_key(each.key))
            return value::error(evaluation_errc::no_such_overload,
                                "a key is a bool, an int, a uint or a string");
        if (find(map, each.key) != nullptr)
            return value::error(evaluation_errc::duplicate_key);
        ++map.size;
        if (index.empty())
            continue;
        std::size_t at = hash_of(each.key) & map.index_mask;
        while (index[at] != 0)
            at = (at + 1) & map.index_mask;
        index[at] = map.size;
    }
    return value::map(map);
}

} // namespace tributary::cel
