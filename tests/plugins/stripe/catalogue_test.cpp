#include <boost/test/unit_test.hpp>

#include "harness.hpp"

// Goal: products, prices, coupons, promotion codes, schedules and entitlements become catalogue and grants;
// tiered and metered prices are priced exactly or carry the reason why not; nothing of it joins customers.

namespace {

using namespace tributary::stripe::testing;

captured_fact tell(std::string_view type, const std::string& object, std::int32_t kind) {
    const normalised told = plugin_under_test().normalise(event(type, object));
    BOOST_REQUIRE(told.status == 0);
    return told.only(kind);
}

/// The item of a subscription with this price, for so many.
std::map<std::string, std::string> item(const std::string& price, int quantity) {
    return tell(
               "customer.subscription.created",
               R"({"id": "sub_1", "object": "subscription", "customer": "cus_1", "status": "active", "items": {"data":
        [{"id": "si_1", "quantity": )" +
                   std::to_string(quantity) + R"(, "price": {"id": "price_1", "currency": "usd", )" + price +
                   "}}]}}",
               TRB_KIND_SUBSCRIPTION)
        .all;
}

std::string amount(const std::string& price, int quantity) {
    const auto all = item(price, quantity);
    const std::string reason = all.at("items.0.unpriced");
    return reason.empty() ? all.at("items.0.amount") : reason;
}

constexpr auto graduated =
    R"("billing_scheme": "tiered", "tiers_mode": "graduated", "unit_amount": null, "tiers": [
    {"up_to": 10, "unit_amount": 500, "flat_amount": 1000}, {"up_to": 20, "unit_amount": 300},
    {"up_to": null, "unit_amount_decimal": "0.25", "flat_amount_decimal": "10"}])";
constexpr auto volume = R"("billing_scheme": "tiered", "tiers_mode": "volume", "unit_amount": null, "tiers": [
    {"up_to": 10, "unit_amount": 500, "flat_amount": 1000}, {"up_to": null, "unit_amount": 300}])";

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_catalogue)

BOOST_AUTO_TEST_CASE(tiers_are_gone_through_exactly) {
    BOOST_TEST(amount(graduated, 0) == "1000 USD/2"); // The first tier's flat amount is due for nothing too.
    BOOST_TEST(amount(graduated, 1) == "1500 USD/2");
    BOOST_TEST(amount(graduated, 10) == "6000 USD/2");
    BOOST_TEST(amount(graduated, 11) == "6300 USD/2");
    BOOST_TEST(amount(graduated, 20) == "9000 USD/2");
    BOOST_TEST(amount(graduated, 21) == "901025 USD/4");
    BOOST_TEST(amount(volume, 10) == "6000 USD/2");
    BOOST_TEST(amount(volume, 11) == "3300 USD/2");
}

BOOST_AUTO_TEST_CASE(packages_are_counted_as_stripe_rounds_them) {
    const std::string of_ten = R"("unit_amount": 700, "transform_quantity": {"divide_by": 10, "round": )";
    BOOST_TEST(amount(of_ten + R"("up"})", 11) == "1400 USD/2");
    BOOST_TEST(amount(of_ten + R"("up"})", 20) == "1400 USD/2");
    BOOST_TEST(amount(of_ten + R"("down"})", 19) == "700 USD/2");
}

BOOST_AUTO_TEST_CASE(a_price_that_cannot_be_told_says_why) {
    BOOST_TEST(amount(R"("billing_scheme": "tiered", "tiers_mode": "volume", "unit_amount": null)", 3) ==
               "tiered");
    BOOST_TEST(amount(R"("unit_amount": 5, "recurring": {"usage_type": "metered", "interval": "month"})",
                      3) == "metered");
    BOOST_TEST(amount(R"("unit_amount": null, "custom_unit_amount": {"minimum": 100})", 3) == "custom");
    BOOST_TEST(amount(R"("unit_amount": 9223372036854775807)", 3) == "out_of_range");
    BOOST_TEST(
        amount(
            R"("billing_scheme": "tiered", "unit_amount": null, "tiers": [{"up_to": 2, "unit_amount": 1}])",
            3) == "out_of_range");
    BOOST_TEST(
        amount(
            R"("billing_scheme": "tiered", "unit_amount": null, "tiers": [{"up_to": null, "unit_amount_decimal": "x"}])",
            3) == "out_of_range");
}

