#include "app/cli/rules_source.hpp"

#include <tributary/money/currency.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <ostream>

#include "app/cli/context.hpp"
#include "app/cli/input_file.hpp"

namespace tributary::app::cli {
namespace {

/// Above what the compiler takes, so that it is the one to refuse.
constexpr std::size_t rule_bytes_max = 1 << 20;

result<cel::type> read_type(std::string_view text) {
    const auto read = cel::parse_type(text);
    if (!read)
        return failure(cli_errc::usage, "'" + std::string(text) +
                                            "' is no type; types are bool, int, uint, double, string, bytes, "
                                            "timestamp, duration, rate, null, dyn, type, list(T), map(K, V) "
                                            "and optional_type(T)");
    return *read;
}

result<cel::rounding> read_rounding(std::string_view text) {
    const auto read = cel::parse_rounding(text);
    if (!read)
        return failure(cli_errc::usage, "rounding is half_up, half_even, floor, ceil or trunc");
    return *read;
}

result<cel::variable> read_declaration(const std::string& text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos || colon == 0)
        return failure(cli_errc::usage, "a declaration is NAME:TYPE, such as sale.amount:int");
    TRIBUTARY_TRY_ASSIGN(of, read_type(std::string_view(text).substr(colon + 1)));
    return cel::variable{text.substr(0, colon), std::move(of)};
}

/// One member of a rule's document.
result<void> read_member(std::string_view name, const boost::json::value& held, rule_source& into) {
    const auto wrong = [&](std::string_view expected) {
        return failure(cli_errc::usage,
                       into.name + ": \"" + std::string(name) + "\" is " + std::string(expected));
    };
    if (name == "amount") {
        if (!held.is_bool())
            return wrong("true or false");
        into.options.amount = held.get_bool();
        return {};
    }
    if (name == "variables") {
        if (!held.is_object())
            return wrong("an object of names and types");
        for (const auto& [variable, of] : held.get_object()) {
            if (!of.is_string())
                return wrong("an object of names and types");
            TRIBUTARY_TRY_ASSIGN(declared, read_type(of.get_string()));
            into.variables.push_back({std::string(variable), std::move(declared)});
        }
        return {};
    }
    if (!held.is_string())
        return wrong("a text");
    if (name == "expression") {
        into.text = std::string(held.get_string());
    } else if (name == "result") {
        TRIBUTARY_TRY_ASSIGN(of, read_type(held.get_string()));
        into.options.result = std::move(of);
    } else {
        TRIBUTARY_TRY_ASSIGN(mode, read_rounding(held.get_string()));
        into.options.mode = mode;
    }
    return {};
}

/// {"expression", "variables", "result", "amount", "rounding"}; nothing else, or a slip would go unnoticed.
result<void> read_document(const std::string& text, rule_source& into) {
    constexpr std::array<std::string_view, 5> known = {"expression", "variables", "result", "amount",
                                                       "rounding"};
    boost::system::error_code error;
    const boost::json::value all = boost::json::parse(text, error);
    if (error || !all.is_object())
        return failure(cli_errc::usage, into.name + " is no JSON object");
    for (const auto& [name, held] : all.get_object()) {
        if (std::ranges::find(known, std::string_view(name)) == known.end())
            return failure(
                cli_errc::usage,
                into.name + ": \"" + std::string(name) +
                    "\" is not known; a rule has expression, variables, result, amount and rounding");
        TRIBUTARY_TRY(read_member(name, held, into));
    }
    if (into.text.empty())
        return failure(cli_errc::usage, into.name + " has no \"expression\"");
    return {};
}

result<void> read_text(context& with, const rule_arguments& given, rule_source& into) {
    if (given.expression) {
        into.name = "expression";
        into.text = *given.expression;
        return {};
    }
    into.name = *given.file == "-" ? "standard input" : *given.file;
    TRIBUTARY_TRY_ASSIGN(text, read_input(with, *given.file, rule_bytes_max));
    if (given.file->ends_with(".json"))
        return read_document(text, into);
    into.text = std::move(text);
    return {};
}

/// Line and column count from 1, offsets are bytes.
document describe_diagnostics(const cel::diagnostics& all, std::string_view source) {
    document list = document::list();
    for (const cel::diagnostic& each : all) {
        const cel::position at = cel::position_of(source, each.begin);
        document one = document::record();
        one.set("line", at.line).set("column", at.column).set("begin", each.begin).set("end", each.end);
        one.set("code", static_cast<int>(each.code)).set("message", each.message);
        one.set("hint", each.hint.empty() ? document() : document(each.hint));
        list.push(std::move(one));
    }
    return list;
}

} // namespace

void add_rule_options(command& to, rule_arguments& given) {
    to.text("FILE", given.file, "FILE",
            "A file with one expression, - for standard input, or NAME.json with expression, variables, "
            "result, amount, rounding")
        .text("--expr", given.expression, "E", "The expression itself")
        .texts("--declare", given.declarations, "NAME:TYPE", "A variable: sale.amount:int, tags:list(string)")
        .text("--result", given.result_type, "TYPE", "The type that it has to give, such as bool")
        .flag("--amount", given.amount, "It is an amount of money: int, and no double may occur in it")
        .text("--rounding", given.rounding, "MODE", "half_up (the default), half_even, floor, ceil, trunc");
}

result<rule_source> read_rule(context& with, const rule_arguments& given) {
    if (given.file.has_value() == given.expression.has_value())
        return failure(cli_errc::usage, "give either FILE or --expr; see --help");
    rule_source made;
    TRIBUTARY_TRY(read_text(with, given, made));
    for (const std::string& each : given.declarations) {
        TRIBUTARY_TRY_ASSIGN(declared, read_declaration(each));
        const auto known = std::ranges::find(made.variables, declared.name, &cel::variable::name);
        if (known == made.variables.end())
            made.variables.push_back(std::move(declared));
        else
            known->declared = std::move(declared.declared);
    }
    if (given.result_type) {
        TRIBUTARY_TRY_ASSIGN(of, read_type(*given.result_type));
        made.options.result = std::move(of);
    }
    if (given.rounding) {
        TRIBUTARY_TRY_ASSIGN(mode, read_rounding(*given.rounding));
        made.options.mode = mode;
    }
    made.options.amount = made.options.amount || given.amount;
    return made;
}

cel::environment make_rule_environment(const cel::zone_database& zones) {
    cel::environment_options options;
    options.zones = &zones;
    options.currency_exponent = &money::currency_exponent;
    return cel::environment(std::move(options));
}

result<void> declare_variables(cel::environment& in, const std::vector<cel::variable>& all) {
    for (const cel::variable& each : all)
        if (!in.declare(each.name, each.declared))
            return failure(cli_errc::usage, "'" + each.name + "' cannot be declared as a variable");
    return {};
}

exit_status show_refusal(context& with, const rule_source& source, const cel::diagnostics& all) {
    if (with.json)
        with.show_json(document::record()
                           .set("name", source.name)
                           .set("ok", false)
                           .set("diagnostics", describe_diagnostics(all, source.text)));
    else
        with.err << cel::render(all, source.text, source.name);
    return exit_status::usage;
}

} // namespace tributary::app::cli
