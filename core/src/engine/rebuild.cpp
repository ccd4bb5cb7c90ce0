#include <array>

#include "engine/engine_impl.hpp"

namespace tributary {
namespace {

using storage::row;
using storage::statement;
using storage::value;

// A rebuild walks over everything on purpose: these statements scan.
constexpr std::array fact_tables{
    statement{"rebuild.facts", "DELETE FROM fact"},
    statement{"rebuild.claims", "DELETE FROM claim"},
    statement{"rebuild.conflicts", "DELETE FROM claim_conflict"},
};
constexpr statement next_subjects{"rebuild.next_subjects", R"(
SELECT DISTINCT workspace_id, environment, subject_id FROM fact
WHERE (workspace_id, environment, subject_id) > ($1, $2, $3)
ORDER BY workspace_id, environment, subject_id LIMIT 1000)"};
// Something was derived for them, and they have no facts any more: joined to others while a plugin was away.
constexpr statement next_deserted{"rebuild.next_deserted", R"(
SELECT DISTINCT workspace_id, environment, subject_id FROM derivation AS one
WHERE (workspace_id, environment, subject_id) > ($1, $2, $3) AND NOT EXISTS (SELECT 1 FROM fact
    WHERE workspace_id = one.workspace_id AND environment = one.environment AND subject_id = one.subject_id)
ORDER BY workspace_id, environment, subject_id LIMIT 1000)"};

/// Subjects in the order of their keys, a page at a time.
result<std::set<subject_key>> subjects_after(storage::session& reader, const statement& from_table,
                                             const subject_key& last) {
    std::set<subject_key> page;
    TRIBUTARY_TRY(reader.query(
        from_table,
        std::array{value(last.in.workspace), value(last.in.environment), value(std::string_view(last.id))},
        [&](const row& from) {
            page.insert({{from.integer(0), from.integer(1)}, std::string(from.text(2))});
        }));
    return page;
}

} // namespace

result<std::uint64_t> engine::implementation::derive_anew() {
    TRIBUTARY_TRY(projections::begin_rebuild(*session, plugins));
    std::uint64_t folded = 0;
    subject_key last;
    while (true) {
        TRIBUTARY_TRY_ASSIGN(subjects, subjects_after(*session, next_subjects, last));
        if (subjects.empty())
            break;
        TRIBUTARY_TRY(fold_all(subjects, projections::fold_mode::quiet));
        folded += subjects.size();
        last = *subjects.rbegin();
    }
    TRIBUTARY_TRY(projections::end_rebuild(*session, plugins));
    return folded;
}

/// Without its plugin a provider's facts would be gone.
result<void> engine::implementation::require_providers() {
    TRIBUTARY_TRY_ASSIGN(ids, inbox::connections_of_records(*session));
    for (const std::string& id : ids) {
        TRIBUTARY_TRY_ASSIGN(connection, where.connection(*session, id, false));
        const plugins::plugin_ptr plugin = plugins.find(connection.provider);
        if (plugin == nullptr || plugin->provider == nullptr)
            return failure(engine_errc::provider_not_loaded,
                           "'" + connection.provider + "' of connection " + id);
    }
    return {};
}

result<void> engine::implementation::fold_failed() {
    for (const auto& plugin : plugins.all()) {
        if (plugin->projection == nullptr)
            continue;
        subject_key last;
        while (true) {
            TRIBUTARY_TRY_ASSIGN(
                subjects, projections::failed(*session, plugins::view(plugin->projection->name), last));
            if (subjects.empty())
                break;
            last = subjects.back();
            TRIBUTARY_TRY(fold_all({subjects.begin(), subjects.end()}, projections::fold_mode::live));
        }
    }
    return {};
}

result<std::uint64_t> engine::implementation::read_anew() {
    for (const statement& one : fact_tables)
        TRIBUTARY_TRY(session->execute(one, {}));
    TRIBUTARY_TRY(inbox::forget_drift(*session));
    std::set<subject_key> everybody; // derive_anew() folds them all.
    std::uint64_t records = 0;
    std::int64_t last = 0;
    while (true) {
        constexpr std::size_t chunk = 500;
        TRIBUTARY_TRY_ASSIGN(ids, inbox::all_after(*session, last, chunk));
        if (ids.empty())
            return records;
        for (const std::int64_t id : ids) {
            last = id;
            TRIBUTARY_TRY_ASSIGN(record, inbox::find(*session, id));
            if (record.is != inbox::state::done && record.is != inbox::state::failed &&
                record.is != inbox::state::held)
                continue;
            if (record.dedupe_key.starts_with("ignored:"))
                continue;
            record.attempts = 0; // Its old facts are gone already.
            TRIBUTARY_TRY(process_or_fail(record, everybody));
            ++records;
        }
        everybody.clear();
    }
}

result<rebuild_report> engine::rebuild() {
    return rebuild(false);
}

result<rebuild_report> engine::rebuild_from_inbox() {
    return rebuild(true);
}

/// One transaction: readers see the old rows until the new ones are complete, and a death in it changes
/// nothing.
result<rebuild_report> engine::rebuild(bool from_inbox) {
    TRIBUTARY_TRY(settle()); // A rebuild sends nothing: what is due now must be told first.
    if (from_inbox)
        TRIBUTARY_TRY(impl_->require_providers());
    rebuild_report report;
    impl_->rebuilding = true;
    const auto done = impl_->transact([&]() -> result<void> {
        impl_->failed_records = 0;
        TRIBUTARY_TRY(impl_->fold_failed());
        if (from_inbox) {
            TRIBUTARY_TRY_ASSIGN(records, impl_->read_anew());
            report.records = records;
        }
        TRIBUTARY_TRY_ASSIGN(subjects, impl_->derive_anew());
        report.subjects = subjects;
        report.failed_records = impl_->failed_records;
        return {};
    });
    impl_->rebuilding = false;
    if (!done)
        return done.error();
    return report;
}

result<void> engine::replay(std::int64_t inbox_id) {
    const auto done = impl_->transact([&]() -> result<void> {
        TRIBUTARY_TRY_ASSIGN(record, inbox::find(*impl_->session, inbox_id));
        record.attempts = std::max<std::int64_t>(record.attempts, 1); // Replaces what it said before.
        std::set<subject_key> dirty;
        TRIBUTARY_TRY(impl_->process_or_fail(record, dirty));
        return impl_->fold_all(dirty, projections::fold_mode::live);
    });
    if (done) // It may have been waiting for its first turn.
        std::erase_if(impl_->pending, [&](const inbox::record& record) { return record.id == inbox_id; });
    return done;
}

result<std::uint64_t> engine::fold_quietly(const std::set<subject_key>& subjects) {
    TRIBUTARY_TRY(
        impl_->transact([&] { return impl_->fold_all(subjects, projections::fold_mode::upgrade); }));
    return subjects.size();
}

/// A projection that is new here, or was away for a while, has to see everybody.
result<std::uint64_t> engine::complete_projections() {
    TRIBUTARY_TRY_ASSIGN(incomplete, projections::any_incomplete(*impl_->session, impl_->plugins));
    std::uint64_t folded = 0;
    if (!incomplete)
        return folded;
    for (const statement& some : {next_deserted, next_subjects}) {
        subject_key last;
        while (true) {
            TRIBUTARY_TRY_ASSIGN(subjects, subjects_after(*impl_->session, some, last));
            if (subjects.empty())
                break;
            TRIBUTARY_TRY_ASSIGN(count, fold_quietly(subjects));
            folded += count;
            last = *subjects.rbegin();
        }
    }
    TRIBUTARY_TRY(
        impl_->transact([&] { return projections::mark_complete(*impl_->session, impl_->plugins); }));
    return folded;
}

/// What was folded before stays as it is; its plugin is asked again when it may be there.
void engine::implementation::pause_upgrade() noexcept {
    constexpr time_ms pause = 1000;
    more_outdated = false;
    upgrade_at = time.now_ms() + pause;
}

result<void> engine::implementation::upgrade_some() {
    bool waits = false;
    for (const auto& plugin : plugins.all()) {
        if (plugin->projection == nullptr)
            continue;
        if (plugin->in_quarantine()) {
            waits = true; // It may end by itself.
            continue;
        }
        TRIBUTARY_TRY_ASSIGN(subjects,
                             projections::outdated(*session, plugins::view(plugin->projection->name),
                                                   plugin->projection->fold_version, options.fold_chunk));
        if (subjects.empty())
            continue;
        const std::set<subject_key> some(subjects.begin(), subjects.end());
        TRIBUTARY_TRY(transact([&] { return fold_all(some, projections::fold_mode::upgrade); }));
        if (!upgrade_waits)
            return {};
        waits = true; // The others do not.
    }
    more_outdated = false;
    if (waits)
        pause_upgrade();
    return {};
}

result<std::uint64_t> engine::upgrade_projections() {
    TRIBUTARY_TRY_ASSIGN(folded, complete_projections());
    for (const auto& plugin : impl_->plugins.all()) {
        if (plugin->projection == nullptr)
            continue;
        const std::string_view name = plugins::view(plugin->projection->name);
        while (true) {
            TRIBUTARY_TRY_ASSIGN(subjects, projections::outdated(*impl_->session, name,
                                                                 plugin->projection->fold_version,
                                                                 impl_->options.fold_chunk));
            if (subjects.empty())
                break;
            TRIBUTARY_TRY_ASSIGN(count, fold_quietly({subjects.begin(), subjects.end()}));
            if (impl_->upgrade_waits) {
                impl_->pause_upgrade();
                break;
            }
            folded += count;
        }
    }
    return folded;
}

result<std::optional<std::pair<std::string, subject_key>>>
find_row(storage::session& reader, const plugins::plugin_set& plugins, space in, std::string_view row_id) {
    std::optional<std::pair<std::string, subject_key>> found;
    for (const auto& plugin : plugins.all()) {
        if (plugin->projection == nullptr)
            continue;
        for (const trb_table& table : plugins::tables_of(*plugin->projection)) {
            if (found)
                break;
            const std::string name(plugins::view(table.name));
            const std::string sql = "SELECT subject_id FROM " + name +
                                    " WHERE workspace_id = $1 AND environment = $2 AND row_id = $3";
            TRIBUTARY_TRY(reader.query({"engine.find_row", sql},
                                       std::array{value(in.workspace), value(in.environment), value(row_id)},
                                       [&](const row& from) {
                                           found = {name, {in, std::string(from.text(0))}};
                                       }));
        }
    }
    return found;
}

} // namespace tributary