BOOST_AUTO_TEST_CASE(a_price_and_its_plan_are_one_thing) {
    const captured_fact price =
        tell("price.updated",
             R"({"id": "price_1", "object": "price", "active": true, "currency": "jpy", "product": "prod_1",
        "nickname": "Yearly", "unit_amount": 1200, "tax_behavior": "inclusive", "billing_scheme": "per_unit",
        "recurring": {"interval": "year", "interval_count": 1, "usage_type": "licensed"}})",
             TRB_KIND_PRICE);
    const captured_fact plan =
        tell("plan.updated",
             R"({"id": "price_1", "object": "plan", "active": true, "currency": "jpy", "product": "prod_1",
        "nickname": "Yearly", "amount": 1200, "billing_scheme": "per_unit", "interval": "year", "interval_count": 1,
        "usage_type": "licensed"})",
             TRB_KIND_PRICE);
    BOOST_TEST(price.document == "price:price_1");
    BOOST_TEST((plan.same_as == std::vector<std::string>{price.document}));
    BOOST_TEST(plan.source_rank < price.source_rank); // Whichever comes later: the price knows more.
    BOOST_TEST(!plan.all.contains("tax_inclusive"));
    BOOST_TEST(price.all.at("unit_amount") == "1200 JPY/0");
    BOOST_TEST(plan.all.at("unit_amount") == price.all.at("unit_amount"));
    BOOST_TEST(plan.all.at("interval") == "year");
    BOOST_TEST(price.all.at("tax_inclusive") == "1");
    BOOST_TEST(price.parents.empty());
    BOOST_TEST(price.claims.empty());
    const captured_fact gone =
        tell("price.deleted", R"({"id": "price_1", "object": "price", "deleted": true})", TRB_KIND_PRICE);
    BOOST_TEST(gone.all.at("active") == "0");
    BOOST_TEST(tell("price.created",
                    R"({"id": "price_2", "object": "price", "currency": "usd", "billing_scheme": "tiered",
        "unit_amount": null, "recurring": {"interval": "month"}})",
                    TRB_KIND_PRICE)
                   .all.at("unpriced") == "tiered");
}

BOOST_AUTO_TEST_CASE(coupons_and_promotion_codes) {
    const captured_fact coupon =
        tell("coupon.updated",
             R"({"id": "AUTUMN", "object": "coupon", "name": "Autumn", "amount_off": 500, "currency": "usd",
        "duration": "once", "valid": true, "metadata": {"a": "b"}})",
             TRB_KIND_COUPON);
    BOOST_TEST(coupon.document == "coupon:AUTUMN"); // People choose these ids.
    BOOST_TEST(coupon.all.at("amount_off") == "500 USD/2");
    BOOST_TEST(coupon.all.at("metadata.a") == "b");
    BOOST_TEST(coupon.parents.empty());
    BOOST_TEST(tell("coupon.deleted",
                    R"({"id": "AUTUMN", "object": "coupon", "duration": "once", "valid": true})",
                    TRB_KIND_COUPON)
                   .all.at("active") == "0");
    for (const auto& [given, read] : std::map<std::string, std::string>{{"25", "25"},
                                                                        {"25.0", "25"},
                                                                        {"12.5", "12.5"},
                                                                        {"33.33", "33.33"},
                                                                        {"\"7.25\"", "7.25"},
                                                                        {"0.1", "0.1"}})
        BOOST_TEST(
            tell("coupon.created",
                 R"({"id": "P", "object": "coupon", "duration": "forever", "percent_off": )" + given + "}",
                 TRB_KIND_COUPON)
                .all.at("percent") == read);
    // The host would refuse the fact for it, and with it the record.
    BOOST_TEST(!tell("coupon.created",
                     R"({"id": "P", "object": "coupon", "duration": "forever", "percent_off": "\u0000"})",
                     TRB_KIND_COUPON)
                    .all.contains("percent"));
    const captured_fact code =
        tell("promotion_code.updated",
             R"({"id": "promo_1", "object": "promotion_code", "code": "SAVE", "active": false,
        "promotion": {"type": "coupon", "coupon": {"id": "AUTUMN"}}})",
             TRB_KIND_PROMOTION_CODE);
    BOOST_TEST(code.all.at("code") == "SAVE");
    BOOST_TEST(code.all.at("coupon_id") == "AUTUMN");
    BOOST_TEST(code.all.at("active") == "0");
}

BOOST_AUTO_TEST_CASE(a_redemption_ends_when_it_is_taken_away) {
    const std::string discount =
        R"({"id": "di_1", "object": "discount", "customer": "cus_1", "start": 1700000000, "end": 1702592000,
        "source": {"type": "coupon", "coupon": "AUTUMN"}})";
    const captured_fact taken = tell("customer.discount.created", discount, TRB_KIND_REDEMPTION);
    BOOST_TEST(taken.all.at("ends_at_ms") == "1702592000000");
    BOOST_TEST(!taken.all.contains("ended"));
    BOOST_TEST(tell("customer.discount.deleted", discount, TRB_KIND_REDEMPTION).all.at("ended") == "1");
}

