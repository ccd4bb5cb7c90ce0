#include <tributary/abi/provider.h>

#include "simulator_world.hpp"

namespace tributary::stripe::simulated {

world::world(const trb_story_request& request, choices made, api_generation generation)
    : chosen(std::move(made)), api(std::move(generation)), ids(request.seed, sdk::view(request.story)),
      live(request.environment == TRB_LIVE), now_s(request.at_ms / 1000) {
    customer_id = chosen.customer.empty() ? ids.make("cus_", 14) : chosen.customer;
    session_id = ids.make(live ? "cs_live_" : "cs_test_", 58);
    product_id = chosen.product.empty() ? ids.make("prod_", 14) : chosen.product;
    price_id = ids.make("price_1");
    if (chosen.email.empty())
        chosen.email = "buyer." + ids.make("", 8) + "@example.com";
}

payment_ids world::make_payment(bool with_invoice) {
    payment_ids made;
    made.intent = ids.make("pi_3");
    made.charge = ids.make("ch_3");
    made.balance_transaction = ids.make("txn_3");
    made.line = ids.make("il_1");
    if (!with_invoice)
        return made;
    made.invoice = ids.make("in_1");
    made.invoice_payment = ids.make("inpay_1");
    return made;
}

price_tag world::price() const noexcept {
    price_tag tag;
    tag.net = chosen.amount * chosen.quantity;
    tag.tax = (tag.net * chosen.tax_percent + 50) / 100;
    tag.total = tag.net + tag.tax;
    return tag;
}

json::value text_or_null(std::string_view text) {
    return text.empty() ? json::value() : json::value(text);
}

json::object user_metadata(const world& shop, bool with_click) {
    json::object metadata;
    if (!shop.chosen.user.empty())
        metadata["trb_id"] = shop.chosen.user;
    if (with_click && !shop.chosen.click.empty())
        metadata["trb_click"] = shop.chosen.click;
    return metadata;
}

json::object address() {
    return {{"city", nullptr},  {"country", "US"},        {"line1", nullptr},
            {"line2", nullptr}, {"postal_code", "94107"}, {"state", nullptr}};
}

json::object list_of(json::array data, std::string url) {
    return {{"object", "list"}, {"data", std::move(data)}, {"has_more", false}, {"url", std::move(url)}};
}

json::object make_customer(const world& shop) {
    return {{"id", shop.customer_id},     {"object", "customer"},
            {"address", address()},       {"balance", 0},
            {"created", shop.now_s},      {"currency", nullptr},
            {"default_source", nullptr},  {"delinquent", false},
            {"description", nullptr},     {"discount", nullptr},
            {"email", shop.chosen.email}, {"invoice_prefix", "9A1B2C3D"},
            {"livemode", shop.live},      {"metadata", user_metadata(shop, true)},
            {"name", "Ada Buyer"},        {"next_invoice_sequence", 1},
            {"phone", nullptr},           {"preferred_locales", json::array{"en"}},
            {"shipping", nullptr},        {"tax_exempt", "none"},
            {"test_clock", nullptr}};
}

json::object make_session(const world& shop, const payment_ids& payment, session_state state) {
    const price_tag price = shop.price();
    const bool subscription = state.mode == "subscription";
    json::object session{
        {"id", shop.session_id},
        {"object", "checkout.session"},
        {"allow_promotion_codes", nullptr},
        {"amount_subtotal", price.net},
        {"amount_total", price.total},
        {"cancel_url", "https://example.com/cancel"},
        {"client_reference_id", text_or_null(shop.client_reference)},
        {"created", shop.now_s - 60},
        {"currency", shop.chosen.currency},
        {"currency_conversion", nullptr},
        {"customer", text_or_null(shop.customer_id)},
        {"customer_creation", subscription ? "always" : "if_required"},
        {"customer_details",
         {{"address", address()},
          {"email", shop.chosen.email},
          {"name", "Ada Buyer"},
          {"phone", nullptr},
          {"tax_exempt", "none"},
          {"tax_ids", json::array{}}}},
        {"customer_email", nullptr},
        {"expires_at", shop.now_s + 86'340},
        {"invoice", text_or_null(payment.invoice)},
        {"livemode", shop.live},
        {"locale", nullptr},
        {"metadata", user_metadata(shop, true)},
        {"mode", state.mode},
        // Sessions of subscriptions never named a payment intent: their invoice does, or did.
        {"payment_intent", subscription ? json::value() : json::value(payment.intent)},
        {"payment_link", text_or_null(shop.payment_link)},
        {"payment_method_types", json::array{"card"}},
        {"payment_status", state.payment_status},
        {"setup_intent", nullptr},
        {"shipping_cost", nullptr},
        {"status", "complete"},
        {"subscription", text_or_null(subscription ? shop.subscription_id : "")},
        {"success_url", "https://example.com/success"},
        {"total_details", {{"amount_discount", 0}, {"amount_shipping", 0}, {"amount_tax", price.tax}}},
        {"url", nullptr}};
    if (!shop.api.split_invoices())
        session["shipping_details"] = nullptr;
    else
        session["collected_information"] = {{"shipping_details", nullptr}};
    return session;
}

json::object make_intent(const world& shop, const payment_ids& payment) {
    const std::int64_t total = shop.price().total;
    json::object intent{{"id", payment.intent},
                        {"object", "payment_intent"},
                        {"amount", total},
                        {"amount_capturable", 0},
                        {"amount_received", total},
                        {"canceled_at", nullptr},
                        {"capture_method", "automatic"},
                        {"created", shop.now_s - 30},
                        {"currency", shop.chosen.currency},
                        {"customer", text_or_null(shop.customer_id)},
                        {"description", nullptr},
                        {"last_payment_error", nullptr},
                        {"livemode", shop.live},
                        {"metadata", json::object{}},
                        {"payment_method_types", json::array{"card"}},
                        {"receipt_email", nullptr},
                        {"status", "succeeded"}};
    if (shop.api.embeds_refunds())
        intent["charges"] = list_of({make_charge(shop, payment, shop.now_s - 2, {})},
                                    "/v1/charges?payment_intent=" + payment.intent);
    else
        intent["latest_charge"] = payment.charge;
    if (!shop.api.split_invoices())
        intent["invoice"] = text_or_null(payment.invoice);
    return intent;
}

json::object make_charge(const world& shop, const payment_ids& payment, std::int64_t created_s,
                         charge_state state) {
    const std::int64_t total = shop.price().total;
    const bool succeeded = state.status == "succeeded";
    json::object charge{
        {"id", payment.charge},
        {"object", "charge"},
        {"amount", total},
        {"amount_captured", succeeded ? total : 0},
        {"amount_refunded", state.refunded},
        {"application_fee", nullptr},
        {"balance_transaction", text_or_null(state.settled ? payment.balance_transaction : "")},
        {"billing_details",
         {{"address", address()}, {"email", shop.chosen.email}, {"name", "Ada Buyer"}, {"phone", nullptr}}},
        {"captured", succeeded},
        {"created", created_s},
        {"currency", shop.chosen.currency},
        {"customer", text_or_null(shop.customer_id)},
        {"description", nullptr},
        {"disputed", state.disputed},
        {"failure_code", nullptr},
        {"failure_message", nullptr},
        {"livemode", shop.live},
        {"metadata", json::object{}},
        {"paid", succeeded},
        {"payment_intent", payment.intent},
        {"payment_method_details",
         {{"card", {{"brand", "visa"}, {"country", "US"}, {"last4", "4242"}}}, {"type", "card"}}},
        {"receipt_email", nullptr},
        {"refunded", state.refunded == total && total > 0},
        {"status", state.status}};
    if (!shop.api.split_invoices())
        charge["invoice"] = text_or_null(payment.invoice);
    if (shop.api.embeds_refunds())
        charge["refunds"] = list_of(std::move(state.refunds), "/v1/charges/" + payment.charge + "/refunds");
    return charge;
}

json::object make_refund(const world& shop, const payment_ids& payment, std::string_view id,
                         std::int64_t created_s, std::int64_t amount, std::string_view status) {
    json::object refund{{"id", id},
                        {"object", "refund"},
                        {"amount", amount},
                        {"balance_transaction", nullptr},
                        {"charge", payment.charge},
                        {"created", created_s},
                        {"currency", shop.chosen.currency},
                        {"metadata", json::object{}},
                        {"payment_intent", payment.intent},
                        {"reason", "requested_by_customer"},
                        {"receipt_number", nullptr},
                        {"status", status}};
    if (status == "failed")
        refund["failure_reason"] = "expired_or_canceled_card";
    if (shop.api.since("2026-03-25"))
        refund["customer"] = text_or_null(shop.customer_id);
    return refund;
}

json::object make_dispute(const world& shop, const payment_ids& payment, std::string_view id,
                          std::int64_t created_s, std::string_view status) {
    return {{"id", id},
            {"object", "dispute"},
            {"amount", shop.price().total},
            {"balance_transactions", json::array{}},
            {"charge", payment.charge},
            {"created", created_s},
            {"currency", shop.chosen.currency},
            {"evidence_details",
             {{"due_by", created_s + 7 * 86'400},
              {"has_evidence", false},
              {"past_due", false},
              {"submission_count", 0}}},
            {"is_charge_refundable", false},
            {"livemode", shop.live},
            {"metadata", json::object{}},
            {"payment_intent", payment.intent},
            {"reason", "fraudulent"},
            {"status", status}};
}

} // namespace tributary::stripe::simulated
