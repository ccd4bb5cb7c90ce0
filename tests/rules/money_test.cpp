#include <tributary/cel/money.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <vector>

using namespace tributary::cel;

BOOST_AUTO_TEST_SUITE(money)

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

decimal_rate rate(std::string_view text) {
    const auto read = parse_rate(text);
    BOOST_REQUIRE_MESSAGE(read, text);
    return *read;
}

/// 20% of the first 50,000, 25% of the next 70,000, 30% above.
std::vector<tier_step> volume_tiers() {
    return {{0, rate("20")}, {50'000, rate("25")}, {120'000, rate("30")}};
}

} // namespace

BOOST_AUTO_TEST_CASE(each_mode_rounds_as_its_law_says) {
    const struct {
        std::int64_t number; // of hundredths
        std::int64_t half_up, half_even, floor, ceil, trunc;
    } cases[] = {
        {0, 0, 0, 0, 0, 0},         {100, 1, 1, 1, 1, 1},       {1, 0, 0, 0, 1, 0},
        {49, 0, 0, 0, 1, 0},        {50, 1, 0, 0, 1, 0},        {51, 1, 1, 0, 1, 0},
        {99, 1, 1, 0, 1, 0},        {150, 2, 2, 1, 2, 1},       {250, 3, 2, 2, 3, 2},
        {350, 4, 4, 3, 4, 3},       {-1, 0, 0, -1, 0, 0},       {-49, 0, 0, -1, 0, 0},
        {-50, -1, 0, -1, 0, 0},     {-51, -1, -1, -1, 0, 0},    {-100, -1, -1, -1, -1, -1},
        {-150, -2, -2, -2, -1, -1}, {-250, -3, -2, -3, -2, -2},
    };
    for (const auto& each : cases)
        BOOST_TEST_CONTEXT(each.number) {
            BOOST_TEST(*ratio(each.number, 1, 100, rounding::half_up) == each.half_up);
            BOOST_TEST(*ratio(each.number, 1, 100, rounding::half_even) == each.half_even);
            BOOST_TEST(*ratio(each.number, 1, 100, rounding::floor) == each.floor);
            BOOST_TEST(*ratio(each.number, 1, 100, rounding::ceil) == each.ceil);
            BOOST_TEST(*ratio(each.number, 1, 100, rounding::trunc) == each.trunc);
            // Two signs more change nothing.
            BOOST_TEST(*ratio(each.number, -1, -100, rounding::floor) == each.floor);
            BOOST_TEST(*ratio(-each.number, 1, -100, rounding::half_up) == each.half_up);
        }
}

BOOST_AUTO_TEST_CASE(names_of_modes_are_read_and_written) {
    for (const auto mode :
         {rounding::half_up, rounding::half_even, rounding::floor, rounding::ceil, rounding::trunc})
        BOOST_TEST((parse_rounding(text_of(mode)) == mode));
    BOOST_TEST((parse_rounding("half_up") == rounding::half_up));
    for (const char* text : {"", "up", "HALF_UP", "half_up ", "half-up", "round"})
        BOOST_TEST(!parse_rounding(text), text);
}

BOOST_AUTO_TEST_CASE(ratios_are_exact_up_to_the_ends_of_64_bits) {
    BOOST_TEST(*ratio(most, most, most, rounding::half_up) == most);
    BOOST_TEST(*ratio(least, least, least, rounding::half_up) == least);
    BOOST_TEST(*ratio(least, most, most, rounding::half_up) == least);
    BOOST_TEST(*ratio(most, 1, least, rounding::floor) == -1);
    BOOST_TEST(*ratio(most, 1, least, rounding::trunc) == 0);
    BOOST_TEST(*ratio(least, 1, 1, rounding::half_up) == least);
    BOOST_TEST(!ratio(least, -1, 1, rounding::half_up));
    BOOST_TEST(!ratio(least, 1, -1, rounding::half_up));
    BOOST_TEST(!ratio(most, 2, 1, rounding::half_up));
    BOOST_TEST(!ratio(most, most, 1, rounding::half_up));
    BOOST_TEST(!ratio(least, least, 1, rounding::half_up));
    // (2^63 - 1) * 3 / 3 fits, although the product does not; one more in the numerator does not fit.
    BOOST_TEST(*ratio(most, 3, 3, rounding::ceil) == most);
    BOOST_TEST(!ratio(most, 4, 3, rounding::floor));
    for (const auto mode : {rounding::half_up, rounding::floor})
        BOOST_TEST(!ratio(5, 5, 0, mode));
    BOOST_TEST(!ratio(0, 0, 0, rounding::trunc));
}

