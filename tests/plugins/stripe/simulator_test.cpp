#include <boost/json/parse.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <set>

#include "merged_facts.hpp"
#include "simulator/text.hpp"

// Goal: every story, in every API generation and in every order of delivery, is told with sound signatures,
// and what the plugin reads from it is what the story says must come out. Facts are merged here as abi/fact.h
// describes.

namespace {

using namespace tributary::stripe;
using namespace tributary::stripe::testing;
namespace data = boost::unit_test::data;

const std::vector<std::string> stories = all_stories();
const std::vector<std::string>& versions = all_versions();

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_simulator)

BOOST_DATA_TEST_CASE(what_is_read_is_what_the_story_promised, data::make(stories) * data::make(versions),
                     story, version) {
    const plugin_under_test plugin;
    const std::map<std::string, std::string> parameters{{"click", "CLICK0123456789A"},
                                                        {"user", "user_1"},
                                                        {"amount", "1999"},
                                                        {"tax", "19"},
                                                        {"quantity", "3"}};
    for (const char* product : {"", "prod_sim"}) {
        std::map<std::string, std::string> chosen = parameters;
        if (*product != '\0')
            chosen["product"] = product;
        const told_story told = plugin.tell(story, chosen, version);
        if (version < first_version_of(story)) {
            BOOST_TEST(told.code == "bad_api_version");
            return;
        }
        BOOST_REQUIRE_MESSAGE(told.status == TRB_OK, told.message);
        BOOST_TEST(told.expected.size() == 5u);
        const auto outcome = outcome_of(read_all(plugin, told.deliveries), version);
        for (const auto& [name, value] : told.expected)
            BOOST_TEST(outcome.at(name) == value,
                       name << " is " << outcome.at(name) << ", promised was " << value);
        // In any order, and with everything delivered twice, the same comes out.
        std::vector<told_delivery> shuffled = told.deliveries;
        shuffled.insert(shuffled.end(), told.deliveries.begin(), told.deliveries.end());
        std::uint64_t state = 11;
        for (int round = 0; round < 2; ++round) {
            for (std::size_t left = shuffled.size(); left > 1; --left) {
                state = state * 6364136223846793005ULL + 1442695040888963407ULL;
                std::swap(shuffled[left - 1], shuffled[(state >> 33) % left]);
            }
            BOOST_TEST((outcome_of(read_all(plugin, shuffled), version) == told.expected));
        }
    }
}

BOOST_DATA_TEST_CASE(a_story_has_the_same_ids_and_times_in_all_versions, data::make(stories), story) {
    const plugin_under_test plugin;
    std::map<std::string, std::pair<std::string, std::int64_t>> newest; // Of an event's id.
    for (const told_delivery& delivery : plugin.tell(story).deliveries) {
        const boost::json::value body = boost::json::parse(delivery.body);
        newest[std::string(text(body, "id"))] = {delivery.type, delivery.at_ms};
    }
    for (const std::string& version : versions) {
        std::size_t shared = 0;
        for (const told_delivery& delivery : plugin.tell(story, {}, version).deliveries) {
            const auto found = newest.find(std::string(text(boost::json::parse(delivery.body), "id")));
            if (found == newest.end()) // Only this version sends it.
                continue;
            ++shared;
            BOOST_TEST((found->second == std::pair(delivery.type, delivery.at_ms)), version);
        }
        BOOST_TEST((version < first_version_of(story) || shared + 4 > newest.size()), version);
    }
}

