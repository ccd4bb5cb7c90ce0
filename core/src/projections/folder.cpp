#include <tributary/base/log.hpp>
#include <tributary/base/metrics.hpp>
#include <tributary/clicks/clicks.hpp>
#include <tributary/facts/history.hpp>
#include <tributary/projections/folder.hpp>
#include <tributary/storage/storage.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <memory_resource>
#include <tuple>

#include "projections/difference.hpp"
#include "projections/output.hpp"
#include "projections/projections.sql.hpp"

namespace tributary::projections {
namespace {

using plugins::view;
using storage::row;
using storage::value;

/// The history of one subject in memory, merged and sorted.
struct loaded_history {
    std::pmr::monotonic_buffer_resource arena;
    std::vector<facts::decoded_fact> facts;
    facts::merged_history merged;
    std::map<std::pair<std::string, std::string>, std::int64_t> missing_clicks; ///< lookups to remember
};

/// Many providers tell time in whole seconds: what happened in the second of the connection is not history.
constexpr time_ms second_ms = 1000;

std::string_view keep(std::string_view text, std::pmr::memory_resource& arena) {
    auto* copy = static_cast<char*>(arena.allocate(text.size() + 1, 1));
    std::copy(text.begin(), text.end(), copy);
    return {copy, text.size()};
}

} // namespace

struct folder::implementation {
    storage::session& session;
    directory& where;
    const plugins::plugin_set& plugins;
    logger& log;
    metrics& counters;
    refused_rows& refused;
    bool accepts_outdated = false;
    std::map<std::string, connection_info, std::less<>> connections{};
    std::map<std::int64_t, std::string> workspaces{};
    std::vector<reread> rereads{};
    sum_changes sums{};
    std::map<std::tuple<const trb_lookup_source*, space, std::string>, std::vector<std::vector<owned_cell>>>
        lookups{};

    std::array<value, 3> scoped(const subject_key& subject) const {
        return {value(subject.in.workspace), value(subject.in.environment),
                value(std::string_view(subject.id))};
    }

    const connection_info* connection(std::string_view id) {
        if (const auto known = connections.find(id); known != connections.end())
            return &known->second;
        auto found = where.connection(session, id, false);
        if (!found)
            return nullptr; // An API call's fact, or a connection that was removed: never historic.
        return &connections.emplace(std::string(id), std::move(*found)).first->second;
    }

    result<void> load(const subject_key& subject, loaded_history& into, bool copy_clicks) {
        result<void> failed;
        std::vector<std::string> from_connection;
        TRIBUTARY_TRY(session.query(sql::history, scoped(subject), [&](const row& from) {
            facts::decoded_fact fact;
            const auto decoded = facts::decode_content(static_cast<std::int32_t>(from.integer(2)),
                                                       from.text(10), into.arena, fact);
            if (!decoded) {
                failed = decoded.error();
                return;
            }
            fact.inbox_id = from.integer(0);
            from_connection.emplace_back(from.text(1));
            fact.realm = keep(from.text(3), into.arena);
            fact.document_id = keep(from.text(4), into.arena);
            fact.source_time = from.integer(5);
            fact.lifecycle_rank = static_cast<std::int32_t>(from.integer(6));
            fact.source_rank = static_cast<std::int32_t>(from.integer(7));
            fact.occurred_at = from.integer(8);
            fact.digest = keep(from.text(9), into.arena);
            into.facts.push_back(fact);
        }));
        TRIBUTARY_TRY(std::move(failed));
        for (std::size_t index = 0; index < into.facts.size(); ++index)
            if (const connection_info* from = connection(from_connection[index]))
                into.facts[index].historic =
                    into.facts[index].occurred_at < from->notify_from - from->notify_from % second_ms;
        TRIBUTARY_TRY(add_clicks(subject, into, copy_clicks));
        into.merged = facts::merge_history(into.facts, into.arena);
        return {};
    }

