// Goal: promises 1 to 4 hold under histories that nobody thought of. Method: several providers' deliveries,
// clicks and calls, lost, repeated, reordered and mutilated on the way, while the process dies between any
// two storage calls and the clock jumps; the promises are checked after every step, and every so often the
// rows are compared with those of a world in which nothing went wrong.
//
// Everything follows from a seed, which is printed. A world takes some hundred steps; then the next begins,
// whose seed is one more.
//
//   TRIBUTARY_SIMULATION_SEED     the first world's seed; fresh in every run when not given
//   TRIBUTARY_SIMULATION_SECONDS  how long to go on (10)
//   TRIBUTARY_SIMULATION_STEPS    how many steps to go instead: then nothing depends on the machine
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <random>

#include "simulation/simulation.hpp"

using namespace tributary::test;

namespace {

using std::chrono::steady_clock;

std::optional<std::uint64_t> from_environment(const char* name) {
    const char* text = std::getenv(name);
    return text == nullptr || *text == '\0' ? std::nullopt
                                            : std::optional<std::uint64_t>(std::strtoull(text, nullptr, 10));
}

/// When to stop: after so many steps, or else after so many seconds.
class budget {
  public:
    bool is_used_up(std::uint64_t steps) const {
        return steps_ ? steps >= *steps_ : steady_clock::now() >= end_;
    }

  private:
    std::optional<std::uint64_t> steps_ = from_environment("TRIBUTARY_SIMULATION_STEPS");
    steady_clock::time_point end_ =
        steady_clock::now() +
        std::chrono::seconds(from_environment("TRIBUTARY_SIMULATION_SECONDS").value_or(10));
};

/// One world until it has calmed down for the last time or the budget is used up.
void run_world(std::uint64_t seed, const budget& until, simulation_counts& sums) {
    simulation world(seed, sums);
    do {
        for (std::size_t left = world.steps_to_calm(); left > 0 && !until.is_used_up(sums.steps); --left)
            world.step();
        world.calm_down();
    } while (!until.is_used_up(sums.steps) && world.goes_on());
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_simulation)

BOOST_AUTO_TEST_CASE(keeps_the_promises_whatever_happens) {
    std::random_device device;
    const std::uint64_t first = from_environment("TRIBUTARY_SIMULATION_SEED").value_or(device());
    std::cout << "seed " << first << "; repeat with TRIBUTARY_SIMULATION_SEED=" << first << std::endl;
    const budget until;
    simulation_counts sums;
    std::uint64_t seed = first;
    while (!until.is_used_up(sums.steps)) {
        const std::uint64_t steps_before = sums.steps;
        try {
            run_world(seed, until, sums);
        } catch (const std::exception& broken) {
            const std::uint64_t step = sums.steps - steps_before;
            BOOST_FAIL("seed " << seed << ", step " << step << ": " << broken.what()
                               << "\nrepeat with TRIBUTARY_SIMULATION_SEED=" << seed
                               << " TRIBUTARY_SIMULATION_STEPS=" << step << " "
                               << boost::unit_test::framework::master_test_suite().argv[0]);
        }
        ++seed;
    }
    std::cout << sums.steps << " steps in " << sums.worlds << " worlds: " << sums.attempts << " attempts, "
              << sums.deaths << " deaths, " << sums.comparisons << " comparisons, " << sums.rebuilds
              << " rebuilds" << std::endl;
    BOOST_TEST(sums.comparisons > 0u);
}

BOOST_AUTO_TEST_SUITE_END()
