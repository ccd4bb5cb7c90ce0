#include "projections/difference.hpp"

#include <tributary/base/crypto.hpp>
#include <tributary/facts/fact.hpp>
#include <tributary/storage/storage.hpp>

#include <array>
#include <cstring>

#include "projections/projections.sql.hpp"

namespace tributary::projections {
namespace {

using plugins::view;
using storage::blob;
using storage::row;
using storage::value;

value bind_cell(const owned_cell& cell) {
    switch (cell.type) {
    case TRB_CELL_INTEGER: return cell.integer;
    case TRB_CELL_TEXT: return std::string_view(cell.text);
    default: return std::monostate{};
    }
}

/// "INSERT INTO t (...) VALUES (...) ON CONFLICT ... DO UPDATE ...".
std::string upsert_sql(const trb_table& table) {
    std::string sql = "INSERT INTO ";
    sql += view(table.name);
    sql += " (workspace_id, environment, row_id, subject_id";
    std::string places = "$1, $2, $3, $4";
    std::string updates = "subject_id = excluded.subject_id";
    for (std::uint64_t index = 0; index < table.column_count; ++index) {
        const std::string_view column = view(table.columns[index]);
        sql += ", ";
        sql += column;
        places += ", $" + std::to_string(index + 5);
        updates += ", ";
        updates += column;
        updates += " = excluded.";
        updates += column;
    }
    sql +=
        ") VALUES (" + places + ") ON CONFLICT (workspace_id, environment, row_id) DO UPDATE SET " + updates;
    return sql;
}

/// One run of writing differences.
class difference {
  public:
    difference(storage::session& writer, const subject_key& subject, const plugins::plugin& plugin)
        : writer_(writer), subject_(subject), projection_(*plugin.projection) {}

    result<void> rows(const fold_state& before, const fold_state& after, const fold_output& output) {
        for (const auto& [key, digest] : before.rows)
            if (!after.rows.contains(key))
                TRIBUTARY_TRY(delete_row(key));
        for (const auto& [key, cells] : output.rows) {
            const auto known = before.rows.find(key);
            if (known == before.rows.end() || known->second != after.rows.at(key))
                TRIBUTARY_TRY(write_row(key, cells));
        }
        return {};
    }

    /// @param kept_back  they are not to be sent; but who folds this later, as another subject maybe, must
    /// know
    ///                   that they were there.
    result<void> messages(const fold_state& before, const fold_output& output, bool kept_back) {
        for (const auto& [key, message] : output.messages) {
            const auto known = before.messages.find(key);
            const std::string digest = digest_of(std::string_view(message.body));
            if (known != before.messages.end() && known->second == digest)
                continue;
            TRIBUTARY_TRY(write_message(key, message, digest, kept_back));
        }
        return {};
    }

    result<void> state(const stored_state& before, const std::string& text, const fold_output& output,
                       time_ms now_ms, bool empty) {
        const std::string_view name = view(projection_.name);
        if (empty) {
            if (!before.exists)
                return {};
            TRIBUTARY_TRY(
                writer_.execute(sql::delete_state, std::array{value(in().workspace), value(in().environment),
                                                              subject(), value(name)}));
            return {};
        }
        if (before.exists && before.text == text && before.wake_at == output.wake_at &&
            before.failure.empty() && before.fold_version == projection_.fold_version)
            return {};
        TRIBUTARY_TRY(
            writer_.execute(sql::save_state,
                            std::array{value(in().workspace), value(in().environment), subject(), value(name),
                                       value(std::int64_t{projection_.fold_version}), value(now_ms),
                                       output.wake_at ? value(*output.wake_at) : value(std::monostate{}),
                                       value(std::monostate{}), value(std::string_view(text))}));
        return {};
    }

  private:
    const space& in() const { return subject_.in; }
    value subject() const { return std::string_view(subject_.id); }

    result<void> delete_row(const fold_output::row_key& key) {
        const std::string sql =
            "DELETE FROM " + std::string(view(plugins::tables_of(projection_)[key.first].name)) +
            " WHERE workspace_id = $1 AND environment = $2 AND row_id = $3 AND subject_id = $4";
        TRIBUTARY_TRY(writer_.execute({"projections.delete_row", sql},
                                      std::array{value(in().workspace), value(in().environment),
                                                 value(std::string_view(key.second)), subject()}));
        return {};
    }

    result<void> write_row(const fold_output::row_key& key, const std::vector<owned_cell>& cells) {
        const std::string sql = upsert_sql(plugins::tables_of(projection_)[key.first]);
        std::vector<value> parameters{value(in().workspace), value(in().environment),
                                      value(std::string_view(key.second)), subject()};
        for (const owned_cell& cell : cells)
            parameters.push_back(bind_cell(cell));
        TRIBUTARY_TRY(writer_.execute({"projections.write_row", sql}, parameters));
        return {};
    }

