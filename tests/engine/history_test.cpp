// Goal: a merged history is a result of the set of facts, and believes whom the architecture says.
#include <tributary/facts/history.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <deque>
#include <memory_resource>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "engine/fact_samples.hpp"

using namespace tributary;
using namespace tributary::facts;
using namespace tributary::facts::test;

namespace {

/// Facts on their way from plugins into a history.
class tellings {
  public:
    decoded_fact& add(const trb_fact& said) {
        const auto encoded = encode_fact(said, "toy:a");
        if (!encoded)
            throw std::runtime_error(encoded.error().text());
        const stored_fact& kept = kept_.emplace_back(*encoded);
        decoded_fact made;
        if (!decode_content(kept.kind, kept.content, arena_, made))
            throw std::runtime_error("cannot be decoded");
        made.realm = kept.realm;
        made.document_id = kept.document_id;
        made.source_time = kept.source_time;
        made.lifecycle_rank = kept.lifecycle_rank;
        made.source_rank = kept.source_rank;
        made.occurred_at = kept.occurred_at;
        made.digest = as_bytes(kept.digest);
        made.inbox_id = static_cast<std::int64_t>(facts.size()) + 1;
        return facts.emplace_back(made);
    }

    /// The history as text.
    std::string merged() const {
        std::pmr::monotonic_buffer_resource arena;
        const merged_history history = merge_history(facts, arena);
        std::string shown;
        const auto list = [&](const trb_str* first, std::uint64_t count) {
            for (std::uint64_t index = 0; index < count; ++index)
                shown.append(index == 0 ? " " : ",").append(first[index].data, first[index].size);
        };
        for (const trb_merged_fact& one : history.facts) {
            // Of a version's id all but the digest, which no test writes down.
            const std::string id(one.id.data, one.id.size);
            shown += id.find('@') == std::string::npos ? id : id.substr(0, id.rfind('.'));
            shown += " " + std::to_string(one.occurred_at_ms) + " " + std::to_string(one.source_time_ms);
            shown += one.ambiguous != 0 ? " ambiguous" : "";
            shown += one.historic != 0 ? " historic" : "";
            list(one.ids, one.id_count);
            list(one.parents, one.parent_count);
            shown += " " + body_json(one.kind, one.body) + "\n";
        }
        return shown;
    }

    std::vector<decoded_fact> facts;

  private:
    std::deque<stored_fact> kept_;
    std::pmr::monotonic_buffer_resource arena_;
};

struct telling {
    std::string_view id;
    std::int64_t time = 0;
    std::int32_t lifecycle = 0;
    std::int32_t source = 0;
    std::vector<std::string_view> same_as = {};
    std::optional<std::int64_t> status = {};
    std::optional<std::int64_t> cycle = {};
    std::int64_t occurred = 0;
};

void add_payment(tellings& into, const telling& said) {
    auto made = body<trb_payment>();
    if (said.status)
        made.status = *said.status, made.present |= TRB_BIT(TRB_PAYMENT_STATUS);
    if (said.cycle)
        made.cycle = *said.cycle, made.present |= TRB_BIT(TRB_PAYMENT_CYCLE);
    std::vector<trb_str> same;
    for (const std::string_view id : said.same_as)
        same.push_back(text(id));
    trb_fact one = fact(TRB_KIND_PAYMENT, said.id, &made);
    one.source_time_ms = said.time;
    one.lifecycle_rank = said.lifecycle;
    one.source_rank = said.source;
    one.occurred_at_ms = said.occurred;
    one.same_as = same.data();
    one.same_as_count = same.size();
    into.add(one);
}

void add_version(tellings& into, std::int64_t time, std::int32_t lifecycle, std::int64_t status) {
    auto made = body<trb_subscription>(TRB_BIT(TRB_SUBSCRIPTION_STATUS));
    made.status = status;
    trb_fact one = fact(TRB_KIND_SUBSCRIPTION, "sub_1", &made);
    one.source_time_ms = one.occurred_at_ms = time;
    one.lifecycle_rank = lifecycle;
    into.add(one);
}

} // namespace

