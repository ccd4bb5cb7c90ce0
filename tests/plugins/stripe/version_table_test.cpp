#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "harness.hpp"

// Goal: whatever API version wrote an object, the same is read from it. One case for each fact that moved
// between 2020-08-27 and 2026-10-28.endive (../shared/reference/stripe.md, section 3, is the list). Method:
// the same object in the old and in the new shape, and the facts compared whole.

namespace {

using namespace tributary::stripe::testing;

normalised tell(std::string_view type, const std::string& object) {
    return plugin_under_test().normalise(event(type, object));
}

std::string described(const captured_fact& fact) {
    std::string text = std::to_string(fact.kind) + " " + fact.document + "\n";
    const auto list = [&text](const char* name, std::vector<std::string> values) {
        std::sort(values.begin(), values.end());
        for (const std::string& value : values)
            text += std::string("  ") + name + " " + value + "\n";
    };
    list("same_as", fact.same_as);
    list("parent", fact.parents);
    for (const auto& [name, value] : fact.claims)
        text += "  claim " + name + "=" + value + "\n";
    for (const auto& [name, value] : fact.all)
        text += "  " + name + "=" + value + "\n";
    return text;
}

/// All facts of a kind, as one text.
std::string facts_of(const normalised& told, std::int32_t kind) {
    std::string text;
    for (const captured_fact& fact : told.facts)
        if (fact.kind == kind)
            text += described(fact);
    return text;
}

void same(std::string_view type, std::int32_t kind, const std::string& old_shape,
          const std::string& new_shape) {
    const normalised before = tell(type, old_shape);
    const normalised after = tell(type, new_shape);
    BOOST_REQUIRE(before.status == 0);
    BOOST_REQUIRE(after.status == 0);
    BOOST_TEST(!facts_of(before, kind).empty());
    BOOST_TEST(facts_of(before, kind) == facts_of(after, kind));
}

/// A paid invoice of 1190 with 190 tax, and whatever the case is about.
std::string invoice(const std::string& members, const std::string& line = {}) {
    return R"({"id": "in_1", "object": "invoice", "created": 1700000000, "currency": "eur", "customer": "cus_1",
        "total": 1190, "amount_paid": 1190, "status_transitions": {"paid_at": 1700000100},
        "lines": {"object": "list", "has_more": false, "data": [{"id": "il_1", "object": "line_item", "amount": 1000)" +
           (line.empty() ? "" : ", " + line) + "}]}" + (members.empty() ? "" : ", " + members) + "}";
}

std::string subscription(const std::string& members, const std::string& item = {}) {
    return R"({"id": "sub_1", "object": "subscription", "customer": "cus_1", "status": "active", "created": 1700000000,
        "items": {"object": "list", "data": [{"id": "si_1", "quantity": 2, "price": {"id": "price_1", "product": "prod_1",
        "currency": "eur", "unit_amount": 500, "recurring": {"interval": "month", "interval_count": 1}})" +
           (item.empty() ? "" : ", " + item) + "}]}" + (members.empty() ? "" : ", " + members) + "}";
}

constexpr auto paid = R"("status": "paid", "total_excluding_tax": 1000)";

std::string with_paid(const std::string& members) {
    return std::string(paid) + ", " + members;
}

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_version_table)

BOOST_AUTO_TEST_CASE(the_subscription_of_an_invoice) {
    same("invoice.paid", TRB_KIND_PAYMENT,
         invoice(with_paid(R"("billing_reason": "subscription_cycle", "subscription": "sub_1")")),
         invoice(with_paid(R"("billing_reason": "subscription_cycle", "subscription": null, "parent":
            {"type": "subscription_details", "subscription_details": {"subscription": "sub_1"}})")));
}

BOOST_AUTO_TEST_CASE(an_invoice_s_copy_of_the_subscription_s_metadata) {
    same("invoice.paid", TRB_KIND_PAYMENT,
         invoice(
             with_paid(R"("subscription": "sub_1", "subscription_details": {"metadata": {"trb_id": "u"}})")),
         invoice(with_paid(R"("parent": {"type": "subscription_details", "subscription_details":
            {"subscription": "sub_1", "metadata": {"trb_id": "u"}}})")));
}

BOOST_AUTO_TEST_CASE(whether_an_invoice_is_paid) {
    same("invoice.paid", TRB_KIND_PAYMENT, invoice(with_paid(R"("paid": true)")), invoice(paid));
}

BOOST_AUTO_TEST_CASE(money_that_came_in_elsewhere) {
    // Until 2025-03-31 it was no part of amount_paid; from then on it is.
    const std::string old_shape =
        R"({"id": "in_1", "object": "invoice", "created": 1700000000, "currency": "eur",
        "total": 1190, "total_excluding_tax": 1000, "amount_due": 1190, "amount_paid": 0, "paid": true,
        "paid_out_of_band": true, "status": "paid", "status_transitions": {"paid_at": 1700000100},
        "lines": {"data": [{"id": "il_1", "amount": 1000}]}})";
    same("invoice.paid", TRB_KIND_PAYMENT, old_shape,
         R"({"id": "in_1", "object": "invoice", "created": 1700000000, "currency": "eur", "total": 1190,
        "total_excluding_tax": 1000, "amount_due": 1190, "amount_paid": 1190, "amount_paid_off_stripe": 1190,
        "status": "paid", "status_transitions": {"paid_at": 1700000100}, "lines": {"data": [{"id": "il_1", "amount": 1000}]}})");
    BOOST_TEST(tell("invoice.paid", old_shape).only(TRB_KIND_PAYMENT).member("out_of_band") == "1");
}

BOOST_AUTO_TEST_CASE(the_payment_of_an_invoice) {
    same("invoice.paid", TRB_KIND_PAYMENT,
         invoice(with_paid(R"("charge": "ch_1", "payment_intent": "pi_1")")),
         invoice(with_paid(R"("payments": {"object": "list", "data": [{"status": "paid", "payment":
            {"type": "payment_intent", "payment_intent": "pi_1", "charge": "ch_1"}}]})")));
}

BOOST_AUTO_TEST_CASE(the_invoice_of_a_charge) {
    const std::string charge =
        R"({"id": "ch_1", "object": "charge", "amount": 1190, "currency": "eur", "created": 1700000000,
        "status": "succeeded", "captured": true, "paid": true, "payment_intent": "pi_1")";
    const normalised before = tell("charge.succeeded", charge + R"(, "invoice": "in_1"})");
    BOOST_TEST(before.only(TRB_KIND_PAYMENT).all.at("invoice_id") == "in_1");
    BOOST_TEST(before.wants.empty());
    // It does not say any more, so Stripe is asked, and the answer joins the two.
    const normalised after = tell("charge.succeeded", charge + "}");
    BOOST_TEST(!after.only(TRB_KIND_PAYMENT).states("status"));
    BOOST_REQUIRE(after.wants.size() == 1u);
    BOOST_TEST(after.wants[0].purpose == "invoice_payments:pi_1");
    input answer;
    answer.purpose = after.wants[0].purpose;
    answer.http_status = 200;
    answer.body =
        R"({"object": "list", "data": [{"id": "inpay_1", "object": "invoice_payment", "invoice": "in_1",
        "status": "paid", "payment": {"type": "payment_intent", "payment_intent": "pi_1"}}]})";
    const captured_fact link = plugin_under_test().normalise({answer}).only(TRB_KIND_PAYMENT);
    BOOST_TEST((link.same_as == std::vector<std::string>{"in_1", "pi_1"}));
}

