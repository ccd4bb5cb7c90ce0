// Goal: what was delivered is kept once, byte for byte, with its own verdict; what cannot be verified books
// nothing until somebody vouches for it, and never piles up.
#include <tributary/engine/engine.hpp>
#include <tributary/http/client.hpp>

#include <boost/test/unit_test.hpp>

#include <plugins/toy/toy_message.hpp>

#include "support/engine_fixture.hpp"
#include "support/faulty_database.hpp"

using namespace tributary;
using namespace tributary::test;

namespace {

constexpr std::string_view records =
    "SELECT COUNT(*) FROM inbox WHERE workspace_id = $1 AND environment = $2";
constexpr std::string_view waiting =
    "SELECT COUNT(*) FROM inbox WHERE workspace_id = $1 AND environment = $2 AND state = 1";
constexpr std::string_view states =
    "SELECT state FROM inbox WHERE workspace_id = $1 AND environment = $2 ORDER BY inbox_id";
constexpr std::string_view fact_count =
    "SELECT COUNT(*) FROM fact WHERE workspace_id = $1 AND environment = $2";
constexpr std::string_view payments = "SELECT row_id, cash_minor FROM toyfold_payment WHERE workspace_id = "
                                      "$1 AND environment = $2 ORDER BY row_id";
constexpr std::string_view wants = "SELECT purpose, state, attempts, next_at FROM want WHERE workspace_id = "
                                   "$1 AND environment = $2 ORDER BY purpose";

struct fixture {
    engine_world world;
    space in = world.new_workspace();
    std::string connection = engine_world::connection_of(in);

    delivery unsigned_delivery(std::string body) {
        delivery raw = world.make_delivery(connection, std::move(body));
        raw.headers.clear();
        return raw;
    }
    http::response deliver_unsigned(std::string body) {
        return world.deliver(unsigned_delivery(std::move(body)));
    }
    std::string rows(std::string_view sql) { return world.query(in, sql); }
    void check(std::string_view sql, std::string_view expected) { BOOST_TEST(rows(sql) == expected); }

