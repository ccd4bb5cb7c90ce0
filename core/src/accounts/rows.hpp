#pragma once

#include <tributary/base/clock.hpp>
#include <tributary/storage/storage.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>

/// Small helps for reading and writing rows.
namespace tributary::accounts {

using storage::value;

inline std::optional<time_ms> time_or_none(const storage::row& from, int column) {
    return from.is_null(column) ? std::nullopt : std::optional<time_ms>(from.integer(column));
}

inline value value_of(const std::optional<time_ms>& time) {
    return time ? value(*time) : value();
}

/// The lower bound of lists: before every time and every name.
inline constexpr std::int64_t from_the_first = 0;

/// The number that a count statement gives.
template <std::size_t N>
result<std::size_t> count(storage::session& on, const storage::statement& what,
                          const std::array<value, N>& by) {
    std::size_t found = 0;
    TRIBUTARY_TRY(on.query(
        what, by, [&](const storage::row& row) { found = static_cast<std::size_t>(row.integer(0)); }));
    return found;
}

} // namespace tributary::accounts
