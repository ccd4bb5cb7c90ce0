#include <algorithm>
#include <array>
#include <utility>

#include "claims.hpp"
#include "paths.hpp"
#include "tellers.hpp"

namespace tributary::stripe {
namespace {

std::optional<std::int64_t> status_of(const json::value& subscription) noexcept {
    constexpr std::array<std::pair<std::string_view, std::int64_t>, 8> words{{
        {"incomplete", TRB_SUBSCRIPTION_INCOMPLETE},
        {"incomplete_expired", TRB_SUBSCRIPTION_CANCELED},
        {"trialing", TRB_SUBSCRIPTION_TRIALING},
        {"active", TRB_SUBSCRIPTION_ACTIVE},
        {"past_due", TRB_SUBSCRIPTION_PAST_DUE},
        {"unpaid", TRB_SUBSCRIPTION_UNPAID},
        {"paused", TRB_SUBSCRIPTION_PAUSED},
        {"canceled", TRB_SUBSCRIPTION_CANCELED},
    }};
    const std::string_view given = text(subscription, "status");
    for (const auto& [word, status] : words)
        if (word == given)
            return status;
    return std::nullopt; // Enumerations are open: an unknown word states nothing.
}

struct period {
    std::optional<std::int64_t> start_ms;
    std::optional<std::int64_t> end_ms;
};

/// Items may have periods of their own since 2025-03-31; access lasts as long as the longest of them.
period period_of(const json::value& subscription) {
    period longest{time_ms(subscription, "current_period_start"),
                   time_ms(subscription, "current_period_end")};
    for (const json::value& item : elements(subscription, "items")) {
        const period own{time_ms(item, "current_period_start"), time_ms(item, "current_period_end")};
        if (own.end_ms && (!longest.end_ms || *own.end_ms > *longest.end_ms))
            longest = own;
    }
    return longest;
}

/// Items may have trials of their own since 2026-10-28.
std::optional<std::int64_t> trial_end_of(const json::value& subscription) {
    std::optional<std::int64_t> last = time_ms(subscription, "trial_end");
    for (const json::value& item : elements(subscription, "items"))
        if (const auto own = time_ms(item, "current_trial.end_date"); own && (!last || *own > *last))
            last = own;
    return last;
}

void state_time(fact_draft& draft, unsigned bit, std::int64_t trb_subscription::*member,
                std::optional<std::int64_t> at_ms) {
    if (at_ms)
        draft.state(bit, member, *at_ms);
}

void state_cancellation(fact_draft& draft, const json::value& subscription, const period& current) {
    std::optional<std::int64_t> cancel_at = time_ms(subscription, "cancel_at");
    if (!cancel_at && flag(subscription, "cancel_at_period_end").value_or(false))
        cancel_at = current.end_ms;
    draft.state(TRB_SUBSCRIPTION_CANCEL_AT, &trb_subscription::cancel_at_ms, cancel_at.value_or(0));
    state_time(draft, TRB_SUBSCRIPTION_CANCELED_AT, &trb_subscription::canceled_at_ms,
               time_ms(subscription, "canceled_at"));
    state_time(draft, TRB_SUBSCRIPTION_ENDED_AT, &trb_subscription::ended_at_ms,
               time_ms(subscription, "ended_at"));
    draft.state_text(TRB_SUBSCRIPTION_CANCEL_REASON, &trb_subscription::cancel_reason,
                     text(subscription, "cancellation_details.reason"));
}

/// Both kinds: invoices that are not collected while the subscription runs on, and one that does not run.
void state_pause(fact_draft& draft, const json::value& subscription) {
    const bool uncollected = find(subscription, "pause_collection") != nullptr;
    draft.state<trb_subscription, std::int64_t>(TRB_SUBSCRIPTION_COLLECTION_PAUSED,
                                                &trb_subscription::collection_paused, uncollected ? 1 : 0);
    if (uncollected)
        draft.state(TRB_SUBSCRIPTION_RESUMES_AT, &trb_subscription::resumes_at_ms,
                    time_ms(subscription, "pause_collection.resumes_at").value_or(0));
    draft.state_text(
        TRB_SUBSCRIPTION_PAUSE_REASON, &trb_subscription::pause_reason,
        text(subscription, {"status_details.paused.subscription.type", "status_details.paused.type"}));
}

/// Until 2025-03-31 the subscription had one period, and until 2026-10-28 one trial: those of each of its
/// items.
void add_items(fact_draft& draft, const json::value& subscription, const period& current, fault& problem) {
    const std::span<const json::value> items = elements(subscription, "items");
    const bool own_trials = std::any_of(items.begin(), items.end(), [](const json::value& item) {
        return find(item, "current_trial") != nullptr;
    });
    const auto add_item = [&](const json::value& source) {
        trb_subscription_item item = make_item(source, problem);
        if (!own_trials)
            item.trial_end_ms = time_ms(subscription, "trial_end").value_or(0);
        if (item.period_end_ms == 0) {
            item.period_start_ms = current.start_ms.value_or(0);
            item.period_end_ms = current.end_ms.value_or(0);
        }
        draft.item(item);
    };
    for (const json::value& source : items)
        add_item(source);
    // The oldest bodies with one plan name it on the subscription itself.
    if (items.empty() && find(subscription, "plan") != nullptr)
        add_item(subscription);
}

} // namespace

void tell_subscription(const telling& told, findings& into) {
    const json::value& subscription = told.object;
    fact_draft& draft = into.start(told, TRB_KIND_SUBSCRIPTION, id_of(subscription, "id"), rank_charge);
    const period current = period_of(subscription);
    if (told.event_type == "customer.subscription.created")
        draft.occurred_at(time_ms(subscription, "created").value_or(told.said_at_ms));
    std::optional<std::int64_t> status = status_of(subscription);
    if (told.event_type == "customer.subscription.deleted")
        status = TRB_SUBSCRIPTION_CANCELED;
    if (status) // A word that nobody knows states nothing; check_shape() says so.
        draft.state(TRB_SUBSCRIPTION_STATUS, &trb_subscription::status, *status);
    state_time(draft, TRB_SUBSCRIPTION_PERIOD_START, &trb_subscription::period_start_ms, current.start_ms);
    state_time(draft, TRB_SUBSCRIPTION_PERIOD_END, &trb_subscription::period_end_ms, current.end_ms);
    state_time(draft, TRB_SUBSCRIPTION_TRIAL_START, &trb_subscription::trial_start_ms,
               time_ms(subscription, "trial_start"));
    state_time(draft, TRB_SUBSCRIPTION_TRIAL_END, &trb_subscription::trial_end_ms,
               trial_end_of(subscription));
    state_cancellation(draft, subscription, current);
    state_pause(draft, subscription);
    add_items(draft, subscription, current, into.problem());
    add_discounts(draft, told, into);
    join_owners(draft, told);
    draft.metadata(find(subscription, "metadata"));
    claim_user_and_click(draft, told);
}

} // namespace tributary::stripe
