#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdlib>
#include <deque>
#include <random>

#include "engine/stories.hpp"
#include "support/faulty_database.hpp"

// A simulation of ten seconds: several providers' deliveries, reordered, repeated, lost and sent again until
// they are acknowledged; the process crashes between any two storage calls, or the storage fails; the clock
// jumps. After every batch each acknowledged delivery is in the inbox exactly once (promises 1 and 4); at the
// end every workspace has the rows of a world in which nothing ever went wrong (promises 2 and 3).
//
// TRIBUTARY_SIMULATION_SEED repeats one run, TRIBUTARY_SIMULATION_SECONDS changes how long it goes on.

namespace tributary::test {
namespace {

using std::chrono::steady_clock;

/// One history and how far its provider has come with it.
struct sender {
    const story* tells = nullptr;
    space in;
    std::deque<std::size_t>
        open; ///< steps that are not acknowledged, in the order in which they will be tried
    std::set<std::size_t> acknowledged;
};

struct counts {
    std::uint64_t runs = 0;
    std::uint64_t batches = 0;
    std::uint64_t deliveries = 0;
    std::uint64_t crashes = 0;
    std::uint64_t failures = 0;
};

/// One run: everything in it follows from the seed.
class simulation {
  public:
    simulation(std::uint32_t seed, const std::vector<story>& all, counts& sums)
        : random_(seed), all_(all), sums_(sums), world_(options()) {
        for (std::size_t index = 0; index < 4; ++index) {
            sender one;
            one.tells = &all_[random_() % all_.size()];
            one.in = world_.new_workspace();
            for (std::size_t step_index = 0; step_index < one.tells->steps.size(); ++step_index)
                one.open.push_back(step_index);
            std::shuffle(one.open.begin(), one.open.end(), random_);
            senders_.push_back(std::move(one));
        }
    }

    void run() {
        while (std::any_of(senders_.begin(), senders_.end(),
                           [](const sender& one) { return !one.open.empty(); })) {
            plan_fault();
            one_batch();
            check_acknowledged();
            world_.time.now += static_cast<time_ms>(random_() % 3) * hour_ms;
        }
        faults_->clear_faults();
        world_.time.now = start_ms + 400 * day_ms; // Later than any wake time of the stories.
        world_.settle();
        compare_with_a_quiet_world();
    }

  private:
    world_options options() {
        world_options made;
        made.wrap = [this](std::unique_ptr<storage::database> inner) {
            auto wrapped = std::make_unique<faulty_database>(std::move(inner));
            faults_ = wrapped.get();
            return wrapped;
        };
        return made;
    }

    void plan_fault() {
        const std::uint64_t call = faults_->calls() + 1 + random_() % 40;
        switch (random_() % 4) {
        case 0: return faults_->crash_at(call, faulty_database::moment::before);
        case 1: return faults_->crash_at(call, faulty_database::moment::after);
        case 2:
            return faults_->fail_at(call, random_() % 2 == 0 ? storage::storage_errc::io
                                                             : storage::storage_errc::full);
        default: return faults_->clear_faults();
        }
    }

    /// Some steps of some senders in one transaction; now and then one that was acknowledged already.
    void one_batch() {
        std::vector<job> batch;
        std::vector<std::pair<sender*, std::size_t>> sent;
        const std::size_t size = 1 + random_() % 5;
        for (std::size_t index = 0; index < size; ++index) {
            sender& one = senders_[random_() % senders_.size()];
            if (one.open.empty())
                continue;
            std::size_t step_index = one.open.front();
            if (!one.acknowledged.empty() && random_() % 4 == 0)
                step_index = *one.acknowledged.begin();
            job made = world_.step_job(one.in, one.tells->steps[step_index]);
            made.done = [this, &one, step_index](result<http::response> answer) {
                if (answer && answer->status / 100 == 2)
                    acknowledge(one, step_index);
            };
            batch.push_back(std::move(made));
            sums_.deliveries += 1;
            one.open.push_back(one.open.front()); // Not acknowledged: tried again after the others.
            one.open.pop_front();
        }
        ++sums_.batches;
        try {
            if (!world_.engine().run(std::move(batch))) {
                ++sums_.failures;
                start_again();
            }
        } catch (const simulated_crash&) {
            ++sums_.crashes;
            start_again();
        }
    }

    static void acknowledge(sender& one, std::size_t step_index) {
        one.acknowledged.insert(step_index);
        std::erase(one.open, step_index);
    }

    /// The process ended; a new one starts on what was committed, without anybody's help.
    void start_again() {
        faults_->restart();
        world_.restart();
    }

    void check_acknowledged() {
        if (faults_->struck())
            faults_->clear_faults();
        for (const sender& one : senders_) {
            std::set<std::string> bodies; // The same telling may stand in a story twice.
            for (const std::size_t index : one.acknowledged)
                if (!one.tells->steps[index].click)
                    bodies.insert(one.tells->steps[index].body);
            for (const std::string& body : bodies) {
                std::int64_t found = 0;
                const storage::value parameters[] = {storage::value(one.in.workspace), storage::blob{body}};
                must(world_.engine().session().query(
                    {"simulation.stored", "SELECT COUNT(*) FROM inbox WHERE workspace_id = $1 AND body = $2"},
                    parameters, [&](const storage::row& from) { found = from.integer(0); }));
                BOOST_REQUIRE_EQUAL(found, 1);
            }
        }
    }

    void compare_with_a_quiet_world() {
        engine_world quiet;
        for (const sender& one : senders_) {
            const space in = quiet.new_workspace();
            for (const step& what : one.tells->steps) {
                std::vector<job> batch;
                batch.push_back(quiet.step_job(in, what));
                quiet.run(std::move(batch));
            }
            quiet.time.now = world_.time.now;
            quiet.settle();
            const std::string expected = quiet.dump(in);
            const std::string got = world_.dump(one.in);
            BOOST_REQUIRE_MESSAGE(got == expected, one.tells->name << ":\n"
                                                                   << got << "instead of\n"
                                                                   << expected);
            quiet.time.now = start_ms;
        }
    }

    std::mt19937 random_;
    const std::vector<story>& all_;
    counts& sums_;
    faulty_database* faults_ = nullptr;
    engine_world world_;
    std::vector<sender> senders_;
};

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_simulation)

BOOST_AUTO_TEST_CASE(ends_with_the_rows_of_a_world_in_which_nothing_went_wrong) {
    const std::uint64_t seconds = from_environment("TRIBUTARY_SIMULATION_SECONDS", 10);
    const std::uint64_t given = from_environment("TRIBUTARY_SIMULATION_SEED", 0);
    std::random_device device;
    const std::vector<story> all = stories();
    counts sums;
    const auto end = steady_clock::now() + std::chrono::seconds(seconds);
    do {
        const std::uint32_t seed = given != 0 ? static_cast<std::uint32_t>(given) : device();
        BOOST_TEST_CONTEXT("repeat with TRIBUTARY_SIMULATION_SEED=" << seed) {
            simulation(seed, all, sums).run();
        }
        ++sums.runs;
    } while (given == 0 && steady_clock::now() < end);
    BOOST_TEST_MESSAGE(sums.runs << " runs, " << sums.batches << " batches, " << sums.deliveries
                                 << " deliveries, " << sums.crashes << " crashes, " << sums.failures
                                 << " storage failures");
    BOOST_TEST(sums.crashes + sums.failures > 0u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tributary::test
