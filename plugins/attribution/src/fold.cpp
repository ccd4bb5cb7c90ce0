#include "fold.hpp"

#include "calendar.hpp"
#include "folder.hpp"
#include "money.hpp"
#include "schema.hpp"

namespace tributary::attribution {
namespace {

using sdk::body_as;
using sdk::cell;
using sdk::states;
using sdk::view;

trb_cell text_or_null(std::string_view text) {
    return text.empty() ? cell() : cell(text);
}

trb_cell integer_or_null(const std::optional<std::int64_t>& value) {
    return value ? cell(*value) : cell();
}

std::string_view status_of(const sale_record& sale) {
    if (sale.payment.state != payment_state::received)
        return "unconfirmed";
    return sale.returned.amount >= sale.payment.cash ? "refunded" : "paid";
}

std::string_view event_name_of(const trb_payment& payment) {
    if (states(payment, TRB_PAYMENT_EVENT_NAME) && payment.event_name.size > 0)
        return view(payment.event_name);
    if (!states(payment, TRB_PAYMENT_CYCLE))
        return "Purchase";
    switch (payment.cycle) {
    case TRB_CYCLE_FIRST: return "Subscription creation";
    case TRB_CYCLE_RENEWAL:
    case TRB_CYCLE_CHANGE: return "Invoice paid";
    default: return "Purchase";
    }
}

std::string metadata_of(const trb_payment& payment) {
    return states(payment, TRB_PAYMENT_METADATA) ? metadata_json(payment.metadata, payment.metadata_count)
                                                 : "";
}

/// Provider's name out of "acme:acct_1".
std::string_view processor_of(const trb_payment& payment, std::string_view realm) {
    if (states(payment, TRB_PAYMENT_PROCESSOR) && payment.processor.size > 0)
        return view(payment.processor);
    const std::string_view provider = realm.substr(0, realm.find(':'));
    return provider.empty() ? "custom" : provider;
}

} // namespace

void fold_history(const trb_history& history, sdk::fold_sink into, const fingerprints& hash) {
    folder(history, into, hash).run();
}

folder::folder(const trb_history& history, sdk::fold_sink into, const fingerprints& hash)
    : history_(history), into_(into), hash_(hash), story_(history), catalogue_(into, story_.horizon_ms),
      customer_id_(hash.derived_id("cus_", {"customer", view(history.subject_id)})) {}

void folder::run() {
    find_first_touch();
    const person& who = story_.who;
    parts_.customer_id = customer_id_;
    parts_.click_id = touch_.click != nullptr ? click_id_of(*touch_.click) : story_.named_click;
    parts_.external_id = !who.external_id.empty() ? who.external_id : parts_.click_id;
    parts_.name = who.name;
    parts_.email = who.email;
    parts_.avatar = who.avatar;
    parts_.country = who.country;
    if (parts_.country.empty() && touch_.click != nullptr) {
        const auto& click = body_as<trb_click>(touch_.click->body);
        if (states(click, TRB_CLICK_COUNTRY))
            parts_.country = view(click.country);
    }
    parts_.created_at_ms = who.created_at_ms;
    parts_.link = touch_.link;
    parts_.partner = touch_.partner;
    fold_leads();
    fold_payments();
    fold_orphans();
    if (story_.has_customer)
        emit_customer();
}

void folder::find_first_touch() {
    for (const trb_merged_fact* click : story_.clicks) { // By time, then id.
        const auto& body = body_as<trb_click>(click->body);
        const link_entry* link =
            states(body, TRB_CLICK_LINK_ID) ? catalogue_.find_link(view(body.link_id)) : nullptr;
        if (link == nullptr)
            continue;
        touch_ = {click, link,
                  link->partner_id.empty() ? nullptr : catalogue_.find_partner(link->partner_id)};
        return;
    }
}

void folder::emit_customer() {
    const std::string currency = catalogue_.program().currency;
    const std::string_view name = !parts_.name.empty() ? parts_.name : parts_.email;
    const std::array cells{cell(std::string_view(parts_.external_id)),
                           text_or_null(name),
                           text_or_null(parts_.email),
                           text_or_null(parts_.avatar),
                           text_or_null(parts_.country),
                           text_or_null(parts_.click_id),
                           text_or_null(touch_.link != nullptr ? touch_.link->id : std::string_view()),
                           text_or_null(touch_.partner != nullptr ? touch_.partner->id : std::string_view()),
                           cell(sales_),
                           cell(sale_amount_),
                           cell(std::string_view(currency)),
                           integer_or_null(first_sale_at_ms_),
                           integer_or_null(story_.who.subscription_canceled_at_ms),
                           cell(parts_.created_at_ms)};
    into_.row(table_customer, customer_id_, cells);
    if (into_.tracing()) {
        into_.trace(table_customer, customer_id_, "external id",
                    story_.who.external_id.empty() ? "none stated: the click's id stands in"
                                                   : story_.who.external_id);
        into_.trace(table_customer, customer_id_, "attribution",
                    touch_.link != nullptr ? "first click of the history whose link exists"
                                           : "no click of the history leads to a link: unlinked",
                    touch_.click != nullptr ? view(touch_.click->id) : std::string_view());
    }
}

void folder::fold_payments() {
    bool first = true;
    for (const payment_history& payment : story_.payments) {
        sale_record sale;
        sale.from = &payment;
        sale.payment = assess(body_as<trb_payment>(payment.fact->body));
        sale.row_id = hash_.derived_id("sale_", {"sale", view(payment.fact->id)});
        if (sale.payment.state == payment_state::received) {
            sale.returned = money_returned(sale.payment, body_as<trb_payment>(payment.fact->body),
                                           payment.refunds, payment.disputes);
            sale.is_first = first;
            first = false;
            convert(sale);
            ++sales_;
            sale_amount_ += sale.amount.value_or(0);
            if (!first_sale_at_ms_)
                first_sale_at_ms_ = payment.fact->occurred_at_ms;
        } else {
            sale.reason = sale.payment.reason;
        }
        fold_sale_commissions(sale);
        if (sale.payment.state != payment_state::no_sale)
            emit_sale(sale);
    }
}

/// Into the programme's currency. There are no rates yet, so only what is in it already converts; another
/// number of decimals of the same currency is no rate.
void folder::convert(sale_record& sale) {
    const std::string& currency = catalogue_.program().currency;
    if (sale.payment.currency != currency)
        return;
    const std::int64_t amount =
        rescale(sale.payment.base, sale.payment.exponent, currency_exponent(currency));
    if (!is_plausible_amount(amount))
        return;
    sale.amount = amount;
    sale.bases = line_bases(sale.payment, amount);
}

void folder::emit_sale(const sale_record& sale) {
    const trb_merged_fact& fact = *sale.from->fact;
    const auto& body = body_as<trb_payment>(fact.body);
    const std::string_view link =
        touch_.link != nullptr ? std::string_view(touch_.link->id) : std::string_view();
    const std::string_view invoice =
        states(body, TRB_PAYMENT_INVOICE_ID) ? view(body.invoice_id) : std::string_view();
    const std::string metadata = metadata_of(body);
    const std::string_view processor = processor_of(body, view(fact.realm));
    const std::array cells{
        cell(first_id(fact)),
        cell(std::string_view(customer_id_)),
        text_or_null(parts_.click_id),
        text_or_null(link),
        text_or_null(touch_.partner != nullptr ? std::string_view(touch_.partner->id) : std::string_view()),
        cell(event_name_of(body)),
        cell(processor),
        text_or_null(invoice),
        cell(status_of(sale)),
        cell(sale.reason),
        cell(std::string_view(sale.payment.currency)),
        cell(sale.payment.exponent),
        cell(sale.payment.cash),
        cell(sale.payment.base),
        cell(sale.returned.amount),
        integer_or_null(sale.amount),
        cell(sale.is_first ? 1 : 0),
        text_or_null(metadata),
        cell(fact.occurred_at_ms)};
    into_.row(table_sale, sale.row_id, cells);
    trace_sale(sale);
    if (sale.payment.state != payment_state::received)
        return;
    const std::int64_t amount = sale.amount.value_or(sale.payment.base);
    into_.measure("sales", link, "", fact.occurred_at_ms, 1);
    into_.measure("sale_amount", link, sale.payment.currency, fact.occurred_at_ms, amount);
    if (sale.is_first)
        into_.measure("conversions", link, "", fact.occurred_at_ms, 1);
    if (fact.historic == 0)
        into_.message("sale.created", sale.row_id, fact.occurred_at_ms,
                      sale_body(parts_, {event_name_of(body), amount, sale.payment.currency, processor,
                                         invoice, metadata}),
                      true);
}

void folder::trace_sale(const sale_record& sale) const {
    if (!into_.tracing())
        return;
    const std::string_view fact = view(sale.from->fact->id);
    const auto step = [&](std::string_view label, const std::string& value) {
        into_.trace(table_sale, sale.row_id, label, value, fact);
    };
    const assessed_payment& payment = sale.payment;
    step("outcome", std::string(sale.reason));
    if (payment.state != payment_state::received)
        return;
    step("base", std::to_string(payment.total_without_tax) + " without tax * " +
                     std::to_string(payment.cash) + " cash / " + std::to_string(payment.total) +
                     " total = " + std::to_string(payment.base) + " " + payment.currency + ", half up");
    if (payment.tax_unknown)
        step("tax", "no document says: taken as none");
    for (const trb_merged_fact* refund : sale.from->refunds)
        into_.trace(table_sale, sale.row_id, "refund", "counts unless it failed", view(refund->id));
    step("returned", std::to_string(sale.returned.amount));
}

} // namespace tributary::attribution