BOOST_AUTO_TEST_SUITE(merged_histories)

BOOST_AUTO_TEST_CASE(source_rank_is_believed_before_version) {
    tellings all;
    add_payment(
        all,
        {.id = "ch", .time = 9, .source = 1, .same_as = {"in"}, .status = 1, .cycle = 3, .occurred = 90});
    add_payment(all, {.id = "in", .time = 2, .source = 3, .status = 2, .occurred = 20});
    BOOST_TEST(all.merged() == "ch 20 9 ch,in {\"status\":2,\"cycle\":3}\n");
}

BOOST_AUTO_TEST_CASE(within_one_rank_the_newest_version_is_believed) {
    tellings all;
    add_payment(all, {.id = "in", .time = 5, .lifecycle = 2, .status = 4});
    add_payment(all, {.id = "in", .time = 5, .lifecycle = 1, .status = 3, .cycle = 1});
    add_payment(all, {.id = "in", .time = 4, .lifecycle = 9, .status = 2, .cycle = 2});
    BOOST_TEST(all.merged() == "in 0 5 in {\"status\":4,\"cycle\":1}\n");
}

BOOST_AUTO_TEST_CASE(what_is_absent_does_not_hide_what_was_stated_and_zero_does) {
    tellings all;
    add_payment(all, {.id = "in", .time = 2, .cycle = 0});
    add_payment(all, {.id = "in", .time = 1, .status = 2, .cycle = 3});
    BOOST_TEST(all.merged() == "in 0 2 in {\"status\":2,\"cycle\":0}\n");
}

BOOST_AUTO_TEST_CASE(documents_join_through_a_third) {
    tellings all;
    add_payment(all, {.id = "a", .status = 2});
    add_payment(all, {.id = "b", .cycle = 1});
    BOOST_TEST(all.merged() == "a 0 0 a {\"status\":2}\nb 0 0 b {\"cycle\":1}\n");
    add_payment(all, {.id = "c", .same_as = {"a", "b"}});
    BOOST_TEST(all.merged() == "a 0 0 a,b,c {\"status\":2,\"cycle\":1}\n");
}