BOOST_AUTO_TEST_CASE(the_period_of_a_subscription) {
    same("customer.subscription.updated", TRB_KIND_SUBSCRIPTION,
         subscription(R"("current_period_start": 1700000000, "current_period_end": 1702592000)"),
         subscription("", R"("current_period_start": 1700000000, "current_period_end": 1702592000)"));
}

BOOST_AUTO_TEST_CASE(price_and_product_of_a_line) {
    same(
        "invoice.paid", TRB_KIND_PAYMENT,
        invoice(
            paid,
            R"("price": {"id": "price_1", "product": "prod_1"}, "plan": {"id": "price_1", "product": "prod_1"})"),
        invoice(paid, R"("pricing": {"type": "price_details", "unit_amount_decimal": "1000",
            "price_details": {"price": "price_1", "product": "prod_1"}})"));
}

BOOST_AUTO_TEST_CASE(proration_of_a_line) {
    same("invoice.paid", TRB_KIND_PAYMENT,
         invoice(paid, R"("type": "subscription", "subscription_item": "si_1", "proration": true)"),
         invoice(paid, R"("parent": {"type": "subscription_item_details", "subscription_item_details":
            {"subscription_item": "si_1", "proration": true}})"));
}

BOOST_AUTO_TEST_CASE(lines_that_were_put_on_by_hand) {
    same("invoice.paid", TRB_KIND_PAYMENT, invoice(paid, R"("type": "invoiceitem", "invoice_item": "ii_1")"),
         invoice(paid, R"("parent": {"type": "invoice_item_details", "invoice_item_details":
            {"invoice_item": "ii_1", "proration": false}})"));
}

