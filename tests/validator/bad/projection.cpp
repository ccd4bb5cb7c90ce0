// A projection and its routes, with one thing wrong: a row for each payment, a sum for the subject.
#include <tributary/abi/http_routes.h>
#include <tributary/abi/projection.h>

#include "fault.hpp"

namespace {

constexpr trb_str columns[] = {TRB_STR_INIT("kind"), TRB_STR_INIT("at_ms")};
constexpr trb_table tables[] = {{sizeof(trb_table), 0, TRB_STR_INIT("bad_fact"), columns, 2}};
constexpr trb_lookup_source lookups[] = {
    {sizeof(trb_lookup_source), 0, TRB_STR_INIT("rate"),
     TRB_STR_INIT("SELECT kind FROM bad_fact WHERE workspace_id = $1 AND environment = $2 AND row_id = $3")}};
constexpr trb_migration migrations[] = {
    {sizeof(trb_migration), 1,
     TRB_STR_INIT(
         "CREATE TABLE bad_fact (workspace_id BIGINT, environment BIGINT, row_id TEXT, subject_id TEXT, "
         "kind BIGINT, at_ms BIGINT, PRIMARY KEY (workspace_id, environment, row_id));")}};

trb_cell integer(std::int64_t value) {
    return {TRB_CELL_INTEGER, 0, value, {nullptr, 0}};
}

void ignore_row(void*, const trb_cell*, std::uint64_t) noexcept {}

trb_status fold(void* self, const trb_history* history, std::int64_t now_ms, const trb_fold_sink* sink,
                const trb_error_sink*) noexcept {
    bad_instance& me = of(self);
    if constexpr (has(fault::kept_history)) {
        me.counter += me.read_kept();
        me.kept_struct = history;
    }
    for (std::uint64_t index = 0; index < history->fact_count; ++index) {
        const auto& fact = has(fault::fixed_stride)
                               ? history->facts[index]
                               : *TRB_AT(trb_merged_fact, history->facts, index, history->fact_stride);
        if (fact.kind != TRB_KIND_PAYMENT)
            continue;
        sink->lookup(sink->ctx, has(fault::undeclared_lookup) ? TRB_STR("price") : TRB_STR("rate"), fact.id,
                     fact.occurred_at_ms, &ignore_row, nullptr);
        trb_cell cells[] = {integer(fact.kind), integer(fact.occurred_at_ms), integer(0)};
        if constexpr (has(fault::now_in_row))
            cells[1] = integer(now_ms);
        if constexpr (has(fault::no_wake))
            cells[0] = integer(now_ms / 3'600'000 % 1000); // Changes every hour, and nobody is told.
        if constexpr (has(fault::counter_in_row))
            cells[1] = integer(me.counter++);
        const trb_row row{sizeof(trb_row), 0, has(fault::same_row_id) ? TRB_STR("row") : fact.id, cells,
                          has(fault::cell_too_many) ? 3u : 2u};
        sink->row(sink->ctx, &row);
    }
    return TRB_OK;
}

trb_status handle(void* self, std::uint64_t, const trb_call* call, const trb_reply_sink* sink,
                  const trb_error_sink* error) noexcept {
    bad_instance& me = of(self);
    if constexpr (has(fault::no_reply))
        return TRB_OK;
    if constexpr (has(fault::writes_when_reading)) {
        const auto* store =
            static_cast<const trb_host_store_v1*>(me.host->get_service(me.host, TRB_STR(TRB_SERVICE_STORE)));
        store->execute(call->scope, TRB_STR("DELETE FROM bad_fact"), nullptr, 0, nullptr, error);
    }
    const trb_str value = call->parameter_count > 0 ? call->parameters[0].value : TRB_STR("");
    const trb_pair header{TRB_STR("X-Id"), has(fault::forged_header) ? value : TRB_STR("fixed")};
    for (int times = has(fault::reply_twice) ? 2 : 1; times > 0; --times)
        sink->reply(sink->ctx, 200, &header, 1, TRB_STR("{}"));
    return TRB_OK;
}

constexpr trb_route routes[] = {{sizeof(trb_route), TRB_ACCESS_KEY, TRB_ROUTE_READ, 0, TRB_STR_INIT("GET"),
                                 TRB_STR_INIT("/bad/{id}"), TRB_STR_INIT("bad.read")}};

const void* get_extension(trb_str id) noexcept {
    static const trb_projection_v1 projection{
        sizeof(trb_projection_v1), 1,    TRB_STR_INIT("bad"), tables, 1, sizeof(trb_table), lookups, 1,
        sizeof(trb_lookup_source), &fold};
    static const trb_http_routes_v1 http{sizeof(trb_http_routes_v1), 0,       routes, 1,
                                         sizeof(trb_route),          &handle, nullptr};
    if (view(id) == TRB_EXT_PROJECTION)
        return &projection;
    return view(id) == TRB_EXT_HTTP_ROUTES ? &http : nullptr;
}

constexpr trb_str extensions[] = {TRB_STR_INIT(TRB_EXT_PROJECTION), TRB_STR_INIT(TRB_EXT_HTTP_ROUTES)};

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
                                       2,
                                       nullptr,
                                       0,
                                       migrations,
                                       1,
                                       sizeof(trb_migration),
                                       &bad_create,
                                       &bad_start,
                                       &bad_stop,
                                       &bad_destroy,
                                       &get_extension};
    return &descriptor;
}
