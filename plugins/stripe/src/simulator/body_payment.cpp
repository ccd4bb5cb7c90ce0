#include "simulator/bodies.hpp"

namespace tributary::stripe::simulated {
namespace {

/// What the buyer saw: until 2025-03-31 the payment itself was in that currency, since then it says so
/// beside.
struct shown {
    std::string currency;
    std::int64_t amount = 0;
};

shown amount_of(const shop& in, const payment& of) {
    if (of.seen_currency.empty() || in.api.is_split())
        return {in.given.currency, of.amount};
    return {of.seen_currency, of.seen_amount};
}

void add_presentment(const shop& in, const payment& of, json::object& into) {
    if (!of.seen_currency.empty() && in.api.is_split())
        into["presentment_details"] = {{"presentment_amount", of.seen_amount},
                                       {"presentment_currency", of.seen_currency}};
}

} // namespace

json::object make_customer(const shop& in) {
    return {{"id", in.buyer.id},
            {"object", "customer"},
            {"address", address(in)},
            {"balance", in.buyer.balance},
            {"created", in.buyer.created_s},
            {"currency", nullptr},
            {"default_source", nullptr},
            {"delinquent", false},
            {"description", nullptr},
            {"discount", nullptr},
            {"email", in.buyer.email},
            {"invoice_prefix", "9A1B2C3D"},
            {"livemode", in.live},
            {"metadata", user_metadata(in, true)},
            {"name", in.buyer.name},
            {"next_invoice_sequence", 1},
            {"phone", nullptr},
            {"preferred_locales", json::array{"en"}},
            {"shipping", nullptr},
            {"tax_exempt", "none"},
            {"test_clock", nullptr}};
}

json::object make_charge(const shop& in, const payment& of) {
    return make_charge(in, of, of.attempts.back());
}

json::object make_charge(const shop& in, const payment& of, const charge& attempt) {
    const shown amount = amount_of(in, of);
    const bool succeeded = attempt.status == "succeeded";
    const bool failed = attempt.status == "failed";
    const std::int64_t refunded = succeeded ? of.refunded : 0;
    json::object made{
        {"id", attempt.id},
        {"object", "charge"},
        {"amount", amount.amount},
        {"amount_captured", succeeded ? amount.amount : 0},
        {"amount_refunded", refunded},
        {"application_fee", nullptr},
        {"balance_transaction", text_or_null(of.settled && succeeded ? of.balance_transaction : "")},
        {"billing_details",
         {{"address", address(in)}, {"email", in.buyer.email}, {"name", in.buyer.name}, {"phone", nullptr}}},
        {"captured", succeeded},
        {"created", attempt.created_s},
        {"currency", amount.currency},
        {"customer", text_or_null(in.buyer.id)},
        {"description", nullptr},
        {"disputed", of.disputed && succeeded},
        {"failure_code", failed ? json::value("card_declined") : json::value()},
        {"failure_message", failed ? json::value("Your card was declined.") : json::value()},
        {"livemode", in.live},
        {"metadata", json::object{}},
        {"outcome",
         {{"network_status", failed ? "declined_by_network" : "approved_by_network"},
          {"reason", failed ? json::value("generic_decline") : json::value()},
          {"type", failed ? "issuer_declined" : "authorized"}}},
        {"paid", succeeded},
        {"payment_intent", of.intent},
        {"payment_method_details",
         {{"card", {{"brand", "visa"}, {"country", "US"}, {"last4", "4242"}}}, {"type", "card"}}},
        {"receipt_email", nullptr},
        {"refunded", refunded == of.amount && refunded > 0},
        {"status", attempt.status}};
    if (!in.api.is_split())
        made["invoice"] = text_or_null(of.invoice);
    add_presentment(in, of, made);
    if (in.api.embeds_refunds()) {
        json::array refunds;
        for (const refund& one : of.refunds)
            refunds.emplace_back(make_refund(in, of, one));
        made["refunds"] =
            list_of(succeeded ? std::move(refunds) : json::array{}, "/v1/charges/" + attempt.id + "/refunds");
    }
    return made;
}

json::object make_intent(const shop& in, const payment& of, std::string_view status) {
    const shown amount = amount_of(in, of);
    const bool succeeded = status == "succeeded";
    json::object made{{"id", of.intent},
                      {"object", "payment_intent"},
                      {"amount", amount.amount},
                      {"amount_capturable", 0},
                      {"amount_received", succeeded ? amount.amount : 0},
                      {"canceled_at", status == "canceled" ? json::value(in.now_s) : json::value()},
                      {"capture_method", "automatic"},
                      {"created", of.created_s},
                      {"currency", amount.currency},
                      {"customer", text_or_null(in.buyer.id)},
                      {"description", nullptr},
                      {"last_payment_error", nullptr},
                      {"livemode", in.live},
                      {"metadata", json::object{}},
                      {"payment_method_types", json::array{"card"}},
                      {"receipt_email", nullptr},
                      {"status", status}};
    if (status == "requires_payment_method")
        made["last_payment_error"] = {{"code", "card_declined"},
                                      {"decline_code", "generic_decline"},
                                      {"message", "Your card was declined."},
                                      {"type", "card_error"}};
    add_presentment(in, of, made);
    if (in.api.embeds_refunds()) {
        json::array charges;
        for (auto one = of.attempts.rbegin(); one != of.attempts.rend(); ++one) // The newest comes first.
            charges.emplace_back(make_charge(in, of, *one));
        made["charges"] = list_of(std::move(charges), "/v1/charges?payment_intent=" + of.intent);
    } else {
        made["latest_charge"] = text_or_null(of.attempts.empty() ? "" : of.attempts.back().id);
    }
    if (!in.api.is_split())
        made["invoice"] = text_or_null(of.invoice);
    return made;
}

json::object make_refund(const shop& in, const payment& of, const refund& one) {
    json::object made{{"id", one.id},
                      {"object", "refund"},
                      {"amount", one.amount},
                      {"balance_transaction", nullptr},
                      {"charge", of.attempts.back().id},
                      {"created", one.created_s},
                      {"currency", amount_of(in, of).currency},
                      {"metadata", json::object{}},
                      {"payment_intent", of.intent},
                      {"reason", text_or_null(one.reason)},
                      {"receipt_number", nullptr},
                      {"status", one.status}};
    if (one.status == "failed")
        made["failure_reason"] = "expired_or_canceled_card";
    if (in.api.names_customer_of_refund())
        made["customer"] = text_or_null(in.buyer.id);
    add_presentment(in, of, made);
    return made;
}

json::object make_dispute(const shop& in, const payment& of, const dispute& one) {
    constexpr std::int64_t fee = 1500;
    const auto move = [&](std::int64_t amount, std::int64_t costs, std::string_view category) {
        return json::object{{"id", "txn_1" + one.id.substr(4) + std::string(1, category.back())},
                            {"object", "balance_transaction"},
                            {"amount", amount},
                            {"created", one.created_s},
                            {"currency", in.given.currency},
                            {"fee", costs},
                            {"net", amount - costs},
                            {"reporting_category", category},
                            {"source", one.id},
                            {"status", "pending"},
                            {"type", "adjustment"}};
    };
    json::array moves;
    if (one.withdrawn)
        moves.emplace_back(move(-one.amount, fee, "dispute"));
    if (one.reinstated)
        moves.emplace_back(move(one.amount, -fee, "dispute_reversal"));
    return {{"id", one.id},
            {"object", "dispute"},
            {"amount", one.amount},
            {"balance_transactions", std::move(moves)},
            {"charge", of.attempts.back().id},
            {"created", one.created_s},
            {"currency", in.given.currency},
            {"evidence_details",
             {{"due_by", one.created_s + 7 * 86'400},
              {"has_evidence", false},
              {"past_due", false},
              {"submission_count", 0}}},
            {"is_charge_refundable", !one.withdrawn},
            {"livemode", in.live},
            {"metadata", json::object{}},
            {"payment_intent", of.intent},
            {"reason", one.reason},
            {"status", one.status}};
}

} // namespace tributary::stripe::simulated
