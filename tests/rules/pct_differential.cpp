// Goal: percentage() is exact for every percentage from 0.01 to 100.00 and every amount from 1 to 2000, up
// and down. Method: a second formulation that shares nothing with the first. Amounts and percentages are
// written as decimals and multiplied as on paper, digit by digit; the product's digits say by themselves
// where it has to be rounded. A sample is calculated once more with Boost's rational numbers. The formula
// with doubles that others use runs beside it: it has to be wrong somewhere, or the comparison would show
// nothing.
#include <tributary/cel/money.hpp>

#include <boost/multiprecision/cpp_int.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>

using namespace tributary::cel;

namespace {

constexpr std::int64_t hundredths_max = 10'000; // of a percent
constexpr std::int64_t amount_max = 2000;
constexpr std::array modes = {rounding::half_up, rounding::half_even, rounding::floor, rounding::ceil,
                              rounding::trunc};

/// A product of two numbers without sign, least digit first: 2000 times 10000 has eight digits.
using paper = std::array<int, 10>;

paper multiply_on_paper(std::int64_t left, std::int64_t right) {
    paper product{};
    for (std::size_t shift = 0; right > 0; ++shift, right /= 10) {
        const auto by = static_cast<int>(right % 10);
        int carry = 0;
        std::int64_t rest = left;
        for (std::size_t place = shift; rest > 0 || carry > 0; ++place, rest /= 10) {
            const int cell = product[place] + static_cast<int>(rest % 10) * by + carry;
            product[place] = cell % 10;
            carry = cell / 10;
        }
    }
    return product;
}

/// The first four digits stand after the point: an amount times hundredths of a percent is in
/// ten-thousandths.
std::int64_t round_on_paper(const paper& product, rounding mode, bool negative) {
    std::int64_t whole = 0;
    for (std::size_t place = product.size(); place-- > 4;)
        whole = whole * 10 + product[place];
    const bool is_whole = product[3] == 0 && product[2] == 0 && product[1] == 0 && product[0] == 0;
    const bool is_half = product[3] == 5 && product[2] == 0 && product[1] == 0 && product[0] == 0;
    bool more = false; // away from zero
    switch (mode) {
    case rounding::half_up: more = product[3] >= 5; break;
    case rounding::half_even: more = is_half ? product[4] % 2 == 1 : product[3] >= 5; break;
    case rounding::floor: more = negative && !is_whole; break;
    case rounding::ceil: more = !negative && !is_whole; break;
    case rounding::trunc: break;
    }
    whole += more ? 1 : 0;
    return negative ? -whole : whole;
}

/// Half up by its definition: the whole number from which an exact fraction is at most a half away, and of
/// two such numbers the one further from zero.
bool is_nearest(std::int64_t amount, std::int64_t hundredths, std::int64_t rounded) {
    using boost::multiprecision::cpp_rational;
    const cpp_rational exact = cpp_rational(amount) * cpp_rational(hundredths, 10'000);
    const cpp_rational beyond = rounded - exact;
    const cpp_rational excess = amount < 0 ? cpp_rational(-beyond) : beyond; // away from zero
    const cpp_rational half(1, 2);
    return excess <= half && excess > -half;
}

/// What is common elsewhere: Math.round(amount * percent / 100), where round is towards positive infinity.
std::int64_t with_doubles(std::int64_t amount, std::int64_t hundredths) {
    const double percent = static_cast<double>(hundredths) / 100; // The nearest double to the decimal.
    const double product = static_cast<double>(amount) * percent / 100;
    const double whole = std::floor(product);
    return static_cast<std::int64_t>(whole) + (product - whole >= 0.5 ? 1 : 0);
}

struct counts {
    std::int64_t combinations = 0;
    std::int64_t differences = 0;
    std::int64_t doubles_wrong = 0;
};

void expect(std::int64_t amount, std::int64_t hundredths, rounding mode, const paper& product,
            counts& so_far) {
    const auto got = percentage(amount, {hundredths, 2}, mode);
    if (got && *got == round_on_paper(product, mode, amount < 0))
        return;
    if (++so_far.differences <= 10)
        std::printf("%ld at %ld.%02ld %% %s: %ld\n", static_cast<long>(amount),
                    static_cast<long>(hundredths / 100), static_cast<long>(hundredths % 100),
                    std::string(text_of(mode)).c_str(), static_cast<long>(got.value_or(-1)));
}

void compare(std::int64_t amount, std::int64_t hundredths, counts& so_far) {
    const paper product = multiply_on_paper(amount, hundredths);
    ++so_far.combinations;
    expect(amount, hundredths, rounding::half_up, product, so_far);
    expect(-amount, hundredths, rounding::half_up, product, so_far);
    const std::int64_t exact = round_on_paper(product, rounding::half_up, false);
    so_far.doubles_wrong += with_doubles(amount, hundredths) == exact ? 0 : 1;
    // A tie is where modes differ most, and others are many.
    const bool is_tie = product[3] == 5 && product[2] == 0 && product[1] == 0 && product[0] == 0;
    const bool is_sample = so_far.combinations % 97 == 0;
    if (is_tie || is_sample)
        for (const rounding mode : modes)
            for (const std::int64_t signed_amount : {amount, -amount})
                expect(signed_amount, hundredths, mode, product, so_far);
    if ((is_tie || so_far.combinations % 997 == 0) &&
        (!is_nearest(amount, hundredths, exact) || !is_nearest(-amount, hundredths, -exact)))
        ++so_far.differences;
}

} // namespace

int main() {
    counts all;
    for (std::int64_t hundredths = 1; hundredths <= hundredths_max; ++hundredths)
        for (std::int64_t amount = 1; amount <= amount_max; ++amount)
            compare(amount, hundredths, all);
    std::printf("%ld combinations, %ld differences\n", static_cast<long>(all.combinations),
                static_cast<long>(all.differences));
    std::printf("with doubles %ld would be wrong\n", static_cast<long>(all.doubles_wrong));
    return all.differences == 0 && all.doubles_wrong > 0 ? 0 : 1;
}
