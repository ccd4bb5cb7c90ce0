#include <boost/test/unit_test.hpp>

#include <limits>

#include "call.hpp"
#include "functions.hpp"

using namespace tributary::cel;
using namespace tributary::cel::test;

namespace {

constexpr std::string_view none = "error: no such overload";
constexpr std::string_view outside = "error: index out of range";
constexpr std::string_view no_cost = "error: the cost limit is used up";
constexpr std::string_view no_memory = "error: the memory limit is used up";
constexpr auto int_min = std::numeric_limits<std::int64_t>::min();
constexpr auto int_max = std::numeric_limits<std::int64_t>::max();

value text(std::string_view given) {
    return value::string(given);
}
value number(std::int64_t given) {
    return value::int64(given);
}

struct row {
    std::string_view function;
    std::vector<value> arguments;
    std::string_view expected;
};

void check(const std::vector<row>& table) {
    caller with(add_string_functions);
    for (const auto& [function, arguments, expected] : table)
        BOOST_TEST(show(with.call(function, arguments)) == expected,
                   function << show(value::list(arguments)) << " gives "
                            << show(with.call(function, arguments)) << ", not " << expected);
}

} // namespace

BOOST_AUTO_TEST_SUITE(string_functions)

BOOST_AUTO_TEST_CASE(characters_are_counted_not_bytes) {
    check({
        {"charAt", {text("tacocat"), number(3)}, "'o'"},
        {"charAt", {text("\u00A9\u03B1T"), number(1)}, "'\u03B1'"},
        {"charAt", {text("tacocat"), number(7)}, "''"},
        {"charAt", {text(""), number(0)}, "''"},
        {"charAt", {text("a\xFFz"), number(1)}, "'\xFF'"},
        {"charAt", {text("tacocat"), number(8)}, outside},
        {"charAt", {text("tacocat"), number(-1)}, outside},
        {"charAt", {text("tacocat"), number(int_max)}, outside},
        {"charAt", {text("tacocat"), number(int_min)}, outside},
        {"charAt", {number(42), number(2)}, none},
        {"charAt", {text("a"), value::uint64(0)}, none},
        {"charAt", {text("a")}, none},
    });
}

BOOST_AUTO_TEST_CASE(a_part_is_found_from_the_front) {
    check({
        {"indexOf", {text("tacocat"), text("")}, "0"},
        {"indexOf", {text("tacocat"), text("ac")}, "1"},
        {"indexOf", {text("tacocat"), text("at"), number(3)}, "5"},
        {"indexOf", {text("ta\u00A9o\u00A9\u03B1T"), text("\u00A9")}, "2"},
        {"indexOf", {text("ta\u00A9o\u00A9\u03B1T"), text("\u00A9\u03B1T"), number(3)}, "4"},
        {"indexOf", {text("ta\u00A9o\u00A9\u03B1T"), text("\u00A9\u03B1"), number(5)}, "-1"},
        {"indexOf", {text("hello"), text("hello wello")}, "-1"},
        {"indexOf", {text(""), text("a")}, "-1"},
        {"indexOf", {text(""), text("")}, "0"},
        {"indexOf", {text("abc"), text(""), number(3)}, "3"},
        {"indexOf", {text("abc"), text("c"), number(3)}, "-1"},
        {"indexOf", {text("abc"), text("c"), number(4)}, outside},
        {"indexOf", {text("abc"), text(""), number(4)}, outside},
        {"indexOf", {text("abc"), text("c"), number(-1)}, outside},
        {"indexOf", {text("hello"), value::boolean(true)}, none},
        {"indexOf", {text("42"), text("4"), text("0")}, none},
        {"indexOf", {number(42), text("4"), number(0)}, none},
    });
}

BOOST_AUTO_TEST_CASE(a_part_is_found_from_the_back) {
    check({
        {"lastIndexOf", {text("tacocat"), text("")}, "7"},
        {"lastIndexOf", {text("tacocat"), text("at")}, "5"},
        {"lastIndexOf", {text("tacocat"), text(""), number(3)}, "3"},
        {"lastIndexOf", {text("tacocat"), text("a"), number(3)}, "1"},
        {"lastIndexOf", {text("ta\u00A9o\u00A9\u03B1T"), text("\u00A9"), number(3)}, "2"},
        {"lastIndexOf", {text("ta\u00A9o\u00A9\u03B1T"), text("\u00A9\u03B1"), number(4)}, "4"},
        {"lastIndexOf", {text("hello wello"), text("ello"), number(6)}, "1"},
        {"lastIndexOf", {text("hello"), text("hello wello")}, "-1"},
        {"lastIndexOf", {text(""), text("")}, "0"},
        {"lastIndexOf", {text("abc"), text("c"), number(3)}, "2"},
        {"lastIndexOf", {text("tacocat"), text("a"), number(-1)}, outside},
        {"lastIndexOf", {text("tacocat"), text("a"), number(8)}, outside},
        {"lastIndexOf", {text("tacocat"), text("a"), number(int_max)}, outside},
        {"lastIndexOf", {text("tacocat"), number(1)}, none},
    });
}

