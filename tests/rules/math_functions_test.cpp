#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

#include "call.hpp"
#include "functions.hpp"

using namespace tributary::cel;
using namespace tributary::cel::test;

namespace {

constexpr std::string_view none = "error: no such overload";
constexpr std::string_view refused = "error: invalid argument";
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr auto int_min = std::numeric_limits<std::int64_t>::min();
constexpr auto int_max = std::numeric_limits<std::int64_t>::max();
constexpr auto uint_max = std::numeric_limits<std::uint64_t>::max();

value number(std::int64_t given) {
    return value::int64(given);
}
value natural(std::uint64_t given) {
    return value::uint64(given);
}
value real(double given) {
    return value::float64(given);
}

struct row {
    std::string_view function;
    std::vector<value> arguments;
    std::string_view expected;
};

void check(const std::vector<row>& table) {
    caller with(add_math_functions);
    for (const auto& [function, arguments, expected] : table)
        BOOST_TEST(show(with.call("math." + std::string(function), arguments)) == expected,
                   function << show(value::list(arguments)) << " is not " << expected);
}

} // namespace

BOOST_AUTO_TEST_SUITE(math_functions)

BOOST_AUTO_TEST_CASE(the_extreme_number_keeps_its_type) {
    check({
        {"greatest", {number(-5)}, "-5"},
        {"greatest", {number(1), number(int_min)}, "1"},
        {"greatest", {natural(5), number(-7)}, "5u"},
        {"greatest",
         {real(5.4), number(10), natural(3), real(-5), natural(uint_max)},
         "18446744073709551615u"},
        {"greatest", {real(1.5), number(1)}, "1.5"},
        {"greatest", {number(1), real(1)}, "1"},
        {"greatest", {real(1), number(1)}, "1.0"},
        {"greatest", {number(int_max), real(9223372036854777856.0)}, "9223372036854777856.0"},
        // Beside a double an int is one: these are equal, and the first is taken.
        {"greatest", {number(int_max), real(9223372036854775808.0)}, "9223372036854775807"},
        {"greatest", {real(infinity), natural(uint_max)}, "Infinity"},
        {"least", {number(-3), number(3)}, "-3"},
        {"least", {natural(1), number(-1)}, "-1"},
        {"least", {real(5.4), number(10), natural(3), real(-5), number(int_max)}, "-5.0"},
        {"least", {real(-infinity), number(int_min)}, "-Infinity"},
        {"least", {number(int_min), real(-9223372036854775808.0)}, "-9223372036854775808"},
    });
}

BOOST_AUTO_TEST_CASE(the_numbers_may_stand_in_a_list) {
    caller with(add_math_functions);
    const value mixed = with.list({real(5.4), number(10), natural(3), real(-5)});
    BOOST_TEST(show(with.call("math.greatest", {mixed})) == "10");
    BOOST_TEST(show(with.call("math.least", {mixed})) == "-5.0");
    BOOST_TEST(show(with.call("math.least", {with.list({})})) == refused);
    BOOST_TEST(show(with.call("math.least", {mixed, mixed})) == none);
    BOOST_TEST(show(with.call("math.least", {with.list({number(1), value::string("2")})})) == none);
}

BOOST_AUTO_TEST_CASE(what_has_no_order_has_no_extreme) {
    check({
        {"greatest", {real(not_a_number)}, refused},
        {"greatest", {number(1), real(not_a_number)}, refused},
        {"least", {real(not_a_number), number(1)}, refused},
        {"least", {}, none},
        {"least", {value::string("a")}, none},
        {"greatest", {number(1), value::null()}, none},
        {"greatest", {value::boolean(true), number(1)}, none},
    });
}

BOOST_AUTO_TEST_CASE(numbers_of_one_type_keep_it_for_the_checker) {
    caller with(add_math_functions);
    for (const std::string_view name : {"math.greatest", "math.least"}) {
        const auto& overloads = with.declaration(name).overloads;
        for (const type& each : {type::int64(), type::uint64(), type::float64()}) {
            for (std::size_t count = 1; count <= 8; ++count) {
                const auto found = std::find_if(overloads.begin(), overloads.end(), [&](const overload& one) {
                    return one.parameters == std::vector<type>(count, each);
                });
                BOOST_REQUIRE(found != overloads.end());
                BOOST_TEST((found->result == each));
            }
        }
        // What is more general comes later.
        const auto general = std::find_if(overloads.begin(), overloads.end(), [](const overload& one) {
            return std::count(one.parameters.begin(), one.parameters.end(), type::dyn()) > 0;
        });
        BOOST_REQUIRE(general != overloads.end());
        for (auto each = general; each != overloads.end(); ++each)
            BOOST_TEST((each->result == type::dyn()));
    }
}

