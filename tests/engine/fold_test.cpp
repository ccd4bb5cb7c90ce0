// Goal: rows, sums and messages follow from the histories, at the right moment, and one subject's trouble is
// its own.
#include <tributary/engine/engine.hpp>
#include <tributary/identity/identity.hpp>

#include <boost/test/unit_test.hpp>

#include <plugins/toy/toy_message.hpp>

#include "engine/odd_plugin.hpp"
#include "identity/partition.hpp"
#include "support/engine_fixture.hpp"

using namespace tributary;
using namespace tributary::test;

namespace {

constexpr std::string_view payments = "SELECT row_id, net_minor, share_minor FROM toyfold_payment WHERE "
                                      "workspace_id = $1 AND environment = $2 ORDER BY row_id";
constexpr std::string_view subjects =
    "SELECT COALESCE(user_id, '-'), payments, net_minor, clicks FROM toyfold_subject "
    "WHERE workspace_id = $1 AND environment = $2 ORDER BY user_id";
constexpr std::string_view lapsed =
    "SELECT lapsed FROM toyfold_subscription WHERE workspace_id = $1 AND environment = $2 ORDER BY row_id";
constexpr std::string_view failures =
    "SELECT COUNT(*) FROM derivation WHERE workspace_id = $1 AND environment = $2 AND "
    "failure IS NOT NULL";

toy::item_text subscription(std::string_view event, std::string_view id, time_ms at, time_ms end) {
    return toy::item_text("subscription", event, id)
        .line("time", at)
        .line("status", "active")
        .line("period_end", end);
}
toy::item_text customer(std::string_view event, std::string_view id, time_ms at) {
    return toy::item_text("customer", event, id).line("time", at);
}

struct fixture {
    engine_world world;
    space in = world.new_workspace();
    std::string connection = engine_world::connection_of(in);

    void check(std::string_view sql, std::string_view expected) {
        BOOST_TEST(world.query(in, sql) == expected);
    }
    std::uint64_t folds() const { return world.counters.of("tributary_folds_total"); }
    subject_key subject_of_user(std::string_view user) const {
        return {in, identity::subject_id_of("x:user:" + std::string(user), {})};
    }
};

/// Sums of the measures that the toy's rows stand for, computed from the rows.
std::string sums_from_rows(engine_world& world, space in) {
    // A payment's day is that of its fact; the dimension is the subject's first link.
    return world.query(in, R"(
SELECT measure, dimension, currency, day, SUM(value) FROM (
    SELECT 'toy.net' AS measure, CASE WHEN instr(s.clicks, ',') > 0 THEN substr(s.clicks, 1, instr(s.clicks, ',') - 1)
               ELSE s.clicks END AS dimension, p.currency AS currency, f.day AS day, p.net_minor AS value
    FROM toyfold_payment p JOIN toyfold_subject s ON s.workspace_id = $1 AND s.environment = $2 AND s.subject_id = p.subject_id
    JOIN (SELECT document_id, MIN(occurred_at) / 86400000 AS day FROM fact
          WHERE workspace_id = $1 AND environment = $2 AND kind = 7 GROUP BY document_id) f ON f.document_id = p.row_id
    WHERE p.workspace_id = $1 AND p.environment = $2 AND p.status = 2
    UNION ALL
    SELECT 'toy.payments', CASE WHEN instr(s.clicks, ',') > 0 THEN substr(s.clicks, 1, instr(s.clicks, ',') - 1)
               ELSE s.clicks END, '', f.day, 1
    FROM toyfold_payment p JOIN toyfold_subject s ON s.workspace_id = $1 AND s.environment = $2 AND s.subject_id = p.subject_id
    JOIN (SELECT document_id, MIN(occurred_at) / 86400000 AS day FROM fact
          WHERE workspace_id = $1 AND environment = $2 AND kind = 7 GROUP BY document_id) f ON f.document_id = p.row_id
    WHERE p.workspace_id = $1 AND p.environment = $2 AND p.status = 2)
GROUP BY measure, dimension, currency, day HAVING SUM(value) <> 0 ORDER BY 1, 2, 3, 4)");
}
constexpr std::string_view sums =
    "SELECT measure, dimension, currency, day, value FROM rollup WHERE workspace_id = $1 AND "
    "environment = $2 AND measure <> 'clicks' ORDER BY 1, 2, 3, 4";

} // namespace

BOOST_FIXTURE_TEST_SUITE(histories, fixture)

