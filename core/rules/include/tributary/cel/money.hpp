#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tributary::cel {

/// How a result between two minor units becomes one of them. All but floor and ceil treat negative amounts as
/// the mirror of positive ones.
enum class rounding : std::uint8_t {
    half_up,   ///< The nearest; from the middle away from zero. The default.
    half_even, ///< The nearest; from the middle to the even one.
    floor,     ///< Towards negative infinity.
    ceil,      ///< Towards positive infinity.
    trunc,     ///< Towards zero.
};

/// "half_up", "half_even", "floor", "ceil", "trunc". Nothing for other text. Thread-safe.
std::optional<rounding> parse_rounding(std::string_view text) noexcept;
std::string_view text_of(rounding mode) noexcept;

/// A percentage, exactly: digits / 10^scale percent. "12.5" is {125, 1}. Value, thread-safe.
struct decimal_rate {
    std::int64_t digits = 0;
    std::uint32_t scale = 0; ///< 0 to rate_scale_max.

    friend bool operator==(const decimal_rate&, const decimal_rate&) = default;
};
inline constexpr std::uint32_t rate_scale_max = 8;

/// Reads a decimal such as "12.5", "0.25" or "-3": an optional minus, at least one digit, an optional point
/// with one to eight digits after it. At most 15 digits; no plus, exponent, blank or leading point. Trailing
/// zeros after the point are dropped, so that equal rates are equal. @return nothing for other text.
/// Thread-safe.
std::optional<decimal_rate> parse_rate(std::string_view text) noexcept;
std::string text_of(decimal_rate rate);

/// numerator * amount / denominator, rounded once. Exact: the product has 128 bits. @return nothing when the
/// denominator is zero or the result leaves 64 bits. Thread-safe.
std::optional<std::int64_t> ratio(std::int64_t amount, std::int64_t numerator, std::int64_t denominator,
                                  rounding mode) noexcept;

/// So many percent of an amount in minor units. @return nothing when the result leaves 64 bits. Thread-safe.
std::optional<std::int64_t> percentage(std::int64_t amount, decimal_rate rate, rounding mode) noexcept;

/// One step of a table of tiers: from this key or amount on, this rate.
struct tier_step {
    std::int64_t from = 0;
    decimal_rate rate;
};

/// The rate of the last step whose `from` is at most `key`; zero percent below the first. Steps ascend.
/// Thread-safe.
decimal_rate tier_rate(std::span<const tier_step> table, std::int64_t key) noexcept;

/// Each part of an amount at its own tier's rate: the part [before, before + amount) of a running total is
/// cut at the steps, and each piece has its step's rate. Rounded once, at the end. `amount` may be negative:
/// then it takes [before + amount, before) back. @return nothing when a result leaves 64 bits. Thread-safe.
std::optional<std::int64_t> marginal_tiers(std::span<const tier_step> table, std::int64_t amount,
                                           std::int64_t before, rounding mode) noexcept;

/// Parts of a total in proportion to weights, by largest remainder, ties to the earlier: the parts always add
/// up to the total. `parts` is as long as `weights`.
/// @return false for no weights, a negative weight, or weights whose sum is zero or leaves 64 bits. O(n log
/// n), allocates nothing. Thread-safe.
bool allocate(std::int64_t total, std::span<const std::int64_t> weights,
              std::span<std::int64_t> parts) noexcept;

/// Minor units of a decimal amount: "12.34" with two digits is 1234. No more digits after the point than the
/// currency has; fewer are filled up. @return nothing for other text or a result outside 64 bits.
/// Thread-safe.
std::optional<std::int64_t> minor_units(std::string_view text, std::uint32_t exponent) noexcept;

/// Digits after the point of a currency by its ISO 4217 code, nothing for a code that is none. Supplied by
/// who embeds.
using currency_exponent_function = std::optional<std::uint32_t> (*)(std::string_view code);

/// The exchange rates that hold for one event, kept with it: nothing else converts. Implementations are
/// thread-safe to read.
class exchange_rates {
  public:
    virtual ~exchange_rates() = default;
    /// Units of `to` for one unit of `from`, major units both, as a decimal: digits / 10^scale. Scale at most
    /// 18, digits above 0. @return nothing when the snapshot lacks the pair.
    struct quote {
        std::int64_t digits = 0;
        std::uint32_t scale = 0;
    };
    virtual std::optional<quote> find(std::string_view from, std::string_view to) const = 0;
};

/// Exchange rates from a list. Not thread-safe while it is filled.
class listed_rates final : public exchange_rates {
  public:
    /// @param pair "EUR/USD": one euro in dollars.
    /// @param rate a decimal above zero, as parse_rate reads them.
    /// @return false for what is none, or a pair that is there already.
    bool add(std::string pair, std::string_view rate);
    std::optional<quote> find(std::string_view from, std::string_view to) const override;

  private:
    std::map<std::string, quote, std::less<>> quotes_;
};

/// An amount in minor units of another currency, rounded once. Exponents are the currencies' digits after the
/// point, 0 to 4. @return nothing when the result leaves 64 bits. Thread-safe.
std::optional<std::int64_t> convert(std::int64_t amount, exchange_rates::quote at,
                                    std::uint32_t from_exponent, std::uint32_t to_exponent,
                                    rounding mode) noexcept;

} // namespace tributary::cel