    /// Every recorded click that a claim names becomes part of the history.
    result<void> add_clicks(const subject_key& subject, loaded_history& into, bool copy_clicks) {
        std::set<std::string> named;
        for (const facts::decoded_fact& fact : into.facts)
            for (const trb_claim& claim : fact.claims)
                if (claim.claim_class == TRB_CLAIM_HINT && view(claim.name) == "click")
                    named.emplace(view(claim.value));
        for (const std::string& id : named) {
            TRIBUTARY_TRY_ASSIGN(found, copy_clicks ? clicks::find_named(session, subject.in, id)
                                                    : clicks::find(session, subject.in, id));
            if (!found) {
                into.missing_clicks.emplace(std::pair(std::string(click_lookup), id),
                                            std::numeric_limits<std::int64_t>::max());
                continue;
            }
            facts::decoded_fact fact;
            std::string content =
                R"({"ids":["placeholder"],"parents":[],"claims":[],"body":)" + found->body + "}";
            TRIBUTARY_TRY(facts::decode_content(TRB_KIND_CLICK, content, into.arena, fact));
            fact.document_id = keep(id, into.arena);
            auto* ids = static_cast<trb_str*>(into.arena.allocate(sizeof(trb_str), alignof(trb_str)));
            *ids = view(fact.document_id);
            fact.ids = {ids, 1};
            fact.occurred_at = found->at;
            fact.source_time = found->at;
            into.facts.push_back(fact);
        }
        return {};
    }

    result<std::string_view> workspace_name(std::int64_t id) {
        if (const auto known = workspaces.find(id); known != workspaces.end())
            return std::string_view(known->second);
        TRIBUTARY_TRY_ASSIGN(found, where.workspace(session, id, false));
        return std::string_view(workspaces.emplace(id, std::move(found.public_id)).first->second);
    }

    using lookup_rows = std::vector<std::vector<owned_cell>>;

    /// What the folds of one transaction look up does not change under them: many subjects share a key, and
    /// it is read once.
    lookup_reader_function reader_for(const plugins::plugin& plugin, space in) {
        return [this, &plugin, in](const trb_lookup_source& source,
                                   std::string_view key) -> result<lookup_rows> {
            const auto [known, is_new] = lookups.try_emplace({&source, in, std::string(key)});
            if (is_new) {
                auto rows = read_lookup(plugin, in, source, key);
                if (!rows) {
                    lookups.erase(known);
                    return rows.error();
                }
                known->second = std::move(*rows);
            }
            return known->second;
        };
    }

    result<lookup_rows> read_lookup(const plugins::plugin& plugin, space in, const trb_lookup_source& source,
                                    std::string_view key) {
        lookup_rows rows;
        const storage::authority_guard authority(session, plugin.short_name());
        TRIBUTARY_TRY(session.query({"plugin.lookup", view(source.sql)},
                                    std::array{value(in.workspace), value(in.environment), value(key)},
                                    [&](const row& from) {
                                        std::vector<owned_cell> cells;
                                        for (int column = 0; column < from.columns(); ++column)
                                            cells.push_back(read_cell(from, column));
                                        rows.push_back(std::move(cells));
                                    }));
        return rows;
    }

    static owned_cell read_cell(const row& from, int column) {
        if (from.is_null(column))
            return {};
        if (from.is_integer(column))
            return {TRB_CELL_INTEGER, from.integer(column), {}};
        return {TRB_CELL_TEXT, 0, std::string(from.text(column))};
    }

    result<trb_history> view_history(const subject_key& subject, const loaded_history& loaded) {
        TRIBUTARY_TRY_ASSIGN(name, workspace_name(subject.in.workspace));
        trb_history history{};
        history.struct_size = sizeof history;
        history.environment = static_cast<std::int32_t>(subject.in.environment);
        history.workspace = view(name);
        history.subject_id = view(std::string_view(subject.id));
        history.facts = loaded.merged.facts.data();
        history.fact_count = loaded.merged.facts.size();
        history.fact_stride = sizeof(trb_merged_fact);
        return history;
    }

    /// A plugin in quarantine upgrades nothing.
    static bool is_outdated(const plugins::plugin& plugin, stored_states& states) {
        const stored_state& before = states[std::string(view(plugin.projection->name))];
        return before.exists && before.failure.empty() && !plugin.in_quarantine() &&
               before.fold_version < std::int64_t{plugin.projection->fold_version};
    }

