#include <boost/test/unit_test.hpp>

#include <limits>

#include "call.hpp"
#include "functions.hpp"

using namespace tributary::cel;
using namespace tributary::cel::test;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr auto int_min = std::numeric_limits<std::int64_t>::min();
constexpr auto uint_max = std::numeric_limits<std::uint64_t>::max();

value text(std::string_view given) {
    return value::string(given);
}
value number(std::int64_t given) {
    return value::int64(given);
}
value real(double given) {
    return value::float64(given);
}

struct row {
    std::string_view format;
    std::vector<value> arguments;
    std::string_view expected;
};

void check(caller& with, const std::vector<row>& table) {
    for (const auto& [format, arguments, expected] : table) {
        const value made = with.call("format", {text(format), with.list(arguments)});
        BOOST_REQUIRE_MESSAGE(made.is(value_kind::string), format << " gives " << show(made));
        BOOST_TEST(made.as_text() == expected, format << " gives " << made.as_text() << ", not " << expected);
    }
}
void check(const std::vector<row>& table) {
    caller with(add_string_functions);
    check(with, table);
}

/// The errors of a format, with the beginning of their details.
void check_refused(caller& with, evaluation_errc code, const std::vector<row>& table) {
    for (const auto& [format, arguments, detail] : table) {
        const value made = with.call("format", {text(format), with.list(arguments)});
        BOOST_REQUIRE_MESSAGE(made.is_error(), format << " gives " << show(made));
        BOOST_TEST((made.error_code() == code), format << " gives " << show(made));
        BOOST_TEST(made.error_detail() == detail);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(formats)

BOOST_AUTO_TEST_CASE(text_around_the_clauses_stays) {
    check({
        {"", {}, ""},
        {"no substitution", {}, "no substitution"},
        {"str is %s and some more", {text("filler")}, "str is filler and some more"},
        {"%%%s%%", {text("text")}, "%text%"},
        {"%%s", {}, "%s"},
        {"100%%", {}, "100%"},
        {"\u00E9%s\U0001F431%s", {text("1"), text("2")}, "\u00E91\U0001F4312"},
        {"%s", {text("%s %d")}, "%s %d"},
        {"%s", {text("first"), text("and more than it takes")}, "first"},
    });
}

BOOST_AUTO_TEST_CASE(whole_numbers_come_in_five_bases) {
    check({
        {"%d", {number(128)}, "128"},
        {"%d", {number(int_min)}, "-9223372036854775808"},
        {"%d", {value::uint64(uint_max)}, "18446744073709551615"},
        {"%b", {number(5)}, "101"},
        {"%b", {number(-5)}, "-101"},
        {"%b", {number(0)}, "0"},
        {"%b", {value::uint64(uint_max)}, "1111111111111111111111111111111111111111111111111111111111111111"},
        {"%b", {number(int_min)}, "-1000000000000000000000000000000000000000000000000000000000000000"},
        {"%b%b", {value::boolean(true), value::boolean(false)}, "10"},
        {"%o", {number(11)}, "13"},
        {"%x", {number(30)}, "1e"},
        {"%X", {number(-30)}, "-1E"},
        {"%X", {value::uint64(6000)}, "1770"},
        {"%x", {number(int_min)}, "-8000000000000000"},
    });
}

BOOST_AUTO_TEST_CASE(octets_come_in_hexadecimal) {
    check({
        {"%x", {text("Hello world!")}, "48656c6c6f20776f726c6421"},
        {"%X", {text("Hello \xFF")}, "48656C6C6F20FF"},
        {"%x", {value::bytes(std::string_view("\0\x0F\xF0", 3))}, "000ff0"},
        {"%x", {text("")}, ""},
    });
}

BOOST_AUTO_TEST_CASE(decimals_are_rounded_by_their_exact_value_and_from_the_middle_to_even) {
    check({
        {"%f", {real(2.71828)}, "2.718280"},
        {"%.3f", {real(1.2345)}, "1.234"},
        {"%.3f", {real(123.4999)}, "123.500"},
        {"%.3f", {real(-123.4994)}, "-123.499"},
        {"%.0f", {real(1.5)}, "2"},
        {"%.0f", {real(2.5)}, "2"},
        {"%.0f", {real(-2.5)}, "-2"},
        {"%.0f", {real(3.5001)}, "4"},
        {"%.2f", {real(0.125)}, "0.12"},
        {"%.2f", {real(0.375)}, "0.38"},
        {"%.2f", {real(1.005)}, "1.00"},
        {"%.1f", {real(-0.0)}, "-0.0"},
        {"%.1f", {real(1e22)}, "10000000000000000000000.0"},
        {"%.20f", {real(0.1)}, "0.10000000000000000555"},
        {"%.6e", {real(1052.032911275)}, "1.052033e+03"},
        {"%e", {real(2.71828)}, "2.718280e+00"},
        {"%.0e", {real(2.5)}, "2e+00"},
        {"%.1e", {real(5e-324)}, "4.9e-324"},
        {"%e", {real(0)}, "0.000000e+00"},
    });
}

BOOST_AUTO_TEST_CASE(whole_numbers_as_decimals_lose_no_digit) {
    check({
        {"%f", {number(2)}, "2.000000"},
        {"%.0f", {number(-2)}, "-2"},
        {"%.1f", {number(9007199254740993)}, "9007199254740993.0"},
        {"%.2f", {value::uint64(uint_max)}, "18446744073709551615.00"},
        {"%.2f", {number(int_min)}, "-9223372036854775808.00"},
        {"%.2e", {number(1234)}, "1.23e+03"},
        {"%.2e", {value::uint64(1)}, "1.00e+00"},
    });
}

BOOST_AUTO_TEST_CASE(what_is_no_number_on_the_line_has_its_name) {
    for (const std::string_view clause : {"%d", "%f", "%e", "%.1f", "%s"}) {
        check({{clause, {real(not_a_number)}, "NaN"},
               {clause, {real(infinity)}, "Infinity"},
               {clause, {real(-infinity)}, "-Infinity"}});
    }
    check({{"%d", {real(2)}, "2"}, {"%d", {real(2.5)}, "2.5"}});
}

BOOST_AUTO_TEST_CASE(every_value_with_a_text_is_shown) {
    caller with(add_string_functions);
    check(with,
          {
              {"%s", {value::null()}, "null"},
              {"%s", {value::boolean(true)}, "true"},
              {"%s", {number(999999999999)}, "999999999999"},
              {"%s", {value::uint64(3)}, "3"},
              {"%s", {real(3.14)}, "3.14"},
              {"%s", {value::bytes("xyz")}, "xyz"},
              {"%s", {value::type("int")}, "int"},
              {"%s", {value::timestamp(1675467080, 0)}, "2023-02-03T23:31:20Z"},
              {"%s", {value::duration(7'200'000'000'000)}, "7200s"},
              {"%s", {with.list({})}, "[]"},
              {"%s",
               {with.list({text("abc"), real(3.14), with.list({number(9), number(8)})})},
               "[abc, 3.14, [9, 8]]"},
              {"%s", {with.map({})}, "{}"},
              {"%s", {with.list({with.map({{text("k"), with.list({value::null()})}})})}, "[{k: [null]}]"},
          });
}

BOOST_AUTO_TEST_CASE(maps_are_shown_in_the_order_of_their_keys_texts) {
    caller with(add_string_functions);
    check(with, {
                    {"%s",
                     {with.map({{text("strKey"), text("x")},
                                {number(6), value::duration(422'000'000'000)},
                                {value::boolean(true), number(42)}})},
                     "{6: 422s, strKey: x, true: 42}"},
                    {"%s",
                     {with.map({{number(10), text("ten")}, {value::uint64(9), text("nine")}})},
                     "{10: ten, 9: nine}"},
                });
}

BOOST_AUTO_TEST_CASE(a_clause_that_does_not_take_its_argument_says_which_and_why) {
    caller with(add_string_functions);
    check_refused(
        with, evaluation_errc::invalid_argument,
        {
            {"%s %b",
             {text("a"), text("abc")},
             "argument 2 of format: '%b' takes an int, a uint or a bool, not string"},
            {"%d",
             {value::duration(1)},
             "argument 1 of format: '%d' takes a number, not google.protobuf.Duration"},
            {"%d", {text("1")}, "argument 1 of format: '%d' takes a number, not string"},
            {"%o", {text("a")}, "argument 1 of format: '%o' takes an int or a uint, not string"},
            {"%o", {real(8)}, "argument 1 of format: '%o' takes an int or a uint, not double"},
            {"%b", {real(1)}, "argument 1 of format: '%b' takes an int, a uint or a bool, not double"},
            {"%x",
             {real(0.5)},
             "argument 1 of format: '%x' takes an int, a uint, a string or bytes, not double"},
            {"%X",
             {value::null()},
             "argument 1 of format: '%X' takes an int, a uint, a string or bytes, not null_type"},
            {"%e", {value::null()}, "argument 1 of format: '%e' takes a number, not null_type"},
            {"%f", {text("NaN")}, "argument 1 of format: '%f' takes a number, not string"},
            {"%s", {value::optional(nullptr)}, "argument 1 of format: '%s' does not take optional_type"},
            {"%s",
             {with.list({value::optional(nullptr)})},
             "argument 1 of format: '%s' does not take optional_type"},
        });
    check_refused(with, evaluation_errc::invalid_utf8,
                  {{"%s", {value::bytes("\xFF")}, "argument 1 of format has bytes that are no text"}});
    check_refused(with, evaluation_errc::index_out_of_range,
                  {{"%s", {}, "format has no argument 1 for '%s'"},
                   {"%s %d", {text("a")}, "format has no argument 2 for '%d'"}});
}

BOOST_AUTO_TEST_CASE(a_clause_that_is_none_is_refused) {
    caller with(add_string_functions);
    const value one = number(1);
    check_refused(
        with, evaluation_errc::invalid_argument,
        {
            {"%E", {one}, "format has no clause '%E'"},
            {"%\u00E9", {one}, "format has no clause '%\u00E9'"},
            {"% d", {one}, "format has no clause '% '"},
            {"%5d", {one}, "format has no clause '%5'"},
            {"%-1f", {one}, "format has no clause '%-'"},
            {"%.3%", {one}, "format has no clause '%%'"},
            {"%", {one}, "the format ends within a clause"},
            {"%%%", {one}, "the format ends within a clause"},
            {"%.3", {one}, "the format ends within a clause"},
            {"%.f", {one}, "no digits after the point of a clause of format"},
            {"%.-1f", {one}, "no digits after the point of a clause of format"},
            {"%.", {one}, "no digits after the point of a clause of format"},
            {"%.1001f", {one}, "format gives no more than 1000 digits after the point"},
            {"%.99999999999999999999f", {one}, "format gives no more than 1000 digits after the point"},
        });
    BOOST_TEST(show(with.call("format", {text("%s"), one})) == "error: no such overload");
    BOOST_TEST(show(with.call("format", {text("%s")})) == "error: no such overload");
    BOOST_TEST(show(with.call("format", {value::bytes("%s"), with.list({one})})) ==
               "error: no such overload");
}

BOOST_AUTO_TEST_CASE(the_longest_decimals_fit) {
    caller with(add_string_functions);
    const auto size_of = [&](std::string_view format, double given) {
        return with.call("format", {text(format), with.list({real(given)})}).as_text().size();
    };
    BOOST_TEST(size_of("%.1000f", -std::numeric_limits<double>::max()) == 1U + 309U + 1U + 1000U);
    BOOST_TEST(size_of("%.1000f", 5e-324) == 1U + 1U + 1000U);
    BOOST_TEST(size_of("%.1000e", -5e-324) == 1U + 1U + 1U + 1000U + 5U);
}

BOOST_AUTO_TEST_CASE(values_nested_deeper_than_the_stack_are_refused) {
    caller with(add_string_functions);
    value deep = number(1);
    for (int i = 0; i < 32; ++i)
        deep = with.list({deep});
    BOOST_TEST(with.call("format", {text("%s"), with.list({deep})}).is(value_kind::string));
    for (int i = 0; i < 10'000; ++i)
        deep = with.list({deep});
    BOOST_TEST(with.call("format", {text("%s"), with.list({deep})}).error_detail() ==
               "argument 1 of format is too deep");
}

BOOST_AUTO_TEST_CASE(a_result_keeps_to_its_limits) {
    const std::string large(1600, 'a');
    caller with(add_string_functions, {.cost = 1'000'000, .memory_bytes = 4000});
    const value thrice = with.list({text(large), text(large), text(large)});
    BOOST_TEST(show(with.call("format", {text("%s%s%s"), thrice})) == "error: the memory limit is used up");
    BOOST_TEST(show(with.call("format", {text("%s"), with.list({thrice})})) ==
               "error: the memory limit is used up");
    BOOST_TEST(show(with.call("format", {text("%x"), with.list({text(std::string(2001, 'a'))})})) ==
               "error: the memory limit is used up");
    caller poor(add_string_functions, {.cost = 99});
    BOOST_TEST(show(poor.call("format", {text("%s"), poor.list({text(large)})})) ==
               "error: the cost limit is used up");
    caller poorer(add_string_functions, {.cost = 99});
    const value many = poorer.list(std::vector<value>(100, number(1)));
    BOOST_TEST(show(poorer.call("format", {text("%s"), poorer.list({many})})) ==
               "error: the cost limit is used up");
}

BOOST_AUTO_TEST_SUITE_END()
