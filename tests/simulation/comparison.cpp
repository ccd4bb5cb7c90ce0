#include <algorithm>
#include <array>
#include <set>

#include "simulation/simulation.hpp"

// The end of a history: everything arrives, and the world is compared with a quiet one.

namespace tributary::test {

namespace {

/// What only one of two texts says, line by line.
std::string difference(const std::string& got, const std::string& expected) {
    const auto lines_of = [](const std::string& text) {
        std::multiset<std::string> lines;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            lines.insert(text.substr(at, end - at));
            at = end + 1;
        }
        return lines;
    };
    const auto before = lines_of(expected);
    const auto after = lines_of(got);
    std::string shown;
    const auto show = [&](const auto& from, const auto& without, const char* sign) {
        std::vector<std::string> rest;
        std::set_difference(from.begin(), from.end(), without.begin(), without.end(),
                            std::back_inserter(rest));
        for (const std::string& line : rest)
            shown += sign + line + "\n";
    };
    show(after, before, "got      ");
    show(before, after, "expected ");
    return shown;
}

/// Answers what plugins have asked for until nothing is asked any more.
void answer_everything(engine_world& world) {
    while (true) {
        auto wanted = must(world.engine().due_wants());
        if (wanted.empty())
            return;
        std::vector<job> batch;
        for (inbox::want& one : wanted) {
            http::response answer = account::answer(one);
            batch.push_back({wanted_answer{std::move(one), std::move(answer)}, {}});
        }
        world.run(std::move(batch));
        world.settle();
    }
}

} // namespace

void simulation::calm_down() {
    let_everything_arrive();
    check();
    check_settled(disk_, world_.time.now);
    messages_.check_complete(disk_);
    if (world_.log.errors.contains("subject_damaged"))
        throw broken_promise("promise 4: a subject was damaged");
    const std::vector<std::string> expected = quiet_dumps();
    compare(expected, "everything arrived");
    rebuild_and_compare(expected);
    ++sums_.comparisons;
    draw_weather();
}

/// No more losses. What the providers and people still want to say is heard within their patience.
void simulation::let_everything_arrive() {
    database_->live_on();
    weather_ = {};
    world_.time.now = std::max(world_.time.now, latest_);
    constexpr int rounds_max = 1000; // Each acknowledges something; no history of a run is as long.
    for (int round = 0; round < rounds_max; ++round) {
        std::vector<attempt> batch;
        collect_letters(batch, 8);
        collect_answers(batch);
        if (!batch.empty()) {
            run(std::move(batch));
            continue;
        }
        must(world_.engine().settle());
        time_ms next = disk_.number("SELECT MIN(next_at) FROM want WHERE state = 0");
        for (const endpoint& one : endpoints_)
            if (const auto at = one.next_attempt())
                next = next < 0 ? *at : std::min(next, *at);
        if (next < 0) {
            latest_ = world_.time.now;
            return;
        }
        constexpr time_ms asked_again_after_ms = 60'000; // What was handed out and never answered.
        world_.time.now = next > world_.time.now ? next : world_.time.now + asked_again_after_ms;
    }
    throw broken_promise("promise 4: not everything is acknowledged at last");
}

/// Everything that was told, in the order in which it was told, each once and with nothing in its way.
std::vector<std::string> simulation::quiet_dumps() const {
    engine_world quiet;
    furnish(quiet);
    quiet.time.now = world_.time.now;
    const auto run_one = [&](job made) {
        std::vector<job> batch;
        batch.push_back(std::move(made));
        quiet.run(std::move(batch));
    };
    // Rates and clicks first: nothing has to be folded again because of them.
    for (const bool payments : {false, true})
        for (const people& one : people_)
            for (const people::errand& what : one.errands())
                if ((what.what == people::deed::payment) == payments && !what.refused)
                    run_one(people::make_job(quiet, one.in(), what));
    for (const auto& [from, index] : told_) {
        const endpoint& one = endpoints_[from];
        run_one(quiet.delivery_job(quiet.make_delivery(one.connection(), one.letters()[index].what->body)));
    }
    quiet.settle();
    answer_everything(quiet);
    return dumps(quiet);
}

std::vector<std::string> simulation::dumps(engine_world& world) const {
    std::vector<std::string> made;
    for (const people& one : people_)
        made.push_back(world.dump(one.in()) +
                       world.query(one.in(),
                                   "SELECT 'rate', key, effective_from, value FROM toyfold_rate WHERE "
                                   "workspace_id = $1 AND environment = $2 ORDER BY 2, 3"));
    return made;
}

// Promise 2: any order, any duplication: the same final rows, to the byte. Whatever died and was lost in
// between (promise 4).
void simulation::compare(const std::vector<std::string>& expected, const std::string& after_what) {
    const std::vector<std::string> got = dumps(world_);
    for (std::size_t index = 0; index < got.size(); ++index)
        if (got[index] != expected[index])
            throw broken_promise("promise 2: after " + after_what + " the rows of workspace " +
                                 std::to_string(people_[index].in().workspace) + "/" +
                                 std::to_string(people_[index].in().environment) + " differ:\n" +
                                 difference(got[index], expected[index]));
}

/// A rebuild gives the same rows and sends nothing; one that dies leaves what was there, or the same.
void simulation::rebuild_and_compare(const std::vector<std::string>& expected) {
    const std::size_t told = messages_.size();
    const bool from_inbox = random_.one_in(2);
    const auto rebuild = [&] {
        return from_inbox ? world_.engine().rebuild_from_inbox() : world_.engine().rebuild();
    };
    if (random_.one_in(2)) {
        database_->die_in(1 + random_.below(1000), dying_database::moment::before);
        static_cast<void>(rebuild());
        database_->live_on();
        if (database_->is_dead())
            start_again();
        database_->live_on();
        check();
        must(world_.engine().settle());
        compare(expected, "a rebuild that died");
    }
    must(rebuild());
    ++sums_.rebuilds;
    must(world_.engine().settle());
    check();
    compare(expected, from_inbox ? "a rebuild from the inbox" : "a rebuild");
    if (messages_.size() != told)
        throw broken_promise("promise 2: a rebuild has sent messages");
}

} // namespace tributary::test
