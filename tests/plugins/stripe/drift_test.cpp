#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "harness.hpp"

// Goal: nothing becomes silently "not stated". A word that nobody knows, a member that moved away, a type
// that changed, a version from the future, an event with a new name: each is said with its path and version,
// the rest of the record is read all the same, and nothing unknown books money.

namespace {

using namespace tributary::stripe::testing;

normalised tell(std::string_view type, const std::string& object,
                std::string_view version = "2026-10-28.endive") {
    return plugin_under_test().normalise(
        event(type, object, 1'700'000'000, R"("api_version": ")" + std::string(version) + "\", "));
}

bool says(const normalised& told, const std::string& drift) {
    return std::find(told.drifts.begin(), told.drifts.end(), drift) != told.drifts.end();
}

const std::string charge =
    R"({"id": "ch_1", "object": "charge", "amount": 2000, "currency": "usd", "created": 1700000000,
    "captured": true, "paid": true, "invoice": null)";
const std::string subscription =
    R"({"id": "sub_1", "object": "subscription", "customer": "cus_1", "current_period_end": 1702592000)";
const std::string item =
    R"("id": "si_1", "price": {"id": "p", "currency": "usd", "unit_amount": 5, "recurring": {"interval": )";

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_drift)

BOOST_AUTO_TEST_CASE(sound_bodies_say_none) {
    for (const char* name : {"charge_basil.json", "invoice_2020.json", "invoice_basil.json",
                             "session_payment.json", "subscription_basil.json"}) {
        const normalised told = plugin_under_test().normalise(testdata(name));
        BOOST_TEST(told.drifts.empty(), name << ": " << (told.drifts.empty() ? "" : told.drifts.front()));
    }
}

BOOST_AUTO_TEST_CASE(an_unknown_word_is_said_and_books_nothing) {
    const normalised paid =
        tell("charge.updated", charge + R"(, "status": "half_succeeded"})", "2027-03-01.fern");
    BOOST_TEST(says(paid, "charge.status 2027-03-01.fern half_succeeded"));
    BOOST_TEST(paid.only(TRB_KIND_PAYMENT).member("status") == "1");
    const normalised sub =
        tell("customer.subscription.updated",
             subscription + R"(, "status": "dormant", "items": {"data": [{)" + item + R"("month"}}}]}})");
    BOOST_TEST(says(sub, "subscription.status 2026-10-28.endive dormant"));
    BOOST_TEST(!sub.only(TRB_KIND_SUBSCRIPTION).states("status"));
    BOOST_TEST(sub.only(TRB_KIND_SUBSCRIPTION).items.size() == 1u);
    const normalised dispute =
        tell("charge.dispute.updated", R"({"id": "du_1", "object": "dispute", "amount": 5, "currency": "usd",
        "charge": "ch_1", "status": "mediated"})");
    BOOST_TEST(says(dispute, "dispute.status 2026-10-28.endive mediated"));
    BOOST_TEST(dispute.only(TRB_KIND_DISPUTE).member("status") == "2"); // Held until it is known.
    const normalised refund =
        tell("refund.updated", R"({"id": "re_1", "object": "refund", "amount": 5, "currency": "usd",
        "charge": "ch_1", "created": 1700000000, "status": "in_transit"})");
    BOOST_TEST(says(refund, "refund.status 2026-10-28.endive in_transit"));
    BOOST_TEST(refund.only(TRB_KIND_REFUND).member("status") == "1");
}

BOOST_AUTO_TEST_CASE(words_of_single_items_and_lines_are_looked_at) {
    const normalised sub =
        tell("customer.subscription.updated",
             subscription + R"(, "status": "active", "items": {"data": [{)" + item + R"("fortnight"}}}]}})");
    BOOST_TEST(says(sub, "subscription.items.price.recurring.interval 2026-10-28.endive fortnight"));
    const normalised bill =
        tell("invoice.paid", R"({"id": "in_1", "object": "invoice", "status": "paid", "currency": "usd",
        "total": 100, "amount_paid": 100, "created": 1700000000, "lines": {"data": [{"id": "il_1", "amount": 100,
        "taxes": [{"amount": 1, "tax_behavior": "sideways"}]}]}})");
    BOOST_TEST(says(bill, "invoice.lines.taxes.tax_behavior 2026-10-28.endive sideways"));
}

