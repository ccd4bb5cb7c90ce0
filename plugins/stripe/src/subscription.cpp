#include <array>
#include <utility>

#include "claims.hpp"
#include "paths.hpp"
#include "tellers.hpp"

namespace tributary::stripe {
namespace {

using sdk::view;

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

/// Price of one unit. Prices below one minor unit keep their decimals in the exponent; tiered prices have
/// none.
trb_money unit_amount(const json::value& item, fault& problem) {
    const std::string_view currency = text(item, paths::item_currency);
    const std::optional<std::int64_t> whole = amount(item, paths::item_amount, problem);
    const std::optional<decimal_amount> exact = parse_decimal(text(item, paths::item_amount_decimal));
    if (currency.empty() || (!whole && !exact))
        return {};
    const denomination money(currency, problem);
    if (whole)
        return money(*whole);
    trb_money made = money(exact->amount_minor);
    made.exponent += exact->more_decimals;
    return made;
}

trb_subscription_item make_item(const json::value& source, fault& problem) {
    trb_subscription_item item{};
    item.struct_size = sizeof item;
    item.id = view(id_of(source, "id"));
    item.product_id = view(id_of(source, paths::item_product));
    item.price_id = view(id_of(source, paths::item_price));
    item.quantity = integer(source, "quantity").value_or(1);
    item.metered = text(source, paths::item_usage) == "metered" ? 1 : 0;
    item.unit_amount = unit_amount(source, problem);
    item.interval = view(text(source, paths::item_interval));
    item.interval_count = integer(source, paths::item_interval_count).value_or(1);
    return item;
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
    if (status)
        draft.state(TRB_SUBSCRIPTION_STATUS, &trb_subscription::status, *status);
    else
        into.note("unknown", "the subscription's status is a word that this plugin does not know");
    state_time(draft, TRB_SUBSCRIPTION_PERIOD_START, &trb_subscription::period_start_ms, current.start_ms);
    state_time(draft, TRB_SUBSCRIPTION_PERIOD_END, &trb_subscription::period_end_ms, current.end_ms);
    state_time(draft, TRB_SUBSCRIPTION_TRIAL_START, &trb_subscription::trial_start_ms,
               time_ms(subscription, "trial_start"));
    state_time(draft, TRB_SUBSCRIPTION_TRIAL_END, &trb_subscription::trial_end_ms,
               time_ms(subscription, "trial_end"));
    state_cancellation(draft, subscription, current);
    draft.state<trb_subscription, std::int64_t>(TRB_SUBSCRIPTION_COLLECTION_PAUSED,
                                                &trb_subscription::collection_paused,
                                                find(subscription, "pause_collection") != nullptr ? 1 : 0);
    for (const json::value& item : elements(subscription, "items"))
        draft.item(make_item(item, into.problem()));
    // The oldest bodies with one plan name it on the subscription itself.
    if (elements(subscription, "items").empty() && find(subscription, "plan") != nullptr)
        draft.item(make_item(subscription, into.problem()));
    join_owners(draft, told);
    draft.metadata(find(subscription, "metadata"));
    claim_user_and_click(draft, told);
}

} // namespace tributary::stripe
