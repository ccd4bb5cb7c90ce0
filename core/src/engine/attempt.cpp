#include <iterator>

#include "engine/engine_impl.hpp"

/// One piece of bad data stops nobody else: not in the transaction that meets it, and not at the start after
/// it has ended a process.
namespace tributary {

result<void> engine::implementation::attempt(const std::function<result<void>()>& work) {
    failing.clear();
    refused_now.clear();
    outdated_now.clear();
    upgrade_waits = false;
    const std::size_t pending_before = pending.size();
    const bool marked_before = more_marked;
    while (true) {
        left_out = false;
        auto done = upgrade_first();
        if (done)
            done = work();
        if (done)
            return done;
        session->rollback();
        pending.resize(pending_before);
        if (!left_out)
            return done;
        more_marked = marked_before;
        counters.count("tributary_transactions_begun_again_total");
    }
}

/// Before what is new comes into their histories: what only a new release of a plugin sees in what was known
/// before is told to nobody, and all that is new is.
result<void> engine::implementation::upgrade_first() {
    if (outdated_now.empty())
        return {};
    TRIBUTARY_TRY(begin());
    TRIBUTARY_TRY(fold_all(outdated_now, projections::fold_mode::upgrade));
    TRIBUTARY_TRY(session->commit());
    outdated_now.clear();
    return {};
}

result<void> engine::implementation::transact(const std::function<result<void>()>& work) {
    return attempt([&]() -> result<void> {
        TRIBUTARY_TRY(begin());
        TRIBUTARY_TRY(work());
        return session->commit();
    });
}

/// Takes pending records that are not in memory: another process took them, and ended before it had worked on
/// them. Maybe because of one of them: so after a second such end they are worked on one at a time, and one
/// that was alone when too many processes ended is not tried again by itself.
result<void> engine::implementation::load_pending() {
    if (!more_pending)
        return {};
    constexpr std::size_t chunk = 512;
    std::set<std::int64_t> in_memory;
    for (const inbox::record& record : pending)
        in_memory.insert(record.id);
    TRIBUTARY_TRY_ASSIGN(ids, inbox::pending(*session, chunk + in_memory.size()));
    std::erase_if(ids, [&](std::int64_t id) { return in_memory.contains(id); });
    more_pending = ids.size() >= chunk;
    if (ids.empty())
        return {};
    std::vector<inbox::record> taken;
    const auto done = transact([&]() -> result<void> {
        TRIBUTARY_TRY_ASSIGN(records, take(ids));
        taken = std::move(records);
        return {};
    });
    std::move(taken.begin(), taken.end(), std::back_inserter(pending));
    return done;
}

result<std::vector<inbox::record>> engine::implementation::take(const std::vector<std::int64_t>& ids) {
    std::vector<inbox::record> taken;
    for (const std::int64_t id : ids) {
        TRIBUTARY_TRY_ASSIGN(record, inbox::find(*session, id));
        if (record.interrupted >= options.interrupted_max) {
            TRIBUTARY_TRY(fail(record, std::to_string(record.interrupted) +
                                           " attempts ended the process, or asked for more time"));
            continue;
        }
        const bool alone = record.interrupted > 0;
        if (!alone || taken.empty()) {
            TRIBUTARY_TRY(inbox::count_interrupted(*session, id));
            taken.push_back(std::move(record));
        }
        if (alone) {
            more_pending = true;
            break;
        }
    }
    return taken;
}

} // namespace tributary
