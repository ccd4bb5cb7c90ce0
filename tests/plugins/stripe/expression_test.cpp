#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

#include "simulator/expression.hpp"

namespace {

using namespace tributary::stripe::simulated;
namespace data = boost::unit_test::data;

const name_values names{{"amount", 2900}, {"quantity", 3}, {"interval_s", 60}};

struct accepted {
    const char* text;
    std::int64_t value;
};
std::ostream& operator<<(std::ostream& out, const accepted& one) {
    return out << one.text;
}
const accepted values[] = {
    {"0", 0},
    {"7", 7},
    {" 7 ", 7},
    {"1+2*3", 7},
    {"(1 + 2) * 3", 9},
    {"10 - 2 - 3", 5},
    {"7 / 2", 3},
    {"-7 / 2", -3},
    {"100 / 10 / 5", 2},
    {"-(2 - 5)", 3},
    {"--4", 4},
    {"amount * quantity", 8700},
    {"amount / (quantity - 1)", 1450},
    {"interval_s", 60},
    {"9223372036854775807", INT64_MAX},
    {"-9223372036854775807 - 1", INT64_MIN},
};

struct refused {
    const char* text;
    std::size_t column;
    const char* fault;
};
std::ostream& operator<<(std::ostream& out, const refused& one) {
    return out << one.text;
}
const refused faults[] = {
    {"", 1, "missing"},
    {"   ", 4, "missing"},
    {"1 +", 4, "missing"},
    {"* 2", 1, "'*' is not expected here"},
    {"1 2", 3, "'2' is not expected here"},
    {"(1", 1, "never closed"},
    {"1)", 2, "')' is not expected here"},
    {"1.5", 2, "'.' is not expected here"},
    {"amount % 2", 8, "'%' is not expected here"},
    {"Amount", 1, "'A' is not expected here"},
    {"1 + amuont", 5, "'amuont'; did you mean 'amount'?"},
    {"2 * x", 5, "there is no name 'x'"},
    {"amount / (3 - quantity)", 8, "division by zero"},
    {"9223372036854775808", 1, "does not fit into 64 bits"},
    {"9223372036854775807 + 1", 21, "does not fit into 64 bits"},
    {"-9223372036854775807 - 2", 22, "does not fit into 64 bits"},
    {"4611686018427387904 * 2", 21, "does not fit into 64 bits"},
    {"(-9223372036854775807 - 1) / -1", 28, "does not fit into 64 bits"},
    {"-(-9223372036854775807 - 1)", 1, "does not fit into 64 bits"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_story_expression)

BOOST_DATA_TEST_CASE(is_evaluated_in_64_bits, data::make(values), one) {
    const evaluated result = evaluate(one.text, names);
    BOOST_TEST(result.fault == "");
    BOOST_TEST(result.value == one.value);
}

BOOST_DATA_TEST_CASE(is_refused_with_the_column, data::make(faults), one) {
    const evaluated result = evaluate(one.text, names);
    BOOST_TEST(result.fault.find(one.fault) != std::string::npos, result.fault);
    BOOST_TEST(result.column == one.column);
    BOOST_TEST(result.value == 0);
}

BOOST_AUTO_TEST_CASE(is_limited_in_length_and_depth) {
    BOOST_TEST(evaluate(std::string(32, '(') + "1" + std::string(32, ')'), names).value == 1);
    BOOST_TEST(evaluate(std::string(40, '(') + "1" + std::string(40, ')'), names).fault ==
               "the expression is nested too deeply");
    BOOST_TEST(evaluate(std::string(200, '-') + "1", names).fault == "the expression is nested too deeply");
    BOOST_TEST(evaluate(std::string(399, ' ') + "1", names).value == 1);
    BOOST_TEST(evaluate(std::string(400, ' ') + "1", names).column == 401u);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_far_from_all_others_suggests_none) {
    const std::string_view known[] = {"amount", "quantity"};
    BOOST_TEST(with_nearest("amont", known) == "'amont'; did you mean 'amount'?");
    BOOST_TEST(with_nearest("colour", known) == "'colour'");
    BOOST_TEST(with_nearest(std::string(1000, 'a'), known).size() == 66u);
    BOOST_TEST(!nearest("anything", {}));
}

BOOST_AUTO_TEST_SUITE_END()