BOOST_AUTO_TEST_CASE(a_late_login_joins_what_it_names_and_the_history_is_folded_again) {
    world.deliver(in, toy::payment("e1", "p1", start_ms, 500).line("customer", "c").text());
    check(subjects, "-|1|500|");
    world.deliver(in, toy::payment("e2", "p2", start_ms, 700).line("user", "u").text());
    world.deliver(in, toy::identity("e3", "c", "u", start_ms + day_ms).text());
    check(subjects, "u|2|1200|");
    BOOST_TEST(world.dump_messages(in).find("|1|") == std::string::npos); // The payments are what they were.
}

BOOST_AUTO_TEST_CASE(a_refund_waits_for_its_payment) {
    world.deliver(in, toy::refund("e1", "r1", "p1", start_ms + 1, 200).text());
    world.deliver(in, toy::payment("e2", "p1", start_ms, 500).line("user", "u").text());
    check(payments, "p1|300|0");
}

BOOST_AUTO_TEST_CASE(workspaces_and_environments_never_mix) {
    const space other = world.new_workspace();
    world.where.add("sandbox", {in.workspace, TRB_SANDBOX});
    world.deliver(in, toy::payment("e1", "p1", start_ms, 1).line("user", "u").text());
    world.deliver(other, toy::payment("e1", "p1", start_ms, 2).line("user", "u").text());
    world.deliver("sandbox", toy::payment("e1", "p1", start_ms, 3).line("user", "u").text());
    check(subjects, "u|1|1|");
    BOOST_TEST(world.query(other, subjects) == "u|1|2|");
    BOOST_TEST(world.query({in.workspace, TRB_SANDBOX}, subjects) == "u|1|3|");
}

BOOST_AUTO_TEST_CASE(history_before_the_connection_is_historic) {
    world.where.connections.find(connection)->second.notify_from = start_ms;
    world.deliver(in, toy::payment("e1", "p1", start_ms - 1, 1).text());
    world.deliver(in, toy::payment("e2", "p2", start_ms, 1).text());
    BOOST_TEST(world.query(in, "SELECT row_id, historic FROM toyfold_payment WHERE workspace_id = $1 AND "
                               "environment = $2 ORDER BY row_id") == "p1|1\np2|0");
}

BOOST_AUTO_TEST_CASE(a_person_can_see_why) {
    world.deliver(in, toy::payment("e1", "p1", start_ms, 500).line("user", "u").text());
    world.deliver(in, toy::refund("e2", "r1", "p1", start_ms + 1, 200).text());
    const auto shown = must(world.engine().show(subject_of_user("u")));
    BOOST_REQUIRE(shown.facts.size() == 2u);
    BOOST_TEST(shown.facts[0].id == "p1");
    BOOST_TEST(shown.facts[0].kind == "payment");
    BOOST_TEST(shown.facts[0].inbox_ids.size() == 1u);
    BOOST_TEST(shown.facts[0].claims.size() == 1u);
    BOOST_TEST(shown.facts[1].parents.size() == 1u);
    BOOST_TEST(shown.rows.size() == 2u);
    BOOST_REQUIRE(!shown.trace.empty());
    BOOST_TEST(shown.trace[0].table == "toyfold_payment");
    BOOST_TEST(shown.trace[0].label == "cash");
    BOOST_TEST(shown.trace[0].value == "500");
    const auto found = must(find_row(world.engine().session(), world.plugins(), in, "p1"));
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(found->first == "toyfold_payment");
    BOOST_CHECK(found->second == subject_of_user("u"));
    BOOST_TEST(!must(find_row(world.engine().session(), world.plugins(), in, "nothing")).has_value());
    BOOST_TEST(world.engine().show(subject_of_user("nobody")).has_error());
}

BOOST_AUTO_TEST_CASE(sums_equal_what_the_rows_add_up_to) {
    for (int index = 0; index < 12; ++index) {
        const std::string number = std::to_string(index);
        world.deliver(in,
                      toy::payment("e" + number, "p" + number, start_ms + index * hour_ms * 5, 100 + index)
                          .line("customer", "c" + std::to_string(index % 4))
                          .line("click", "k" + std::to_string(index % 3))
                          .text());
        if (index % 3 == 0)
            world.deliver(in, toy::refund("f" + number, "r" + number, "p" + number,
                                          start_ms + index * hour_ms * 5, 50 + index * 10)
                                  .text());
    }
    BOOST_TEST(world.query(in, sums) == sums_from_rows(world, in));
    world.record_click(in, "k1", "link", start_ms);
    world.deliver(in, toy::identity("j1", "c0", "u", start_ms).text());
    world.deliver(in, toy::identity("j2", "c1", "u", start_ms).text());
    BOOST_TEST(world.query(in, sums) == sums_from_rows(world, in));
}

