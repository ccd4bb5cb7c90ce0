#include <tributary/cel/money.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include "wide.hpp"

namespace tributary::cel {
namespace {

constexpr std::array<std::pair<std::string_view, rounding>, 5> rounding_names = {
    std::pair<std::string_view, rounding>{"half_up", rounding::half_up},
    {"half_even", rounding::half_even},
    {"floor", rounding::floor},
    {"ceil", rounding::ceil},
    {"trunc", rounding::trunc}};

constexpr std::uint32_t quote_scale_max = 18;
constexpr std::uint32_t exponent_max = 18; // The most that 64 bits hold.

/// Requires an exponent of at most 38.
constexpr wide power_of_ten(std::uint32_t exponent) noexcept {
    wide made = 1;
    for (; exponent > 0; --exponent)
        made *= 10;
    return made;
}

/// Does a fraction make the quotient that was cut off one larger in magnitude?
template <class Integer>
bool goes_away_from_zero(Integer quotient, Integer remainder, Integer divisor, rounding mode) noexcept {
    if (remainder == 0)
        return false;
    const Integer cut = remainder < 0 ? -remainder : remainder;
    const Integer missing = divisor - cut; // Compared with it, since twice the remainder could be too large.
    switch (mode) {
    case rounding::half_up: return cut >= missing;
    case rounding::half_even: return cut > missing || (cut == missing && quotient % 2 != 0);
    case rounding::floor: return remainder < 0;
    case rounding::ceil: return remainder > 0;
    case rounding::trunc: return false;
    }
    return false;
}

template <class Integer> Integer rounded_quotient(Integer number, Integer divisor, rounding mode) noexcept {
    const Integer quotient = number / divisor;
    const Integer remainder = number % divisor; // Has the sign of the number.
    if (!goes_away_from_zero(quotient, remainder, divisor, mode))
        return quotient;
    return static_cast<Integer>(quotient + (number < 0 ? -1 : 1));
}

/// Requires a divisor above zero.
std::optional<std::int64_t> divide(wide number, wide divisor, rounding mode) noexcept {
    // Amounts of everyday fit into 64 bits, which divide several times as fast.
    const auto small_number = narrow(number), small_divisor = narrow(divisor);
    if (small_number && small_divisor)
        return rounded_quotient(*small_number, *small_divisor, mode);
    return narrow(rounded_quotient(number, divisor, mode));
}

struct decimal {
    wide digits = 0;
    std::size_t count = 0;   // of digits
    std::uint32_t scale = 0; // of those after the point
};

/// An optional minus, digits, and if there is a point digits after it too.
std::optional<decimal> parse_decimal(std::string_view text) noexcept {
    const bool negative = text.starts_with('-');
    if (negative)
        text.remove_prefix(1);
    decimal made;
    bool after_point = false;
    for (const char each : text) {
        if (each == '.' && made.count > 0 && !after_point) {
            after_point = true;
            continue;
        }
        // More digits than 30 fit nowhere, and fewer cannot overflow.
        if (each < '0' || each > '9' || made.count == 30)
            return std::nullopt;
        made.digits = made.digits * 10 + (each - '0');
        ++made.count;
        made.scale += after_point ? 1 : 0;
    }
    if (made.count == 0 || (after_point && made.scale == 0))
        return std::nullopt;
    if (negative)
        made.digits = -made.digits;
    return made;
}

} // namespace

std::optional<rounding> parse_rounding(std::string_view text) noexcept {
    for (const auto& [name, mode] : rounding_names)
        if (name == text)
            return mode;
    return std::nullopt;
}

std::string_view text_of(rounding mode) noexcept {
    for (const auto& [name, each] : rounding_names)
        if (each == mode)
            return name;
    return {};
}

std::optional<decimal_rate> parse_rate(std::string_view text) noexcept {
    auto read = parse_decimal(text);
    if (!read || read->count > 15 || read->scale > rate_scale_max)
        return std::nullopt;
    for (; read->scale > 0 && read->digits % 10 == 0; --read->scale)
        read->digits /= 10;
    return decimal_rate{static_cast<std::int64_t>(read->digits), read->scale};
}

std::string text_of(decimal_rate rate) {
    const bool negative = rate.digits < 0;
    const auto magnitude = static_cast<std::uint64_t>(rate.digits);
    std::string made = std::to_string(negative ? 0 - magnitude : magnitude);
    if (rate.scale > 0) {
        if (made.size() <= rate.scale) // A digit before the point.
            made.insert(0, rate.scale + 1 - made.size(), '0');
        made.insert(made.size() - rate.scale, 1, '.');
    }
    return negative ? "-" + made : made;
}

std::optional<std::int64_t> ratio(std::int64_t amount, std::int64_t numerator, std::int64_t denominator,
                                  rounding mode) noexcept {
    if (denominator == 0)
        return std::nullopt;
    const wide product = wide{amount} * numerator;
    return denominator > 0 ? divide(product, denominator, mode) : divide(-product, -wide{denominator}, mode);
}

std::optional<std::int64_t> percentage(std::int64_t amount, decimal_rate rate, rounding mode) noexcept {
    if (rate.scale > rate_scale_max)
        return std::nullopt;
    return divide(wide{amount} * rate.digits, 100 * power_of_ten(rate.scale), mode);
}

decimal_rate tier_rate(std::span<const tier_step> table, std::int64_t key) noexcept {
    const auto after =
        std::upper_bound(table.begin(), table.end(), key,
                         [](std::int64_t asked, const tier_step& each) { return asked < each.from; });
    return after == table.begin() ? decimal_rate{} : std::prev(after)->rate;
}

std::optional<std::int64_t> marginal_tiers(std::span<const tier_step> table, std::int64_t amount,
                                           std::int64_t before, rounding mode) noexcept {
    const wide after = wide{before} + amount;
    const wide low = std::min<wide>(before, after);
    const wide high = std::max<wide>(before, after);
    std::uint32_t scale = 0;
    for (const tier_step& each : table)
        scale = std::max(scale, each.rate.scale);
    if (scale > rate_scale_max)
        return std::nullopt;
    wide sum = 0; // percents of 10^-scale minor units
    for (std::size_t i = 0; i < table.size(); ++i) {
        const wide begin = std::max<wide>(low, table[i].from);
        const wide end = i + 1 < table.size() ? std::min<wide>(high, table[i + 1].from) : high;
        if (begin >= end)
            continue;
        const wide digits = table[i].rate.digits * power_of_ten(scale - table[i].rate.scale);
        wide part = 0;
        if (__builtin_mul_overflow(end - begin, digits, &part) || __builtin_add_overflow(sum, part, &sum))
            return std::nullopt;
    }
    return divide(amount < 0 ? -sum : sum, 100 * power_of_ten(scale), mode);
}

bool allocate(std::int64_t total, std::span<const std::int64_t> weights,
              std::span<std::int64_t> parts) noexcept {
    wide sum = 0;
    for (const std::int64_t weight : weights) {
        if (weight < 0)
            return false;
        sum += weight;
    }
    if (sum == 0 || !narrow(sum) || parts.size() != weights.size())
        return false;
    // A negative total is shared out as its mirror.
    const wide magnitude = total < 0 ? -wide{total} : wide{total};
    const auto remainder = [&](std::int64_t index) {
        return magnitude * weights[static_cast<std::size_t>(index)] % sum;
    };
    const auto comes_first = [&](std::int64_t left, std::int64_t right) {
        const wide of_left = remainder(left);
        const wide of_right = remainder(right);
        return of_left > of_right || (of_left == of_right && left < right);
    };
    // First the parts' places hold their own numbers, to find the last one that gets one unit more.
    wide remainders = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        parts[i] = static_cast<std::int64_t>(i);
        remainders += remainder(parts[i]);
    }
    const auto units_left = static_cast<std::ptrdiff_t>(remainders / sum);
    std::int64_t last = -1;
    if (units_left > 0) {
        const auto place = parts.begin() + (units_left - 1);
        std::nth_element(parts.begin(), place, parts.end(), comes_first);
        last = *place;
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto index = static_cast<std::int64_t>(i);
        const bool gets_more = last >= 0 && !comes_first(last, index);
        const wide part = magnitude * weights[i] / sum + (gets_more ? 1 : 0);
        parts[i] = static_cast<std::int64_t>(total < 0 ? -part : part);
    }
    return true;
}

