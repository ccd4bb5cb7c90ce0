#include <boost/test/unit_test.hpp>

#include "call.hpp"
#include "rule_environment.hpp"

using namespace tributary::cel;
using namespace tributary::cel::test;

namespace {

const environment& shared_environment() {
    static const zone_database zones;
    static const environment made = [] {
        environment_options options;
        options.zones = &zones;
        return rule_environment(std::move(options));
    }();
    return made;
}

/// The type of a source's result, or the first refusal.
std::string type_of(std::string_view source, const compile_options& options = {}) {
    const auto made = shared_environment().compile(std::string(source), options);
    return made ? (*made)->result_type().text() : "refused: " + made.error().front().message;
}

/// "CODE 'the part of the source': MESSAGE", with " | HINT" when there is one; all refusals, one a line.
std::string refusals(std::string_view source, const compile_options& options = {}) {
    const auto made = shared_environment().compile(std::string(source), options);
    if (made)
        return "compiled: " + (*made)->result_type().text();
    std::string text;
    for (const diagnostic& each : made.error()) {
        text += (text.empty() ? "" : "\n") + std::to_string(static_cast<int>(each.code)) + " '" +
                std::string(source.substr(each.begin, each.end - each.begin)) + "': " + each.message;
        if (!each.hint.empty())
            text += " | " + each.hint;
    }
    return text;
}

struct row {
    std::string_view source, expected;
};

constexpr compile_options as_amount{.result = {}, .amount = true, .mode = rounding::half_up, .check = true};

} // namespace

BOOST_AUTO_TEST_SUITE(checker)

BOOST_AUTO_TEST_CASE(every_expression_has_a_type) {
    const row table[] = {
        {"1", "int"},
        {"1u", "uint"},
        {"1.0", "double"},
        {"'a'", "string"},
        {"b'a'", "bytes"},
        {"true", "bool"},
        {"null", "null"},
        {"sale.amount + 1", "int"},
        {"sale.quantity * 2u", "uint"},
        {"share / 2.0", "double"},
        {"'a' + customer.country", "string"},
        {"raw + b'a'", "bytes"},
        {"at + span", "timestamp"},
        {"span + at", "timestamp"},
        {"at - at", "duration"},
        {"at - span", "timestamp"},
        {"span - span", "duration"},
        {"-sale.amount", "int"},
        {"!is_new", "bool"},
        {"1 < 2.0", "bool"},
        {"1 == any", "bool"},
        {"sale.amount in weights", "bool"},
        {"'a' in totals", "bool"},
        {"is_new ? 1 : 2", "int"},
        {"is_new ? 1 : any", "dyn"},
        {"is_new ? null : null", "null"},
        {"[]", "list(dyn)"},
        {"[1, 2]", "list(int)"},
        {"[1, 'a']", "list(dyn)"},
        {"[[1], []]", "list(list(int))"},
        {"[?maybe, 2]", "list(int)"},
        {"{}", "map(dyn, dyn)"},
        {"{'a': 1}", "map(string, int)"},
        {"{'a': 1, 'b': true}", "map(string, dyn)"},
        {"{'a': [1]}['a']", "list(int)"},
        {"weights + [1]", "list(int)"},
        {"weights[0]", "int"},
        {"weights[?0]", "optional_type(int)"},
        {"totals.a", "int"},
        {"totals.?a", "optional_type(int)"},
        {"totals['a']", "int"},
        {"numbered[1]", "string"},
        {"sale.metadata.a.b", "dyn"},
        {"has(totals.a)", "bool"},
        {"has(sale.amount)", "bool"},
        {"any.a[0].b", "dyn"},
        {"any + 1", "int"},
        {"any + any", "dyn"},
        {"weights.all(x, x > 0)", "bool"},
        {"weights.exists_one(x, x > 0)", "bool"},
        {"weights.map(x, string(x))", "list(string)"},
        {"weights.map(x, x > 0, [x])", "list(list(int))"},
        {"tags.filter(x, x == 'a')", "list(string)"},
        {"totals.map(k, k)", "list(string)"},
        {"totals.transformList(k, v, v)", "list(int)"},
        {"totals.transformMap(k, v, string(v))", "map(string, string)"},
        {"tags.transformMap(i, t, t)", "map(int, string)"},
        {"maybe.optMap(x, x > 0)", "optional_type(bool)"},
        {"maybe.optFlatMap(x, optional.of('a'))", "optional_type(string)"},
        {"maybe.orValue(1)", "int"},
        {"optional.none()", "optional_type(dyn)"},
        {"cel.bind(x, tags, x + x)", "list(string)"},
        {"pct(sale.amount, '12.5')", "int"},
        {"pct(sale.amount, fee, 'floor')", "int"},
        {"tier(3, [[0, '20']])", "rate"},
        {"allocate(1, weights)", "list(int)"},
        {"minor('12.34', 'USD')", "int"},
        {"size(tags) + size('a') + size(totals)", "int"},
        {"'a,b'.split(',')", "list(string)"},
        {"at.getHours('Europe/Berlin')", "int"},
        {"math.greatest(1, 2)", "int"},
        {"math.greatest(1, 2.0)", "dyn"},
        {"type(1)", "type(int)"},
        {"int", "type(int)"},
        {"dyn(1)", "dyn"},
    };
    for (const auto& [source, expected] : table)
        BOOST_TEST_CONTEXT(source) {
            BOOST_TEST(type_of(source) == expected);
        }
}

