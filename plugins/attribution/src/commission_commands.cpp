#include "commission_commands.hpp"

#include <boost/json.hpp>

#include "views.hpp"

namespace tributary::attribution {
namespace {

namespace json = boost::json;

std::vector<std::string> ids_of(const std::string& text) {
    std::vector<std::string> ids;
    boost::system::error_code failed;
    const json::value parsed = json::parse(text, failed);
    if (!failed && parsed.is_array())
        for (const json::value& id : parsed.as_array())
            if (id.is_string())
                ids.emplace_back(id.as_string());
    return ids;
}

/// The members that a paid row keeps for ever, whatever its payment becomes.
void add_constants(const stored_row& commission, command_draft& command) {
    namespace column = commission_column;
    const auto text = [&](std::string_view name, std::size_t index) {
        if (!commission[index].is_null())
            command.arguments.emplace_back(name, commission[index].text);
    };
    const auto number = [&](std::string_view name, std::size_t index) {
        command.arguments.emplace_back(name, std::to_string(commission[index].integer));
    };
    number("amount", column::amount);
    number("quantity", column::quantity);
    number("created", column::created_at);
    text("link", column::link_id);
    text("group", column::group_id);
    text("invoice", column::invoice_id);
    text("term", column::term_id);
    text("rule", column::rule);
    text("rule_hash", column::rule_hash);
    text("inputs", column::inputs);
    command.amount = sdk::make_money(commission[column::earnings].integer, commission[column::currency].text,
                                     static_cast<std::uint32_t>(commission[column::exponent].integer));
    command.has_amount = true;
}

} // namespace

sdk::outcome command_commission(route_context& context, const stored_row& commission, std::string_view action,
                                std::vector<std::pair<std::string_view, std::string>> arguments) {
    namespace column = commission_column;
    command_draft command;
    command.action = action;
    command.target = commission[column::id].text;
    command.partner_id = commission[column::partner_id].text;
    command.arguments = std::move(arguments);
    command.arguments.emplace_back("type", commission[column::type].text);
    command.arguments.emplace_back("ordinal", std::to_string(commission[column::ordinal].integer));
    const std::vector<std::string> ids = ids_of(commission[column::source_ids].text);
    if (!ids.empty())
        command.arguments.emplace_back("payment", ids.front());
    if (action == action::pay)
        add_constants(commission, command);
    const std::string document_id = context.store.make_id("cmd_");
    fact_draft draft;
    draft.document_id = document_id;
    draft.realm = commission[column::realm].text;
    draft.at_ms = context.now_ms();
    draft.parents.assign(ids.begin(), ids.end());
    return context.facts.emit_command(draft, command);
}

} // namespace tributary::attribution