    /// Takes the one want that is due and hands back this answer.
    inbox::want take_want() {
        auto due = must(world.engine().due_wants());
        BOOST_REQUIRE_EQUAL(due.size(), 1u);
        return due.front();
    }
    void answer(inbox::want asked, result<http::response> with) {
        std::vector<job> batch;
        batch.push_back({wanted_answer{std::move(asked), std::move(with)}, {}});
        world.run(std::move(batch));
        world.settle();
    }
    static http::response ok(std::string body) { return {200, {}, std::move(body)}; }
};

toy::item_text fetching(std::string_view event, std::string_view purpose) {
    return toy::item_text()
        .line("event", event)
        .line("kind", "fetch")
        .line("url", "https://api.toy.test/x")
        .line("purpose", purpose);
}
toy::item_text hint(std::string_view event, std::string_view purpose) {
    return fetching(event, purpose).line("hint", "1");
}
toy::item_text needing(std::string_view event, std::int64_t minor, time_ms at = start_ms) {
    return toy::payment(event, "pay_" + std::string(event), at, minor)
        .line("need", "https://vouch.toy.test/");
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(inbox_of_deliveries, fixture)

BOOST_AUTO_TEST_CASE(the_same_key_with_the_same_bytes_is_dropped) {
    const std::string body = toy::payment("e1", "p1", start_ms, 500).text();
    world.deliver(in, body);
    const std::string once = world.dump(in);
    world.deliver(in, body);
    world.time.now += hour_ms;
    world.deliver(in, body);
    BOOST_TEST(world.number(in, records) == 1);
    BOOST_TEST(world.dump(in) == once);
    check(payments, "p1|500");
}

BOOST_AUTO_TEST_CASE(the_same_key_with_other_bytes_is_stored_and_the_version_decides) {
    const std::string older = toy::payment("e1", "p1", start_ms, 500).line("occurred", 1).text();
    const std::string newer = toy::payment("e1", "p1", start_ms + 1, 700).line("occurred", 1).text();
    world.deliver(in, older);
    world.deliver(in, newer);
    BOOST_TEST(world.number(in, records) == 2);
    check(payments, "p1|700");
    const space other = world.new_workspace();
    world.deliver(other, newer);
    world.deliver(other, older);
    BOOST_TEST(world.dump(other) == world.dump(in));
}

BOOST_AUTO_TEST_CASE(keys_of_two_connections_have_nothing_to_do_with_each_other) {
    world.where.add("second", in, "toy:b");
    world.deliver("second", toy::payment("e1", "p2", start_ms, 1).text());
    world.deliver(in, toy::payment("e1", "p1", start_ms, 1).text());
    check(payments, "p1|1\np2|1");
}

BOOST_AUTO_TEST_CASE(each_item_of_a_delivery_has_its_own_verdict) {
    const auto good = toy::signed_item(toy::payment("e1", "p1", start_ms, 100));
    const auto bad = toy::signed_item(toy::payment("e2", "p2", start_ms, 200), "another secret");
    const auto also_good = toy::signed_item(toy::payment("e3", "p3", start_ms, 300));
    BOOST_TEST(deliver_unsigned(toy::body_of({bad, good, also_good})).status == 200);
    check(payments, "p1|100\np3|300");
    BOOST_TEST(deliver_unsigned(toy::body_of({bad})).status == 401);
    check(payments, "p1|100\np3|300");
}

BOOST_AUTO_TEST_CASE(of_a_delivery_that_repeats_a_part_the_rest_is_kept) {
    const auto first = toy::signed_item(toy::payment("e1", "p1", start_ms, 100));
    const auto second = toy::signed_item(toy::payment("e2", "p2", start_ms, 200));
    const auto third = toy::signed_item(toy::payment("e3", "p3", start_ms, 300));
    deliver_unsigned(toy::body_of({first}));
    deliver_unsigned(toy::body_of({first, second, third}));
    BOOST_TEST(world.number(in, records) == 3);
    check(payments, "p1|100\np2|200\np3|300");
    must(world.engine().rebuild_from_inbox());
    check(payments, "p1|100\np2|200\np3|300");
}

BOOST_AUTO_TEST_CASE(nothing_to_see_is_kept_as_ignored_and_answered) {
    BOOST_TEST(world.deliver(connection, "").status == 200);
    BOOST_TEST(world.number(in, records) == 1);
    BOOST_TEST(world.number(in, fact_count) == 0);
}

BOOST_AUTO_TEST_CASE(the_plugin_may_choose_the_answer) {
    const auto answered = toy::payment("e1", "p1", start_ms, 1).line("answer", "thanks");
    const http::response got = world.deliver(connection, answered.text());
    BOOST_TEST(got.status == 202);
    BOOST_TEST(got.body == "thanks");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_or_is_not_genuine_changes_nothing) {
    BOOST_TEST(world.deliver(connection, "no equals sign").status == 400);
    BOOST_TEST(deliver_unsigned(toy::payment("e1", "p1", start_ms, 1).text()).status == 401);
    BOOST_TEST(world.deliver(connection, toy::item_text().line("kind", "refuse_retry").text()).status == 503);
    BOOST_TEST(world.deliver(connection, toy::item_text().line("kind", "refuse_internal").text()).status ==
               500);
    BOOST_TEST(world.deliver("nobody", "x=1").status == 404);
    BOOST_TEST(world.number(in, records) == 0);
    BOOST_TEST(world.dump(in) == "");
}

BOOST_AUTO_TEST_CASE(a_provider_that_is_not_loaded_is_asked_to_come_again) {
    world.where.connections.find(connection)->second.provider = "absent";
    const http::response got = world.deliver(connection, toy::payment("e1", "p1", start_ms, 1).text());
    BOOST_TEST(got.status == 503);
    BOOST_TEST(!http::find_header(got.headers, "Retry-After").empty());
    BOOST_TEST(world.number(in, records) == 0);
}

BOOST_AUTO_TEST_CASE(refused_deliveries_stay_in_a_bounded_ring_of_their_connection) {
    world.where.add("second", in);
    delivery other = unsigned_delivery(toy::payment("first", "p", start_ms, 1).text());
    other.connection_id = "second";
    world.deliver(std::move(other));
    const std::int64_t kept = engine_options().refused_kept;
    for (std::int64_t index = 0; index < kept + 7; ++index)
        deliver_unsigned(toy::payment("e" + std::to_string(index), "p", start_ms, 1).text());
    const auto ring = must(inbox::list_refusals(world.engine().session(), in.workspace, connection, 2000));
    BOOST_REQUIRE(ring.size() == static_cast<std::size_t>(kept));
    BOOST_TEST(ring.front().body.find("event=e" + std::to_string(kept + 6) + "\n") == 0u);
    BOOST_TEST(ring.back().body.find("event=e7\n") == 0u);
    BOOST_TEST(ring.front().reason == "missing_signature");
    BOOST_TEST(must(inbox::list_refusals(world.engine().session(), in.workspace, "second", 10)).size() == 1u);
}

BOOST_AUTO_TEST_CASE(nobody_is_answered_before_the_commit) {
    faulty_database* faults = nullptr;
    engine_world frail({.engine = {}, .next_release = false, .more = {}, .wrap = [&](auto inner) {
                            auto made = std::make_unique<faulty_database>(std::move(inner));
                            faults = made.get();
                            return made;
                        }});
    const space there = frail.new_workspace();
    const auto body = [](int number) {
        return toy::payment("e" + std::to_string(number), "p", start_ms, 1).text();
    };
    frail.deliver(there, body(0));
    // How many calls does a delivery take, the commit being the last? Then the same with a commit that fails.
    std::vector<job> batch;
    std::uint64_t calls_at_answer = 0;
    batch.push_back(frail.delivery_job(frail.make_delivery(engine_world::connection_of(there), body(1))));
    batch.back().done = [&](const result<http::response>&) { calls_at_answer = faults->calls(); };
    const std::uint64_t before = faults->calls();
    frail.run(std::move(batch));
    const std::uint64_t spent = faults->calls() - before;
    BOOST_TEST(calls_at_answer == faults->calls());
    frail.settle();

    std::vector<result<http::response>> answers;
    batch.clear();
    batch.push_back(frail.delivery_job(frail.make_delivery(engine_world::connection_of(there), body(2))));
    batch.back().done = [&](result<http::response> got) { answers.push_back(std::move(got)); };
    faults->fail_at(faults->calls() + spent, storage::storage_errc::io);
    BOOST_TEST(frail.engine().run(std::move(batch)).has_error());
    BOOST_TEST(faults->struck());
    BOOST_REQUIRE(answers.size() == 1u);
    BOOST_TEST(answers.front().has_error());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(hints, fixture)

BOOST_AUTO_TEST_CASE(a_hint_books_nothing_and_its_answer_does) {
    BOOST_TEST(deliver_unsigned(hint("h1", "get:p1").text()).status == 200);
    BOOST_TEST(world.number(in, fact_count) == 0);
    BOOST_TEST(world.number(in, waiting) == 1);
    BOOST_TEST(world.answer_wants({{"get:p1", ok(toy::payment("x", "p1", start_ms, 900).text())}}) == 1u);
    check(payments, "p1|900");
    BOOST_TEST(world.number(in, waiting) == 0);
    BOOST_TEST(world.answer_wants({}) == 0u);
}

BOOST_AUTO_TEST_CASE(a_fact_in_a_hint_is_refused) {
    deliver_unsigned(toy::payment("h1", "p1", start_ms, 1).line("hint", "1").text());
    BOOST_TEST(world.number(in, fact_count) == 0);
    BOOST_TEST(world.number(in, waiting) == 0);
    check(states, "3");
}

BOOST_AUTO_TEST_CASE(a_second_hint_adds_nothing_while_the_first_is_not_asked_about) {
    deliver_unsigned(hint("h1", "get:p1").text());
    world.time.now += 1;
    deliver_unsigned(hint("h1", "get:p1").text());
    BOOST_TEST(world.number(in, records) == 1);
    std::vector<job> batch; // Nor does it within one batch.
    for (int index = 0; index < 3; ++index)
        batch.push_back(world.delivery_job(unsigned_delivery(hint("h2", "get:p2").text())));
    world.run(std::move(batch));
    world.settle();
    BOOST_TEST(world.number(in, records) == 2);
}

BOOST_AUTO_TEST_CASE(a_hint_after_the_answer_asks_again) {
    for (const std::int64_t minor : {900, 1000}) {
        deliver_unsigned(hint("h1", "get:p1").text());
        const std::string said =
            toy::payment("x", "p1", start_ms + minor, minor).line("occurred", start_ms).text();
        BOOST_TEST(world.answer_wants({{"get:p1", ok(said)}}) == 1u);
        check(payments, "p1|" + std::to_string(minor));
    }
    BOOST_TEST(world.number(in, waiting) == 0);
}

BOOST_AUTO_TEST_CASE(a_hint_that_comes_while_the_request_is_under_way_is_not_lost) {
    deliver_unsigned(hint("h1", "get:p1").text());
    inbox::want under_way = take_want();
    world.time.now += 1;
    deliver_unsigned(hint("h1", "get:p1").text());
    deliver_unsigned(hint("h1", "get:p1").text()); // It says no more than the second.
    answer(std::move(under_way),
           ok(toy::item_text("payment", "x", "p1").line("time", start_ms).line("status", "pending").text()));
    BOOST_TEST(
        world.answer_wants(
            {{"get:p1", ok(toy::payment("x", "p1", start_ms + 1, 950).line("occurred", start_ms).text())}}) ==
        1u);
    check(payments, "p1|950");
    BOOST_TEST(world.number(in, waiting) == 0);
    BOOST_TEST(world.answer_wants({}) == 0u);
}

BOOST_AUTO_TEST_CASE(a_hint_whose_request_another_took_over_does_not_wait_for_ever) {
    deliver_unsigned(hint("h1", "get:p1").text());
    inbox::want under_way = take_want();
    deliver_unsigned(hint("h1", "get:p1").text());
    answer(std::move(under_way), http::response{503, {}, {}});
    world.time.now += hour_ms;
    BOOST_TEST(world.answer_wants({{"get:p1", ok(toy::payment("x", "p1", start_ms, 900).text())}}) == 1u);
    BOOST_TEST(world.number(in, waiting) == 0);
    // The same, and the process ends in between.
    deliver_unsigned(hint("h2", "get:p2").text());
    take_want();
    deliver_unsigned(hint("h2", "get:p2").text());
    world.restart();
    BOOST_TEST(world.answer_wants({{"get:p2", ok(toy::payment("x", "p2", start_ms, 901).text())}}) == 1u);
    BOOST_TEST(world.number(in, waiting) == 0);
    check(payments, "p1|900\np2|901");
}

BOOST_AUTO_TEST_CASE(a_request_is_handed_out_once_until_its_answer_is_late_beyond_all_measure) {
    deliver_unsigned(hint("h1", "get:p1").text());
    take_want();
    BOOST_TEST(must(world.engine().due_wants()).empty());
    world.time.now += 60'000;
    take_want();
}

BOOST_AUTO_TEST_CASE(a_hint_that_wants_nothing_does_not_wait_for_ever) {
    deliver_unsigned(toy::item_text().line("event", "h1").line("kind", "unknown").line("hint", "1").text());
    BOOST_TEST(world.number(in, waiting) == 0);
    check(states, "2");
}

BOOST_AUTO_TEST_CASE(what_the_source_denies_is_rejected) {
    deliver_unsigned(hint("h1", "get:p1").text());
    BOOST_TEST(world.answer_wants({}) == 1u); // 404
    check(states, "4");
    check(wants, "get:p1|3|0|" + std::to_string(start_ms));
}

BOOST_AUTO_TEST_CASE(a_hint_whose_source_never_answers_is_given_up_and_can_be_replayed) {
    deliver_unsigned(hint("h1", "get:p1").text());
    for (std::size_t asked = 1; asked > 0;) {
        world.time.now += day_ms;
        asked = world.answer_wants({{"get:p1", http::response{503, {}, {}}}});
    }
    BOOST_TEST(world.number(in, waiting) == 0);
    check(states, "3");
    must(world.engine().replay(
        world.number(in, "SELECT inbox_id FROM inbox WHERE workspace_id = $1 AND environment = $2")));
    BOOST_TEST(world.answer_wants({{"get:p1", ok(toy::payment("x", "p1", start_ms, 900).text())}}) == 1u);
    check(payments, "p1|900");
}

BOOST_AUTO_TEST_CASE(hints_are_bounded) {
    engine_world small({.engine = {.waiting_max = 3}, .next_release = false, .more = {}, .wrap = {}});
    const space there = small.new_workspace();
    int taken = 0;
    int refused = 0;
    for (int index = 0; index < 10; ++index) {
        delivery raw =
            small.make_delivery(engine_world::connection_of(there),
                                hint("h" + std::to_string(index), "get:" + std::to_string(index)).text());
        raw.headers.clear();
        const int status = small.deliver(std::move(raw)).status;
        taken += status == 200 ? 1 : 0;
        refused += status == 503 ? 1 : 0;
    }
    BOOST_TEST(taken == 3);
    BOOST_TEST(refused == 7);
}

BOOST_AUTO_TEST_CASE(a_rebuild_needs_no_network_for_hints) {
    deliver_unsigned(hint("h1", "get:p1").text());
    world.answer_wants({{"get:p1", ok(toy::payment("x", "p1", start_ms, 900).text())}});
    const std::string before = world.dump(in);
    must(world.engine().rebuild_from_inbox());
    BOOST_TEST(world.dump(in) == before);
    BOOST_TEST(must(world.engine().due_wants()).empty());
    BOOST_TEST(world.number(in, waiting) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(undecided_deliveries, fixture)

BOOST_AUTO_TEST_CASE(nothing_is_booked_until_the_answer_says_yes) {
    BOOST_TEST(deliver_unsigned(needing("e1", 100).text()).status == 200);
    BOOST_TEST(world.number(in, fact_count) == 0);
    BOOST_TEST(world.answer_wants({{"verify:e1", ok("yes")}}) == 1u);
    check(payments, "pay_e1|100");
    BOOST_TEST(world.number(in, waiting) == 0);
    const std::string before = world.dump(in);
    must(world.engine().rebuild_from_inbox());
    BOOST_TEST(world.dump(in) == before);
}

BOOST_AUTO_TEST_CASE(an_answer_that_waits_for_its_plugin_decides_after_a_restart) {
    deliver_unsigned(needing("e1", 100).text());
    world.plugins().find("toy")->put_in_quarantine("verify took too long");
    BOOST_TEST(world.answer_wants({{"verify:e1", ok("yes")}}) == 1u);
    check(payments, "");
    world.restart();
    world.settle();
    check(payments, "pay_e1|100");
    BOOST_TEST(world.number(in, waiting) == 0);
}

BOOST_AUTO_TEST_CASE(an_answer_that_nobody_has_worked_on_decides_after_a_restart) {
    deliver_unsigned(needing("e1", 100).text());
    std::vector<job> batch;
    for (inbox::want& one : must(world.engine().due_wants()))
        batch.push_back({wanted_answer{std::move(one), ok("yes")}, {}});
    BOOST_TEST(batch.size() == 1u);
    world.run(std::move(batch));
    world.restart();
    world.settle();
    check(payments, "pay_e1|100");
}

BOOST_AUTO_TEST_CASE(a_no_rejects_it) {
    deliver_unsigned(needing("e1", 100).text());
    world.answer_wants({{"verify:e1", ok("no")}});
    BOOST_TEST(world.number(in, fact_count) == 0);
    BOOST_TEST(
        world.number(
            in, "SELECT COUNT(*) FROM inbox WHERE workspace_id = $1 AND environment = $2 AND state = 4") ==
        1);
    deliver_unsigned(needing("e2", 100).text());
    world.answer_wants({}); // 404
    BOOST_TEST(world.number(in, fact_count) == 0);
    BOOST_TEST(world.number(in, waiting) == 0);
}

BOOST_AUTO_TEST_CASE(a_repetition_is_asked_about_once_and_booked_once) {
    deliver_unsigned(needing("e1", 100).text());
    deliver_unsigned(needing("e1", 100).text());
    BOOST_TEST(world.number(in, records) == 1);
    world.answer_wants({{"verify:e1", ok("yes")}});
    const std::string once = world.dump(in);
    world.time.now += hour_ms;
    deliver_unsigned(needing("e1", 100).text());
    world.answer_wants({{"verify:e1", ok("yes")}});
    BOOST_TEST(world.dump(in) == once);
    BOOST_TEST(world.number(in, waiting) == 0);
}

BOOST_AUTO_TEST_CASE(two_tellings_that_need_the_same_answer_are_both_decided) {
    deliver_unsigned(needing("e1", 100).text());
    deliver_unsigned(needing("e1", 250, start_ms + 5).text());
    BOOST_TEST(world.number(in, records) == 2);
    world.answer_wants({{"verify:e1", ok("yes")}});
    check(payments, "pay_e1|250");
    BOOST_TEST(world.number(in, waiting) == 0);
}

BOOST_AUTO_TEST_CASE(all_items_of_a_decided_delivery_count) {
    const std::string body =
        toy::body_of({needing("e1", 100), toy::signed_item(toy::payment("e2", "p2", start_ms, 200))});
    deliver_unsigned(body);
    world.answer_wants({{"verify:e1", ok("yes")}});
    check(payments, "p2|200\npay_e1|100");
    must(world.engine().rebuild_from_inbox());
    check(payments, "p2|200\npay_e1|100");
}

BOOST_AUTO_TEST_CASE(they_are_bounded) {
    engine_world small({.engine = {.waiting_max = 3}, .next_release = false, .more = {}, .wrap = {}});
    const space there = small.new_workspace();
    int refused = 0;
    for (int index = 0; index < 10; ++index)
        refused +=
            small.deliver(engine_world::connection_of(there), needing("e" + std::to_string(index), 1).text())
                .status == 503;
    BOOST_TEST(refused == 7);
}

BOOST_AUTO_TEST_CASE(one_whose_source_never_answers_is_given_up_and_can_be_replayed) {
    deliver_unsigned(needing("e1", 100).text());
    for (std::size_t asked = 1; asked > 0;) {
        world.time.now += day_ms;
        asked = world.answer_wants({{"verify:e1", http::response{500, {}, {}}}});
    }
    BOOST_TEST(world.number(in, waiting) == 0);
    check(states, "3");
    must(world.engine().replay(1));
    BOOST_TEST(world.answer_wants({{"verify:e1", ok("yes")}}) == 1u);
    check(payments, "pay_e1|100");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(wanted_answers, fixture)

BOOST_AUTO_TEST_CASE(what_is_wanted_twice_is_made_once) {
    world.deliver(in, fetching("e1", "lines:1").text());
    world.deliver(in, fetching("e2", "lines:1").text());
    BOOST_TEST(world.answer_wants({{"lines:1", ok(toy::payment("x", "p1", start_ms, 5).text())}}) == 1u);
    check(payments, "p1|5");
    world.deliver(in, fetching("e3", "lines:1").text());
    BOOST_TEST(world.answer_wants({}) == 0u);
}

BOOST_AUTO_TEST_CASE(a_failed_request_is_made_again_after_a_doubling_pause_and_then_given_up) {
    world.deliver(in, fetching("e1", "lines:1").text());
    time_ms pause = engine_options{}.want_retry_first_ms;
    for (std::int64_t attempt = 1; attempt < engine_options{}.want_attempts_max; ++attempt, pause *= 2) {
        answer(take_want(), attempt % 2 == 0 ? result<http::response>(http::response{503, {}, {}})
                                             : failure(http::client_errc::timed_out));
        BOOST_TEST(must(world.engine().due_wants()).empty());
        world.time.now += pause - 1;
        BOOST_TEST(must(world.engine().due_wants()).empty());
        world.time.now += 1;
    }
    answer(take_want(), failure(http::client_errc::timed_out));
    world.time.now += 365 * day_ms;
    BOOST_TEST(must(world.engine().due_wants()).empty());
}

BOOST_AUTO_TEST_CASE(a_request_that_may_not_be_made_is_blocked_at_once) {
    deliver_unsigned(hint("h1", "get:p1").text());
    answer(take_want(), failure(http::client_errc::not_allowed, "10.0.0.1"));
    check(wants, "get:p1|2|0|" + std::to_string(start_ms));
    BOOST_TEST(world.number(in, waiting) == 0);
    world.time.now += 365 * day_ms;
    BOOST_TEST(must(world.engine().due_wants()).empty());
}

BOOST_AUTO_TEST_CASE(our_own_wrong_credentials_reject_nothing) {
    deliver_unsigned(hint("h1", "get:p1").text());
    answer(take_want(), http::response{401, {}, {}});
    BOOST_TEST(world.number(in, waiting) == 1);
    world.time.now += hour_ms;
    answer(take_want(), ok(toy::payment("x", "p1", start_ms, 900).text()));
    check(payments, "p1|900");
}

BOOST_AUTO_TEST_CASE(an_answer_may_want_more) {
    world.deliver(in, fetching("e1", "page:1").text());
    const std::string more = toy::body_of({toy::payment("x", "p1", start_ms, 5), fetching("y", "page:2")});
    BOOST_TEST(world.answer_wants({{"page:1", ok(more)}}) == 1u);
    BOOST_TEST(world.answer_wants({{"page:2", ok(toy::payment("x", "p2", start_ms, 6).text())}}) == 1u);
    check(payments, "p1|5\np2|6");
    const std::string before = world.dump(in);
    must(world.engine().rebuild_from_inbox());
    BOOST_TEST(world.dump(in) == before);
}

BOOST_AUTO_TEST_CASE(a_tie_asks_once_for_the_document_and_the_newer_telling_settles_it) {
    world.deliver(in, toy::payment("e1", "p1", start_ms, 100).text());
    world.deliver(in, toy::payment("e2", "p1", start_ms, 200).text());
    BOOST_TEST(
        world.number(
            in, "SELECT ambiguous FROM toyfold_payment WHERE workspace_id = $1 AND environment = $2") == 1);
    const std::string purpose = "reread:7/p1";
    const std::string newest = toy::payment("x", "p1", start_ms + 1, 200).line("occurred", start_ms).text();
    BOOST_TEST(world.answer_wants({{purpose, ok(newest)}}) == 1u);
    check(payments, "p1|200");
    BOOST_TEST(
        world.number(
            in, "SELECT ambiguous FROM toyfold_payment WHERE workspace_id = $1 AND environment = $2") == 0);
    world.deliver(in, toy::payment("e3", "p1", start_ms, 300).text());
    BOOST_TEST(world.answer_wants({}) == 0u);
    // Another tie, later, is another question.
    for (const std::int64_t minor : {400, 500})
        world.deliver(in, toy::payment("e4" + std::to_string(minor), "p1", start_ms + 9, minor)
                              .line("occurred", start_ms)
                              .text());
    BOOST_TEST(world.answer_wants({}) == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(failing_records, fixture)

BOOST_AUTO_TEST_CASE(one_that_ends_every_process_is_given_up) {
    faulty_database* faults = nullptr;
    engine_world frail(
        {.engine = {.interrupted_max = 2}, .next_release = false, .more = {}, .wrap = [&](auto inner) {
             auto made = std::make_unique<faulty_database>(std::move(inner));
             faults = made.get();
             return made;
         }});
    const space there = frail.new_workspace();
    std::vector<job> batch;
    for (const std::string_view event : {"e1", "e2"})
        batch.push_back(frail.delivery_job(frail.make_delivery(
            engine_world::connection_of(there), toy::payment(event, event, start_ms, 5).text())));
    frail.run(std::move(batch));
    const auto interrupted = [&] {
        return frail.number(there, "SELECT MAX(interrupted) FROM inbox WHERE workspace_id = $1 AND "
                                   "environment = $2");
    };
    for (std::int64_t ends = 1; ends <= 2; ++ends) {
        frail.restart();
        // Taking the records goes well; the transaction that works on them does not.
        const std::uint64_t calls_to_take = ends == 1 ? 7 : 6;
        faults->fail_at(faults->calls() + calls_to_take + 1, storage::storage_errc::io,
                        faulty_database::repeat::from_then_on);
        BOOST_TEST(frail.engine().run({}).has_error());
        faults->clear_faults();
        BOOST_TEST(interrupted() == ends);
    }
    frail.restart();
    frail.settle();
    BOOST_TEST(frail.query(there,
                           "SELECT state FROM inbox WHERE workspace_id = $1 AND environment = $2 ORDER "
                           "BY inbox_id") == "3\n2");
    must(frail.engine().replay(1));
    BOOST_TEST(frail.query(there, payments) == "e1|5\ne2|5");
}

BOOST_AUTO_TEST_CASE(a_record_that_cannot_be_normalised_is_alone) {
    std::vector<job> batch;
    for (const std::string_view kind : {"fail", "throw", "retry"})
        batch.push_back(world.delivery_job(
            world.make_delivery(connection, toy::item_text().line("event", kind).line("kind", kind).text())));
    batch.push_back(
        world.delivery_job(world.make_delivery(connection, toy::payment("e1", "p1", start_ms, 1).text())));
    world.run(std::move(batch));
    world.settle();
    check(states, "3\n3\n5\n2");
    check(payments, "p1|1");
    must(world.engine().replay(1));
    check(states, "3\n3\n5\n2");
}

BOOST_AUTO_TEST_CASE(a_record_whose_plugin_asks_for_more_time_again_and_again_is_given_up) {
    std::vector<job> batch;
    batch.push_back(world.delivery_job(
        world.make_delivery(connection, toy::item_text().line("event", "e1").line("kind", "retry").text())));
    world.run(std::move(batch));
    int rounds = 0;
    for (world.settle(); rows(states) == "5" && rounds < 100; ++rounds) {
        world.time.now += 30'000;
        world.settle();
    }
    check(states, "3");
    BOOST_TEST(rounds == 5);
    BOOST_TEST(
        rows("SELECT reason FROM inbox WHERE workspace_id = $1 AND environment = $2").find("5 attempts") !=
        std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_record_of_an_absent_provider_waits_however_long_and_stands_before_nobody) {
    world.where.add("second", in, "toy:b");
    std::vector<job> batch;
    for (int index = 0; index < 600; ++index)
        batch.push_back(world.delivery_job(world.make_delivery(
            connection, toy::payment("e" + std::to_string(index), "p1", start_ms, 1).text())));
    batch.push_back(
        world.delivery_job(world.make_delivery("second", toy::payment("e", "p2", start_ms, 2).text())));
    world.run(std::move(batch));
    for (auto& [id, found] : world.where.connections)
        found.provider = "absent";
    world.settle();
    constexpr std::string_view held =
        "SELECT COUNT(*) FROM inbox WHERE workspace_id = $1 AND environment = $2 AND state = 5";
    BOOST_TEST(world.number(in, held) == 601);
    for (int round = 0; round < 10; ++round) {
        world.time.now += 30'000;
        world.settle();
    }
    BOOST_TEST(world.number(in, held) == 601);
    world.where.connections.find("second")->second.provider = "toy"; // The youngest of all.
    world.time.now += 30'000;
    for (int tick = 0; tick < 3; ++tick)
        world.settle();
    BOOST_TEST(world.number(in, held) == 600);
    check(payments, "p2|2");
}

BOOST_AUTO_TEST_CASE(a_restart_asks_again_at_once) {
    std::vector<job> batch;
    batch.push_back(
        world.delivery_job(world.make_delivery(connection, toy::payment("e1", "p1", start_ms, 1).text())));
    world.run(std::move(batch));
    world.where.connections.find(connection)->second.provider = "absent";
    world.settle();
    world.where.connections.find(connection)->second.provider = "toy";
    world.settle();
    check(states, "5");
    world.restart();
    world.settle();
    check(payments, "p1|1");
}

BOOST_AUTO_TEST_CASE(a_quarantined_provider_is_not_asked_and_its_records_wait) {
    std::vector<job> batch;
    batch.push_back(
        world.delivery_job(world.make_delivery(connection, toy::payment("e1", "p1", start_ms, 1).text())));
    world.run(std::move(batch));
    world.plugins().find("toy")->put_in_quarantine("verify took too long");
    world.settle();
    check(states, "5");
    const auto refused =
        verify_delivery(world.engine().session(), world.where, world.plugins(),
                        world.make_delivery(connection, toy::payment("e2", "p2", start_ms, 1).text()));
    const auto* refusal = std::get_if<delivery_refusal>(&refused);
    BOOST_REQUIRE(refusal != nullptr);
    BOOST_TEST(refusal->status == 503);
    BOOST_TEST(refusal->code == "plugin_quarantined");
    BOOST_TEST(refusal->message == "verify took too long");
    BOOST_TEST(refusal->retry_after_s == 60);
}

BOOST_AUTO_TEST_CASE(folds_of_a_quarantined_projection_wait_and_come_back_with_its_next_generation) {
    world.plugins().find("toyfold")->put_in_quarantine("fold took too long");
    world.deliver(in, toy::payment("e1", "p1", start_ms, 1).text());
    check(payments, "");
    BOOST_TEST(rows("SELECT failure FROM derivation WHERE workspace_id = $1 AND environment = $2") ==
               "fold took too long");
    world.reload_projection();
    world.settle();
    check(payments, "p1|1");
}

BOOST_AUTO_TEST_CASE(a_replay_repairs_what_waits_for_its_plugin) {
    std::vector<job> batch;
    batch.push_back(
        world.delivery_job(world.make_delivery(connection, toy::payment("e1", "p1", start_ms, 1).text())));
    world.run(std::move(batch));
    world.where.connections.find(connection)->second.provider = "absent";
    world.settle();
    check(states, "5");
    world.where.connections.find(connection)->second.provider = "toy";
    must(world.engine().replay(1));
    check(states, "2");
    check(payments, "p1|1");
    must(world.engine().replay(1));
    BOOST_TEST(world.number(in, fact_count) == 1);
}

BOOST_AUTO_TEST_CASE(a_replay_of_what_has_not_been_worked_on_books_it_once) {
    std::vector<job> batch;
    batch.push_back(
        world.delivery_job(world.make_delivery(connection, toy::payment("e1", "p1", start_ms, 1).text())));
    world.run(std::move(batch));
    must(world.engine().replay(1));
    world.settle();
    BOOST_TEST(world.number(in, fact_count) == 1);
}

BOOST_AUTO_TEST_CASE(a_fact_that_breaks_a_rule_fails_its_record) {
    world.deliver(in, toy::item_text("payment", "e1", "p1").money("amount", 1, "XXQ").text());
    check(states, "3");
    BOOST_TEST(world.number(in, fact_count) == 0);
}

BOOST_AUTO_TEST_CASE(everything_pending_is_worked_on_after_a_restart) {
    std::vector<job> batch;
    constexpr int many = 700; // More than is taken from the database at once.
    for (int index = 0; index < many; ++index)
        batch.push_back(world.delivery_job(world.make_delivery(
            connection,
            toy::payment("e" + std::to_string(index), "p" + std::to_string(index), start_ms, 1).text())));
    world.run(std::move(batch));
    world.restart();
    std::vector<job> next;
    next.push_back(world.delivery_job(
        world.make_delivery(connection, toy::payment("last", "plast", start_ms, 1).text())));
    world.run(std::move(next));
    world.settle();
    BOOST_TEST(
        world.number(
            in, "SELECT COUNT(*) FROM inbox WHERE workspace_id = $1 AND environment = $2 AND state = 0") ==
        0);
    BOOST_TEST(world.number(in, fact_count) == many + 1);
}

BOOST_AUTO_TEST_SUITE_END()
