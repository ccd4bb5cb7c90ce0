// Goal: what a call wrote it reads, what it refuses leaves no trace, and clicks find the histories that name
// them.
#include <tributary/engine/engine.hpp>

#include <boost/test/unit_test.hpp>

#include <plugins/toy/toy_message.hpp>

#include "support/engine_fixture.hpp"

using namespace tributary;
using namespace tributary::test;

namespace {

constexpr std::string_view subjects =
    "SELECT COALESCE(user_id, '-'), payments, net_minor, clicks FROM toyfold_subject "
    "WHERE workspace_id = $1 AND environment = $2 ORDER BY user_id";

struct fixture {
    engine_world world;
    space in = world.new_workspace();

    void check(std::string_view sql, std::string_view expected) {
        BOOST_TEST(world.query(in, sql) == expected);
    }
    std::string payment(std::string_view id, std::int64_t minor) {
        return toy::payment("x", id, start_ms, minor).line("user", "u").text();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(write_routes, fixture)

BOOST_AUTO_TEST_CASE(what_one_writes_one_reads) {
    const http::response first = world.call(in, 1, payment("p1", 500));
    BOOST_TEST(first.status == 200);
    BOOST_TEST(first.body.find("payments=1\nnet=500\n") == 0u);
    const http::response second = world.call(in, 1, payment("p2", 30));
    BOOST_TEST(second.body.find("payments=2\nnet=530\n") == 0u);
    BOOST_TEST(world.totals(in, "u").body == second.body);
    BOOST_TEST(world.totals(in, "nobody").status == 404);
}

BOOST_AUTO_TEST_CASE(a_refused_call_leaves_no_trace) {
    const std::string before = world.dump(in);
    BOOST_TEST(world.call(in, 1, "kind=payment\n").status == 400); // No id.
    BOOST_TEST(world.call(in, 1, "kind=lead\nid=p\n").status == 400);
    BOOST_TEST(world.call(in, 0, "key=USD\nvalue=20000\n").status == 400);
    BOOST_TEST(world.dump(in) == before);
    BOOST_TEST(world.number(in, "SELECT COUNT(*) FROM inbox WHERE workspace_id = $1 AND environment = $2") ==
               0);
}

BOOST_AUTO_TEST_CASE(what_was_written_before_a_refusal_is_taken_back) {
    // The fact is stored and folded before the route looks for totals that are not there: a user id that is a
    // conflict.
    world.deliver(in, toy::payment("e0", "p1", start_ms, 500).line("user", "first").text());
    const std::string before = world.dump(in);
    const std::string messages = world.dump_messages(in);
    const http::response refused = world.call(
        in, 1, toy::payment("x", "p1", start_ms + 1, 9).line("realm", "toy:a").line("user", "second").text());
    BOOST_TEST(refused.status == 404);
    BOOST_TEST(world.dump(in) == before);
    BOOST_TEST(world.dump_messages(in) == messages);
    world.settle();
    BOOST_TEST(world.dump(in) == before);
}

BOOST_AUTO_TEST_CASE(an_idempotency_key_works_once) {
    BOOST_TEST(world.call(in, 1, payment("p1", 500), "key").status == 200);
    BOOST_TEST(world.call(in, 1, payment("p2", 500), "key").status == 409);
    BOOST_TEST(world.call(in, 1, payment("p1", 500), "key").status == 409);
    check(subjects, "u|1|500|");
    BOOST_TEST(world.call(world.new_workspace(), 1, payment("p1", 500), "key").status == 200);
}

BOOST_AUTO_TEST_CASE(a_refused_call_does_not_use_up_its_key) {
    BOOST_TEST(world.call(in, 1, "kind=lead\nid=p\n", "key").status == 400);
    BOOST_TEST(world.call(in, 1, payment("p1", 500), "key").status == 200);
}

BOOST_AUTO_TEST_CASE(calls_and_deliveries_of_one_batch_do_not_hurt_each_other) {
    std::vector<job> batch;
    batch.push_back(world.delivery_job(world.make_delivery(
        engine_world::connection_of(in), toy::payment("e1", "p1", start_ms, 5).line("user", "u").text())));
    world.run(std::move(batch));
    BOOST_TEST(world.call(in, 0, "key=USD\nvalue=20000\n").status ==
               400); // In the transaction that folds the payment.
    check(subjects, "u|1|5|");
}

BOOST_AUTO_TEST_CASE(a_call_survives_a_rebuild_from_the_inbox) {
    world.call(in, 1, payment("p1", 500), "key");
    const std::string before = world.dump(in);
    must(world.engine().rebuild_from_inbox());
    BOOST_TEST(world.dump(in) == before);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(recorded_clicks, fixture)

BOOST_AUTO_TEST_CASE(a_click_that_comes_after_the_fact_lands_in_its_history) {
    world.deliver(in, toy::payment("e1", "p1", start_ms, 5).line("user", "u").line("click", "k1").text());
    check(subjects, "u|1|5|");
    world.record_click(in, "k1", "link_a", start_ms - hour_ms);
    check(subjects, "u|1|5|link_a");
    const space other = world.new_workspace();
    world.record_click(other, "k1", "link_a", start_ms - hour_ms);
    world.deliver(other, toy::payment("e1", "p1", start_ms, 5).line("user", "u").line("click", "k1").text());
    const auto without_clicks = [&](space where) {
        return world.query(
            where,
            "SELECT measure, dimension, value FROM rollup WHERE workspace_id = $1 AND environment = $2 "
            "ORDER BY 1, 2");
    };
    BOOST_TEST(without_clicks(other) == without_clicks(in));
    BOOST_TEST(world.dump(other) == world.dump(in));
}

BOOST_AUTO_TEST_CASE(one_click_may_belong_to_several_histories) {
    world.record_click(in, "k1", "link_a", start_ms);
    for (const std::string_view user : {"u1", "u2"})
        world.deliver(in, toy::identity("i" + std::string(user), "c" + std::string(user), user, start_ms)
                              .line("click", "k1")
                              .text());
    check(subjects, "u1|0|0|link_a\nu2|0|0|link_a");
}

BOOST_AUTO_TEST_CASE(the_same_visitor_in_the_same_hour_counts_once) {
    const std::string key = "workspace key";
    const time_ms hour = start_ms / hour_ms * hour_ms;
    const std::string id = clicks::make_click_id(key, "link", "visitor", hour);
    BOOST_TEST(id.size() == 16u);
    BOOST_TEST(clicks::make_click_id(key, "link", "visitor", hour + hour_ms - 1) == id);
    BOOST_TEST(clicks::make_click_id(key, "link", "visitor", hour + hour_ms) != id);
    BOOST_TEST(clicks::make_click_id(key, "link", "another", hour) != id);
    BOOST_TEST(clicks::make_click_id(key, "other", "visitor", hour) != id);
    BOOST_TEST(clicks::make_click_id("another key", "link", "visitor", hour) != id);
    for (int times = 0; times < 3; ++times)
        world.record_click(in, id, "link", start_ms);
    world.record_click(in, clicks::make_click_id(key, "link", "visitor", start_ms + hour_ms), "link",
                       start_ms + hour_ms);
    BOOST_TEST(
        world.query(
            in, "SELECT dimension, SUM(value) FROM rollup WHERE workspace_id = $1 AND environment = $2 AND "
                "measure = 'clicks' GROUP BY dimension") == "link|2");
}

BOOST_AUTO_TEST_CASE(clicks_of_one_batch_count_as_clicks_of_many) {
    std::vector<job> batch;
    for (int index = 0; index < 5; ++index)
        batch.push_back(world.step_job(in, {{},
                                            clicks::click{in, "k" + std::to_string(index % 3), start_ms,
                                                          "link", R"({"link_id":"link"})"}}));
    world.run(std::move(batch));
    BOOST_TEST(world.query(in, "SELECT value FROM rollup WHERE workspace_id = $1 AND environment = $2") ==
               "3");
}

BOOST_AUTO_TEST_CASE(a_named_click_outlives_its_month) {
    world.record_click(in, "k1", "link_a", start_ms);
    world.deliver(in, toy::payment("e1", "p1", start_ms, 5).line("user", "u").line("click", "k1").text());
    const std::string before = world.dump(in);
    must(world.engine().session().execute_script("DROP TABLE click_202311; DELETE FROM click_month"));
    must(world.engine().rebuild());
    BOOST_TEST(world.dump(in) == before);
    const auto subject = must(find_row(world.engine().session(), world.plugins(), in, "p1"));
    BOOST_REQUIRE(subject.has_value());
    BOOST_TEST(must(world.engine().show(subject->second)).facts.size() == 2u);
}

BOOST_AUTO_TEST_CASE(clicks_of_two_months_are_found) {
    world.record_click(in, "k1", "link_a", start_ms);
    world.record_click(in, "k2", "link_b", start_ms + 40 * day_ms);
    world.deliver(in, toy::identity("e1", "c", "u", start_ms).line("click", "k1").text());
    world.deliver(in, toy::identity("e2", "c", "u", start_ms).line("click", "k2").text());
    check(subjects, "u|0|0|link_a,link_b");
}

BOOST_AUTO_TEST_SUITE_END()
