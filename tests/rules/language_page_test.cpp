#include <tributary/cel/environment.hpp>
#include <tributary/cel/zone.hpp>

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>
#include <string>

using namespace tributary::cel;

namespace {

std::string page() {
    std::ifstream file(TRIBUTARY_SOURCE_DIR "/docs/reference/rules.md");
    BOOST_REQUIRE_MESSAGE(file, "docs/reference/rules.md cannot be read");
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// Does the page write this as the name of something in code: `name`, `x.name(...)`?
bool names(const std::string& text, const std::string& name) {
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
        const char before = at == 0 ? ' ' : text[at - 1];
        const char after = text[at + name.size()];
        if ((before == '`' || before == '.' || before == ' ' || before == '(') &&
            (after == '(' || after == '`'))
            return true;
    }
    return false;
}

} // namespace

BOOST_AUTO_TEST_SUITE(language_page)

BOOST_AUTO_TEST_CASE(every_function_is_on_the_page) {
    const std::string text = page();
    const environment rules;
    for (const function_declaration& each : rules.functions())
        BOOST_TEST(names(text, each.name), each.name << " is not on the page");
    BOOST_TEST(!names(text, "pct2"));
}

BOOST_AUTO_TEST_CASE(limits_are_those_of_the_library) {
    const std::string text = page();
    const auto row = [](std::string_view what, std::uint64_t most) {
        return "| " + std::string(what) + " | " + std::to_string(most) + " |";
    };
    const compile_limits source;
    const evaluation_limits evaluation;
    for (const std::string& wanted :
         {row("bytes", source.source_bytes), row("parts of the expression", source.nodes),
          row("expressions within each other", source.nesting),
          row("operations deep, as in `1 + 1 + 1 ...`", source.depth),
          row("loops within each other", source.loops),
          row("elements of one list or map", source.literal_elements), row("cost", evaluation.cost),
          row("bytes of texts and lists that are made", evaluation.memory_bytes),
          row("elements of one list or map", evaluation.elements)})
        BOOST_TEST(text.find(wanted) != std::string::npos, "the page has no line " << wanted);
}

BOOST_AUTO_TEST_CASE(what_it_shows_is_true) {
    environment rules;
    rules.declare("sale.amount", type::int64());
    rules.declare("charge.number", type::int64());
    rules.declare("earned.this_month", type::int64());
    rules.declare("customer.ordinal", type::int64());
    evaluator machine;
    activation slots(4);
    slots.set(0, value::int64(1999));
    slots.set(1, value::int64(4));
    slots.set(2, value::int64(4800));
    slots.set(3, value::int64(21));
    const auto amount = [&](const std::string& source) {
        const auto made = rules.compile(source, {.amount = true});
        BOOST_REQUIRE_MESSAGE(made, source << ": " << (made ? "" : render(made.error(), source, "page")));
        return machine.evaluate(**made, slots).as_int64();
    };
    BOOST_TEST(amount("pct(1250, \"2.28\")") == 29);
    BOOST_TEST(amount("charge.number <= 3 ? pct(sale.amount, \"40\") : pct(sale.amount, \"20\")") == 400);
    const std::string capped =
        "clamp(pct(sale.amount, \"20\"), 0, math.greatest(0, 5000 - earned.this_month))";
    BOOST_TEST(page().find(capped) != std::string::npos);
    BOOST_TEST(amount(capped) == 200);
    slots.set(2, value::int64(6000)); // More than the cap, which was lowered.
    BOOST_TEST(amount(capped) == 0);
    BOOST_TEST(amount("pct(sale.amount, tier(customer.ordinal, [[1, \"20\"], [21, \"25\"]]))") == 500);
    BOOST_TEST(amount("tiers(150000, 0, [[0, \"20\"], [50000, \"25\"]])") == 35000);
    BOOST_TEST(amount("allocate(600, [40, 20, 40])[1]") == 120);
    const auto refused =
        rules.compile("pct(sale.amount, charge.number <= 3 ? \"40\" : \"20\")", {.amount = true});
    BOOST_REQUIRE(!refused);
    BOOST_TEST((refused.error().front().code == compile_errc::wrong_types ||
                refused.error().front().code == compile_errc::not_a_constant));
    const std::string misspelt = "sale.amont >= 10000";
    const auto unknown = rules.compile(misspelt);
    BOOST_REQUIRE(!unknown);
    const std::string shown = render(unknown.error(), misspelt, "rule.cel");
    std::string indented;
    std::stringstream lines(shown);
    for (std::string line; std::getline(lines, line);)
        indented += "    " + line + "\n";
    BOOST_TEST(page().find(indented) != std::string::npos, "the page does not show\n" << indented);
}

BOOST_AUTO_TEST_CASE(rules_that_people_write_compile) {
    const zone_database zones;
    environment_options options;
    options.zones = &zones;
    environment rules(std::move(options));
    for (const auto& [name, of] :
         std::initializer_list<std::pair<const char*, const char*>>{{"sale.amount", "int"},
                                                                    {"customer.country", "string"},
                                                                    {"coupon", "string"},
                                                                    {"metadata", "map(string, dyn)"},
                                                                    {"tags", "list(string)"},
                                                                    {"at", "timestamp"},
                                                                    {"customer.since", "timestamp"},
                                                                    {"sold.this_month", "int"},
                                                                    {"refunded.now", "int"},
                                                                    {"refunded.before", "int"}})
        rules.declare(name, *parse_type(of));
    const std::string text = page();
    const std::size_t begin = text.find("## Rules that people write"), end = text.find("\n## ", begin + 1);
    BOOST_REQUIRE(begin != std::string::npos);
    std::stringstream lines(text.substr(begin, end - begin));
    int compiled = 0;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("    "))
            continue;
        const auto made = rules.compile(line);
        BOOST_TEST(made.has_value(), (made ? "" : render(made.error(), line, "page")));
        ++compiled;
    }
    BOOST_TEST(compiled >= 10);
}

BOOST_AUTO_TEST_SUITE_END()
