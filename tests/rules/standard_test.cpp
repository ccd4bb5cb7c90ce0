#include <boost/test/unit_test.hpp>

#include "call.hpp"
#include "functions.hpp"

using namespace tributary::cel;
using namespace tributary::cel::test;

namespace {
value text(std::string_view given) {
    return value::string(given);
}
} // namespace

BOOST_AUTO_TEST_SUITE(standard_functions)

BOOST_AUTO_TEST_CASE(size_counts_characters_octets_elements_and_entries) {
    caller with(add_standard_functions);
    const std::pair<value, std::string_view> table[] = {
        {text(""), "0"},
        {text("A"), "1"},
        {text("\u03C0\u03AD\u03BD\u03C4\u03B5"), "5"},
        {text("\U0001F431\U0001F600\U0001F61B"), "3"},
        {text("a\xFF\xFE"), "3"},
        {value::bytes("\xFF\xFE"), "2"},
        {value::bytes(""), "0"},
        {with.list({}), "0"},
        {with.list({value::int64(4), value::null()}), "2"},
        {with.map({{value::int64(1), value::null()}}), "1"},
        {value::int64(3), "error: no such overload"},
        {value::null(), "error: no such overload"},
    };
    for (const auto& [given, expected] : table)
        BOOST_TEST(show(with.call("size", {given})) == expected);
    BOOST_TEST(show(with.call("size", {})) == "error: no such overload");
}

BOOST_AUTO_TEST_CASE(texts_are_looked_for_in_texts) {
    caller with(add_standard_functions);
    struct row {
        std::string_view function, given, part;
        bool expected;
    };
    const row table[] = {
        {"contains", "hello", "he", true},
        {"contains", "hello", "ol", false},
        {"contains", "abababc", "ababc", true},
        {"contains", "", "", true},
        {"contains", "", "a", false},
        {"contains", "a", "", true},
        {"startsWith", "foobar", "foo", true},
        {"startsWith", "foobar", "bar", false},
        {"startsWith", "", "", true},
        {"startsWith", "", "foo", false},
        {"endsWith", "foobar", "bar", true},
        {"endsWith", "foobar", "foo", false},
        {"endsWith", "fort\u00E9", "t\u00E9", true},
        {"endsWith", "", "foo", false},
        {"endsWith", "bar", "foobar", false},
        {"matches", "hubba", "ubb", true},
        {"matches", "cows", "", true},
        {"matches", "", "", true},
        {"matches", "grey", "gr(a|e)y", true},
        {"matches", "grey", "^g$", false},
        {"matches", "ma\u00F1ana", "a+\u00F1+a+", true},
        {"matches", "\u00F1", "^.$", true},
        {"matches", "a\xFF", "a", true},
    };
    for (const auto& [function, given, part, expected] : table)
        BOOST_TEST(show(with.call(function, {text(given), text(part)})) == (expected ? "true" : "false"),
                   function << " " << given << " " << part);
}

BOOST_AUTO_TEST_CASE(other_kinds_are_no_texts) {
    caller with(add_standard_functions);
    for (const std::string_view function : {"contains", "startsWith", "endsWith", "matches"}) {
        for (const std::vector<value>& arguments : {std::vector<value>{text("a"), value::bytes("a")},
                                                    {value::bytes("a"), text("a")},
                                                    {text("a")},
                                                    {text("a"), value::null()},
                                                    {text("a"), text("a"), text("a")}})
            BOOST_TEST(show(with.call(function, arguments)) == "error: no such overload", function);
    }
}

BOOST_AUTO_TEST_CASE(looking_at_long_texts_uses_the_budget_up) {
    const std::string large(1000, 'a');
    caller with(add_standard_functions, {.cost = 100});
    BOOST_TEST(show(with.call("contains", {text(large), text("b")})) == "false");
    BOOST_TEST(with.context().cost_left() == 38U); // 1001 / 16 are gone.
    BOOST_TEST(show(with.call("contains", {text(large), text("b")})) == "error: the cost limit is used up");
    BOOST_TEST(show(with.call("startsWith", {text(large), text(large)})) ==
               "error: the cost limit is used up");
    BOOST_TEST(show(with.call("endsWith", {text(large), text(large)})) == "error: the cost limit is used up");
    BOOST_TEST(show(with.call("size", {text(large)})) == "error: the cost limit is used up");
    BOOST_TEST(show(with.call("size", {value::bytes(large)})) == "1000");
}