BOOST_AUTO_TEST_CASE(a_part_is_cut_out_and_shares_the_texts_memory) {
    check({
        {"substring", {text("tacocat"), number(4)}, "'cat'"},
        {"substring", {text("tacocat"), number(0), number(4)}, "'taco'"},
        {"substring", {text("tacocat"), number(4), number(4)}, "''"},
        {"substring", {text("tacocat"), number(7)}, "''"},
        {"substring", {text("ta\u00A9o\u00A9\u03B1T"), number(2), number(6)}, "'\u00A9o\u00A9\u03B1'"},
        {"substring", {text("ta\u00A9o\u00A9\u03B1T"), number(7), number(7)}, "''"},
        {"substring", {text(""), number(0), number(0)}, "''"},
        {"substring", {text("tacocat"), number(40)}, outside},
        {"substring", {text("tacocat"), number(1), number(50)}, outside},
        {"substring", {text("tacocat"), number(49), number(50)}, outside},
        {"substring", {text("tacocat"), number(-1)}, outside},
        {"substring", {text("tacocat"), number(0), number(int_min)}, outside},
        {"substring", {text("tacocat"), number(4), number(3)}, outside},
        {"substring", {text("tacocat"), number(0), value::boolean(false)}, none},
        {"substring", {text("hello"), number(1), number(2), number(3)}, none},
        {"substring", {number(30), number(1)}, none},
    });
    caller with(add_string_functions);
    const std::string given = "tacocat";
    BOOST_TEST(with.call("substring", {text(given), number(4)}).as_text().data() == given.data() + 4);
    BOOST_TEST(with.call("charAt", {text(given), number(9)}).error_detail() ==
               "index 9 in a text of 7 characters");
}

BOOST_AUTO_TEST_CASE(case_changes_in_ascii_only) {
    check({
        {"lowerAscii", {text("TacoC\u00C6t")}, "'tacoc\u00C6t'"},
        {"upperAscii", {text("tacoC\u03B1t {|}~`@")}, "'TACOC\u03B1T {|}~`@'"},
        {"lowerAscii", {text("[]AZ\xFF")}, "'[]az\xFF'"},
        {"upperAscii", {text("")}, "''"},
        {"lowerAscii", {value::bytes("A")}, none},
        {"upperAscii", {text("a"), text("b")}, none},
    });
}

BOOST_AUTO_TEST_CASE(characters_are_reversed_whole) {
    check({
        {"reverse", {text("")}, "''"},
        {"reverse", {text("\u263A")}, "'\u263A'"},
        {"reverse", {text("Ta\u00A9oC\u03B1t")}, "'t\u03B1Co\u00A9aT'"},
        {"reverse",
         {text("a\xFF\xE2\x82z")},
         "'z\x82\xE2\xFF"
         "a'"},
        {"reverse", {number(1)}, none},
    });
}

BOOST_AUTO_TEST_CASE(white_space_is_what_unicode_says) {
    check({
        {"trim", {text(" \f\n\r\t\vtext  ")}, "'text'"},
        {"trim",
         {text("\u0085\u00A0\u1680te xt\u2000\u2009\u200A\u2028\u2029\u202F\u205F\u3000")},
         "'te xt'"},
        {"trim",
         {text("\u180Etext\u200B\u200C\u200D\u2060\uFEFF")},
         "'\u180Etext\u200B\u200C\u200D\u2060\uFEFF'"},
        {"trim", {text(" \t ")}, "''"},
        {"trim", {text("")}, "''"},
        {"trim", {text(" \xFF ")}, "'\xFF'"},
        {"trim", {value::null()}, none},
    });
}

