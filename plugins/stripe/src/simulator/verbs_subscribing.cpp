#include <algorithm>

#include "simulator/bodies.hpp"
#include "simulator/subscriptions.hpp"
#include "simulator/verbs.hpp"

namespace tributary::stripe::simulated {
namespace {

struct subscribe_wish {
    std::vector<sold_item> items;
    std::optional<discount> reduced;
    bool by_checkout = true;
    bool fails = false;
    bool has_payment_method = true;
    std::string missing_payment_method;
    std::int64_t trial_s = 0;
};

subscribe_wish read_subscribe(shop& in, options& with) {
    subscribe_wish wish;
    wish.by_checkout = with.word("by", {"checkout", "api"}) == "checkout";
    wish.fails = with.word("payment", {"paid", "fails"}) == "fails";
    wish.trial_s = with.span_s("trial", 0);
    wish.has_payment_method = with.flag("payment_method", true);
    wish.missing_payment_method = with.word("without_payment_method", {"create_invoice", "pause", "cancel"});
    wish.items = read_items(in, with, "items", true);
    wish.reduced = read_discount(in, with);
    if (wish.fails && (wish.by_checkout || wish.trial_s > 0))
        with.refuse("a first payment that fails needs 'by': 'api' and no trial: a checkout then makes no "
                    "subscription");
    if (!wish.has_payment_method && wish.trial_s == 0)
        with.refuse("only a trial begins without a payment method");
    if (in.guest())
        with.refuse("a guest has no subscription; let a customer come in first");
    return wish;
}

subscription& add_subscription(shop& in, const subscribe_wish& wish) {
    subscription& made = in.subscribed.emplace();
    made.id = in.ids.make("sub_1");
    made.items = new_items(in, wish.items);
    made.reduced = wish.reduced;
    made.has_payment_method = wish.has_payment_method;
    made.missing_payment_method = wish.missing_payment_method;
    made.created_s = made.period_start_s = in.now_s;
    made.period_end_s = in.now_s + (wish.trial_s > 0 ? wish.trial_s : in.period_s());
    if (wish.trial_s > 0) {
        made.status = "trialing";
        made.trial_start_s = in.now_s;
        made.trial_end_s = made.period_end_s;
    }
    return made;
}

void announce(stage& on, const subscription& of, const std::string& session) {
    if (of.reduced)
        on.happens("customer.discount.created", make_discount(on.in(), *of.reduced, of.id, session));
    on.happens("customer.subscription.created", make_subscription(on.in(), of));
}

/// By checkout the subscription is there once it is paid.
void begin_by_checkout(stage& on, subscription& of, invoice& first) {
    shop& in = on.in();
    session made;
    made.id = in.ids.make(in.live ? "cs_live_" : "cs_test_", 58);
    made.mode = "subscription";
    made.created_s = of.created_s - 60;
    made.owed = first.owed;
    made.invoice = first.id;
    made.subscription = of.id;
    payment* with = first.due() > 0 ? &in.payment_of(first) : nullptr;
    if (with != nullptr)
        succeed(on, *with);
    else
        made.payment_status = "no_payment_required";
    announce(on, of, made.id);
    first.attempts = with == nullptr ? 0 : 1;
    first.status = "open";
    first.finalized_s = in.now_s;
    close_as_paid(on, first, with);
    on.happens("checkout.session.completed", make_session(in, made));
}

void begin_by_api(stage& on, subscription& of, invoice& first, bool fails) {
    const bool free = first.due() == 0;
    if (!free)
        of.status = "incomplete";
    announce(on, of, {});
    finalize(on, first);
    if (fails) {
        fail_attempt(on, first, 0);
    } else if (!free) {
        pay_all(on, first);
        of.status = "active";
        update(on, of, {{"status", "incomplete"}});
    }
}

} // namespace

sdk::outcome do_subscribe(stage& on, options& with) {
    shop& in = on.in();
    const subscribe_wish wish = read_subscribe(in, with);
    if (sdk::outcome done = with.finish(); !done)
        return done;
    announce_discount(on, wish.reduced);
    introduce_buyer(on);
    subscription& made = add_subscription(in, wish);
    std::vector<bill_line> lines = wish.trial_s > 0 ? trial_lines(in, made) : period_lines(in, made, 0);
    invoice& first = add_period_invoice(in, made, "subscription_create", std::move(lines));
    if (wish.by_checkout)
        begin_by_checkout(on, made, first);
    else
        begin_by_api(on, made, first, wish.fails);
    if (first.owed.discounted() > 0)
        use_up_discount(on, made);
    return {};
}

namespace {

struct renew_wish {
    std::int64_t fails = 0;
    std::int64_t retry_s = 0;
    std::int64_t usage = 0;
    bool paid = true;
    std::string_view leaves; ///< What the subscription is when it stays unpaid.
    std::string_view invoice;
};

/// The next period begins. @return what its event says was before.
json::object move_on(shop& in, subscription& of) {
    json::object previous = previous_period(in, of);
    if (of.status == "trialing") {
        previous["status"] = "trialing";
        of.status = "active";
        if (in.now_s < of.trial_end_s) { // Told in a hurry: the trial is ended early.
            previous["trial_end"] = of.trial_end_s;
            of.trial_end_s = in.now_s;
        }
    }
    if (!of.next_items.empty()) {
        previous["items"] = make_items(in, of);
        of.items = std::exchange(of.next_items, {});
    }
    of.period_start_s = in.now_s;
    of.period_end_s = in.now_s + in.period_s();
    return previous;
}

/// Nobody can pay for what comes after the trial. @return false when it goes on with an invoice.
bool ends_without_payment_method(stage& on, subscription& of) {
    if (of.has_payment_method || of.missing_payment_method == "create_invoice")
        return false;
    if (of.missing_payment_method == "cancel") {
        end_subscription(on, of, "payment_failed");
        return true;
    }
    of.status = "paused";
    of.pause_type = "trial_end_without_payment_method";
    of.paused_s = on.in().now_s;
    update(on, of, {{"status", "trialing"}});
    on.happens("customer.subscription.paused", make_subscription(on.in(), of));
    return true;
}

/// Collection is paused: the invoice is made, and nobody is asked for money.
void leave_uncollected(stage& on, const subscription& of, invoice& made) {
    on.happens("invoice.created", make_invoice(on.in(), made));
    if (of.pause_behavior == "keep_as_draft")
        return;
    finalize(on, made);
    if (of.pause_behavior == "void")
        void_invoice(on, made);
    else
        write_off(on, made);
}

void give_up(stage& on, subscription& of, invoice& made, const renew_wish& wish) {
    if (wish.invoice == "uncollectible")
        write_off(on, made);
    else if (wish.invoice == "void")
        void_invoice(on, made);
    if (wish.leaves == "canceled") {
        end_subscription(on, of, "payment_failed");
    } else if (wish.leaves == "unpaid") {
        of.status = "unpaid";
        update(on, of, {{"status", "past_due"}});
    }
}

void collect(stage& on, subscription& of, invoice& made, const renew_wish& wish) {
    finalize(on, made);
    if (made.due() == 0)
        return;
    for (std::int64_t attempt = 0; attempt < wish.fails; ++attempt) {
        const bool last = !wish.paid && attempt + 1 == wish.fails;
        fail_attempt(on, made, last ? 0 : on.in().now_s + wish.retry_s);
        if (of.status != "past_due") {
            const std::string before = std::exchange(of.status, "past_due");
            update(on, of, {{"status", before}});
        }
        if (!last)
            on.wait(wish.retry_s);
    }
    if (!wish.paid)
        return give_up(on, of, made, wish);
    pay_all(on, made);
    if (of.status == "past_due") {
        of.status = "active";
        update(on, of, {{"status", "past_due"}});
    }
}

} // namespace

sdk::outcome do_renew(stage& on, options& with) {
    shop& in = on.in();
    renew_wish wish;
    wish.fails = with.number("fails", 0, 0, 8);
    wish.retry_s = with.span_s("retry_every", 3 * 86'400);
    wish.usage = with.number("usage", 0, 0, quantity_max);
    wish.paid = with.flag("paid", true);
    wish.leaves = with.word("subscription", {"canceled", "unpaid", "past_due"});
    wish.invoice = with.word("invoice", {"open", "uncollectible", "void"});
    subscription* of = need_subscription(in, with, {"active", "trialing"});
    if (!wish.paid && wish.fails == 0)
        with.refuse("what is not paid fails at least once");
    if (sdk::outcome done = with.finish(); !done)
        return done;
    if (of->status == "trialing" && ends_without_payment_method(on, *of))
        return {};
    json::object previous = move_on(in, *of);
    invoice& made = add_period_invoice(in, *of, "subscription_cycle", period_lines(in, *of, wish.usage));
    update(on, *of, std::move(previous));
    if (!of->pause_behavior.empty())
        leave_uncollected(on, *of, made);
    else
        collect(on, *of, made, wish);
    if (made.owed.discounted() > 0) // After a trial this is the first that it reduced.
        use_up_discount(on, *of);
    return {};
}

} // namespace tributary::stripe::simulated