BOOST_AUTO_TEST_CASE(discounts_of_a_sale_name_what_took_the_money_off) {
    const auto all =
        tell("invoice.paid",
             R"({"id": "in_1", "object": "invoice", "currency": "usd", "status": "paid", "total": 800,
        "amount_paid": 800, "total_discount_amounts": [{"amount": 150, "discount": "di_1"}, {"amount": 50, "discount": "di_2"}],
        "discounts": ["di_1", "di_2", "di_3"], "lines": {"data": []}})",
             TRB_KIND_PAYMENT)
            .all;
    BOOST_TEST(all.at("discounts.0.id") == "di_1");
    BOOST_TEST(all.at("discounts.0.amount_minor") == "150");
    BOOST_TEST(all.at("discounts.1.amount_minor") == "50");
    BOOST_TEST(all.at("discounts.2.id") == "di_3");
    BOOST_TEST(!all.contains("discounts.2.amount_minor"));
    const auto session =
        tell("checkout.session.completed",
             R"({"id": "cs_1", "object": "checkout.session", "mode": "payment", "status": "complete",
        "payment_status": "paid", "amount_total": 800, "currency": "usd", "discounts": [{"coupon": "AUTUMN",
        "promotion_code": "promo_1"}], "total_details": {"amount_tax": 0, "amount_discount": 200}})",
             TRB_KIND_PAYMENT)
            .all;
    BOOST_TEST(session.at("discounts.0.promotion_code_id") == "promo_1");
    BOOST_TEST(session.at("discounts.0.coupon_id") == "AUTUMN");
    BOOST_TEST(session.at("discounts.0.amount_minor") == "200");
}

BOOST_AUTO_TEST_CASE(fee_and_net_are_told_when_they_are_there) {
    const std::string charge =
        R"({"id": "ch_1", "object": "charge", "amount": 2000, "currency": "usd", "created": 1700000000,
        "status": "succeeded", "captured": true, "paid": true, "invoice": null, "balance_transaction": )";
    const auto known =
        tell("charge.updated",
             charge + R"({"id": "txn_1", "amount": 1800, "fee": 88, "net": 1712, "currency": "eur"}})",
             TRB_KIND_PAYMENT)
            .all;
    BOOST_TEST(known.at("fee") == "88 EUR/2");
    BOOST_TEST(known.at("net") == "1712 EUR/2");
    const auto unknown = tell("charge.updated", charge + R"("txn_1"})", TRB_KIND_PAYMENT).all;
    BOOST_TEST(!unknown.contains("fee"));
    BOOST_TEST(!unknown.contains("net"));
}

BOOST_AUTO_TEST_CASE(features_are_granted_and_taken_away) {
    const plugin_under_test plugin;
    const std::string head =
        R"({"object": "event", "id": "evt_1", "type": "entitlements.active_entitlement_summary.updated",
        "created": 1700000000, "data": {"object": {"object": "entitlements.active_entitlement_summary", "customer": "cus_1",
        "entitlements": {"object": "list", "data": [{"id": "ent_1", "feature": "feat_1", "lookup_key": "journeys"}], "has_more": )";
    const std::string before =
        R"(}}, "previous_attributes": {"entitlements": {"data": [{"id": "ent_2", "feature": "feat_2",
        "lookup_key": "reports"}, {"id": "ent_1", "feature": "feat_1", "lookup_key": "journeys"}]}}}})";
    const normalised told = plugin.normalise(head + "false" + before);
    BOOST_REQUIRE(told.facts.size() == 2u);
    BOOST_TEST(told.facts[0].document == "entitlement:cus_1:feat_1");
    BOOST_TEST(told.facts[0].all.at("product_id") == "journeys");
    BOOST_TEST(told.facts[0].all.at("revoked") == "0");
    BOOST_TEST(told.facts[1].all.at("product_id") == "reports");
    BOOST_TEST(told.facts[1].all.at("revoked") == "1");
    BOOST_TEST((told.facts[1].parents == std::vector<std::string>{"cus_1"}));
    // Ten at most are in the event: with more, what it lacks may still be granted, and all are asked for.
    const normalised cut = plugin.normalise(head + "true" + before);
    BOOST_TEST(cut.facts.size() == 1u);
    BOOST_REQUIRE(cut.wants.size() == 1u);
    BOOST_TEST(cut.wants[0].purpose == "entitlements:cus_1.1700000000");
    BOOST_TEST(cut.wants[0].url ==
               "https://api.stripe.com/v1/entitlements/active_entitlements?limit=100&customer=cus_1");
    input answer;
    answer.purpose = cut.wants[0].purpose;
    answer.body =
        R"({"object": "list", "has_more": true, "data": [{"id": "ent_9", "object": "entitlements.active_entitlement", "feature": "feat_9"}]})";
    const normalised page = plugin.normalise({answer});
    BOOST_TEST(page.only(TRB_KIND_GRANT).all.at("product_id") == "feat_9");
    BOOST_REQUIRE(page.wants.size() == 1u);
    BOOST_TEST(page.wants[0].purpose == "entitlements:cus_1.1700000000/2");
    BOOST_TEST(page.wants[0].url.ends_with("&starting_after=ent_9"));
}

BOOST_AUTO_TEST_SUITE_END()
