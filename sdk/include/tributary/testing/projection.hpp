#pragma once

#include <tributary/abi/projection.h>
#include <tributary/testing/facts.hpp>

#include <algorithm>
#include <memory>
#include <tuple>

/// A projection's fold: histories made by hand, and what follows from them.
namespace tributary::testing {

/// A thing in a history. ids: of all its documents; the first one is the thing's own unless id is set.
struct thing {
    std::int64_t occurred_at_ms = 0;
    std::vector<std::string> ids = {};
    std::vector<std::string> parents = {};
    std::vector<trb_claim> claims = {};
    std::string id = {};
    std::string realm = "test:acct_1";
    std::int64_t source_time_ms = 0; ///< 0: when it occurred.
    bool ambiguous = false;
    bool historic = false;
};

/// A history, sorted as the host sorts it. Texts inside bodies and claims are views: they must outlive it.
class history {
  public:
    std::int32_t environment = TRB_SANDBOX;
    std::string workspace = "ws_test";
    std::string subject_id = "sub_test";

    /// @param body  the struct of the kind with struct_size set or 0; it is copied.
    template <class Body> history& add(std::int32_t kind, thing what, Body body) {
        if (body.struct_size == 0)
            body.struct_size = sizeof(Body);
        return put(kind, std::move(what), std::make_shared<const Body>(body));
    }
    /// A fact without body: an identity.
    history& add(thing what) { return put(TRB_KIND_IDENTITY, std::move(what), nullptr); }

    /// Calls receiver(const trb_history&) with views, valid during that call. The stride is that of a newer
    /// host.
    template <class Receiver> void show_to(Receiver&& receiver) const {
        std::vector<const entry*> sorted;
        for (const entry& each : entries_)
            sorted.push_back(&each);
        std::sort(sorted.begin(), sorted.end(), [](const entry* left, const entry* right) {
            return std::tie(left->what.occurred_at_ms, left->what.id) <
                   std::tie(right->what.occurred_at_ms, right->what.id);
        });
        std::deque<std::pair<std::vector<trb_str>, std::vector<trb_str>>> lists;
        std::vector<element> elements;
        for (const entry* each : sorted) {
            lists.emplace_back(views_of(each->what.ids), views_of(each->what.parents));
            elements.push_back({table_of(*each, lists.back().first, lists.back().second), 0});
        }
        receiver(trb_history{sizeof(trb_history), environment, detail::view(workspace),
                             detail::view(subject_id), elements.empty() ? nullptr : &elements[0].table,
                             elements.size(), sizeof(element)});
    }

  private:
    struct entry {
        std::int32_t kind = 0;
        thing what;
        std::shared_ptr<const void> body;
    };
    struct element {
        trb_merged_fact table;
        std::uint64_t of_a_newer_host;
    };

    history& put(std::int32_t kind, thing what, std::shared_ptr<const void> body) {
        if (what.id.empty() && !what.ids.empty())
            what.id = what.ids.front();
        std::sort(what.ids.begin(), what.ids.end());
        entries_.push_back({kind, std::move(what), std::move(body)});
        return *this;
    }
    static std::vector<trb_str> views_of(const std::vector<std::string>& owned) {
        std::vector<trb_str> made;
        for (const std::string& text : owned)
            made.push_back(detail::view(text));
        return made;
    }
    static trb_merged_fact table_of(const entry& from, const std::vector<trb_str>& ids,
                                    const std::vector<trb_str>& parents) {
        const thing& what = from.what;
        return {sizeof(trb_merged_fact),
                from.kind,
                detail::view(what.id),
                detail::view(what.realm),
                what.occurred_at_ms,
                what.source_time_ms == 0 ? what.occurred_at_ms : what.source_time_ms,
                ids.data(),
                ids.size(),
                parents.data(),
                parents.size(),
                what.claims.data(),
                what.claims.size(),
                what.ambiguous ? 1u : 0u,
                what.historic ? 1u : 0u,
                from.body.get()};
    }

    std::vector<entry> entries_;
};

struct captured_row {
    std::string table;
    std::string id;
    std::map<std::string, std::string> cells; ///< By column; NULL is absent.

    std::string cell(const std::string& column) const {
        const auto found = cells.find(column);
        return found == cells.end() ? std::string() : found->second;
    }
    friend bool operator==(const captured_row&, const captured_row&) = default;
};

struct captured_measure {
    std::string name;
    std::string dimension;
    std::string currency;
    std::int64_t at_ms = 0;
    std::int64_t value = 0;

    friend bool operator==(const captured_measure&, const captured_measure&) = default;
};

struct captured_message {
    std::string kind;
    std::string key;
    std::int64_t at_ms = 0;
    std::string body;
    bool money = false;