BOOST_AUTO_TEST_CASE(tax_of_a_line) {
    for (const char* inclusive : {"true", "false"}) {
        const std::string behavior = std::string(inclusive) == "true" ? "inclusive" : "exclusive";
        same("invoice.paid", TRB_KIND_PAYMENT,
             invoice(paid, R"("tax_amounts": [{"amount": 190, "tax_rate": "txr_1", "inclusive": )" +
                               std::string(inclusive) + "}]"),
             invoice(
                 paid,
                 R"("taxes": [{"amount": 190, "tax_rate_details": {"tax_rate": "txr_1"}, "tax_behavior": ")" +
                     behavior + "\"}]"));
    }
}

BOOST_AUTO_TEST_CASE(tax_of_an_invoice) {
    constexpr auto state = R"("status": "paid")";
    const std::string newest =
        invoice(std::string(state) + R"(, "total_taxes": [{"amount": 190, "tax_behavior": "exclusive"}])");
    same("invoice.paid", TRB_KIND_PAYMENT,
         invoice(std::string(state) + R"(, "total_tax_amounts": [{"amount": 190, "inclusive": false}])"),
         newest);
    same("invoice.paid", TRB_KIND_PAYMENT, invoice(std::string(state) + R"(, "tax": 190)"), newest);
}

BOOST_AUTO_TEST_CASE(an_invoice_without_its_tax) {
    // total_excluding_tax came in 2022; before, it follows from the taxes.
    same("invoice.paid", TRB_KIND_PAYMENT, invoice(R"("status": "paid", "tax": 190)"),
         invoice(R"("status": "paid", "tax": 190, "total_excluding_tax": 1000)"));
}

BOOST_AUTO_TEST_CASE(discounts_of_an_invoice_and_of_a_subscription) {
    constexpr auto amounts = R"(, "total_discount_amounts": [{"amount": 100, "discount": "di_1"}])";
    same("invoice.paid", TRB_KIND_PAYMENT,
         invoice(with_paid(R"("discount": {"id": "di_1", "object": "discount", "coupon": {"id": "TEN"}})") +
                 amounts),
         invoice(with_paid(R"("discounts": ["di_1"])") + amounts));
    same("customer.subscription.updated", TRB_KIND_SUBSCRIPTION,
         subscription(R"("discount": {"id": "di_1", "object": "discount", "coupon": {"id": "TEN"}})"),
         subscription(R"("discounts": ["di_1"])"));
}

BOOST_AUTO_TEST_CASE(the_coupon_of_a_discount) {
    const std::string head =
        R"({"id": "di_1", "object": "discount", "customer": "cus_1", "subscription": "sub_1",
        "start": 1700000000, "end": null, "promotion_code": "promo_1", )";
    const std::string coupon =
        R"({"id": "TEN", "object": "coupon", "percent_off": 12.5, "duration": "repeating", "duration_in_months": 3})";
    same("customer.discount.created", TRB_KIND_REDEMPTION, head + R"("coupon": )" + coupon + "}",
         head + R"("source": {"type": "coupon", "coupon": )" + coupon + "}}");
    const captured_fact fact =
        tell("customer.discount.created", head + R"("coupon": )" + coupon + "}").only(TRB_KIND_REDEMPTION);
    BOOST_TEST(fact.all.at("percent") == "12.5");
    BOOST_TEST(fact.all.at("months") == "3");
    BOOST_TEST(fact.all.at("promotion_code_id") == "promo_1");
    BOOST_TEST((fact.parents == std::vector<std::string>{"sub_1", "cus_1"}));
}

BOOST_AUTO_TEST_CASE(the_coupon_of_a_promotion_code) {
    const std::string head =
        R"({"id": "promo_1", "object": "promotion_code", "code": "SAVE", "active": true, "expires_at": 1800000000, )";
    same("promotion_code.created", TRB_KIND_PROMOTION_CODE,
         head + R"("coupon": {"id": "TEN", "object": "coupon"}})",
         head + R"("promotion": {"type": "coupon", "coupon": "TEN"}})");
}

