#include <boost/test/unit_test.hpp>

#include <set>

#include "validator/mutation.hpp"

using namespace tributary::validator;

BOOST_AUTO_TEST_SUITE(mutations)

BOOST_AUTO_TEST_CASE(a_mutation_is_never_what_it_was_and_follows_from_the_seed) {
    const std::string text = R"({"id":"evt_1","amount":1999,"list":[1,2,3],"nested":{"a":null}})";
    dice first(5);
    dice second(5);
    std::set<std::string> all;
    for (int round = 0; round < 2000; ++round) {
        const std::string made = mutated(text, first);
        BOOST_TEST(made != text);
        BOOST_TEST(made == mutated(text, second));
        all.insert(made);
    }
    BOOST_TEST(all.size() > 1500u);
    BOOST_TEST(mutated("", first) != "");
}

BOOST_AUTO_TEST_CASE(headers_are_removed_doubled_and_changed) {
    dice random(1);
    std::set<std::size_t> counts;
    bool changed = false;
    for (int round = 0; round < 200; ++round) {
        delivery_sample of;
        of.headers = {{"A", "value"}, {"B", "other"}};
        mutate_headers(of, random);
        counts.insert(of.headers.size());
        changed |=
            of.headers.size() == 2 && (of.headers[0].second != "value" || of.headers[1].second != "other");
    }
    BOOST_TEST((counts == std::set<std::size_t>{1, 2, 3}));
    BOOST_TEST(changed);
}

BOOST_AUTO_TEST_SUITE_END()
