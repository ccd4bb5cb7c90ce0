// Goal: subjects are a result of the set of claims, and of nothing else.
// Method: small histories with a known outcome, and random sets of facts in random orders with the laws as
// properties.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "identity/partition.hpp"

using namespace tributary::identity;

namespace {

using pairs = std::vector<std::pair<std::string, std::string>>;

constexpr int command = 0;
constexpr int customer_document = 1;
constexpr int purchase = 2;

node make(int order, std::int64_t at, std::vector<std::string> ids, std::string exclusive = {},
          std::vector<std::string> joined = {}) {
    node made;
    made.order = order;
    made.occurred_at = at;
    made.digest = ids.front() + exclusive;
    for (const std::string& one : joined)
        made.digest += "/" + one;
    std::sort(ids.begin(), ids.end());
    made.ids = std::move(ids);
    made.exclusive = std::move(exclusive);
    made.joined = std::move(joined);
    return made;
}

std::string user(std::string_view of) {
    return subject_id_of(of, {});
}

/// What a partition says, without the order of the input.
struct outcome {
    std::multiset<std::pair<std::string, std::string>> facts; ///< digest, subject
    pairs claims;
    pairs conflicts;
    bool operator==(const outcome&) const = default;
};

outcome outcome_of(const std::vector<node>& facts, const pairs& never_join) {
    const partition_result done = partition(facts, never_join);
    outcome seen{{}, done.claims, done.conflicts};
    for (std::size_t index = 0; index < facts.size(); ++index)
        seen.facts.emplace(facts[index].digest, done.subject_of[index]);
    return seen;
}

struct random_facts {
    std::mt19937 random;

    int pick(int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); }
    std::string id() { return "s:id|" + std::to_string(pick(7)); }
    std::string customer() { return "s:customer|" + std::to_string(pick(3)); }
    std::string user_claim() { return "x:user:" + std::to_string(pick(3)); }

    std::vector<node> set() {
        std::vector<node> facts;
        const int count = 2 + pick(8);
        for (int index = 0; index < count; ++index) {
            std::vector<std::string> ids{id()};
            if (pick(4) == 0)
                ids.push_back(id());
            std::sort(ids.begin(), ids.end());
            ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
            std::vector<std::string> joined;
            if (pick(3) == 0)
                joined.push_back(id());
            if (pick(2) == 0)
                joined.push_back(customer());
            facts.push_back(make(pick(3), pick(4), ids, pick(3) == 0 ? user_claim() : "", joined));
        }
        return facts;
    }

    pairs never_joined() {
        pairs apart;
        for (int count = pick(3) == 0 ? 1 + pick(2) : 0; count > 0; --count) {
            const std::string claims[] = {id(), customer(), user_claim()};
            const std::string left = claims[pick(3)];
            const std::string right = claims[pick(3)];
            if (left == right)
                continue;
            apart.emplace_back(left, right);
            apart.emplace_back(right, left);
        }
        std::sort(apart.begin(), apart.end());
        return apart;
    }
};

void check_laws(const std::vector<node>& facts, const pairs& never_join) {
    const partition_result done = partition(facts, never_join);
    std::map<std::string, std::string> holder(done.claims.begin(), done.claims.end());
    const std::set<std::pair<std::string, std::string>> conflicts(done.conflicts.begin(),
                                                                  done.conflicts.end());
    std::map<std::string, std::set<std::string>> exclusive_of;
    for (const auto& [claim, subject] : done.claims)
        if (claim.starts_with("x:"))
            exclusive_of[subject].insert(claim);
    for (const auto& [subject, claims] : exclusive_of)
        BOOST_REQUIRE_MESSAGE(claims.size() == 1 && subject == user(*claims.begin()), "exclusive ids meet");
    std::map<std::string, std::string> by_id;
    for (std::size_t index = 0; index < facts.size(); ++index) {
        const std::string& subject = done.subject_of[index];
        for (const std::string& id : facts[index].ids)
            BOOST_REQUIRE_MESSAGE(by_id.try_emplace(id, subject).first->second == subject,
                                  "a thing is torn apart");
        std::vector<std::string> keys = facts[index].joined;
        keys.insert(keys.end(), facts[index].ids.begin(), facts[index].ids.end());
        if (!facts[index].exclusive.empty())
            keys.push_back(facts[index].exclusive);
        for (const std::string& key : keys)
            BOOST_REQUIRE_MESSAGE(holder.at(key) == subject || conflicts.contains({key, subject}),
                                  "a claim is neither held nor in conflict");
    }
    for (const auto& [left, right] : never_join)
        if (holder.contains(left) && holder.contains(right))
            BOOST_REQUIRE_MESSAGE(holder.at(left) != holder.at(right), "never_join is broken");
}

} // namespace

BOOST_AUTO_TEST_SUITE(partitions)

BOOST_AUTO_TEST_CASE(shared_claims_join_and_the_user_names_the_subject) {
    const partition_result done = partition({make(purchase, 2, {"s:pi"}, "", {"s:cus"}),
                                             make(customer_document, 9, {"s:doc"}, "x:u", {"s:cus"}),
                                             make(purchase, 5, {"s:re"}, "", {"s:pi"})},
                                            {});
    for (const std::string& subject : done.subject_of)
        BOOST_TEST(subject == user("x:u"));
    BOOST_TEST(done.conflicts.empty());
}

