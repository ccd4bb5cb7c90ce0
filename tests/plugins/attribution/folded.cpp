#include "folded.hpp"

#include <tributary/testing/fake_host.hpp>

#include "fold.hpp"
#include "schema.hpp"

namespace tributary::attribution::testing {
namespace {

using sdk::view;
using cell_value = register_set::cell_value;

cell_value text(std::string value) {
    return {std::move(value), 0, true, false};
}
cell_value integer(std::int64_t value) {
    return {"", value, false, false};
}
cell_value none() {
    return {"", 0, false, true};
}

struct recorder {
    const register_set& registers;
    folded result;

    static recorder& of(void* ctx) { return *static_cast<recorder*>(ctx); }

    static void row(void* ctx, const trb_row* row) noexcept {
        const trb_table& table = derived_tables()[row->table];
        folded_row made{std::string(view(row->id)), {}};
        for (std::uint64_t index = 0; index < row->cell_count; ++index) {
            const trb_cell& one = row->cells[index];
            if (one.type != TRB_CELL_NULL)
                made.text[std::string(view(table.columns[index]))] =
                    one.type == TRB_CELL_INTEGER ? std::to_string(one.integer) : std::string(view(one.text));
        }
        made.text["cells"] = std::to_string(row->cell_count) + "/" + std::to_string(table.column_count);
        of(ctx).result.tables[std::string(view(table.name))].push_back(std::move(made));
    }
    static void measure(void* ctx, const trb_measure* one) noexcept {
        of(ctx).result.measures[{std::string(view(one->name)), std::string(view(one->dimension)),
                                 std::string(view(one->currency))}] += one->value;
    }
    static void message(void* ctx, const trb_message* one) noexcept {
        of(ctx).result.messages.push_back({std::string(view(one->kind)), std::string(view(one->key)),
                                           std::string(view(one->body)), one->money != 0});
    }
    static void wake(void*, std::int64_t) noexcept {}
    static void trace(void* ctx, const trb_trace_step* step) noexcept {
        of(ctx).result.trace.push_back(std::string(view(step->label)) + ": " +
                                       std::string(view(step->value)));
    }
    static trb_status lookup(void* ctx, trb_str kind, trb_str key, std::int64_t as_of_ms,
                             trb_lookup_row_fn row_fn, void* row_ctx) noexcept {
        const std::pair name(std::string(view(kind)), std::string(view(key)));
        of(ctx).result.lookups[name] = as_of_ms;
        const auto at = of(ctx).registers.rows.find(name);
        if (at == of(ctx).registers.rows.end())
            return TRB_NOT_FOUND;
        for (const register_set::row& values : at->second) {
            std::vector<trb_cell> cells;
            for (const cell_value& value : values)
                cells.push_back(value.is_null   ? sdk::cell()
                                : value.is_text ? sdk::cell(std::string_view(value.text))
                                                : sdk::cell(value.integer));
            row_fn(row_ctx, cells.data(), cells.size());
        }
        return TRB_OK;
    }
};

} // namespace

register_set& register_set::link(std::string id, std::string partner_id) {
    rows[{"link", id}] = {
        {text("go.example.com"), text("key-" + id), partner_id.empty() ? none() : text(partner_id)}};
    return *this;
}

register_set& register_set::partner(std::string id) {
    rows[{"partner", id}] = {{text("Partner " + id), text(id + "@example.com"), none(), none()}};
    return *this;
}

register_set& register_set::membership(std::string partner_id, std::string group_id, std::int64_t from_ms) {
    rows[{"membership", partner_id}].push_back({integer(from_ms), text(group_id)});
    return *this;
}

register_set& register_set::percentage(std::string id, std::int64_t rate_bps, std::int64_t from_ms,
                                       std::int64_t max_months, std::string group_id) {
    rows[{"terms", group_id}].push_back(
        {text(id), text("sale"), text("percentage"), integer(0), integer(rate_bps), text("USD"),
         max_months < 0 ? none() : integer(max_months), integer(from_ms), none()});
    return *this;
}

register_set& register_set::flat(std::string id, std::string event, std::int64_t amount, std::int64_t from_ms,
                                 std::int64_t max_months, std::string group_id) {
    rows[{"terms", group_id}].push_back({text(id), text(event), text("flat"), integer(amount), integer(0),
                                         text("USD"), max_months < 0 ? none() : integer(max_months),
                                         integer(from_ms), none()});
    return *this;
}

register_set& register_set::program(std::string currency, bool earlier_sales) {
    rows[{"program", ""}] = {{text(currency), integer(earlier_sales ? 1 : 0)}};
    return *this;
}

register_set one_partner() {
    return register_set().link("link_1").partner("pn_1");
}

folded fold(history_builder& history, const register_set& registers, bool tracing) {
    recorder into{registers, {}};
    trb_fold_sink sink{sizeof(trb_fold_sink), tracing ? 1u : 0u,  &into,
                       &recorder::row,        &recorder::measure, &recorder::message,
                       &recorder::wake,       &recorder::trace,   &recorder::lookup};
    fold_history(history.build(), sdk::fold_sink(&sink), fingerprints(&tributary::testing::crypto_service()));
    return std::move(into.result);
}

} // namespace tributary::attribution::testing
