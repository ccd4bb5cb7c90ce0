#include <boost/test/unit_test.hpp>

#include <limits>

#include "call.hpp"
#include "functions.hpp"

using namespace tributary::cel;
using namespace tributary::cel::test;

namespace {

constexpr auto int_min = std::numeric_limits<std::int64_t>::min();
constexpr auto int_max = std::numeric_limits<std::int64_t>::max();
constexpr auto uint_max = std::numeric_limits<std::uint64_t>::max();
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

struct row {
    std::string_view to;
    value given;
    std::string_view expected;
};

value text(std::string_view given) {
    return value::string(given);
}

void check(std::span<const row> table) {
    caller with(add_standard_functions);
    for (const auto& [to, given, expected] : table)
        BOOST_TEST(show(with.call(to, {given})) == expected, to << " of " << show(given));
}

constexpr std::string_view range = "error: out of range";
constexpr std::string_view bad = "error: invalid argument";
constexpr std::string_view none = "error: no such overload";

} // namespace

BOOST_AUTO_TEST_SUITE(conversions)

BOOST_AUTO_TEST_CASE(numbers_become_ints_when_they_fit) {
    const row table[] = {
        {"int", value::int64(int_min), "-9223372036854775808"},
        {"int", value::uint64(42), "42"},
        {"int", value::uint64(uint_max), range},
        {"int", value::uint64(9223372036854775808U), range},
        {"int", value::float64(-123.456), "-123"},
        {"int", value::float64(1.9), "1"},
        {"int", value::float64(-0.0), "0"},
        {"int", value::float64(9223372036854774784.0), "9223372036854774784"},
        {"int", value::float64(9223372036854775808.0), range},
        {"int", value::float64(-9223372036854775808.0), range},
        {"int", value::float64(-9223372036854774784.0), "-9223372036854774784"},
        {"int", value::float64(1e99), range},
        {"int", value::float64(infinity), range},
        {"int", value::float64(not_a_number), range},
        {"int", value::timestamp(1095379199, 999999999), "1095379199"},
        {"int", value::timestamp(-1, 500000000), "-1"},
        {"int", value::boolean(true), none},
        {"int", value::duration(1), none},
        {"int", value::null(), none},
    };
    check(table);
}

BOOST_AUTO_TEST_CASE(numbers_become_uints_when_they_fit) {
    const row table[] = {
        {"uint", value::uint64(1), "1u"},
        {"uint", value::int64(int_max), "9223372036854775807u"},
        {"uint", value::int64(-1), range},
        {"uint", value::int64(int_min), range},
        {"uint", value::float64(25.5), "25u"},
        {"uint", value::float64(36028797018963968.0), "36028797018963968u"},
        {"uint", value::float64(18446744073709549568.0), "18446744073709549568u"},
        {"uint", value::float64(18446744073709551616.0), range},
        {"uint", value::float64(-0.5), range},
        {"uint", value::float64(not_a_number), range},
        {"uint", value::timestamp(1, 0), none},
    };
    check(table);
}

BOOST_AUTO_TEST_CASE(numbers_become_doubles) {
    const row table[] = {
        {"double", value::float64(5.5), "5.5"},
        {"double", value::int64(-1000000000000000), "-1000000000000000.0"},
        {"double", value::uint64(uint_max), "18446744073709551616.0"},
        {"double", value::boolean(true), none},
    };
    check(table);
}

BOOST_AUTO_TEST_CASE(texts_become_numbers_when_all_of_them_is_one) {
    const row table[] = {
        {"int", text("987"), "987"},
        {"int", text("-9223372036854775808"), "-9223372036854775808"},
        {"int", text("9223372036854775807"), "9223372036854775807"},
        {"int", text("9223372036854775808"), range},
        {"int", text("+5"), "5"},
        {"int", text("+-5"), bad},
        {"int", text("++5"), bad},
        {"int", text("+"), bad},
        {"int", text(""), bad},
        {"int", text(" 5"), bad},
        {"int", text("5 "), bad},
        {"int", text("5.0"), bad},
        {"int", text("0x10"), bad},
        {"int", text(std::string_view("5\0", 2)), bad},
        {"uint", text("300"), "300u"},
        {"uint", text("18446744073709551615"), "18446744073709551615u"},
        {"uint", text("18446744073709551616"), range},
        {"uint", text("-1"), bad},
        {"uint", text("+1"), bad},
        {"uint", text("300u"), bad},
        {"double", text("123.456"), "123.456"},
        {"double", text("-0.0"), "-0.0"},
        {"double", text("1.38e-23"), "1.38e-23"},
        {"double", text("-5.43e-21"), "-5.43e-21"},
        {"double", text("+1.5"), "1.5"},
        {"double", text(".5"), "0.5"},
        {"double", text("NaN"), "NaN"},
        {"double", text("Infinity"), "Infinity"},
        {"double", text("-Infinity"), "-Infinity"},
        {"double", text("nan(1)"), bad},
        {"double", text("1e999"), range},
        {"double", text("1,5"), bad},
        {"double", text("."), bad},
        {"double", text("0x1p3"), bad},
        {"double", text(""), bad},
    };
    check(table);
}

