#include <boost/test/unit_test.hpp>

#include "harness.hpp"

// Goal: everything that may happen to a subscription is told: scheduled ends, both kinds of pause, periods
// and trials of single items, changes to come; a renewal differs from a change of plan by its items. Credit
// notes say which lines of a refund went back.

namespace {

using namespace tributary::stripe::testing;

std::map<std::string, std::string> tell(std::string_view type, const std::string& object, std::int32_t kind) {
    const normalised told = plugin_under_test().normalise(event(type, object));
    BOOST_REQUIRE(told.status == 0);
    return told.only(kind).all;
}

std::string item(const std::string& id, const std::string& price, int quantity,
                 const std::string& more = {}) {
    return R"({"id": ")" + id + R"(", "quantity": )" + std::to_string(quantity) + R"(, "price": {"id": ")" +
           price +
           R"(", "product": "prod_1", "currency": "usd", "unit_amount": 900, "tax_behavior": "inclusive", "recurring":
        {"interval": "month", "interval_count": 1}})" +
           (more.empty() ? "" : ", " + more) + "}";
}

std::map<std::string, std::string> subscription(const std::string& members, const std::string& items,
                                                std::string_view type = "customer.subscription.updated") {
    return tell(
        type,
        R"({"id": "sub_1", "object": "subscription", "customer": "cus_1", "status": "active", "items": {"data": [)" +
            items + "]}" + (members.empty() ? "" : ", " + members) + "}",
        TRB_KIND_SUBSCRIPTION);
}

std::string items_of(const std::map<std::string, std::string>& all) {
    std::string text;
    for (const auto& [name, value] : all)
        if (name.ends_with("price_id") || name.ends_with("quantity"))
            text += name + "=" + value + " ";
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_subscription)

BOOST_AUTO_TEST_CASE(a_scheduled_end_is_told_however_it_was_asked_for) {
    const std::string one = item("si_1", "price_1", 1, R"("current_period_end": 1702592000)");
    BOOST_TEST(subscription(
                   R"("cancel_at_period_end": true, "cancel_at": 1702592000, "canceled_at": 1700000000)", one)
                   .at("cancel_at_ms") == "1702592000000");
    BOOST_TEST(subscription(R"("cancel_at_period_end": true)", one).at("cancel_at_ms") == "1702592000000");
    BOOST_TEST(
        subscription(R"("cancel_at_period_end": false, "cancel_at": 1711111111)", one).at("cancel_at_ms") ==
        "1711111111000");
    // Taken back: nothing is scheduled, which is said and not left open.
    BOOST_TEST(subscription(R"("cancel_at_period_end": false, "cancel_at": null)", one).at("cancel_at_ms") ==
               "0");
    BOOST_TEST(subscription(R"("cancellation_details": {"reason": "payment_failed"}, "status": "canceled")",
                            one, "customer.subscription.deleted")
                   .at("cancel_reason") == "payment_failed");
}

BOOST_AUTO_TEST_CASE(both_kinds_of_pause) {
    const std::string one = item("si_1", "price_1", 1);
    const auto uncollected =
        subscription(R"("pause_collection": {"behavior": "void", "resumes_at": 1702592000})", one);
    BOOST_TEST(uncollected.at("collection_paused") == "1");
    BOOST_TEST(uncollected.at("resumes_at_ms") == "1702592000000");
    BOOST_TEST(uncollected.at("status") == std::to_string(TRB_SUBSCRIPTION_ACTIVE));
    BOOST_TEST(subscription(R"("pause_collection": {"behavior": "keep_as_draft", "resumes_at": null})", one)
                   .at("resumes_at_ms") == "0");
    const auto running = subscription(R"("pause_collection": null)", one);
    BOOST_TEST(running.at("collection_paused") == "0");
    BOOST_TEST(!running.contains("resumes_at_ms"));
    const auto paused = subscription(
        R"("status": "paused", "status_details": {"paused": {"subscription": {"type": "pause_requested"}}})",
        one, "customer.subscription.paused");
    BOOST_TEST(paused.at("status") == std::to_string(TRB_SUBSCRIPTION_PAUSED));
    BOOST_TEST(paused.at("pause_reason") == "pause_requested");
}

