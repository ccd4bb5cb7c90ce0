#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdlib>
#include <new>

#include "call.hpp"
#include "rule_environment.hpp"

namespace {
/// Of the whole executable, since an operator new cannot be replaced for less.
std::atomic<std::uint64_t> allocations{0};
} // namespace

void* operator new(std::size_t bytes) {
    ++allocations;
    if (void* given = std::malloc(bytes == 0 ? 1 : bytes))
        return given;
    throw std::bad_alloc();
}
void operator delete(void* given) noexcept {
    std::free(given);
}
void operator delete(void* given, std::size_t) noexcept {
    std::free(given);
}

using namespace tributary::cel;
using namespace tributary::cel::test;

namespace {

std::shared_ptr<const program> compiled_in(const environment& names, std::string source, bool check = true) {
    compile_options options;
    options.check = check;
    auto made = names.compile(source, options);
    BOOST_REQUIRE_MESSAGE(made, source);
    return *made;
}

/// Says which slots were asked for.
class recording_source : public slot_source {
  public:
    explicit recording_source(value answer) : answer_(answer) {}
    value fetch(slot_id slot) override {
        asked.push_back(slot);
        return answer_;
    }
    std::vector<slot_id> asked;

  private:
    value answer_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(activations)

BOOST_AUTO_TEST_CASE(an_empty_slot_is_fetched_once_and_only_when_it_is_reached) {
    const environment names = rule_environment();
    const slot_id amount = slot_of(names, "sale.amount");
    const auto program =
        compiled_in(names, "is_new && sale.amount > 1 && sale.amount < 9 && sale.amount != 5");
    evaluator work;
    for (const bool is_new : {false, true}) {
        activation slots(names.variables().size());
        recording_source source(value::int64(3));
        slots.set_source(&source);
        slots.set(slot_of(names, "is_new"), is_new);
        BOOST_TEST(show(work.evaluate(*program, slots)) == (is_new ? "true" : "false"));
        BOOST_TEST((source.asked == (is_new ? std::vector<slot_id>{amount} : std::vector<slot_id>{})));
        (void)work.evaluate(*program, slots);
        BOOST_TEST(source.asked.size() == (is_new ? 1U : 0U));
        slots.clear();
        slots.set(slot_of(names, "is_new"), is_new);
        (void)work.evaluate(*program, slots);
        BOOST_TEST(source.asked.size() == (is_new ? 2U : 0U)); // Cleared, it is asked for again.
    }
}

BOOST_AUTO_TEST_CASE(a_slot_that_is_filled_is_not_fetched) {
    const environment names = rule_environment();
    activation slots(names.variables().size());
    recording_source source(value::int64(3));
    slots.set_source(&source);
    slots.set(slot_of(names, "sale.amount"), std::int64_t{7});
    evaluator work;
    BOOST_TEST(show(work.evaluate(*compiled_in(names, "sale.amount"), slots)) == "7");
    BOOST_TEST(source.asked.empty());
}

BOOST_AUTO_TEST_CASE(a_source_that_fails_ends_the_evaluation_or_is_absorbed) {
    const environment names = rule_environment();
    struct row {
        evaluation_errc told;
        std::string_view source, gave;
    };
    const row table[] = {
        {evaluation_errc::fetch_failed, "sale.amount > 1", "error: a value could not be fetched"},
        {evaluation_errc::fetch_failed, "sale.amount > 1 || true", "error: a value could not be fetched"},
        {evaluation_errc::fetch_failed, "has(sale.amount) || true", "error: a value could not be fetched"},
        {evaluation_errc::no_such_attribute, "sale.amount > 1 || true", "true"},
        {evaluation_errc::no_such_attribute, "sale.amount > 1", "error: no such attribute"},
        {evaluation_errc::no_such_attribute, "has(sale.amount)", "false"},
    };
    for (const row& each : table)
        BOOST_TEST_CONTEXT(each.source) {
            activation slots(names.variables().size());
            recording_source source(value::error(each.told));
            slots.set_source(&source);
            evaluator work;
            BOOST_TEST(show(work.evaluate(*compiled_in(names, std::string(each.source)), slots)) ==
                       std::string(each.gave));
            BOOST_TEST(source.asked.size() == 1U);
        }
}

BOOST_AUTO_TEST_CASE(an_empty_slot_without_a_source_is_an_error_that_names_it) {
    const environment names = rule_environment();
    activation slots(names.variables().size());
    evaluator work;
    const auto program = compiled_in(names, "1 + sale.amount");
    const value failed = work.evaluate(*program, slots);
    BOOST_REQUIRE(failed.is_error());
    BOOST_TEST(failed.error_detail() == "sale.amount has no value");
    const diagnostic where = program->describe(failed);
    BOOST_TEST((where.begin == 4U && where.end == 15U));
    BOOST_TEST(show(work.evaluate(*compiled_in(names, "has(sale.amount)"), slots)) == "false");
    BOOST_TEST(show(work.evaluate(*compiled_in(names, "has(sale.amount) ? sale.amount : 5"), slots)) == "5");
    slots.set(slot_of(names, "sale.amount"), std::int64_t{0});
    BOOST_TEST(show(work.evaluate(*compiled_in(names, "has(sale.amount)"), slots)) == "true");
    slots.set(slot_of(names, "sale.amount"), value::null());
    BOOST_TEST(show(work.evaluate(*compiled_in(names, "has(sale.amount)"), slots)) == "true");
}

BOOST_AUTO_TEST_CASE(a_program_says_which_slots_it_reads) {
    const environment names = rule_environment();
    struct row {
        std::string source;
        std::vector<std::string_view> reads;
    };
    const row table[] = {
        {"1 + 2", {}},
        {"share > 0.5 && sale.amount > 1 && share < 2.0", {"sale.amount", "share"}},
        {"has(sale.metadata.plan)", {"sale.metadata"}},
        {"has(sale.amount)", {"sale.amount"}},
        {"sale.metadata.amount == any", {"any", "sale.metadata"}},
        {"tags.exists(share, share == 'a')", {"tags"}},
        {"cel.bind(share, 1, share + sale.amount)", {"sale.amount"}},
        {"tags.exists(x, .share > 0.0)", {"share", "tags"}},
    };
    for (const row& each : table)
        BOOST_TEST_CONTEXT(each.source) {
            const auto program = compiled_in(names, each.source);
            BOOST_TEST(program->slots().size() == each.reads.size());
            for (const std::string_view name : each.reads)
                BOOST_TEST(program->reads(slot_of(names, name)), name);
            BOOST_TEST(std::ranges::is_sorted(program->slots()));
            BOOST_TEST(!program->reads(slot_of(names, "raw")));
        }
}

BOOST_AUTO_TEST_CASE(a_warm_evaluation_allocates_nothing) {
    const environment names = rule_environment();
    const std::vector<value> weights = {value::int64(1), value::int64(2), value::int64(3)};
    const std::vector<value> tags = {value::string("US"), value::string("vip")};
    activation slots(names.variables().size());
    slots.set(slot_of(names, "sale.amount"), std::int64_t{12'345});
    slots.set(slot_of(names, "customer.country"), std::string_view("US"));
    slots.set(slot_of(names, "weights"), value::list(weights));
    slots.set(slot_of(names, "tags"), value::list(tags));
    slots.set(slot_of(names, "fee"), value::rate(125, 1));
    slots.set(slot_of(names, "at"), value::timestamp(1'700'000'000, 0));
    for (const char* source :
         {"sale.amount >= 10000 && customer.country in ['US', 'CA', 'DE'] && tags.exists(t, "
          "t.startsWith('v'))",
          "pct(sale.amount, fee) + tiers(sale.amount, 0, [[0, '20'], [5000, '25']])",
          "weights.map(w, w * 2).filter(w, w > 2)", "customer.country + '-' + tags.join(',')",
          "{'a': weights, 'b': [1, 2]}", "allocate(sale.amount, weights)", "at.getHours('+01:00') > 3",
          "sale.amount / (sale.amount - 12345)", "share > 0.5", "weights[sale.amount * 1000000]",
          "{1: 2}[sale.amount]"}) {
        const auto program = compiled_in(names, source);
        evaluator work;
        (void)work.evaluate(*program, slots);
        const std::uint64_t before = allocations;
        for (int i = 0; i < 10; ++i)
            (void)work.evaluate(*program, slots);
        BOOST_TEST(allocations - before == 0U, source);
    }
}

BOOST_AUTO_TEST_CASE(a_value_of_another_kind_than_declared_is_an_error_at_the_operation_that_meets_it) {
    const environment names = rule_environment();
    const std::vector<value> mixed = {value::int64(1), value::string("a")};
    struct row {
        std::string_view variable;
        value given;
        std::string source;
        std::string_view gave;
    };
    const row table[] = {
        {"sale.amount", value::string("7"), "sale.amount + 1", "error: no such overload"},
        {"sale.amount", value::string("7"), "sale.amount > 1", "error: no such overload"},
        {"sale.amount", value::string("7"), "sale.amount == 7", "false"},
        {"sale.amount", value::float64(7), "sale.amount == 7", "true"},
        {"sale.amount", value::uint64(7), "sale.amount in [5, 6, 7]", "true"},
        {"sale.amount", value::float64(7), "pct(sale.amount, '10')", "error: no such overload"},
        {"is_new", value::int64(1), "is_new ? 1 : 2", "error: no such overload"},
        {"is_new", value::int64(1), "is_new && true", "error: no such overload"},
        {"is_new", value::int64(1), "is_new && false", "false"},
        {"is_new", value::null(), "!is_new", "error: no such overload"},
        {"weights", value::list(mixed), "weights.all(x, x > 0)", "error: no such overload"},
        {"weights", value::int64(1), "weights.map(x, x)", "error: no such overload"},
        {"weights", value::null(), "1 in weights", "error: no such overload"},
        {"totals", value::list(mixed), "totals.a", "error: no such overload"},
        {"maybe", value::int64(1), "maybe.orValue(2)", "error: no such overload"},
        {"at", value::int64(1), "at.getHours()", "error: no such overload"},
        {"fee", value::string("12.5"), "pct(100, fee)", "error: no such overload"},
        {"any", value::opaque(&names, 1), "tier(1, any)", "error: no such overload"},
        {"any", value::opaque(&names, 1), "timestamp(0).getHours(any)", "error: no such overload"},
        {"any", value::opaque(&names, 1), "'a'.matches(any)", "error: no such overload"},
        {"any", value::error(evaluation_errc::overflow), "any == 1", "error: out of range"},
        {"any", value::error(evaluation_errc::overflow), "any == 1 || true", "true"},
    };
    for (const row& each : table)
        BOOST_TEST_CONTEXT(each.source) {
            activation slots(names.variables().size());
            slots.set(slot_of(names, each.variable), each.given);
            evaluator work;
            const auto program = compiled_in(names, each.source);
            BOOST_TEST(show(work.evaluate(*program, slots)) == std::string(each.gave));
            std::vector<trace_step> steps;
            BOOST_TEST(show(work.trace(*program, slots, steps)) == std::string(each.gave));
        }
}

BOOST_AUTO_TEST_CASE(an_amount_is_an_int_whatever_is_in_the_slots) {
    const environment names = rule_environment();
    compile_options options;
    options.amount = true;
    const auto made = names.compile("sale.amount", options);
    BOOST_REQUIRE(made);
    evaluator work;
    activation slots(names.variables().size());
    slots.set(slot_of(names, "sale.amount"), value::float64(1.5));
    BOOST_TEST((work.evaluate(**made, slots).error_code() == evaluation_errc::double_in_amount));
    slots.set(slot_of(names, "sale.amount"), value::string("1"));
    BOOST_TEST((work.evaluate(**made, slots).error_code() == evaluation_errc::no_such_overload));
    slots.set(slot_of(names, "sale.amount"), std::int64_t{5});
    BOOST_TEST(show(work.evaluate(**made, slots)) == "5");
    const auto from_metadata = names.compile("int(sale.metadata.price)", options);
    BOOST_REQUIRE(from_metadata);
    slots.set(slot_of(names, "sale.metadata"), value::int64(1));
    BOOST_TEST((work.evaluate(**from_metadata, slots).error_code() == evaluation_errc::no_such_overload));
}

BOOST_AUTO_TEST_CASE(a_double_that_only_run_time_finds_in_an_amount_is_refused_by_code_and_trace_alike) {
    const environment names = rule_environment();
    compile_options options;
    options.amount = true;
    options.check = false;
    // dyn(1.0) can be computed beforehand, and without the check nothing refuses it there.
    for (const char* source : {"int(dyn(1.0))", "size([dyn(1.0), sale.amount])"}) {
        const auto made = names.compile(source, options);
        BOOST_REQUIRE(made);
        activation slots(names.variables().size());
        slots.set(slot_of(names, "sale.amount"), std::int64_t{1});
        evaluator work;
        std::vector<trace_step> steps;
        BOOST_TEST((work.trace(**made, slots, steps).error_code() == evaluation_errc::double_in_amount),
                   source);
        const value result = work.evaluate(**made, slots);
        BOOST_REQUIRE(result.is_error());
        BOOST_TEST((result.error_code() == evaluation_errc::double_in_amount), source);
    }
}

BOOST_AUTO_TEST_CASE(a_slot_that_no_variable_has_is_ignored) {
    const environment names = rule_environment();
    activation slots(names.variables().size());
    slots.set(10'000, std::int64_t{1});
    BOOST_TEST(slots.size() == names.variables().size());
}

BOOST_AUTO_TEST_CASE(values_of_the_language_of_the_program_become_those_of_rules) {
    activation slots(8);
    slots.set(0, "CA"); // Not a bool, as a pointer would be.
    slots.set(1, 5);
    slots.set(2, 5U);
    slots.set(3, true);
    slots.set(4, 0.5);
    slots.set(5, std::string_view("CA"));
    slots.set(6, std::int64_t{-1});
    std::string shown;
    for (slot_id slot = 0; slot < 7; ++slot)
        shown += show(slots.get(slot)) + " ";
    BOOST_TEST(shown == "'CA' 5 5u true 0.5 'CA' -1 ");
}

BOOST_AUTO_TEST_CASE(slips_of_an_embedder_are_errors_and_nothing_worse) {
    environment names = rule_environment();
    const auto program = compiled_in(names, "customer.country == 'CA'");
    evaluator work;
    for (const std::size_t size : {0U, 1U}) { // Made before the variables were declared.
        activation slots(size);
        slots.set(slot_of(names, "customer.country"), "CA");
        std::vector<trace_step> steps;
        BOOST_TEST(show(work.evaluate(*program, slots)) == "error: no such attribute");
        BOOST_TEST(show(work.trace(*program, slots, steps)) == "error: no such attribute");
    }
    BOOST_TEST(!names.declare({.name = "nothing", .overloads = {{{type::int64()}, type::int64()}}}));
    for (const char* name : {"in", "true", "if.x", "a.in", "a.null.b", "1a", "a.", ""})
        BOOST_TEST(!names.declare(name, type::int64()).has_value(), name);
    for (const char* name : {"a.if", "has", "a.b.c", "_"})
        BOOST_TEST(names.declare(name, type::int64()).has_value(), name);
    // A result of another type than was promised is no result.
    activation slots(names.variables().size());
    slots.set(slot_of(names, "sale.amount"), "5");
    BOOST_TEST(show(work.evaluate(*compiled_in(names, "sale.amount"), slots)) == "error: no such overload");
}

BOOST_AUTO_TEST_CASE(what_met_is_said_when_no_overload_takes_it) {
    environment names = rule_environment();
    activation slots(names.variables().size());
    slots.set(slot_of(names, "any"), "5");
    evaluator work;
    for (const auto& [source, said] : std::vector<std::pair<std::string, std::string>>{
             {"any > 3", "there is no '>' for string and int"},
             {"any + 5", "there is no '+' for string and int"},
             {"any[0]", "there is no '[]' for string and int"},
             {"any.getHours()", "there is no getHours(string)"},
             {"pct(any, '5')", "there is no pct(string, rate)"}}) {
        const auto program = compiled_in(names, source);
        BOOST_TEST(work.evaluate(*program, slots).error_detail() == said);
        std::vector<trace_step> steps;
        BOOST_TEST(work.trace(*program, slots, steps).error_detail() == said);
    }
}

BOOST_AUTO_TEST_CASE(has_asks_for_variables_with_and_without_dots) {
    environment names = rule_environment();
    activation slots(names.variables().size());
    evaluator work;
    const auto asked = [&](const char* source) {
        return show(work.evaluate(*compiled_in(names, source), slots));
    };
    BOOST_TEST(asked("has(share)") == "false");
    BOOST_TEST(asked("has(.share) || has(sale.amount)") == "false");
    slots.set(slot_of(names, "share"), 0.5);
    BOOST_TEST(asked("has(share) && share > 0.1") == "true");
    BOOST_TEST(compiled_in(names, "has( share )")->text() == "has(share)");
    BOOST_TEST(!names.compile("has(shares)").has_value());
    BOOST_TEST(!names.compile("tags.all(x, has(x))").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
