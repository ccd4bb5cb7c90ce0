// Goal: what a plugin does not know is counted by connection, place, version and word: each record once,
// however often it comes or is read again; what varies without end does not fill the disk.
#include <tributary/inbox/drift.hpp>

#include <boost/test/unit_test.hpp>

#include <plugins/toy/toy_message.hpp>

#include "support/engine_fixture.hpp"

using namespace tributary;
using namespace tributary::test;

namespace {

struct fixture {
    engine_world world;
    space in = world.new_workspace();

    /// A payment whose record holds something unknown.
    std::string body(int number, std::string_view said) const {
        const std::string event = "e" + std::to_string(number);
        return toy::payment(event, "pay_" + std::to_string(number), start_ms, 1000)
            .line("drift", said)
            .text();
    }
    void say(int number, std::string_view said) { world.deliver(in, body(number, said)); }

    /// "path version seen records" of each row.
    std::string rows() {
        return world.query(
            in, "SELECT path, version, seen, records FROM drift WHERE workspace_id = $1 AND $2 > 0 "
                "ORDER BY path, version, seen");
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(drift, fixture)

BOOST_AUTO_TEST_CASE(is_counted_by_place_version_and_word) {
    say(1, "payment.status 2027-01-01 half");
    say(2, "payment.status 2027-01-01 half");
    say(3, "payment.status 2027-02-02 half");
    say(4, "payment.kind - two words");
    BOOST_TEST(rows() == "payment.kind|-|two words|1\npayment.status|2027-01-01|half|2\n"
                         "payment.status|2027-02-02|half|1");
    BOOST_TEST(world.counters.of("tributary_drift_total") == 4u);
    // The rest of the record is booked all the same.
    BOOST_TEST(world.number(
                   in, "SELECT COUNT(*) FROM toyfold_payment WHERE workspace_id = $1 AND environment = $2") ==
               4);
}

BOOST_AUTO_TEST_CASE(a_repeated_delivery_and_a_replay_count_once) {
    say(1, "payment.status 2027-01-01 half");
    say(1, "payment.status 2027-01-01 half");
    const std::int64_t record =
        world.number(in, "SELECT MIN(inbox_id) FROM inbox WHERE workspace_id = $1 AND environment = $2");
    must(world.engine().replay(record));
    world.settle();
    BOOST_TEST(rows() == "payment.status|2027-01-01|half|1");
    BOOST_TEST(world.counters.of("tributary_drift_total") == 1u);
}

BOOST_AUTO_TEST_CASE(a_rebuild_from_the_inbox_counts_anew) {
    say(1, "payment.status 2027-01-01 half");
    say(2, "payment.status 2027-01-01 half");
    must(world.engine().rebuild_from_inbox());
    BOOST_TEST(rows() == "payment.status|2027-01-01|half|2");
    must(world.engine().rebuild());
    BOOST_TEST(rows() == "payment.status|2027-01-01|half|2");
}

BOOST_AUTO_TEST_CASE(says_when_it_was_met_first_and_last_and_where) {
    say(1, "payment.status - half");
    world.time.now += hour_ms;
    say(2, "payment.status - half");
    const auto session = must(world.database().open_reader());
    const auto all = must(inbox::list_drift(*session));
    BOOST_REQUIRE(all.size() == 1u);
    BOOST_TEST(all[0].connection_id == engine_world::connection_of(in));
    BOOST_TEST(all[0].last_at - all[0].first_at == hour_ms);
    BOOST_TEST(all[0].normaliser_version > 0);
    BOOST_TEST(
        all[0].last_record ==
        world.number(in, "SELECT MAX(inbox_id) FROM inbox WHERE workspace_id = $1 AND environment = $2"));
}

BOOST_AUTO_TEST_CASE(what_varies_without_end_is_summed_up) {
    for (int number = 0; number < 510; ++number)
        say(number, "payment.status - word" + std::to_string(number));
    BOOST_TEST(world.number(in, "SELECT COUNT(*) FROM drift WHERE workspace_id = $1 AND $2 > 0") == 501);
    BOOST_TEST(
        world.number(
            in, "SELECT records FROM drift WHERE workspace_id = $1 AND $2 > 0 AND seen = '(others)'") == 10);
}

BOOST_AUTO_TEST_CASE(a_note_of_another_form_is_kept_as_far_as_it_goes) {
    const inbox::drift bare = inbox::parse_drift("payment.status");
    BOOST_TEST(bare.path == "payment.status");
    BOOST_TEST(bare.version == "-");
    BOOST_TEST(bare.seen.empty());
    BOOST_TEST(inbox::parse_drift("").path.empty());
    BOOST_TEST(inbox::parse_drift("a  b c").version == "-"); // Two blanks: there is no version.
    const inbox::drift cut = inbox::parse_drift("p v " + std::string(119, 'x') + "\xc3\xa9");
    BOOST_TEST(cut.seen == std::string(119, 'x')); // Between characters.
}

BOOST_AUTO_TEST_SUITE_END()
