#include <array>

#include "folder.hpp"
#include "money.hpp"
#include "schema.hpp"

namespace tributary::attribution {
namespace {

using sdk::body_as;
using sdk::cell;
using sdk::states;
using sdk::view;

trb_cell text_or_null(std::string_view text) {
    return text.empty() ? cell() : cell(text);
}

struct lead_content {
    std::string_view event_name = "Sign up";
    std::string_view source = "tracked";
    std::int64_t quantity = 1;
    std::string metadata;
};

lead_content read_lead(const trb_merged_fact& fact) {
    lead_content lead;
    if (fact.kind == TRB_KIND_CUSTOMER)
        return {"New customer", "customer", 1, {}};
    if (fact.kind == TRB_KIND_CHECKOUT)
        return {"Sign up", "checkout", 1, {}};
    const auto& body = body_as<trb_lead>(fact.body);
    if (states(body, TRB_LEAD_EVENT_NAME) && body.event_name.size > 0)
        lead.event_name = view(body.event_name);
    if (states(body, TRB_LEAD_SOURCE) && body.source.size > 0)
        lead.source = view(body.source);
    if (states(body, TRB_LEAD_QUANTITY) && body.quantity > 0)
        lead.quantity = body.quantity;
    if (states(body, TRB_LEAD_METADATA))
        lead.metadata = metadata_json(body.metadata, body.metadata_count);
    return lead;
}

/// Beyond this a quantity is taken for a fault of its source; a reward times it still fits.
constexpr std::int64_t quantity_max = 1'000'000;

} // namespace

std::string folder::lead_row_id(const trb_merged_fact& fact) const {
    return hash_.derived_id("lead_", {"lead", view(fact.id)});
}

void folder::fold_leads() {
    // A lead that is implied by a checkout counts only when the click it carries led somewhere.
    const trb_merged_fact* implied = touch_.link != nullptr ? story_.implied_lead : nullptr;
    std::vector<const trb_merged_fact*> leads;
    if (implied != nullptr)
        leads.push_back(implied);
    leads.insert(leads.end(), story_.leads.begin(), story_.leads.end());

    // One lead commission per partner and customer. A direct sale is paid as a sale: its lead earns nothing
    // and leaves the commission to a later, real one.
    const trb_merged_fact* earning = nullptr;
    for (const trb_merged_fact* fact : leads)
        if (earning == nullptr && read_lead(*fact).source != "direct")
            earning = fact;
    for (const trb_merged_fact* fact : leads) {
        std::string_view reason = fact == earning ? "attributed" : "not_first";
        if (touch_.link == nullptr)
            reason = "unlinked";
        else if (fact->historic != 0)
            reason = "historic";
        emit_lead(*fact, reason);
    }
    fold_lead_commission(earning);
}

void folder::emit_lead(const trb_merged_fact& fact, std::string_view reason) {
    const lead_content lead = read_lead(fact);
    const std::string id = lead_row_id(fact);
    const std::string_view own_click = claim_of(fact, TRB_CLAIM_HINT, "click");
    const std::string_view click = own_click.empty() ? parts_.click_id : own_click;
    const std::string_view link =
        touch_.link != nullptr ? std::string_view(touch_.link->id) : std::string_view();
    const std::string_view partner =
        touch_.partner != nullptr ? std::string_view(touch_.partner->id) : std::string_view();
    const std::array cells{cell(first_id(fact)),        cell(std::string_view(customer_id_)),
                           cell(lead.event_name),       cell(lead.quantity),
                           cell(lead.source),           text_or_null(click),
                           text_or_null(link),          text_or_null(partner),
                           text_or_null(lead.metadata), cell(reason),
                           cell(fact.occurred_at_ms)};
    into_.row(table_lead, id, cells);
    into_.measure("leads", link, "", fact.occurred_at_ms, lead.quantity);
    if (into_.tracing())
        into_.trace(table_lead, id, "outcome", reason, view(fact.id));
    if (fact.historic == 0)
        into_.message("lead.created", id, fact.occurred_at_ms,
                      lead_body(parts_, lead.event_name, lead.metadata), false);
}

void folder::fold_lead_commission(const trb_merged_fact* first) {
    commission_source source;
    source.type = "lead";
    source.currency = catalogue_.program().currency;
    source.exponent = currency_exponent(source.currency);
    due_amount due;
    if (touch_.partner != nullptr)
        source.partner_id = touch_.partner->id;
    if (first != nullptr) {
        source.source_id = lead_row_id(*first);
        source.id_basis = view(first->id);
        source.comes_from(*first);
        source.created_at_ms = first->occurred_at_ms;
        source.historic = first->historic != 0;
    } else if (!story_.lead_commands.empty()) {
        source.created_at_ms = story_.lead_commands.front()->at_ms;
        source.id_basis = story_.lead_commands.front()->argument("payment");
        source.comes_from_command(*story_.lead_commands.front()->fact);
    }
    if (first != nullptr && first->historic == 0 && touch_.partner != nullptr) {
        source.link_id = touch_.link->id;
        source.group_id = catalogue_.group_of(touch_.partner->id, first->occurred_at_ms);
        source.quantity = std::min(read_lead(*first).quantity, quantity_max);
        const reward_terms* terms =
            catalogue_.find_terms(source.group_id, reward_event::lead, first->occurred_at_ms);
        // Only a flat amount can be paid for a lead: there is no money to take a share of.
        if (terms != nullptr && terms->type == reward_type::flat) {
            const bool convertible = terms->currency == source.currency;
            due.whole = convertible ? earn(*terms, {{}, 1, 1, source.quantity}).total : 0;
            due.target = due.whole;
            due.exists = due.whole != 0 || !convertible;
            due.hold = convertible ? "" : "no_rate";
            source.term_id = terms->id;
            source.rule = rule_json(*terms);
            source.rule_hash = hash_.hex_digest(source.rule);
            source.inputs = lead_inputs_json(source.quantity);
        }
    }
    std::vector<const command_entry*> own;
    for (const command_entry* command : story_.lead_commands)
        if (command->beneficiary == source.partner_id)
            own.push_back(command);
    if (touch_.partner != nullptr)
        emit_commissions(source, due, own);
    settle_other_partners(source, story_.lead_commands);
}

} // namespace tributary::attribution
