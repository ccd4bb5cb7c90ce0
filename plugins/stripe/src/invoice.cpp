#include "claims.hpp"
#include "fetch.hpp"
#include "paths.hpp"
#include "tellers.hpp"

namespace tributary::stripe {
namespace {

std::int64_t status_of(const telling& told, bool paid, std::int64_t amount_paid) noexcept {
    const std::string_view status = text(told.object, "status");
    // A part that was paid is a sale of that part, whatever becomes of the rest.
    const bool owed = status == "open" || status == "uncollectible";
    if (paid || (owed && amount_paid > 0))
        return TRB_PAYMENT_SUCCEEDED;
    if (status == "void")
        return TRB_PAYMENT_CANCELED;
    if (status == "uncollectible" || told.event_type == "invoice.payment_failed")
        return TRB_PAYMENT_FAILED;
    return TRB_PAYMENT_PENDING;
}

std::int64_t cycle_of(std::string_view reason, bool of_subscription) noexcept {
    if (reason == "subscription_create")
        return TRB_CYCLE_FIRST;
    if (reason == "subscription_cycle" || reason == "subscription_threshold")
        return TRB_CYCLE_RENEWAL;
    if (reason == "subscription_update")
        return TRB_CYCLE_CHANGE;
    // Before 2018 every invoice of a subscription said just "subscription"; which one it was cannot be told.
    return of_subscription && reason == "subscription" ? TRB_CYCLE_RENEWAL : TRB_CYCLE_ONE_TIME;
}

/// A line that was put on the invoice by itself and does not come from a subscription: neither from its items
/// nor from a change of them, which older versions call an invoice item too.
bool has_own_items(const json::value& invoice) {
    for (const json::value& line : elements(invoice, "lines")) {
        if (flag(line, paths::line_proration).value_or(false))
            continue;
        const std::string_view parent = text(line, "parent.type");
        if (parent == "invoice_item_details" || (parent.empty() && text(line, "type") == "invoiceitem"))
            return true;
    }
    return false;
}

void name_payments(fact_draft& draft, const json::value& invoice) {
    draft.same_as(id_of(invoice, "payment_intent"));
    draft.same_as(id_of(invoice, "charge"));
    for (const json::value& payment : elements(invoice, paths::invoice_payments)) {
        if (text(payment, "status") == "canceled")
            continue;
        draft.same_as(id_of(payment, "id"));
        draft.same_as(id_of(payment, paths::payment_intent));
        draft.same_as(id_of(payment, paths::payment_charge));
    }
}

struct invoice_amounts {
    std::int64_t total = 0;
    std::int64_t without_tax = 0;
    std::int64_t cash = 0;
    std::int64_t credit_spent = 0;
    bool out_of_band = false;
};

/// Whatever was applied from the customer's balance. The two balances tell it exactly; bodies that were not
/// yet charged lack the second, then the gap between bill and money does.
std::int64_t credit_spent(const json::value& invoice, const invoice_amounts& amounts, bool paid,
                          fault& problem) {
    const std::optional<std::int64_t> starting = amount(invoice, "starting_balance", problem);
    const std::optional<std::int64_t> ending = amount(invoice, "ending_balance", problem);
    if (starting && ending) {
        const std::int64_t applied = subtract(*ending, *starting, problem);
        return applied > 0 && *starting < 0 ? applied : 0;
    }
    if (!paid)
        return 0;
    const std::int64_t credited = amount(invoice, "pre_payment_credit_notes_amount", problem).value_or(0);
    const std::int64_t gap = subtract(subtract(amounts.total, amounts.cash, problem), credited, problem);
    return gap > 0 ? gap : 0;
}

invoice_amounts read_amounts(const json::value& invoice, bool paid, fault& problem) {
    invoice_amounts read;
    read.total = amount(invoice, "total", problem).value_or(0);
    read.cash = amount(invoice, "amount_paid", problem).value_or(0);
    const std::optional<std::int64_t> without_tax = amount(invoice, "total_excluding_tax", problem);
    if (without_tax) {
        read.without_tax = *without_tax;
    } else {
        std::optional<std::int64_t> tax = sum(invoice, paths::invoice_taxes, "amount", problem);
        if (!tax)
            tax = amount(invoice, "tax", problem);
        read.without_tax = subtract(read.total, tax.value_or(0), problem);
    }
    const std::int64_t off_stripe = amount(invoice, "amount_paid_off_stripe", problem).value_or(0);
    read.out_of_band =
        flag(invoice, "paid_out_of_band").value_or(false) || (off_stripe > 0 && off_stripe == read.cash);
    // Until 2025-03-31 money that came in elsewhere was not part of amount_paid.
    if (paid && read.out_of_band && read.cash == 0)
        read.cash = amount(invoice, "amount_due", problem).value_or(read.total);
    read.credit_spent = credit_spent(invoice, read, paid, problem);
    return read;
}

void state_amounts(fact_draft& draft, const telling& told, const invoice_amounts& read, findings& into) {
    const denomination money(text(told.object, "currency"), into.problem());
    fault& problem = into.problem();
    draft.state(TRB_PAYMENT_TOTAL, &trb_payment::total, money(read.total));
    draft.state(TRB_PAYMENT_TOTAL_WITHOUT_TAX, &trb_payment::total_without_tax, money(read.without_tax));
    draft.state(TRB_PAYMENT_TAX, &trb_payment::tax, money(subtract(read.total, read.without_tax, problem)));
    draft.state(TRB_PAYMENT_CASH, &trb_payment::cash, money(read.cash));
    draft.state(TRB_PAYMENT_CREDIT_SPENT, &trb_payment::credit_spent, money(read.credit_spent));
    draft.state<trb_payment, std::int64_t>(TRB_PAYMENT_OUT_OF_BAND, &trb_payment::out_of_band,
                                           read.out_of_band ? 1 : 0);
    if (const auto discount = sum(told.object, "total_discount_amounts", "amount", problem))
        draft.state(TRB_PAYMENT_DISCOUNT, &trb_payment::discount, money(*discount));
}

void state_lines(fact_draft& draft, const telling& told, const invoice_amounts& read, bool paid,
                 findings& into) {
    if (find(told.object, "lines") == nullptr)
        return;
    const std::int64_t shipping =
        subtract(amount(told.object, "shipping_cost.amount_total", into.problem()).value_or(0),
                 amount(told.object, "shipping_cost.amount_tax", into.problem()).value_or(0), into.problem());
    const bool more = flag(told.object, "lines.has_more").value_or(false);
    const std::optional<std::int64_t> expected =
        more ? std::nullopt : std::optional(subtract(read.without_tax, shipping, into.problem()));
    add_invoice_lines(draft, elements(told.object, "lines"), expected, into.problem());
    add_shipping_line(draft, told.object, into.problem());
    draft.state<trb_payment, std::int64_t>(TRB_PAYMENT_LINES_COMPLETE, &trb_payment::lines_complete,
                                           more ? 0 : 1);
    if (more && paid)
        into.want(ask_invoice_lines(id_of(told.object, "id"), {}, 1, told.account));
}

void state_owner(fact_draft& draft, const telling& told) {
    const std::span<const json::value> lines = elements(told.object, "lines");
    draft.metadata(find(told.object, paths::invoice_subscription_metadata));
    if (!lines.empty())
        draft.metadata(find(lines.front(), "metadata"));
    draft.metadata(find(told.object, "metadata"));
    claim_user_and_click(draft, told);
    claim_email(draft, text(told.object, "customer_email"));
    join_owners(draft, told, id_of(told.object, paths::invoice_subscription));
    draft.state_text(TRB_PAYMENT_EMAIL, &trb_payment::email, text(told.object, "customer_email"));
    draft.state_text(TRB_PAYMENT_COUNTRY, &trb_payment::country,
                     country_code(draft, text(told.object, paths::invoice_country)));
}

void state_kind(fact_draft& draft, const telling& told) {
    const std::string_view subscription = id_of(told.object, paths::invoice_subscription);
    const std::int64_t cycle = cycle_of(text(told.object, "billing_reason"), !subscription.empty());
    draft.state(TRB_PAYMENT_CYCLE, &trb_payment::cycle, cycle);
    draft.state_text(TRB_PAYMENT_SUBSCRIPTION_ID, &trb_payment::subscription_id, subscription);
    draft.state_text(TRB_PAYMENT_INVOICE_ID, &trb_payment::invoice_id, id_of(told.object, "id"));
    draft.state_text(TRB_PAYMENT_PROCESSOR, &trb_payment::processor, "stripe");
    std::string_view name = "Invoice paid";
    if (cycle == TRB_CYCLE_FIRST)
        name = "Subscription creation";
    else if (has_own_items(told.object))
        name = "Purchase";
    draft.state_text(TRB_PAYMENT_EVENT_NAME, &trb_payment::event_name, name);
}

/// How it is being collected: tries, and what is still owed.
void state_collection(fact_draft& draft, const telling& told, fault& problem) {
    if (const auto attempts = integer(told.object, "attempt_count")) {
        draft.state(TRB_PAYMENT_ATTEMPTS, &trb_payment::attempts, *attempts);
        draft.state(TRB_PAYMENT_NEXT_ATTEMPT_AT, &trb_payment::next_attempt_at_ms,
                    time_ms(told.object, "next_payment_attempt").value_or(0));
    }
    if (const auto remaining = amount(told.object, "amount_remaining", problem)) {
        const denomination money(text(told.object, "currency"), problem);
        draft.state(TRB_PAYMENT_REMAINING, &trb_payment::remaining, money(*remaining));
    }
}

/// One that is paid in part only is dated by the bill: its payments have several dates.
void state_times(fact_draft& draft, const telling& told, bool paid) {
    const std::int64_t created = time_ms(told.object, "created").value_or(told.said_at_ms);
    if (!paid) {
        draft.occurred_at(created);
        return;
    }
    const std::optional<std::int64_t> paid_at = time_ms(told.object, "status_transitions.paid_at");
    draft.occurred_at(paid_at.value_or(told.bare() ? created : told.said_at_ms));
    draft.state(TRB_PAYMENT_PAID_AT, &trb_payment::paid_at_ms, draft.occurred_at());
}

} // namespace

void tell_invoice(const telling& told, findings& into) {
    const std::string_view id = id_of(told.object, "id");
    if (id.empty() && told.event_type == "invoice.upcoming") {
        into.note("ignored", "an upcoming invoice is a forecast and has no id");
        return;
    }
    const bool paid = text(told.object, "status") == "paid" || flag(told.object, "paid").value_or(false);
    const invoice_amounts read = read_amounts(told.object, paid, into.problem());
    if (read.total <= 0) {
        // Trials, full discounts and pure credits: nothing was sold for money. The subscription tells the
        // rest.
        into.note("ignored", "the invoice's total is not above zero: no sale");
        return;
    }
    fact_draft& draft = into.start(told, TRB_KIND_PAYMENT, id, rank_invoice);
    name_payments(draft, told.object);
    draft.state(TRB_PAYMENT_STATUS, &trb_payment::status, status_of(told, paid, read.cash));
    state_times(draft, told, paid);
    state_amounts(draft, told, read, into);
    state_collection(draft, told, into.problem());
    add_discounts(draft, told, into);
    state_lines(draft, told, read, paid, into);
    state_kind(draft, told);
    state_owner(draft, told);
}

void tell_invoice_payment(const telling& told, findings& into) {
    if (text(told.object, "status") == "canceled") {
        into.note("ignored", "a canceled invoice payment links nothing");
        return;
    }
    fact_draft& draft = into.start(told, TRB_KIND_PAYMENT, id_of(told.object, "id"), rank_intent);
    const std::string_view invoice = id_of(told.object, "invoice");
    draft.same_as(invoice);
    draft.same_as(id_of(told.object, paths::payment_intent));
    draft.same_as(id_of(told.object, paths::payment_charge));
    const std::optional<std::int64_t> paid_at = time_ms(told.object, "status_transitions.paid_at");
    draft.occurred_at(paid_at.value_or(time_ms(told.object, "created").value_or(told.said_at_ms)));
    draft.state_text(TRB_PAYMENT_INVOICE_ID, &trb_payment::invoice_id, invoice);
    draft.state_text(TRB_PAYMENT_PROCESSOR, &trb_payment::processor, "stripe");
}

} // namespace tributary::stripe