    result<void> fold_one(const plugins::plugin& plugin, const subject_key& subject,
                          const loaded_history& loaded, stored_states& states, time_ms now_ms,
                          fold_mode mode) {
        const std::string name(view(plugin.projection->name));
        stored_state& before = states[name];
        if (!before.failure.empty())
            mode = fold_mode::live; // What it could not tell until now is no history.
        if (mode == fold_mode::upgrade && before.exists)
            now_ms = before.folded_at;
        now_ms = std::max(now_ms, before.folded_at); // For a subject, time never runs backwards.
        const auto known = refused.find({subject, name});
        fold_output output;
        output.lookups = loaded.missing_clicks;
        std::string why_not = known == refused.end() ? std::string() : known->second;
        time_ms pause = failure_retry_ms;
        // An upgrade that cannot be had now is no failure: what would follow from that is told to everybody.
        const bool can_wait = mode == fold_mode::upgrade && before.exists;
        if (auto why = plugin.quarantine(); why && why_not.empty()) {
            if (can_wait)
                return failure(engine_errc::not_now, name);
            why_not = std::move(*why);
            pause = quarantine_retry_ms;
        }
        if (why_not.empty() && !loaded.facts.empty()) {
            TRIBUTARY_TRY_ASSIGN(history, view_history(subject, loaded));
            const trb_status status =
                run_fold(plugin, history, now_ms, false, reader_for(plugin, subject.in), output, why_not);
            if (can_wait && output.not_asked)
                return failure(engine_errc::not_now, name);
            if (status == TRB_RETRY)
                pause = std::clamp<time_ms>(output.retry_after_ms, 1000, failure_retry_ms);
            if (status == TRB_OK && output.wake_at && *output.wake_at <= now_ms)
                why_not = "it wants to be woken at a time that has come already";
        }
        if (!why_not.empty())
            return keep_failure(plugin, subject, before, why_not, now_ms, pause);
        auto written = write_difference(session, subject, plugin, before, output, now_ms, mode, sums);
        if (written || (written.error().code != storage::storage_errc::conflict &&
                        written.error().code != storage::storage_errc::invalid))
            return written;
        // Some of them are written already: all of it has to be taken back.
        refused.emplace(std::pair(subject, name), "its rows cannot be stored: " + written.error().text());
        return failure(engine_errc::rows_refused, name);
    }

    result<void> keep_failure(const plugins::plugin& plugin, const subject_key& subject, stored_state& before,
                              const std::string& why, time_ms now_ms, time_ms pause) {
        const std::string name(view(plugin.projection->name));
        log.error("fold_failed", {{"projection", name}, {"subject", subject.id}, {"reason", why}});
        counters.count("tributary_fold_failures_total", {{"projection", name}});
        // Judged by this version, so that an upgrade does not come back to it for ever.
        before.fold_version = plugin.projection->fold_version;
        return save_failure(session, subject, name, before, why, now_ms + pause);
    }

