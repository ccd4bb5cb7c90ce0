// `tributary rules`: what it prints, where, and how it ends.
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <sstream>

#include "app/cli/shop.hpp"

using namespace tributary::test;

namespace {

constexpr std::string_view sale = R"({"sale": {"amount": 9900, "tags": ["a", "b"]}, "country": "US"})";

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream all(text);
    for (std::string line; std::getline(all, line);)
        lines.push_back(line);
    return lines;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

run_result eval(const shop& in, const std::string& expression, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"rules", "eval", "--expr", expression});
    return in.run(more, sale);
}

} // namespace

BOOST_AUTO_TEST_SUITE(rules)

BOOST_AUTO_TEST_CASE(check_prints_what_the_rule_is) {
    const shop in(false);
    const run_result done = in.run({"rules", "check", "--expr", "sale.amount>=10000 && country in ['US']",
                                    "--declare", "sale.amount:int", "--declare", "country:string",
                                    "--declare", "other:map(string, list(int))", "--result", "bool"});
    BOOST_TEST(done.status == 0, done.err);
    BOOST_TEST(done.err.empty());
    const auto lines = lines_of(done.out);
    BOOST_TEST_REQUIRE(lines.size() == 5);
    BOOST_TEST(lines[0] == "type       bool");
    BOOST_TEST(lines[1] == R"(canonical  sale.amount >= 10000 && country in ["US"])");
    BOOST_TEST(lines[2].size() == 11 + 64);
    BOOST_TEST(lines[4] == "reads      sale.amount, country");
}

BOOST_AUTO_TEST_CASE(check_names_every_mistake_with_its_place_and_ends_with_2) {
    const shop in(false);
    in.write("rule.cel", "amount >= 1 &&\n  cuntry == 'US' && size(1) > 0\n");
    const run_result done =
        in.run({"rules", "check", "rule.cel", "--declare", "amount:int", "--declare", "country:string"});
    BOOST_TEST(done.status == 2);
    BOOST_TEST(done.out.empty());
    BOOST_TEST(done.err.starts_with("rule.cel:2:3: error: "), done.err);
    BOOST_TEST(has(done.err, "  ^^^^^^\n  did you mean 'country'?\n"), done.err);
    BOOST_TEST(has(done.err, "rule.cel:2:21: error: "), done.err);
}

BOOST_AUTO_TEST_CASE(check_gives_diagnostics_as_json) {
    const shop in(false);
    const run_result done = in.run({"rules", "check", "--expr", "'é' + nosuch", "--json"});
    BOOST_TEST(done.status == 2);
    const auto all = done.json().at("diagnostics").as_array();
    BOOST_TEST_REQUIRE(all.size() == 1);
    BOOST_TEST(!done.json().at("ok").as_bool());
    BOOST_TEST(all[0].at("line").as_int64() == 1);
    BOOST_TEST(all[0].at("column").as_int64() == 7); // Characters,
    BOOST_TEST(all[0].at("begin").as_int64() == 7);  // and bytes from 0, of which one has two.
    BOOST_TEST(all[0].at("code").as_int64() == 4);
    BOOST_TEST(has(std::string(all[0].at("message").as_string()), "nosuch"));
    BOOST_TEST(all[0].as_object().contains("hint"));
}

BOOST_AUTO_TEST_CASE(check_reads_a_document_and_arguments_win_over_it) {
    const shop in(false);
    in.write("rule.json", R"js({"expression": "pct(amount, '2.9')", "variables": {"amount": "int"},
        "result": "int", "amount": true, "rounding": "floor"})js");
    const auto document = in.ask({"rules", "check", "rule.json"});
    BOOST_TEST(document.at("ok").as_bool());
    BOOST_TEST(document.at("type").as_string() == "int");
    BOOST_TEST(document.at("rounding").as_string() == "floor");
    BOOST_TEST(document.at("amount").as_bool());
    BOOST_TEST(document.at("reads").at(0).as_string() == "amount");
    BOOST_TEST(document.at("hash").as_string().size() == 64);
    const auto other = in.ask({"rules", "check", "rule.json", "--rounding", "ceil"});
    BOOST_TEST(other.at("rounding").as_string() == "ceil");
    BOOST_TEST(other.at("hash") != document.at("hash"));
    BOOST_TEST(in.run({"rules", "check", "rule.json", "--result", "bool"}).status == 2);
}

