#include "simulation/simulation.hpp"

#include <algorithm>

namespace tributary::test {

namespace {

constexpr time_ms second_ms = 1000;
constexpr time_ms minute_ms = 60 * second_ms;

bool is_2xx(const result<http::response>& answer) {
    return answer && answer->status / 100 == 2;
}

} // namespace

void simulation::step() {
    ++sums_.steps;
    move_clock();
    let_things_happen();
    if (random_.percent(death_percent_))
        plan_death();
    for (std::size_t batches = 1 + random_.below(2); batches > 0 && !database_->is_dead(); --batches) {
        std::vector<attempt> batch;
        collect_letters(batch, 1 + random_.below(2));
        if (random_.one_in(3))
            collect_answers(batch);
        if (!database_->is_dead())
            run(std::move(batch));
    }
    if (!database_->is_dead() && random_.one_in(2))
        settle_or_rebuild();
    while (database_->is_dead()) {
        start_again();
        if (random_.one_in(2)) // What was left finds its way without another delivery.
            settle_or_rebuild();
    }
    check();
}

void simulation::move_clock() {
    time_ms& now = world_.time.now;
    switch (random_.below(8)) {
    case 0: now += static_cast<time_ms>(random_.below(30)) * second_ms; break;
    case 1: now += static_cast<time_ms>(random_.below(60)) * minute_ms; break;
    case 2: now += static_cast<time_ms>(random_.below(12)) * hour_ms; break;
    case 3:
    case 4: {
        // Just before the next wake time, and exactly then.
        const time_ms wake =
            disk_.number("SELECT MIN(wake_at) FROM derivation WHERE wake_at > " + std::to_string(now));
        if (wake > 0)
            now = random_.one_in(3) ? wake - 1 : wake;
        break;
    }
    case 5:
        if (clock_slips_)
            now -= static_cast<time_ms>(random_.below(120)) * minute_ms;
        break;
    default: break;
    }
    latest_ = std::max(latest_, now);
}

void simulation::let_things_happen() {
    const time_ms now = world_.time.now;
    for (std::size_t index = 0; index < accounts_.size(); ++index) {
        if (!random_.one_in(3))
            continue;
        const auto told = accounts_[index].tell(random_, now);
        for (std::size_t at = 0; at < endpoints_.size(); ++at) {
            endpoint& to = endpoints_[at];
            if (to.account_index() != index)
                continue;
            told_.emplace_back(at, to.letters().size());
            to.post(told, now);
            ledger_.tell(to.connection(), *told);
        }
    }
    for (people& one : people_)
        if (random_.one_in(5))
            one.act(random_, now);
}

void simulation::plan_death() {
    const auto when = random_.one_in(2) ? dying_database::moment::before : dying_database::moment::after;
    const auto with = random_.one_in(4) ? storage::storage_errc::full : storage::storage_errc::io;
    if (random_.one_in(3))
        database_->die_at_commit(when, with);
    else
        database_->die_in(1 + random_.below(random_.one_in(2) ? 40 : 200), when, with);
}

void simulation::collect_letters(std::vector<attempt>& into, std::size_t limit) {
    for (endpoint& one : endpoints_)
        for (const std::size_t index : one.send(random_, weather_, world_.time.now, limit)) {
            if (random_.percent(weather_.lost_percent))
                continue;
            into.emplace_back();
            into.back().from = &one;
            into.back().index = index;
            into.back().mutilated = random_.percent(weather_.mutilated_percent);
        }
    for (people& one : people_)
        for (const std::size_t index : one.send(random_, limit)) {
            if (random_.percent(weather_.lost_percent))
                continue;
            into.emplace_back();
            into.back().of = &one;
            into.back().index = index;
        }
    if (weather_.reordered)
        random_.shuffle(into);
}

void simulation::collect_answers(std::vector<attempt>& into) {
    auto wanted = world_.engine().due_wants();
    if (!wanted) {
        if (!database_->is_dead())
            throw broken_promise("promise 4: due_wants: " + wanted.error().text());
        return;
    }
    for (inbox::want& one : *wanted) {
        if (random_.percent(weather_.lost_percent))
            continue;
        into.emplace_back();
        into.back().asked = std::move(one);
    }
}

job simulation::make_job(attempt& one) {
    if (one.of != nullptr)
        return people::make_job(world_, one.of->in(), one.of->errands()[one.index]);
    if (one.asked) {
        result<http::response> answer = account::answer(*one.asked);
        // Not too often: what is never answered is given up, as it should be.
        if (one.asked->attempts < 4 && random_.percent(weather_.lost_percent))
            answer = random_.one_in(2)
                         ? result<http::response>(http::response{503, {}, {}})
                         : result<http::response>(failure(storage::storage_errc::busy, "reset"));
        return {wanted_answer{*one.asked, std::move(answer)}, {}};
    }
    delivery raw = world_.make_delivery(one.from->connection(), one.from->letters()[one.index].what->body);
    if (one.mutilated)
        raw.body[random_.below(raw.body.size())] ^= 1;
    return world_.delivery_job(std::move(raw));
}

void simulation::run(std::vector<attempt> batch) {
    bool too_early = false;
    std::vector<job> jobs;
    for (attempt& one : batch) {
        jobs.push_back(make_job(one));
        jobs.back().done = [&](result<http::response> answer) {
            ++one.answers;
            too_early = too_early || (is_2xx(answer) && database_->in_transaction());
            one.answer = std::move(answer);
        };
    }
    sums_.attempts += batch.size();
    const auto stored = world_.engine().run(std::move(jobs));
    if (!stored && !database_->is_dead())
        throw broken_promise("promise 4: nobody died, and a batch failed: " + stored.error().text());
    if (stored && database_->is_dead())
        throw broken_promise("promise 4: the storage failed, and the batch went on");
    for (attempt& one : batch) {
        check_answer(one, stored.has_value());
        hear(one);
    }
    if (too_early)
        throw broken_promise("promise 1: a 2xx was given before the commit");
}

void simulation::check_answer(const attempt& one, bool stored) {
    if (one.answers != 1)
        throw broken_promise("promise 5: a caller got " + std::to_string(one.answers) + " answers");
    if (!stored) {
        if (*one.answer)
            throw broken_promise("promise 1: the batch was lost, and somebody got an answer of it");
        return;
    }
    if (!*one.answer)
        throw broken_promise("promise 1: a stored job was answered " + one.answer->error().text());
    const int status = (*one.answer)->status;
    const auto is_expected = [&] {
        if (one.mutilated)
            return status / 100 == 4;
        if (one.of == nullptr)
            return status / 100 == 2;
        // A call may be repeated, or find that its user is somebody else's history.
        const bool is_misfit = one.of->errands()[one.index].is_misfit;
        return status == 404 || (!is_misfit && (status / 100 == 2 || status == 409));
    };
    if (!is_expected())
        throw broken_promise("promise 5: somebody was answered " + std::to_string(status) + " " +
                             (*one.answer)->body);
}

/// From now on what was answered must be there. Whether the other side has heard of it is another matter.
void simulation::hear(attempt& one) {
    if (!*one.answer || one.mutilated || one.asked)
        return;
    const bool heard = !random_.percent(weather_.unheard_percent);
    if (one.from != nullptr) {
        ledger_.acknowledge(one.from->connection(), *one.from->letters()[one.index].what);
        if (heard)
            one.from->heard(one.index);
        return;
    }
    const people::errand& what = one.of->errands()[one.index];
    const bool refused = (*one.answer)->status == 404;
    if (!refused)
        ledger_.acknowledge(one.of->in(), what);
    else if (heard)
        ledger_.refused.insert({one.of->in(), what.key});
    if (heard)
        one.of->heard(one.index, refused);
}

void simulation::settle_or_rebuild() {
    const bool rebuilds = random_.one_in(25);
    // A process finds its own work without being told that there may be some; wake times come with a tick.
    const bool ticks = rebuilds || random_.one_in(2);
    result<void> done;
    if (rebuilds) { // In the middle of other work, which must not be swallowed by it.
        auto rebuilt = random_.one_in(2) ? world_.engine().rebuild() : world_.engine().rebuild_from_inbox();
        if (!rebuilt)
            done = rebuilt.error();
        ++sums_.rebuilds;
    }
    if (done)
        done = ticks ? world_.engine().settle() : work_off();
    if (!done && !database_->is_dead())
        throw broken_promise("promise 4: nobody died, and the work failed: " + done.error().text());
    if (done && database_->is_dead())
        throw broken_promise("promise 4: the storage failed, and the work went on");
    if (!done)
        return;
    check_settled(disk_, ticks ? world_.time.now : 0);
    messages_.check(disk_);
    messages_.check_complete(disk_);
}

result<void> simulation::work_off() {
    while (world_.engine().has_work())
        TRIBUTARY_TRY(world_.engine().run({}));
    return {};
}

/// A new process on what is on the disk. It may die too, while it starts.
void simulation::start_again() {
    for (int deaths_left = 3;; --deaths_left) {
        ++sums_.deaths;
        database_->revive();
        if (deaths_left > 0 && random_.one_in(4))
            database_->die_in(1 + random_.below(60), dying_database::moment::before);
        try {
            world_.restart();
            return;
        } catch (const boost::system::system_error& failed) {
            if (!database_->is_dead())
                throw broken_promise(std::string("promise 4: it does not start again: ") + failed.what());
        }
    }
}

void simulation::check() {
    check_inbox(disk_, ledger_);
    check_clicks_and_registers(disk_, ledger_);
    check_money(disk_);
    check_sums(disk_);
    messages_.check(disk_);
}

} // namespace tributary::test
