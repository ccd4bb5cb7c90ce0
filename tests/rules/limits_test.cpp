#include <boost/test/unit_test.hpp>

#include "call.hpp"
#include "rule_environment.hpp"

using namespace tributary::cel;
using namespace tributary::cel::test;

namespace {

struct outcome {
    std::string gave;
    std::uint64_t cost = 0;
};

/// Compiled with limits of its own, so that what is computed while compiling does not count.
outcome evaluated(std::string source, evaluation_limits limits = {}, list_view weights = {}) {
    environment_options options;
    options.evaluation = {.cost = 1'000'000'000, .memory_bytes = 1 << 26, .elements = 1'000'000};
    const environment names = rule_environment(std::move(options));
    const auto made = names.compile(std::move(source));
    if (!made)
        return {"refused: " + made.error().front().message, 0};
    activation slots(names.variables().size());
    slots.set(slot_of(names, "weights"), value::list(weights));
    slots.set(slot_of(names, "customer.country"), std::string_view("0123456789abcdef"));
    slots.set(slot_of(names, "sale.amount"), std::int64_t{1});
    evaluator work(limits);
    const value result = work.evaluate(**made, slots);
    return {show(result), work.cost_used()};
}

std::vector<value> numbers(std::size_t count) {
    std::vector<value> made;
    for (std::size_t i = 0; i < count; ++i)
        made.push_back(value::int64(static_cast<std::int64_t>(i)));
    return made;
}

/// cel.bind(v0, first, cel.bind(v1, FORM of v0, ... of which the last is used in `use`)).
std::string bind_chain(std::string first, std::string_view left, std::string_view middle,
                       std::string_view right, int length, std::string_view use) {
    std::string source, closing;
    for (int i = 0; i < length; ++i) {
        source += "cel.bind(v" + std::to_string(i) + ", " + first + ", ";
        const std::string name = "v" + std::to_string(i);
        first = std::string(left) + name + std::string(middle) + name + std::string(right);
        closing += ")";
    }
    return source + "cel.bind(last, " + first + ", " + std::string(use) + ")" + closing;
}

} // namespace

BOOST_AUTO_TEST_SUITE(limits)

BOOST_AUTO_TEST_CASE(each_limit_of_an_evaluation_has_an_error_of_its_own) {
    const std::vector<value> hundred = numbers(100);
    struct row {
        std::string_view source;
        evaluation_limits limits;
        std::string_view gave;
    };
    const row table[] = {
        {"weights.all(x, x >= 0)", {.cost = 10'000}, "true"},
        {"weights.all(x, x >= 0)", {.cost = 100}, "error: the cost limit is used up"},
        {"weights.map(x, x).size()", {.cost = 10'000, .memory_bytes = 1 << 20, .elements = 100}, "100"},
        {"weights.map(x, x).size()",
         {.cost = 10'000, .memory_bytes = 1 << 20, .elements = 99},
         "error: a list or map would be too long"},
        {"(weights + weights).size()",
         {.cost = 10'000, .memory_bytes = 1 << 20, .elements = 199},
         "error: a list or map would be too long"},
        {"(weights + weights).size()",
         {.cost = 10'000, .memory_bytes = 1024, .elements = 1000},
         "error: the memory limit is used up"},
        {"weights.map(x, customer.country + customer.country).size()",
         {.cost = 10'000, .memory_bytes = 2048, .elements = 1000},
         "error: the memory limit is used up"},
        {"weights.transformMap(i, x, x).size()",
         {.cost = 10'000, .memory_bytes = 1 << 20, .elements = 50},
         "error: a list or map would be too long"},
    };
    for (const row& each : table)
        BOOST_TEST_CONTEXT(each.source) {
            BOOST_TEST(evaluated(std::string(each.source), each.limits, hundred).gave == each.gave);
        }
}

BOOST_AUTO_TEST_CASE(no_operator_makes_a_value_of_a_limit) {
    const std::vector<value> hundred = numbers(100);
    for (const char* source :
         {"weights.all(x, x >= 0) || true", "true && (weights.all(x, x >= 0) || true)",
          "[1, 2].exists(y, weights.all(x, x >= 0) || true)", "!(weights.all(x, x >= 0) && false)",
          "weights.all(x, x >= 0) ? true : true", "cel.bind(unused, weights.all(x, x >= 0), true)",
          "[weights.all(x, x >= 0), true][1]"}) {
        BOOST_TEST_CONTEXT(source) {
            BOOST_TEST(evaluated(source, {.cost = 100}, hundred).gave == "error: the cost limit is used up");
        }
    }
    BOOST_TEST(evaluated("(weights + weights).size() > 0 || true",
                         {.cost = 10'000, .memory_bytes = 1024, .elements = 1000}, hundred)
                   .gave == "error: the memory limit is used up");
    BOOST_TEST(evaluated("(weights + weights).size() > 0 || true", {.cost = 10'000, .elements = 150}, hundred)
                   .gave == "error: a list or map would be too long");
    // Unlike any other failure.
    BOOST_TEST(evaluated("weights[100] > 0 || true", {}, hundred).gave == "true");
}

BOOST_AUTO_TEST_CASE(no_more_is_spent_than_there_is) {
    const std::vector<value> hundred = numbers(100);
    for (const std::uint64_t cost : {1U, 10U, 50U, 100U, 150U}) {
        const outcome seen = evaluated("weights.map(x, x + 1).map(x, x * 2)", {.cost = cost}, hundred);
        BOOST_TEST(seen.gave == "error: the cost limit is used up");
        BOOST_TEST(seen.cost <= cost);
    }
}

BOOST_AUTO_TEST_CASE(a_comparison_costs_the_same_whichever_way_it_is_written) {
    // The code turns a constant and a slot around; the walk behind the trace does not.
    const environment names = rule_environment();
    const std::string text(200, 'x');
    for (const char* source : {"'' < customer.country", "customer.country > ''", "'' == customer.country",
                               "customer.country <= customer.country"}) {
        const auto made = names.compile(source);
        BOOST_REQUIRE(made);
        activation slots(names.variables().size());
        slots.set(slot_of(names, "customer.country"), std::string_view(text));
        evaluator work;
        (void)work.evaluate(**made, slots);
        const std::uint64_t coded = work.cost_used();
        std::vector<trace_step> steps;
        (void)work.trace(**made, slots, steps);
        BOOST_TEST(work.cost_used() == coded, source);
    }
}

BOOST_AUTO_TEST_CASE(lists_that_share_their_parts_are_compared_within_the_cost) {
    // Without a limit none of these would end before the test's own time is over.
    // Each is twice the one before: 2^40 numbers in the last, in a few hundred bytes.
    const std::string twice = bind_chain("[sale.amount]", "[", ", ", "]", 40, "last == [v39, v39]");
    const outcome seen = evaluated(twice);
    BOOST_TEST((seen.gave == "true" || seen.gave == "error: the cost limit is used up"), seen.gave);
    // Two of them that share nothing.
    std::string other = bind_chain("[sale.amount + 1]", "[", ", ", "]", 20, "last");
    const std::string both =
        "[" + bind_chain("[sale.amount]", "[", ", ", "]", 20, "last") + "] == [" + other + "]";
    const outcome apart = evaluated(both);
    BOOST_TEST((apart.gave == "false" || apart.gave == "error: the cost limit is used up"), apart.gave);
    const outcome found = evaluated(bind_chain("[sale.amount]", "[", ", ", "]", 40, "last in [v39, last]"));
    BOOST_TEST((found.gave == "true" || found.gave == "error: the cost limit is used up"), found.gave);
    const outcome mapped =
        evaluated(bind_chain("{1: sale.amount}", "{1: ", ", 2: ", "}", 40, "last == {1: v39, 2: v39}"));
    BOOST_TEST((mapped.gave == "true" || mapped.gave == "error: the cost limit is used up"), mapped.gave);
}

BOOST_AUTO_TEST_CASE(texts_that_double_end_with_a_limit) {
    const outcome seen = evaluated(bind_chain("customer.country", "", " + ", "", 40, "last.size()"));
    BOOST_TEST((seen.gave == "error: the memory limit is used up" ||
                seen.gave == "error: the cost limit is used up"),
               seen.gave);
    const outcome listed =
        evaluated(bind_chain("weights", "", " + ", "", 40, "last.size()"), {}, numbers(100));
    BOOST_TEST(listed.gave == "error: a list or map would be too long");
    const outcome replaced =
        evaluated(bind_chain("customer.country", "", ".replace('', ", ")", 20, "last.size()"));
    BOOST_TEST((replaced.gave == "error: the memory limit is used up" ||
                replaced.gave == "error: the cost limit is used up"),
               replaced.gave);
}

BOOST_AUTO_TEST_CASE(compiling_what_doubles_ends) {
    // What cannot be computed beforehand for want of a budget is left to the evaluation: all of these
    // compile.
    for (const std::string& source :
         {bind_chain("[1]", "[", ", ", "]", 40, "last == [v39, v39]"),
          bind_chain("'abcdefghijklmnop'", "", " + ", "", 40, "last"), std::string("'a'.replace('', 'abc')")})
        BOOST_TEST(rule_environment().compile(source).has_value(), source);
}

BOOST_AUTO_TEST_SUITE_END()