BOOST_AUTO_TEST_CASE(the_same_id_in_another_realm_or_kind_is_another_thing) {
    tellings all;
    auto payment = body<trb_payment>();
    auto lead = body<trb_lead>();
    trb_fact other_realm = fact(TRB_KIND_PAYMENT, "x", &payment);
    other_realm.realm = text("toy:b");
    all.add(fact(TRB_KIND_PAYMENT, "x", &payment));
    all.add(other_realm);
    all.add(fact(TRB_KIND_LEAD, "x", &lead));
    std::pmr::monotonic_buffer_resource arena;
    BOOST_TEST(merge_history(all.facts, arena).facts.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_tie_between_different_bodies_is_ambiguous_and_the_larger_digest_is_taken) {
    tellings all;
    add_payment(all, {.id = "in", .time = 1, .status = 1});
    add_payment(all, {.id = "in", .time = 1, .status = 2});
    const std::string once = all.merged();
    BOOST_TEST(once.find("ambiguous") != std::string::npos);
    std::reverse(all.facts.begin(), all.facts.end());
    BOOST_TEST(all.merged() == once);
    const std::size_t larger = all.facts[0].digest > all.facts[1].digest ? 0 : 1;
    BOOST_TEST(once.find(body_json(TRB_KIND_PAYMENT, all.facts[larger].body)) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_newer_version_settles_a_tie) {
    tellings all;
    add_payment(all, {.id = "in", .time = 1, .status = 1});
    add_payment(all, {.id = "in", .time = 1, .status = 2});
    add_payment(all, {.id = "in", .time = 2, .status = 3});
    BOOST_TEST(all.merged() == "in 0 2 in {\"status\":3}\n");
}

BOOST_AUTO_TEST_CASE(the_same_body_told_twice_is_no_tie) {
    tellings all;
    add_payment(all, {.id = "in", .time = 1, .status = 1});
    add_payment(all, {.id = "in", .time = 1, .status = 1});
    BOOST_TEST(all.merged() == "in 0 1 in {\"status\":1}\n");
}

BOOST_AUTO_TEST_CASE(every_version_of_a_subscription_is_history) {
    tellings all;
    add_version(all, 2, 0, 3);
    add_version(all, 1, 0, 2);
    add_version(all, 1, 0, 2); // Told twice.
    BOOST_TEST(all.merged() == "sub_1@1.0 1 1 sub_1 {\"status\":2}\nsub_1@2.0 2 2 sub_1 {\"status\":3}\n");
}

BOOST_AUTO_TEST_CASE(versions_of_one_moment_are_in_the_order_of_their_life_and_have_ids_of_their_own) {
    tellings all;
    add_version(all, 1, 5, 7);
    add_version(all, 1, 2, 3);
    add_version(all, 1, 1, 1);
    std::vector<std::size_t> order(all.facts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto facts = all.facts;
    const std::string once = all.merged();
    BOOST_TEST(once.find("\"status\":1") < once.find("\"status\":3"));
    BOOST_TEST(once.find("\"status\":3") < once.find("\"status\":7"));
    do {
        for (std::size_t index = 0; index < order.size(); ++index)
            all.facts[index] = facts[order[index]];
        BOOST_TEST(all.merged() == once);
    } while (std::next_permutation(order.begin(), order.end()));
    std::pmr::monotonic_buffer_resource arena;
    const merged_history history = merge_history(all.facts, arena);
    std::set<std::string_view> ids;
    for (const trb_merged_fact& one : history.facts)
        ids.emplace(one.id.data, one.id.size);
    BOOST_TEST(ids.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_tie_of_one_version_leaves_the_other_versions_clear) {
    tellings all;
    add_version(all, 1, 0, 2);
    add_version(all, 1, 0, 3);
    add_version(all, 2, 0, 4);
    std::pmr::monotonic_buffer_resource arena;
    const merged_history history = merge_history(all.facts, arena);
    BOOST_REQUIRE(history.facts.size() == 3u);
    BOOST_TEST(history.facts[0].ambiguous == 1u);
    BOOST_TEST(history.facts[1].ambiguous == 1u);
    BOOST_TEST(history.facts[2].ambiguous == 0u);
}

BOOST_AUTO_TEST_CASE(a_thing_is_historic_only_if_all_its_documents_are) {
    tellings all;
    add_payment(all, {.id = "a", .same_as = {"b"}});
    add_payment(all, {.id = "b"});
    all.facts[0].historic = true;
    BOOST_TEST(all.merged().find("historic") == std::string::npos);
    all.facts[1].historic = true;
    BOOST_TEST(all.merged().find("historic") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_order_and_no_repetition_of_the_facts_matters) {
    constexpr int sets = 200;
    constexpr int orders = 10;
    std::mt19937 random(11);
    const auto pick = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
    const std::string_view ids[] = {"a", "b", "c", "d", "e", "f"};
    for (int set = 0; set < sets; ++set) {
        tellings all;
        const int count = 2 + pick(7);
        for (int index = 0; index < count; ++index) {
            if (pick(4) == 0) {
                add_version(all, pick(3), pick(2), pick(3));
                continue;
            }
            telling said{.id = ids[pick(6)],
                         .time = pick(3),
                         .lifecycle = pick(2),
                         .source = pick(2),
                         .occurred = pick(3)};
            if (pick(3) == 0)
                said.same_as = {ids[pick(6)]};
            if (pick(2) == 0)
                said.status = pick(3);
            if (pick(2) == 0)
                said.cycle = pick(3);
            add_payment(all, said);
        }
        const std::string once = all.merged();
        for (int order = 0; order < orders; ++order) {
            if (order % 3 == 0) {
                decoded_fact again = all.facts[static_cast<std::size_t>(pick(count))];
                again.inbox_id = 1000 + order;
                all.facts.push_back(again);
            }
            std::shuffle(all.facts.begin(), all.facts.end(), random);
            BOOST_REQUIRE_EQUAL(all.merged(), once);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
