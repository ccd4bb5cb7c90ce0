#include "simulator_world.hpp"

namespace tributary::stripe::simulated {

json::object make_invoice_payment(const world& shop, const payment_ids& payment) {
    const std::int64_t total = shop.price().total;
    return {{"id", payment.invoice_payment},
            {"object", "invoice_payment"},
            {"amount_paid", total},
            {"amount_requested", total},
            {"created", shop.now_s - 2},
            {"currency", shop.chosen.currency},
            {"invoice", payment.invoice},
            {"is_default", true},
            {"livemode", shop.live},
            {"payment", {{"payment_intent", payment.intent}, {"type", "payment_intent"}}},
            {"status", "paid"},
            {"status_transitions", {{"canceled_at", nullptr}, {"paid_at", shop.now_s - 1}}}};
}

namespace {

json::object make_price(const world& shop, bool recurring) {
    json::object price{{"id", shop.price_id},
                       {"object", "price"},
                       {"active", true},
                       {"billing_scheme", "per_unit"},
                       {"currency", shop.chosen.currency},
                       {"livemode", shop.live},
                       {"metadata", json::object{}},
                       {"product", shop.product_id},
                       {"recurring", nullptr},
                       {"tax_behavior", "exclusive"},
                       {"type", recurring ? "recurring" : "one_time"},
                       {"unit_amount", shop.chosen.amount},
                       {"unit_amount_decimal", std::to_string(shop.chosen.amount)}};
    if (recurring)
        price["recurring"] = {{"interval", "month"}, {"interval_count", 1}, {"usage_type", "licensed"}};
    return price;
}

json::array tax_entries(const world& shop, std::int64_t tax) {
    if (tax == 0)
        return {};
    if (shop.api.split_invoices())
        return {{{"amount", tax},
                 {"tax_behavior", "exclusive"},
                 {"taxability_reason", "standard_rated"},
                 {"tax_rate_details", {{"tax_rate", "txr_1Simulated"}}},
                 {"type", "tax_rate_details"}}};
    return {{{"amount", tax}, {"inclusive", false}, {"tax_rate", "txr_1Simulated"}}};
}

constexpr std::int64_t month_s = 30 * 86'400;

json::object make_line(const world& shop, const payment_ids& payment, bool recurring, std::int64_t start_s) {
    const price_tag price = shop.price();
    json::object line{{"id", payment.line},
                      {"object", "line_item"},
                      {"amount", price.net},
                      {"currency", shop.chosen.currency},
                      {"description", "1 simulated thing"},
                      {"discount_amounts", json::array{}},
                      {"discountable", true},
                      {"discounts", json::array{}},
                      {"livemode", shop.live},
                      {"metadata", recurring ? user_metadata(shop, true) : json::object{}},
                      {"period", {{"end", recurring ? start_s + month_s : start_s}, {"start", start_s}}},
                      {"quantity", shop.chosen.quantity}};
    if (shop.api.split_invoices()) {
        const json::object item{{"proration", false},
                                {"subscription", text_or_null(recurring ? shop.subscription_id : "")},
                                {"subscription_item", shop.subscription_item_id}};
        const json::object own{
            {"invoice_item", "ii_1Simulated"}, {"proration", false}, {"subscription", nullptr}};
        line["parent"] = {{"invoice_item_details", recurring ? json::value() : json::value(own)},
                          {"subscription_item_details", recurring ? json::value(item) : json::value()},
                          {"type", recurring ? "subscription_item_details" : "invoice_item_details"}};
        line["pricing"] = {{"price_details", {{"price", shop.price_id}, {"product", shop.product_id}}},
                           {"type", "price_details"},
                           {"unit_amount_decimal", std::to_string(shop.chosen.amount)}};
        line["taxes"] = tax_entries(shop, price.tax);
        return line;
    }
    line["price"] = make_price(shop, recurring);
    line["proration"] = false;
    line["subscription"] = text_or_null(recurring ? shop.subscription_id : "");
    line["tax_amounts"] = tax_entries(shop, price.tax);
    line["type"] = recurring ? "subscription" : "invoiceitem";
    return line;
}

} // namespace

json::object make_invoice(const world& shop, const payment_ids& payment, std::string_view billing_reason,
                          std::int64_t period_start_s) {
    const price_tag price = shop.price();
    const bool recurring = billing_reason != "manual";
    json::object invoice{{"id", payment.invoice},
                         {"object", "invoice"},
                         {"amount_due", price.total},
                         {"amount_paid", price.total},
                         {"amount_remaining", 0},
                         {"attempt_count", 1},
                         {"attempted", true},
                         {"billing_reason", billing_reason},
                         {"collection_method", "charge_automatically"},
                         {"created", shop.now_s - 3},
                         {"currency", shop.chosen.currency},
                         {"customer", text_or_null(shop.customer_id)},
                         {"customer_address", address()},
                         {"customer_email", shop.chosen.email},
                         {"customer_name", "Ada Buyer"},
                         {"discounts", json::array{}},
                         {"ending_balance", 0},
                         {"lines", list_of({make_line(shop, payment, recurring, period_start_s)},
                                           "/v1/invoices/" + payment.invoice + "/lines")},
                         {"livemode", shop.live},
                         {"metadata", json::object{}},
                         {"number", "9A1B2C3D-0001"},
                         {"period_end", period_start_s},
                         {"period_start", period_start_s},
                         {"starting_balance", 0},
                         {"status", "paid"},
                         {"status_transitions",
                          {{"finalized_at", shop.now_s - 2},
                           {"marked_uncollectible_at", nullptr},
                           {"paid_at", shop.now_s - 1},
                           {"voided_at", nullptr}}},
                         {"subtotal", price.net},
                         {"total", price.total},
                         {"total_discount_amounts", json::array{}}};
    // The oldest webhooks did not tell the total without tax.
    if (shop.api.since("2022-11-15"))
        invoice["total_excluding_tax"] = price.net;
    const json::object details{{"metadata", user_metadata(shop, true)},
                               {"subscription", shop.subscription_id}};
    if (shop.api.split_invoices()) {
        const json::object parent{
            {"quote_details", nullptr}, {"subscription_details", details}, {"type", "subscription_details"}};
        invoice["parent"] = recurring ? json::value(parent) : json::value();
        invoice["total_taxes"] = tax_entries(shop, price.tax);
        return invoice;
    }
    invoice["charge"] = payment.charge;
    invoice["paid"] = true;
    invoice["paid_out_of_band"] = false;
    invoice["payment_intent"] = payment.intent;
    invoice["subscription"] = text_or_null(recurring ? shop.subscription_id : "");
    invoice["tax"] = price.tax == 0 ? json::value() : json::value(price.tax);
    invoice["total_tax_amounts"] = tax_entries(shop, price.tax);
    if (recurring && shop.api.since("2023-08-16"))
        invoice["subscription_details"] = {{"metadata", details.at("metadata")}};
    return invoice;
}

json::object make_subscription(const world& shop, const payment_ids& latest, std::int64_t created_s,
                               std::int64_t period_start_s) {
    json::object item{{"id", shop.subscription_item_id},
                      {"object", "subscription_item"},
                      {"created", created_s},
                      {"metadata", json::object{}},
                      {"price", make_price(shop, true)},
                      {"quantity", shop.chosen.quantity},
                      {"subscription", shop.subscription_id}};
    const std::int64_t period_end_s = period_start_s + month_s;
    if (shop.api.split_invoices()) {
        item["current_period_end"] = period_end_s;
        item["current_period_start"] = period_start_s;
    }
    if (shop.api.pauses_by_item())
        item["current_trial"] = nullptr;
    json::object subscription{
        {"id", shop.subscription_id},
        {"object", "subscription"},
        {"cancel_at", nullptr},
        {"cancel_at_period_end", false},
        {"canceled_at", nullptr},
        {"collection_method", "charge_automatically"},
        {"created", created_s},
        {"currency", shop.chosen.currency},
        {"customer", shop.customer_id},
        {"discounts", json::array{}},
        {"ended_at", nullptr},
        {"items", list_of({std::move(item)}, "/v1/subscription_items?subscription=" + shop.subscription_id)},
        {"latest_invoice", latest.invoice},
        {"livemode", shop.live},
        {"metadata", user_metadata(shop, true)},
        {"pause_collection", nullptr},
        {"start_date", created_s},
        {"status", "active"},
        {"trial_end", nullptr},
        {"trial_start", nullptr}};
    if (!shop.api.split_invoices()) {
        subscription["current_period_end"] = period_end_s;
        subscription["current_period_start"] = period_start_s;
    }
    if (shop.api.since("2025-09-30"))
        subscription["billing_mode"] = {{"flexible", {{"proration_discounts", "included"}}},
                                        {"type", "flexible"}};
    if (shop.api.pauses_by_item())
        subscription["status_details"] = {{"paused", nullptr}};
    return subscription;
}

} // namespace tributary::stripe::simulated
