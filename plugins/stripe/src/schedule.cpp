#include <limits>

#include "claims.hpp"
#include "tellers.hpp"

namespace tributary::stripe {
namespace {

/// The phase that begins next after what is said; nullptr: none does.
const json::value* next_phase(const telling& told) {
    const json::value* next = nullptr;
    std::int64_t soonest = std::numeric_limits<std::int64_t>::max();
    for (const json::value& phase : elements(told.object, "phases")) {
        const std::optional<std::int64_t> start = time_ms(phase, "start_date");
        if (start && *start > told.said_at_ms && *start < soonest) {
            soonest = *start;
            next = &phase;
        }
    }
    return next;
}

} // namespace

void tell_schedule(const telling& told, findings& into) {
    const json::value& schedule = told.object;
    fact_draft& draft = into.start(told, TRB_KIND_SCHEDULE, id_of(schedule, "id"), rank_charge);
    const std::string_view subscription = id_of(schedule, {"subscription", "released_subscription"});
    const std::string_view status = text(schedule, "status");
    const bool active = status == "active" || status == "not_started";
    draft.state_text(TRB_SCHEDULE_SUBSCRIPTION_ID, &trb_schedule::subscription_id, subscription);
    draft.state<trb_schedule, std::int64_t>(TRB_SCHEDULE_ACTIVE, &trb_schedule::active, active ? 1 : 0);
    const json::value* next = active ? next_phase(told) : nullptr;
    draft.state(TRB_SCHEDULE_CHANGE_AT, &trb_schedule::change_at_ms,
                next == nullptr ? std::int64_t{0} : time_ms(*next, "start_date").value_or(0));
    if (next != nullptr)
        for (const json::value& source : elements(*next, "items"))
            draft.item(make_item(source, into.problem()));
    std::int64_t ends = 0;
    if (active && text(schedule, "end_behavior") == "cancel")
        for (const json::value& phase : elements(schedule, "phases"))
            ends = std::max(ends, time_ms(phase, "end_date").value_or(0));
    draft.state(TRB_SCHEDULE_ENDS_AT, &trb_schedule::ends_at_ms, ends);
    join_owners(draft, told, subscription);
}

} // namespace tributary::stripe