BOOST_AUTO_TEST_CASE(refunds_in_a_charge) {
    // Until 2022-11-15 a charge held them; since 2024-10-28 each has events of its own.
    const std::string refund =
        R"({"id": "re_1", "object": "refund", "amount": 400, "currency": "eur", "charge": "ch_1",
        "payment_intent": "pi_1", "created": 1700000200, "status": "succeeded", "reason": null})";
    const std::string charge =
        R"({"id": "ch_1", "object": "charge", "amount": 1190, "currency": "eur", "created": 1700000000,
        "status": "succeeded", "captured": true, "paid": true, "payment_intent": "pi_1", "invoice": null, "amount_refunded": 400)";
    const normalised held =
        tell("charge.refunded", charge + R"(, "refunds": {"object": "list", "data": [)" + refund + "]}}");
    BOOST_TEST(facts_of(held, TRB_KIND_REFUND) == facts_of(tell("refund.created", refund), TRB_KIND_REFUND));
    // Between the two, the charge's sum is all that a webhook says.
    const normalised summed = tell("charge.refunded", charge + "}");
    BOOST_TEST(facts_of(summed, TRB_KIND_PAYMENT) == facts_of(held, TRB_KIND_PAYMENT));
    BOOST_TEST(summed.only(TRB_KIND_PAYMENT).member("refunded") == "400 EUR/2");
}

BOOST_AUTO_TEST_CASE(the_refund_of_a_credit_note) {
    const std::string head =
        R"({"id": "cn_1", "object": "credit_note", "invoice": "in_1", "currency": "eur", "total": 400,
        "created": 1700000300, "status": "issued", "type": "post_payment", "customer": "cus_1", "lines": {"data":
        [{"id": "cnli_1", "invoice_line_item": "il_1", "amount": 400, "quantity": 1}]}, )";
    same("credit_note.created", TRB_KIND_REFUND, head + R"("refund": "re_1"})",
         head + R"("refunds": [{"type": "refund", "refund": "re_1", "amount_refunded": 400}]})");
}

BOOST_AUTO_TEST_CASE(where_a_checkout_ships_to) {
    const std::string head =
        R"({"id": "cs_1", "object": "checkout.session", "mode": "payment", "status": "complete",
        "payment_status": "paid", "amount_total": 1190, "currency": "eur", "payment_intent": "pi_1", )";
    same("checkout.session.completed", TRB_KIND_PAYMENT,
         head + R"("shipping_details": {"address": {"country": "DE"}}})",
         head + R"("collected_information": {"shipping_details": {"address": {"country": "DE"}}}})");
}

BOOST_AUTO_TEST_CASE(a_session_that_names_its_payment_only_once_there_is_one) {
    // Since 2022-08-01 the payment intent is made when the buyer confirms.
    const std::string head =
        R"({"id": "cs_1", "object": "checkout.session", "mode": "payment", "amount_total": 1190,
        "currency": "eur", )";
    const normalised expired =
        tell("checkout.session.expired",
             head + R"("status": "expired", "payment_status": "unpaid", "payment_intent": null})");
    BOOST_TEST(expired.status == 0);
    BOOST_TEST(expired.only(TRB_KIND_CHECKOUT).member("status") == "3");
}

BOOST_AUTO_TEST_CASE(a_forecast_of_an_invoice_is_left_alone) {
    const normalised told = tell("invoice.upcoming", R"({"object": "invoice", "total": 1190})");
    BOOST_TEST(told.facts.empty());
    BOOST_TEST((told.notes == std::vector<std::string>{"unsupported"}));
}