BOOST_AUTO_TEST_CASE(doubles_are_rounded) {
    check({
        {"ceil", {real(1.2)}, "2.0"},
        {"ceil", {real(-1.2)}, "-1.0"},
        {"floor", {real(1.2)}, "1.0"},
        {"floor", {real(-1.2)}, "-2.0"},
        {"round", {real(-1.6)}, "-2.0"},
        {"round", {real(-1.5)}, "-2.0"},
        {"round", {real(2.5)}, "3.0"},
        {"round", {real(0.49999999999999994)}, "0.0"},
        {"trunc", {real(-1.2)}, "-1.0"},
        {"trunc", {real(1.9)}, "1.0"},
        {"round", {real(infinity)}, "Infinity"},
        {"ceil", {real(-0.5)}, "-0.0"},
    });
    for (const std::string_view function : {"ceil", "floor", "round", "trunc"})
        check({{function, {real(not_a_number)}, "NaN"},
               {function, {number(1)}, none},
               {function, {}, none},
               {function, {real(1), real(1)}, none}});
}

BOOST_AUTO_TEST_CASE(doubles_are_asked_what_they_are) {
    check({
        {"isNaN", {real(not_a_number)}, "true"},
        {"isNaN", {real(infinity)}, "false"},
        {"isInf", {real(-infinity)}, "true"},
        {"isInf", {real(not_a_number)}, "false"},
        {"isInf", {real(1)}, "false"},
        {"isFinite", {real(1.5)}, "true"},
        {"isFinite", {real(-infinity)}, "false"},
        {"isFinite", {real(not_a_number)}, "false"},
        {"isNaN", {number(1)}, none},
        {"isInf", {value::boolean(true)}, none},
        {"isFinite", {value::string("1")}, none},
    });
}

BOOST_AUTO_TEST_CASE(signs_are_taken_off_and_asked_for) {
    check({
        {"abs", {number(-11)}, "11"},
        {"abs", {number(int_max)}, "9223372036854775807"},
        {"abs", {natural(1)}, "1u"},
        {"abs", {real(-11.5)}, "11.5"},
        {"abs", {real(-0.0)}, "0.0"},
        {"abs", {number(int_min + 1)}, "9223372036854775807"},
        {"abs", {number(int_min)}, "error: out of range"},
        {"sign", {number(int_min)}, "-1"},
        {"sign", {number(0)}, "0"},
        {"sign", {natural(100)}, "1u"},
        {"sign", {natural(0)}, "0u"},
        {"sign", {real(-32)}, "-1.0"},
        {"sign", {real(-0.0)}, "0.0"},
        {"sign", {real(infinity)}, "1.0"},
        {"sign", {real(not_a_number)}, "NaN"},
        {"sign", {value::boolean(true)}, none},
        {"abs", {value::duration(1)}, none},
    });
}

BOOST_AUTO_TEST_CASE(roots_are_doubles) {
    check({
        {"sqrt", {number(49)}, "7.0"},
        {"sqrt", {natural(2)}, "1.4142135623730951"},
        {"sqrt", {real(0.25)}, "0.5"},
        {"sqrt", {number(-1)}, "NaN"},
        {"sqrt", {value::string("4")}, none},
    });
}

BOOST_AUTO_TEST_CASE(bits_are_combined_within_one_type) {
    check({
        {"bitAnd", {number(1), number(-1)}, "1"},
        {"bitAnd", {natural(1), natural(2)}, "0u"},
        {"bitOr", {number(4), number(-2)}, "-2"},
        {"bitOr", {natural(1), natural(4)}, "5u"},
        {"bitXor", {number(1), number(3)}, "2"},
        {"bitXor", {number(int_min), number(-1)}, "9223372036854775807"},
        {"bitNot", {number(1)}, "-2"},
        {"bitNot", {natural(0)}, "18446744073709551615u"},
        {"bitAnd", {natural(2), value::string("")}, none},
        {"bitOr", {real(1.2), number(1)}, none},
        {"bitXor", {number(1), natural(1)}, none},
        {"bitNot", {value::string("")}, none},
    });
}

BOOST_AUTO_TEST_CASE(bits_are_shifted_and_zeros_come_in) {
    check({
        {"bitShiftLeft", {number(1), number(2)}, "4"},
        {"bitShiftLeft", {number(1), number(63)}, "-9223372036854775808"},
        {"bitShiftLeft", {number(-1), number(64)}, "0"},
        {"bitShiftLeft", {natural(1), number(200)}, "0u"},
        {"bitShiftLeft", {number(1), number(int_max)}, "0"},
        {"bitShiftRight", {number(1024), number(2)}, "256"},
        {"bitShiftRight", {number(-1024), number(3)}, "2305843009213693824"},
        {"bitShiftRight", {number(-1), number(0)}, "-1"},
        {"bitShiftRight", {natural(1024), number(2)}, "256u"},
        {"bitShiftRight", {number(1024), number(64)}, "0"},
        {"bitShiftLeft", {natural(1), number(-1)}, refused},
        {"bitShiftRight", {number(1), number(int_min)}, refused},
        {"bitShiftRight", {value::bytes("123"), number(1)}, none},
        {"bitShiftLeft", {number(1), natural(1)}, none},
    });
}

BOOST_AUTO_TEST_CASE(a_long_list_uses_the_budget_up) {
    caller with(add_math_functions, {.cost = 99});
    BOOST_TEST(show(with.call("math.least", {with.list(std::vector<value>(100, number(1)))})) ==
               "error: the cost limit is used up");
}

BOOST_AUTO_TEST_SUITE_END()
