#include "money.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace tributary::attribution {
namespace {

wide floor_divide(wide numerator, wide denominator) noexcept {
    const wide quotient = numerator / denominator;
    return numerator % denominator < 0 ? quotient - 1 : quotient;
}

} // namespace

std::int64_t divide_half_up(wide numerator, wide denominator) noexcept {
    return static_cast<std::int64_t>(floor_divide(2 * numerator + denominator, 2 * denominator));
}

std::vector<std::int64_t> split_by_largest_remainder(std::int64_t total,
                                                     std::span<const std::int64_t> weights) {
    std::vector<std::int64_t> parts(weights.size(), 0);
    if (parts.empty())
        return parts;
    const wide weight_sum = std::accumulate(weights.begin(), weights.end(), wide{0},
                                            [](wide sum, std::int64_t w) { return sum + w; });
    if (weight_sum <= 0) {
        parts.front() = total;
        return parts;
    }
    std::vector<wide> remainders(weights.size());
    std::int64_t left = total;
    for (std::size_t index = 0; index < weights.size(); ++index) {
        const wide exact = wide{total} * weights[index];
        const wide part = floor_divide(exact, weight_sum);
        remainders[index] = exact - part * weight_sum;
        parts[index] = static_cast<std::int64_t>(part);
        left -= parts[index];
    }
    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
    // Each part lost less than one unit, so fewer units are left than there are parts.
    for (std::size_t index = 0; left > 0; ++index, --left)
        ++parts[order[index]];
    return parts;
}

std::uint32_t currency_exponent(std::string_view currency) noexcept {
    static constexpr std::array<std::string_view, 16> without_decimals{
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW",
        "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"};
    static constexpr std::array<std::string_view, 7> with_three{"BHD", "IQD", "JOD", "KWD",
                                                                "LYD", "OMR", "TND"};
    if (std::ranges::find(without_decimals, currency) != without_decimals.end())
        return 0;
    return std::ranges::find(with_three, currency) != with_three.end() ? 3 : 2;
}

std::int64_t rescale(std::int64_t amount_minor, std::uint32_t from_exponent,
                     std::uint32_t to_exponent) noexcept {
    std::int64_t factor = 1;
    const std::uint32_t steps =
        from_exponent > to_exponent ? from_exponent - to_exponent : to_exponent - from_exponent;
    for (std::uint32_t step = 0; step < steps; ++step)
        factor *= 10;
    return from_exponent > to_exponent ? divide_half_up(amount_minor, factor)
                                       : static_cast<std::int64_t>(wide{amount_minor} * factor);
}

} // namespace tributary::attribution
