// A plugin class, through the C tables that the SDK makes of it and with the test kit that authors get: each
// proves the other.
#include <tributary/testing/scripted_http.hpp>

#include <boost/test/unit_test.hpp>

#include "sdk/everything.hpp"

using namespace tributary::testing;

namespace {

struct world {
    plugin_under_test plugin{
        tributary::sdk::exporter<everything::everything>::entry("org.example.everything")};
    connection account{.secrets = {{"signing", "old"}, {"api_key", "k1"}, {"api_key", "k2"}}};
    scripted_http provider;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(sdk_wrappers, world)

BOOST_AUTO_TEST_CASE(the_descriptor_lists_exactly_what_the_class_derives_from) {
    std::vector<std::string_view> listed;
    const trb_plugin& described = plugin.descriptor();
    for (std::uint64_t index = 0; index < described.extension_count; ++index)
        listed.push_back(tributary::sdk::view(described.extensions[index]));
    const std::vector<std::string_view> expected{TRB_EXT_PROVIDER, TRB_EXT_ACTIONS, TRB_EXT_BACKFILL,
                                                 TRB_EXT_REWARD_RULE, TRB_EXT_SINK};
    BOOST_TEST(listed == expected, boost::test_tools::per_element());
    BOOST_CHECK_THROW(plugin.tell({.name = "any"}), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_refused_configuration_says_why) {
    fake_host host;
    const ending refused = plugin_under_test::try_create(&plugin.descriptor(), host, R"({"x":1})");
    BOOST_TEST(refused.status == TRB_INVALID);
    BOOST_TEST(refused.code == "unknown_key");
    BOOST_CHECK_THROW(plugin_under_test(&plugin.descriptor(), "[]"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(verify_needs_then_judges_and_answers) {
    record delivery;
    const verified first = plugin.verify(account, delivery);
    BOOST_TEST_REQUIRE(first.needs.size() == 1u);
    BOOST_TEST(first.needs[0].header("Authorization") == "Bearer {secret:signing}");
    const verified second = plugin.verify(account, {delivery, answer("key", 200, "evt_1")});
    BOOST_TEST_REQUIRE(second.items.size() == 2u);
    BOOST_TEST(second.items[0].dedupe_key == "evt_1");
    BOOST_TEST(second.items[1].verdict == TRB_ITEM_REJECTED);
    BOOST_TEST(second.items[1].reason == "odd");
    BOOST_TEST((second.answer == std::pair<std::int32_t, std::string>(202, "taken")));
    const verified refused = plugin.verify(connection{}, delivery);
    BOOST_TEST(refused.status == TRB_REJECTED);
    BOOST_TEST(refused.code == "no_secret");
}

BOOST_AUTO_TEST_CASE(facts_have_one_printable_form) {
    const normalised result = plugin.normalise(account, record{.body = "bob"});
    BOOST_TEST(result.status == TRB_OK);
    const captured_fact* const fact = result.only(TRB_KIND_PAYMENT);
    BOOST_TEST_REQUIRE(fact != nullptr);
    BOOST_TEST(fact->claims_that("exclusive user=bob"));
    BOOST_TEST(fact->member("metadata.plan") == "pro");
    BOOST_TEST(!fact->states("tax"));
    const std::string text = to_text(*fact);
    BOOST_TEST(text.find("payment pay_1\n  version: 0 0\n") == 0u);
    BOOST_TEST(text.find("  .total: 1000 USD/2\n") != std::string::npos);
    BOOST_TEST(text.find("  .lines.0.net_minor: 900\n") != std::string::npos);
    BOOST_TEST_REQUIRE(result.wants.size() == 1u);
    BOOST_TEST(result.wants[0].header("Content-Type") == "application/json");
    BOOST_TEST((result.notes == pairs{{"ignored", "the rest"}}));
    BOOST_TEST(plugin.reread(account, TRB_KIND_PAYMENT, "pay_1").status == TRB_UNSUPPORTED);
}

BOOST_AUTO_TEST_CASE(an_action_ends_with_the_step_that_needs_nothing) {
    provider.answer("GET", "https://api.example/account", 200, "{}");
    const finished_action done = provider.run_action(plugin, account, {.what = TRB_ACTION_CHECK});
    BOOST_TEST(done.status == TRB_OK);
    BOOST_TEST(done.steps == 2u);
    BOOST_TEST(done.finding("asking") == nullptr);
    BOOST_TEST_REQUIRE(done.finding("wide") != nullptr);
    BOOST_TEST(done.finding("wide")->level == TRB_FINDING_WARNING);
    BOOST_TEST(provider.requests().at(0).header("Authorization") == "Bearer k2"); // the newest
}

BOOST_AUTO_TEST_CASE(what_nobody_answers_comes_back_as_an_answer_of_its_own) {
    const finished_action failed = provider.run_action(plugin, account, {.what = TRB_ACTION_CHECK});
    BOOST_TEST(failed.status == TRB_RETRY);
    BOOST_TEST(failed.retry_after_ms == 5000);
    const finished_action keyless = provider.run_action(plugin, connection{}, {.what = TRB_ACTION_CHECK});
    BOOST_TEST(keyless.message == "the connection lacks a secret");
    BOOST_TEST(provider.requests().size() == 1u); // The second was never made.
}

BOOST_AUTO_TEST_CASE(registering_keeps_what_the_provider_handed_out) {
    provider.answer("POST", "https://api.example/hooks", 201, "{}");
    const finished_action done = provider.run_action(
        plugin, account, {.what = TRB_ACTION_REGISTER, .target_url = "https://me.example/hook"});
    BOOST_TEST_REQUIRE(done.kept.size() == 2u);
    BOOST_TEST(done.kept[0].what == TRB_KEEP_SECRET);
    BOOST_TEST(done.kept[1].value == R"("hook_1")");
    BOOST_TEST(provider.requests().at(0).body == "https://me.example/hook");
}

BOOST_AUTO_TEST_CASE(an_action_without_end_is_ended) {
    provider.answer("DELETE", "https://api.example/hooks", 200, "{}");
    const finished_action done = provider.run_action(plugin, account, {.what = TRB_ACTION_REMOVE});
    BOOST_TEST(done.code == "too_many_requests");
    BOOST_TEST(provider.requests().size() == scripted_http::action_requests_max);
}

BOOST_AUTO_TEST_CASE(fetching_hands_records_to_the_normaliser) {
    provider.answer("GET", "https://api.example/pay/pay_7", 200, "alice");
    const finished_action done =
        provider.run_action(plugin, account, {.what = TRB_ACTION_FETCH, .document_id = "pay_7"});
    BOOST_TEST_REQUIRE(done.fetched.size() == 1u);
    BOOST_TEST(plugin.normalise(account, done.fetched).facts.at(0).claims_that("exclusive user=alice"));
    BOOST_TEST(plugin.run(account, {.what = 99}).status == TRB_UNSUPPORTED);
}

BOOST_AUTO_TEST_CASE(a_backfill_reads_every_page_of_every_stream) {
    provider.answer("GET", "https://api.example/a/1", 200, "more");
    provider.answer("GET", "https://api.example/a/2", 200, "last");
    provider.answer("GET", "https://api.example/b/1", 200, "last");
    const finished_backfill done = provider.run_backfill(plugin, account, {.until_ms = 77});
    BOOST_TEST(done.status == TRB_OK);
    BOOST_TEST(done.records.size() == 3u);
    BOOST_TEST(done.progress.at("b") == 77);
}

BOOST_AUTO_TEST_CASE(a_backfill_ends_with_the_first_page_that_cannot_be_had_or_read) {
    BOOST_TEST(provider.run_backfill(plugin, account, {}).code == "http_status");
    provider.answer("GET", "https://api.example/a/1", 200, "broken");
    BOOST_TEST(provider.run_backfill(plugin, account, {}).code == "broken");
}

BOOST_AUTO_TEST_CASE(a_rule_gives_or_declines) {
    const trb_money total{900, "USD", 2};
    const evaluated given =
        plugin.evaluate(0, "{}", {rule_value("sale.total", total), rule_value("days", TRB_RULE_INTEGER, 3)});
    BOOST_TEST_REQUIRE(given.amounts.size() == 1u);
    BOOST_TEST(to_text(given.amounts[0]) == "300 USD/2");
    BOOST_TEST(given.explained.size() == 1u);
    const evaluated declined = plugin.evaluate(0, "{}", {rule_value("sale.total"), rule_value("days")});
    BOOST_TEST(declined.declined.at(0).first == "no_total");
    BOOST_TEST(plugin.evaluate(1, "{}", {}).status == TRB_NOT_FOUND);
}

BOOST_AUTO_TEST_CASE(what_a_sink_throws_stays_inside) {
    const delivered failed = plugin.deliver({});
    BOOST_TEST(failed.status == TRB_INTERNAL);
    BOOST_TEST(failed.message == "the first attempt fails");
    const delivered sent = plugin.deliver({.body = R"({"a":1})", .attempt = 2});
    BOOST_TEST_REQUIRE(sent.requests.size() == 1u);
    BOOST_TEST(sent.requests[0].body == R"({"a":1})");
}

BOOST_AUTO_TEST_CASE(the_host_is_the_same_on_every_run) {
    fake_host one;
    fake_host other;
    const tributary::sdk::host left(one.get());
    const tributary::sdk::host right(other.get());
    std::array<std::uint8_t, 8> first{};
    std::array<std::uint8_t, 8> second{};
    left.clock()->random(one.get(), first.data(), first.size());
    right.clock()->random(other.get(), second.data(), second.size());
    BOOST_TEST(first == second);
    left.clock()->random(one.get(), second.data(), second.size());
    BOOST_TEST(first != second);
    one.set_time(42);
    BOOST_TEST(left.clock()->now_ms(one.get()) == 42);
    left.write_log(TRB_LOG_WARN, "odd", {{"a", "b"}});
    BOOST_TEST(one.lines().at(0).fields.at(0).second == "b");
    left.metrics()->count(one.get(), TRB_STR("odd"), TRB_STR("why"), 2);
    BOOST_TEST(one.counters().at({"odd", "why"}) == 2u);
    BOOST_TEST(left.store() == nullptr);
    BOOST_TEST(left.facts() == nullptr);
    BOOST_TEST(left.clicks() == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
