#include "projections/output.hpp"

#include <tributary/base/crypto.hpp>
#include <tributary/facts/fact.hpp>

#include <boost/json.hpp>

#include <array>
#include <limits>

#include "facts/json_text.hpp"

namespace tributary::projections {
namespace {

using plugins::view;

namespace json = boost::json;

/// Output limits: a plugin that goes wild is stopped with a message instead of filling the disk.
constexpr std::size_t outputs_max = 100'000;

/// The host's side of a trb_fold_sink.
class collector {
  public:
    collector(const plugins::plugin& plugin, const lookup_reader_function& read_lookup, bool tracing,
              fold_output& into)
        : plugin_(plugin), projection_(*plugin.projection), read_lookup_(read_lookup),
          into_(into), sink_{sizeof(trb_fold_sink),
                             tracing ? 1u : 0u,
                             this,
                             &row,
                             &measure,
                             &message,
                             &wake_at,
                             &trace,
                             &lookup} {}

    const trb_fold_sink* sink() const noexcept { return &sink_; }

  private:
    static collector& self(void* ctx) noexcept { return *static_cast<collector*>(ctx); }

    void fault(std::string text) {
        if (into_.fault.empty())
            into_.fault = std::move(text);
    }

    /// Runs what must not throw into the plugin; what does is the fold's fault.
    template <class Function> void keep(Function&& function) noexcept {
        try {
            if (into_.rows.size() + into_.messages.size() + into_.measures.size() + into_.lookups.size() >
                outputs_max)
                fault("more than " + std::to_string(outputs_max) + " outputs");
            else
                function();
        } catch (const std::exception& thrown) {
            try {
                fault(thrown.what());
            } catch (...) { // Out of memory: the empty text below would look like success.
                std::terminate();
            }
        }
    }

    /// A name or a key: what is stored with it must be readable again.
    bool is_text(std::initializer_list<std::string_view> texts) {
        for (const std::string_view text : texts)
            if (!facts::is_plain_text(text)) {
                fault("a name or a key that is not UTF-8");
                return false;
            }
        return true;
    }

    const trb_table* table_at(std::uint32_t index) const {
        const auto tables = plugins::tables_of(projection_);
        return index < tables.size() ? &tables[index] : nullptr;
    }

    static void row(void* ctx, const trb_row* said) noexcept {
        self(ctx).keep([&] {
            collector& me = self(ctx);
            const trb_table* table = me.table_at(said->table);
            if (table == nullptr || said->cell_count != table->column_count)
                return me.fault("a row with a wrong table or number of cells");
            if (!me.is_text({view(said->id)}))
                return;
            std::vector<owned_cell> cells;
            cells.reserve(static_cast<std::size_t>(said->cell_count));
            for (std::uint64_t index = 0; index < said->cell_count; ++index) {
                const trb_cell& cell = said->cells[index];
                if (cell.type != TRB_CELL_NULL && cell.type != TRB_CELL_INTEGER && cell.type != TRB_CELL_TEXT)
                    return me.fault("a cell of an unknown type");
                if (cell.type == TRB_CELL_TEXT && !facts::is_plain_text(view(cell.text)))
                    return me.fault("a cell that is not UTF-8");
                cells.push_back({cell.type, cell.integer,
                                 cell.type == TRB_CELL_TEXT ? std::string(view(cell.text)) : std::string()});
            }
            const auto [at, is_new] =
                me.into_.rows.try_emplace({said->table, std::string(view(said->id))}, std::move(cells));
            if (!is_new || said->id.size == 0)
                me.fault("two rows with the id '" + at->first.second + "'");
        });
    }

    static void measure(void* ctx, const trb_measure* said) noexcept {
        self(ctx).keep([&] {
            if (!self(ctx).is_text({view(said->name), view(said->dimension), view(said->currency)}))
                return;
            if (view(said->name) == "clicks")
                return self(ctx).fault("the measure 'clicks' is the core's own");
            std::int64_t& sum =
                self(ctx).into_.measures[{std::string(view(said->name)), std::string(view(said->dimension)),
                                          std::string(view(said->currency)), day_of(said->at_ms)}];
            if (__builtin_add_overflow(sum, said->value, &sum))
                self(ctx).fault("a measure overflows");
        });
    }

