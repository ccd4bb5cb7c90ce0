#pragma once

#include <tributary/abi/actions.h>
#include <tributary/abi/backfill.h>
#include <tributary/abi/reward_rule.h>
#include <tributary/abi/sink.h>
#include <tributary/testing/values.hpp>

/// Single calls of actions, backfill, reward rules and sinks, through their C tables as a host makes them.
/// scripted_http.hpp drives the first two to their end.
namespace tributary::testing {

/// What a person asks for.
struct action {
    std::int32_t what = TRB_ACTION_CHECK; ///< TRB_ACTION_...
    std::string target_url = {};
    std::string document_id = {};
    std::int32_t kind = 0;
};

struct captured_finding {
    std::int32_t level = 0; ///< TRB_FINDING_...
    std::string code;
    std::string subject;
    std::string message;
    std::string advice;
};

struct captured_keep {
    std::int32_t what = 0; ///< TRB_KEEP_SECRET, TRB_KEEP_SETTING
    std::string name;
    std::string value;
};

struct acted : ending {
    std::vector<captured_request> needs;
    std::vector<captured_finding> findings;
    std::vector<captured_keep> kept;

    bool found(std::string_view wanted) const {
        for (const captured_finding& finding : findings)
            if (finding.code == wanted)
                return true;
        return false;
    }
};

struct range {
    std::int64_t from_ms = INT64_MIN;
    std::int64_t until_ms = 1'700'000'000'000;
};

struct captured_page {
    std::string cursor;
    captured_request request;
};

struct paged : ending {
    std::vector<captured_page> pages;
    std::map<std::string, std::int64_t> progress; ///< By stream, the last.
};

struct outgoing {
    std::string id = "msg_1";
    std::string kind = "sale.created";
    std::string key = "sale_1";
    std::string body = "{}";
    std::int64_t at_ms = 1'700'000'000'000;
    bool corrected = false;
    std::uint32_t attempt = 1;
    std::string workspace = "ws_test";
    std::int32_t environment = TRB_SANDBOX;
};

struct delivered : ending {
    std::vector<captured_request> requests; ///< At most one.
};

struct evaluated : ending {
    std::vector<trb_money> amounts; ///< At most one.
    pairs declined;                 ///< Code and text.
    pairs explained;                ///< Label and value.
};

namespace detail {

struct action_capture {
    static void need(void* self, const trb_http_request* wanted) noexcept {
        static_cast<acted*>(self)->needs.push_back(copy_of(*wanted));
    }
    static void finding(void* self, const trb_finding* seen) noexcept {
        static_cast<acted*>(self)->findings.push_back(
            {seen->level, copy(seen->code), copy(seen->subject), copy(seen->message), copy(seen->advice)});
    }
    static void keep(void* self, std::int32_t what, trb_str name, trb_str value) noexcept {
        static_cast<acted*>(self)->kept.push_back({what, copy(name), copy(value)});
    }
};

struct page_capture {
    static void page(void* self, trb_str cursor, const trb_http_request* wanted) noexcept {
        static_cast<paged*>(self)->pages.push_back({copy(cursor), copy_of(*wanted)});
    }
    static void progress(void* self, trb_str stream, std::int64_t at_ms) noexcept {
        static_cast<paged*>(self)->progress[copy(stream)] = at_ms;
    }
};

struct rule_capture {
    static void amount(void* self, trb_money given) noexcept {
        static_cast<evaluated*>(self)->amounts.push_back(given);
    }
    static void decline(void* self, trb_str code, trb_str text) noexcept {
        static_cast<evaluated*>(self)->declined.emplace_back(copy(code), copy(text));
    }
    static void explain(void* self, trb_str label, trb_str value) noexcept {
        static_cast<evaluated*>(self)->explained.emplace_back(copy(label), copy(value));
    }
};

inline void put_request(void* self, const trb_http_request* wanted) noexcept {
    static_cast<delivered*>(self)->requests.push_back(copy_of(*wanted));
}

} // namespace detail

/// One step of an action. answers: to everything needed so far, in that order.
inline acted run(const trb_actions_v1& table, void* self, const connection& with, const action& asked,
                 const std::vector<record>& answers = {}) {
    acted result;
    const detail::connection_view account(with);
    const detail::records_view given(answers);
    const trb_action request{
        sizeof(trb_action), asked.what, detail::view(asked.target_url), detail::view(asked.document_id),
        asked.kind,         0};
    const trb_action_sink sink{sizeof(trb_action_sink),
                               0,
                               &result,
                               &detail::action_capture::need,
                               &detail::action_capture::finding,
                               &detail::action_capture::keep};
    const detail::error_capture error;
    error.finish(table.run(self, account.get(), &request, given.first(), given.count(), given.stride(), &sink,
                           error.sink()),
                 result);
    return result;
}

/// One step of a backfill. page: nullptr at the beginning.
inline paged next(const trb_backfill_v1& table, void* self, const connection& with, const range& wanted,
                  std::string_view cursor = {}, const record* page = nullptr) {
    paged result;
    const detail::connection_view account(with);
    const std::vector<record> answers(page == nullptr ? 0 : 1, page == nullptr ? record{} : *page);
    const detail::records_view given(answers);
    const trb_backfill_range period{sizeof(trb_backfill_range), 0, wanted.from_ms, wanted.until_ms};
    const trb_backfill_sink sink{sizeof(trb_backfill_sink), 0, &result, &detail::page_capture::page,
                                 &detail::page_capture::progress};
    const detail::error_capture error;
    error.finish(
        table.next(self, account.get(), &period, detail::view(cursor), given.first(), &sink, error.sink()),
        result);
    return result;
}

/// Hands one message to a sink.
inline delivered deliver(const trb_sink_v1& table, void* self, const outgoing& message) {
    delivered result;
    const trb_outgoing made{sizeof(trb_outgoing),
                            message.environment,
                            detail::view(message.workspace),
                            detail::view(message.id),
                            detail::view(message.kind),
                            detail::view(message.key),
                            message.at_ms,
                            detail::view(message.body),
                            message.corrected ? 1u : 0u,
                            message.attempt};
    const trb_outgoing_sink sink{sizeof(trb_outgoing_sink), 0, &result, &detail::put_request};
    const detail::error_capture error;
    error.finish(table.deliver(self, &made, &sink, error.sink()), result);
    return result;
}

/// A value that a rule reads; texts are views.
inline trb_rule_value rule_value(std::string_view name) {
    trb_rule_value made{};
    made.struct_size = sizeof made;
    made.type = TRB_RULE_ABSENT;
    made.name = detail::view(name);
    return made;
}
inline trb_rule_value rule_value(std::string_view name, std::int32_t type, std::int64_t integer) {
    trb_rule_value made = rule_value(name);
    made.type = type;
    made.integer = integer;
    return made;
}
inline trb_rule_value rule_value(std::string_view name, std::string_view text) {
    trb_rule_value made = rule_value(name);
    made.type = TRB_RULE_TEXT;
    made.text = detail::view(text);
    return made;
}
inline trb_rule_value rule_value(std::string_view name, const trb_money& money) {
    trb_rule_value made = rule_value(name);
    made.type = TRB_RULE_MONEY;
    made.money = money;
    return made;
}

inline evaluated evaluate(const trb_reward_rule_v1& table, void* self, std::uint64_t rule,
                          std::string_view parameters, const std::vector<trb_rule_value>& values) {
    evaluated result;
    const trb_rule_sink sink{sizeof(trb_rule_sink),
                             0,
                             &result,
                             &detail::rule_capture::amount,
                             &detail::rule_capture::decline,
                             &detail::rule_capture::explain};
    const detail::error_capture error;
    error.finish(table.evaluate(self, rule, detail::view(parameters), values.data(), values.size(),
                                sizeof(trb_rule_value), &sink, error.sink()),
                 result);
    return result;
}

} // namespace tributary::testing