    /// A message is stored when its key first appears; one about money is corrected when its body changes
    /// afterwards.
    result<void> write_message(const std::pair<std::string, std::string>& key, const message_out& message,
                               const std::string& digest, bool kept_back) {
        TRIBUTARY_TRY_ASSIGN(told, insert_message(key, 0, message, digest, kept_back));
        if (told || !message.money)
            return {};
        std::int64_t revision = 0;
        bool same = false;
        TRIBUTARY_TRY(
            writer_.query(sql::latest_message,
                          std::array{value(in().workspace), value(in().environment),
                                     value(std::string_view(key.first)), value(std::string_view(key.second))},
                          [&](const row& from) {
                              revision = from.integer(0);
                              same = from.text(1) == digest;
                          }));
        if (!same)
            TRIBUTARY_TRY(insert_message(key, revision + 1, message, digest, kept_back));
        return {};
    }

    /// @return whether it was new.
    result<bool> insert_message(const std::pair<std::string, std::string>& key, std::int64_t revision,
                                const message_out& message, const std::string& digest, bool kept_back) {
        constexpr std::int64_t to_send = 0;
        constexpr std::int64_t not_to_send = 2;
        TRIBUTARY_TRY_ASSIGN(
            added, writer_.execute(sql::insert_message,
                                   std::array{value(in().workspace), value(in().environment),
                                              value(std::string_view(key.first)),
                                              value(std::string_view(key.second)), value(revision),
                                              value(message.at), value(kept_back ? not_to_send : to_send),
                                              value(blob{digest}), value(std::string_view(message.body))}));
        return added > 0;
    }

