#include "claims.hpp"
#include "fetch.hpp"
#include "paths.hpp"
#include "tellers.hpp"

namespace tributary::stripe {
namespace {

/// What an object says about the invoice it pays. From API 2025-03-31 on charges and payment intents have no
/// member `invoice` any more: its absence says nothing, while null says "none".
enum class invoice_link { unsaid, none, named };

invoice_link link_of(const json::value& object) {
    if (!has_member(object, "invoice"))
        return invoice_link::unsaid;
    return id_of(object, "invoice").empty() ? invoice_link::none : invoice_link::named;
}

/// States whether money came, unless it could be the money of an invoice that is told elsewhere: then the
/// sale would be counted twice, and Stripe is asked instead.
void state_status(fact_draft& draft, const telling& told, std::int64_t status, std::string_view ask_for,
                  findings& into) {
    const invoice_link link = link_of(told.object);
    if (link != invoice_link::unsaid)
        draft.state(TRB_PAYMENT_STATUS, &trb_payment::status, status);
    else if (status == TRB_PAYMENT_SUCCEEDED)
        into.want(ask_invoice_payments(ask_for, told.account));
}

void state_cash(fact_draft& draft, const telling& told, std::int64_t cash, findings& into) {
    const denomination money(text(told.object, "currency"), into.problem());
    draft.state(TRB_PAYMENT_CASH, &trb_payment::cash, money(cash));
    const invoice_link link = link_of(told.object);
    if (link == invoice_link::named)
        return;
    // A payment without invoice knows no tax; an invoice or a checkout session that knows better is believed
    // first. The answer that there is no invoice cannot say the amount: later captures add to it.
    draft.state(TRB_PAYMENT_TOTAL, &trb_payment::total, money(cash));
    draft.state(TRB_PAYMENT_TOTAL_WITHOUT_TAX, &trb_payment::total_without_tax, money(cash));
    if (link == invoice_link::none) {
        draft.state<trb_payment, std::int64_t>(TRB_PAYMENT_CYCLE, &trb_payment::cycle, TRB_CYCLE_ONE_TIME);
        draft.state_text(TRB_PAYMENT_EVENT_NAME, &trb_payment::event_name, "Purchase");
    }
}

void state_presentment(fact_draft& draft, const json::value& object, fault& problem) {
    const std::optional<std::int64_t> shown =
        amount(object, "presentment_details.presentment_amount", problem);
    if (!shown)
        return;
    const denomination seen(text(object, "presentment_details.presentment_currency"), problem);
    draft.state(TRB_PAYMENT_PRESENTMENT, &trb_payment::presentment, seen(*shown));
}

void state_common(fact_draft& draft, const telling& told, findings& into) {
    draft.same_as(id_of(told.object, "invoice"));
    draft.state_text(TRB_PAYMENT_INVOICE_ID, &trb_payment::invoice_id, id_of(told.object, "invoice"));
    draft.state_text(TRB_PAYMENT_PROCESSOR, &trb_payment::processor, "stripe");
    state_presentment(draft, told.object, into.problem());
    join_owners(draft, told);
    draft.metadata(find(told.object, "metadata"));
    claim_user_and_click(draft, told);
}

std::int64_t charge_status(const json::value& charge) noexcept {
    const std::string_view status = text(charge, "status");
    if (status == "failed")
        return TRB_PAYMENT_FAILED;
    const bool settled = status == "succeeded" && flag(charge, "captured").value_or(true) &&
                         flag(charge, "paid").value_or(true);
    return settled ? TRB_PAYMENT_SUCCEEDED : TRB_PAYMENT_PENDING;
}

void state_refunded(fact_draft& draft, const telling& told, findings& into) {
    const std::optional<std::int64_t> refunded = amount(told.object, "amount_refunded", into.problem());
    if (!refunded)
        return;
    const denomination money(text(told.object, "currency"), into.problem());
    draft.state(TRB_PAYMENT_REFUNDED_TOTAL, &trb_payment::refunded_total, money(*refunded));
    draft.state(TRB_PAYMENT_REFUNDED_TOTAL_AT, &trb_payment::refunded_total_at_ms, told.said_at_ms);
}

/// Fee and net stand in the balance transaction, which webhooks hold only when it is expanded: else it is
/// unknown.
void state_fee(fact_draft& draft, const json::value& charge, fault& problem) {
    const std::optional<std::int64_t> fee = amount(charge, "balance_transaction.fee", problem);
    if (!fee)
        return;
    const denomination money(text(charge, "balance_transaction.currency"), problem);
    draft.state(TRB_PAYMENT_FEE, &trb_payment::fee, money(*fee));
    if (const auto net = amount(charge, "balance_transaction.net", problem))
        draft.state(TRB_PAYMENT_NET, &trb_payment::net, money(*net));
}

} // namespace

void tell_charge(const telling& told, findings& into) {
    const json::value& charge = told.object;
    const std::string_view id = id_of(charge, "id");
    const std::string_view intent = id_of(charge, "payment_intent");
    const std::int64_t status = charge_status(charge);
    fact_draft& draft = into.start(told, TRB_KIND_PAYMENT, id,
                                   status == TRB_PAYMENT_SUCCEEDED ? rank_charge : rank_open_charge);
    draft.same_as(intent);
    draft.occurred_at(time_ms(charge, "created").value_or(told.said_at_ms));
    state_status(draft, told, status, intent.empty() ? id : intent, into);
    if (status == TRB_PAYMENT_SUCCEEDED) {
        // amount_captured is missing in the oldest bodies; it differs from amount after a partial capture.
        const std::int64_t captured = amount(charge, "amount_captured", into.problem()).value_or(0);
        const std::int64_t charged = amount(charge, "amount", into.problem()).value_or(0);
        state_cash(draft, told, captured > 0 ? captured : charged, into);
        draft.state(TRB_PAYMENT_PAID_AT, &trb_payment::paid_at_ms, draft.occurred_at());
        state_refunded(draft, told, into);
        state_fee(draft, charge, into.problem());
    }
    draft.state_text(TRB_PAYMENT_FAILURE, &trb_payment::failure, text(charge, "failure_code"));
    state_common(draft, told, into);
    draft.state_text(TRB_PAYMENT_COUNTRY, &trb_payment::country,
                     country_code(draft, text(charge, paths::charge_country)));
    draft.state_text(TRB_PAYMENT_EMAIL, &trb_payment::email, text(charge, paths::charge_email));
    claim_email(draft, text(charge, paths::charge_email));
    for (const json::value& refund : elements(charge, "refunds"))
        tell_refund_of(told, refund, id, intent, into);
}

void tell_intent(const telling& told, findings& into) {
    const json::value& intent = told.object;
    const std::string_view id = id_of(intent, "id");
    if (text(intent, "status") != "succeeded") {
        into.note("ignored", "a payment intent that has not succeeded moves no money");
        return;
    }
    fact_draft& draft = into.start(told, TRB_KIND_PAYMENT, id, rank_intent);
    draft.same_as(id_of(intent, "latest_charge"));
    for (const json::value& charge : elements(intent, paths::intent_charges))
        draft.same_as(id_of(charge, "id"));
    // An intent may wait for days before it is paid: the event's time is the time of success.
    draft.occurred_at(told.bare() ? time_ms(intent, "created").value_or(told.said_at_ms) : told.said_at_ms);
    if (!told.bare())
        draft.state(TRB_PAYMENT_PAID_AT, &trb_payment::paid_at_ms, told.said_at_ms);
    state_status(draft, told, TRB_PAYMENT_SUCCEEDED, id, into);
    const std::int64_t received = amount(intent, "amount_received", into.problem()).value_or(0);
    const std::int64_t asked = amount(intent, "amount", into.problem()).value_or(0);
    state_cash(draft, told, received > 0 ? received : asked, into);
    state_common(draft, told, into);
    draft.state_text(TRB_PAYMENT_EMAIL, &trb_payment::email, text(intent, "receipt_email"));
    claim_email(draft, text(intent, "receipt_email"));
}

namespace {

/// Stripe says that no invoice is paid by this: it is a sale of its own. When and for how much, the charge or
/// the payment intent says itself: whatever made us ask may be another record each time.
void tell_standalone(const telling& list, std::string_view asked, findings& into) {
    fact_draft& draft =
        into.start(list, TRB_KIND_PAYMENT, "standalone:" + std::string(asked), rank_standalone);
    draft.same_as(asked);
    draft.state<trb_payment, std::int64_t>(TRB_PAYMENT_STATUS, &trb_payment::status, TRB_PAYMENT_SUCCEEDED);
    draft.state<trb_payment, std::int64_t>(TRB_PAYMENT_CYCLE, &trb_payment::cycle, TRB_CYCLE_ONE_TIME);
    draft.state_text(TRB_PAYMENT_EVENT_NAME, &trb_payment::event_name, "Purchase");
    draft.state_text(TRB_PAYMENT_PROCESSOR, &trb_payment::processor, "stripe");
}

} // namespace

void tell_invoice_payment_list(const telling& list, std::string_view asked, findings& into) {
    std::string_view invoice;
    for (const json::value& payment : elements(list.object, "data")) {
        if (text(payment, "status") == "canceled")
            continue;
        const std::string_view named = id_of(payment, "invoice");
        if (!invoice.empty() && named != invoice) {
            // To join both would make two sales one.
            into.problem().set("several_invoices", "one payment is said to pay several invoices");
            return;
        }
        invoice = named;
    }
    if (invoice.empty())
        return tell_standalone(list, asked, into);
    for (const json::value& payment : elements(list.object, "data"))
        tell_invoice_payment(
            {payment, list.event_type, list.said_at_ms, list.rank, list.account, list.options}, into);
}

} // namespace tributary::stripe
