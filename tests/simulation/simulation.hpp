#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "simulation/check_disk.hpp"
#include "simulation/check_messages.hpp"
#include "simulation/dice.hpp"
#include "simulation/dying_database.hpp"
#include "simulation/people.hpp"
#include "simulation/provider_model.hpp"
#include "support/engine_fixture.hpp"

namespace tributary::test {

struct simulation_counts {
    std::uint64_t worlds = 0;
    std::uint64_t steps = 0;
    std::uint64_t attempts = 0; ///< deliveries, clicks, calls and answers that reached the engine
    std::uint64_t deaths = 0;
    std::uint64_t comparisons = 0;
    std::uint64_t rebuilds = 0;
};

/// One world from its beginning: everything in it follows from the seed. Throws broken_promise.
class simulation {
  public:
    simulation(std::uint64_t seed, simulation_counts& sums);

    /// Steps until the world is compared with a quiet one.
    std::size_t steps_to_calm() { return 10 + random_.below(50); }
    /// Is it worth going on after that?
    bool goes_on() { return random_.one_in(2); }

    /// Something happens, something arrives, something breaks; then the promises are checked.
    void step();
    /// The network and the process hold until everything has arrived; then the rows must be those of a world
    /// in which nothing ever went wrong, and a rebuild must give them again.
    void calm_down();

  private:
    /// Something that reaches the engine: a letter of an endpoint, an errand of somebody, an answer.
    struct attempt {
        endpoint* from = nullptr;
        people* of = nullptr;
        std::size_t index = 0; ///< of the letter or errand
        std::optional<inbox::want> asked;
        bool mutilated = false;
        int answers = 0;
        std::optional<result<http::response>> answer;
    };

    world_options options();
    void furnish(engine_world& world) const;
    void draw_layout();
    void draw_weather();

    void move_clock();
    void let_things_happen();
    void plan_death();
    void collect_letters(std::vector<attempt>& into, std::size_t limit);
    void collect_answers(std::vector<attempt>& into);
    job make_job(attempt& one);
    void run(std::vector<attempt> batch);
    void check_answer(const attempt& one, bool stored);
    void hear(attempt& one);
    void settle_or_rebuild();
    result<void> work_off();
    void start_again();
    void check();

    void let_everything_arrive();
    void compare(const std::vector<std::string>& expected, const std::string& after_what);
    std::vector<std::string> quiet_dumps() const;
    std::vector<std::string> dumps(engine_world& world) const;
    void rebuild_and_compare(const std::vector<std::string>& expected);

    dice random_;
    simulation_counts& sums_;
    weather weather_;
    std::size_t death_percent_ = 0;
    bool clock_slips_ = false;
    time_ms latest_ = start_ms; ///< The clock has been here.

    std::int64_t workspaces_ = 1;
    std::vector<account> accounts_;
    std::vector<endpoint> endpoints_;
    std::vector<people> people_;
    /// Letters in the order in which they were told: endpoint and index.
    std::vector<std::pair<std::size_t, std::size_t>> told_;

    dying_database* database_ = nullptr; ///< of world_
    engine_world world_;
    disk_reader disk_;
    ledger ledger_;
    message_log messages_;
};

} // namespace tributary::test