BOOST_AUTO_TEST_CASE(items_have_periods_trials_and_amounts_of_their_own) {
    const auto all = subscription(
        "",
        item("si_1", "price_1", 2,
             R"("current_period_start": 1700000000, "current_period_end": 1702592000)") +
            "," +
            item(
                "si_2", "price_2", 1,
                R"("current_period_start": 1700000000, "current_period_end": 1731536000, "current_trial": {"end_date": 1701000000})"));
    BOOST_TEST(all.at("period_end_ms") == "1731536000000"); // Access lasts as long as the longest.
    BOOST_TEST(all.at("items.0.period_end_ms") == "1702592000000");
    BOOST_TEST(all.at("items.1.period_end_ms") == "1731536000000");
    BOOST_TEST(all.at("items.0.amount") == "1800 USD/2");
    BOOST_TEST(all.at("items.0.tax_inclusive") == "1");
    BOOST_TEST(all.at("items.1.trial_end_ms") == "1701000000000");
    BOOST_TEST(all.at("trial_end_ms") == "1701000000000");
}

BOOST_AUTO_TEST_CASE(a_renewal_moves_the_period_and_a_change_of_plan_the_items) {
    const auto first = subscription("", item("si_1", "price_1", 1, R"("current_period_end": 1702592000)"));
    const auto renewed = subscription("", item("si_1", "price_1", 1, R"("current_period_end": 1705184000)"));
    const auto upgraded = subscription("", item("si_1", "price_2", 1, R"("current_period_end": 1705184000)"));
    const auto more_seats =
        subscription("", item("si_1", "price_1", 4, R"("current_period_end": 1705184000)"));
    BOOST_TEST(items_of(first) == items_of(renewed));
    BOOST_TEST(first.at("period_end_ms") != renewed.at("period_end_ms"));
    BOOST_TEST(items_of(upgraded) != items_of(renewed));
    BOOST_TEST(items_of(more_seats) != items_of(renewed));
}

BOOST_AUTO_TEST_CASE(a_schedule_says_what_comes_next) {
    const std::string phases =
        R"("phases": [{"start_date": 1690000000, "end_date": 1702592000, "items": [{"price": "price_1"}]},
        {"start_date": 1702592000, "end_date": 1734128000, "items": [{"price": "price_2", "quantity": 3}]}])";
    const std::string head =
        R"({"id": "sub_sched_1", "object": "subscription_schedule", "customer": "cus_1", )";
    const auto ahead = tell(
        "subscription_schedule.updated",
        head + R"("subscription": "sub_1", "status": "active", "end_behavior": "cancel", )" + phases + "}",
        TRB_KIND_SCHEDULE);
    BOOST_TEST(ahead.at("active") == "1");
    BOOST_TEST(ahead.at("subscription_id") == "sub_1");
    BOOST_TEST(ahead.at("change_at_ms") == "1702592000000");
    BOOST_TEST(ahead.at("items.0.price_id") == "price_2");
    BOOST_TEST(ahead.at("items.0.quantity") == "3");
    BOOST_TEST(ahead.at("items.0.unpriced") == "not_told"); // A phase holds the price's id only.
    BOOST_TEST(ahead.at("ends_at_ms") == "1734128000000");
    const auto released =
        tell("subscription_schedule.released",
             head + R"("subscription": null, "released_subscription": "sub_1", "status": "released", )" +
                 phases + "}",
             TRB_KIND_SCHEDULE);
    BOOST_TEST(released.at("active") == "0");
    BOOST_TEST(released.at("change_at_ms") == "0");
    BOOST_TEST(released.at("ends_at_ms") == "0");
    BOOST_TEST(!released.contains("items.0.price_id"));
}