BOOST_AUTO_TEST_CASE(names_and_functions_that_there_are_not_are_refused_with_the_nearest) {
    const row table[] = {
        {"sale.amont > 1", "4 'sale.amont': 'sale.amont' is not declared | did you mean 'sale.amount'?"},
        {"customer.contry == 'US'",
         "4 'customer.contry': 'customer.contry' is not declared | did you mean 'customer.country'?"},
        {"nothing_like_it", "4 'nothing_like_it': 'nothing_like_it' is not declared"},
        {".tag", "4 '.tag': 'tag' is not declared | did you mean 'tags'?"},
        {"weights.all(wei, we > 0)", "4 'we': 'we' is not declared | did you mean 'wei'?"},
        {"weights.all(x, true) && x", "4 'x': 'x' is not declared"},
        {"tags.map(x, .x)", "4 '.x': 'x' is not declared"},
        {"cel.bind(x, x, 1)", "4 'x': 'x' is not declared"},
        {"siz(tags)", "5 'siz': there is no function 'siz' | did you mean 'size'?"},
        {"'a'.startWith('b')",
         "5 'startWith': there is no function 'startWith' | did you mean 'startsWith'?"},
        {"math.gretest(1, 2)",
         "5 'math.gretest': there is no function 'math.gretest' | did you mean 'math.greatest'?"},
        {"unlike_any_other(1)", "5 'unlike_any_other': there is no function 'unlike_any_other'"},
        {"tags.map(x)",
         "5 'map': there is no function 'map' | this macro takes other arguments; see the language's page"},
        {"a_name + 'a'.nothing_at_all()", "4 'a_name': 'a_name' is not declared\n"
                                          "5 'nothing_at_all': there is no function 'nothing_at_all'"},
    };
    for (const auto& [source, expected] : table)
        BOOST_TEST_CONTEXT(source) {
            BOOST_TEST(refusals(source) == expected);
        }
}

