#include <tributary/cel/json.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <ostream>

#include "app/cli/commands.hpp"
#include "app/cli/context.hpp"
#include "app/cli/input_file.hpp"
#include "app/cli/rules_source.hpp"

namespace tributary::app::cli {
namespace {

struct eval_arguments {
    rule_arguments rule;
    std::optional<std::string> input;
    std::vector<std::string> rates;
    bool trace = false;
};

constexpr std::size_t input_bytes_max = 4 << 20;
/// An expression in the tree of a trace is cut here, so that the values stand in one column.
constexpr std::size_t shown_expression_max = 60;
constexpr std::size_t shown_value_max = 200;

result<boost::json::object> read_values(context& with, const std::optional<std::string>& path) {
    if (!path)
        return boost::json::object();
    TRIBUTARY_TRY_ASSIGN(text, read_input(with, *path, input_bytes_max));
    boost::system::error_code error;
    boost::json::value all = boost::json::parse(text, error);
    if (error || !all.is_object())
        return failure(cli_errc::usage,
                       "the input is no JSON object" + (error ? ": " + error.message() : std::string()));
    return std::move(all.get_object());
}

result<void> read_rates(const std::vector<std::string>& given, cel::listed_rates& into) {
    for (const std::string& each : given) {
        const std::size_t equals = each.find('=');
        if (equals == std::string::npos || !into.add(each.substr(0, equals), each.substr(equals + 1)))
            return failure(cli_errc::usage,
                           "--rate takes a pair once, with a decimal above zero: EUR/USD=1.08; not '" + each +
                               "'");
    }
    return {};
}

/// What the input has and nobody declared may be anything. A member that no source could name is passed over.
void declare_rest(context& with, cel::environment& in, const boost::json::object& values) {
    for (const std::string& path : cel::unknown_members(values, in.variables()))
        if (!in.declare(path, cel::type::dyn()))
            with.warn("'" + path + "' of the input is no name, so no rule can read it");
}

std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

/// A part of the source on one line.
std::string one_line(std::string_view part) {
    std::string made;
    for (const char c : part)
        if (c != ' ' && c != '\n' && c != '\t' && c != '\r')
            made += c;
        else if (!made.ends_with(' '))
            made += ' ';
    if (width_of(made) <= shown_expression_max)
        return made;
    std::size_t end = shown_expression_max - 3;
    while (end > 0 && (static_cast<unsigned char>(made[end]) & 0xC0) == 0x80)
        --end;
    return made.substr(0, end) + "...";
}

/// A text or number that is written out gives itself; 'US' and "US" are the same.
bool is_literal(std::string_view part, const cel::value& gave) {
    const bool is_text = gave.is(cel::value_kind::string) && part.find_first_of("'\"") <= 1;
    return is_text || part == cel::text_of(gave);
}

/// One line for each sub-expression, indented by its depth, what it gave in a column of its own. Literals
/// below the whole are left out.
std::string tree_text(const std::vector<cel::trace_step>& steps, std::string_view source) {
    std::vector<std::pair<std::string, std::string>> lines;
    std::size_t width = 0;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const cel::trace_step& each = steps[i];
        const std::string_view part = source.substr(each.begin, each.end - each.begin);
        const bool is_leaf = i + 1 == steps.size() || steps[i + 1].level <= each.level;
        if (each.level > 0 && is_leaf && is_literal(part, each.gave))
            continue;
        lines.emplace_back(std::string(std::size_t{2} * each.level, ' ') + one_line(part),
                           cel::text_of(each.gave, shown_value_max));
        width = std::max(width, width_of(lines.back().first));
    }
    std::string text;
    for (const auto& [part, gave] : lines)
        text += part + std::string(width - width_of(part) + 2, ' ') + gave + "\n";
    if (steps.size() >= cel::trace_steps_max)
        text += "... (further steps were not kept)\n";
    return text;
}

/// With doubles as a person writes them: boost::json writes 1.5E0.
document document_of(const boost::json::value& given) {
    if (given.is_double())
        return document::json_text(cel::text_of(cel::value::float64(given.get_double())));
    if (given.is_array()) {
        document list = document::list();
        for (const boost::json::value& each : given.get_array())
            list.push(document_of(each));
        return list;
    }
    if (given.is_object()) {
        document record = document::record();
        for (const auto& [name, held] : given.get_object())
            record.set(std::string(name), document_of(held));
        return record;
    }
    return document::json_text(boost::json::serialize(given));
}

/// Too large a value is there as text only, which is cut.
document json_of(const cel::value& given) {
    return document_of(cel::to_json(given).value_or(nullptr));
}

/// The error of an evaluation, with its place in the source.
document describe_error(const cel::program& compiled, const cel::value& failed) {
    const cel::diagnostic what = compiled.describe(failed);
    const cel::position at = cel::position_of(compiled.source(), what.begin);
    document made = document::record();
    made.set("code", static_cast<int>(failed.error_code())).set("message", what.message);
    made.set("line", at.line).set("column", at.column).set("begin", what.begin).set("end", what.end);
    return made;
}

document describe_steps(const std::vector<cel::trace_step>& steps, std::string_view source) {
    document list = document::list();
    for (const cel::trace_step& each : steps)
        list.push(document::record()
                      .set("level", each.level)
                      .set("begin", each.begin)
                      .set("end", each.end)
                      .set("source", source.substr(each.begin, each.end - each.begin))
                      .set("text", cel::text_of(each.gave, shown_value_max))
                      .set("value", json_of(each.gave)));
    return list;
}

/// Every value of the wrong type is named, each on a line.
result<exit_status> refuse_values(context& with, const std::vector<cel::json_problem>& problems) {
    for (std::size_t i = 1; i < problems.size(); ++i)
        with.warn(problems[i].text());
    return failure(cli_errc::usage, problems.front().text());
}

exit_status show_value(context& with, const cel::program& compiled, const rule_source& source,
                       const cel::value& given, const std::vector<cel::trace_step>* steps,
                       std::uint64_t cost) {
    if (with.json) {
        document shown = document::record();
        shown.set("ok", !given.is_error()).set("type", compiled.result_type().text());
        shown.set("text", cel::text_of(given)).set("value", given.is_error() ? document() : json_of(given));
        shown.set("cost", static_cast<std::int64_t>(cost)).set("hash", compiled.hash());
        shown.set("error", given.is_error() ? describe_error(compiled, given) : document());
        if (steps != nullptr)
            shown.set("trace", describe_steps(*steps, compiled.source()));
        with.show_json(shown);
    } else {
        if (steps != nullptr)
            with.show_text(printable(tree_text(*steps, compiled.source())));
        else if (!given.is_error())
            with.show_text(printable(cel::text_of(given)) + "\n");
        if (given.is_error())
            with.err << cel::render(compiled.describe(given), compiled.source(), source.name);
    }
    return given.is_error() ? exit_status::failed : exit_status::ok;
}

result<exit_status> evaluate_rule(context& with, const eval_arguments& given) {
    if (given.rule.file == "-" && given.input == "-")
        return failure(cli_errc::usage, "only one of FILE and --input can be standard input");
    TRIBUTARY_TRY_ASSIGN(source, read_rule(with, given.rule));
    TRIBUTARY_TRY_ASSIGN(values, read_values(with, given.input));
    const cel::zone_database zones;
    cel::environment in = make_rule_environment(zones);
    TRIBUTARY_TRY(declare_variables(in, source.variables));
    declare_rest(with, in, values);
    const auto compiled = in.compile(source.text, source.options);
    if (!compiled)
        return show_refusal(with, source, compiled.error());
    cel::arena memory(16 * input_bytes_max);
    cel::activation slots(in.variables().size());
    const cel::filled filled = cel::fill(slots, in.variables(), values, memory);
    if (!filled.problems.empty())
        return refuse_values(with, filled.problems);
    cel::listed_rates rates;
    TRIBUTARY_TRY(read_rates(given.rates, rates));
    slots.set_rates(&rates);
    cel::evaluator machine;
    std::vector<cel::trace_step> steps;
    const cel::value gave =
        given.trace ? machine.trace(**compiled, slots, steps) : machine.evaluate(**compiled, slots);
    return show_value(with, **compiled, source, gave, given.trace ? &steps : nullptr, machine.cost_used());
}

} // namespace

void add_rules_eval_command(command group) {
    const auto given = std::make_shared<eval_arguments>();
    command made = group.add(
        "eval",
        "Evaluate a rule with values from a JSON object. What the input has and nobody declared may be of "
        "any "
        "type. Ends with 1 when the evaluation fails",
        "echo '{\"sale\": {\"amount\": 9900}}' | tributary rules eval --expr 'sale.amount / 100' --input -\n"
        "  tributary rules eval reward.json --input sale.json --trace\n"
        "  tributary rules eval --expr 'pct(1250, \"2.28\")' --json");
    add_rule_options(made, given->rule);
    made.text("--input", given->input, "FILE",
              "A JSON object with the variables, by name or nested; - for standard input")
        .texts("--rate", given->rates, "PAIR=RATE",
               "An exchange rate of the event, for convert(): EUR/USD=1.08")
        .flag("--trace", given->trace, "Print what every part of the expression gave")
        .runs([given](context& with) { return evaluate_rule(with, *given); });
}

} // namespace tributary::app::cli