BOOST_AUTO_TEST_CASE(a_credit_note_says_which_lines_of_its_refund_went_back) {
    const std::string note =
        R"({"id": "cn_1", "object": "credit_note", "invoice": "in_1", "customer": "cus_1", "currency": "usd",
        "created": 1700000300, "status": "issued", "type": "post_payment", "reason": "order_change", "total": 476,
        "refunds": [{"type": "refund", "refund": "re_1", "amount_refunded": 476}], "lines": {"data": [
        {"id": "cnli_1", "invoice_line_item": "il_2", "amount": 400, "quantity": 1, "taxes": [{"amount": 76,
        "tax_behavior": "exclusive"}]}]}})";
    const normalised told = plugin_under_test().normalise(event("credit_note.created", note));
    const captured_fact* lines = told.document("cn_1:lines");
    BOOST_REQUIRE(lines != nullptr);
    BOOST_TEST((lines->same_as == std::vector<std::string>{"re_1"}));
    BOOST_TEST(lines->all.at("lines.0.id") == "il_2");
    BOOST_TEST(lines->all.at("lines.0.net_minor") == "400");
    BOOST_TEST(lines->all.at("lines.0.tax_minor") == "76");
    BOOST_TEST(!lines->all.contains("status")); // How the refund stands it says itself.
    // It vouches for the refund, and is believed after all that the refund says.
    const captured_fact* vouched = told.document("cn_1");
    BOOST_REQUIRE(vouched != nullptr);
    BOOST_TEST(vouched->source_rank < 10);
    BOOST_TEST(vouched->all.at("amount") == "476 USD/2");
    BOOST_TEST(!vouched->all.contains("created_at_ms")); // The charge may have told of it before.
    const normalised voided = plugin_under_test().normalise(event("credit_note.voided", note));
    BOOST_TEST(voided.document("cn_1")->all.at("status") == std::to_string(TRB_REFUND_CANCELED));
    BOOST_TEST(!voided.document("cn_1:lines")->all.contains("lines.0.id"));
}

BOOST_AUTO_TEST_CASE(a_credit_note_that_returns_no_money_is_left_alone) {
    const std::string head =
        R"({"id": "cn_1", "object": "credit_note", "invoice": "in_1", "currency": "usd", "created": 1700000300,
        "status": "issued", "total": 476, "refunds": [], "lines": {"data": []}, )";
    const plugin_under_test plugin;
    for (const char* kind : {R"("type": "pre_payment"})",
                             R"("type": "post_payment", "customer_balance_transaction": "cbtxn_1"})"}) {
        const normalised told = plugin.normalise(event("credit_note.created", head + kind));
        BOOST_TEST(told.facts.empty());
        BOOST_TEST((told.notes == std::vector<std::string>{"ignored"}));
    }
    const normalised elsewhere = plugin.normalise(
        event("credit_note.created", head + R"("type": "post_payment", "out_of_band_amount": 476})"));
    BOOST_TEST(elsewhere.only(TRB_KIND_REFUND).document == "cn_1:elsewhere");
    BOOST_TEST(elsewhere.only(TRB_KIND_REFUND).all.at("amount") == "476 USD/2");
    BOOST_TEST((elsewhere.only(TRB_KIND_REFUND).parents == std::vector<std::string>{"in_1"}));
    BOOST_TEST(elsewhere.only(TRB_KIND_REFUND).all.at("out_of_band") == "1");
    const normalised recorded =
        plugin.normalise(event("credit_note.created", R"({"id": "cn_2", "object": "credit_note",
        "invoice": "in_1", "currency": "usd", "created": 1700000300, "status": "issued", "total": 400, "lines": {"data": []},
        "refunds": [{"type": "payment_record_refund", "refund": null, "amount_refunded": 400, "payment_record_refund":
        {"payment_record": "pr_1", "refund_group": "rg_1"}}], "out_of_band_amount": null})"));
    BOOST_TEST(recorded.only(TRB_KIND_REFUND).all.at("amount") == "400 USD/2");
}

BOOST_AUTO_TEST_CASE(a_credit_note_over_several_refunds_says_no_lines) {
    const normalised told =
        plugin_under_test().normalise(event("credit_note.created",
                                            R"({"id": "cn_1", "object": "credit_note", "invoice": "in_1",
        "currency": "usd", "created": 1700000300, "status": "issued", "total": 500, "refunds": [{"refund": "re_1",
        "amount_refunded": 300}, {"refund": "re_2", "amount_refunded": 200}], "lines": {"data": [{"id": "cnli_1",
        "invoice_line_item": "il_1", "amount": 500}]}})"));
    BOOST_TEST(told.facts.empty());
}

BOOST_AUTO_TEST_SUITE_END()
