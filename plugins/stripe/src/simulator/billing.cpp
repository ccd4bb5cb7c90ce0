#include "simulator/billing.hpp"

#include <utility>

#include "simulator/bodies.hpp"

namespace tributary::stripe::simulated {

void introduce_buyer(stage& on) {
    shop& in = on.in();
    if (in.guest() || in.buyer.created_s != 0)
        return;
    in.buyer.created_s = in.now_s;
    on.happens("customer.created", make_customer(in));
}

void succeed(stage& on, payment& with) {
    shop& in = on.in();
    // The next attempt's id is drawn now: whoever retries must not change the ids of what follows.
    with.attempts.push_back({std::exchange(with.next_charge, in.ids.make("ch_3")), "succeeded", in.now_s});
    with.paid_s = in.now_s;
    on.happens("charge.succeeded", make_charge(in, with));
    on.happens("payment_intent.succeeded", make_intent(in, with, "succeeded"));
}

void decline(stage& on, payment& with) {
    shop& in = on.in();
    with.attempts.push_back({std::exchange(with.next_charge, in.ids.make("ch_3")), "failed", in.now_s});
    on.happens("charge.failed", make_charge(in, with));
    on.happens("payment_intent.payment_failed", make_intent(in, with, "requires_payment_method"));
}

void finalize(stage& on, invoice& of) {
    shop& in = on.in();
    of.finalized_s = in.now_s;
    in.buyer.balance = of.ending_balance();
    of.status = "open";
    on.happens("invoice.finalized", make_invoice(in, of));
    if (of.due() == 0)
        close_as_paid(on, of, nullptr);
}

void close_as_paid(stage& on, invoice& of, const payment* with) {
    shop& in = on.in();
    of.status = "paid";
    of.paid_s = in.now_s;
    of.amount_paid = of.due();
    of.next_attempt_s = 0;
    on.happens("invoice.paid", make_invoice(in, of), {{"status", "open"}});
    if (with == nullptr)
        return;
    on.happens("invoice.payment_succeeded", make_invoice(in, of));
    on.happens("invoice_payment.paid", make_invoice_payment(in, *with), {},
               when(in.api.sends_invoice_payments()));
}

void pay_all(stage& on, invoice& of) {
    payment& with = on.in().payment_of(of);
    with.amount = of.remaining();
    ++of.attempts;
    succeed(on, with);
    close_as_paid(on, of, &with);
}

void fail_attempt(stage& on, invoice& of, std::int64_t next_attempt_s) {
    ++of.attempts;
    decline(on, on.in().payment_of(of));
    of.next_attempt_s = next_attempt_s;
    on.happens("invoice.payment_failed", make_invoice(on.in(), of));
}

namespace {

/// The payment intent of an invoice that nobody will pay any more.
void cancel_payment(stage& on, invoice& of) {
    payment& with = on.in().payment_of(of);
    if (of.due() == 0 || with.paid() || std::exchange(with.canceled, true))
        return;
    on.happens("payment_intent.canceled", make_intent(on.in(), with, "canceled"));
}

} // namespace

void void_invoice(stage& on, invoice& of) {
    of.status = "void";
    of.next_attempt_s = 0;
    of.voided_s = on.in().now_s;
    on.happens("invoice.voided", make_invoice(on.in(), of));
    cancel_payment(on, of);
}

void write_off(stage& on, invoice& of) {
    of.status = "uncollectible";
    of.next_attempt_s = 0;
    of.uncollectible_s = on.in().now_s;
    on.happens("invoice.marked_uncollectible", make_invoice(on.in(), of));
}

void update(stage& on, const subscription& of, json::object previous) {
    on.happens("customer.subscription.updated", make_subscription(on.in(), of), std::move(previous));
}

void end_subscription(stage& on, subscription& of, std::string_view reason) {
    const std::int64_t now_s = on.in().now_s;
    of.status = "canceled";
    of.ended_s = now_s;
    if (of.canceled_s == 0) // Who asked for it earlier asked then.
        of.canceled_s = now_s;
    if (of.cancel_reason.empty())
        of.cancel_reason = reason;
    of.pause_behavior.clear();
    on.happens("customer.subscription.deleted", make_subscription(on.in(), of));
}

namespace {

void tell_refund(stage& on, std::string_view type, const payment& of, const refund& made,
                 json::object previous = {}) {
    on.happens(type, make_refund(on.in(), of, made), std::move(previous),
               when(on.in().api.sends_refund_events()));
}

/// The refund was under way and does not get through: the money stays.
void take_back(stage& on, payment& of, refund& made, std::string_view outcome) {
    shop& in = on.in();
    const std::int64_t before = of.refunded;
    made.status = outcome;
    // Both names take a second, so that the times are alike in all versions.
    on.happens("charge.refund.updated", make_refund(in, of, made), {{"status", "pending"}},
               when(!in.api.sends_refund_events()));
    tell_refund(on, outcome == "failed" ? "refund.failed" : "refund.updated", of, made,
                {{"status", "pending"}});
    of.refunded -= made.amount;
    on.happens("charge.updated", make_charge(in, of), {{"amount_refunded", before}});
}

} // namespace

std::string give_back(stage& on, payment& of, std::int64_t amount, std::string_view outcome,
                      std::string_view reason) {
    shop& in = on.in();
    const std::int64_t before = of.refunded;
    // A refund of part of an invoice that several payments paid goes back the way the latest came.
    of.refunds.push_back({in.ids.make("re_3"), outcome == "succeeded" ? "succeeded" : "pending",
                          std::string(reason), amount, in.now_s});
    refund& made = of.refunds.back();
    of.refunded += amount;
    tell_refund(on, "refund.created", of, made);
    on.happens("charge.refunded", make_charge(in, of), {{"amount_refunded", before}});
    if (outcome == "failed" || outcome == "canceled") {
        take_back(on, of, made, outcome);
        return made.id;
    }
    const bool later = std::exchange(made.status, "succeeded") == "pending";
    on.happens("charge.refund.updated", make_refund(in, of, made), {{"status", "pending"}},
               when(later && !in.api.sends_refund_events()));
    json::object previous =
        later ? json::object{{"status", "pending"}} : json::object{{"destination_details", nullptr}};
    tell_refund(on, "refund.updated", of, made, std::move(previous));
    return made.id;
}

std::vector<sold_item> read_items(shop& in, options& with, std::string_view name, bool recurring) {
    std::vector<sold_item> made;
    if (!with.has(name))
        return {{in.find_price("main", {.unit_amount = in.given.amount, .recurring = recurring}),
                 in.given.quantity}};
    for (options& one : with.list(name)) {
        const std::string label = one.text("product", "main");
        price wanted;
        wanted.unit_amount = one.number("amount", in.given.amount, 0, amount_max);
        wanted.recurring = recurring;
        wanted.metered = recurring && one.flag("metered");
        if (recurring)
            wanted.interval = one.word("interval", {"month", "day", "week", "year"});
        const std::int64_t quantity = one.number("quantity", in.given.quantity, 1, quantity_max);
        with.adopt(one);
        made.push_back({in.find_price(label, std::move(wanted)), quantity});
    }
    return made;
}

std::optional<discount> read_discount(shop& in, options& with) {
    const std::string code = with.text("promotion_code", "");
    std::optional<options> given = with.object("coupon");
    if (!given) {
        if (!code.empty())
            with.refuse("a promotion_code needs the coupon that it stands for");
        return std::nullopt;
    }
    coupon made;
    made.id = given->text("id", "");
    made.percent_off = given->number("percent", 0, 1, 100);
    made.amount_off = given->number("amount", 0, 1, amount_max);
    made.forever = given->word("duration", {"once", "forever"}) == "forever";
    if ((made.percent_off == 0) == (made.amount_off == 0))
        given->refuse("a coupon takes off either percent or amount");
    with.adopt(*given);
    return in.make_discount(std::move(made), code);
}

void announce_discount(stage& on, const std::optional<discount>& made) {
    if (!made)
        return;
    on.happens("coupon.created", make_coupon(on.in(), made->of));
    if (!made->promotion_code.empty())
        on.happens("promotion_code.created", make_promotion_code(on.in(), *made));
}

} // namespace tributary::stripe::simulated