BOOST_AUTO_TEST_CASE(without_a_user_the_smallest_claim_names_the_subject) {
    const partition_result done = partition(
        {make(purchase, 2, {"s:pi"}, "", {"s:cus"}), make(purchase, 2, {"s:zz"}, "", {"s:cus"})}, {});
    BOOST_TEST(done.subject_of[0] == subject_id_of({}, "s:cus"));
    BOOST_TEST(done.subject_of[1] == done.subject_of[0]);
}

BOOST_AUTO_TEST_CASE(a_purchase_follows_its_own_user_and_the_customer_stays_where_it_was) {
    const partition_result done = partition({make(customer_document, 9, {"s:doc"}, "x:u1", {"s:cus"}),
                                             make(purchase, 1, {"s:pi"}, "x:u2", {"s:cus"}),
                                             make(purchase, 2, {"s:pi2"}, "", {"s:cus"})},
                                            {});
    BOOST_TEST(done.subject_of[0] == user("x:u1"));
    BOOST_TEST(done.subject_of[1] == user("x:u2"));
    BOOST_TEST(done.subject_of[2] == user("x:u1"));
    BOOST_REQUIRE(done.conflicts.size() == 1u);
    BOOST_CHECK(done.conflicts[0] == std::pair(std::string("s:cus"), user("x:u2")));
}

BOOST_AUTO_TEST_CASE(of_two_users_the_first_in_the_fixed_order_gets_the_customer) {
    const auto holder_of_customer = [](std::vector<node> facts) {
        const partition_result done = partition(facts, {});
        for (const auto& [claim, subject] : done.claims)
            if (claim == "s:cus")
                return subject;
        return std::string();
    };
    BOOST_TEST(holder_of_customer({make(purchase, 1, {"s:a"}, "x:u1", {"s:cus"}),
                                   make(customer_document, 2, {"s:b"}, "x:u2", {"s:cus"})}) == user("x:u2"));
    BOOST_TEST(holder_of_customer({make(customer_document, 1, {"s:a"}, "x:u1", {"s:cus"}),
                                   make(command, 2, {"s:b"}, "x:u2", {"s:cus"})}) == user("x:u2"));
    BOOST_TEST(holder_of_customer({make(purchase, 2, {"s:a"}, "x:u1", {"s:cus"}),
                                   make(purchase, 1, {"s:b"}, "x:u2", {"s:cus"})}) == user("x:u2"));
}

BOOST_AUTO_TEST_CASE(documents_of_one_payment_follow_the_first_user_together) {
    const partition_result done =
        partition({make(purchase, 1, {"s:ch", "s:pi"}, "x:u2"), make(purchase, 0, {"s:cs", "s:pi"}, "x:u1"),
                   make(purchase, 5, {"s:in", "s:ch"})},
                  {});
    for (const std::string& subject : done.subject_of)
        BOOST_TEST(subject == user("x:u1"));
    BOOST_REQUIRE(done.conflicts.size() == 1u);
    BOOST_TEST(done.conflicts[0].first == "x:u2");
}

BOOST_AUTO_TEST_CASE(a_refund_is_where_its_payment_is_whoever_else_names_that_payment) {
    // The first refund has a user of its own and is older: it must not take the payment with it.
    const std::vector<node> facts{make(purchase, 1, {"s:re_1"}, "x:u1", {"s:pi"}),
                                  make(purchase, 2, {"s:pi"}, "x:u2"),
                                  make(purchase, 3, {"s:re_2"}, "", {"s:pi"})};
    const partition_result done = partition(facts, {});
    BOOST_TEST(done.subject_of[0] == user("x:u1"));
    BOOST_TEST(done.subject_of[1] == user("x:u2"));
    BOOST_TEST(done.subject_of[2] == user("x:u2"));
}

BOOST_AUTO_TEST_CASE(never_join_keeps_claims_apart) {
    const std::vector<node> facts{make(purchase, 1, {"s:a"}, "", {"s:cus"}),
                                  make(purchase, 2, {"s:b"}, "", {"s:cus"})};
    BOOST_TEST(partition(facts, {}).subject_of[0] == partition(facts, {}).subject_of[1]);
    const pairs apart{{"s:a", "s:b"}, {"s:b", "s:a"}};
    const partition_result done = partition(facts, apart);
    BOOST_TEST(done.subject_of[0] != done.subject_of[1]);
    BOOST_TEST(done.conflicts.size() == 1u);
}

BOOST_AUTO_TEST_CASE(laws_hold_and_the_order_does_not_matter) {
    constexpr int sets = 3000;
    constexpr int orders = 5;
    random_facts source{std::mt19937(3)};
    int with_conflicts = 0;
    for (int set = 0; set < sets; ++set) {
        std::vector<node> facts = source.set();
        const pairs apart = source.never_joined();
        check_laws(facts, apart);
        const outcome once = outcome_of(facts, apart);
        with_conflicts += once.conflicts.empty() ? 0 : 1;
        for (int order = 0; order < orders; ++order) {
            std::shuffle(facts.begin(), facts.end(), source.random);
            BOOST_REQUIRE(outcome_of(facts, apart) == once);
        }
    }
    BOOST_TEST(with_conflicts > sets / 20); // Or the sets are too tame to find anything.
}

BOOST_AUTO_TEST_SUITE_END()