BOOST_AUTO_TEST_CASE(metered_items_of_usage_records_and_of_meters) {
    const std::string head =
        R"({"id": "sub_1", "object": "subscription", "customer": "cus_1", "status": "active",
        "current_period_end": 1702592000, "items": {"data": [{"id": "si_1", "price": {"id": "price_1", "currency": "eur",
        "product": "prod_1", "billing_scheme": "per_unit", "unit_amount": 5, "recurring": {"interval": "month",
        "interval_count": 1, "usage_type": "metered")";
    same("customer.subscription.updated", TRB_KIND_SUBSCRIPTION, head + R"(, "aggregate_usage": "sum"}}}]}})",
         head + R"(, "meter": "mtr_1"}}}]}})");
    const captured_fact fact =
        tell("customer.subscription.updated", head + "}}}]}}").only(TRB_KIND_SUBSCRIPTION);
    BOOST_TEST(fact.all.at("items.0.unpriced") == "metered");
    BOOST_TEST(fact.all.at("items.0.unit_amount") == "5 EUR/2");
}

BOOST_AUTO_TEST_CASE(prorations_with_discounts_included_and_itemised) {
    // Flexible billing with included discounts: the amount is net already. The net of the line is the same.
    const auto net = [](const char* line) {
        return tell("invoice.paid",
                    R"({"id": "in_1", "object": "invoice", "created": 1700000000, "currency": "eur",
            "status": "paid", "total": 900, "total_excluding_tax": 900, "amount_paid": 900, "lines": {"data": [)" +
                        std::string(line) + "]}}")
            .only(TRB_KIND_PAYMENT)
            .lines.at(0)
            .net;
    };
    BOOST_TEST(
        net(R"({"id": "il_1", "amount": 1000, "discount_amounts": [{"amount": 100, "discount": "di_1"}]})") ==
        900);
    BOOST_TEST(net(R"({"id": "il_1", "amount": 900, "discount_amounts": []})") == 900);
}

BOOST_AUTO_TEST_CASE(decimals_are_texts_in_every_version) {
    const auto unit = [](const char* price) {
        return tell(
                   "customer.subscription.updated",
                   R"({"id": "sub_1", "object": "subscription", "customer": "cus_1", "status": "active", "items": {"data":
                [{"id": "si_1", "quantity": 3, )" +
                       std::string(price) + "}]}}")
            .only(TRB_KIND_SUBSCRIPTION)
            .all;
    };
    const auto priced =
        unit(R"("price": {"id": "p", "currency": "usd", "unit_amount": null, "unit_amount_decimal": "0.5"})");
    BOOST_TEST(priced.at("items.0.unit_amount") == "5 USD/3");
    BOOST_TEST(priced.at("items.0.amount") == "15 USD/3");
    BOOST_TEST((unit(R"("plan": {"id": "p", "currency": "usd", "amount": null, "amount_decimal": "0.5"})") ==
                priced));
}

BOOST_AUTO_TEST_CASE(customers_of_accounts_v2) {
    const captured_fact fact =
        tell("customer.subscription.updated",
             R"({"id": "sub_1", "object": "subscription", "customer": null, "customer_account": "acct_1",
            "status": "active", "items": {"data": []}})")
            .only(TRB_KIND_SUBSCRIPTION);
    BOOST_TEST((fact.parents == std::vector<std::string>{"acct_1"}));
}

BOOST_AUTO_TEST_CASE(a_refund_that_names_its_customer) {
    const std::string head =
        R"({"id": "re_1", "object": "refund", "amount": 400, "currency": "eur", "charge": "ch_1",
        "created": 1700000200, "status": "succeeded")";
    BOOST_TEST((tell("refund.created", head + "}").only(TRB_KIND_REFUND).parents ==
                std::vector<std::string>{"ch_1"}));
    BOOST_TEST((tell("refund.created", head + R"(, "customer": "cus_1"})").only(TRB_KIND_REFUND).parents ==
                std::vector<std::string>{"ch_1", "cus_1"}));
}

BOOST_AUTO_TEST_CASE(trials_of_items_and_the_reason_of_a_pause) {
    same("customer.subscription.updated", TRB_KIND_SUBSCRIPTION,
         subscription(R"("trial_end": 1701000000)", R"("current_trial": {"end_date": 1701000000})"),
         subscription(
             "",
             R"("current_trial": {"trial_offer": null, "start_date": 1700000000, "end_date": 1701000000})"));
    const captured_fact paused =
        tell("customer.subscription.paused",
             subscription(
                 R"("status_details": {"paused": {"type": "subscription", "transitioned_at": 1700000000,
            "subscription": {"type": "trial_end_without_payment_method"}}})"))
            .only(TRB_KIND_SUBSCRIPTION);
    BOOST_TEST(paused.all.at("pause_reason") == "trial_end_without_payment_method");
}

BOOST_AUTO_TEST_SUITE_END()