BOOST_AUTO_TEST_CASE(check_reads_standard_input) {
    const shop in(false);
    const run_result done = in.run({"rules", "check", "-"}, "1 +\n 2\n");
    BOOST_TEST(done.status == 0, done.err);
    BOOST_TEST(has(done.out, "canonical  1 + 2\n"));
    BOOST_TEST(in.run({"rules", "check", "-"}, "1 +").err.starts_with("standard input:1:4: error: "));
}

BOOST_AUTO_TEST_CASE(arguments_that_make_no_sense_are_one_line_and_2) {
    const shop in(false);
    in.write("slip.json", R"({"expression": "1", "variabels": {}})");
    in.write("none.json", R"({"variables": {}})");
    in.write("list.json", "[]");
    in.write("types.json", R"({"expression": "1", "variables": {"a": 1}})");
    in.write("empty.cel", "");
    for (const auto& [arguments, named] : std::vector<std::pair<std::vector<std::string>, std::string>>{
             {{"rules", "check"}, "FILE or --expr"},
             {{"rules", "check", "a.cel", "--expr", "1"}, "FILE or --expr"},
             {{"rules", "check", "--expr", "1", "--declare", "a"}, "NAME:TYPE"},
             {{"rules", "check", "--expr", "1", "--declare", "a:money"}, "'money' is no type"},
             {{"rules", "check", "--expr", "1", "--declare", "a-b:int"}, "'a-b' cannot be declared"},
             {{"rules", "check", "--expr", "1", "--result", "number"}, "'number' is no type"},
             {{"rules", "check", "--expr", "1", "--rounding", "up"}, "half_even"},
             {{"rules", "check", "slip.json"}, "variabels"},
             {{"rules", "check", "none.json"}, "no \"expression\""},
             {{"rules", "check", "list.json"}, "no JSON object"},
             {{"rules", "check", "types.json"}, "\"variables\""},
             {{"rules", "check", "empty.cel"}, "is empty"},
             {{"rules", "eval", "-", "--input", "-"}, "only one"},
             {{"rules", "eval", "--expr", "1", "--input", "list.json"}, "no JSON object"},
             {{"rules", "conformance"}, "FILE"},
             {{"rules", "conformance", "slip.json"}, "no file of conformance cases"}}) {
        const run_result done = in.run(arguments);
        BOOST_TEST(done.status == 2, named);
        BOOST_TEST(done.out.empty(), named);
        BOOST_TEST(has(done.err, named), done.err);
        BOOST_TEST(std::ranges::count(done.err, '\n') == 1, done.err);
    }
    for (const char* command : {"check", "eval", "conformance"})
        BOOST_TEST(in.run({"rules", command, "nowhere.json"}).status == 3);
    BOOST_TEST(in.run({"rules", "check", "."}).status == 3);
}

BOOST_AUTO_TEST_CASE(eval_prints_the_value) {
    const shop in(false);
    for (const auto& [expression, printed] : std::vector<std::pair<std::string, std::string>>{
             {"sale.amount + 1", "9901"},
             {"country == 'US' && 'b' in sale.tags", "true"},
             {"{'a': 1u, 'b': [1.5, null]}", R"({"a": 1u, "b": [1.5, null]})"},
             {"pct(sale.amount, '20')", "1980"},
             {"convert(100, 'EUR', 'EUR') + minor('1.5', 'JOD')", "1600"},
             {"timestamp('2024-07-01T12:00:00Z').getHours('America/New_York')", "8"},
             {"'a\\u001bb'", R"("a\x1bb")"}}) {
        const run_result done = eval(in, expression, {"--input", "-"});
        BOOST_TEST(done.status == 0, done.err);
        BOOST_TEST(done.out == printed + "\n");
    }
}

