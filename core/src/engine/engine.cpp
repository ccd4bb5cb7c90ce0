#include <tributary/engine/engine.hpp>

#include <algorithm>

#include "engine/engine_impl.hpp"

namespace tributary {
namespace {

result<void> migrate_plugin(storage::database& database, storage::session& session,
                            const plugins::plugin& plugin, time_ms now_ms) {
    std::vector<storage::migration> steps;
    for (const trb_migration& step : plugins::migrations_of(plugin.descriptor()))
        steps.push_back({step.number, plugins::view(step.sql)});
    TRIBUTARY_TRY(storage::migrate(database, session, plugin.short_name(), steps, now_ms));
    return {};
}

} // namespace

engine::engine(storage::database& database, directory& where, const plugins::plugin_set& plugins,
               const clock& time, entropy& random, logger& log, metrics& counters, engine_options options)
    : impl_(new implementation{database, where, plugins, time, random, log, counters, options,
                               database.open_writer().value()}) {
    storage::migrate(database, *impl_->session, "core", storage::core_migrations(), time.now_ms()).value();
    for (const auto& plugin : plugins.all())
        migrate_plugin(database, *impl_->session, *plugin, time.now_ms()).value();
    impl_->give_up_forsaken().value();
}

engine::~engine() = default;

storage::session& engine::session() noexcept {
    return *impl_->session;
}

bool engine::has_work() const noexcept {
    return !impl_->pending.empty() || impl_->more_pending || impl_->more_marked || impl_->more_outdated;
}

result<void> engine::run(std::vector<job> batch) {
    const std::size_t worked_on_before = impl_->pending.size();
    std::vector<result<http::response>> answers;
    const auto work_off = [&]() -> result<void> {
        TRIBUTARY_TRY(impl_->begin());
        std::set<subject_key> dirty;
        TRIBUTARY_TRY(impl_->process_pending(dirty));
        TRIBUTARY_TRY(impl_->fold_all(dirty, projections::fold_mode::live));
        return impl_->more_marked ? impl_->fold_marked() : result<void>();
    };
    const auto work = [&]() -> result<void> {
        if (impl_->more_outdated)
            TRIBUTARY_TRY(impl_->upgrade_some());
        TRIBUTARY_TRY(impl_->load_pending());
        TRIBUTARY_TRY(impl_->attempt(work_off));
        for (job& one : batch) {
            auto answer = std::visit([&](auto& what) { return impl_->store(what); }, one.what);
            if (!answer)
                return answer.error();
            answers.push_back(std::move(answer));
        }
        TRIBUTARY_TRY(impl_->flush_clicks());
        return impl_->session->commit();
    };
    const result<void> done = work();
    if (!done) {
        impl_->session->rollback();
        // Nothing of this batch has happened: memory must forget it as the database does.
        impl_->pending.resize(std::min(worked_on_before, impl_->pending.size()));
        impl_->more_pending = impl_->more_marked = true;
        impl_->click_sums.clear();
        for (job& one : batch)
            if (one.done)
                one.done(done.error());
        return done.error();
    }
    impl_->pending.erase(impl_->pending.begin(),
                         impl_->pending.begin() + static_cast<std::ptrdiff_t>(impl_->worked_on));
    for (std::size_t index = 0; index < batch.size(); ++index)
        if (batch[index].done)
            batch[index].done(std::move(answers[index]));
    return {};
}

result<void> engine::settle() {
    TRIBUTARY_TRY(tick());
    while (has_work())
        TRIBUTARY_TRY(run({}));
    return {};
}

result<void> engine::tick() {
    impl_->more_marked = true;
    impl_->more_pending = true;
    if (impl_->upgrade_at && impl_->time.now_ms() >= *impl_->upgrade_at) {
        impl_->upgrade_at.reset();
        impl_->more_outdated = true;
    }
    return impl_->release_held();
}

result<std::vector<inbox::want>> engine::due_wants() {
    constexpr std::size_t at_once = 32;
    constexpr time_ms forgotten_after_ms = 60'000; // Nobody takes as long as this; then it is asked again.
    const time_ms now = impl_->time.now_ms();
    auto& asked = impl_->under_way_now;
    std::erase_if(asked, [&](const auto& one) {
        return now < one.second.since || now - one.second.since >= forgotten_after_ms;
    });
    TRIBUTARY_TRY_ASSIGN(due, inbox::due_wants(*impl_->session, now, at_once + asked.size()));
    // The answer that is under way may be older than what a later hint wants: that one has its turn
    // afterwards.
    std::erase_if(due, [&](const inbox::want& one) {
        return asked.contains({one.in.workspace, one.connection_id, one.purpose});
    });
    due.resize(std::min(due.size(), at_once));
    for (const inbox::want& one : due)
        asked[{one.in.workspace, one.connection_id, one.purpose}] = {one.caused_by, now};
    return due;
}

result<void> engine::prepare(const plugins::plugin& next) {
    return migrate_plugin(impl_->database, *impl_->session, next, impl_->time.now_ms());
}

result<void> engine::adopt(const plugins::plugin& now) {
    impl_->held = {};
    impl_->more_outdated = impl_->more_outdated || now.projection != nullptr;
    TRIBUTARY_TRY(impl_->release_held());
    if (now.projection == nullptr)
        return {};
    return impl_->transact([&] {
        return projections::retry_failed(*impl_->session, plugins::view(now.projection->name),
                                         impl_->time.now_ms());
    });
}

result<projections::shown_subject> engine::show(const subject_key& subject) {
    projections::folder folds = impl_->make_folder();
    return folds.show(subject, impl_->time.now_ms());
}

result<void> engine::never_join(space in, std::string_view claim, std::string_view other) {
    return impl_->transact([&]() -> result<void> {
        std::set<subject_key> dirty;
        TRIBUTARY_TRY(identity::never_join(*impl_->session, in, claim, other, impl_->time.now_ms(), dirty));
        return impl_->fold_all(dirty, projections::fold_mode::live);
    });
}

} // namespace tributary