std::optional<std::int64_t> minor_units(std::string_view text, std::uint32_t exponent) noexcept {
    const auto read = parse_decimal(text);
    if (!read || exponent > exponent_max || read->scale > exponent)
        return std::nullopt;
    wide made = 0;
    if (__builtin_mul_overflow(read->digits, power_of_ten(exponent - read->scale), &made))
        return std::nullopt;
    return narrow(made);
}

std::optional<std::int64_t> convert(std::int64_t amount, exchange_rates::quote at,
                                    std::uint32_t from_exponent, std::uint32_t to_exponent,
                                    rounding mode) noexcept {
    if (at.scale > quote_scale_max || from_exponent > exponent_max || to_exponent > exponent_max)
        return std::nullopt;
    wide number = wide{amount} * at.digits;
    // Only the difference of the powers: the product above leaves no room for more than it.
    const std::uint32_t down = at.scale + from_exponent;
    if (to_exponent <= down)
        return divide(number, power_of_ten(down - to_exponent), mode);
    if (__builtin_mul_overflow(number, power_of_ten(to_exponent - down), &number))
        return std::nullopt;
    return narrow(number);
}

bool listed_rates::add(std::string pair, std::string_view rate) {
    const std::optional<decimal_rate> read = parse_rate(rate);
    if (!read || read->digits <= 0 || pair.find('/') == std::string::npos)
        return false;
    return quotes_.emplace(std::move(pair), quote{read->digits, read->scale}).second;
}

std::optional<exchange_rates::quote> listed_rates::find(std::string_view from, std::string_view to) const {
    const auto found = quotes_.find(std::string(from) + "/" + std::string(to));
    return found == quotes_.end() ? std::nullopt : std::optional<quote>(found->second);
}

} // namespace tributary::cel
