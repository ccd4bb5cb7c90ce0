#include <boost/test/unit_test.hpp>

#include <numeric>

#include "functions.hpp"
#include "values.hpp"

using namespace tributary::cel;
using namespace tributary::cel::test;

// Cases that every implementation of reward rules has to get right, as far as the functions of amounts and of
// the calendar decide them. The numbers are those of the shared list of acceptance cases (S02 to S14).
BOOST_AUTO_TEST_SUITE(acceptance)

namespace {

struct calls : caller {
    calls() : caller(add_money_functions) {}

    std::int64_t pct(std::int64_t amount, std::string_view rate) {
        return number(call("pct", {value::int64(amount), rate_of(rate)}));
    }
    static std::int64_t number(const value& got) {
        BOOST_REQUIRE_MESSAGE(got.is(value_kind::int64), "got " << got);
        return got.as_int64();
    }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(s02_exact_ties, calls) {
    BOOST_TEST(pct(1250, "2.28") == 29);
    BOOST_TEST(pct(1999, "12.5") == 250);
    BOOST_TEST(pct(500, "2.9") == 15);
    BOOST_TEST(pct(1500, "4.1") == 62);
    BOOST_TEST(pct(2, "20") == 0);
    BOOST_TEST(pct(3, "20") == 1);
}

BOOST_FIXTURE_TEST_CASE(s06_and_s07_rounding_by_line_and_by_order_differ, calls) {
    BOOST_TEST(pct(6000, "10") + pct(4000, "20") == 1400);
    const std::int64_t lines[] = {115, 115, 115};
    std::int64_t by_line = 0;
    for (const std::int64_t each : lines)
        by_line += pct(each, "10");
    BOOST_TEST(by_line == 36);
    BOOST_TEST(pct(std::accumulate(std::begin(lines), std::end(lines), std::int64_t{0}), "10") == 35);
}

BOOST_FIXTURE_TEST_CASE(s08_first_charges_at_a_higher_rate, calls) {
    const std::vector<tier_step> steps = {{1, *parse_rate("40")}, {4, *parse_rate("20")}};
    const tier_table table{steps};
    for (const auto& [charge, expected] : {std::pair{1, 1960}, {3, 1960}, {4, 980}, {5, 980}}) {
        const value rate = call("tier", {value::int64(charge), value::opaque(&table, tier_table_tag)});
        BOOST_TEST(number(call("pct", {value::int64(4900), rate})) == expected);
    }
}

BOOST_FIXTURE_TEST_CASE(s09_twelve_full_months, calls) {
    const value first = timestamp_of("2026-01-31T12:00:00Z");
    for (const auto& [at, expected] : {std::pair{"2026-12-31T12:00:00Z", 600},
                                       {"2027-01-30T12:00:00Z", 600},
                                       {"2027-01-31T12:00:00Z", 0}}) {
        const std::int64_t months = number(call("monthsBetween", {first, timestamp_of(at)}));
        BOOST_TEST((months < 12 ? pct(2000, "30") : 0) == expected, at);
    }
}

BOOST_FIXTURE_TEST_CASE(s10_whole_rate_by_count, calls) {
    const std::vector<tier_step> steps = {
        {1, *parse_rate("20")}, {21, *parse_rate("25")}, {51, *parse_rate("30")}};
    const tier_table table{steps};
    for (const auto& [ordinal, expected] : {std::pair{20, 2000}, {21, 2500}, {50, 2500}, {51, 3000}}) {
        const value rate = call("tier", {value::int64(ordinal), value::opaque(&table, tier_table_tag)});
        BOOST_TEST(number(call("pct", {value::int64(10'000), rate})) == expected);
    }
}

BOOST_FIXTURE_TEST_CASE(s11_marginal_volume_tiers, calls) {
    const std::vector<tier_step> steps = {
        {0, *parse_rate("20")}, {50'000, *parse_rate("25")}, {120'000, *parse_rate("30")}};
    const tier_table table{steps};
    for (const auto& [sale, before, expected] :
         {std::tuple{150'000, 0, 36'500}, {30'000, 110'000, 8'500}, {10'000, 40'000, 2'000}})
        BOOST_TEST(number(call("tiers", {value::int64(sale), value::int64(before),
                                         value::opaque(&table, tier_table_tag)})) == expected);
}

BOOST_FIXTURE_TEST_CASE(s12_a_cap_takes_what_is_left_of_the_month, calls) {
    for (const auto& [earned, expected] : {std::pair{4600, 400}, {5000, 0}, {0, 1980}})
        BOOST_TEST(number(call("clamp", {value::int64(pct(9900, "20")), value::int64(0),
                                         value::int64(5000 - earned)})) == expected);
    BOOST_TEST(call("startOf", {timestamp_of("2026-11-22T18:19:20Z"), read("startOf", 1, "month")}) ==
               timestamp_of("2026-11-01T00:00:00Z"));
}

// A refund books the difference between what the remaining amount earns and what was booked, so that refunds
// of the whole give back exactly what was earned. A percentage of each refund would give back too much.
BOOST_FIXTURE_TEST_CASE(s13_partial_refunds_by_recomputation, calls) {
    std::int64_t booked = pct(9999, "12.5");
    BOOST_TEST(booked == 1250);
    std::int64_t refunded_by_percentage = 0;
    for (const auto& [remaining, expected] : {std::pair{6666, -417}, {3333, -416}, {0, -417}}) {
        const std::int64_t delta = pct(remaining, "12.5") - booked;
        BOOST_TEST(delta == expected);
        booked += delta;
        refunded_by_percentage += pct(3333, "12.5");
    }
    BOOST_TEST(booked == 0);
    BOOST_TEST(refunded_by_percentage == 1251);
}

// A whole sale that is taken back as a negative amount gives back what it earned; where a mode has a
// direction, the opposite one does.
BOOST_FIXTURE_TEST_CASE(negative_amounts_mirror_positive_ones, calls) {
    const std::pair<rounding, rounding> mirrors[] = {{rounding::half_up, rounding::half_up},
                                                     {rounding::half_even, rounding::half_even},
                                                     {rounding::trunc, rounding::trunc},
                                                     {rounding::floor, rounding::ceil},
                                                     {rounding::ceil, rounding::floor}};
    for (const auto& [mode, opposite] : mirrors)
        for (std::int64_t sale = 0; sale < 1000; ++sale) {
            context().mode = mode;
            const std::int64_t earned = pct(sale, "12.5");
            context().mode = opposite;
            BOOST_TEST(pct(-sale, "12.5") == -earned);
        }
}

BOOST_FIXTURE_TEST_CASE(s14_splits_by_largest_remainder, calls) {
    BOOST_TEST(pct(1999, "30") == 600);
    const struct {
        std::int64_t pool;
        std::vector<int> weights;
        std::vector<int> expected;
    } cases[] = {{600, {40, 20, 40}, {240, 120, 240}},
                 {600, {40, 10, 10, 40}, {240, 60, 60, 240}},
                 {1000, {1, 1, 1}, {334, 333, 333}},
                 {1001, {70, 30}, {701, 300}}};
    const auto values_of = [](const std::vector<int>& numbers) {
        std::vector<value> made;
        for (const int each : numbers)
            made.push_back(value::int64(each));
        return made;
    };
    for (const auto& each : cases) {
        const auto weights = values_of(each.weights);
        const auto expected = values_of(each.expected);
        BOOST_TEST(call("allocate", {value::int64(each.pool), value::list(weights)}) ==
                   value::list(expected));
    }
}

BOOST_AUTO_TEST_SUITE_END()
