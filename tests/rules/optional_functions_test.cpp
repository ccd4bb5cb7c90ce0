#include <boost/test/unit_test.hpp>

#include "call.hpp"
#include "functions.hpp"

using namespace tributary::cel;
using namespace tributary::cel::test;

namespace {
constexpr std::string_view no_overload = "error: no such overload";
value number(std::int64_t given) {
    return value::int64(given);
}
} // namespace

BOOST_AUTO_TEST_SUITE(optional_functions)

BOOST_AUTO_TEST_CASE(an_optional_holds_one_value_or_none) {
    caller with(add_optional_functions);
    const value none = with.call("optional.none", {});
    const value null = with.call("optional.of", {value::null()});
    const value nested = with.call("optional.of", {none});
    BOOST_TEST(show(none) == "none");
    BOOST_TEST(show(null) == "optional(null)");
    BOOST_TEST(show(nested) == "optional(none)");
    BOOST_TEST(show(with.call("hasValue", {none})) == "false");
    BOOST_TEST(show(with.call("hasValue", {null})) == "true");
    BOOST_TEST(show(with.call("value", {null})) == "null");
    BOOST_TEST(show(with.call("value", {none})) == "error: the optional has no value");
    BOOST_TEST(show(with.call("value", {with.call("value", {nested})})) ==
               "error: the optional has no value");
}

BOOST_AUTO_TEST_CASE(the_first_that_has_a_value_wins) {
    caller with(add_optional_functions);
    const value none = with.call("optional.none", {});
    const value one = with.call("optional.of", {number(1)});
    const value two = with.call("optional.of", {number(2)});
    BOOST_TEST(show(with.call("or", {one, two})) == "optional(1)");
    BOOST_TEST(show(with.call("or", {none, two})) == "optional(2)");
    BOOST_TEST(show(with.call("or", {none, none})) == "none");
    BOOST_TEST(show(with.call("orValue", {one, number(42)})) == "1");
    BOOST_TEST(show(with.call("orValue", {none, number(42)})) == "42");
}

BOOST_AUTO_TEST_CASE(what_says_nothing_is_a_zero_value) {
    caller with(add_optional_functions);
    const value zeros[] = {value::null(),     value::boolean(false),   number(0),
                           value::uint64(0),  value::float64(0),       value::float64(-0.0),
                           value::string(""), value::bytes(""),        with.list({}),
                           with.map({}),      value::timestamp(0, 0),  value::duration(0),
                           value::rate(0, 0), value::optional(nullptr)};
    for (const value& zero : zeros) {
        BOOST_TEST(show(with.call("optional.ofNonZeroValue", {zero})) == "none", show(zero));
        BOOST_TEST(with.call("optional.of", {zero}).as_optional() != nullptr);
    }
    const value others[] = {value::boolean(true),
                            number(-1),
                            value::uint64(1),
                            value::float64(5e-324),
                            value::float64(std::numeric_limits<double>::quiet_NaN()),
                            value::string(" "),
                            value::bytes(std::string_view("\0", 1)),
                            with.list({value::null()}),
                            with.map({{number(0), value::null()}}),
                            value::timestamp(0, 1),
                            value::timestamp(-62135596800, 0),
                            value::duration(-1),
                            value::rate(1, 8),
                            value::type("int"),
                            with.call("optional.of", {value::null()})};
    for (const value& other : others)
        BOOST_TEST(show(with.call("optional.ofNonZeroValue", {other})) == "optional(" + show(other) + ")");
}

BOOST_AUTO_TEST_CASE(the_ends_of_a_list_may_be_missing) {
    caller with(add_optional_functions);
    const value two = with.list({number(1), number(2)});
    BOOST_TEST(show(with.call("first", {two})) == "optional(1)");
    BOOST_TEST(show(with.call("last", {two})) == "optional(2)");
    BOOST_TEST(show(with.call("first", {with.list({})})) == "none");
    BOOST_TEST(show(with.call("last", {with.list({})})) == "none");
}

BOOST_AUTO_TEST_CASE(a_list_of_optionals_is_unwrapped) {
    caller with(add_optional_functions);
    const value none = with.call("optional.none", {});
    const value one = with.call("optional.of", {number(1)});
    for (const std::string_view name : {"optional.unwrap", "unwrapOpt"}) {
        BOOST_TEST(show(with.call(name, {with.list({one, none, one})})) == "[1, 1]");
        BOOST_TEST(show(with.call(name, {with.list({none})})) == "[]");
        BOOST_TEST(show(with.call(name, {with.list({})})) == "[]");
        BOOST_TEST(show(with.call(name, {with.list({one, number(1)})})) == no_overload);
        BOOST_TEST(show(with.call(name, {one})) == no_overload);
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_optional_is_refused) {
    caller with(add_optional_functions);
    for (const std::string_view name : {"hasValue", "value", "first", "last"}) {
        BOOST_TEST(show(with.call(name, {number(1)})) == no_overload, name);
        BOOST_TEST(show(with.call(name, {})) == no_overload, name);
    }
    const value none = with.call("optional.none", {});
    BOOST_TEST(show(with.call("or", {none, number(1)})) == no_overload);
    BOOST_TEST(show(with.call("or", {number(1), none})) == no_overload);
    BOOST_TEST(show(with.call("orValue", {number(1), number(1)})) == no_overload);
    BOOST_TEST(show(with.call("optional.of", {})) == no_overload);
    BOOST_TEST(show(with.call("optional.none", {number(1)})) == no_overload);
}

BOOST_AUTO_TEST_CASE(optionals_keep_to_their_limits) {
    caller small(add_optional_functions, {.memory_bytes = 8, .elements = 1});
    BOOST_TEST(show(small.call("optional.of", {number(1)})) == "error: the memory limit is used up");
    const value one = number(1);
    const value some = value::optional(&one);
    BOOST_TEST(show(small.call("optional.unwrap", {small.list({some})})) ==
               "error: the memory limit is used up");
    BOOST_TEST(show(small.call("optional.unwrap", {small.list({some, some})})) ==
               "error: a list or map would be too long");
    caller poor(add_optional_functions, {.cost = 1});
    BOOST_TEST(show(poor.call("optional.unwrap", {poor.list({some, some})})) ==
               "error: the cost limit is used up");
}

BOOST_AUTO_TEST_SUITE_END()
