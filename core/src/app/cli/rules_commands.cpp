#include "app/cli/commands.hpp"
#include "app/cli/context.hpp"
#include "app/cli/rules_source.hpp"
#include "app/cli/table.hpp"

namespace tributary::app::cli {
namespace {

document describe(const cel::program& compiled, const rule_source& source, const cel::environment& in) {
    std::vector<std::string> reads;
    for (const cel::slot_id slot : compiled.slots())
        reads.push_back(in.variables()[slot].name);
    document shown = document::record();
    shown.set("name", source.name).set("ok", true).set("type", compiled.result_type().text());
    shown.set("text", compiled.text()).set("hash", compiled.hash());
    shown.set("cost", static_cast<std::int64_t>(compiled.cost())).set("reads", document::texts(reads));
    shown.set("amount", source.options.amount).set("rounding", cel::text_of(source.options.mode));
    return shown;
}

result<exit_status> check_rule(context& with, const rule_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(source, read_rule(with, given));
    const cel::zone_database zones;
    cel::environment in = make_rule_environment(zones);
    TRIBUTARY_TRY(declare_variables(in, source.variables));
    const auto compiled = in.compile(source.text, source.options);
    if (!compiled)
        return show_refusal(with, source, compiled.error());
    const document shown = describe(**compiled, source, in);
    with.show(shown, [&] {
        return fields_text(shown, {{"type", "type"},
                                   {"text", "canonical"},
                                   {"hash", "hash"},
                                   {"cost", "cost"},
                                   {"reads", "reads"}});
    });
    return exit_status::ok;
}

void add_check_command(command group) {
    const auto given = std::make_shared<rule_arguments>();
    command made = group.add(
        "check",
        "Compile a rule: its type, canonical text, hash, cost and the variables that it reads; or everything "
        "that is wrong with it, with line and column, and status 2",
        "tributary rules check --expr 'sale.amount >= 10000' --declare sale.amount:int --result bool\n"
        "  tributary rules check reward.json\n"
        "  tributary rules check --expr 'pct(amount, \"12.5\")' --declare amount:int --amount --json");
    add_rule_options(made, *given);
    made.runs([given](context& with) { return check_rule(with, *given); });
}

} // namespace

void add_rules_commands(command root) {
    command group = root.add("rules", "Rules in CEL: check them, try them, see what there is");
    add_check_command(group);
    add_rules_eval_command(group);
    add_rules_conformance_command(group);
    add_rules_schema_command(group);
}

} // namespace tributary::app::cli