BOOST_AUTO_TEST_CASE(rates_are_read_as_decimals) {
    const struct {
        const char* text;
        std::int64_t digits;
        std::uint32_t scale;
        const char* written;
    } cases[] = {
        {"0", 0, 0, "0"},
        {"20", 20, 0, "20"},
        {"12.5", 125, 1, "12.5"},
        {"12.50", 125, 1, "12.5"},
        {"2.28", 228, 2, "2.28"},
        {"0.25", 25, 2, "0.25"},
        {"0.00000001", 1, 8, "0.00000001"},
        {"-0.05", -5, 2, "-0.05"},
        {"-3", -3, 0, "-3"},
        {"-0", 0, 0, "0"},
        {"-0.000", 0, 0, "0"},
        {"100", 100, 0, "100"},
        {"007.10", 71, 1, "7.1"},
        {"999999999999999", 999'999'999'999'999, 0, "999999999999999"},
        {"1234567.12345678", 123'456'712'345'678, 8, "1234567.12345678"},
    };
    for (const auto& each : cases) {
        const decimal_rate read = rate(each.text);
        BOOST_TEST(read.digits == each.digits, each.text);
        BOOST_TEST(read.scale == each.scale, each.text);
        BOOST_TEST(text_of(read) == each.written);
    }
    BOOST_TEST(text_of(decimal_rate{least, 8}) == "-92233720368.54775808");
}

