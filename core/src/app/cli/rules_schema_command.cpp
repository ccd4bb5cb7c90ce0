#include <tributary/cel/environment.hpp>

#include <algorithm>
#include <array>

#include "app/cli/commands.hpp"
#include "app/cli/context.hpp"
#include "app/cli/rules_source.hpp"
#include "app/cli/table.hpp"

namespace tributary::app::cli {
namespace {

/// What a table of the language says of one thing.
struct entry {
    std::string_view name;
    std::string_view form;
    std::string_view meaning;
};

constexpr auto types = std::to_array<entry>({
    {"bool", "true, false", "truth"},
    {"int", "42, -7, 0x2A", "a whole number of 64 bits; overflow is an error"},
    {"uint", "42u", "a whole number of 64 bits without a sign"},
    {"double", "1.5, 1e3", "a binary fraction; refused in an amount of money"},
    {"string", "\"text\", 'text', r\"raw\"", "text; positions count characters"},
    {"bytes", "b\"\\x00\"", "octets"},
    {"timestamp", "timestamp(\"2024-02-29T12:00:00Z\")", "an instant, in nanoseconds"},
    {"duration", "duration(\"1h30m\")", "a length of time, in nanoseconds"},
    {"rate", "\"12.5\"", "a percentage as an exact decimal; a literal text where one is expected"},
    {"null", "null", "nothing"},
    {"list(T)", "[1, 2]", "values in order"},
    {"map(K, V)", "{\"key\": 1}", "values by bool, int, uint or string"},
    {"optional_type(T)", "optional.of(1), optional.none()", "one value or none"},
    {"type", "int, type(x)", "the type of a value"},
    {"dyn", "", "any of them: known when the rule runs"},
});

constexpr auto operators = std::to_array<entry>({
    {"?:", "condition ? a : b", "a when the condition holds, else b"},
    {"||", "a || b", "either holds; an error on one side does not count when the other holds"},
    {"&&", "a && b", "both hold; an error on one side does not count when the other does not hold"},
    {"==", "a == b", "equal, numbers of different types too"},
    {"!=", "a != b", "not equal"},
    {"<", "a < b", "less"},
    {"<=", "a <= b", "less or equal"},
    {">", "a > b", "greater"},
    {">=", "a >= b", "greater or equal"},
    {"in", "a in list, key in map", "is among the elements or keys"},
    {"+", "a + b", "sum; joins texts and lists; moves times"},
    {"-", "a - b", "difference"},
    {"*", "a * b", "product"},
    {"/", "a / b", "quotient; of whole numbers towards zero"},
    {"%", "a % b", "remainder"},
    {"!", "!a", "does not hold"},
    {"-", "-a", "the opposite"},
    {".", "a.name", "a field of a map"},
    {"[]", "a[i]", "an element by its index or key"},
    {".?", "a.?name", "a field as an optional"},
    {"[?]", "a[?i]", "an element as an optional"},
});

constexpr auto macros = std::to_array<entry>({
    {"has", "has(a.name)", "is the field there"},
    {"all", "list.all(x, condition)",
     "holds for each element or key; two variables: index or key, and value"},
    {"exists", "list.exists(x, condition)", "holds for at least one"},
    {"exists_one", "list.exists_one(x, condition)", "holds for exactly one; also existsOne"},
    {"map", "list.map(x, result)", "a list of results; list.map(x, condition, result) of some"},
    {"filter", "list.filter(x, condition)", "the elements for which it holds"},
    {"transformList", "map.transformList(k, v, result)", "a list of results over index or key, and value"},
    {"transformMap", "map.transformMap(k, v, result)", "a map with the same keys"},
    {"cel.bind", "cel.bind(x, value, expression)", "a name for a value that is used more than once"},
    {"optMap", "optional.optMap(x, result)", "the result for the value of an optional, as an optional"},
    {"optFlatMap", "optional.optFlatMap(x, optional)", "the same for a result that is an optional"},
});

template <std::size_t N> document describe_entries(const std::array<entry, N>& all) {
    document list = document::list();
    for (const entry& each : all)
        list.push(
            document::record().set("name", each.name).set("form", each.form).set("meaning", each.meaning));
    return list;
}

/// "string.charAt(int) -> string", "size(list(A)) -> int"
std::string signature_text(const cel::function_declaration& of, const cel::overload& signature) {
    std::string text;
    std::size_t first = 0;
    if (signature.member && !signature.parameters.empty()) {
        text = signature.parameters[0].text() + ".";
        first = 1;
    }
    text += of.name + "(";
    for (std::size_t i = first; i < signature.parameters.size(); ++i)
        text += (i > first ? ", " : "") + signature.parameters[i].text();
    return text + ") -> " + signature.result.text();
}

document describe_signature(const cel::function_declaration& of, const cel::overload& signature) {
    document parameters = document::list();
    for (const cel::type& each : signature.parameters)
        parameters.push(each.text());
    document made = document::record();
    made.set("text", signature_text(of, signature)).set("member", signature.member);
    made.set("parameters", std::move(parameters)).set("result", signature.result.text());
    return made;
}

document describe_functions(const cel::environment& in) {
    document list = document::list();
    for (const cel::function_declaration& each : in.functions()) {
        document signatures = document::list();
        for (const cel::overload& signature : each.overloads)
            signatures.push(describe_signature(each, signature));
        document literals = document::list(); // Counted from 0, the receiver first.
        for (std::size_t i = 0; i < each.literals.size(); ++i)
            if (each.literals[i].required)
                literals.push(i);
        document made = document::record();
        made.set("name", each.name).set("signatures", std::move(signatures)).set("cost", each.cost);
        made.set("constant", each.compiled).set("literal_parameters", std::move(literals));
        list.push(std::move(made));
    }
    return list;
}

document describe_limits() {
    const cel::compile_limits compile;
    const cel::evaluation_limits evaluation;
    document made = document::list();
    const auto add = [&](std::string_view name, std::uint64_t most, std::string_view meaning) {
        made.push(document::record().set("name", name).set("most", most).set("meaning", meaning));
    };
    add("source_bytes", compile.source_bytes, "of a source");
    add("nodes", compile.nodes, "operators, calls, names and literals of a source");
    add("nesting", compile.nesting, "brackets, calls, conditionals and signs within each other");
    add("depth", compile.depth, "of the tree, chains of operators included");
    add("loops", compile.loops, "macros that iterate, within each other");
    add("literal_elements", compile.literal_elements, "of one list or map in a source");
    add("cost", evaluation.cost, "units of work of an evaluation");
    add("memory_bytes", evaluation.memory_bytes, "for texts, lists and maps of an evaluation");
    add("elements", evaluation.elements, "of one list or map that an evaluation makes");
    return made;
}

std::string functions_text(const document& functions) {
    std::string text;
    for (const document& each : functions.items())
        for (const document& signature : each.find("signatures")->items())
            text += "  " + signature.find("text")->cell() + "\n";
    return text;
}

std::string schema_text(const document& schema) {
    const auto section = [&](std::string_view title, std::string_view member, std::string_view second) {
        return std::string(title) + "\n" +
               indented(table_text(*schema.find(member),
                                   {{"name", "NAME"}, {second, "FORM"}, {"meaning", "MEANING"}}, "none"),
                        2) +
               "\n";
    };
    return section("Types", "types", "form") + section("Operators, loosest first", "operators", "form") +
           section("Macros", "macros", "form") + "Functions\n" + functions_text(*schema.find("functions")) +
           "\nLimits\n" +
           indented(table_text(*schema.find("limits"),
                               {{"name", "NAME"}, {"most", "MOST"}, {"meaning", "MEANING"}}, "none"),
                    2);
}

result<exit_status> show_schema(context& with) {
    const cel::zone_database zones;
    const cel::environment all = make_rule_environment(zones);
    document shown = document::record();
    shown.set("types", describe_entries(types)).set("operators", describe_entries(operators));
    shown.set("macros", describe_entries(macros)).set("functions", describe_functions(all));
    shown.set("limits", describe_limits()).set("time_zones", zones.version());
    with.show(shown, [&] { return schema_text(shown); });
    return exit_status::ok;
}

} // namespace

void add_rules_schema_command(command group) {
    group
        .add("schema",
             "What rules can be made of: types, operators, macros, functions with their signatures, limits. "
             "With "
             "--json for editors and forms",
             "tributary rules schema --json")
        .runs([](context& with) { return show_schema(with); });
}

} // namespace tributary::app::cli
