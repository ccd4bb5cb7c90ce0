#include <algorithm>

#include "simulator/bodies.hpp"
#include "simulator/subscriptions.hpp"
#include "simulator/verbs.hpp"

namespace tributary::stripe::simulated {

sdk::outcome do_trial_will_end(stage& on, options& with) {
    const subscription* of = need_subscription(on.in(), with, {"trialing"});
    if (sdk::outcome done = with.finish(); !done)
        return done;
    on.happens("customer.subscription.trial_will_end", make_subscription(on.in(), *of));
    return {};
}

namespace {

/// One line takes back what is left of the old price, one bills what is left of the period at the new one.
std::vector<bill_line> proration_lines(shop& in, const subscription& of, const subscription_item& old,
                                       std::int64_t credit, std::int64_t charge) {
    const subscription_item& now = of.items.front();
    std::vector<bill_line> lines{in.make_line(old.sold, old.quantity, old.id, true),
                                 in.make_line(now.sold, now.quantity, now.id, true)};
    lines[0].amount = -credit;
    lines[1].amount = charge;
    for (bill_line& line : lines) {
        line.proration = true;
        line.period_end_s = of.period_end_s;
    }
    return lines;
}

void schedule_change(stage& on, subscription& of, std::vector<subscription_item> items) {
    shop& in = on.in();
    of.next_items = std::move(items);
    of.schedule = in.ids.make("sub_sched_1");
    on.happens("subscription_schedule.created", make_schedule(in, of));
    update(on, of, {{"schedule", nullptr}});
}

/// New items take the places of the old ones: their ids stay as long as there are as many.
std::vector<subscription_item> replace(shop& in, const subscription& of, const std::vector<sold_item>& sold) {
    std::vector<subscription_item> items = new_items(in, sold);
    for (std::size_t index = 0; index < std::min(items.size(), of.items.size()); ++index)
        items[index].id = of.items[index].id;
    return items;
}

} // namespace

sdk::outcome do_change(stage& on, options& with) {
    shop& in = on.in();
    subscription* of = need_subscription(in, with, {"active", "trialing"});
    const std::vector<sold_item> sold = read_items(in, with, "items", true);
    const bool now = with.word("when", {"now", "renewal"}) == "now";
    const std::int64_t credit = with.number("credit", 0, 0, amount_max);
    const std::int64_t charge = with.number("charge", 0, 0, amount_max);
    const bool at_once = with.word("invoice", {"next", "now"}) == "now";
    if (!with.has("items"))
        with.refuse("a change needs the new items");
    if ((!now || (of != nullptr && of->status == "trialing")) && credit + charge > 0)
        with.refuse("a proration needs a change within a period that was paid for");
    if (sdk::outcome done = with.finish(); !done)
        return done;
    std::vector<subscription_item> items = replace(in, *of, sold);
    if (!now) {
        schedule_change(on, *of, std::move(items));
        return {};
    }
    json::object previous{{"items", make_items(in, *of)}};
    const subscription_item old = of->items.front();
    of->items = std::move(items);
    if (credit + charge > 0)
        of->pending = proration_lines(in, *of, old, credit, charge);
    if (!at_once || of->pending.empty()) {
        update(on, *of, std::move(previous));
        return {};
    }
    previous["latest_invoice"] = of->latest_invoice;
    invoice& made = add_period_invoice(in, *of, "subscription_update", {});
    update(on, *of, std::move(previous));
    finalize(on, made);
    if (made.status == "open")
        pay_all(on, made);
    return {};
}

sdk::outcome do_cancel(stage& on, options& with) {
    shop& in = on.in();
    subscription* of =
        need_subscription(in, with, {"active", "trialing", "past_due", "unpaid", "paused", "incomplete"});
    const std::string_view when_it_ends = with.word("when", {"now", "period_end", "at"});
    const std::int64_t in_s = with.span_s("in", in.period_s());
    const std::string feedback = with.text("feedback", "");
    if (with.has("in") && when_it_ends != "at")
        with.refuse("'in' belongs to 'when': 'at'");
    if (sdk::outcome done = with.finish(); !done)
        return done;
    of->cancel_feedback = feedback;
    if (of->status == "incomplete") {
        of->status = "incomplete_expired";
        of->ended_s = in.now_s;
        update(on, *of, {{"status", "incomplete"}});
        void_invoice(on, *in.last_invoice());
        return {};
    }
    if (when_it_ends == "now") {
        of->canceled_s = in.now_s;
        end_subscription(on, *of, "cancellation_requested");
        return {};
    }
    json::object previous{{"cancel_at", time_or_null(of->cancel_at_s)},
                          {"canceled_at", time_or_null(of->canceled_s)},
                          {"cancellation_details", {{"feedback", nullptr}, {"reason", nullptr}}}};
    of->cancel_reason = "cancellation_requested";
    of->canceled_s = in.now_s;
    of->cancel_at_period_end = when_it_ends == "period_end";
    of->cancel_at_s = of->cancel_at_period_end ? of->period_end_s : in.now_s + in_s;
    if (of->cancel_at_period_end)
        previous["cancel_at_period_end"] = false;
    update(on, *of, std::move(previous));
    return {};
}

sdk::outcome do_undo_cancel(stage& on, options& with) {
    subscription* of = need_subscription(on.in(), with, {"active", "trialing", "past_due"});
    if (of != nullptr && of->cancel_at_s == 0)
        with.refuse("no cancellation is planned");
    if (sdk::outcome done = with.finish(); !done)
        return done;
    const json::object previous{{"cancel_at", of->cancel_at_s},
                                {"cancel_at_period_end", of->cancel_at_period_end},
                                {"canceled_at", of->canceled_s},
                                {"cancellation_details", {{"reason", of->cancel_reason}}}};
    of->cancel_at_s = of->canceled_s = 0;
    of->cancel_at_period_end = false;
    of->cancel_reason.clear();
    of->cancel_feedback.clear();
    update(on, *of, previous);
    return {};
}

sdk::outcome do_end(stage& on, options& with) {
    subscription* of = need_subscription(on.in(), with, {"active", "trialing", "past_due"});
    if (of != nullptr && of->cancel_at_s == 0)
        with.refuse("no cancellation is planned");
    if (sdk::outcome done = with.finish(); !done)
        return done;
    end_subscription(on, *of, "cancellation_requested");
    return {};
}

sdk::outcome do_pause(stage& on, options& with) {
    shop& in = on.in();
    subscription* of = need_subscription(in, with, {"active", "trialing", "past_due"});
    const bool collection = with.word("what", {"collection", "subscription"}) == "collection";
    const std::string_view behavior = with.word("behavior", {"void", "keep_as_draft", "mark_uncollectible"});
    const std::int64_t resumes_in_s = with.span_s("resumes_in", 0);
    if (!collection && (with.has("behavior") || with.has("resumes_in")))
        with.refuse("behavior and resumes_in belong to 'what': 'collection'");
    if (!collection && !in.api.tells_status_details())
        with.refuse("a subscription is paused on request since API 2026-10-28 only");
    if (of != nullptr && !of->pause_behavior.empty())
        with.refuse("collection is paused already");
    if (sdk::outcome done = with.finish(); !done)
        return done;
    if (collection) {
        of->pause_behavior = behavior;
        of->resumes_s = resumes_in_s == 0 ? 0 : in.now_s + resumes_in_s;
        update(on, *of, {{"pause_collection", nullptr}});
        return {};
    }
    const std::string before = std::exchange(of->status, "paused");
    of->pause_type = "pause_requested";
    of->paused_s = in.now_s;
    update(on, *of, {{"status", before}});
    on.happens("customer.subscription.paused", make_subscription(in, *of));
    return {};
}

sdk::outcome do_resume(stage& on, options& with) {
    shop& in = on.in();
    subscription* of = need_subscription(in, with, {"active", "trialing", "past_due", "paused"});
    const bool paused = of != nullptr && of->status == "paused";
    if (of != nullptr && !paused && of->pause_behavior.empty())
        with.refuse("nothing is paused");
    if (sdk::outcome done = with.finish(); !done)
        return done;
    if (!paused) {
        const json::object previous{{"pause_collection",
                                     {{"behavior", std::exchange(of->pause_behavior, "")},
                                      {"resumes_at", time_or_null(std::exchange(of->resumes_s, 0))}}}};
        update(on, *of, previous);
        return {};
    }
    // It begins anew: the period is counted from now on, and paid before it is active again.
    json::object previous = previous_period(in, *of);
    previous["status"] = "paused";
    of->period_start_s = in.now_s;
    of->period_end_s = in.now_s + in.period_s();
    of->has_payment_method = true;
    invoice& made = add_period_invoice(in, *of, "subscription_update", period_lines(in, *of, 0));
    finalize(on, made);
    if (made.status == "open")
        pay_all(on, made);
    of->status = "active";
    of->pause_type.clear();
    of->paused_s = 0;
    update(on, *of, std::move(previous));
    on.happens("customer.subscription.resumed", make_subscription(in, *of));
    return {};
}

} // namespace tributary::stripe::simulated
