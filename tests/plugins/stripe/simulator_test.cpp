#include <boost/json/parse.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <set>

#include "harness.hpp"
#include "simulator_text.hpp"

// Goal: every story, in every API generation and in every order of delivery, is told with sound signatures,
// and what the plugin reads from it is what the story says must come out. Facts are merged here as abi/fact.h
// describes.

namespace {

using namespace tributary::stripe;
using namespace tributary::stripe::testing;
namespace data = boost::unit_test::data;

const std::vector<std::string> stories{"one-time",       "guest",        "payment-link",  "subscription",
                                       "refund-partial", "refund-full",  "refund-failed", "dispute-won",
                                       "dispute-lost",   "async-payment"};
const std::vector<std::string> versions{
    "2020-08-27",       "2022-11-15",        "2023-10-16",        "2025-02-24.acacia",
    "2025-03-31.basil", "2025-09-30.clover", "2026-03-25.dahlia", ""};

std::int64_t number(const std::string& member) {
    return std::stoll(member);
}

/// Newest version of each document, then documents that share an id are one thing: a small model of the core.
class merged_facts {
  public:
    explicit merged_facts(const std::vector<captured_fact>& facts) {
        std::map<std::pair<std::int32_t, std::string>, captured_fact> newest;
        for (const captured_fact& fact : facts) {
            auto [at, added] = newest.try_emplace({fact.kind, fact.document}, fact);
            if (!added && std::pair(fact.source_time_ms, fact.lifecycle_rank) >
                              std::pair(at->second.source_time_ms, at->second.lifecycle_rank))
                at->second = fact;
        }
        for (const auto& [key, fact] : newest)
            documents_.push_back(fact);
        std::stable_sort(documents_.begin(), documents_.end(), [](const auto& left, const auto& right) {
            return left.source_rank > right.source_rank;
        });
    }

    /// Members of every payment; the highest source rank wins member by member.
    std::vector<std::map<std::string, std::string>> payments() const {
        std::vector<std::pair<std::set<std::string>, std::vector<const captured_fact*>>> groups;
        for (const captured_fact& fact : documents_) {
            if (fact.kind != TRB_KIND_PAYMENT)
                continue;
            std::set<std::string> ids;
            for (const std::string& id : fact.ids())
                ids.insert(id);
            std::vector<const captured_fact*> group{&fact};
            for (auto at = groups.begin(); at != groups.end();) {
                const bool shares = std::any_of(ids.begin(), ids.end(),
                                                [&](const auto& id) { return at->first.contains(id); });
                if (!shares) {
                    ++at;
                    continue;
                }
                ids.insert(at->first.begin(), at->first.end());
                group.insert(group.end(), at->second.begin(), at->second.end());
                at = groups.erase(at);
            }
            groups.emplace_back(std::move(ids), std::move(group));
        }
        std::vector<std::map<std::string, std::string>> made;
        for (auto& [ids, group] : groups) {
            std::stable_sort(group.begin(), group.end(),
                             [](auto* left, auto* right) { return left->source_rank > right->source_rank; });
            std::map<std::string, std::string> members;
            for (const captured_fact* fact : group)
                members.insert(fact->members.begin(), fact->members.end());
            made.push_back(std::move(members));
        }
        return made;
    }
    std::vector<captured_fact> of_kind(std::int32_t kind) const {
        std::vector<captured_fact> found;
        std::copy_if(documents_.begin(), documents_.end(), std::back_inserter(found),
                     [kind](const captured_fact& fact) { return fact.kind == kind; });
        return found;
    }