    storage::session& writer_;
    const subject_key& subject_;
    const trb_projection_v1& projection_;
};

std::string cell_text(const owned_cell& cell) {
    switch (cell.type) {
    case TRB_CELL_INTEGER: return std::to_string(cell.integer);
    case TRB_CELL_TEXT: return cell.text;
    default: return {};
    }
}

/// A sum of zero and no sum are the same to a reader, and only the second is kept.
result<void> add_to_sum(storage::session& writer, space in, std::string_view measure,
                        std::string_view dimension, std::string_view currency, std::int64_t day,
                        std::int64_t amount) {
    const std::array key{value(in.workspace), value(in.environment), value(measure),
                         value(dimension),    value(currency),       value(day)};
    std::int64_t sum = 0;
    TRIBUTARY_TRY(writer.query(sql::add_rollup,
                               std::array{key[0], key[1], key[2], key[3], key[4], key[5], value(amount)},
                               [&](const row& from) { sum = from.integer(0); }));
    if (sum == 0)
        TRIBUTARY_TRY(writer.execute(sql::trim_rollup, key));
    return {};
}

} // namespace

result<void> add_rollup(storage::session& writer, space in, std::string_view measure,
                        std::string_view dimension, std::string_view currency, time_ms at,
                        std::int64_t amount) {
    return add_to_sum(writer, in, measure, dimension, currency, day_of(at), amount);
}

void sum_changes::add(space in, const fold_state& before, const fold_state& after) {
    for (const auto& [key, sum] : after.measures)
        changes_[{in, key}] += sum;
    for (const auto& [key, sum] : before.measures)
        changes_[{in, key}] -= sum;
}

result<void> sum_changes::write(storage::session& writer) {
    for (const auto& [where, change] : changes_) {
        const auto& [name, dimension, currency, day] = where.second;
        if (change != 0)
            TRIBUTARY_TRY(add_to_sum(writer, where.first, name, dimension, currency, day, change));
    }
    changes_.clear();
    return {};
}

result<void> write_readers(storage::session& writer, const subject_key& subject, const fold_state& before,
                           const fold_state& after) {
    const auto named = [&](const std::pair<std::string, std::string>& key) {
        return std::array{value(subject.in.workspace), value(subject.in.environment),
                          value(std::string_view(key.first)), value(std::string_view(key.second)),
                          value(std::string_view(subject.id))};
    };
    for (const auto& [key, as_of] : before.lookups)
        if (!after.lookups.contains(key))
            TRIBUTARY_TRY(writer.execute(sql::delete_reader, named(key)));
    for (const auto& [key, as_of] : after.lookups) {
        const auto known = before.lookups.find(key);
        if (known != before.lookups.end() && known->second == as_of)
            continue;
        const auto who = named(key);
        TRIBUTARY_TRY(writer.execute(sql::save_reader,
                                     std::array{who[0], who[1], who[2], who[3], who[4], value(as_of)}));
    }
    return {};
}

result<stored_states> read_states(storage::session& reader, const subject_key& subject) {
    stored_states states;
    TRIBUTARY_TRY(reader.query(sql::states,
                               std::array{value(subject.in.workspace), value(subject.in.environment),
                                          value(std::string_view(subject.id))},
                               [&](const row& from) {
                                   stored_state& state = states[std::string(from.text(0))];
                                   state.exists = true;
                                   state.fold_version = from.integer(1);
                                   state.folded_at = from.integer(2);
                                   if (!from.is_null(3))
                                       state.wake_at = from.integer(3);
                                   state.failure = from.text(4);
                                   state.text = from.text(5);
                               }));
    return states;
}

result<void> write_difference(storage::session& writer, const subject_key& subject,
                              const plugins::plugin& plugin, const stored_state& before,
                              const fold_output& output, time_ms now_ms, fold_mode mode, sum_changes& sums) {
    fold_state old;
    if (before.exists && !before.text.empty()) {
        TRIBUTARY_TRY_ASSIGN(parsed, fold_state::parse(before.text));
        old = std::move(parsed);
    }
    const fold_state now = fold_state::of(output);
    const std::string text = now.serialise();
    difference run(writer, subject, plugin);
    if (text != before.text) {
        TRIBUTARY_TRY(run.rows(old, now, output));
        sums.add(subject.in, old, now);
        TRIBUTARY_TRY(run.messages(old, output, mode != fold_mode::live));
        TRIBUTARY_TRY(write_readers(writer, subject, old, now));
    }
    const bool empty = output.rows.empty() && output.messages.empty() && output.measures.empty() &&
                       output.lookups.empty() && !output.wake_at;
    return run.state(before, text, output, now_ms, empty);
}

result<void> save_failure(storage::session& writer, const subject_key& subject, const std::string& projection,
                          const stored_state& before, std::string_view failure_text, time_ms retry_at) {
    const std::string text = before.exists ? before.text : fold_state().serialise();
    TRIBUTARY_TRY(writer.execute(
        sql::save_state, std::array{value(subject.in.workspace), value(subject.in.environment),
                                    value(std::string_view(subject.id)), value(std::string_view(projection)),
                                    value(before.fold_version), value(before.folded_at), value(retry_at),
                                    value(failure_text), value(std::string_view(text))}));
    return {};
}

result<void> save_damage(storage::session& writer, const subject_key& subject,
                         const plugins::plugin_set& plugins, std::string_view reason, time_ms now_ms) {
    const std::string nothing = fold_state().serialise();
    for (const auto& plugin : plugins.all())
        if (plugin->projection != nullptr)
            TRIBUTARY_TRY(writer.execute(
                sql::save_damage,
                std::array{value(subject.in.workspace), value(subject.in.environment),
                           value(std::string_view(subject.id)), value(view(plugin->projection->name)),
                           value(std::int64_t{plugin->projection->fold_version}),
                           value(now_ms + failure_retry_ms), value(reason),
                           value(std::string_view(nothing))}));
    return {};
}

shown_fact show_fact(const trb_merged_fact& fact, const std::vector<std::int64_t>& inbox_ids) {
    constexpr std::array<std::string_view, 4> classes{"", "exclusive ", "shared ", "hint "};
    shown_fact shown;
    shown.id = view(fact.id);
    shown.kind = facts::kind_name(fact.kind);
    shown.realm = view(fact.realm);
    shown.occurred_at = fact.occurred_at_ms;
    shown.ambiguous = fact.ambiguous != 0;
    shown.historic = fact.historic != 0;
    for (std::uint64_t index = 0; index < fact.id_count; ++index)
        shown.ids.emplace_back(view(fact.ids[index]));
    for (std::uint64_t index = 0; index < fact.parent_count; ++index)
        shown.parents.emplace_back(view(fact.parents[index]));
    for (std::uint64_t index = 0; index < fact.claim_count; ++index) {
        const trb_claim& claim = fact.claims[index];
        std::string text(classes[static_cast<std::size_t>(claim.claim_class) % classes.size()]);
        text += view(claim.name);
        text += '=';
        text += view(claim.value);
        shown.claims.push_back(std::move(text));
    }
    shown.body = facts::body_json(fact.kind, fact.body);
    shown.inbox_ids = inbox_ids;
    return shown;
}

void show_rows(const plugins::plugin& plugin, const fold_output& output, std::vector<shown_row>& into) {
    for (const auto& [key, cells] : output.rows) {
        const trb_table& table = plugins::tables_of(*plugin.projection)[key.first];
        shown_row shown;
        shown.projection = view(plugin.projection->name);
        shown.table = view(table.name);
        shown.id = key.second;
        for (std::size_t index = 0; index < cells.size(); ++index)
            shown.cells.emplace_back(view(table.columns[index]), cell_text(cells[index]));
        into.push_back(std::move(shown));
    }
}

} // namespace tributary::projections
