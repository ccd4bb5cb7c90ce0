#include <algorithm>

#include "simulator/billing.hpp"
#include "simulator/bodies.hpp"
#include "simulator/verbs.hpp"

namespace tributary::stripe::simulated {
namespace {

payment* need_paid(shop& in, options& with) {
    payment* found = in.last_paid();
    if (found == nullptr)
        with.refuse("nothing was paid yet");
    return found;
}

} // namespace

sdk::outcome do_refund(stage& on, options& with) {
    payment* of = need_paid(on.in(), with);
    const std::int64_t left = of == nullptr ? 1 : of->amount - of->refunded;
    if (left == 0)
        with.refuse("all of the latest payment was returned already");
    const std::int64_t amount = with.number("amount", left, 1, std::max<std::int64_t>(1, left));
    const std::string_view outcome =
        with.word("outcome", {"succeeded", "settles_later", "failed", "canceled"});
    const std::string_view reason = with.word("reason", {"requested_by_customer", "duplicate", "fraudulent"});
    if (of != nullptr && !of->seen_currency.empty())
        with.refuse("what was paid in another currency cannot be refunded in a story");
    if (sdk::outcome done = with.finish(); !done)
        return done;
    give_back(on, *of, amount, outcome, reason);
    return {};
}

sdk::outcome do_dispute(stage& on, options& with) {
    shop& in = on.in();
    payment* of = need_paid(in, with);
    const std::int64_t whole = of == nullptr ? 1 : of->amount;
    const std::string_view outcome = with.word("outcome", {"lost", "won", "prevented", "inquiry", "open"});
    dispute made;
    made.amount = with.number("amount", whole, 1, whole);
    made.reason = with.text("reason", "fraudulent");
    if (sdk::outcome done = with.finish(); !done)
        return done;
    made.id = in.ids.make("du_1");
    made.created_s = in.now_s;
    const auto tell = [&](std::string_view type, std::string_view status, json::object previous = {}) {
        made.status = status;
        on.happens("charge.dispute." + std::string(type), make_dispute(in, *of, made), std::move(previous));
    };
    if (outcome == "prevented") {
        // The buyer's bank was answered with a refund; before there was a word for it, it was a closed
        // inquiry.
        const std::string_view word = in.api.prevents_disputes() ? "prevented" : "warning_closed";
        tell("created", word);
        tell("closed", word);
        return {};
    }
    if (outcome == "inquiry") {
        tell("created", "warning_needs_response");
        tell("updated", "warning_under_review", {{"status", "warning_needs_response"}});
        tell("closed", "warning_closed", {{"status", "warning_under_review"}});
        return {};
    }
    of->disputed = true;
    tell("created", "needs_response");
    made.withdrawn = true;
    tell("funds_withdrawn", "needs_response");
    tell("updated", "under_review", {{"status", "needs_response"}});
    if (outcome == "open")
        return {};
    tell("closed", outcome, {{"status", "under_review"}});
    made.reinstated = outcome == "won";
    if (made.reinstated)
        tell("funds_reinstated", "won");
    return {};
}

namespace {

/// The invoice owes less from now on.
void credit_before_payment(stage& on, invoice& of, credit_note& made) {
    shop& in = on.in();
    made.before_payment = true;
    on.happens("credit_note.created", make_credit_note(in, of, made));
    of.credited += made.net + made.tax;
    on.happens("invoice.updated", make_invoice(in, of), {{"pre_payment_credit_notes_amount", 0}});
    if (of.remaining() == 0)
        close_as_paid(on, of, nullptr);
}

void credit_after_payment(stage& on, invoice& of, credit_note& made, bool refunded) {
    shop& in = on.in();
    const std::int64_t total = made.net + made.tax;
    if (refunded)
        made.refund = give_back(on, in.payment_of(of), total, "succeeded", "requested_by_customer");
    else
        made.to_balance = total;
    on.happens("credit_note.created", make_credit_note(in, of, made));
    const std::int64_t before = in.buyer.balance;
    in.buyer.balance -= made.to_balance;
    if (made.to_balance > 0)
        on.happens("customer.updated", make_customer(in), {{"balance", before}});
    of.credited_after += total;
    on.happens("invoice.updated", make_invoice(in, of), {{"post_payment_credit_notes_amount", 0}});
}

} // namespace

sdk::outcome do_credit_note(stage& on, options& with) {
    shop& in = on.in();
    invoice* of = in.last_invoice();
    const bool paid = of != nullptr && of->status == "paid" && in.payment_of(*of).paid();
    if (of == nullptr || (of->status != "open" && !paid))
        with.refuse("a credit note needs an invoice that is open or was paid by Stripe");
    const std::int64_t whole = of == nullptr ? 1 : std::max<std::int64_t>(1, of->owed.net());
    credit_note made;
    made.net = with.number("amount", whole, 1, whole);
    made.tax = in.given.tax_on(made.net);
    const std::string_view to = with.word("to", {"refund", "balance"});
    const std::int64_t left = paid ? in.payment_of(*of).amount - in.payment_of(*of).refunded
                                   : (of == nullptr ? 0 : of->remaining());
    if (of != nullptr && made.net + made.tax > left)
        with.refuse("there is less left to credit: " + std::to_string(left));
    if (sdk::outcome done = with.finish(); !done)
        return done;
    made.id = in.ids.make("cn_1");
    made.line = in.ids.make("cnli_1");
    made.created_s = in.now_s;
    if (paid)
        credit_after_payment(on, *of, made, to == "refund");
    else
        credit_before_payment(on, *of, made);
    return {};
}

} // namespace tributary::stripe::simulated