BOOST_AUTO_TEST_CASE(types_that_do_not_fit_are_refused_where_they_meet) {
    const row table[] = {
        {"1 + 'a'", "6 '1 + 'a'': there is no '+' for int and string"},
        {"sale.amount * 0.2", "6 'sale.amount * 0.2': there is no '*' for int and double | numbers are not "
                              "converted by themselves: "
                              "double(...) makes a double of the other"},
        {"1.0 % 2.0", "6 '1.0 % 2.0': there is no '%' for double and double"},
        {"1 < 'a'", "6 '1 < 'a'': there is no '<' for int and string"},
        {"tags < tags", "6 'tags < tags': there is no '<' for list(string) and list(string)"},
        {"-'a'", "6 '-'a'': there is no '-' for string"},
        {"-sale.quantity", "6 '-sale.quantity': there is no '-' for uint"},
        {"at + at", "6 'at + at': there is no '+' for timestamp and timestamp"},
        {"!1", "6 '1': what '!' negates has to be bool, found int"},
        {"is_new && 1", "6 '1': each side of '&&' has to be bool, found int"},
        {"'a' || is_new",
         "6 ''a'': each side of '||' has to be bool, found string | one of several is asked with: "
         "x in [a, b]"},
        {"customer.country == null", "6 'customer.country == null': these are never equal: string and null | "
                                     "whether there is a value is asked with has()"},
        {"pct(sale.amount, 0.2)", "6 '0.2': a rate is a text, found double | 20 percent is written \"20\", a "
                                  "fifth of a percent \"0.2\""},
        {"1 ? 2 : 3", "6 '1': what stands before '?' has to be bool, found int"},
        {"is_new ? 1 : 'a'", "6 '1 : 'a'': the two sides of ':' have different types: int and string"},
        {"1 == 'a'", "6 '1 == 'a'': these are never equal: int and string"},
        {"'a' in weights", "6 ''a' in weights': string is never in list(int)"},
        {"'a' in 'abc'",
         "6 ''abc'': after 'in' stands a list or a map, found string | whether a text has a part "
         "is asked with contains()"},
        {"weights['a']", "6 ''a'': the index of a list has to be int, found string"},
        {"totals[1]", "6 '1': the keys are string, found int"},
        {"1[0]", "6 '1[0]': only a list or a map has elements, found int"},
        {"tags.name", "6 'name': list(string) has no fields"},
        {"sale.amount.name", "6 'name': int has no fields"},
        {"numbered.a", "6 'numbered.a': the keys of map(int, string) are no names | ask with [...]"},
        {"{1.0: 1}", "6 '1.0': a key is a string, an int, a uint or a bool, found double"},
        {"[?1]", "6 '?1': what stands after '?' has to be an optional, found int"},
        {"sale.amount.all(x, true)", "6 'sale.amount': this goes through a list or a map, found int"},
        {"tags.optMap(x, x)", "6 'tags': this needs an optional, found list(string)"},
        {"weights.all(x, x)", "6 'x': the condition has to be bool, found int"},
        {"weights.map(x, x, x)", "6 'x': the condition has to be bool, found int"},
        {"maybe.optFlatMap(x, x)", "6 'x': optFlatMap() needs an optional here, found int"},
        {"size(1)", "6 'size(1)': there is no size(int) | there is size(string), string.size(), size(bytes), "
                    "bytes.size(), ..."},
        {"customer.country.startsWith(1)", "6 'startsWith(1)': there is no string.startsWith(int) | there is "
                                           "string.startsWith(string)"},
        {"startsWith('a', 'b')",
         "6 'startsWith('a', 'b')': there is no startsWith(string, string) | there is "
         "string.startsWith(string)"},
        {"bps(1, 2.0)", "6 'bps(1, 2.0)': there is no bps(int, double) | there is bps(int, int), "
                        "bps(int, int, string)"},
    };
    for (const auto& [source, expected] : table)
        BOOST_TEST_CONTEXT(source) {
            BOOST_TEST(refusals(source) == expected);
        }
}

