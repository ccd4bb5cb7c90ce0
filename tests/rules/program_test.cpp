#include <tributary/cel/map.hpp>

#include <boost/test/unit_test.hpp>

#include "call.hpp"
#include "rule_environment.hpp"

// What a program promises as a whole: its hash, that both ways of evaluating agree, amounts without doubles.

using namespace tributary::cel;
using namespace tributary::cel::test;

namespace {

std::shared_ptr<const program> compiled_in(const environment& names, const std::string& source,
                                           const compile_options& options = {}) {
    const auto made = names.compile(source, options);
    BOOST_REQUIRE_MESSAGE(made, source << ": " << (made ? "" : render(made.error(), source, "test")));
    return *made;
}

environment with_integers(const std::vector<std::string>& variables, std::string container = {}) {
    environment_options options;
    options.container = std::move(container);
    environment made(std::move(options));
    for (const std::string& each : variables)
        made.declare(each, type::int64());
    return made;
}

std::string hash_in(const environment& names, const std::string& source,
                    const compile_options& options = {}) {
    return std::string(compiled_in(names, source, options)->hash());
}

/// Asks for nothing that is there.
struct empty_source final : slot_source {
    value fetch(slot_id) override {
        ++asked;
        return {};
    }
    int asked = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(programs)

BOOST_AUTO_TEST_CASE(a_hash_covers_what_a_result_depends_on_and_nothing_else) {
    const environment names = with_integers({"a", "b"});
    const std::string hash = hash_in(names, "a + b");
    BOOST_TEST(hash.size() == 64U);
    BOOST_TEST(hash_in(names, " a+b // the same") == hash);
    BOOST_TEST(hash_in(names, "(a) + (b)") == hash);
    BOOST_TEST(hash_in(with_integers({"b", "unused", "a"}), "a + b") ==
               hash); // Another order of declarations
    BOOST_TEST(hash_in(names, "b + a") != hash);
    BOOST_TEST(hash_in(names, "a + b", {.amount = true}) != hash);
    BOOST_TEST(hash_in(names, "a + b", {.mode = rounding::floor}) != hash);
    environment others;
    others.declare("a", type::dyn());
    others.declare("b", type::int64());
    BOOST_TEST(hash_in(others, "a + b") != hash);
    // The same text means other variables in another container.
    const std::vector<std::string> both = {"x", "p.x", "q.x"};
    BOOST_TEST(hash_in(with_integers(both, "p"), "x - q.x - p.x") !=
               hash_in(with_integers(both, "q"), "x - q.x - p.x"));
}

BOOST_AUTO_TEST_CASE(what_compiles_has_a_canonical_text_that_compiles) {
    const environment names = rule_environment();
    std::string octets = "b'";
    for (int i = 0; i < 9000; ++i)
        octets += "\xC3\xA9"; // Each of them is printed as two escapes of four characters.
    const auto made = names.compile("size(" + octets + "')");
    BOOST_REQUIRE(!made);
    BOOST_TEST((made.error()[0].code == compile_errc::too_long));
}

BOOST_AUTO_TEST_CASE(no_double_gets_through_an_amount) {
    environment names;
    const slot_id any = *names.declare("any", type::dyn());
    const std::vector<value> list = {value::float64(1.5)};
    const std::vector<map_entry> entries = {{value::string("a"), value::float64(1.5)}};
    arena memory(4096);
    activation slots(1);
    evaluator work;
    for (const char* source :
         {"int(any[0])", "int((any + [1])[0])", "int(([1] + any)[1])", "int(any.first().orValue(0))",
          "int(any.first().value())", "int(false ? 1 : any.first().value())",
          "(any + [1])[0] > 1 ? 100 : 200", "any.map(x, int(x))[0]", "any.exists(x, x > 1) ? 1 : 2",
          "int(cel.bind(x, any[0], x))", "int([any[0]][0])", "int({'k': any[0]}.k)",
          "int(optional.of(any[0]).value())", "int(any[?0].orValue(1))", "math.least(any[0], 1)",
          "clamp(any[0], 0, 5)", "pct(any[0], '10')"}) {
        slots.set(any, value::list(list));
        const auto made = names.compile(source, {.amount = true});
        if (!made)
            continue; // Refused before it runs: better still.
        for (const bool traced : {false, true}) {
            std::vector<trace_step> steps;
            const value gave = traced ? work.trace(**made, slots, steps) : work.evaluate(**made, slots);
            BOOST_TEST(gave.is_error(), source << " gave " << show(gave));
        }
    }
    slots.set(any, make_map(memory, entries));
    for (const char* source : {"int(any.a)", "int(any.?a.orValue(1))", "any.a > 1 ? 1 : 2"})
        BOOST_TEST(show(work.evaluate(*compiled_in(names, source, {.amount = true}), slots)) ==
                   "error: a double in an amount");
    // A caller that fills a slot with what it did not declare gets no amount of it.
    environment declared = with_integers({"amount"});
    activation wrong(1);
    wrong.set(0, value::float64(1.5));
    BOOST_TEST(show(work.evaluate(*compiled_in(declared, "amount", {.amount = true}), wrong)) ==
               "error: a double in an amount");
}

BOOST_AUTO_TEST_CASE(an_amount_is_an_int_whether_types_were_checked_or_not) {
    const environment names = rule_environment();
    activation slots(names.variables().size());
    evaluator work;
    for (const char* source : {"0u", "1 in [1, 2]", "'5'", "dyn(5u)"}) {
        const auto made = compiled_in(names, source, {.amount = true, .check = false});
        std::vector<trace_step> steps;
        BOOST_TEST(work.evaluate(*made, slots).is_error(), source);
        BOOST_TEST(work.trace(*made, slots, steps).is_error(), source);
    }
    BOOST_TEST(show(work.evaluate(*compiled_in(names, "dyn(5)", {.amount = true, .check = false}), slots)) ==
               "5");
    BOOST_TEST(show(work.evaluate(*compiled_in(names, "true ? 'a' : 1", {.check = false}), slots)) == "'a'");
}

BOOST_AUTO_TEST_CASE(a_signature_that_does_not_fit_leaves_no_trace) {
    environment names;
    names.declare("any", type::dyn());
    BOOST_TEST(compiled_in(names, "clamp(any.first().value(), 1.0, 2.0)")->result_type().text() == "double");
    BOOST_TEST(compiled_in(names, "any.first().orValue(0)")->result_type().text() == "dyn");
    BOOST_TEST(compiled_in(names, "any + [1]")->result_type().text() == "list(dyn)");
    BOOST_TEST(compiled_in(names, "[].first().orValue(0)")->result_type().text() == "int");
}

BOOST_AUTO_TEST_CASE(both_ways_to_evaluate_agree_on_place_cost_and_limits) {
    const environment names = rule_environment();
    const std::string name(1600, 'x');
    activation slots(names.variables().size());
    slots.set(slot_of(names, "customer.country"), std::string_view(name));
    evaluator work;
    for (const char* source :
         {"sale.amount > 1", "1 < sale.amount", "sale.amount in [1, 2, 3]", "sale.amount == 1 || is_new",
          "'abc' < customer.country", "customer.country < 'abc'", "customer.country == 'abc'",
          "customer.country in ['a', 'b']", "1 + sale.amount * 2"}) {
        const auto made = compiled_in(names, source);
        const value evaluated = work.evaluate(*made, slots);
        const std::uint64_t cost = work.cost_used();
        std::vector<trace_step> steps;
        const value traced = work.trace(*made, slots, steps);
        BOOST_TEST(show(evaluated) == show(traced), source);
        BOOST_TEST(cost == work.cost_used(), source);
        if (evaluated.is_error())
            BOOST_TEST(evaluated.error_place() == traced.error_place(), source);
    }
}

BOOST_AUTO_TEST_CASE(a_source_that_has_nothing_is_asked_once) {
    const environment names = rule_environment();
    activation slots(names.variables().size());
    empty_source source;
    slots.set_source(&source);
    evaluator work;
    const auto made = compiled_in(names, "sale.amount > 1 || sale.amount < 0 || sale.amount == 5");
    BOOST_TEST(work.evaluate(*made, slots).error_detail() == "sale.amount has no value");
    BOOST_TEST(source.asked == 1);
    BOOST_TEST(show(work.evaluate(*compiled_in(names, "has(sale.amount)"), slots)) == "false");
    BOOST_TEST(source.asked == 1);
}

BOOST_AUTO_TEST_CASE(work_that_depends_on_sizes_is_paid_for) {
    const environment names = rule_environment();
    const std::string name(1 << 20, 'x');
    const std::vector<value> turns(1000, value::int64(1));
    arena memory(64 << 20);
    const std::vector<map_entry> long_key = {{value::string(name), value::int64(1)}};
    const value map = make_map(memory, long_key);
    activation slots(names.variables().size());
    slots.set(slot_of(names, "customer.country"), std::string_view(name));
    slots.set(slot_of(names, "weights"), value::list(turns));
    slots.set(slot_of(names, "any"), map);
    slots.set(slot_of(names, "maybe"), value::optional(turns.data()));
    evaluator work;
    for (const char* source :
         {"weights.all(x, any[?customer.country].hasValue())", "weights.all(x, customer.country in any)",
          "weights.all(x, any == any)", "weights.all(x, [any] == [any])",
          "weights.all(x, customer.country + 'x' != '')",
          "weights.all(x, customer.country < customer.country + 'x')"})
        BOOST_TEST(show(work.evaluate(*compiled_in(names, source), slots)) ==
                       "error: the cost limit is used up",
                   source);
    // The part of optMap is paid for as any other.
    const std::string sum = "maybe.optMap(x, x + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1)";
    BOOST_TEST(compiled_in(names, sum)->cost() > 10U);
}

BOOST_AUTO_TEST_CASE(compiling_pays_for_regular_expressions) {
    const environment names = rule_environment();
    const auto some = [](int count) {
        std::string source = "''.matches('(?i)\\\\pL{6}0')";
        for (int i = 1; i < count; ++i)
            source += " || ''.matches('(?i)\\\\pL{6}" + std::to_string(i) + "')";
        return source;
    };
    BOOST_TEST(names.compile(some(1)).has_value());
    const auto many = names.compile(some(200));
    BOOST_REQUIRE(!many);
    BOOST_TEST((many.error()[0].code == compile_errc::bad_constant));
    BOOST_TEST(many.error().size() <= 20U);
}

BOOST_AUTO_TEST_SUITE_END()