BOOST_DATA_TEST_CASE(a_hurried_story_stays_within_the_tolerance_of_a_signature, data::make(stories), story) {
    const told_story told = plugin_under_test().tell(story, {{"interval_s", "0"}});
    BOOST_REQUIRE_MESSAGE(told.status == TRB_OK, told.message);
    BOOST_TEST(told.deliveries.back().at_ms - told.deliveries.front().at_ms < 60'000);
}

BOOST_DATA_TEST_CASE(a_story_can_be_told_with_the_shortest_and_longest_periods_and_the_smallest_price,
                     data::make(stories), story) {
    for (const char* interval_s : {"1", "3600", "31622400"})
        for (const char* amount : {"2", "99999999"}) {
            const told_story told =
                plugin_under_test().tell(story, {{"interval_s", interval_s}, {"amount", amount}});
            BOOST_TEST(told.status == TRB_OK, told.message);
        }
}

BOOST_DATA_TEST_CASE(every_delivery_is_genuine_and_has_an_id_of_its_own, data::make(stories), story) {
    const plugin_under_test plugin;
    std::set<std::string> keys;
    for (const std::uint64_t seed : {1u, 2u})
        for (const told_delivery& delivery : plugin.tell(story, {}, "", seed).deliveries) {
            input given{.body = delivery.body,
                        .received_at_ms = delivery.at_ms,
                        .headers = {{"Stripe-Signature", delivery.signature}},
                        .purpose = {}};
            const verified result = plugin.verify(given, {"whsec_simulated"});
            BOOST_TEST(result.verdict == TRB_ITEM_ACCEPTED, result.reason);
            BOOST_TEST(result.type == delivery.type);
            BOOST_TEST(keys.insert(result.key).second);
            BOOST_TEST(plugin.verify(given, {"whsec_other"}).reason == "signature_mismatch");
        }
}

BOOST_AUTO_TEST_CASE(the_same_request_gives_the_same_bytes) {
    const plugin_under_test plugin;
    const told_story first = plugin.tell("subscription", {{"renewals", "2"}});
    const told_story second = plugin.tell("subscription", {{"renewals", "2"}});
    BOOST_REQUIRE(first.deliveries.size() == second.deliveries.size());
    for (std::size_t index = 0; index < first.deliveries.size(); ++index) {
        BOOST_TEST(first.deliveries[index].body == second.deliveries[index].body);
        BOOST_TEST(first.deliveries[index].signature == second.deliveries[index].signature);
    }
    BOOST_TEST(first.deliveries[0].body != plugin.tell("subscription", {}, "", 8).deliveries[0].body);
    BOOST_TEST(plugin.tell("one-time").deliveries[0].body != plugin.tell("refund-full").deliveries[0].body);
}

BOOST_AUTO_TEST_CASE(the_sums_are_those_of_the_price) {
    const told_story told =
        plugin_under_test().tell("refund-full", {{"amount", "1999"}, {"quantity", "3"}, {"tax", "19"}});
    BOOST_TEST(told.expected.at("net") == 5997);
    BOOST_TEST(told.expected.at("refunded") == 7136); // 5997 + 1139.43
    const told_story partial = plugin_under_test().tell("refund-partial", {{"refund", "700"}});
    BOOST_TEST(partial.expected.at("refunded") == 700);
    BOOST_TEST(
        plugin_under_test().tell("subscription", {{"renewals", "3"}, {"amount", "500"}}).expected.at("net") ==
        2000);
}

BOOST_AUTO_TEST_CASE(a_guest_is_known_by_the_click_alone) {
    const plugin_under_test plugin;
    for (const char* story : {"guest", "payment-link"})
        for (const fact& one :
             read_all(plugin, plugin.tell(story, {{"click", "CLICK0123456789A"}}).deliveries)) {
            BOOST_TEST(one.parents.empty() == (one.kind == TRB_KIND_PAYMENT));
            if (one.document_id.starts_with("cs_"))
                BOOST_TEST(one.claims_that("hint click=CLICK0123456789A"));
        }
}

BOOST_AUTO_TEST_CASE(a_subscription_moves_its_period_with_each_renewal) {
    const plugin_under_test plugin;
    for (const std::string& version : versions) {
        std::set<std::string> ends;
        for (const fact& one :
             read_all(plugin,
                      plugin.tell("subscription", {{"renewals", "2"}, {"user", "u_1"}}, version).deliveries))
            if (one.kind == TRB_KIND_SUBSCRIPTION) {
                ends.insert(one.member("period_end_ms"));
                BOOST_TEST(one.claims_that("exclusive user=u_1"));
                BOOST_TEST(one.states("items.0.id"));
                BOOST_TEST(!one.states("items.1.id"));
            }
        BOOST_TEST(ends.size() == 3u, version);
    }
}

BOOST_AUTO_TEST_CASE(wrong_requests_are_named) {
    const plugin_under_test plugin;
    BOOST_TEST(plugin.tell("no-such-story").status == TRB_NOT_FOUND);
    BOOST_TEST(plugin.tell("one-time", {{"colour", "red"}}).code == "unknown_parameter");
    BOOST_TEST(plugin.tell("one-time", {}, "latest").code == "bad_api_version");
    BOOST_TEST(plugin.tell("one-time", {}, "2019-01-01").code == "bad_api_version");
    const std::vector<std::pair<std::string, std::string>> wrong{
        {"amount", "0"},     {"amount", "1.5"},  {"amount", "100000000"}, {"tax", "101"},
        {"currency", "qqq"}, {"customer", "42"}, {"user", "a b"},         {"click", ""},
        {"renewals", "25"},  {"quantity", "-1"}};
    for (const auto& [name, value] : wrong)
        BOOST_TEST(plugin.tell("one-time", {{name, value}}).code == "bad_parameter", name << "=" << value);
    const told_story too_much = plugin.tell("refund-partial", {{"refund", "2901"}});
    BOOST_TEST(too_much.code == "bad_story");
    BOOST_TEST(too_much.message ==
               "story refund-partial, step 2 (refund): amount is 2901, it must be from 1 to 2900");
}

BOOST_AUTO_TEST_CASE(bodies_are_indented_as_stripe_does) {
    const std::string text =
        simulated::indented(boost::json::parse(R"({"a":[1,{"b":null}],"c":{},"d":[],"e":"\"\n"})"));
    BOOST_TEST(text == "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n  \"c\": {},\n  \"d\": "
                       "[],\n  \"e\": \"\\\"\\n\"\n}");
}

BOOST_AUTO_TEST_SUITE_END()
