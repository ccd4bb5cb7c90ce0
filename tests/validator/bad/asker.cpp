// Actions, backfill, a reward rule and a sink, with one thing wrong.
#include <tributary/abi/actions.h>
#include <tributary/abi/backfill.h>
#include <tributary/abi/reward_rule.h>
#include <tributary/abi/sink.h>

#include "fault.hpp"

namespace {

template <class Use> void request(std::string_view purpose, std::string_view authorization, Use use) {
    const trb_pair headers[] = {{TRB_STR("Authorization"), view(authorization)}};
    const trb_http_request made{sizeof(trb_http_request),
                                1,
                                TRB_STR("GET"),
                                TRB_STR("https://api.bad.test/v1/me"),
                                headers,
                                {},
                                view(purpose)};
    use(made);
}

trb_status run(void*, const trb_connection* connection, const trb_action* action, const trb_record*,
               std::uint64_t answers, std::uint64_t, const trb_action_sink* sink,
               const trb_error_sink*) noexcept {
    if (!has(fault::any_action) && (action->action < TRB_ACTION_CHECK || action->action > TRB_ACTION_FETCH))
        return TRB_UNSUPPORTED;
    std::string authorization = "Bearer {secret:api_key}";
    if constexpr (has(fault::written_secret))
        for (std::uint64_t index = 0; index < connection->secret_count; ++index)
            authorization = "Bearer " + std::string(view(connection->secrets[index].value));
    if (answers == 0 || has(fault::endless_action)) {
        request("check:" + std::to_string(answers), authorization,
                [&](const trb_http_request& made) { sink->need(sink->ctx, &made); });
        return TRB_OK;
    }
    static_cast<void>(connection);
    const trb_finding finding{sizeof(trb_finding), TRB_FINDING_GOOD,       TRB_STR("seen"),
                              TRB_STR(""),         TRB_STR("It answers."), TRB_STR("")};
    sink->finding(sink->ctx, &finding);
    return TRB_OK;
}

trb_status next(void*, const trb_connection*, const trb_backfill_range*, trb_str cursor,
                const trb_record* answer, const trb_backfill_sink* sink, const trb_error_sink*) noexcept {
    if (answer != nullptr && view(cursor) != "1")
        return TRB_OK;
    const std::string cursor_of_next = answer == nullptr ? "1" : "2";
    const std::string purpose = has(fault::same_purpose) ? "page" : "page:" + cursor_of_next;
    request(purpose, "Bearer {secret:api_key}",
            [&](const trb_http_request& made) { sink->page(sink->ctx, view(cursor_of_next), &made); });
    return TRB_OK;
}

trb_status evaluate(void*, std::uint64_t, trb_str, const trb_rule_value* values, std::uint64_t count,
                    std::uint64_t stride, const trb_rule_sink* sink, const trb_error_sink*) noexcept {
    for (std::uint64_t index = 0; index < count; ++index) {
        const trb_rule_value& value = *TRB_AT(trb_rule_value, values, index, stride);
        if (value.type != TRB_RULE_MONEY || value.money.amount_minor <= 0)
            continue;
        trb_money given = value.money;
        given.amount_minor /= 10;
        for (int times = has(fault::two_amounts) ? 2 : 1; times > 0; --times)
            sink->amount(sink->ctx, given);
        return TRB_OK;
    }
    sink->decline(sink->ctx, TRB_STR("no_money"), TRB_STR("No money came in."));
    return TRB_OK;
}

trb_status deliver(void*, const trb_outgoing*, const trb_outgoing_sink* sink,
                   const trb_error_sink*) noexcept {
    for (int times = has(fault::two_requests) ? 2 : 1; times > 0; --times)
        request("out", "none", [&](const trb_http_request& made) { sink->request(sink->ctx, &made); });
    return TRB_OK;
}

constexpr trb_str inputs[] = {TRB_STR_INIT("sale.total")};
constexpr trb_rule rules[] = {{sizeof(trb_rule), 1, TRB_STR_INIT("tenth"),
                               TRB_STR_INIT("A tenth of the sale."), TRB_STR_INIT(""), inputs, 1}};

const void* get_extension(trb_str id) noexcept {
    static const trb_actions_v1 actions{sizeof(trb_actions_v1), 0, &run};
    static const trb_backfill_v1 backfill{sizeof(trb_backfill_v1), 0, &next};
    static const trb_reward_rule_v1 reward{sizeof(trb_reward_rule_v1), 0,        rules, 1,
                                           sizeof(trb_rule),           &evaluate};
    static const trb_sink_v1 out{sizeof(trb_sink_v1), 0, nullptr, 0, &deliver};
    if (view(id) == TRB_EXT_ACTIONS)
        return &actions;
    if (view(id) == TRB_EXT_BACKFILL)
        return &backfill;
    if (view(id) == TRB_EXT_REWARD_RULE)
        return &reward;
    return view(id) == TRB_EXT_SINK ? &out : nullptr;
}

constexpr trb_str extensions[] = {TRB_STR_INIT(TRB_EXT_ACTIONS), TRB_STR_INIT(TRB_EXT_BACKFILL),
                                  TRB_STR_INIT(TRB_EXT_REWARD_RULE), TRB_STR_INIT(TRB_EXT_SINK)};

} // namespace

extern "C" TRB_EXPORT const trb_plugin* tributary_plugin_entry(void) noexcept {
    static const trb_plugin descriptor{sizeof(trb_plugin),
                                       TRB_ABI_MAGIC,
                                       TRB_ABI_MAJOR,
                                       TRB_ABI_MINOR,
                                       TRB_STR_INIT("org.example.bad"),
                                       TRB_STR_INIT("bad"),
                                       TRB_STR_INIT("1.0.0"),
                                       TRB_STR_INIT("tributary tests"),
                                       extensions,
                                       4,
                                       nullptr,
                                       0,
                                       nullptr,
                                       0,
                                       0,
                                       &bad_create,
                                       &bad_start,
                                       &bad_stop,
                                       &bad_destroy,
                                       &get_extension};
    return &descriptor;
}
