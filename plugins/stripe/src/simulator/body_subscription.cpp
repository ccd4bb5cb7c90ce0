#include "simulator/bodies.hpp"

namespace tributary::stripe::simulated {
namespace {

json::object make_item(const shop& in, const subscription& of, const subscription_item& item) {
    json::object made{{"id", item.id},
                      {"object", "subscription_item"},
                      {"created", of.created_s},
                      {"discounts", json::array{}},
                      {"metadata", json::object{}},
                      {"plan", make_plan(in, item.sold)},
                      {"price", make_price(in, item.sold)},
                      {"subscription", of.id}};
    if (!item.sold.metered) // Usage has no quantity beforehand.
        made["quantity"] = item.quantity;
    if (in.api.is_split()) {
        made["current_period_end"] = of.period_end_s;
        made["current_period_start"] = of.period_start_s;
    }
    if (in.api.tells_status_details())
        made["current_trial"] = of.trial_end_s == 0
                                    ? json::value()
                                    : json::value(json::object{{"end_date", of.trial_end_s},
                                                               {"start_date", of.trial_start_s},
                                                               {"trial_offer", nullptr}});
    return made;
}

json::value pause_of(const subscription& of) {
    if (of.pause_behavior.empty())
        return nullptr;
    return json::object{{"behavior", of.pause_behavior}, {"resumes_at", time_or_null(of.resumes_s)}};
}

json::value paused_details(const subscription& of) {
    if (of.pause_type.empty())
        return nullptr;
    return json::object{{"subscription", {{"type", of.pause_type}}},
                        {"transitioned_at", of.paused_s},
                        {"type", "subscription"}};
}

} // namespace

json::object make_items(const shop& in, const subscription& of) {
    json::array items;
    for (const subscription_item& item : of.items)
        items.emplace_back(make_item(in, of, item));
    return list_of(std::move(items), "/v1/subscription_items?subscription=" + of.id);
}

json::object make_subscription(const shop& in, const subscription& of) {
    json::object made{
        {"id", of.id},
        {"object", "subscription"},
        {"billing_cycle_anchor", of.period_start_s},
        {"cancel_at", time_or_null(of.cancel_at_s)},
        {"cancel_at_period_end", of.cancel_at_period_end},
        {"canceled_at", time_or_null(of.canceled_s)},
        {"cancellation_details",
         {{"comment", nullptr},
          {"feedback", text_or_null(of.cancel_feedback)},
          {"reason", text_or_null(of.cancel_reason)}}},
        {"collection_method", "charge_automatically"},
        {"created", of.created_s},
        {"currency", in.given.currency},
        {"customer", in.buyer.id},
        {"default_payment_method", text_or_null(of.has_payment_method ? "pm_1" + of.id.substr(5) : "")},
        {"ended_at", time_or_null(of.ended_s)},
        {"items", make_items(in, of)},
        {"latest_invoice", text_or_null(of.latest_invoice)},
        {"livemode", in.live},
        {"metadata", user_metadata(in, true)},
        {"pause_collection", pause_of(of)},
        {"pending_update", nullptr},
        {"schedule", text_or_null(of.schedule)},
        {"start_date", of.created_s},
        {"status", of.status},
        {"trial_end", time_or_null(of.trial_end_s)},
        {"trial_settings", {{"end_behavior", {{"missing_payment_method", of.missing_payment_method}}}}},
        {"trial_start", time_or_null(of.trial_start_s)}};
    if (in.api.lists_discounts())
        made["discounts"] = of.reduced ? json::array{of.reduced->id} : json::array{};
    if (!in.api.is_split()) {
        made["current_period_end"] = of.period_end_s;
        made["current_period_start"] = of.period_start_s;
        made["discount"] =
            of.reduced ? json::value(make_discount(in, *of.reduced, of.id, "")) : json::value();
        // With one item old bodies repeat it on the subscription itself.
        if (of.items.size() == 1) {
            made["plan"] = make_plan(in, of.items.front().sold);
            made["quantity"] = of.items.front().quantity;
        }
    }
    if (in.api.bills_flexibly())
        made["billing_mode"] = {{"flexible", {{"proration_discounts", "included"}}}, {"type", "flexible"}};
    if (in.api.tells_status_details())
        made["status_details"] = {{"paused", paused_details(of)}};
    return made;
}

json::object make_schedule(const shop& in, const subscription& of) {
    json::array items;
    for (const subscription_item& item : of.next_items)
        items.emplace_back(
            json::object{{"metadata", json::object{}}, {"price", item.sold.id}, {"quantity", item.quantity}});
    json::array now;
    for (const subscription_item& item : of.items)
        now.emplace_back(
            json::object{{"metadata", json::object{}}, {"price", item.sold.id}, {"quantity", item.quantity}});
    const json::object first{{"currency", in.given.currency},
                             {"end_date", of.period_end_s},
                             {"items", std::move(now)},
                             {"proration_behavior", "none"},
                             {"start_date", of.period_start_s}};
    const json::object second{{"currency", in.given.currency},
                              {"end_date", of.period_end_s + in.period_s()},
                              {"items", std::move(items)},
                              {"proration_behavior", "none"},
                              {"start_date", of.period_end_s}};
    return {{"id", of.schedule},
            {"object", "subscription_schedule"},
            {"canceled_at", nullptr},
            {"completed_at", nullptr},
            {"created", in.now_s},
            {"current_phase", {{"end_date", of.period_end_s}, {"start_date", of.period_start_s}}},
            {"customer", in.buyer.id},
            {"end_behavior", "release"},
            {"livemode", in.live},
            {"metadata", json::object{}},
            {"phases", json::array{first, second}},
            {"released_at", nullptr},
            {"released_subscription", nullptr},
            {"status", "active"},
            {"subscription", of.id}};
}

} // namespace tributary::stripe::simulated
