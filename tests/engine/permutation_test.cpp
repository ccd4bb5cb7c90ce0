// Goal: any order, any duplication, any split into batches: the same final rows, to the byte (promise 2).
// Method: each story is told in all orders when it is short and in many random ones when it is long, each
// time in a workspace of its own; everything derived must be the same text.
#include <tributary/engine/engine.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <numeric>
#include <plugins/toy/toy_message.hpp>
#include <random>

#include "engine/stories.hpp"
#include "support/engine_fixture.hpp"

using namespace tributary;
using namespace tributary::test;

namespace {

constexpr std::size_t all_orders_up_to = 5; ///< steps; 120 orders
constexpr int random_orders = 60;           ///< of stories that are longer
constexpr int random_splits = 40;           ///< with repetitions and random batches, of every story

struct fixture {
    engine_world world;
    std::mt19937 random{17};

    std::size_t pick(std::size_t below) { return random() % below; }

    /// Tells the steps in this order, in batches of random sizes.
    std::string tell(const std::vector<step>& steps, const std::vector<std::size_t>& order, bool one_by_one) {
        const space in = world.new_workspace();
        std::vector<job> batch;
        for (const std::size_t index : order) {
            batch.push_back(world.step_job(in, steps[index]));
            if (one_by_one || pick(3) == 0) {
                world.run(std::exchange(batch, {}));
                if (pick(2) == 0)
                    world.settle();
            }
        }
        world.run(std::move(batch));
        world.settle();
        return world.dump(in);
    }

    void check_orders(const story& told) {
        std::vector<std::size_t> order(told.steps.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        const std::string expected = tell(told.steps, order, true);
        BOOST_TEST_CONTEXT(told.name) {
            if (order.size() <= all_orders_up_to) {
                while (std::next_permutation(order.begin(), order.end()))
                    BOOST_REQUIRE_EQUAL(tell(told.steps, order, true), expected);
            } else {
                for (int count = 0; count < random_orders; ++count) {
                    std::shuffle(order.begin(), order.end(), random);
                    BOOST_REQUIRE_EQUAL(tell(told.steps, order, true), expected);
                }
            }
            for (int count = 0; count < random_splits; ++count) {
                std::vector<std::size_t> repeated = order;
                for (std::size_t more = pick(4); more > 0; --more)
                    repeated.push_back(pick(told.steps.size()));
                std::shuffle(repeated.begin(), repeated.end(), random);
                BOOST_REQUIRE_EQUAL(tell(told.steps, repeated, false), expected);
            }
        }
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(permutations, fixture)

BOOST_AUTO_TEST_CASE(every_story_ends_the_same_however_it_is_told) {
    for (const story& told : stories())
        check_orders(told);
}

BOOST_AUTO_TEST_CASE(all_stories_in_one_workspace_end_the_same) {
    std::vector<step> steps;
    for (const story& told : stories())
        steps.insert(steps.end(), told.steps.begin(), told.steps.end());
    std::vector<std::size_t> order(steps.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const std::string expected = tell(steps, order, true);
    for (int count = 0; count < random_orders / 4; ++count) {
        std::shuffle(order.begin(), order.end(), random);
        BOOST_REQUIRE_EQUAL(tell(steps, order, count % 2 == 0), expected);
    }
}

BOOST_AUTO_TEST_CASE(a_rebuild_from_the_inbox_ends_the_same) {
    std::vector<std::pair<space, std::string>> told;
    for (const story& one : stories()) {
        std::vector<std::size_t> order(one.steps.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::shuffle(order.begin(), order.end(), random);
        tell(one.steps, order, true);
        const space in{static_cast<std::int64_t>(told.size()) + 1, TRB_LIVE};
        told.emplace_back(in, world.dump(in));
    }
    must(world.engine().rebuild());
    for (const auto& [in, before] : told)
        BOOST_TEST(world.dump(in) == before);
    must(world.engine().rebuild_from_inbox());
    for (const auto& [in, before] : told)
        BOOST_TEST(world.dump(in) == before);
}

BOOST_AUTO_TEST_SUITE_END()