    static void message(void* ctx, const trb_message* said) noexcept {
        self(ctx).keep([&] {
            if (!self(ctx).is_text({view(said->kind), view(said->key), view(said->body)}))
                return;
            const auto [at, is_new] = self(ctx).into_.messages.try_emplace(
                {std::string(view(said->kind)), std::string(view(said->key))},
                message_out{said->money != 0, said->at_ms, std::string(view(said->body))});
            if (!is_new)
                self(ctx).fault("two messages with the key '" + at->first.second + "'");
        });
    }

    static void wake_at(void* ctx, std::int64_t at_ms) noexcept {
        auto& wake = self(ctx).into_.wake_at;
        wake = wake ? std::min(*wake, at_ms) : at_ms;
    }

    static void trace(void* ctx, const trb_trace_step* said) noexcept {
        self(ctx).keep([&] {
            const trb_table* table = self(ctx).table_at(said->table);
            self(ctx).into_.trace.push_back(
                {table == nullptr ? std::string() : std::string(view(table->name)),
                 std::string(view(said->row_id)), std::string(view(said->label)),
                 std::string(view(said->value)), std::string(view(said->fact_id))});
        });
    }

    static trb_status lookup(void* ctx, trb_str kind, trb_str key, std::int64_t as_of_ms,
                             trb_lookup_row_fn row_fn, void* row_ctx) noexcept {
        trb_status status = TRB_INTERNAL;
        self(ctx).keep(
            [&] { status = self(ctx).answer_lookup(view(kind), view(key), as_of_ms, row_fn, row_ctx); });
        return status;
    }

    trb_status answer_lookup(std::string_view kind, std::string_view key, std::int64_t as_of_ms,
                             trb_lookup_row_fn row_fn, void* row_ctx) {
        const trb_lookup_source* source = nullptr;
        for (const trb_lookup_source& one : plugins::lookups_of(projection_))
            if (view(one.kind) == kind)
                source = &one;
        if (source == nullptr)
            return TRB_UNSUPPORTED;
        if (!is_text({key}))
            return TRB_INVALID;
        // Remembered also when there is nothing: its appearance matters as much as its change.
        const auto [at, is_new] =
            into_.lookups.try_emplace({lookup_kind(plugin_, kind), std::string(key)}, as_of_ms);
        at->second = std::max(at->second, as_of_ms);
        const auto rows = read_lookup_(*source, key);
        if (!rows) {
            fault("lookup of " + std::string(kind) + ": " + rows.error().text());
            return TRB_INTERNAL;
        }
        for (const std::vector<owned_cell>& cells : *rows) {
            std::vector<trb_cell> views;
            for (const owned_cell& cell : cells)
                views.push_back({cell.type, 0, cell.integer, view(std::string_view(cell.text))});
            row_fn(row_ctx, views.data(), views.size());
        }
        return rows->empty() ? TRB_NOT_FOUND : TRB_OK;
    }