BOOST_AUTO_TEST_CASE(eval_reads_values_as_they_are_declared) {
    const shop in(false);
    BOOST_TEST(eval(in, "type(sale.amount)", {"--input", "-", "--declare", "sale.amount:double"}).out ==
               "double\n");
    in.write("more.json",
             R"({"sale.at": "2024-02-29T12:00:00Z", "big": "9007199254740993", "nosuch-name": 1})");
    const run_result done =
        in.run({"rules", "eval", "--expr", "[string(sale.at.getDate()), string(big)]", "--declare",
                "sale.at:timestamp", "--declare", "big:int", "--input", "more.json"});
    BOOST_TEST(done.out == "[\"29\", \"9007199254740993\"]\n");
    BOOST_TEST(has(done.err, "'nosuch-name' of the input is no name"), done.err);
    const run_result wrong = eval(in, "1", {"--input", "-", "--declare", "sale.tags:list(int)"});
    BOOST_TEST(wrong.status == 2);
    BOOST_TEST(wrong.err == "tributary: sale.tags[0] is the string \"a\", int was declared\n");
}

BOOST_AUTO_TEST_CASE(eval_shows_where_it_failed_and_ends_with_1) {
    const shop in(false);
    const run_result done = eval(in, "sale.amount / 0 + 1", {"--input", "-"});
    BOOST_TEST(done.status == 1);
    BOOST_TEST(done.out.empty());
    BOOST_TEST(done.err.starts_with("expression:1:13: error: divide by zero\n"), done.err);
    const run_result json = eval(in, "sale.amount / 0 + 1", {"--input", "-", "--json"});
    BOOST_TEST(json.status == 1);
    BOOST_TEST(json.json().at("error").at("code").as_int64() == 4);
    BOOST_TEST(json.json().at("error").at("column").as_int64() == 13);
    BOOST_TEST(json.json().at("value").is_null());
    // A variable that is declared and not given.
    BOOST_TEST(eval(in, "x", {"--declare", "x:int"}).status == 1);
    BOOST_TEST(eval(in, "1 +", {}).status == 2);
}

BOOST_AUTO_TEST_CASE(eval_traces_every_part_and_its_errors) {
    const shop in(false);
    const run_result done =
        eval(in, "sale.amount > 10000 || sale.amount / 0 == 1 || country == 'US'",
             {"--input", "-", "--trace", "--declare", "sale.amount:int", "--declare", "country:string"});
    BOOST_TEST(done.status == 0, done.err);
    const auto lines = lines_of(done.out);
    BOOST_TEST_REQUIRE(lines.size() == 8, done.out);
    const std::size_t column = lines[0].rfind("  true") + 2;
    BOOST_TEST(lines[1].substr(0, 21) == "  sale.amount > 10000");
    BOOST_TEST(lines[1].substr(column) == "false");
    BOOST_TEST(lines[2].starts_with("    sale.amount "));
    BOOST_TEST(lines[2].substr(column) == "9900");
    BOOST_TEST(has(done.out, "    sale.amount / 0 "));
    BOOST_TEST(std::ranges::count_if(lines, [&](const std::string& line) {
                   return line.substr(column) == "error: divide by zero";
               }) == 2); // The quotient, and what is compared with it.
    const auto steps = eval(in, "sale.amount + 1", {"--input", "-", "--trace", "--json"}).json().at("trace");
    BOOST_TEST_REQUIRE(steps.as_array().size() >= 3);
    BOOST_TEST(steps.at(0).at("source").as_string() == "sale.amount + 1");
    BOOST_TEST(steps.at(0).at("value").as_int64() == 9901);
    BOOST_TEST(steps.at(0).at("level").as_int64() == 0);
}