BOOST_AUTO_TEST_CASE(what_needs_an_escape_is_quoted_with_one) {
    check({
        {"strings.quote", {text("")}, "'\"\"'"},
        {"strings.quote", {text("first\nsecond")}, "'\"first\\nsecond\"'"},
        {"strings.quote", {text("\a\b\f\r\t\v")}, "'\"\\a\\b\\f\\r\\t\\v\"'"},
        {"strings.quote", {text("a \\ and a \"")}, "'\"a \\\\ and a \\\"\"'"},
        {"strings.quote", {text("it's \U0001F431")}, "'\"it's \U0001F431\"'"},
        {"strings.quote", {text("a\xFFz")}, "'\"a\uFFFDz\"'"},
        {"strings.quote", {text(std::string_view("\0", 1))}, std::string_view("'\"\0\"'", 5)},
        {"strings.quote", {value::bytes("a")}, none},
    });
}

BOOST_AUTO_TEST_CASE(parts_are_replaced) {
    check({
        {"replace", {text("12 days 12 hours"), text("{0}"), text("2")}, "'12 days 12 hours'"},
        {"replace", {text("{0} days {0} hours"), text("{0}"), text("2"), number(1)}, "'2 days {0} hours'"},
        {"replace",
         {text("1 \u00A9\u03B1T taco"), text("\u03B1T"), text("o\u00A9\u03B1")},
         "'1 \u00A9o\u00A9\u03B1 taco'"},
        {"replace", {text("hello hello"), text("he"), text("we"), number(-1)}, "'wello wello'"},
        {"replace", {text("hello hello"), text("he"), text("we"), number(0)}, "'hello hello'"},
        {"replace", {text("hello hello"), text("he"), text("we"), number(int_max)}, "'wello wello'"},
        {"replace", {text("hello hello"), text("he"), text("we"), number(int_min)}, "'wello wello'"},
        {"replace", {text("aaaaa"), text("aa"), text("b")}, "'bba'"},
        {"replace", {text("aaaa"), text("a"), text("")}, "''"},
        {"replace", {text("a\u00A9"), text(""), text("-")}, "'-a-\u00A9-'"},
        {"replace", {text("a\u00A9"), text(""), text("-"), number(2)}, "'-a-\u00A9'"},
        {"replace", {text(""), text(""), text("-")}, "'-'"},
        {"replace", {text(""), text("a"), text("-")}, "''"},
        {"replace", {text("42"), text("2"), number(1)}, none},
        {"replace", {text("42"), number(2), text("1"), number(1)}, none},
        {"replace", {text("42"), text("2"), text("1"), number(1), value::boolean(false)}, none},
    });
}

BOOST_AUTO_TEST_CASE(a_text_is_split) {
    check({
        {"split", {text("hello world"), text(" ")}, "['hello', 'world']"},
        {"split", {text("hello world events!"), text(" "), number(0)}, "[]"},
        {"split", {text("hello world events!"), text(" "), number(1)}, "['hello world events!']"},
        {"split", {text("hello world events!"), text(" "), number(2)}, "['hello', 'world events!']"},
        {"split", {text("o\u00A9o\u00A9o"), text("\u00A9"), number(-1)}, "['o', 'o', 'o']"},
        {"split", {text("a,b"), text(","), number(int_max)}, "['a', 'b']"},
        {"split", {text(",a,,b,"), text(",")}, "['', 'a', '', 'b', '']"},
        {"split", {text("a\u00A9c"), text("")}, "['a', '\u00A9', 'c']"},
        {"split", {text("a\u00A9c"), text(""), number(2)}, "['a', '\u00A9c']"},
        {"split", {text("a\u00A9c"), text(""), number(1)}, "['a\u00A9c']"},
        {"split", {text(""), text("")}, "[]"},
        {"split", {text(""), text(",")}, "['']"},
        {"split", {text("abc"), text("abcd")}, "['abc']"},
        {"split", {text("42"), number(2)}, none},
        {"split", {text("42"), text("2"), text("1")}, none},
        {"split", {number(42), text("")}, none},
    });
    caller with(add_string_functions);
    const std::string given = "a,b";
    BOOST_TEST(with.call("split", {text(given), text(",")}).as_list()[1].as_text().data() ==
               given.data() + 2);
}