BOOST_AUTO_TEST_CASE(a_type_has_a_name_and_is_a_value) {
    caller with(add_standard_functions);
    BOOST_TEST(show(with.call("type", {value::null()})) == "type null_type");
    BOOST_TEST(show(with.call("type", {value::timestamp(0, 0)})) == "type google.protobuf.Timestamp");
    BOOST_TEST(show(with.call("type", {with.call("type", {value::int64(1)})})) == "type type");
    BOOST_TEST(show(with.call("dyn", {value::int64(1)})) == "1");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(patterns)

BOOST_AUTO_TEST_CASE(a_literal_pattern_is_compiled_once_and_then_only_used) {
    caller with(add_standard_functions);
    const value pattern = with.read("matches", 1, "^a+b$");
    BOOST_REQUIRE(pattern.is(value_kind::opaque));
    const auto before = with.context().cost_left();
    BOOST_TEST(show(with.call("matches", {text("aaab"), pattern})) == "true");
    BOOST_TEST(show(with.call("matches", {text("aaabc"), pattern})) == "false");
    BOOST_TEST(with.context().cost_left() == before);
    BOOST_TEST(show(with.call("matches", {value::bytes("aaab"), pattern})) == "error: no such overload");
}

BOOST_AUTO_TEST_CASE(without_a_keeper_a_pattern_stays_a_text_that_was_checked) {
    caller with(add_standard_functions);
    const auto read = with.declaration("matches").literals.at(1).read;
    BOOST_TEST(show(read(with.context(), "^a+b$")) == "'^a+b$'");
    BOOST_TEST(show(read(with.context(), "(")) == "error: invalid argument");
}

BOOST_AUTO_TEST_CASE(what_is_no_pattern_is_refused_with_a_reason) {
    caller with(add_standard_functions);
    // The last two are patterns elsewhere: they would need backtracking.
    for (const std::string_view bad : {"(", "[", "*", "a{2,1}", "\\", "a{1001}", "\xFF", "(a)\\1", "(?=a)"}) {
        const value read = with.read("matches", 1, bad);
        BOOST_TEST(show(read) == "error: invalid argument", bad);
        BOOST_TEST(read.error_detail().find("is not a regular expression: ") != std::string_view::npos);
        BOOST_TEST(show(with.call("matches", {text("a"), text(bad)})) == "error: invalid argument", bad);
    }
}

BOOST_AUTO_TEST_CASE(a_pattern_that_would_need_much_memory_is_refused) {
    caller with(add_standard_functions);
    BOOST_TEST(show(with.call("matches", {text("a"), text("((a{100}){10}){100}")})) ==
               "error: invalid argument");
    BOOST_TEST(show(with.call("matches", {text("a"), text("(\\pL{500}){2}")})) == "error: invalid argument");
}

BOOST_AUTO_TEST_CASE(another_extensions_value_is_not_taken_for_a_pattern) {
    caller with(add_standard_functions);
    const int other = 1;
    BOOST_TEST(show(with.call("matches", {text("a"), value::opaque(&other)})) == "error: no such overload");
    BOOST_TEST(show(with.call("matches", {text("a"), value::opaque(&other, 7)})) ==
               "error: no such overload");
}

BOOST_AUTO_TEST_CASE(patterns_and_the_texts_they_see_use_the_budget_up) {
    const std::string large(1600, 'a');
    caller with(add_standard_functions, {.cost = 1000});
    BOOST_TEST(show(with.call("matches", {text("a"), text(large)})) == "error: the cost limit is used up");
    caller again(add_standard_functions, {.cost = 1000});
    BOOST_TEST(show(again.call("matches", {text(large), text("b")})) == "false");
    BOOST_TEST(again.context().cost_left() <= 898U); // 100 for the text, 2 or so for the pattern.
    const value pattern = again.read("matches", 1, "(x+x+)+y[a-z]{3}[0-9]{40}");
    BOOST_TEST(show(again.call("matches", {text(large), pattern})) == "error: the cost limit is used up");
}

BOOST_AUTO_TEST_CASE(a_short_pattern_that_is_a_large_program_costs_what_it_takes) {
    for (const std::string_view pattern :
         {"\\pL\\pN", "\\pL{50}"}) { // One that is compiled, one that is not.
        caller with(add_standard_functions, {.cost = 2000});
        with.call("matches", {text("a"), text(pattern)});
        BOOST_TEST(with.context().cost_left() < 1900U, pattern);
        for (int i = 0; i < 20; ++i)
            with.call("matches", {text("a"), text(pattern)});
        BOOST_TEST(with.context().cost_left() == 0U, pattern);
    }
    caller with(add_standard_functions, {.cost = 50});
    BOOST_TEST(show(with.call("matches", {text("a"), text("(")})) == "error: the cost limit is used up");
}

BOOST_AUTO_TEST_SUITE_END()
