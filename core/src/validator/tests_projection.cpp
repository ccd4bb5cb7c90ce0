// projection.*: what follows from a history.
#include <boost/json.hpp>

#include <algorithm>
#include <set>

#include "validator/growth.hpp"
#include "validator/history.hpp"
#include "validator/suite.hpp"

namespace tributary::validator {
namespace {

/// What a fold said, and which rule of projection.h it broke first.
struct folded {
    trb_status status = TRB_OK;
    std::vector<std::string> rows;   ///< Each as one text.
    std::vector<std::string> others; ///< Measures and messages.
    std::set<std::pair<std::uint32_t, std::string>> row_ids;
    std::vector<std::string> kinds_asked;
    std::int64_t wake_at = INT64_MAX;
    std::int64_t now = 0;
    bool contains_now = false;
    std::string error;
    std::string fault;
    std::string breach;
    const trb_projection_v1* table = nullptr;

    void blame(std::string why) {
        if (fault.empty())
            fault = std::move(why);
    }
    std::string text() const {
        std::string all = std::to_string(status) + "\n";
        for (const auto* list : {&rows, &others})
            for (const std::string& each : *list)
                all += each + "\n";
        return all;
    }
};

void take_row(void* ctx, const trb_row* row) noexcept {
    auto& into = *static_cast<folded*>(ctx);
    if (row->struct_size < sizeof(trb_row))
        return into.blame("a trb_row has a struct_size of " + std::to_string(row->struct_size));
    const auto tables = plugins::tables_of(*into.table);
    if (row->table >= tables.size())
        return into.blame("a row of table " + std::to_string(row->table) + ": it has " +
                          std::to_string(tables.size()) + " tables");
    const std::string name(view(tables[row->table].name));
    if (row->cell_count != tables[row->table].column_count)
        into.blame("a row of " + name + " has " + std::to_string(row->cell_count) + " cells, the table " +
                   std::to_string(tables[row->table].column_count) + " columns");
    if (row->id.size == 0)
        into.blame("a row of " + name + " has no id");
    if (!into.row_ids.emplace(row->table, std::string(view(row->id))).second)
        into.blame("two rows of " + name + " have the id '" + std::string(view(row->id)) + "'");
    std::string text = name + " " + std::string(view(row->id));
    for (std::uint64_t index = 0; index < row->cell_count; ++index) {
        const trb_cell& cell = row->cells[index];
        if (cell.type < TRB_CELL_NULL || cell.type > TRB_CELL_TEXT)
            into.blame("a cell of " + name + " has the type " + std::to_string(cell.type));
        const std::string shown = cell.type == TRB_CELL_INTEGER ? std::to_string(cell.integer)
                                  : cell.type == TRB_CELL_TEXT  ? std::string(view(cell.text))
                                                                : "-";
        into.contains_now |= shown == std::to_string(into.now);
        text += " | " + shown;
    }
    into.rows.push_back(std::move(text));
}

void take_measure(void* ctx, const trb_measure* measure) noexcept {
    auto& into = *static_cast<folded*>(ctx);
    if (measure->struct_size < sizeof(trb_measure) || measure->name.size == 0)
        return into.blame("a measure without a name, or with too small a struct_size");
    into.others.push_back("measure " + std::string(view(measure->name)) + " " +
                          std::string(view(measure->dimension)) + " " + std::string(view(measure->currency)) +
                          " " + std::to_string(measure->at_ms) + " " + std::to_string(measure->value));
}

void take_message(void* ctx, const trb_message* message) noexcept {
    auto& into = *static_cast<folded*>(ctx);
    if (message->struct_size < sizeof(trb_message) || message->kind.size == 0 || message->key.size == 0)
        return into.blame("a message without kind or key, or with too small a struct_size");
    boost::json::error_code malformed;
    static_cast<void>(boost::json::parse(view(message->body), malformed));
    if (malformed)
        into.blame("the message " + std::string(view(message->kind)) + " has a body that is no JSON");
    into.others.push_back("message " + std::string(view(message->kind)) + " " +
                          std::string(view(message->key)) + " " + std::to_string(message->at_ms) + " " +
                          std::string(view(message->body)));
}

void take_wake(void* ctx, std::int64_t at_ms) noexcept {
    auto& into = *static_cast<folded*>(ctx);
    into.wake_at = std::min(into.wake_at, at_ms);
}

void take_trace(void* ctx, const trb_trace_step* step) noexcept {
    auto& into = *static_cast<folded*>(ctx);
    if (step->struct_size < sizeof(trb_trace_step))
        into.blame("a trb_trace_step has a struct_size of " + std::to_string(step->struct_size));
}

trb_status look_up(void* ctx, trb_str kind, trb_str, std::int64_t, trb_lookup_row_fn, void*) noexcept {
    static_cast<folded*>(ctx)->kinds_asked.emplace_back(view(kind));
    return TRB_NOT_FOUND;
}

folded fold(const extension<trb_projection_v1>& with, const instance& of, const history_sample& history,
            std::int64_t now_ms, bool tracing = false) {
    folded made;
    made.table = with.table;
    made.now = now_ms;
    vault lent(of.at(), "fold", of.future());
    error_collector error(lent);
    const trb_fold_sink sink{sizeof(trb_fold_sink), tracing ? 1u : 0u, &made,       &take_row, &take_measure,
                             &take_message,         &take_wake,        &take_trace, &look_up};
    const trb_history lent_history = history.lend(lent);
    const watching_host::watch watch(phase::pure);
    made.status = cross(with.table->fold, of.self(), lent.put(lent_history, "the trb_history"), now_ms,
                        lent.put(sink, "the trb_fold_sink"), error.sink());
    if (made.status != TRB_OK)
        made.error = error.text(made.status);
    made.breach = watch.breach();
    return made;
}

/// Folds every history; the first verdict that is not good ends it.
template <class Look> verdict with_each(test_context& in, Look look) {
    const auto with = need_extension<trb_projection_v1>(in, TRB_EXT_PROJECTION);
    if (with.of == nullptr)
        return with.otherwise;
    for (const auto& history : history_samples())
        if (verdict found = look(with, *history); !found.good()) {
            found.message = "history '" + history->name() + "': " + found.message;
            return found;
        }
    return passed();
}

verdict output(test_context& in) {
    return with_each(in, [](const auto& with, const history_sample& history) {
        for (const bool tracing : {false, true}) {
            const folded made = fold(with, *with.of, history, after_histories, tracing);
            if (made.status != TRB_OK && history.name() != "loose ends")
                return failed("the fold fails: " + made.error);
            if (!is_status(made.status))
                return failed("fold returned " + std::to_string(made.status) + ", which is no status");
            if (!made.fault.empty())
                return failed(made.fault);
            std::set<std::string_view> declared;
            for (const trb_lookup_source& each : plugins::lookups_of(*with.table))
                declared.insert(view(each.kind));
            for (const std::string& kind : made.kinds_asked)
                if (!declared.contains(kind))
                    return failed("it looks up '" + kind + "', which is not among its lookups");
        }
        return passed();
    });
}

verdict nothing(test_context& in) {
    const auto with = need_extension<trb_projection_v1>(in, TRB_EXT_PROJECTION);
    if (with.of == nullptr)
        return with.otherwise;
    const history_sample empty("nothing", {});
    const folded made = fold(with, *with.of, empty, after_histories);
    if (made.status != TRB_OK)
        return failed("the fold of an empty history fails: " + made.error);
    if (!made.others.empty())
        return failed("an empty history gives " + made.others.front());
    return made.rows.empty() ? passed() : warned("an empty history gives the row " + made.rows.front());
}

verdict deterministic(test_context& in) {
    return with_each(in, [&](const auto& with, const history_sample& history) {
        const std::string first = fold(with, *with.of, history, after_histories).text();
        if (fold(with, *with.of, history, after_histories).text() != first)
            return failed("the same history gives something else the second time");
        if (fold(with, *with.of, history, after_histories, true).text() != first)
            return failed("with tracing the result is another one");
        auto another = in.fresh();
        if (!another)
            return skipped(another.error().detail);
        return fold(with, **another, history, after_histories).text() == first
                   ? passed()
                   : failed("a fresh instance gives something else: it depends on what was folded before");
    });
}

verdict now_law(test_context& in) {
    return with_each(in, [](const auto& with, const history_sample& history) {
        const folded early = fold(with, *with.of, history, after_histories);
        if (early.status != TRB_OK)
            return passed();
        if (early.contains_now)
            return failed("a row contains `now`: it would have to be written again every moment");
        if (early.wake_at <= early.now)
            return failed("it wants to be woken at a time that is over (" + std::to_string(early.wake_at) +
                          ")");
        // A moment, an hour, a day, a year later, and a little more, so that no round number hides anything.
        for (const std::int64_t step : {1ll, 3'600'001ll, 86'400'007ll, 31'557'600'013ll}) {
            const std::int64_t later = std::min(early.wake_at - 1, early.now + step);
            if (fold(with, *with.of, history, later).text() != early.text())
                return failed("the result changes between " + std::to_string(early.now) + " and " +
                              std::to_string(later) + " without a wake time between them");
        }
        return passed();
    });
}

verdict pure(test_context& in) {
    return with_each(in, [](const auto& with, const history_sample& history) {
        const folded made = fold(with, *with.of, history, after_histories);
        return made.breach.empty() ? passed() : failed("fold uses " + made.breach + " of the host");
    });
}

verdict tables(test_context& in) {
    const auto with = need_extension<trb_projection_v1>(in, TRB_EXT_PROJECTION);
    if (with.of == nullptr)
        return with.otherwise;
    const std::string prefix = std::string(view(with.of->descriptor().short_name)) + "_";
    std::string sql;
    for (const trb_migration& each : plugins::migrations_of(with.of->descriptor()))
        sql += view(each.sql);
    for (const trb_table& each : plugins::tables_of(*with.table)) {
        const std::string name(view(each.name));
        if (!name.starts_with(prefix))
            return failed("the table " + name + " does not begin with " + prefix);
        if (sql.find(name) == std::string::npos)
            return failed("no migration makes the table " + name);
        for (std::uint64_t index = 0; index < each.column_count; ++index)
            if (sql.find(view(each.columns[index])) == std::string::npos)
                return failed("no migration makes the column " + name + "." +
                              std::string(view(each.columns[index])));
    }
    return passed();
}

verdict retained_views(test_context& in) {
    const verdict done = with_each(in, [](const auto& with, const history_sample& history) {
        for (int round = 0; round < 3; ++round)
            static_cast<void>(fold(with, *with.of, history, after_histories, round == 1));
        return passed();
    });
    if (done.good())
        (*in.plugin())->end();
    return done;
}

verdict future_structs(test_context& in) {
    auto newer = in.fresh(true);
    if (!newer)
        return skipped(newer.error().detail);
    return with_each(in, [&](const auto& with, const history_sample& history) {
        return fold(with, **newer, history, after_histories).text() ==
                       fold(with, *with.of, history, after_histories).text()
                   ? passed()
                   : failed(
                         "with longer structs, as a newer host has them, the fold says something else. Go by "
                         "struct_size and stride");
    });
}

verdict leaks(test_context& in) {
    const auto with = need_extension<trb_projection_v1>(in, TRB_EXT_PROJECTION);
    if (with.of == nullptr)
        return with.otherwise;
    const auto all = history_samples();
    const std::string grows = growth_of(
        in.at(),
        [&] {
            for (const auto& each : all)
                static_cast<void>(fold(with, *with.of, *each, after_histories));
        },
        100);
    return grows.empty() ? passed() : failed("fold: " + grows);
}

constexpr test_case tests[] = {
    {"projection.tables", "Its tables are its own, and its migrations make them", tables},
    {"projection.output", "Rows, measures and messages keep the rules of projection.h", output},
    {"projection.nothing", "Nothing follows from nothing", nothing},
    {"projection.deterministic", "The same history gives the same, also to a fresh instance", deterministic},
    {"projection.now", "The result does not change between wake times, and contains no now", now_law},
    {"projection.pure", "fold uses no clock, no randomness, no store", pure},
    {"projection.retained_views", "fold keeps no view of its inputs", retained_views},
    {"projection.future_structs", "Longer structs of a newer host are read right", future_structs},
    {"projection.leaks", "fold leaves no memory, files, threads behind", leaks},
};

} // namespace

std::span<const test_case> projection_tests() {
    return tests;
}

} // namespace tributary::validator