BOOST_AUTO_TEST_CASE(other_texts_are_no_rates) {
    for (const std::string text : {"",
                                   "-",
                                   ".",
                                   "-.5",
                                   ".5",
                                   "5.",
                                   "+5",
                                   "1e2",
                                   " 5",
                                   "5 ",
                                   "5%",
                                   "1,5",
                                   "1.2.3",
                                   "--1",
                                   "0x10",
                                   "NaN",
                                   "1.123456789",
                                   "1.000000000",
                                   "1234567890123456",
                                   "0000000000000000",
                                   "12345678.12345678",
                                   "5-",
                                   "1_000",
                                   "٣"})
        BOOST_TEST(!parse_rate(text), text);
    BOOST_TEST(!parse_rate(std::string(100'000, '1')));
    BOOST_TEST(!parse_rate(std::string_view("5\0", 2)));
}

BOOST_AUTO_TEST_CASE(percentages_are_exact_at_ties) {
    const struct {
        std::int64_t amount;
        const char* percent;
        std::int64_t expected;
    } cases[] = {
        {1250, "2.28", 29},  {1999, "12.5", 250},   {500, "2.9", 15},
        {1500, "4.1", 62},   {1500, "2.3", 35},     {2, "20", 0},
        {3, "20", 1},        {-500, "2.9", -15},    {-1250, "2.28", -29},
        {0, "99", 0},        {100, "0", 0},         {100, "-5", -5},
        {-100, "-5", 5},     {1, "50", 1},          {-1, "50", -1},
        {most, "100", most}, {least, "100", least}, {most, "0.00000001", 922'337'204},
    };
    for (const auto& each : cases)
        BOOST_TEST(*percentage(each.amount, rate(each.percent), rounding::half_up) == each.expected,
                   each.amount << " at " << each.percent);
    BOOST_TEST(!percentage(most, rate("100.00000001"), rounding::half_up));
    BOOST_TEST(!percentage(least, rate("-100"), rounding::half_up));
    BOOST_TEST(!percentage(most, rate("999999999999999"), rounding::half_up));
    BOOST_TEST(!percentage(least, {least, 0}, rounding::half_up));
    BOOST_TEST(!percentage(100, {1, rate_scale_max + 1}, rounding::half_up));
}

BOOST_AUTO_TEST_CASE(the_tier_is_the_last_one_that_begins_before) {
    const std::vector<tier_step> table = {{1, rate("20")}, {21, rate("25")}, {51, rate("30")}};
    for (const auto& [key, expected] : {std::pair{least, "0"},
                                        {std::int64_t{0}, "0"},
                                        {std::int64_t{1}, "20"},
                                        {std::int64_t{20}, "20"},
                                        {std::int64_t{21}, "25"},
                                        {std::int64_t{50}, "25"},
                                        {std::int64_t{51}, "30"},
                                        {most, "30"}})
        BOOST_TEST((tier_rate(table, key) == rate(expected)), key);
    BOOST_TEST((tier_rate({}, 5) == decimal_rate{}));
}

BOOST_AUTO_TEST_CASE(each_part_of_an_amount_has_its_own_tiers_rate) {
    const struct {
        std::int64_t amount;
        std::int64_t before;
        std::int64_t expected;
    } cases[] = {
        {150'000, 0, 36'500},
        {30'000, 110'000, 8'500},
        {10'000, 40'000, 2'000},
        {20'000, 40'000, 4'500},
        {1, 49'999, 0},
        {3, 49'999, 1},
        {0, 10'000, 0},
        {-150'000, 150'000, -36'500},
        {-30'000, 140'000, -8'500},
        {-20'000, 60'000, -4'500},
        {10'000, -10'000, 0}, // below the first tier
        {10'000, -5'000, 1'000},
        {-10'000, 5'000, -1'000},
    };
    for (const auto& each : cases)
        BOOST_TEST(*marginal_tiers(volume_tiers(), each.amount, each.before, rounding::half_up) ==
                       each.expected,
                   each.amount << " after " << each.before);
    BOOST_TEST(*marginal_tiers({}, 1000, 0, rounding::half_up) == 0);
}

BOOST_AUTO_TEST_CASE(tiers_are_rounded_once_for_all_their_parts) {
    // 1.5 and 1.5: three, where each by itself would be two.
    const std::vector<tier_step> table = {{0, rate("15")}, {10, rate("0.15")}};
    BOOST_TEST(*marginal_tiers(table, 1'010, 0, rounding::half_up) == 3);
    BOOST_TEST(*marginal_tiers(table, 1'010, 0, rounding::floor) == 3);
    // One more at 0.15 percent.
    BOOST_TEST(*marginal_tiers(table, 1'011, 0, rounding::floor) == 3);
    BOOST_TEST(*marginal_tiers(table, 1'011, 0, rounding::ceil) == 4);
    BOOST_TEST(*marginal_tiers(table, -1'011, 1'011, rounding::floor) == -4);
    BOOST_TEST(*marginal_tiers(table, -1'011, 1'011, rounding::trunc) == -3);
}

BOOST_AUTO_TEST_CASE(tiers_that_leave_64_bits_give_nothing) {
    const std::vector<tier_step> all = {{least, rate("100")}};
    BOOST_TEST(*marginal_tiers(all, most, most, rounding::half_up) == most);
    BOOST_TEST(*marginal_tiers(all, most, 0, rounding::half_up) == most);
    BOOST_TEST(*marginal_tiers(all, least, 0, rounding::half_up) == least);
    BOOST_TEST(*marginal_tiers(all, least, least, rounding::half_up) == 0);
    BOOST_TEST(!marginal_tiers(std::vector<tier_step>{{0, rate("101")}}, most, 0, rounding::half_up));
    BOOST_TEST(!marginal_tiers(std::vector<tier_step>{{0, rate("0.00000001")}, {5, rate("999999999999999")}},
                               most, 0, rounding::half_up));
    BOOST_TEST(!marginal_tiers(std::vector<tier_step>{{0, {1, 9}}}, 5, 0, rounding::half_up));
}

BOOST_AUTO_TEST_CASE(a_total_is_shared_out_by_largest_remainder) {
    const struct {
        std::int64_t total;
        std::vector<std::int64_t> weights;
        std::vector<std::int64_t> expected;
    } cases[] = {
        {600, {40, 20, 40}, {240, 120, 240}},
        {600, {40, 10, 10, 40}, {240, 60, 60, 240}},
        {1000, {1, 1, 1}, {334, 333, 333}},
        {1001, {70, 30}, {701, 300}},
        {5, {1, 1}, {3, 2}},
        {-5, {1, 1}, {-3, -2}},
        {-1000, {1, 1, 1}, {-334, -333, -333}},
        {0, {3, 4}, {0, 0}},
        {7, {0, 1, 0}, {0, 7, 0}},
        {100, {5}, {100}},
        {2, {1, 1, 1, 1}, {1, 1, 0, 0}},
        {10, {6, 3, 2}, {5, 3, 2}}, // 5.45, 2.73, 1.82
        {most, {1}, {most}},
        {least, {1}, {least}},
        {most, {most}, {most}},
        {most, {most - 1, 1}, {most - 1, 1}},
        {least, {1, 1}, {least / 2, least / 2}},
    };
    for (const auto& each : cases) {
        std::vector<std::int64_t> parts(each.weights.size());
        BOOST_TEST(allocate(each.total, each.weights, parts));
        BOOST_TEST(parts == each.expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(weights_that_share_nothing_out_are_refused) {
    std::vector<std::int64_t> parts(2, 77);
    for (const std::vector<std::int64_t>& weights : {std::vector<std::int64_t>{0, 0},
                                                     {-1, 2},
                                                     {2, -1},
                                                     {most, 1},
                                                     {most, most},
                                                     {least, 5},
                                                     {1},
                                                     {1, 1, 1}})
        BOOST_TEST(!allocate(100, weights, parts));
    BOOST_TEST(!allocate(100, {}, {}));
    BOOST_TEST((parts == std::vector<std::int64_t>{77, 77})); // Nothing was written.
}

// Parts add up, none is a whole unit away from its share, and a larger remainder never goes without.
BOOST_AUTO_TEST_CASE(parts_add_up_whatever_the_weights) {
    std::mt19937_64 random(20240601);
    for (int round = 0; round < 3000; ++round) {
        const std::size_t count = 1 + random() % 40;
        const std::int64_t most_weight = round % 3 == 0 ? 3 : 1'000'000;
        std::vector<std::int64_t> weights(count);
        for (auto& each : weights)
            each = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most_weight));
        weights[random() % count] += 1;
        const auto total = static_cast<std::int64_t>(random() % 2'000'000) - 1'000'000;
        std::vector<std::int64_t> parts(count);
        BOOST_REQUIRE(allocate(total, weights, parts));
        BOOST_REQUIRE(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}) == total);
        const std::int64_t sum = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
        const std::int64_t magnitude = std::abs(total);
        std::int64_t worst_with = sum; // the smallest remainder that got one more
        std::int64_t best_without = 0; // the largest that did not
        for (std::size_t i = 0; i < count; ++i) {
            const std::int64_t whole = magnitude * weights[i] / sum;
            const std::int64_t remainder = magnitude * weights[i] % sum;
            const std::int64_t more = std::abs(parts[i]) - whole;
            BOOST_REQUIRE((more == 0 || more == 1));
            if (more == 1)
                worst_with = std::min(worst_with, remainder);
            else
                best_without = std::max(best_without, remainder);
        }
        BOOST_REQUIRE(worst_with >= best_without);
    }
}

BOOST_AUTO_TEST_CASE(decimals_become_minor_units) {
    const struct {
        const char* text;
        std::uint32_t exponent;
        std::int64_t expected;
    } cases[] = {
        {"12.34", 2, 1234},
        {"12.3", 2, 1230},
        {"12", 2, 1200},
        {"12", 0, 12},
        {"-0.05", 2, -5},
        {"0", 2, 0},
        {"1.234", 3, 1234},
        {"0.0001", 4, 1},
        {"92233720368547758.07", 2, most},
        {"-92233720368547758.08", 2, least},
        {"9223372036854775807", 0, most},
        {"0000000000000000000000001", 0, 1},
    };
    for (const auto& each : cases)
        BOOST_TEST(*minor_units(each.text, each.exponent) == each.expected, each.text);
    for (const auto& [text, exponent] : {std::pair{"", 2U},
                                         {"12.345", 2U},
                                         {"12.340", 2U},
                                         {"12.0", 0U},
                                         {"12.", 2U},
                                         {".5", 2U},
                                         {"+1", 2U},
                                         {"1e3", 2U},
                                         {"1,5", 2U},
                                         {" 1", 2U},
                                         {"$1", 2U},
                                         {"--1", 2U},
                                         {"92233720368547758.08", 2U},
                                         {"-92233720368547758.09", 2U},
                                         {"9223372036854775807", 1U},
                                         {"999999999999999999999999999999", 18U},
                                         {"9999999999999999999999999999999999999999", 0U}})
        BOOST_TEST(!minor_units(text, exponent), text);
}

BOOST_AUTO_TEST_CASE(amounts_are_converted_between_currencies_with_their_own_digits) {
    const struct {
        std::int64_t amount;
        exchange_rates::quote quote;
        std::uint32_t from, to;
        std::int64_t expected;
    } cases[] = {
        {1000, {108, 2}, 2, 2, 1080},    // 10.00 at 1.08
        {1000, {16'523, 2}, 2, 0, 1652}, // 10.00 EUR at 165.23 is 1652 JPY
        {1652, {605, 5}, 0, 2, 999},     // 1652 JPY at 0.00605 is 9.9946 EUR
        {1000, {41, 2}, 2, 3, 4100},     // 10.00 at 0.41 is 4.100
        {1, {5, 1}, 2, 2, 1},            // a tie
        {-1, {5, 1}, 2, 2, -1},
        {5, {1, 0}, 0, 4, 50'000},
        {most, {1, 0}, 2, 2, most},
        {least, {1'000'000'000'000'000'000, 18}, 2, 2, least},
        {most, {most, 18}, 4, 0, 8'507'059'173'023'462},
    };
    for (const auto& each : cases)
        BOOST_TEST(*convert(each.amount, each.quote, each.from, each.to, rounding::half_up) == each.expected,
                   each.amount);
    BOOST_TEST(*convert(1, {5, 1}, 2, 2, rounding::floor) == 0);
    BOOST_TEST(!convert(most, {2, 0}, 2, 2, rounding::half_up));
    BOOST_TEST(!convert(most, {1, 0}, 0, 4, rounding::half_up));
    BOOST_TEST(!convert(most, {most, 0}, 0, 4, rounding::half_up));
    BOOST_TEST(!convert(1, {1, 19}, 2, 2, rounding::half_up));
}

BOOST_AUTO_TEST_SUITE_END()
