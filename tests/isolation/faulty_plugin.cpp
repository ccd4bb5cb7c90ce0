#include <tributary/abi/actions.h>
#include <tributary/abi/backfill.h>
#include <tributary/abi/plugin.h>
#include <tributary/abi/provider.h>
#include <tributary/abi/reward_rule.h>
#include <tributary/abi/services.h>
#include <tributary/abi/sink.h>

#include <string>
#include <string_view>

#include "isolation/faulty.hpp"

namespace {

struct instance {
    const trb_host* host;
    bool fails_to_start;
};

std::string_view text(trb_str from) {
    return {from.data == nullptr ? "" : from.data, static_cast<std::size_t>(from.size)};
}
trb_str text(std::string_view from) {
    return {from.data(), from.size()};
}

template <class Table> const Table* service(const trb_host* host, trb_str id) {
    return static_cast<const Table*>(host->get_service(host, id));
}

/// Uses the services that there are, and says what they returned.
std::string use_services(const trb_host* host) {
    const auto* time = service<trb_host_clock_v1>(host, TRB_STR(TRB_SERVICE_CLOCK));
    const auto* crypto = service<trb_host_crypto_v1>(host, TRB_STR(TRB_SERVICE_CRYPTO));
    const auto* log = service<trb_host_log_v1>(host, TRB_STR(TRB_SERVICE_LOG));
    const auto* metrics = service<trb_host_metrics_v1>(host, TRB_STR(TRB_SERVICE_METRICS));
    std::string bytes(5000, '\0'); // More than crosses at once.
    time->random(host, bytes.data(), bytes.size());
    std::uint8_t digest[32];
    crypto->sha256(text(bytes), digest);
    std::string hex(64, '\0');
    crypto->hex_encode({reinterpret_cast<const char*>(digest), sizeof digest}, hex.data());
    const trb_pair field{TRB_STR("said"), TRB_STR("hello")};
    log->write(host, TRB_LOG_WARN, TRB_STR("faulty_speaks"), &field, 1);
    metrics->count(host, TRB_STR("things"), TRB_STR("counted"), 7);
    metrics->count(host, TRB_STR("no name\n"), TRB_STR("dropped"), 7);
    return std::to_string(time->now_ms(host)) + " " + hex;
}

trb_status verify(void* self, const trb_connection*, const trb_record* records, std::uint64_t, std::uint64_t,
                  const trb_verify_sink* sink, const trb_error_sink* error) noexcept {
    const std::string_view word = text(records->body);
    std::string said;
    if (word == "services")
        said = use_services(static_cast<instance*>(self)->host);
    else if (word == "short") {
        const trb_item item{8, TRB_ITEM_ACCEPTED, {}, {}, {}, {}, {}};
        sink->item(sink->ctx, &item);
    } else if (word == "much") {
        const std::string large(std::size_t{40} << 20, 'x');
        sink->answer(sink->ctx, 200, text(large), text(large));
    } else if (!faulty::run_fault(word, said) && word.starts_with("refuse")) {
        error->report(error->ctx, TRB_STR("as_told"), records->body, 1234);
        return TRB_RETRY;
    }
    sink->answer(sink->ctx, 200, TRB_STR("text/plain"), text(said));
    return TRB_OK;
}

/// Emits one customer with the body's bytes as its document id: what is wrong with it the host must say.
trb_status normalise(void*, const trb_connection*, const trb_record* records, std::uint64_t, std::uint64_t,
                     const trb_fact_sink* sink, const trb_error_sink*) noexcept {
    trb_customer body{};
    body.struct_size = sizeof body;
    body.present = TRB_BIT(TRB_CUSTOMER_DELETED) | TRB_BIT(TRB_CUSTOMER_NAME);
    trb_fact fact{};
    fact.struct_size = sizeof fact;
    fact.kind = TRB_KIND_CUSTOMER;
    fact.document_id = records->body;
    fact.body = &body;
    const trb_status status = sink->emit(sink->ctx, &fact);
    sink->note(sink->ctx, TRB_STR("emit"), status == TRB_OK ? TRB_STR("ok") : TRB_STR("refused"));
    return TRB_OK; // Whatever emit said: the host must not lose it.
}

trb_status run_action(void*, const trb_connection* connection, const trb_action* action,
                      const trb_record* answers, std::uint64_t count, std::uint64_t stride,
                      const trb_action_sink* sink, const trb_error_sink*) noexcept {
    if (action->action != TRB_ACTION_CHECK)
        return TRB_UNSUPPORTED;
    const trb_pair header{TRB_STR("Authorization"), TRB_STR("Bearer {secret:api_key}")};
    const trb_http_request request{sizeof request, 1,  TRB_STR("GET"),    TRB_STR("https://faulty.test/me"),
                                   &header,        {}, TRB_STR("check:1")};
    if (count == 0)
        sink->need(sink->ctx, &request);
    for (std::uint64_t index = 0; index < count; ++index) {
        const trb_record& answer = *TRB_AT(trb_record, answers, index, stride);
        const trb_finding finding{sizeof finding, TRB_FINDING_NOTE, TRB_STR("answered"),
                                  answer.purpose, answer.body,      connection->realm};
        sink->finding(sink->ctx, &finding);
        sink->keep(sink->ctx, TRB_KEEP_SECRET, TRB_STR("signing"), TRB_STR("whsec_1"));
    }
    return TRB_OK;
}

trb_status next_page(void*, const trb_connection*, const trb_backfill_range* range, trb_str cursor,
                     const trb_record* answer, const trb_backfill_sink* sink,
                     const trb_error_sink*) noexcept {
    if (answer != nullptr) {
        sink->progress(sink->ctx, cursor, range->until_ms);
        return TRB_OK;
    }
    const std::string purpose = "page:" + std::to_string(range->from_ms);
    const trb_http_request request{sizeof request, 0,  TRB_STR("GET"), TRB_STR("https://faulty.test/page"),
                                   nullptr,        {}, text(purpose)};
    sink->page(sink->ctx, TRB_STR("cursor\0with a NUL"), &request);
    return TRB_OK;
}

trb_status evaluate(void*, std::uint64_t rule, trb_str parameters, const trb_rule_value* values,
                    std::uint64_t count, std::uint64_t stride, const trb_rule_sink* sink,
                    const trb_error_sink*) noexcept {
    for (std::uint64_t index = 0; index < count; ++index) {
        const trb_rule_value& value = *TRB_AT(trb_rule_value, values, index, stride);
        if (value.type == TRB_RULE_MONEY) {
            trb_money half = value.money;
            half.amount_minor /= 2 + static_cast<std::int64_t>(rule);
            sink->amount(sink->ctx, half);
        }
        sink->explain(sink->ctx, value.name, parameters);
    }
    sink->decline(sink->ctx, TRB_STR("enough"), TRB_STR("That is all."));
    return TRB_OK;
}

trb_status deliver(void*, const trb_outgoing* message, const trb_outgoing_sink* sink,
                   const trb_error_sink* error) noexcept {
    static int inside = 0; // A fault in a real plugin; here it shows whether two calls were made at once.
    if (++inside > 1)
        return TRB_INTERNAL;
    std::string said;
    faulty::run_fault(text(message->key), said);
    const trb_http_request request{
        sizeof request, 0,          TRB_STR("POST"), TRB_STR("https://faulty.test/in"), nullptr,
        message->body,  message->id};
    sink->request(sink->ctx, &request);
    if (message->attempt > 1)
        error->report(error->ctx, TRB_STR("again"), TRB_STR("Not the first."), 50);
    --inside;
    return message->attempt > 1 ? TRB_RETRY : TRB_OK;
}

trb_status create(const trb_host* host, trb_str config, const trb_error_sink* error, void** self) noexcept {
    const std::string_view said = text(config);
    if (said.find("crash_in_create") != std::string_view::npos)
        ::abort();
    if (said.find("colour") != std::string_view::npos) {
        error->report(error->ctx, TRB_STR("unknown_key"), TRB_STR("unknown key: colour"), 0);
        return TRB_INVALID;
    }
    *self = new instance{host, said.find("fail_start") != std::string_view::npos};
    return TRB_OK;
}
trb_status start(void* self, const trb_error_sink* error) noexcept {
    if (!static_cast<instance*>(self)->fails_to_start)
        return TRB_OK;
    error->report(error->ctx, TRB_STR("no"), TRB_STR("it does not start, as configured"), 0);
    return TRB_INTERNAL;
}
void stop(void*) noexcept {}
void destroy(void* self) noexcept {
    delete static_cast<instance*>(self);
}

constexpr trb_provider_v1 provider_table{sizeof(trb_provider_v1), 3, &verify, &normalise, nullptr};
constexpr trb_actions_v1 actions_table{sizeof(trb_actions_v1), 0, &run_action};
constexpr trb_backfill_v1 backfill_table{sizeof(trb_backfill_v1), 0, &next_page};
constexpr trb_str rule_inputs[] = {TRB_STR_INIT("sale.total"), TRB_STR_INIT("customer.country")};
constexpr trb_rule rules[] = {
    {sizeof(trb_rule), 4, TRB_STR_INIT("half"), TRB_STR_INIT("Half of it."), {nullptr, 0}, rule_inputs, 2}};
constexpr trb_reward_rule_v1 rule_table{sizeof(trb_reward_rule_v1), 0, rules, 1, sizeof(trb_rule), &evaluate};
constexpr trb_str sink_kinds[] = {TRB_STR_INIT("sale.created")};
constexpr trb_sink_v1 sink_table{sizeof(trb_sink_v1), 0, sink_kinds, 1, &deliver};

const void* get_extension(trb_str id) noexcept {
    const std::string_view name = text(id);
    if (name == TRB_EXT_PROVIDER)
        return &provider_table;
    if (name == TRB_EXT_ACTIONS)
        return &actions_table;
    if (name == TRB_EXT_BACKFILL)
        return &backfill_table;
    if (name == TRB_EXT_REWARD_RULE)
        return &rule_table;
    return name == TRB_EXT_SINK ? &sink_table : nullptr;
}

#ifdef FAULTY_REQUIREMENT
constexpr trb_str requirements[] = {TRB_STR_INIT(FAULTY_REQUIREMENT)};
#else
constexpr trb_str requirements[] = {TRB_STR_INIT(TRB_SERVICE_CLOCK)};
#endif

constexpr trb_str extensions[] = {TRB_STR_INIT(TRB_EXT_PROVIDER), TRB_STR_INIT(TRB_EXT_ACTIONS),
                                  TRB_STR_INIT(TRB_EXT_BACKFILL), TRB_STR_INIT(TRB_EXT_REWARD_RULE),
                                  TRB_STR_INIT(TRB_EXT_SINK)};
constexpr trb_plugin descriptor{sizeof(trb_plugin),
                                TRB_ABI_MAGIC,
                                TRB_ABI_MAJOR,
                                TRB_ABI_MINOR,
                                TRB_STR_INIT("org.tributary.faulty"),
                                TRB_STR_INIT("faulty"),
                                TRB_STR_INIT("1.0.0"),
                                TRB_STR_INIT("tributary tests"),
                                extensions,
                                5,
                                requirements,
                                1,
                                nullptr,
                                0,
                                sizeof(trb_migration),
                                &create,
                                &start,
                                &stop,
                                &destroy,
                                &get_extension};

} // namespace

extern "C" TRB_EXPORT const trb_plugin* tributary_plugin_entry(void) noexcept {
    return &descriptor;
}