BOOST_AUTO_TEST_CASE(conformance_counts_and_lists_what_failed) {
    const shop in(false);
    in.write("good.json", R"([{"id": "g/1", "expr": "1 + 1", "expect": {"value": {"int": "2"}}},
        {"id": "g/2", "expr": "x", "bindings": {"x": {"unknown": []}}, "expect": {"error": []}}])");
    in.write("bad.json", R"([{"id": "b/1", "expr": "1 + 1", "expect": {"value": {"int": "3"}}}])");
    in.write("out.json", R"js([{"id": "o/1", "file": "block_ext", "expr": "cel.block([1], cel.index(0))",
        "expect": {"value": {"int": "1"}}}])js");
    const run_result good = in.run({"rules", "conformance", "good.json", "out.json"});
    BOOST_TEST(good.status == 0, good.err);
    const auto lines = lines_of(good.out);
    BOOST_TEST_REQUIRE(lines.size() == 4, good.out);
    BOOST_TEST(lines[0] == "good.json: 1 passed, 0 failed, 1 not supported (unknown values)");
    BOOST_TEST(lines[1] == "  not supported g/2: unknown values");
    BOOST_TEST(lines[2].starts_with("out.json: 0 passed, 0 failed, 1 not supported (cel.block "));
    BOOST_TEST(lines[3] == "1 passed, 0 failed");
    const run_result bad = in.run({"rules", "conformance", "good.json", "bad.json"});
    BOOST_TEST(bad.status == 1);
    BOOST_TEST(has(bad.out, "bad.json: 0 passed, 1 failed\n  failed b/1\n    expression 1 + 1\n"
                            "    expected   3\n    got        2\n"),
               bad.out);
    BOOST_TEST(bad.out.ends_with("\n1 passed, 1 failed\n"));
    const auto document = in.run({"rules", "conformance", "bad.json", "--json"}).json();
    BOOST_TEST(document.at("failed").as_int64() == 1);
    BOOST_TEST(document.at("files").at(0).at("cases").at(0).at("got").as_string() == "2");
}

BOOST_AUTO_TEST_CASE(schema_has_what_an_editor_needs) {
    const shop in(false);
    const auto schema = in.ask({"rules", "schema"});
    const auto named = [&](std::string_view list, std::string_view name) -> const boost::json::value* {
        for (const boost::json::value& each : schema.at(list).as_array())
            if (each.at("name").as_string() == name)
                return &each;
        return nullptr;
    };
    for (const char* type : {"int", "rate", "list(T)", "timestamp"})
        BOOST_TEST(named("types", type) != nullptr, type);
    for (const char* operation : {"&&", "in", "?:"})
        BOOST_TEST(named("operators", operation) != nullptr, operation);
    for (const char* macro : {"has", "exists_one", "cel.bind"})
        BOOST_TEST(named("macros", macro) != nullptr, macro);
    BOOST_TEST_REQUIRE(named("limits", "cost") != nullptr);
    BOOST_TEST(named("limits", "cost")->at("most").as_int64() == 10'000);
    const boost::json::value* pct = named("functions", "pct");
    BOOST_TEST_REQUIRE(pct != nullptr);
    BOOST_TEST(pct->at("signatures").at(1).at("text").as_string() == "pct(int, rate, string) -> int");
    BOOST_TEST(pct->at("literal_parameters").at(0).as_int64() == 2);
    BOOST_TEST_REQUIRE(named("functions", "charAt") != nullptr);
    BOOST_TEST(named("functions", "charAt")->at("signatures").at(0).at("member").as_bool());
    const run_result text = in.run({"rules", "schema"});
    BOOST_TEST(has(text.out, "  string.charAt(int) -> string\n"));
    BOOST_TEST(has(text.out, "Limits\n"));
}

BOOST_AUTO_TEST_CASE(every_macro_and_operator_of_the_schema_is_understood) {
    const shop in(false);
    const auto schema = in.ask({"rules", "schema"});
    for (const auto& [name, example] :
         std::map<std::string, std::string>{{"has", "has({'a': 1}.a)"},
                                            {"all", "[1].all(x, true)"},
                                            {"exists", "[1].exists(x, true)"},
                                            {"exists_one", "[1].exists_one(x, true)"},
                                            {"map", "[1].map(x, x)"},
                                            {"filter", "[1].filter(x, true)"},
                                            {"transformList", "[1].transformList(i, x, x)"},
                                            {"transformMap", "{1: 2}.transformMap(k, x, x)"},
                                            {"cel.bind", "cel.bind(x, 1, x)"},
                                            {"optMap", "optional.of(1).optMap(x, x)"},
                                            {"optFlatMap", "optional.of(1).optFlatMap(x, optional.of(x))"}})
        BOOST_TEST(in.run({"rules", "check", "--expr", example}).status == 0, name);
    BOOST_TEST(schema.at("macros").as_array().size() == 11);
}

BOOST_AUTO_TEST_SUITE_END()
