#include "history.hpp"

#include <tributary/sdk/plugin.hpp>

#include <algorithm>
#include <map>

namespace tributary::attribution {
namespace {

using sdk::body_as;
using sdk::states;
using sdk::view;

bool names_any(const trb_merged_fact& child, const trb_merged_fact& parent) {
    if (view(child.realm) != view(parent.realm))
        return false;
    for (std::uint64_t i = 0; i < child.parent_count; ++i)
        for (std::uint64_t j = 0; j < parent.id_count; ++j)
            if (view(child.parents[i]) == view(parent.ids[j]))
                return true;
    return false;
}

void take(std::string_view& into, std::string_view said) {
    if (!said.empty())
        into = said;
}

void read_customer(const trb_customer& body, person& who) {
    if (states(body, TRB_CUSTOMER_NAME))
        take(who.name, view(body.name));
    if (states(body, TRB_CUSTOMER_EMAIL))
        take(who.email, view(body.email));
    if (states(body, TRB_CUSTOMER_AVATAR))
        take(who.avatar, view(body.avatar));
    if (states(body, TRB_CUSTOMER_COUNTRY))
        take(who.country, view(body.country));
    if (states(body, TRB_CUSTOMER_CREATED_AT) && body.created_at_ms > 0)
        who.created_at_ms = std::min(who.created_at_ms, body.created_at_ms);
}

/// What only fills gaps: a buyer's address at a checkout says less than the customer's own document.
void read_buyer(const trb_merged_fact& fact, person& who) {
    if (fact.kind == TRB_KIND_CHECKOUT) {
        const auto& body = body_as<trb_checkout>(fact.body);
        if (who.name.empty() && states(body, TRB_CHECKOUT_NAME))
            who.name = view(body.name);
        if (who.email.empty() && states(body, TRB_CHECKOUT_EMAIL))
            who.email = view(body.email);
        if (who.country.empty() && states(body, TRB_CHECKOUT_COUNTRY))
            who.country = view(body.country);
    } else if (fact.kind == TRB_KIND_PAYMENT) {
        const auto& body = body_as<trb_payment>(fact.body);
        if (who.email.empty() && states(body, TRB_PAYMENT_EMAIL))
            who.email = view(body.email);
        if (who.country.empty() && states(body, TRB_PAYMENT_COUNTRY))
            who.country = view(body.country);
    }
    if (who.email.empty())
        who.email = claim_of(fact, TRB_CLAIM_HINT, "email");
}

bool implies_lead(const trb_merged_fact& fact) {
    if (claim_of(fact, TRB_CLAIM_HINT, "click").empty())
        return false;
    if (fact.kind == TRB_KIND_CUSTOMER)
        return true;
    if (fact.kind != TRB_KIND_CHECKOUT)
        return false;
    const auto& body = body_as<trb_checkout>(fact.body);
    return states(body, TRB_CHECKOUT_STATUS) && body.status == TRB_CHECKOUT_COMPLETE;
}

/// When the last subscription ended, if none of them lives. Every version of a subscription is a fact of its
/// own.
std::optional<std::int64_t> canceled_at(const std::vector<const trb_merged_fact*>& versions) {
    std::map<std::string_view, const trb_merged_fact*> newest;
    for (const trb_merged_fact* version : versions)
        newest[first_id(*version)] = version;
    std::optional<std::int64_t> last;
    for (const auto& [id, version] : newest) {
        const auto& body = body_as<trb_subscription>(version->body);
        const bool ended = states(body, TRB_SUBSCRIPTION_STATUS) && body.status == TRB_SUBSCRIPTION_CANCELED;
        if (!ended)
            return std::nullopt;
        const bool dated = states(body, TRB_SUBSCRIPTION_ENDED_AT) && body.ended_at_ms > 0;
        last = std::max(last.value_or(INT64_MIN), dated ? body.ended_at_ms : version->occurred_at_ms);
    }
    return last;
}

} // namespace

std::string_view claim_of(const trb_merged_fact& fact, std::int32_t claim_class, std::string_view name) {
    for (std::uint64_t index = 0; index < fact.claim_count; ++index)
        if (fact.claims[index].claim_class == claim_class && view(fact.claims[index].name) == name)
            return view(fact.claims[index].value);
    return {};
}

std::string_view first_id(const trb_merged_fact& fact) {
    return fact.id_count > 0 ? view(fact.ids[0]) : view(fact.id);
}

std::string_view click_id_of(const trb_merged_fact& click) {
    return first_id(click);
}

customer_history::customer_history(const trb_history& from) {
    const sdk::strided<trb_merged_fact> facts(from.facts, from.fact_count, from.fact_stride);
    for (const trb_merged_fact& fact : facts)
        if (fact.body != nullptr || fact.kind == TRB_KIND_IDENTITY)
            read(fact);
    for (const trb_merged_fact& fact : facts)
        if (fact.body != nullptr)
            read_buyer(fact, who);
    who.subscription_canceled_at_ms = canceled_at(subscriptions_);
    // An earlier reported lead says that the customer was known before the checkout.
    if (implied_lead != nullptr && !leads.empty() &&
        leads.front()->occurred_at_ms <= implied_lead->occurred_at_ms)
        implied_lead = nullptr;
    for (payment_history& payment : payments) {
        const auto belongs = [&](const trb_merged_fact* fact) { return names_any(*fact, *payment.fact); };
        std::ranges::copy_if(refunds_, std::back_inserter(payment.refunds), belongs);
        std::ranges::copy_if(disputes_, std::back_inserter(payment.disputes), belongs);
    }
    sort_commands();
}

void customer_history::read(const trb_merged_fact& fact) {
    switch (fact.kind) {
    case TRB_KIND_CLICK: clicks.push_back(&fact); return;
    case TRB_KIND_REFUND: refunds_.push_back(&fact); return;
    case TRB_KIND_DISPUTE: disputes_.push_back(&fact); return;
    case TRB_KIND_COMMAND: commands_.push_back(read_command(fact)); return;
    case TRB_KIND_CUSTOMER: read_customer(body_as<trb_customer>(fact.body), who); break;
    case TRB_KIND_LEAD: leads.push_back(&fact); break;
    case TRB_KIND_PAYMENT: payments.push_back({&fact, {}, {}, {}}); break;
    case TRB_KIND_SUBSCRIPTION: subscriptions_.push_back(&fact); break;
    case TRB_KIND_IDENTITY:
    case TRB_KIND_CHECKOUT: break;
    default: return;
    }
    has_customer = true;
    who.created_at_ms = std::min(who.created_at_ms, fact.occurred_at_ms);
    if (who.external_id.empty())
        who.external_id = claim_of(fact, TRB_CLAIM_EXCLUSIVE, "user");
    if (named_click.empty())
        named_click = claim_of(fact, TRB_CLAIM_HINT, "click");
    if (implied_lead == nullptr && implies_lead(fact))
        implied_lead = &fact;
    if (fact.kind == TRB_KIND_LEAD || fact.kind == TRB_KIND_PAYMENT || &fact == implied_lead)
        horizon_ms = std::max(horizon_ms, fact.occurred_at_ms);
}

void customer_history::sort_commands() {
    std::ranges::stable_sort(commands_, {}, &command_entry::sequence);
    for (const command_entry& command : commands_) {
        if (!command.action.starts_with("attribution."))
            continue;
        if (command.argument("type") == "lead") {
            lead_commands.push_back(&command);
            continue;
        }
        const auto about = std::ranges::find_if(payments, [&](const payment_history& payment) {
            return names_any(*command.fact, *payment.fact);
        });
        if (about != payments.end())
            about->commands.push_back(&command);
        else
            orphan_commands.push_back(&command);
    }
}

} // namespace tributary::attribution
