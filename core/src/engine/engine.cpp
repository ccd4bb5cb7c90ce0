#include <tributary/engine/engine.hpp>

#include "engine/engine_impl.hpp"

namespace tributary {
namespace {

void migrate_plugins(storage::database& database, storage::session& session,
                     const plugins::plugin_set& plugins, time_ms now_ms) {
    for (const auto& plugin : plugins.all()) {
        const trb_plugin& descriptor = plugin->descriptor();
        std::vector<storage::migration> steps;
        for (std::uint64_t index = 0; index < descriptor.migration_count; ++index) {
            const auto& step = *reinterpret_cast<const trb_migration*>(
                reinterpret_cast<const char*>(descriptor.migrations) + index * descriptor.migration_stride);
            steps.push_back({step.number, plugins::view(step.sql)});
        }
        storage::migrate(database, session, plugin->short_name(), steps, now_ms).value();
    }
}

} // namespace

engine::engine(storage::database& database, directory& where, const plugins::plugin_set& plugins,
               const clock& time, entropy& random, logger& log, metrics& counters, engine_options options)
    : impl_(new implementation{database, where, plugins, time, random, log, counters, options,
                               database.open_writer().value()}) {
    storage::migrate(database, *impl_->session, "core", storage::core_migrations(), time.now_ms()).value();
    migrate_plugins(database, *impl_->session, plugins, time.now_ms());
}

engine::~engine() = default;

storage::session& engine::session() noexcept {
    return *impl_->session;
}

bool engine::has_work() const noexcept {
    return !impl_->pending.empty() || impl_->more_pending || impl_->more_marked;
}

result<void> engine::run(std::vector<job> batch) {
    const std::size_t worked_on_before = impl_->pending.size();
    std::vector<result<http::response>> answers;
    const auto work = [&]() -> result<void> {
        TRIBUTARY_TRY(impl_->begin());
        std::set<subject_key> dirty;
        TRIBUTARY_TRY(impl_->process_pending(dirty));
        TRIBUTARY_TRY(impl_->fold_all(dirty, projections::fold_mode::live));
        if (impl_->more_marked)
            TRIBUTARY_TRY(impl_->fold_marked());
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
        impl_->pending.resize(worked_on_before);
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
    return {};
}

result<std::vector<inbox::want>> engine::due_wants() {
    constexpr std::size_t at_once = 32;
    TRIBUTARY_TRY_ASSIGN(due, inbox::due_wants(*impl_->session, impl_->time.now_ms(), at_once));
    for (const inbox::want& asked : due)
        impl_->asked_for.insert(asked.caused_by);
    return due;
}

result<projections::shown_subject> engine::show(const subject_key& subject) {
    projections::folder folds = impl_->make_folder();
    return folds.show(subject, impl_->time.now_ms());
}

result<void> engine::never_join(space in, std::string_view claim, std::string_view other) {
    TRIBUTARY_TRY(impl_->begin());
    const auto work = [&]() -> result<void> {
        std::set<subject_key> dirty;
        TRIBUTARY_TRY(identity::never_join(*impl_->session, in, claim, other, impl_->time.now_ms(), dirty));
        TRIBUTARY_TRY(impl_->fold_all(dirty, projections::fold_mode::live));
        return impl_->session->commit();
    };
    auto done = work();
    if (!done)
        impl_->session->rollback();
    return done;
}

} // namespace tributary