BOOST_AUTO_TEST_CASE(everything_with_one_text_becomes_a_text) {
    const row table[] = {
        {"string", text("hello"), "'hello'"},
        {"string", value::int64(int_min), "'-9223372036854775808'"},
        {"string", value::uint64(9876), "'9876'"},
        {"string", value::float64(-4.5e-3), "'-0.0045'"},
        {"string", value::float64(3), "'3'"},
        {"string", value::boolean(false), "'false'"},
        {"string", value::bytes("\303\277"), "'\u00FF'"},
        {"string", value::bytes(""), "''"},
        {"string", value::bytes("\xFF"), "error: invalid UTF-8"},
        {"string", value::bytes("\xED\xA0\x80"), "error: invalid UTF-8"},
        {"string", value::timestamp(1234567890, 0), "'2009-02-13T23:31:30Z'"},
        {"string", value::duration(1'500'000'000), "'1.5s'"},
        {"string", value::null(), none},
        {"string", value::list({}), none},
        {"bytes", text("\u00FF"), "b'\303\277'"},
        {"bytes", text(""), "b''"},
        {"bytes", value::bytes("\xFF"), "b'\xFF'"},
        {"bytes", value::int64(1), none},
    };
    check(table);
}

BOOST_AUTO_TEST_CASE(ten_words_are_bools) {
    caller with(add_standard_functions);
    for (const std::string_view yes : {"1", "t", "true", "TRUE", "True"})
        BOOST_TEST(show(with.call("bool", {text(yes)})) == "true", yes);
    for (const std::string_view no : {"0", "f", "false", "FALSE", "False"})
        BOOST_TEST(show(with.call("bool", {text(no)})) == "false", no);
    for (const std::string_view neither : {"", "TrUe", "FaLsE", "yes", "T", "F", "true ", "10"})
        BOOST_TEST(show(with.call("bool", {text(neither)})) == bad, neither);
    BOOST_TEST(show(with.call("bool", {value::boolean(true)})) == "true");
    BOOST_TEST(show(with.call("bool", {value::int64(1)})) == none);
}

BOOST_AUTO_TEST_CASE(times_are_read_and_kept_in_their_range) {
    const row table[] = {
        {"timestamp", text("2009-02-13T23:31:30Z"), "timestamp 1234567890 0"},
        {"timestamp", text("2009-02-13"), bad},
        {"timestamp", text(""), bad},
        {"timestamp", value::timestamp(5, 6), "timestamp 5 6"},
        {"timestamp", value::int64(0), "timestamp 0 0"},
        {"timestamp", value::int64(-62135596800), "timestamp -62135596800 0"},
        {"timestamp", value::int64(-62135596801), range},
        {"timestamp", value::int64(253402300799), "timestamp 253402300799 0"},
        {"timestamp", value::int64(253402300800), range},
        {"timestamp", value::int64(int_min), range},
        {"timestamp", value::int64(int_max), range},
        {"timestamp", value::uint64(0), none},
        {"duration", text("1h30m"), "duration 5400000000000"},
        {"duration", text("soon"), bad},
        {"duration", value::duration(7), "duration 7"},
        {"duration", value::int64(7), none},
    };
    check(table);
}

BOOST_AUTO_TEST_CASE(a_refusal_quotes_what_was_given_and_no_more_than_a_line_of_it) {
    caller with(add_standard_functions);
    BOOST_TEST(with.call("int", {text("12a")}).error_detail() == "'12a' is not an int");
    const value of_long = with.call("int", {text(std::string(59, 'x') + "\U0001F431 and more")});
    BOOST_TEST(of_long.error_detail() == "'" + std::string(59, 'x') + "...' is not an int");
    const value of_odd = with.call("int", {text(std::string(200, '\x80'))});
    BOOST_TEST(of_odd.error_detail().size() < 100U);
}

BOOST_AUTO_TEST_CASE(conversions_keep_to_their_limits) {
    const std::string digits(400, '1');
    caller poor(add_standard_functions, {.cost = 10});
    for (const std::string_view to : {"int", "uint", "double", "duration"})
        BOOST_TEST(show(poor.call(to, {text(digits)})) == "error: the cost limit is used up", to);
    BOOST_TEST(show(poor.call("string", {value::bytes(digits)})) == "error: the cost limit is used up");
    caller small(add_standard_functions, {.memory_bytes = 2});
    BOOST_TEST(show(small.call("string", {value::int64(100)})) == "error: the memory limit is used up");
    BOOST_TEST(small.call("int", {text("x")}).error_detail() == ""); // No room to say why.
}

BOOST_AUTO_TEST_SUITE_END()
