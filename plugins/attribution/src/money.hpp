#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

/// Exact arithmetic on amounts. Everything is an integer in minor units; products are formed in 128 bits.
///
/// Thread-safety: pure functions.
namespace tributary::attribution {

/// A product of two amounts and a rate. Two amounts of amount_minor_max and 10,000 basis points fit with room
/// to spare.
__extension__ typedef __int128 wide;

/// Amounts beyond this (ten trillion units of a currency with cents) are taken for a fault of their source.
/// It keeps every intermediate product of this plugin inside 128 bits.
inline constexpr std::int64_t amount_minor_max = 1'000'000'000'000'000;

constexpr bool is_plausible_amount(std::int64_t amount_minor) noexcept {
    return amount_minor >= -amount_minor_max && amount_minor <= amount_minor_max;
}

/// numerator / denominator to the nearest integer; a tie goes towards plus infinity ("half up").
///
/// @param denominator greater than zero.
std::int64_t divide_half_up(wide numerator, wide denominator) noexcept;

/// Splits `total` in proportion to `weights` so that the parts add up to it exactly: each part is rounded
/// down, what is left goes to the largest remainders, and among equal ones to the earlier part.
///
/// Weights may be negative (a credit line) as long as their sum is positive; otherwise the first part takes
/// all.
/// @source design policy "its lines by largest remainder to that total".
std::vector<std::int64_t> split_by_largest_remainder(std::int64_t total,
                                                     std::span<const std::int64_t> weights);

/// Number of decimals of a currency, ISO 4217 (upper case): 0, 2 or 3.
std::uint32_t currency_exponent(std::string_view currency) noexcept;

/// The same amount with another number of decimals, half up when decimals are lost. Exponents are at most 8.
std::int64_t rescale(std::int64_t amount_minor, std::uint32_t from_exponent,
                     std::uint32_t to_exponent) noexcept;

} // namespace tributary::attribution