BOOST_AUTO_TEST_CASE(a_sum_that_is_zero_again_leaves_nothing_whichever_way_it_went) {
    // A negative part first: a subject whose measure is below zero does not exist in the toy, so a sum of two
    // is moved.
    world.deliver(in, toy::payment("e1", "p1", start_ms, 500).line("customer", "c").text());
    world.deliver(in, toy::refund("e2", "r1", "p1", start_ms, 500).text());
    BOOST_TEST(
        world.query(
            in, "SELECT COUNT(*) FROM rollup WHERE workspace_id = $1 AND environment = $2 AND value = 0") ==
        "0");
    must(world.engine().session().begin());
    for (const std::int64_t value : {-5, 5})
        must(projections::add_rollup(world.engine().session(), in, "m", "", "", start_ms, value));
    must(world.engine().session().commit());
    BOOST_TEST(
        world.query(
            in, "SELECT COUNT(*) FROM rollup WHERE workspace_id = $1 AND environment = $2 AND value = 0") ==
        "0");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(lookups, fixture)

BOOST_AUTO_TEST_CASE(a_changed_rate_folds_again_those_who_read_it_up_to_then) {
    world.deliver(in, toy::payment("e1", "old", start_ms, 1000).line("customer", "a").text());
    world.deliver(in, toy::payment("e2", "young", start_ms + 10, 1000).line("customer", "b").text());
    world.deliver(in, toy::item_text("payment", "e3", "zeuro")
                          .line("time", start_ms + 10)
                          .line("status", "succeeded")
                          .money("amount", 1000, "EUR")
                          .text());
    check(payments, "old|1000|0\nyoung|1000|0\nzeuro|1000|0");
    std::uint64_t before = folds();
    world.set_rate(in, "USD", 1000, start_ms + 10);
    check(payments, "old|1000|0\nyoung|1000|100\nzeuro|1000|0");
    BOOST_TEST(folds() - before == 1u);
    before = folds();
    world.set_rate(in, "USD", 2000, start_ms + 11); // Nobody's payment is that young.
    BOOST_TEST(folds() - before == 0u);
    world.set_rate(in, "USD", 500, 0);
    check(payments, "old|1000|50\nyoung|1000|100\nzeuro|1000|0");
}

BOOST_AUTO_TEST_CASE(a_subject_that_reads_no_more_is_forgotten_as_a_reader) {
    world.deliver(in, toy::payment("e1", "p1", start_ms, 1000).line("customer", "a").text());
    BOOST_TEST(
        world.number(in, "SELECT COUNT(*) FROM lookup_reader WHERE workspace_id = $1 AND environment = $2") ==
        1);
    world.deliver(
        in, toy::item_text("payment", "e2", "p1").line("time", start_ms + 1).line("status", "failed").text());
    BOOST_TEST(
        world.number(in, "SELECT COUNT(*) FROM lookup_reader WHERE workspace_id = $1 AND environment = $2") ==
        0);
}

BOOST_AUTO_TEST_CASE(a_rate_of_another_workspace_is_none_of_ours) {
    const space other = world.new_workspace();
    world.deliver(in, toy::payment("e1", "p1", start_ms, 1000).text());
    const std::uint64_t before = folds();
    world.set_rate(other, "USD", 1000, 0);
    check(payments, "p1|1000|0");
    BOOST_TEST(folds() == before);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(wake_times, fixture)

BOOST_AUTO_TEST_CASE(a_row_changes_exactly_at_its_wake_time) {
    world.deliver(in, subscription("e1", "s1", start_ms, start_ms + day_ms).line("user", "u").text());
    world.time.now = start_ms + day_ms - 1;
    world.settle();
    check(lapsed, "0");
    world.time.now += 1;
    world.settle();
    check(lapsed, "1");
    BOOST_TEST(world.dump_messages(in).find("toy.lapsed") != std::string::npos);
    const std::uint64_t before = folds();
    world.time.now += 365 * day_ms;
    world.settle();
    BOOST_TEST(folds() == before);
}

BOOST_AUTO_TEST_CASE(now_never_runs_backwards_for_a_subject) {
    world.deliver(in, subscription("e1", "s1", start_ms, start_ms + day_ms).line("user", "u").text());
    world.time.now = start_ms + 2 * day_ms;
    world.settle();
    check(lapsed, "1");
    world.time.now = start_ms;
    world.deliver(in, toy::payment("e2", "p1", start_ms, 1).line("user", "u").text());
    check(lapsed, "1");
    must(world.engine().rebuild());
    check(lapsed, "1");
}

BOOST_AUTO_TEST_CASE(more_wake_times_than_fit_one_transaction_are_all_honoured) {
    engine_world small({.engine = {.fold_chunk = 3}, .next_release = false, .more = {}, .wrap = {}});
    const space there = small.new_workspace();
    for (int index = 0; index < 10; ++index) {
        const std::string number = std::to_string(index);
        small.deliver(there, subscription("e" + number, "s" + number, start_ms, start_ms + 5).text());
    }
    small.time.now += 5;
    small.settle();
    BOOST_TEST(small.number(there, "SELECT SUM(lapsed) FROM toyfold_subscription WHERE workspace_id = $1 AND "
                                   "environment = $2") == 10);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(messages, fixture)

BOOST_AUTO_TEST_CASE(money_is_told_once_and_corrected_once_a_change) {
    world.deliver(in, toy::payment("e1", "p1", start_ms, 500).line("user", "u").text());
    BOOST_TEST(world.dump_messages(in) == "toy.payment|p1|0|" + std::to_string(start_ms) +
                                              R"(|{"payment":"p1","net":500,"currency":"USD"})");
    world.deliver(in, toy::payment("e2", "p2", start_ms, 1).line("user", "u").text());
    world.deliver(in, toy::refund("e3", "r1", "p1", start_ms + 1, 200).text());
    BOOST_TEST(
        world.number(in, "SELECT COUNT(*) FROM message WHERE workspace_id = $1 AND environment = $2") == 3);
    BOOST_TEST(world.dump_messages(in).find(R"(p1|1|)") != std::string::npos);
    world.deliver(in, toy::identity("e4", "c", "u", start_ms).text()); // Changes no amount.
    world.settle();
    BOOST_TEST(
        world.number(in, "SELECT COUNT(*) FROM message WHERE workspace_id = $1 AND environment = $2") == 3);
}

BOOST_AUTO_TEST_CASE(what_is_not_money_is_never_corrected_and_a_merge_tells_nothing_twice) {
    world.deliver(in, subscription("e1", "s1", start_ms, start_ms + 5).line("customer", "c").text());
    world.deliver(in, toy::payment("e2", "p1", start_ms, 500).line("customer", "c").text());
    world.time.now += 10;
    world.settle();
    const std::string before = world.dump_messages(in);
    world.deliver(in, toy::identity("e3", "c", "u", start_ms).text());
    BOOST_TEST(world.dump_messages(in) == before);
}

BOOST_AUTO_TEST_CASE(rebuilding_and_upgrading_send_nothing) {
    world.deliver(in, toy::payment("e1", "p1", start_ms, 500).line("user", "u").text());
    const std::string before = world.dump_messages(in);
    must(world.engine().rebuild());
    must(world.engine().rebuild_from_inbox());
    BOOST_TEST(world.dump_messages(in) == before);
    world.restart(true);
    BOOST_TEST(must(world.engine().upgrade_projections()) == 1u);
    check(payments, "p1|450|0");
    BOOST_TEST(world.dump_messages(in) == before);
    world.settle();
    BOOST_TEST(world.dump_messages(in) == before);
}

BOOST_AUTO_TEST_CASE(what_is_due_at_a_rebuild_or_an_upgrade_is_told_all_the_same) {
    const auto told = [&](std::string_view key) {
        return world.dump_messages(in).find(std::string(key) + "@") != std::string::npos;
    };
    world.deliver(in, subscription("e1", "s1", start_ms, start_ms + day_ms).line("user", "u").text());
    world.deliver(in, subscription("e2", "s2", start_ms, start_ms + 3 * day_ms).line("user", "v").text());
    world.time.now = start_ms + 2 * day_ms;
    must(world.engine().rebuild());
    BOOST_TEST(told("s1"));
    world.time.now = start_ms + 4 * day_ms;
    world.restart(true);
    must(world.engine().upgrade_projections());
    BOOST_TEST(!told("s2")); // An upgrade sends nothing itself.
    world.settle();
    BOOST_TEST(told("s2"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(trouble, fixture)

BOOST_AUTO_TEST_CASE(a_failed_fold_leaves_the_rows_and_harms_nobody_else) {
    world.deliver(in, toy::payment("e1", "p1", start_ms, 500).line("customer", "c").text());
    std::vector<job> batch;
    for (const toy::item_text& item :
         {customer("e2", "d1", start_ms).line("customer", "c").line("meta.poison", "1"),
          toy::payment("e3", "p2", start_ms, 900).line("customer", "c"),
          toy::payment("e4", "p3", start_ms, 100).line("customer", "other")})
        batch.push_back(world.delivery_job(world.make_delivery(connection, item.text())));
    world.run(std::move(batch));
    world.settle();
    check(payments, "p1|500|0\np3|100|0");
    BOOST_TEST(world.number(in, failures) == 1);
    world.deliver(in,
                  customer("e5", "d1", start_ms + 1).line("customer", "c").line("meta.poison", "0").text());
    check(payments, "p1|500|0\np2|900|0\np3|100|0");
    BOOST_TEST(world.number(in, failures) == 0);
}

BOOST_AUTO_TEST_CASE(a_failed_fold_is_tried_again_on_its_own) {
    world.deliver(in, customer("e1", "d1", start_ms).line("meta.poison", "1").text());
    const std::uint64_t before = folds();
    world.time.now += hour_ms;
    world.settle();
    BOOST_TEST(folds() == before + 1);
    world.settle();
    BOOST_TEST(folds() == before + 1);
}

BOOST_AUTO_TEST_CASE(a_poisoned_subject_does_not_stop_an_upgrade) {
    world.deliver(in, toy::payment("e1", "p1", start_ms, 500).line("customer", "c").text());
    world.deliver(in, customer("e2", "d1", start_ms).line("customer", "c").line("meta.poison", "1").text());
    world.deliver(in, toy::payment("e3", "p2", start_ms, 1000).text());
    world.restart(true);
    BOOST_TEST(must(world.engine().upgrade_projections()) >= 1u); // ... and comes back.
    check(payments, "p1|500|0\np2|900|0");
    world.deliver(in,
                  customer("e4", "d1", start_ms + 1).line("customer", "c").line("meta.poison", "0").text());
    check(payments, "p1|450|0\np2|900|0");
}

BOOST_AUTO_TEST_CASE(a_reload_gives_what_the_next_release_gives_from_the_beginning_and_tells_nothing_old) {
    world_options later;
    later.next_release = true;
    engine_world fresh(later);
    const space there = fresh.new_workspace();
    must(world.engine().upgrade_projections());
    for (int index = 0; index < 700; ++index) { // More than one chunk.
        const std::string name = std::to_string(index);
        const std::string body = toy::payment("e" + name, "p" + name, start_ms + index, 100 + index).text();
        world.deliver(in, body);
        fresh.deliver(there, body);
    }
    const std::string told = world.dump_messages(in);
    world.reload_projection(true);
    // One is folded live before its turn has come.
    const std::string late = toy::payment("late", "p0", start_ms + 1000, 999).text();
    world.deliver(in, late);
    fresh.deliver(there, late);
    world.settle();
    BOOST_TEST(world.dump(in) == fresh.dump(there));
    BOOST_TEST(world.dump_messages(in).starts_with(told.substr(0, told.find('\n'))));
    BOOST_TEST(must(world.engine().upgrade_projections()) == 0u);
}

BOOST_AUTO_TEST_CASE(what_comes_in_before_its_subject_is_upgraded_is_told_and_what_was_known_is_not) {
    constexpr int users = 20;
    constexpr std::string_view to_send =
        "SELECT COUNT(*) FROM message WHERE workspace_id = $1 AND environment = $2 AND state = 0";
    world_options slow;
    slow.engine.fold_chunk = 1;
    engine_world many(slow);
    const space there = many.new_workspace();
    const auto payment_of = [](int user, const std::string& id, std::int64_t amount) {
        return toy::payment("evt_" + id, id, start_ms + user, amount)
            .line("user", "u" + std::to_string(user))
            .text();
    };
    for (int user = 0; user < users; ++user)
        many.deliver(there, payment_of(user, "old" + std::to_string(user), 1000));
    BOOST_TEST(many.number(there, to_send) == users);
    many.time.now += hour_ms;
    many.reload_projection(true);
    std::vector<job> batch;
    for (int user = 0; user < users; ++user)
        batch.push_back(many.delivery_job(many.make_delivery(
            engine_world::connection_of(there), payment_of(user, "new" + std::to_string(user), 500))));
    many.run(std::move(batch));
    many.settle();
    BOOST_TEST(many.number(there,
                           "SELECT COUNT(*) FROM derivation WHERE workspace_id = $1 AND environment = $2 "
                           "AND fold_version = 2") == users);
    // Each new payment, and none of the old ones again.
    BOOST_TEST(many.number(there, to_send) == 2 * users);
}

BOOST_AUTO_TEST_CASE(an_upgrade_that_quarantine_interrupts_goes_on_later_and_tells_nothing_old) {
    const auto to_send = [&] {
        return world.number(
            in, "SELECT COUNT(*) FROM message WHERE workspace_id = $1 AND environment = $2 AND state = 0");
    };
    for (int user = 0; user < 5; ++user)
        world.deliver(in, toy::payment("e" + std::to_string(user), "p" + std::to_string(user), start_ms, 1000)
                              .line("user", "u" + std::to_string(user))
                              .text());
    BOOST_TEST(to_send() == 5);
    world.reload_projection(true);
    world.plugins().find("toyfold")->put_in_quarantine("fold took too long");
    world.settle();
    BOOST_TEST(world.number(in, failures) == 0);
    world.reload_projection(true);
    world.settle();
    BOOST_TEST(world.number(in,
                            "SELECT COUNT(*) FROM derivation WHERE workspace_id = $1 AND environment = $2 "
                            "AND fold_version = 2") == 5);
    BOOST_TEST(to_send() == 5);
}

BOOST_AUTO_TEST_CASE(an_upgrade_waits_for_a_process_that_is_down_and_tells_nothing_old) {
    world.restart_with({odd_plugin()});
    must(world.engine().upgrade_projections());
    world.deliver(in, toy::payment("e1", "p1", start_ms, 1000).line("user", "u").text());
    constexpr std::string_view outdated =
        "SELECT COUNT(*) FROM derivation WHERE workspace_id = $1 AND environment = $2 AND projection = 'odd' "
        "AND fold_version = 1 AND failure IS NULL";
    BOOST_TEST(world.number(in, outdated) == 1);
    world.restart_with({odd_plugin(true)});
    must(world.engine().upgrade_projections());
    world.settle();
    BOOST_TEST(world.number(in, outdated) == 1);
    // What is new in the meantime is a failure, to be told when the process is there again.
    world.deliver(in, toy::payment("e2", "p2", start_ms, 1000).line("user", "u").text());
    BOOST_TEST(world.number(in, failures) == 1);
}

BOOST_AUTO_TEST_CASE(what_a_call_books_before_its_subject_is_upgraded_is_told) {
    constexpr int users = 5;
    constexpr std::string_view to_send =
        "SELECT COUNT(*) FROM message WHERE workspace_id = $1 AND environment = $2 AND state = 0";
    world_options slow;
    slow.engine.fold_chunk = 1;
    engine_world many(slow);
    const space there = many.new_workspace();
    for (int user = 0; user < users; ++user)
        many.deliver(there,
                     toy::payment("e" + std::to_string(user), "p" + std::to_string(user), start_ms, 1000)
                         .line("user", "u" + std::to_string(user))
                         .text());
    BOOST_TEST(many.number(there, to_send) == users);
    many.reload_projection(true);
    std::vector<job> batch;
    for (int user = 0; user < users; ++user)
        batch.push_back(many.call_job(
            there, 1,
            toy::payment("c" + std::to_string(user), "called" + std::to_string(user), start_ms, 700)
                .line("user", "u" + std::to_string(user))
                .text()));
    many.run(std::move(batch));
    many.settle();
    BOOST_TEST(many.number(there, to_send) == 2 * users);
}

BOOST_AUTO_TEST_CASE(an_upgrade_gives_what_the_next_release_gives_from_the_beginning) {
    const std::vector<std::string> bodies{
        toy::payment("e1", "p1", start_ms, 500).line("customer", "c").text(),
        toy::refund("e2", "r1", "p1", start_ms + 1, 120).text(),
        subscription("e3", "s1", start_ms, start_ms + day_ms).line("customer", "c").text(),
        toy::identity("e4", "c", "u", start_ms).text(),
    };
    engine_world fresh({.engine = {}, .next_release = true, .more = {}, .wrap = {}});
    const space there = fresh.new_workspace();
    for (const std::string& body : bodies) {
        world.deliver(in, body);
        fresh.deliver(there, body);
    }
    world.restart(true);
    BOOST_TEST(world.dump(in) != fresh.dump(there));
    must(world.engine().upgrade_projections());
    BOOST_TEST(world.dump(in) == fresh.dump(there));
    BOOST_TEST(must(world.engine().upgrade_projections()) == 0u);
}

BOOST_AUTO_TEST_CASE(a_projection_that_is_new_folds_everybody_once) {
    world.deliver(in, toy::payment("e1", "p1", start_ms, 500).text());
    world.deliver(in, toy::payment("e2", "p2", start_ms, 500).text());
    world.restart_with({odd_plugin()});
    BOOST_TEST(must(world.engine().upgrade_projections()) == 2u);
    BOOST_TEST(world.number(
                   in, "SELECT SUM(facts) FROM odd_count WHERE workspace_id = $1 AND environment = $2") == 2);
    BOOST_TEST(must(world.engine().upgrade_projections()) == 0u);
    world.restart();
    BOOST_TEST(must(world.engine().upgrade_projections()) == 0u);
    const std::string before = world.dump(in);
    must(world.engine().rebuild());
    BOOST_TEST(world.dump(in) == before);
    BOOST_TEST(must(world.engine().upgrade_projections()) == 0u);
}

BOOST_AUTO_TEST_CASE(a_plugin_that_breaks_a_rule_fails_alone_and_recovers) {
    world.restart_with({odd_plugin()});
    time_ms at = start_ms;
    for (const std::string_view oddity : {"row", "message", "measure", "reserved", "cell", "constraint"}) {
        BOOST_TEST_CONTEXT(oddity) {
            const std::string event(oddity);
            world.deliver(in, customer(event, "d1", ++at).line("user", "u").line("meta.odd", oddity).text());
            BOOST_TEST(world.number(in, failures) == 1);
            check(subjects, "u|0|0|"); // The toy's rows are there all the same.
            world.deliver(
                in, customer("fine" + event, "d1", ++at).line("user", "u").line("meta.odd", "no").text());
            BOOST_TEST(world.number(in, failures) == 0);
            BOOST_TEST(world.number(
                           in, "SELECT facts FROM odd_count WHERE workspace_id = $1 AND environment = $2") ==
                       1);
        }
    }
    BOOST_TEST(world.log.errors.contains("subject_damaged") == false);
}

BOOST_AUTO_TEST_CASE(a_call_whose_rows_are_refused_is_refused) {
    world.restart_with({odd_plugin()});
    world.deliver(in, customer("e1", "d1", start_ms).line("user", "u").line("meta.odd", "constraint").text());
    const std::string before = world.dump(in);
    const http::response got =
        world.call(in, 1, toy::payment("x", "p1", start_ms, 5).line("user", "u").text());
    BOOST_TEST(got.status == 500);
    BOOST_TEST(world.dump(in) == before);
    world.deliver(in, toy::payment("e2", "p2", start_ms, 7).line("user", "v").text());
    check(payments, "p2|7|0");
}

BOOST_AUTO_TEST_CASE(a_history_that_cannot_be_read_stops_nobody_else) {
    world.deliver(in, toy::payment("e1", "p1", start_ms, 500).line("user", "u").text());
    must(world.engine().session().execute_script("UPDATE fact SET content = 'torn'"));
    std::vector<job> batch;
    for (const toy::item_text& item :
         {toy::payment("e2", "p2", start_ms, 900).line("user", "u"), toy::identity("e3", "c", "u", start_ms),
          toy::payment("e4", "p3", start_ms, 100).line("user", "v")})
        batch.push_back(world.delivery_job(world.make_delivery(connection, item.text())));
    world.run(std::move(batch));
    world.settle();
    check(payments, "p1|500|0\np3|100|0");
    BOOST_TEST(world.log.errors.contains("subject_damaged"));
    BOOST_TEST(world.number(in, failures) == 1);
    // The inbox has it all: what was torn is made anew from there.
    must(world.engine().rebuild_from_inbox());
    check(payments, "p1|500|0\np2|900|0\np3|100|0");
    BOOST_TEST(world.number(in, failures) == 0);
}

BOOST_AUTO_TEST_CASE(a_history_that_cannot_be_read_does_not_stop_an_upgrade) {
    world.deliver(in, toy::payment("e1", "p1", start_ms, 500).line("user", "u").text());
    world.deliver(in, toy::payment("e2", "p2", start_ms, 1000).line("user", "v").text());
    must(
        world.engine().session().execute_script("UPDATE fact SET content = 'torn' WHERE document_id = 'p1'"));
    world.restart(true);
    must(world.engine().upgrade_projections()); // ... and comes back.
    check(payments, "p1|500|0\np2|900|0");
}

BOOST_AUTO_TEST_CASE(what_a_failed_fold_could_not_tell_is_told_by_the_release_that_can) {
    world.deliver(in, customer("e1", "d1", start_ms).line("user", "u").line("meta.poison", "1").text());
    world.deliver(in, toy::payment("e2", "p1", start_ms, 500).line("user", "u").text());
    BOOST_TEST(world.dump_messages(in).empty());
    world.deliver(in, customer("e3", "d1", start_ms + 1).line("user", "u").line("meta.poison", "0").text());
    BOOST_TEST(world.dump_messages(in).find("p1") != std::string::npos);
    world.deliver(in, customer("e4", "d1", start_ms + 2).line("user", "u").line("meta.poison", "1").text());
    world.deliver(in, toy::payment("e5", "p2", start_ms, 500).line("user", "u").text());
    must(world.engine().session().execute_script(
        "DELETE FROM fact WHERE kind = 2")); // As if the new release did not mind.
    world.restart(true);
    must(world.engine().upgrade_projections());
    BOOST_TEST(world.dump_messages(in).find("p2") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_projection_that_was_away_forgets_who_was_joined_to_another) {
    world.deliver(in, toy::payment("e1", "p1", start_ms, 500).line("customer", "c").text());
    world.deliver(in, toy::payment("e2", "p2", start_ms, 500).line("user", "u").text());
    world.restart_with({odd_plugin()});
    must(world.engine().upgrade_projections());
    constexpr std::string_view counted =
        "SELECT COUNT(*) FROM odd_count WHERE workspace_id = $1 AND environment = $2";
    BOOST_TEST(world.number(in, counted) == 2);
    world.restart_with({});
    must(world.engine().upgrade_projections());
    world.deliver(in, toy::identity("e3", "c", "u", start_ms).text());
    world.restart_with({odd_plugin()});
    must(world.engine().upgrade_projections());
    BOOST_TEST(world.number(in, counted) == 1);
    BOOST_TEST(world.number(
                   in, "SELECT SUM(facts) FROM odd_count WHERE workspace_id = $1 AND environment = $2") == 3);
}

BOOST_AUTO_TEST_CASE(a_wake_time_in_the_past_does_not_keep_the_engine_busy) {
    world.restart_with({odd_plugin()});
    world.deliver(in, customer("e1", "d1", start_ms).line("meta.odd", "past").text());
    const std::uint64_t before = folds();
    world.settle();
    world.settle();
    BOOST_TEST(folds() - before <= 2u);
    BOOST_TEST(!world.engine().has_work());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(rebuilds, fixture)

BOOST_AUTO_TEST_CASE(from_the_facts_and_from_the_inbox_everything_comes_back_to_the_byte) {
    world.set_rate(in, "USD", 1500, 0);
    world.deliver(in,
                  toy::payment("e1", "p1", start_ms, 500).line("customer", "c").line("click", "k1").text());
    world.deliver(in, toy::refund("e2", "r1", "p1", start_ms + 1, 120).text());
    world.deliver(in, subscription("e3", "s1", start_ms, start_ms + day_ms).line("customer", "c").text());
    world.deliver(in,
                  toy::payment("e4", "p2", start_ms, 100).line("user", "u1").line("customer", "c2").text());
    world.deliver(in,
                  toy::payment("e5", "p3", start_ms, 100).line("user", "u2").line("customer", "c2").text());
    world.record_click(in, "k1", "link", start_ms - 1);
    world.call(in, 1, toy::payment("x", "p4", start_ms, 50).line("user", "u2").text(), "key 1");
    must(world.engine().never_join(in, identity::shared_key("toy:a", "customer", "c"),
                                   identity::shared_key("toy:a", "id", "r1")));
    world.time.now += 2 * day_ms;
    world.settle();
    const std::string before = world.dump(in);
    BOOST_TEST(before.find("claim_conflict") != std::string::npos);
    BOOST_TEST(must(world.engine().rebuild()).subjects >= 4u);
    BOOST_TEST(world.dump(in) == before);
    const rebuild_report report = must(world.engine().rebuild_from_inbox());
    BOOST_TEST(report.records == 6u);
    BOOST_TEST(report.failed_records == 0u);
    BOOST_TEST(world.dump(in) == before);
    world.settle();
    BOOST_TEST(world.dump(in) == before);
}

BOOST_AUTO_TEST_CASE(without_a_provider_its_facts_are_not_thrown_away) {
    world.deliver(in, toy::payment("e1", "p1", start_ms, 500).text());
    const std::string before = world.dump(in);
    world.where.connections.find(connection)->second.provider = "absent";
    const auto refused = world.engine().rebuild_from_inbox();
    BOOST_REQUIRE(refused.has_error());
    BOOST_CHECK(refused.error().code == engine_errc::provider_not_loaded);
    BOOST_TEST(world.dump(in) == before);
}

BOOST_AUTO_TEST_CASE(what_is_read_for_the_first_time_may_ask) {
    std::vector<job> batch;
    batch.push_back(
        world.delivery_job(world.make_delivery(connection, toy::item_text()
                                                               .line("event", "e1")
                                                               .line("kind", "fetch")
                                                               .line("url", "https://api.toy.test/x")
                                                               .line("purpose", "get:p1")
                                                               .text())));
    world.run(std::move(batch));
    world.where.connections.find(connection)->second.provider = "absent";
    world.settle();
    BOOST_TEST(must(world.engine().due_wants()).empty());
    world.where.connections.find(connection)->second.provider = "toy";
    must(world.engine().rebuild_from_inbox());
    BOOST_TEST(must(world.engine().due_wants()).size() == 1u);
}

BOOST_AUTO_TEST_CASE(failed_records_are_counted) {
    world.deliver(in, toy::item_text().line("event", "e1").line("kind", "fail").text());
    BOOST_TEST(must(world.engine().rebuild_from_inbox()).failed_records == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