BOOST_AUTO_TEST_CASE(arguments_that_are_read_beforehand_have_to_be_written_out_and_right) {
    const std::string rate_hint =
        " | a rate is a percentage as a decimal with up to eight digits after the point, "
        "such as \"12.5\"";
    const std::string table_hint = " | a table of tiers is written [[0, \"20\"], [21, \"25\"]]";
    const std::pair<std::string_view, std::string> table[] = {
        {"pct(1, 'abc')", "9 ''abc'': this is no rate" + rate_hint},
        {"pct(1, '12,5')", "9 ''12,5'': this is no rate" + rate_hint},
        {"pct(1, '0.123456789')", "9 ''0.123456789'': this is no rate" + rate_hint},
        {"pct(1, '5', 'up')",
         "9 ''up'': unknown rounding 'up'; known are 'half_up', 'half_even', 'floor', 'ceil', "
         "'trunc'"},
        {"pct(1, '5', customer.country)",
         "8 'customer.country': argument 3 of pct() has to be written out as a text"},
        {"tier(1, [])", "9 '[]': this table of tiers is empty or too large" + table_hint},
        {"tier(1, [[0, '20'], 5])", "9 '5': a step of a table is an int and a rate" + table_hint},
        {"tier(1, [[0, '20', 1]])", "9 '[0, '20', 1]': a step of a table is an int and a rate" + table_hint},
        {"tier(1, [[sale.amount, '20']])",
         "9 '[sale.amount, '20']': a step of a table is an int and a rate" + table_hint},
        {"tier(1, [[0, 'x']])", "9 ''x'': this is no rate" + rate_hint},
        {"tier(1, [[0, '20'], [0, '25']])", "9 '0': the steps of a table have to ascend" + table_hint},
        {"tiers(1, 2, [[5, '20'], [4, '25']])", "9 '4': the steps of a table have to ascend" + table_hint},
        {"at.getHours('Europe/Nowhere')", "9 ''Europe/Nowhere'': there is no time zone 'Europe/Nowhere'; "
                                          "zones are named as in 'Europe/Berlin', "
                                          "'UTC' or '+01:00'"},
        {"startOf(at, customer.country)",
         "8 'customer.country': argument 2 of startOf() has to be written out as a text"},
        {"minor(customer.country, 'USD')",
         "8 'customer.country': the arguments of minor() have to be written out"},
        {"minor('1.234', 'USD')",
         "9 'minor('1.234', 'USD')': '1.234' is no amount with at most 2 digits after the point"},
        {"minor('1', 'XXX')", "9 'minor('1', 'XXX')': unknown currency 'XXX'; a code is as in 'USD'"},
        {"convert(1, 'XXX', 'EUR')", "9 ''XXX'': unknown currency 'XXX'; a code is as in 'USD'"},
    };
    for (const auto& [source, expected] : table)
        BOOST_TEST_CONTEXT(source) {
            BOOST_TEST(refusals(source) == expected);
        }
    BOOST_TEST(refusals("'a'.matches('(')").starts_with("9 ''('': "));
    BOOST_TEST(refusals("startOf(at, 'fortnight')")
                   .starts_with("9 ''fortnight'': unknown unit 'fortnight'; known "
                                "are "));
    // What only run time knows is read then.
    for (const std::string_view source :
         {"pct(1, fee)", "at.getHours(customer.country)", "convert(1, customer.country, 'EUR')",
          "'a'.matches(customer.country)"})
        BOOST_TEST_CONTEXT(source) {
            BOOST_TEST(refusals(source).starts_with("compiled"));
        }
}

BOOST_AUTO_TEST_CASE(an_amount_is_an_int_and_has_no_double_anywhere) {
    const std::string_view hint = " | percentages are written as texts: pct(amount, \"12.5\")";
    const std::pair<std::string_view, std::string> table[] = {
        {"sale.amount / 2", "compiled: int"},
        {"pct(sale.amount, '12.5')", "compiled: int"},
        {"any.a + 1", "compiled: int"},
        {"share", "10 'share': an amount is an int of minor units, this gives double"},
        {"int(share)", "10 'share': a double in an amount" + std::string(hint)},
        {"int(double(sale.amount) * 0.2)",
         "10 'double(sale.amount)': a double in an amount" + std::string(hint)},
        {"[1.0].size()", "10 '1.0': a double in an amount" + std::string(hint)},
        {"is_new ? 1 : int('2') + int(2.5)", "10 '2.5': a double in an amount" + std::string(hint)},
        {"customer.country", "7 'customer.country': an amount is an int of minor units, this gives string"},
        {"sale.quantity", "7 'sale.quantity': an amount is an int of minor units, this gives uint"},
        {"any", "7 'any': an amount is an int of minor units, this gives dyn | int(...) makes an int of it"},
        {"[1, 2]", "7 '[1, 2]': an amount is an int of minor units, this gives list(int)"},
    };
    for (const auto& [source, expected] : table)
        BOOST_TEST_CONTEXT(source) {
            const std::string seen = refusals(source, as_amount);
            BOOST_TEST(seen.substr(0, seen.find('\n')) == expected);
        }
}