    const plugins::plugin& plugin_;
    const trb_projection_v1& projection_;
    const lookup_reader_function& read_lookup_;
    fold_output& into_;
    trb_fold_sink sink_;
};

} // namespace

std::string lookup_kind(const plugins::plugin& plugin, std::string_view kind) {
    std::string name(plugin.short_name());
    name += '.';
    name += kind;
    return name;
}

std::int64_t day_of(time_ms at) noexcept {
    constexpr time_ms day_ms = 86'400'000;
    return at / day_ms - (at % day_ms < 0 ? 1 : 0);
}

std::string digest_of(std::string_view text) {
    return hex_encode(as_bytes(sha256(text)).substr(0, 8));
}

std::string digest_of(const std::vector<owned_cell>& cells) {
    std::string text;
    for (const owned_cell& cell : cells) {
        text += static_cast<char>('0' + cell.type);
        text +=
            cell.type == TRB_CELL_INTEGER ? std::to_string(cell.integer) : std::to_string(cell.text.size());
        text += ':';
        text += cell.text;
    }
    return digest_of(std::string_view(text));
}

trb_status run_fold(const plugins::plugin& plugin, const trb_history& history, time_ms now_ms, bool tracing,
                    const lookup_reader_function& read_lookup, fold_output& into, std::string& failure_text) {
    collector output(plugin, read_lookup, tracing, into);
    plugins::error_report error;
    const plugins::timed_call timed(plugin, "fold");
    trb_status status = plugin.projection->fold(plugin.self(), &history, now_ms, output.sink(), error.sink());
    if (status != TRB_OK) {
        failure_text = error.text(status);
        into.retry_after_ms = error.retry_after_ms();
        into.not_asked = status == TRB_RETRY && error.code() == plugins::plugin_down;
    } else if (!into.fault.empty()) {
        failure_text = into.fault;
        status = TRB_INTERNAL;
    }
    return status;
}

fold_state fold_state::of(const fold_output& output) {
    fold_state state;
    for (const auto& [key, cells] : output.rows)
        state.rows.emplace(key, digest_of(cells));
    for (const auto& [key, message] : output.messages)
        state.messages.emplace(key, digest_of(std::string_view(message.body)));
    for (const auto& [key, value] : output.measures)
        if (value != 0)
            state.measures.emplace(key, value);
    state.lookups = output.lookups;
    return state;
}

std::string fold_state::serialise() const {
    std::string text;
    facts::json_text out(text);
    const auto element = [&](std::initializer_list<std::string_view> texts,
                             std::initializer_list<std::int64_t> numbers) {
        out.separate();
        out.open('[');
        for (const std::string_view one : texts) {
            out.separate();
            out.text(one);
        }
        for (const std::int64_t one : numbers) {
            out.separate();
            out.integer(one);
        }
        out.close(']');
    };
    out.open('[');
    out.separate();
    out.open('[');
    for (const auto& [key, digest] : rows)
        element({key.second, digest}, {key.first});
    out.close(']');
    out.separate();
    out.open('[');
    for (const auto& [key, digest] : messages)
        element({key.first, key.second, digest}, {});
    out.close(']');
    out.separate();
    out.open('[');
    for (const auto& [key, value] : measures)
        element({std::get<0>(key), std::get<1>(key), std::get<2>(key)}, {std::get<3>(key), value});
    out.close(']');
    out.separate();
    out.open('[');
    for (const auto& [key, as_of] : lookups)
        element({key.first, key.second}, {as_of});
    out.close(']');
    out.close(']');
    return text;
}

result<fold_state> fold_state::parse(std::string_view text) {
    try {
        const json::value parsed = json::parse(text);
        fold_state state;
        const auto list = [&](std::size_t index) -> const json::array& {
            return parsed.as_array().at(index).as_array();
        };
        const auto string = [](const json::value& in, std::size_t at) {
            return std::string(in.as_array().at(at).as_string());
        };
        const auto number = [](const json::value& in, std::size_t at) {
            return in.as_array().at(at).as_int64();
        };
        for (const json::value& one : list(0))
            state.rows.emplace(
                fold_output::row_key{static_cast<std::uint32_t>(number(one, 2)), string(one, 0)},
                string(one, 1));
        for (const json::value& one : list(1))
            state.messages.emplace(std::pair(string(one, 0), string(one, 1)), string(one, 2));
        for (const json::value& one : list(2))
            state.measures.emplace(
                fold_output::measure_key{string(one, 0), string(one, 1), string(one, 2), number(one, 3)},
                number(one, 4));
        for (const json::value& one : list(3))
            state.lookups.emplace(std::pair(string(one, 0), string(one, 1)), number(one, 2));
        return state;
    } catch (const std::exception& damaged) { // Text that serialise() did not write.
        return failure(engine_errc::damaged, damaged.what());
    }
}

} // namespace tributary::projections
