#include "simulator/billing.hpp"
#include "simulator/bodies.hpp"
#include "simulator/verbs.hpp"

namespace tributary::stripe::simulated {
namespace {

/// The latest invoice, when it waits for money; else the step is refused.
invoice* need_open(shop& in, options& with) {
    invoice* found = in.last_invoice();
    if (found != nullptr && (found->status == "open" || found->status == "uncollectible"))
        return found;
    with.refuse(found == nullptr ? "there is no invoice yet" : "the latest invoice is " + found->status);
    return nullptr;
}

/// Money came for the first invoice of a subscription, or for one that was late.
void revive(stage& on, const invoice& of) {
    std::optional<subscription>& subscribed = on.in().subscribed;
    if (!subscribed || subscribed->id != of.subscription || subscribed->latest_invoice != of.id)
        return;
    if (subscribed->status != "incomplete" && subscribed->status != "past_due" &&
        subscribed->status != "unpaid")
        return;
    const std::string before = std::exchange(subscribed->status, "active");
    update(on, *subscribed, {{"status", before}});
}

/// One of several payments: each has a payment intent of its own.
void pay_part(stage& on, invoice& of, std::int64_t amount) {
    shop& in = on.in();
    payment& with = in.add_payment(amount, of.id);
    with.is_default = false;
    of.payments.push_back(in.payments.size() - 1);
    of.amount_paid += amount;
    succeed(on, with);
    on.happens("invoice_payment.paid", make_invoice_payment(in, with), {},
               when(in.api.sends_invoice_payments()));
    on.happens("invoice.updated", make_invoice(in, of), {{"amount_paid", of.amount_paid - amount}});
}

void pay_elsewhere(stage& on, invoice& of) {
    of.out_of_band = true;
    close_as_paid(on, of, nullptr);
    payment& with = on.in().payment_of(of);
    with.canceled = true;
    on.happens("payment_intent.canceled", make_intent(on.in(), with, "canceled"));
}

} // namespace

sdk::outcome do_invoice(stage& on, options& with) {
    shop& in = on.in();
    const std::vector<sold_item> items = read_items(in, with, "items", false);
    const std::optional<discount> reduced = read_discount(in, with);
    const bool mailed = with.flag("sent", true);
    if (in.guest())
        with.refuse("a guest gets no invoice");
    if (sdk::outcome done = with.finish(); !done)
        return done;
    announce_discount(on, reduced);
    introduce_buyer(on);
    std::vector<bill_line> lines;
    for (const sold_item& item : items)
        lines.push_back(in.make_line(item.sold, item.quantity, in.ids.make("ii_1"), false));
    invoice& made = in.add_invoice("manual", in.make_bill(std::move(lines), reduced));
    made.sent = mailed;
    on.happens("invoice.created", make_invoice(in, made));
    finalize(on, made);
    return {};
}

sdk::outcome do_pay(stage& on, options& with) {
    shop& in = on.in();
    const std::int64_t fails = with.number("fails", 0, 0, 8);
    const std::int64_t retry_s = with.span_s("retry_every", 3 * 86'400);
    const bool elsewhere = with.flag("out_of_band");
    invoice* of = need_open(in, with);
    const std::int64_t left = of == nullptr ? 1 : of->remaining();
    const std::int64_t amount = with.number("amount", left, 1, left);
    if (elsewhere && (amount != left || fails > 0))
        with.refuse("what is paid out of band is paid at once, all of it");
    if (amount != left && !in.api.sends_invoice_payments())
        with.refuse("one invoice has several payments since API 2025-05-28 only");
    if (sdk::outcome done = with.finish(); !done)
        return done;
    for (std::int64_t attempt = 0; attempt < fails; ++attempt) {
        fail_attempt(on, *of, in.now_s + retry_s);
        on.wait(retry_s);
    }
    if (elsewhere) {
        pay_elsewhere(on, *of);
    } else if (amount != left) {
        pay_part(on, *of, amount);
        return {};
    } else {
        pay_all(on, *of);
    }
    revive(on, *of);
    return {};
}

sdk::outcome do_void(stage& on, options& with) {
    invoice* of = need_open(on.in(), with);
    if (of != nullptr && of->amount_paid > 0)
        with.refuse("an invoice that was paid in part cannot be voided");
    if (sdk::outcome done = with.finish(); !done)
        return done;
    void_invoice(on, *of);
    return {};
}

sdk::outcome do_uncollectible(stage& on, options& with) {
    invoice* of = need_open(on.in(), with);
    if (of != nullptr && of->status == "uncollectible")
        with.refuse("the latest invoice is uncollectible already");
    if (sdk::outcome done = with.finish(); !done)
        return done;
    write_off(on, *of);
    return {};
}

} // namespace tributary::stripe::simulated
