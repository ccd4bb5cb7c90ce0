#include "plugins/services.hpp"

#include <tributary/abi/services.h>
#include <tributary/base/clock.hpp>
#include <tributary/base/crypto.hpp>
#include <tributary/base/entropy.hpp>
#include <tributary/base/log.hpp>
#include <tributary/base/metrics.hpp>
#include <tributary/plugins/plugin_set.hpp>
#include <tributary/plugins/scope.hpp>

#include <cstring>
#include <string>
#include <vector>

namespace tributary::plugins {
namespace {

service_context& context_of(const trb_host* host) noexcept {
    return *static_cast<service_context*>(host->ctx);
}

void log_write(const trb_host* host, std::int32_t level, trb_str event, const trb_pair* fields,
               std::uint64_t count) noexcept {
    try {
        const service_context& context = context_of(host);
        std::vector<log_field> list{{"plugin", context.plugin}};
        for (std::uint64_t index = 0; index < count; ++index)
            list.emplace_back(view(fields[index].name), view(fields[index].value));
        const log_level at = level <= TRB_LOG_DEBUG  ? log_level::debug
                             : level == TRB_LOG_INFO ? log_level::info
                             : level == TRB_LOG_WARN ? log_level::warn
                                                     : log_level::error;
        context.log->write_fields(at, view(event), list.data(), list.size());
    } catch (...) { // A line that cannot be written must not end the call that wrote it.
    }
}

std::int64_t clock_now(const trb_host* host) noexcept {
    return context_of(host).time->now_ms();
}

void clock_random(const trb_host* host, void* bytes, std::uint64_t count) noexcept {
    context_of(host).random->fill(bytes, static_cast<std::size_t>(count));
}

void crypto_sha256(trb_str bytes, std::uint8_t out[32]) noexcept {
    const digest256 digest = sha256(view(bytes));
    std::memcpy(out, digest.data(), digest.size());
}

void crypto_hmac(trb_str key, trb_str bytes, std::uint8_t out[32]) noexcept {
    const digest256 digest = hmac_sha256(view(key), view(bytes));
    std::memcpy(out, digest.data(), digest.size());
}

std::int32_t crypto_equal(trb_str left, trb_str right) noexcept {
    return equal_constant_time(view(left), view(right)) ? 1 : 0;
}

void crypto_hex_encode(trb_str bytes, char* out) noexcept {
    const std::string text = hex_encode(view(bytes));
    std::memcpy(out, text.data(), text.size());
}

template <class Out> std::int64_t hand_over(const std::optional<std::string>& bytes, Out* out) noexcept {
    if (!bytes)
        return -1;
    std::memcpy(out, bytes->data(), bytes->size());
    return static_cast<std::int64_t>(bytes->size());
}

std::int64_t crypto_hex_decode(trb_str text, std::uint8_t* out) noexcept {
    return hand_over(hex_decode(view(text)), out);
}

std::int64_t crypto_base64_encode(trb_str bytes, char* out) noexcept {
    return hand_over(std::optional(base64_encode(view(bytes))), out);
}

std::int64_t crypto_base64_decode(trb_str text, std::uint8_t* out) noexcept {
    return hand_over(base64_decode(view(text)), out);
}

void metrics_count(const trb_host* host, trb_str name, trb_str reason, std::uint64_t add) noexcept {
    try {
        const service_context& context = context_of(host);
        std::string full = "tributary_plugin_";
        full += view(name);
        full += "_total";
        context.counters->count(full, {{"plugin", context.plugin}, {"reason", view(reason)}}, add);
    } catch (...) { // A count is not worth a call.
    }
}

std::int64_t store_workspace(trb_scope* scope) noexcept {
    return scope->workspace();
}
std::int64_t store_environment(trb_scope* scope) noexcept {
    return scope->environment();
}
trb_status store_query(trb_scope* scope, trb_str sql, const trb_cell* parameters, std::uint64_t count,
                       trb_lookup_row_fn row, void* ctx, const trb_error_sink* error) noexcept {
    return scope->query(sql, parameters, count, row, ctx, error);
}
trb_status store_execute(trb_scope* scope, trb_str sql, const trb_cell* parameters, std::uint64_t count,
                         std::uint64_t* changed, const trb_error_sink* error) noexcept {
    return scope->execute(sql, parameters, count, changed, error);
}
trb_status store_changed(trb_scope* scope, trb_str kind, trb_str key, std::int64_t from) noexcept {
    return scope->changed(kind, key, from);
}
std::uint64_t store_make_id(trb_scope* scope, trb_str prefix, char* out) noexcept {
    return scope->make_id(prefix, out);
}
trb_status facts_emit(trb_scope* scope, const trb_fact* fact, trb_str key,
                      const trb_error_sink* error) noexcept {
    return scope->emit(fact, key, error);
}
trb_status facts_settle(trb_scope* scope, const trb_error_sink* error) noexcept {
    return scope->settle(error);
}
void clicks_make_id(trb_scope* scope, trb_str link, trb_str visitor, char out[16]) noexcept {
    scope->click_id(link, visitor, out);
}
trb_status clicks_append(trb_scope* scope, trb_str id, const trb_click* click) noexcept {
    return scope->append_click(id, click);
}
trb_status clicks_find(trb_scope* scope, trb_str id,
                       void (*found)(void*, std::int64_t, const trb_click*) noexcept, void* ctx) noexcept {
    return scope->find_click(id, found, ctx);
}

constexpr trb_host_log_v1 log_table{sizeof(trb_host_log_v1), 0, &log_write};
constexpr trb_host_clock_v1 clock_table{sizeof(trb_host_clock_v1), 0, &clock_now, &clock_random};
constexpr trb_host_crypto_v1 crypto_table{sizeof(trb_host_crypto_v1),
                                          0,
                                          &crypto_sha256,
                                          &crypto_hmac,
                                          &crypto_equal,
                                          &crypto_hex_encode,
                                          &crypto_hex_decode,
                                          &crypto_base64_encode,
                                          &crypto_base64_decode};
constexpr trb_host_metrics_v1 metrics_table{sizeof(trb_host_metrics_v1), 0, &metrics_count};
constexpr trb_host_store_v1 store_table{sizeof(trb_host_store_v1),
                                        0,
                                        &store_workspace,
                                        &store_environment,
                                        &store_query,
                                        &store_execute,
                                        &store_changed,
                                        &store_make_id};
constexpr trb_host_facts_v1 facts_table{sizeof(trb_host_facts_v1), 0, &facts_emit, &facts_settle};
constexpr trb_host_clicks_v1 clicks_table{sizeof(trb_host_clicks_v1), 0, &clicks_make_id, &clicks_append,
                                          &clicks_find};

} // namespace

const void* find_service(std::string_view id) noexcept {
    if (id == TRB_SERVICE_LOG)
        return &log_table;
    if (id == TRB_SERVICE_CLOCK)
        return &clock_table;
    if (id == TRB_SERVICE_CRYPTO)
        return &crypto_table;
    if (id == TRB_SERVICE_METRICS)
        return &metrics_table;
    if (id == TRB_SERVICE_STORE)
        return &store_table;
    if (id == TRB_SERVICE_FACTS)
        return &facts_table;
    if (id == TRB_SERVICE_CLICKS)
        return &clicks_table;
    return nullptr;
}

} // namespace tributary::plugins
