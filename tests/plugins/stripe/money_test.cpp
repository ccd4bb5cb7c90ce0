#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <limits>

#include "harness.hpp"
#include "money.hpp"

// Goal: amounts are exact integers in Stripe's own minor units, or the record fails with a clear word.

namespace {

using namespace tributary::stripe;
using namespace tributary::stripe::testing;

std::string charge(const std::string& amount, const std::string& currency) {
    return event("charge.succeeded", R"({"id": "ch_1", "object": "charge", "amount": )" + amount +
                                         R"(, "created": 1700000000, "currency": )" + currency +
                                         R"(, "invoice": null, "payment_intent": "pi_1", "paid": true,
                                             "captured": true, "status": "succeeded"})");
}

constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_money)

BOOST_AUTO_TEST_CASE(exponents_are_stripes_own) {
    for (const char* code : {"JPY", "krw", "VND", "CLP", "XPF", "MGA"})
        BOOST_TEST(currency_exponent(code).value() == 0u, code);
    for (const char* code : {"KWD", "bhd", "TND"})
        BOOST_TEST(currency_exponent(code).value() == 3u, code);
    for (const char* code : {"usd", "EUR", "ISK", "UGX", "HUF", "TWD"})
        BOOST_TEST(currency_exponent(code).value() == 2u, code);
    for (const char* code : {"", "us", "usdc", "QQQ", "B J", "ED "})
        BOOST_TEST(!currency_exponent(code), code);
}

BOOST_AUTO_TEST_CASE(zero_and_three_decimals_reach_the_fact) {
    const plugin_under_test plugin;
    BOOST_TEST(plugin.normalise(charge("500", "\"jpy\"")).only(TRB_KIND_PAYMENT).member("cash") ==
               "500 JPY/0");
    BOOST_TEST(plugin.normalise(charge("12340", "\"kwd\"")).only(TRB_KIND_PAYMENT).member("cash") ==
               "12340 KWD/3");
}

BOOST_AUTO_TEST_CASE(unknown_currencies_fail_the_record) {
    const plugin_under_test plugin;
    for (const char* currency : {"\"qqq\"", "\"\"", "null", "7"}) {
        const normalised result = plugin.normalise(charge("500", currency));
        BOOST_TEST(result.status == TRB_INVALID);
        BOOST_TEST(result.code == "unknown_currency");
        BOOST_TEST(result.facts.empty());
    }
}

BOOST_AUTO_TEST_CASE(amounts_that_are_no_integers_fail_the_record) {
    const plugin_under_test plugin;
    for (const char* amount :
         {"9223372036854775808", "-9223372036854775809", "1.5", "1e3", "\"500\"", "true", "[]"}) {
        const normalised result = plugin.normalise(charge(amount, "\"usd\""));
        BOOST_TEST(result.status == TRB_INVALID, amount);
        BOOST_TEST(result.code == "amount_out_of_range", amount);
        BOOST_TEST(result.facts.empty());
    }
    BOOST_TEST(
        plugin.normalise(charge("9223372036854775807", "\"usd\"")).only(TRB_KIND_PAYMENT).member("cash") ==
        "9223372036854775807 USD/2");
}

BOOST_AUTO_TEST_CASE(sums_do_not_overflow_silently) {
    fault problem;
    BOOST_TEST(add(highest, 1, problem) == 0);
    BOOST_TEST(problem.as_outcome().code() == "amount_out_of_range");
    fault other;
    subtract(std::numeric_limits<std::int64_t>::min(), 1, other);
    BOOST_TEST(static_cast<bool>(other));
}

BOOST_AUTO_TEST_CASE(scaling_rounds_half_away_from_zero) {
    fault problem;
    BOOST_TEST(scale(1, 1, 2, problem) == 1);
    BOOST_TEST(scale(-1, 1, 2, problem) == -1);
    BOOST_TEST(scale(1, 1, 3, problem) == 0);
    BOOST_TEST(scale(2, 1, 3, problem) == 1);
    BOOST_TEST(scale(1900, 10831, 11900, problem) == 1729); // 1729.32
    BOOST_TEST(scale(highest, highest, highest, problem) == highest);
    BOOST_TEST(!problem);
    scale(highest, 2, 1, problem);
    BOOST_TEST(static_cast<bool>(problem));
    fault by_zero;
    scale(1, 1, 0, by_zero);
    BOOST_TEST(static_cast<bool>(by_zero));
}

BOOST_AUTO_TEST_CASE(prices_below_a_minor_unit_keep_their_decimals) {
    BOOST_TEST(parse_decimal("1500")->amount_minor == 1500);
    BOOST_TEST(parse_decimal("1500")->more_decimals == 0u);
    BOOST_TEST(parse_decimal("0.125")->amount_minor == 125);
    BOOST_TEST(parse_decimal("0.125")->more_decimals == 3u);
    BOOST_TEST(parse_decimal("2.50")->amount_minor == 25);
    BOOST_TEST(parse_decimal("2.50")->more_decimals == 1u);
    for (const char* wrong : {"", ".", ".5", "1.2.3", "1e3", "0.1234567890123", "99999999999999999999", " 1"})
        BOOST_TEST(!parse_decimal(wrong), wrong);
}

BOOST_AUTO_TEST_SUITE_END()
