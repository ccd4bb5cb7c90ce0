#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "app/cli/story.hpp"

using namespace tributary::app::cli;

namespace {

std::vector<told_delivery> twenty() {
    std::vector<told_delivery> all(20);
    for (std::size_t index = 0; index < all.size(); ++index)
        all[index].name = std::to_string(index);
    return all;
}

std::string order(const std::vector<told_delivery>& of) {
    std::string names;
    for (const told_delivery& each : of)
        names += each.name + " ";
    return names;
}

} // namespace

BOOST_AUTO_TEST_SUITE(disturbances)

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_order_and_another_seed_another) {
    auto first = twenty(), second = twenty(), third = twenty();
    disturb(first, false, true, 7);
    disturb(second, false, true, 7);
    disturb(third, false, true, 8);
    BOOST_TEST(order(first) == order(second));
    BOOST_TEST(order(first) != order(third));
    BOOST_TEST(order(first) != order(twenty()));
    std::ranges::sort(first, {}, [](const told_delivery& each) { return std::stoi(each.name); });
    BOOST_TEST(order(first) == order(twenty()));
}

BOOST_AUTO_TEST_CASE(duplicates_come_once_more_each) {
    auto all = twenty();
    disturb(all, true, false, 1);
    BOOST_TEST(order(all) == order(twenty()) + order(twenty()));
}

BOOST_AUTO_TEST_SUITE_END()
