#pragma once

#include <cstdint>
#include <limits>
#include <optional>

namespace tributary::cel {

/// Holds the product of any two 64-bit numbers, and the sum of two such products.
__extension__ using wide = __int128;

/// Nothing when the number leaves 64 bits. Thread-safe.
constexpr std::optional<std::int64_t> narrow(wide number) noexcept {
    if (number < std::numeric_limits<std::int64_t>::min() ||
        number > std::numeric_limits<std::int64_t>::max())
        return std::nullopt;
    return static_cast<std::int64_t>(number);
}

/// Quotient towards negative infinity, so that times before 1970 fall into the right day. Requires a divisor
/// above zero. Thread-safe.
constexpr std::int64_t floor_divide(std::int64_t number, std::int64_t by) noexcept {
    return number / by - (number % by < 0 ? 1 : 0);
}
/// What floor_divide leaves: 0 to by - 1.
constexpr std::int64_t floor_remainder(std::int64_t number, std::int64_t by) noexcept {
    return number % by + (number % by < 0 ? by : 0);
}

} // namespace tributary::cel