BOOST_AUTO_TEST_CASE(a_member_that_moved_away_is_missed) {
    const normalised bill =
        tell("invoice.paid", R"({"id": "in_1", "object": "invoice", "status": "paid", "currency": "usd",
        "total": 100, "amount_paid": 100, "created": 1700000000, "billing_reason": "subscription_cycle",
        "parent": {"type": "subscription_details", "subscription_info": "sub_1"}, "lines": {"data": []}})");
    BOOST_TEST(says(bill, "invoice.parent.subscription_details.subscription 2026-10-28.endive missing"));
    BOOST_TEST(bill.only(TRB_KIND_PAYMENT).member("cash") == "100 USD/2");
    const normalised sub = tell("customer.subscription.updated",
                                R"({"id": "sub_1", "object": "subscription", "customer": "cus_1",
        "status": "active", "items": {"data": [{)" +
                                    item + R"("month"}}}]}})");
    BOOST_TEST(says(sub, "subscription.current_period_end 2026-10-28.endive missing"));
}

BOOST_AUTO_TEST_CASE(a_type_that_changed_is_said) {
    const normalised sub =
        tell("customer.subscription.updated",
             subscription + R"(, "status": "active", "cancel_at": "2027-01-01", "items": {"data": [{)" +
                 item + R"("month"}}}]}})");
    BOOST_TEST(says(sub, "subscription.cancel_at 2026-10-28.endive a text"));
    const normalised bill =
        tell("invoice.paid", R"({"id": "in_1", "object": "invoice", "status": "paid", "currency": "usd",
        "total": 100, "amount_paid": 100, "created": 1700000000, "lines": [], "attempt_count": {"value": 3}})");
    BOOST_TEST(says(bill, "invoice.attempt_count 2026-10-28.endive an object"));
    // An amount that is no integer fails the whole record: half a sale is no sale.
    BOOST_TEST(
        tell("invoice.paid",
             R"({"id": "in_1", "object": "invoice", "status": "paid", "currency": "usd", "total": "100",
        "amount_paid": 100, "created": 1700000000, "lines": []})")
            .code == "amount_out_of_range");
}

BOOST_AUTO_TEST_CASE(a_version_from_the_future_is_said_once_in_a_record) {
    const normalised told =
        tell("charge.succeeded", charge + R"(, "status": "succeeded"})", "2027-03-01.fern");
    BOOST_TEST((told.drifts ==
                std::vector<std::string>{"event.api_version 2027-03-01.fern newer than 2026-10-28.endive"}));
    BOOST_TEST(told.only(TRB_KIND_PAYMENT).member("status") == "2");
    BOOST_TEST(
        tell("charge.succeeded", charge + R"(, "status": "succeeded"})", "2026-10-28.endive").drifts.empty());
    BOOST_TEST(tell("charge.succeeded", charge + R"(, "status": "succeeded"})", "2019-02-19").drifts.empty());
}

BOOST_AUTO_TEST_CASE(new_names_of_events_are_news_in_families_that_are_read) {
    const normalised unknown = tell("invoice.partially_refunded", R"({"id": "in_1", "object": "invoice"})");
    BOOST_TEST(unknown.facts.empty());
    BOOST_TEST((unknown.notes == std::vector<std::string>{"unsupported"}));
    BOOST_TEST(says(unknown, "event.type 2026-10-28.endive invoice.partially_refunded"));
    BOOST_TEST(tell("issuing_card.created", R"({"id": "ic_1"})").drifts.empty());
    BOOST_TEST(tell("invoice.sent", R"({"id": "in_1", "object": "invoice"})").drifts.empty());
    // All events of a subscription hold one, whatever they are called.
    const normalised read =
        tell("customer.subscription.frozen",
             subscription + R"(, "status": "active", "items": {"data": [{)" + item + R"("month"}}}]}})");
    BOOST_TEST(read.only(TRB_KIND_SUBSCRIPTION).member("status") == std::to_string(TRB_SUBSCRIPTION_ACTIVE));
    BOOST_TEST(says(read, "event.type 2026-10-28.endive customer.subscription.frozen"));
}

BOOST_AUTO_TEST_CASE(what_is_seen_is_a_word_and_never_long) {
    const normalised told =
        tell("charge.updated", charge + R"(, "status": ")" + std::string(5000, 'x') + "\"}");
    BOOST_REQUIRE(told.drifts.size() == 1u);
    BOOST_TEST(told.drifts[0].size() < 200u);
}

BOOST_AUTO_TEST_SUITE_END()