    void want_rereads(const loaded_history& loaded) {
        for (const facts::tie& tied : loaded.merged.ties) {
            for (const facts::decoded_fact& fact : loaded.facts) {
                if (fact.kind != tied.kind || fact.realm != tied.realm ||
                    fact.document_id != tied.document_id)
                    continue;
                rereads.push_back({tied, fact.inbox_id});
                break;
            }
        }
    }
};

folder::folder(storage::session& session, directory& where, const plugins::plugin_set& plugins, logger& log,
               metrics& counters, refused_rows& refused)
    : impl_(new implementation{session, where, plugins, log, counters, refused}) {}

folder::~folder() = default;

result<void> folder::fold(const subject_key& subject, time_ms now_ms, fold_mode mode) {
    loaded_history loaded;
    TRIBUTARY_TRY(impl_->load(subject, loaded, true));
    TRIBUTARY_TRY_ASSIGN(states, read_states(impl_->session, subject));
    result<void> waits;
    for (const auto& plugin : impl_->plugins.all()) {
        if (plugin->projection == nullptr)
            continue;
        // What only a new release sees in what was known before is told to nobody; what is new is.
        if (mode == fold_mode::live && !impl_->accepts_outdated && impl_->is_outdated(*plugin, states))
            return failure(engine_errc::outdated, std::string(view(plugin->projection->name)));
        auto folded = impl_->fold_one(*plugin, subject, loaded, states, now_ms, mode);
        if (!folded && folded.error().code != engine_errc::not_now)
            return folded;
        if (!folded)
            waits = std::move(folded);
    }
    impl_->want_rereads(loaded);
    return waits;
}

void folder::accept_outdated() noexcept {
    impl_->accepts_outdated = true;
}

result<std::set<subject_key>> folder::outdated_of(const std::set<subject_key>& subjects) {
    std::set<subject_key> found;
    for (const subject_key& subject : subjects) {
        TRIBUTARY_TRY_ASSIGN(states, read_states(impl_->session, subject));
        for (const auto& plugin : impl_->plugins.all())
            if (plugin->projection != nullptr && impl_->is_outdated(*plugin, states))
                found.insert(subject);
    }
    return found;
}

result<shown_subject> folder::show(const subject_key& subject, time_ms now_ms) {
    loaded_history loaded;
    TRIBUTARY_TRY(impl_->load(subject, loaded, false));
    if (loaded.facts.empty())
        return failure(engine_errc::not_found, "subject " + subject.id);
    shown_subject shown;
    for (std::size_t index = 0; index < loaded.merged.facts.size(); ++index)
        shown.facts.push_back(show_fact(loaded.merged.facts[index], loaded.merged.sources[index]));
    for (const auto& plugin : impl_->plugins.all()) {
        if (plugin->projection == nullptr)
            continue;
        TRIBUTARY_TRY_ASSIGN(history, impl_->view_history(subject, loaded));
        fold_output output;
        std::string failure_text;
        if (run_fold(*plugin, history, now_ms, true, impl_->reader_for(*plugin, subject.in), output,
                     failure_text) != TRB_OK)
            return failure(engine_errc::plugin_failed, failure_text);
        show_rows(*plugin, output, shown.rows);
        shown.trace.insert(shown.trace.end(), output.trace.begin(), output.trace.end());
    }
    return shown;
}

result<void> folder::write_sums() {
    return impl_->sums.write(impl_->session);
}

std::vector<reread> folder::take_rereads() {
    return std::exchange(impl_->rereads, {});
}

result<void> mark_readers(storage::session& writer, space in, std::string_view kind, std::string_view key,
                          time_ms from) {
    TRIBUTARY_TRY(writer.execute(sql::mark_readers, std::array{value(in.workspace), value(in.environment),
                                                               value(kind), value(key), value(from)}));
    return {};
}

result<void> mark_dirty(storage::session& writer, const subject_key& subject) {
    TRIBUTARY_TRY(
        writer.execute(sql::mark_dirty, std::array{value(subject.in.workspace), value(subject.in.environment),
                                                   value(std::string_view(subject.id))}));
    return {};
}

namespace {

result<std::vector<subject_key>> read_subjects(storage::session& reader, const storage::statement& what,
                                               std::span<const value> parameters) {
    std::vector<subject_key> subjects;
    TRIBUTARY_TRY(reader.query(what, parameters, [&](const row& from) {
        subjects.push_back({{from.integer(0), from.integer(1)}, std::string(from.text(2))});
    }));
    return subjects;
}

} // namespace

result<std::vector<subject_key>> take_dirty(storage::session& writer, std::size_t limit) {
    TRIBUTARY_TRY_ASSIGN(subjects, read_subjects(writer, sql::list_dirty,
                                                 std::array{value(static_cast<std::int64_t>(limit))}));
    for (const subject_key& subject : subjects)
        TRIBUTARY_TRY(writer.execute(sql::delete_dirty,
                                     std::array{value(subject.in.workspace), value(subject.in.environment),
                                                value(std::string_view(subject.id))}));
    return subjects;
}

result<std::vector<subject_key>> due(storage::session& reader, std::string_view projection, time_ms now_ms,
                                     std::size_t limit) {
    return read_subjects(
        reader, sql::due,
        std::array{value(projection), value(now_ms), value(static_cast<std::int64_t>(limit))});
}

result<std::vector<subject_key>> failed(storage::session& reader, std::string_view projection,
                                        const subject_key& last) {
    return read_subjects(reader, sql::failed,
                         std::array{value(projection), value(last.in.workspace), value(last.in.environment),
                                    value(std::string_view(last.id))});
}

result<void> retry_failed(storage::session& writer, std::string_view projection, time_ms now_ms) {
    TRIBUTARY_TRY(writer.execute(sql::retry_failed, std::array{value(now_ms), value(projection)}));
    return {};
}

result<std::vector<subject_key>> outdated(storage::session& reader, std::string_view projection,
                                          std::uint32_t fold_version, std::size_t limit) {
    return read_subjects(reader, sql::outdated,
                         std::array{value(projection), value(std::int64_t{fold_version}),
                                    value(static_cast<std::int64_t>(limit))});
}

} // namespace tributary::projections