    friend bool operator==(const captured_message&, const captured_message&) = default;
};

struct captured_step {
    std::string table;
    std::string row_id;
    std::string label;
    std::string value;
    std::string fact_id;
};

/// What the lookups of a fold answer: rows by kind and key. Texts are views.
using lookup_answers = std::map<std::pair<std::string, std::string>, std::vector<std::vector<trb_cell>>>;

struct folded : ending {
    std::vector<captured_row> rows;
    std::vector<captured_measure> measures;
    std::vector<captured_message> messages;
    std::vector<captured_step> trace;
    std::optional<std::int64_t> wake_at_ms; ///< The earliest.
    std::vector<std::pair<std::string, std::string>> looked_up;
    std::vector<std::string> faults; ///< Breaches of the ABI: a table that does not exist, cells too few.

    std::vector<captured_row> of_table(std::string_view table) const {
        std::vector<captured_row> found;
        for (const captured_row& row : rows)
            if (row.table == table)
                found.push_back(row);
        return found;
    }
    /// The sum of a measure over all times and dimensions.
    std::int64_t sum(std::string_view name) const {
        std::int64_t total = 0;
        for (const captured_measure& measure : measures)
            total += measure.name == name ? measure.value : 0;
        return total;
    }
};

namespace detail {

struct fold_capture {
    const trb_projection_v1& table;
    const lookup_answers& answers;
    folded& into;

    static fold_capture& of(void* self) noexcept { return *static_cast<fold_capture*>(self); }

    const trb_table* table_at(std::uint32_t index) const noexcept {
        return index < table.table_count ? TRB_AT(trb_table, table.tables, index, table.table_stride)
                                         : nullptr;
    }
    std::string name_of(std::uint32_t index) const {
        const trb_table* const found = table_at(index);
        return found == nullptr ? "?" : copy(found->name);
    }
    static void row(void* self, const trb_row* row) noexcept {
        fold_capture& capture = of(self);
        captured_row made{capture.name_of(row->table), copy(row->id), {}};
        const trb_table* const described = capture.table_at(row->table);
        if (described == nullptr || described->column_count != row->cell_count)
            capture.into.faults.push_back("row " + made.id +
                                          ": no such table, or not as many cells as columns");
        else
            for (std::uint64_t index = 0; index < row->cell_count; ++index)
                if (row->cells[index].type != TRB_CELL_NULL)
                    made.cells[copy(described->columns[index])] =
                        row->cells[index].type == TRB_CELL_INTEGER ? std::to_string(row->cells[index].integer)
                                                                   : copy(row->cells[index].text);
        capture.into.rows.push_back(std::move(made));
    }
    static void measure(void* self, const trb_measure* made) noexcept {
        of(self).into.measures.push_back(
            {copy(made->name), copy(made->dimension), copy(made->currency), made->at_ms, made->value});
    }
    static void message(void* self, const trb_message* made) noexcept {
        of(self).into.messages.push_back(
            {copy(made->kind), copy(made->key), made->at_ms, copy(made->body), made->money != 0});
    }
    static void wake_at(void* self, std::int64_t at_ms) noexcept {
        std::optional<std::int64_t>& wake = of(self).into.wake_at_ms;
        wake = wake ? std::min(*wake, at_ms) : at_ms;
    }
    static void trace(void* self, const trb_trace_step* step) noexcept {
        of(self).into.trace.push_back({of(self).name_of(step->table), copy(step->row_id), copy(step->label),
                                       copy(step->value), copy(step->fact_id)});
    }
    static trb_status lookup(void* self, trb_str kind, trb_str key, std::int64_t, trb_lookup_row_fn row_fn,
                             void* row_ctx) noexcept {
        fold_capture& capture = of(self);
        capture.into.looked_up.emplace_back(copy(kind), copy(key));
        const auto found = capture.answers.find(capture.into.looked_up.back());
        if (found == capture.answers.end() || found->second.empty())
            return TRB_NOT_FOUND;
        for (const std::vector<trb_cell>& cells : found->second)
            row_fn(row_ctx, cells.data(), cells.size());
        return TRB_OK;
    }
};

} // namespace detail

/// Folds with tracing.
inline folded fold(const trb_projection_v1& table, void* self, const history& from, std::int64_t now_ms,
                   const lookup_answers& answers = {}) {
    folded result;
    detail::fold_capture capture{table, answers, result};
    using c = detail::fold_capture;
    const trb_fold_sink sink{sizeof(trb_fold_sink), 1,           &capture,  &c::row,   &c::measure,
                             &c::message,           &c::wake_at, &c::trace, &c::lookup};
    const detail::error_capture error;
    from.show_to([&](const trb_history& shown) {
        error.finish(table.fold(self, &shown, now_ms, &sink, error.sink()), result);
    });
    return result;
}

} // namespace tributary::testing
