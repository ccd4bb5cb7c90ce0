#include "simulator/bodies.hpp"

namespace tributary::stripe::simulated {
namespace {

json::object make_parent(const bill_line& line, const std::string& subscription) {
    const json::object item{
        {"invoice_item", line.proration ? json::value("ii_" + line.id.substr(4)) : json::value()},
        {"proration", line.proration},
        {"proration_details", {{"credited_items", nullptr}}},
        {"subscription", text_or_null(subscription)},
        {"subscription_item", line.source}};
    const json::object own{{"invoice_item", line.source},
                           {"proration", line.proration},
                           {"proration_details", {{"credited_items", nullptr}}},
                           {"subscription", nullptr}};
    return {{"invoice_item_details", line.of_subscription ? json::value() : json::value(own)},
            {"subscription_item_details", line.of_subscription ? json::value(item) : json::value()},
            {"type", line.of_subscription ? "subscription_item_details" : "invoice_item_details"}};
}

json::array discount_amounts(const bill_line& line, const std::optional<discount>& reduced) {
    if (!reduced || line.discounted == 0)
        return {};
    return {{{"amount", line.discounted}, {"discount", reduced->id}}};
}

json::array discount_ids(const std::optional<discount>& reduced) {
    return reduced ? json::array{reduced->id} : json::array{};
}

json::object make_line(const shop& in, const invoice& of, const bill_line& line) {
    const std::string subscription = line.of_subscription ? of.subscription : "";
    json::object made{{"id", line.id},
                      {"object", "line_item"},
                      {"amount", line.amount},
                      {"currency", in.given.currency},
                      {"description", std::to_string(line.quantity) + " simulated thing"},
                      {"discount_amounts", discount_amounts(line, of.owed.reduced)},
                      {"discountable", !line.proration},
                      {"discounts", line.discounted == 0 ? json::array{} : discount_ids(of.owed.reduced)},
                      {"livemode", in.live},
                      {"metadata", line.of_subscription ? user_metadata(in, true) : json::object{}},
                      {"period", {{"end", line.period_end_s}, {"start", line.period_start_s}}},
                      {"quantity", line.quantity},
                      {"subscription", text_or_null(subscription)}};
    if (in.api.is_split()) {
        made["invoice"] = of.id;
        made["parent"] = make_parent(line, subscription);
        made["pricing"] = {{"price_details", {{"price", line.sold.id}, {"product", line.sold.product}}},
                           {"type", "price_details"},
                           {"unit_amount_decimal", std::to_string(line.sold.unit_amount)}};
        made["taxes"] = make_taxes(in, line.tax, line.net());
        return made;
    }
    made["plan"] = line.sold.recurring ? json::value(make_plan(in, line.sold)) : json::value();
    made["price"] = make_price(in, line.sold);
    made["proration"] = line.proration;
    made["proration_details"] = {{"credited_items", nullptr}};
    made["tax_amounts"] = make_taxes(in, line.tax, line.net());
    made["tax_rates"] = json::array{};
    const bool by_item = line.of_subscription && !line.proration;
    made["type"] = by_item ? "subscription" : "invoiceitem";
    if (line.of_subscription)
        made["subscription_item"] = line.source;
    if (!by_item)
        made["invoice_item"] = line.of_subscription ? "ii_" + line.id.substr(4) : line.source;
    if (in.api.tells_total_without_tax())
        made["amount_excluding_tax"] = line.net();
    return made;
}

/// Members that only bodies until 2025-03-31 have.
void add_old_members(const shop& in, const invoice& of, json::object& into) {
    const payment& pays = in.payments[of.payments.front()];
    const bool attempted = !pays.attempts.empty();
    const bool chargeable = of.due() > 0 && of.status != "draft";
    into["charge"] = text_or_null(attempted ? pays.attempts.back().id : "");
    into["discount"] = of.owed.reduced ? json::value(make_discount(in, *of.owed.reduced, of.subscription, ""))
                                       : json::value();
    into["paid"] = of.status == "paid";
    into["paid_out_of_band"] = of.out_of_band;
    into["payment_intent"] = text_or_null(chargeable ? pays.intent : "");
    into["subscription"] = text_or_null(of.subscription);
    into["tax"] = of.owed.tax() == 0 ? json::value() : json::value(of.owed.tax());
    into["total_tax_amounts"] = make_taxes(in, of.owed.tax(), of.owed.net());
    if (!of.subscription.empty() && in.api.copies_subscription_metadata())
        into["subscription_details"] = {{"metadata", user_metadata(in, true)}};
}

void add_new_members(const shop& in, const invoice& of, json::object& into) {
    into["parent"] = nullptr;
    if (!of.subscription.empty())
        into["parent"] = {{"quote_details", nullptr},
                          {"subscription_details",
                           {{"metadata", user_metadata(in, true)}, {"subscription", of.subscription}}},
                          {"type", "subscription_details"}};
    into["total_taxes"] = make_taxes(in, of.owed.tax(), of.owed.net());
    if (in.api.tells_off_stripe())
        into["amount_paid_off_stripe"] = of.out_of_band ? of.amount_paid : 0;
    if (in.api.tells_status_details())
        into["status_details"] = {
            {"uncollectible", of.status == "uncollectible"
                                  ? json::value(json::object{{"transitioned_at", of.uncollectible_s}})
                                  : json::value()}};
}

} // namespace

json::array make_taxes(const shop& in, std::int64_t tax, std::int64_t net) {
    if (tax == 0)
        return {};
    if (in.api.is_split())
        return {{{"amount", tax},
                 {"tax_behavior", "exclusive"},
                 {"tax_rate_details", {{"tax_rate", "txr_1Simulated"}}},
                 {"taxability_reason", "standard_rated"},
                 {"taxable_amount", net},
                 {"type", "tax_rate_details"}}};
    return {{{"amount", tax}, {"inclusive", false}, {"tax_rate", "txr_1Simulated"}}};
}

json::object make_invoice(const shop& in, const invoice& of) {
    json::array lines;
    for (const bill_line& line : of.owed.lines)
        lines.emplace_back(make_line(in, of, line));
    // Until 2025-03-31 money that came in elsewhere was not part of what was paid.
    const bool hides_money = of.out_of_band && !in.api.is_split();
    json::object made{
        {"id", of.id},
        {"object", "invoice"},
        {"amount_due", of.due()},
        {"amount_paid", hides_money ? 0 : of.amount_paid},
        {"amount_remaining", of.remaining()},
        {"attempt_count", of.attempts},
        {"attempted", of.attempts > 0},
        {"auto_advance", of.status == "open" || of.status == "draft"},
        {"billing_reason", of.billing_reason},
        {"collection_method", of.sent ? "send_invoice" : "charge_automatically"},
        {"created", of.created_s},
        {"currency", in.given.currency},
        {"customer", text_or_null(in.buyer.id)},
        {"customer_address", address(in)},
        {"customer_email", in.buyer.email},
        {"customer_name", in.buyer.name},
        {"discounts", discount_ids(of.owed.reduced)},
        {"due_date", of.sent ? json::value(of.created_s + 30 * 86'400) : json::value()},
        {"ending_balance", of.finalized_s == 0 ? json::value() : json::value(of.ending_balance())},
        {"lines", list_of(std::move(lines), "/v1/invoices/" + of.id + "/lines")},
        {"livemode", in.live},
        {"metadata", json::object{}},
        {"next_payment_attempt", time_or_null(of.next_attempt_s)},
        {"number", of.finalized_s == 0 ? json::value() : json::value(of.number)},
        {"period_end", of.period_end_s},
        {"period_start", of.period_start_s},
        {"post_payment_credit_notes_amount", of.credited_after},
        {"pre_payment_credit_notes_amount", of.credited},
        {"shipping_cost", nullptr},
        {"starting_balance", of.starting_balance},
        {"status", of.status},
        {"status_transitions",
         {{"finalized_at", time_or_null(of.finalized_s)},
          {"marked_uncollectible_at", time_or_null(of.uncollectible_s)},
          {"paid_at", time_or_null(of.paid_s)},
          {"voided_at", time_or_null(of.voided_s)}}},
        {"subtotal", of.owed.subtotal()},
        {"total", of.owed.total()},
        {"total_discount_amounts",
         of.owed.discounted() == 0
             ? json::array{}
             : json::array{{{"amount", of.owed.discounted()}, {"discount", of.owed.reduced->id}}}}};
    // The oldest webhooks did not tell the total without tax.
    if (in.api.tells_total_without_tax())
        made["total_excluding_tax"] = of.owed.net();
    if (in.api.is_split())
        add_new_members(in, of, made);
    else
        add_old_members(in, of, made);
    return made;
}

json::object make_invoice_payment(const shop& in, const payment& of) {
    return {{"id", of.invoice_payment},
            {"object", "invoice_payment"},
            {"amount_paid", of.amount},
            {"amount_requested", of.amount},
            {"created", of.created_s},
            {"currency", in.given.currency},
            {"invoice", of.invoice},
            {"is_default", of.is_default},
            {"livemode", in.live},
            {"payment", {{"payment_intent", of.intent}, {"type", "payment_intent"}}},
            {"status", "paid"},
            {"status_transitions", {{"canceled_at", nullptr}, {"paid_at", of.paid_s}}}};
}

json::object make_credit_note(const shop& in, const invoice& of, const credit_note& one) {
    const std::int64_t total = one.net + one.tax;
    json::object line{{"id", one.line},
                      {"object", "credit_note_line_item"},
                      {"amount", one.net},
                      {"description", "A simulated correction"},
                      {"discount_amount", 0},
                      {"invoice_line_item", of.owed.lines.front().id},
                      {"livemode", in.live},
                      {"quantity", 1},
                      {"type", "invoice_line_item"}};
    line[in.api.is_split() ? "taxes" : "tax_amounts"] = make_taxes(in, one.tax, one.net);
    json::object made{{"id", one.id},
                      {"object", "credit_note"},
                      {"amount", total},
                      {"created", one.created_s},
                      {"currency", in.given.currency},
                      {"customer", text_or_null(in.buyer.id)},
                      {"customer_balance_transaction",
                       text_or_null(one.to_balance > 0 ? "cbtxn_1" + one.id.substr(4) : "")},
                      {"discount_amount", 0},
                      {"invoice", of.id},
                      {"lines", list_of({std::move(line)}, "/v1/credit_notes/" + one.id + "/lines")},
                      {"livemode", in.live},
                      {"metadata", json::object{}},
                      {"number", of.number + "-CN-01"},
                      {"out_of_band_amount", nullptr},
                      {"reason", "order_change"},
                      {"status", "issued"},
                      {"subtotal", one.net},
                      {"total", total},
                      {"type", one.before_payment ? "pre_payment" : "post_payment"}};
    if (in.api.tells_total_without_tax())
        made["total_excluding_tax"] = one.net;
    if (in.api.is_split()) {
        made["pre_payment_amount"] = one.before_payment ? total : 0;
        made["post_payment_amount"] = one.before_payment ? 0 : total;
        made["refunds"] =
            one.refund.empty()
                ? json::array{}
                : json::array{{{"amount_refunded", total}, {"refund", one.refund}, {"type", "refund"}}};
        made["total_taxes"] = make_taxes(in, one.tax, one.net);
    } else {
        made["refund"] = text_or_null(one.refund);
        made["tax_amounts"] = make_taxes(in, one.tax, one.net);
    }
    return made;
}

} // namespace tributary::stripe::simulated
