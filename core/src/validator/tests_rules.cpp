// rule.* and sink.*: reward rules, and where messages go out.
#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cstring>

#include "validator/suite.hpp"

namespace tributary::validator {
namespace {

struct rewarded {
    trb_status status = TRB_OK;
    std::vector<trb_money> amounts;
    std::size_t declined = 0;
    std::string text;
    std::string fault;
};

void take_amount(void* ctx, trb_money amount) noexcept {
    auto& into = *static_cast<rewarded*>(ctx);
    into.amounts.push_back(amount);
    const std::string_view currency(amount.currency, strnlen(amount.currency, sizeof amount.currency));
    const bool letters = std::ranges::all_of(currency, [](char each) { return each >= 'A' && each <= 'Z'; });
    if (currency.size() != 3 || !letters || amount.exponent > 4)
        into.fault =
            "an amount in '" + std::string(currency) + "' with exponent " + std::to_string(amount.exponent);
    into.text += "amount " + std::to_string(amount.amount_minor) + std::string(currency) + "\n";
}
void take_decline(void* ctx, trb_str code, trb_str text) noexcept {
    auto& into = *static_cast<rewarded*>(ctx);
    ++into.declined;
    into.text += "decline " + std::string(view(code)) + " " + std::string(view(text)) + "\n";
}
void take_explain(void* ctx, trb_str label, trb_str value) noexcept {
    static_cast<rewarded*>(ctx)->text += std::string(view(label)) + "=" + std::string(view(value)) + "\n";
}

/// What every input is: absent, an ordinary value, or what lies at the edge.
struct world {
    std::int32_t type;
    std::int64_t number;
    const char* text;
};
constexpr std::array<world, 9> worlds{{{TRB_RULE_ABSENT, 0, ""},
                                       {TRB_RULE_INTEGER, 3, ""},
                                       {TRB_RULE_MONEY, 1999, ""},
                                       {TRB_RULE_MONEY, INT64_MAX, ""},
                                       {TRB_RULE_MONEY, INT64_MIN, ""},
                                       {TRB_RULE_INTEGER, INT64_MIN, ""},
                                       {TRB_RULE_TEXT, 0, "DE"},
                                       {TRB_RULE_BOOLEAN, 1, ""},
                                       {TRB_RULE_TIME, INT64_MAX, ""}}};

rewarded evaluate(const extension<trb_reward_rule_v1>& with, std::uint64_t number,
                  const std::string& parameters, const world& in) {
    rewarded made;
    const instance& of = *with.of;
    const trb_rule& rule = plugins::elements<trb_rule>(with.table->rules, with.table->rule_count,
                                                       with.table->rule_stride)[number];
    vault lent(of.at(), "evaluate", of.future());
    error_collector error(lent);
    std::vector<trb_rule_value> values;
    for (std::uint64_t index = 0; index < rule.input_count; ++index)
        values.push_back({sizeof(trb_rule_value),
                          in.type,
                          lent.text(view(rule.inputs[index]), "trb_rule_value.name"),
                          in.number,
                          lent.text(in.text, "trb_rule_value.text"),
                          {in.number, "USD", 2}});
    const trb_rule_sink sink{sizeof(trb_rule_sink), 0, &made, &take_amount, &take_decline, &take_explain};
    const watching_host::watch watch(phase::pure);
    made.status = cross(with.table->evaluate, of.self(), number, lent.text(parameters, "the parameters"),
                        lent.list(std::span<const trb_rule_value>(values), "the values"),
                        std::uint64_t{values.size()}, std::uint64_t{lent.stride<trb_rule_value>()},
                        lent.put(sink, "the trb_rule_sink"), error.sink());
    made.text += std::to_string(made.status);
    if (!watch.breach().empty())
        made.fault = "evaluate uses " + watch.breach() + " of the host";
    if (!is_status(made.status))
        made.fault = "evaluate returned " + std::to_string(made.status) + ", which is no status";
    if (made.amounts.size() > 1)
        made.fault = "amount was called " + std::to_string(made.amounts.size()) + " times";
    if (!made.amounts.empty() && made.declined > 0)
        made.fault = "it gives an amount and declines";
    return made;
}

verdict rules_declared(test_context& in) {
    const auto with = need_extension<trb_reward_rule_v1>(in, TRB_EXT_REWARD_RULE);
    if (with.of == nullptr)
        return with.otherwise;
    for (const trb_rule& each :
         plugins::elements<trb_rule>(with.table->rules, with.table->rule_count, with.table->rule_stride)) {
        const std::string name(view(each.name));
        if (each.struct_size < sizeof(trb_rule) || name.empty() || each.summary.size == 0)
            return failed("a rule without name or summary, or with too small a struct_size");
        boost::json::error_code malformed;
        if (each.parameter_schema.size > 0)
            static_cast<void>(boost::json::parse(view(each.parameter_schema), malformed));
        if (malformed)
            return failed("the parameter_schema of " + name + " is no JSON");
    }
    return passed();
}

verdict rules_evaluate(test_context& in) {
    const auto with = need_extension<trb_reward_rule_v1>(in, TRB_EXT_REWARD_RULE);
    if (with.of == nullptr)
        return with.otherwise;
    for (std::uint64_t number = 0; number < with.table->rule_count; ++number)
        for (const char* parameters : {"{}", R"({"rate_bps":2000,"percent":20,"amount":100})", "[]", "", "{"})
            for (const world& each : worlds) {
                const rewarded first = evaluate(with, number, parameters, each);
                const std::string where =
                    "rule " + std::to_string(number) + ", parameters " + parameters + ": ";
                if (!first.fault.empty())
                    return failed(where + first.fault);
                if (evaluate(with, number, parameters, each).text != first.text)
                    return failed(where + "the same values give something else the second time");
            }
    with.of->end(); // Who kept a view of the values meets it here.
    return passed();
}

struct taken {
    trb_status status = TRB_OK;
    std::size_t requests = 0;
};
void take_request(void* ctx, const trb_http_request*) noexcept {
    ++static_cast<taken*>(ctx)->requests;
}

taken deliver(const extension<trb_sink_v1>& with, const std::string& kind, const std::string& body,
              std::uint32_t attempt) {
    taken made;
    vault lent(with.of->at(), "deliver", with.of->future());
    error_collector error(lent);
    trb_outgoing message{};
    message.environment = TRB_SANDBOX;
    message.workspace = lent.text("ws_check", "trb_outgoing.workspace");
    message.id = lent.text("msg_check", "trb_outgoing.id");
    message.kind = lent.text(kind, "trb_outgoing.kind");
    message.key = lent.text("key_check", "trb_outgoing.key");
    message.at_ms = sample_time;
    message.body = lent.text(body, "trb_outgoing.body");
    message.attempt = attempt;
    const trb_outgoing_sink sink{sizeof(trb_outgoing_sink), 0, &made, &take_request};
    const watching_host::watch watch(phase::free);
    made.status = cross(with.table->deliver, with.of->self(), lent.put(message, "the trb_outgoing"),
                        lent.put(sink, "the trb_outgoing_sink"), error.sink());
    return made;
}

verdict sink_delivers(test_context& in) {
    const auto with = need_extension<trb_sink_v1>(in, TRB_EXT_SINK);
    if (with.of == nullptr)
        return with.otherwise;
    std::vector<std::string> kinds{"sale.created"};
    for (std::uint64_t index = 0; index < with.table->kind_count; ++index)
        kinds.emplace_back(view(with.table->kinds[index]));
    for (const std::string& kind : kinds)
        for (const char* body : {R"({"sale":"pay_1","amount":1999})", "{}", "[]"})
            for (const std::uint32_t attempt : {1u, 2u}) {
                const taken made = deliver(with, kind, body, attempt);
                if (!is_status(made.status))
                    return failed("deliver returned " + std::to_string(made.status) + ", which is no status");
                if (made.requests > 1)
                    return failed("request was called " + std::to_string(made.requests) +
                                  " times in one call");
                if (made.requests == 1 && made.status != TRB_OK)
                    return failed("request was called, and then the status was " +
                                  std::string(plugins::status_name(made.status)) + " instead of ok");
            }
    with.of->end();
    return passed();
}

constexpr test_case tests[] = {
    {"rule.declared", "Rules are well-formed", rules_declared},
    {"rule.evaluate", "A rule gives at most one amount, the same twice, and survives the edges",
     rules_evaluate},
    {"sink.deliver", "A sink makes at most one request for a message and keeps no view", sink_delivers},
};

} // namespace

std::span<const test_case> rule_and_sink_tests() {
    return tests;
}

} // namespace tributary::validator
