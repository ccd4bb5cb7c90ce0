#include <boost/test/unit_test.hpp>

#include <numeric>

#include "calendar.hpp"
#include "money.hpp"
#include "reward.hpp"

using namespace tributary::attribution;

BOOST_AUTO_TEST_SUITE(exact_arithmetic)

BOOST_AUTO_TEST_CASE(a_tie_is_rounded_up_and_what_is_just_below_it_down) {
    BOOST_TEST(divide_half_up(5, 10) == 1);
    BOOST_TEST(divide_half_up(4999, 10000) == 0);
    BOOST_TEST(divide_half_up(25, 10) == 3);
    BOOST_TEST(divide_half_up(-5, 10) == 0);
    BOOST_TEST(divide_half_up(-15, 10) == -1);
    BOOST_TEST(divide_half_up(-16, 10) == -2);
}

BOOST_AUTO_TEST_CASE(a_split_keeps_its_sum_and_gives_what_is_left_to_the_largest_remainders) {
    const std::vector<std::int64_t> thirds{1, 1, 1};
    BOOST_TEST(split_by_largest_remainder(100, thirds) == (std::vector<std::int64_t>{34, 33, 33}),
               boost::test_tools::per_element());
    const std::vector<std::int64_t> weights{1, 5, 3};
    BOOST_TEST(split_by_largest_remainder(10, weights) == (std::vector<std::int64_t>{1, 6, 3}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_credit_line_takes_its_part_away) {
    const std::vector<std::int64_t> weights{1500, -500};
    const auto parts = split_by_largest_remainder(333, weights);
    BOOST_TEST(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}) == 333);
    BOOST_TEST(parts[1] < 0);
}

BOOST_AUTO_TEST_CASE(weights_without_a_positive_sum_leave_everything_to_the_first_part) {
    const std::vector<std::int64_t> weights{0, 0};
    BOOST_TEST(split_by_largest_remainder(7, weights) == (std::vector<std::int64_t>{7, 0}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_largest_amounts_do_not_overflow) {
    const std::vector<std::int64_t> lines{amount_minor_max};
    reward_terms terms;
    terms.rate_bps = 10'000;
    BOOST_TEST(earn(terms, {lines, amount_minor_max, amount_minor_max, 1}).total == amount_minor_max);
}

BOOST_AUTO_TEST_CASE(partial_refunds_recompute_on_what_remains) {
    // 12.5 % of 9999, refunded in three equal parts: 1250, 833, 417, 0.
    reward_terms terms;
    terms.rate_bps = 1'250;
    const std::vector<std::int64_t> lines{9999};
    BOOST_TEST(earn(terms, {lines, 9999, 9999, 1}).total == 1250);
    BOOST_TEST(earn(terms, {lines, 9999, 6666, 1}).total == 833);
    BOOST_TEST(earn(terms, {lines, 9999, 3333, 1}).total == 417);
    BOOST_TEST(earn(terms, {lines, 9999, 0, 1}).total == 0);
}

BOOST_AUTO_TEST_CASE(half_a_cent_per_line_is_rounded_up_per_line_and_not_once_for_the_sum) {
    reward_terms terms;
    terms.rate_bps = 500;
    const std::vector<std::int64_t> lines{10, 10}; // 0.5 each
    BOOST_TEST(earn(terms, {lines, 20, 20, 1}).total == 2);
    const std::vector<std::int64_t> one{20};
    BOOST_TEST(earn(terms, {one, 20, 20, 1}).total == 1);
}

BOOST_AUTO_TEST_CASE(a_rate_of_two_point_nine_percent_is_exact) {
    reward_terms terms;
    terms.rate_bps = 290;
    const std::vector<std::int64_t> lines{500}; // 14.5: in doubles it is 14.499...
    BOOST_TEST(earn(terms, {lines, 500, 500, 1}).total == 15);
}

BOOST_AUTO_TEST_CASE(amounts_change_their_number_of_decimals_exactly) {
    BOOST_TEST(rescale(1235, 3, 2) == 124);
    BOOST_TEST(rescale(12, 0, 2) == 1200);
    BOOST_TEST(currency_exponent("JPY") == 0u);
    BOOST_TEST(currency_exponent("KWD") == 3u);
    BOOST_TEST(currency_exponent("EUR") == 2u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(calendar)

BOOST_AUTO_TEST_CASE(times_are_written_with_milliseconds_and_read_back) {
    BOOST_TEST(iso_utc(1'769'850'000'005) == "2026-01-31T09:00:00.005Z");
    BOOST_TEST(parse_iso_utc("2026-01-31T09:00:00.005Z").value() == 1'769'850'000'005);
    BOOST_TEST(parse_iso_utc("2026-01-31").value() == 1'769'817'600'000);
    BOOST_TEST(parse_iso_utc("2026-01-31T11:00:00+02:00").value() == 1'769'850'000'000);
    BOOST_TEST(iso_utc(-1) == "1969-12-31T23:59:59.999Z");
}

BOOST_AUTO_TEST_CASE(what_is_no_date_is_refused) {
    for (const char* text :
         {"", "2026", "2026-13-01", "2026-02-30", "2026-01-01T25:00Z", "2026-01-01T10:00:00.Z", "2026-01-01x",
          "2026-01-01T10:00:00+99:00", "yesterday"})
        BOOST_TEST(!parse_iso_utc(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(months_are_calendar_months_clamped_to_the_end_of_the_shorter_one) {
    const auto at = [](const char* text) { return parse_iso_utc(text).value(); };
    BOOST_TEST(months_between(at("2026-01-31"), at("2026-02-27")) == 0);
    BOOST_TEST(months_between(at("2026-01-31"), at("2026-02-28")) == 1);
    BOOST_TEST(months_between(at("2026-01-15T10:00:00Z"), at("2026-02-15T09:59:59Z")) == 0);
    BOOST_TEST(months_between(at("2026-01-15T10:00:00Z"), at("2026-02-15T10:00:00Z")) == 1);
    BOOST_TEST(months_between(at("2024-02-29"), at("2025-02-28")) == 12);
    BOOST_TEST(months_between(at("2026-05-01"), at("2026-01-01")) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