BOOST_AUTO_TEST_CASE(the_result_has_to_be_what_was_asked_for) {
    compile_options condition;
    condition.result = type::boolean();
    BOOST_TEST(refusals("sale.amount > 1", condition) == "compiled: bool");
    BOOST_TEST(refusals("sale.amount", condition) ==
               "7 'sale.amount': the expression has to give bool, it gives int");
    BOOST_TEST(refusals("any", condition) == "7 'any': the expression has to give bool, it gives dyn");
    condition.result = type::dyn();
    BOOST_TEST(refusals("sale.amount", condition) == "compiled: int");
}

BOOST_AUTO_TEST_CASE(loops_within_each_other_are_limited) {
    BOOST_TEST(refusals("[1].map(a, [2].map(b, [3].map(c, a + b + c)))").starts_with("compiled"));
    BOOST_TEST(refusals("[1].map(a, [2].map(b, [3].map(c, [4].map(d, a + b + c + d))))") ==
               "16 '[4].map(d, a + b + c + d)': more than 3 loops within each other");
    // One after the other they do not multiply; and an optional is no loop.
    BOOST_TEST(refusals("weights.map(a, a).map(b, b).map(c, c).map(d, d)").starts_with("compiled"));
    BOOST_TEST(refusals("[1].map(a, [2].map(b, [3].map(c, maybe.optMap(d, d))))").starts_with("compiled"));
    compile_options unchecked;
    unchecked.check = false;
    BOOST_TEST(refusals("[1].map(a, [1].map(b, [1].map(c, [1].map(d, 1))))", unchecked).starts_with("16 "));
}

BOOST_AUTO_TEST_CASE(what_cannot_pass_the_cost_is_refused) {
    environment_options options;
    options.evaluation.cost = 20;
    const environment narrow = rule_environment(std::move(options));
    std::string source = "sale.amount";
    BOOST_TEST(narrow.compile(source).has_value());
    for (int i = 0; i < 20; ++i)
        source += " + sale.amount";
    const auto refused = narrow.compile(source);
    BOOST_REQUIRE(!refused);
    const diagnostic why = refused.error().front();
    BOOST_TEST((why.code == compile_errc::too_costly));
    BOOST_TEST(why.end == source.size());
    BOOST_TEST(why.message.find("; 20 are the most") != std::string::npos, why.message);
}

BOOST_AUTO_TEST_CASE(no_more_than_twenty_refusals_are_told_in_their_order) {
    std::string source = "[v0";
    for (int i = 1; i < 30; ++i)
        source += ", v" + std::to_string(i);
    const auto refused = shared_environment().compile(source + "]");
    BOOST_REQUIRE(!refused);
    const diagnostics all = refused.error();
    BOOST_REQUIRE(all.size() == 20U);
    for (std::size_t i = 0; i < all.size(); ++i)
        BOOST_TEST(all[i].message == "'v" + std::to_string(i) + "' is not declared");
}

BOOST_AUTO_TEST_CASE(without_the_check_only_syntax_and_limits_are_refused) {
    compile_options unchecked;
    unchecked.check = false;
    // The last ones have arguments that are read beforehand and cannot be: they are evaluated as any other.
    for (const std::string_view source :
         {"1 + 'a'", "nothing", "no_function(1)", "1 ? 2 : 3", "{1.0: 2}", "pct(1, 'abc')", "tier(1, [])",
          "tier(1, [[[1].map(x, x)]])", "tiers(1, 2, [[0, '1'], [weights.map(x, x), 'y']])",
          "at.getHours('Nowhere')", "'a'.matches('(')"})
        BOOST_TEST_CONTEXT(source) {
            BOOST_TEST(refusals(source, unchecked).starts_with("compiled"));
        }
    BOOST_TEST(refusals("1 +", unchecked).starts_with("1 "));
}

BOOST_AUTO_TEST_SUITE_END()
