#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <numeric>
#include <random>

#include "scenario/story_world.hpp"
#include "support/query_plan.hpp"

// A rebuild from the facts and one from the inbox give the rows that are there, to the byte, and send
// nothing. And no statement that all of this prepares reads more than it needs.

namespace tributary::test {
namespace {

/// All stories, each in its own workspace, shuffled.
std::vector<space> tell_all(story_world& world) {
    std::mt19937 random(7);
    std::vector<space> spaces;
    for (const std::string& name : world.stories()) {
        const space in = world.new_workspace();
        const told_story told = world.tell(name, "", in);
        std::vector<std::size_t> order(told.deliveries.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::shuffle(order.begin(), order.end(), random);
        world.deliver(told, order, {});
        spaces.push_back(in);
    }
    return spaces;
}

std::vector<std::string> dumps_of(story_world& world, const std::vector<space>& spaces) {
    std::vector<std::string> dumps;
    for (const space in : spaces)
        dumps.push_back(world.world().dump(in) + world.world().dump_messages(in));
    return dumps;
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_rebuild)

BOOST_AUTO_TEST_CASE(from_the_facts_gives_the_same_rows_and_sends_nothing) {
    story_world world;
    const auto spaces = tell_all(world);
    const auto before = dumps_of(world, spaces);
    const auto report = must(world.world().engine().rebuild());
    BOOST_TEST(report.subjects >= spaces.size());
    BOOST_TEST(dumps_of(world, spaces) == before, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(from_the_inbox_gives_the_same_rows_and_sends_nothing) {
    story_world world;
    const auto spaces = tell_all(world);
    const auto before = dumps_of(world, spaces);
    const auto report = must(world.world().engine().rebuild_from_inbox());
    BOOST_TEST(report.failed_records == 0u);
    BOOST_TEST(report.records > 50u);
    BOOST_TEST(dumps_of(world, spaces) == before, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(after_damage_to_a_row_repairs_it) {
    story_world world;
    const auto spaces = tell_all(world);
    const auto before = dumps_of(world, spaces);
    must(world.world().engine().session().execute_script("UPDATE attribution_commission SET earnings = 1"));
    BOOST_TEST(dumps_of(world, spaces) != before, boost::test_tools::per_element());
    must(world.world().engine().rebuild());
    BOOST_TEST(dumps_of(world, spaces) == before, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(statements_of_stories)

BOOST_AUTO_TEST_CASE(search_by_more_than_the_workspace) {
    story_world world;
    tell_all(world);
    std::set<std::string> sql;
    for (const std::string& one : world.world().prepared)
        if (one.find("test.dump") == std::string::npos && one.find("SELECT 'fact'") == std::string::npos)
            sql.insert(one);
    // Small by nature: marked subjects wait for moments only, months are counted on fingers.
    const auto weak = weak_plans(world.world().engine().session(), sql, {"dirty_subject", "click_month"});
    for (const std::string& one : weak)
        BOOST_ERROR(one);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tributary::test
