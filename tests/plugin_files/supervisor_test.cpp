// A call that comes back too late is the last one.
#include <boost/test/unit_test.hpp>

#include "plugin_files/fixture.hpp"

using namespace tributary;
using namespace tributary::test;

namespace {

struct supervised : plugin_folder {
    std::int64_t now = 0;
    plugins::plugin_ptr toy;

    supervised() {
        set.supervise(std::make_unique<plugins::supervisor>(
            1000, [this] { return now; }, *log, counters));
        toy = set.load(request(copy("toy"))).value();
    }
    void call(std::int64_t takes) {
        const plugins::timed_call timed(*toy, "verify");
        now += takes;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(deadlines_of_plugins, supervised)

BOOST_AUTO_TEST_CASE(a_call_within_the_deadline_changes_nothing) {
    call(1000);
    BOOST_TEST(!toy->in_quarantine());
    BOOST_TEST(!toy->quarantine().has_value());
}

BOOST_AUTO_TEST_CASE(a_later_one_quarantines_its_plugin_and_says_why) {
    call(1001);
    BOOST_TEST(toy->in_quarantine());
    BOOST_TEST(has_all(toy->quarantine().value(), {"verify took 1001 ms", "plugins.deadline", "1000 ms"}));
    call(5000);
    BOOST_TEST(toy->quarantine()->find("1001") != std::string::npos); // The first reason stays.
}

BOOST_AUTO_TEST_CASE(it_ends_after_a_minute_and_the_next_one_lasts_twice_as_long) {
    call(1001);
    now += 59'000;
    BOOST_TEST(toy->in_quarantine());
    now += 1'000;
    BOOST_TEST(!toy->in_quarantine());
    BOOST_TEST(!toy->quarantine().has_value());
    call(1002);
    BOOST_TEST(toy->quarantine()->find("1002") != std::string::npos);
    now += 119'000;
    BOOST_TEST(toy->in_quarantine());
    now += 1'000;
    BOOST_TEST(!toy->in_quarantine());
    for (int round = 0; round < 20; ++round) { // Never longer than an hour.
        call(1003);
        BOOST_TEST(toy->in_quarantine());
        now += 3'600'000;
        BOOST_TEST(!toy->in_quarantine());
    }
}

BOOST_AUTO_TEST_CASE(the_next_generation_starts_without_it) {
    call(2000);
    set.set_generations(path("generations"));
    const auto next = set.prepare(request(copy("toy"))).value();
    BOOST_TEST(!next->in_quarantine());
}

BOOST_AUTO_TEST_CASE(one_that_does_not_come_back_is_seen_from_outside) {
    const plugins::supervisor& calls = *set.supervised_by();
    BOOST_TEST(calls.longer_than(3000).for_ms == 0);
    const plugins::timed_call first(*toy, "fold");
    now += 2000;
    const plugins::timed_call second(*toy, "verify");
    now += 2000;
    const auto stuck = calls.longer_than(3000);
    BOOST_TEST(stuck.plugin == "toy");
    BOOST_TEST(stuck.what == "fold");
    BOOST_TEST(stuck.for_ms == 4000);
}

BOOST_AUTO_TEST_SUITE_END()
