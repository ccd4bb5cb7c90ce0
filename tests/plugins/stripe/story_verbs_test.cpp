#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "merged_facts.hpp"
#include "simulator/verbs.hpp"

// Goal: what the shipped stories do not use is told soundly too: every verb and every ending, in every
// version, with what must come of it.

namespace {

using namespace tributary::stripe;
using namespace tributary::stripe::testing;
namespace data = boost::unit_test::data;

struct short_story {
    const char* about;
    const char* steps;
    std::int64_t sales;
    std::int64_t net; ///< Of pieces at 1000 without tax.
    std::int64_t refunded = 0;
    std::int64_t disputes_open = 0;
    const char* since = "";
};
std::ostream& operator<<(std::ostream& out, const short_story& one) {
    return out << one.about;
}

const short_story stories[] = {
    {"a customer moves, buys and is deleted",
     R"({"customer": {"email": "a@example.com", "name": "Grace", "country": "DE"}},
        {"customer": {"change": "updated", "email": "b@example.com"}}, {"checkout": {}},
        {"customer": {"change": "deleted"}})",
     1, 1000},
    {"a second customer comes in",
     R"({"checkout": {}}, {"customer": {"email": "c@example.com"}}, {"checkout": {"invoice": true}})", 2,
     2000},
    {"a refund settles later", R"({"checkout": {}}, {"refund": {"outcome": "settles_later", "amount": 400}})",
     1, 1000, 400},
    {"a refund is canceled", R"({"checkout": {}}, {"refund": {"outcome": "canceled", "amount": 400}})", 1,
     1000},
    {"two refunds of one payment",
     R"({"checkout": {}}, {"refund": {"amount": 100}}, {"refund": {"amount": 200}})", 1, 1000, 300},
    {"a dispute stays open", R"({"checkout": {}}, {"dispute": {"outcome": "open", "amount": 500}})", 1, 1000,
     0, 1},
    {"all of it for nothing", R"({"checkout": {"coupon": {"percent": 100}}})", 0, 0},
    {"a delayed payment with an invoice",
     R"({"checkout": {"payment": "later", "settles_in": "3d", "invoice": true}})", 1, 1000},
    {"an invoice is written off and paid all the same",
     R"({"invoice": {}}, {"uncollectible": {}}, {"pay": {}})", 1, 1000},
    {"an invoice is charged and fails twice",
     R"({"invoice": {"sent": false}}, {"pay": {"fails": 2, "retry_every": "1d"}})", 1, 1000},
    {"an invoice with a coupon", R"({"invoice": {"coupon": {"amount": 250, "id": "WELCOME"}}}, {"pay": {}})",
     1, 750},
    {"a credit note goes to the balance, the next invoice spends it",
     R"({"invoice": {}}, {"pay": {}}, {"credit_note": {"amount": 300, "to": "balance"}}, {"invoice": {}},
        {"pay": {}})",
     2, 2000},
    {"a change waits for the renewal",
     R"({"subscribe": {}}, {"change": {"items": [{"amount": 1500}], "when": "renewal"}}, {"wait": "interval_s"},
        {"renew": {}})",
     2, 2500},
    {"a change without proration",
     R"({"subscribe": {}}, {"change": {"items": [{"amount": 1500}]}}, {"renew": {}})", 2, 2500},
    {"two items become one",
     R"({"subscribe": {"items": [{}, {"product": "seats", "amount": 200, "quantity": 3}]}},
        {"change": {"items": [{}]}}, {"renew": {}})",
     2, 2600},
    {"collection is paused with drafts",
     R"({"subscribe": {}}, {"pause": {"behavior": "keep_as_draft"}}, {"renew": {}}, {"resume": {}}, {"renew": {}})",
     2, 2000},
    {"collection is paused and written off",
     R"({"subscribe": {}}, {"pause": {"behavior": "mark_uncollectible"}}, {"renew": {}})", 1, 1000},
    {"a trial ends without a payment method and is canceled",
     R"({"subscribe": {"trial": "7d", "payment_method": false, "without_payment_method": "cancel"}},
        {"wait": "7d"}, {"renew": {}})",
     0, 0},
    {"a trial ends without a payment method and is billed",
     R"({"subscribe": {"trial": "7d", "payment_method": false}}, {"wait": "7d"}, {"renew": {"fails": 1}})", 1,
     1000},
    {"a trial with a coupon that it does not use up",
     R"({"subscribe": {"trial": "7d", "coupon": {"percent": 50}}}, {"wait": "7d"}, {"renew": {}}, {"renew": {}})",
     2, 1500},
    {"a coupon for ever",
     R"({"subscribe": {"coupon": {"percent": 20, "duration": "forever"}}}, {"renew": {}}, {"renew": {}})", 3,
     2400},
    {"the first payment is made up for",
     R"({"subscribe": {"by": "api", "payment": "fails"}}, {"wait": "1h"}, {"pay": {}})", 1, 1000},
    {"a renewal stays past due and is paid by hand",
     R"({"subscribe": {"by": "api"}}, {"renew": {"fails": 1, "paid": false, "subscription": "past_due"}},
        {"wait": "9d"}, {"pay": {}})",
     2, 2000},
    {"a renewal is given up and voided",
     R"({"subscribe": {}}, {"renew": {"fails": 1, "paid": false, "invoice": "void"}})", 1, 1000},
    {"an unpaid subscription is canceled",
     R"({"subscribe": {}}, {"renew": {"fails": 1, "paid": false, "subscription": "unpaid"}}, {"cancel": {}})",
     1, 1000},
    {"a trial by the api", R"({"subscribe": {"by": "api", "trial": "7d"}}, {"wait": "7d"}, {"renew": {}})", 1,
     1000},
    {"an invoice in three parts",
     R"({"invoice": {}}, {"pay": {"amount": 200}}, {"pay": {"amount": 300}}, {"pay": {}})", 1, 1000, 0, 0,
     "2025-05-28.basil"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_story_verbs)

BOOST_DATA_TEST_CASE(come_out_as_they_should_in_every_version,
                     data::make(stories) * data::make(all_versions()), one, version) {
    if (version < one.since)
        return;
    const plugin_under_test plugin;
    const told_story told = plugin.tell_file(
        R"({"name": "short", "summary": "short", "parameters": {"amount": 1000}, "expect": {}, "steps": [)" +
            std::string(one.steps) + "]}",
        {{"user", "user_1"}}, version);
    BOOST_REQUIRE_MESSAGE(told.status == TRB_OK, told.message);
    const auto outcome = outcome_of(read_all(plugin, told.deliveries), version);
    BOOST_TEST(outcome.at("sales") == one.sales);
    BOOST_TEST(outcome.at("net") == one.net);
    BOOST_TEST(outcome.at("refunded") == one.refunded);
    BOOST_TEST(outcome.at("disputes_open") == one.disputes_open);
    BOOST_TEST(outcome.at("disputes_lost") == 0);
}

BOOST_AUTO_TEST_SUITE_END()