  private:
    std::vector<captured_fact> documents_;
};

std::map<std::string, std::int64_t> outcome_of(const std::vector<captured_fact>& facts) {
    const merged_facts merged(facts);
    std::map<std::string, std::int64_t> found{
        {"sales", 0}, {"net", 0}, {"refunded", 0}, {"disputes_open", 0}, {"disputes_lost", 0}};
    std::int64_t told_by_charges = 0;
    for (const auto& payment : merged.payments()) {
        if (payment.contains("refunded"))
            told_by_charges += number(payment.at("refunded"));
        if (!payment.contains("status") || payment.at("status") != "2")
            continue;
        ++found["sales"];
        found["net"] += number(payment.at("without_tax"));
    }
    for (const captured_fact& refund : merged.of_kind(TRB_KIND_REFUND))
        if (refund.member("status") == "2")
            found["refunded"] += number(refund.member("amount"));
    // Between 2022-11-15 and 2024-10-28 refunds have no document in any webhook: the charge alone tells them.
    found["refunded"] = std::max(found["refunded"], told_by_charges);
    for (const captured_fact& dispute : merged.of_kind(TRB_KIND_DISPUTE)) {
        found["disputes_open"] += dispute.member("status") == "2" ? 1 : 0;
        found["disputes_lost"] += dispute.member("status") == "4" ? 1 : 0;
    }
    return found;
}

std::vector<captured_fact> read_all(const plugin_under_test& plugin,
                                    const std::vector<told_delivery>& deliveries) {
    std::vector<captured_fact> facts;
    for (const told_delivery& delivery : deliveries) {
        const normalised result = plugin.normalise(delivery.body);
        BOOST_TEST(result.status == TRB_OK, delivery.type << ": " << result.code);
        facts.insert(facts.end(), result.facts.begin(), result.facts.end());
    }
    return facts;
}

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_simulator)

BOOST_DATA_TEST_CASE(what_is_read_is_what_the_story_promised, data::make(stories) * data::make(versions),
                     story, version) {
    const plugin_under_test plugin;
    const std::map<std::string, std::string> parameters{{"click", "CLICK0123456789A"},
                                                        {"user", "user_1"},
                                                        {"amount", "1999"},
                                                        {"tax", "19"},
                                                        {"quantity", "3"},
                                                        {"currency", "EUR"}};
    for (const char* product : {"", "prod_sim"}) {
        std::map<std::string, std::string> chosen = parameters;
        if (*product != '\0')
            chosen["product"] = product;
        const told_story told = plugin.tell(story, chosen, version);
        BOOST_REQUIRE(told.status == TRB_OK);
        BOOST_TEST(told.deliveries.size() <= 12u);
        BOOST_TEST(told.deliveries.size() >= 4u);
        BOOST_TEST(told.expected.size() == 5u);
        BOOST_TEST((outcome_of(read_all(plugin, told.deliveries)) == told.expected));
        // In any order, and with everything delivered twice, the same comes out.
        std::vector<told_delivery> shuffled = told.deliveries;
        shuffled.insert(shuffled.end(), told.deliveries.begin(), told.deliveries.end());
        std::uint64_t state = 11;
        for (int round = 0; round < 4; ++round) {
            for (std::size_t left = shuffled.size(); left > 1; --left) {
                state = state * 6364136223846793005ULL + 1442695040888963407ULL;
                std::swap(shuffled[left - 1], shuffled[(state >> 33) % left]);
            }
            BOOST_TEST((outcome_of(read_all(plugin, shuffled)) == told.expected));
        }
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
        for (const captured_fact& fact :
             read_all(plugin, plugin.tell(story, {{"click", "CLICK0123456789A"}}).deliveries)) {
            BOOST_TEST(fact.parents.empty() == (fact.kind == TRB_KIND_PAYMENT));
            if (fact.document.starts_with("cs_"))
                BOOST_TEST(fact.claims.at("click?") == "CLICK0123456789A");
        }
}

BOOST_AUTO_TEST_CASE(a_subscription_moves_its_period_with_each_renewal) {
    const plugin_under_test plugin;
    for (const std::string& version : versions) {
        std::set<std::string> ends;
        for (const captured_fact& fact :
             read_all(plugin,
                      plugin.tell("subscription", {{"renewals", "2"}, {"user", "u_1"}}, version).deliveries))
            if (fact.kind == TRB_KIND_SUBSCRIPTION) {
                ends.insert(fact.member("period_end"));
                BOOST_TEST(fact.claims.at("user") == "u_1");
                BOOST_TEST(fact.items.size() == 1u);
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
    BOOST_TEST(plugin.tell("refund-partial", {{"refund", "2901"}}).code == "bad_parameter");
}

BOOST_AUTO_TEST_CASE(bodies_are_indented_as_stripe_does) {
    const std::string text =
        simulated::indented(boost::json::parse(R"({"a":[1,{"b":null}],"c":{},"d":[],"e":"\"\n"})"));
    BOOST_TEST(text == "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n  \"c\": {},\n  \"d\": "
                       "[],\n  \"e\": \"\\\"\\n\"\n}");
}

BOOST_AUTO_TEST_SUITE_END()