BOOST_AUTO_TEST_CASE(texts_are_joined) {
    caller with(add_string_functions);
    const value two = with.list({text("x"), text("\u00A9")});
    BOOST_TEST(show(with.call("join", {two, text("-")})) == "'x-\u00A9'");
    BOOST_TEST(show(with.call("join", {two})) == "'x\u00A9'");
    BOOST_TEST(show(with.call("join", {with.list({}), text("-")})) == "''");
    BOOST_TEST(show(with.call("join", {with.list({})})) == "''");
    BOOST_TEST(show(with.call("join", {with.list({text(""), text("")}), text("")})) == "''");
    BOOST_TEST(show(with.call("join", {with.list({text("x")}), text("-")})) == "'x'");
    BOOST_TEST(show(with.call("join", {with.list({text("x"), number(1)})})) == none);
    BOOST_TEST(show(with.call("join", {two, number(1)})) == none);
    BOOST_TEST(show(with.call("join", {text("xy"), text("-")})) == none);
}

BOOST_AUTO_TEST_CASE(no_list_gets_longer_than_its_limit) {
    caller with(add_string_functions, {.elements = 3});
    BOOST_TEST(show(with.call("split", {text("a,b,c"), text(",")})) == "['a', 'b', 'c']");
    BOOST_TEST(show(with.call("split", {text("a,b,c,d"), text(",")})) ==
               "error: a list or map would be too long");
    BOOST_TEST(show(with.call("split", {text("abcd"), text("")})) ==
               "error: a list or map would be too long");
    BOOST_TEST(show(with.call("split", {text("a,b,c,d"), text(","), number(3)})) == "['a', 'b', 'c,d']");
}

BOOST_AUTO_TEST_CASE(nothing_is_built_that_does_not_fit) {
    const std::string large(1000, 'a');
    caller with(add_string_functions, {.cost = 1'000'000, .memory_bytes = 4000});
    // A million bytes and a text that no size could say, both known before the first byte is written.
    BOOST_TEST(show(with.call("replace", {text(large), text("a"), text(large)})) == no_memory);
    BOOST_TEST(show(with.call("replace", {text(large), text(""), text(large)})) == no_memory);
    BOOST_TEST(show(with.call("join", {with.list(std::vector<value>(10, text(large)))})) == no_memory);
    BOOST_TEST(show(with.call("join", {with.list(std::vector<value>(10, text(""))), text(large)})) ==
               no_memory);
    BOOST_TEST(show(with.call("split", {text(large), text("")})) == no_memory);
    BOOST_TEST(show(with.call("strings.quote", {text(std::string(5000, 'a'))})) == no_memory);
    for (int i = 0; i < 4; ++i)
        BOOST_TEST(with.call("upperAscii", {text(large)}).is(value_kind::string));
    for (const std::string_view function : {"upperAscii", "lowerAscii", "reverse", "strings.quote"})
        BOOST_TEST(show(with.call(function, {text(large)})) == no_memory, function);
}

BOOST_AUTO_TEST_CASE(long_texts_use_the_budget_up) {
    const std::string large(1600, 'a');
    const std::vector<row> table = {
        {"charAt", {text(large), number(0)}, no_cost},
        {"indexOf", {text(large), text("a")}, no_cost},
        {"lastIndexOf", {text(large), text("a")}, no_cost},
        {"substring", {text(large), number(0)}, no_cost},
        {"lowerAscii", {text(large)}, no_cost},
        {"upperAscii", {text(large)}, no_cost},
        {"reverse", {text(large)}, no_cost},
        {"trim", {text(large)}, no_cost},
        {"strings.quote", {text(large)}, no_cost},
        {"replace", {text(large), text("b"), text("")}, no_cost},
        {"split", {text(large), text("b")}, no_cost},
        {"format", {text(large), value::list({})}, no_cost},
    };
    for (const auto& [function, arguments, expected] : table) {
        caller with(add_string_functions, {.cost = 99});
        BOOST_TEST(show(with.call(function, arguments)) == expected, function);
    }
    caller with(add_string_functions, {.cost = 99});
    BOOST_TEST(show(with.call("join", {with.list({text(large), text("b")})})) == no_cost);
    caller again(add_string_functions, {.cost = 99});
    BOOST_TEST(show(again.call("replace", {text("aa"), text("a"), text(large)})) == no_cost);
    // A search backwards may take the product of both lengths, and is charged for it.
    caller backwards(add_string_functions, {.cost = 1000});
    BOOST_TEST(show(backwards.call("lastIndexOf", {text(large), text(std::string(800, 'a'))})) == no_cost);
}

BOOST_AUTO_TEST_SUITE_END()
