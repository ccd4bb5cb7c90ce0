#include "facts.hpp"

namespace tributary::attribution {

using sdk::view;

sdk::outcome fact_emitter::emit(const fact_draft& draft, std::string_view idempotency_key) const {
    std::vector<trb_claim> claims;
    const auto claim = [&](std::int32_t claim_class, std::string_view name, std::string_view value) {
        if (!value.empty())
            claims.push_back({claim_class, 0, view(name), view(value)});
    };
    claim(TRB_CLAIM_EXCLUSIVE, "user", draft.user);
    claim(TRB_CLAIM_HINT, "click", draft.click);
    claim(TRB_CLAIM_HINT, "email", draft.email);
    std::vector<trb_str> parents;
    for (const std::string_view parent : draft.parents)
        parents.push_back(view(parent));
    trb_fact fact{};
    fact.struct_size = sizeof fact;
    fact.kind = draft.kind;
    fact.document_id = view(draft.document_id);
    fact.realm = view(draft.realm);
    fact.source_time_ms = draft.at_ms;
    fact.occurred_at_ms = draft.at_ms;
    fact.parents = parents.data();
    fact.parent_count = parents.size();
    fact.claims = claims.data();
    fact.claim_count = claims.size();
    fact.body = draft.body;
    sdk::error_collector error;
    return error.finish(service_->emit(scope_, &fact, view(idempotency_key), error.sink()));
}

sdk::outcome fact_emitter::emit_command(fact_draft draft, const command_draft& command) const {
    std::vector<trb_pair> arguments;
    for (const auto& [name, value] : command.arguments)
        arguments.push_back({view(name), view(value)});
    trb_command body{};
    body.struct_size = sizeof body;
    body.present = TRB_BIT(TRB_COMMAND_ACTION) | TRB_BIT(TRB_COMMAND_TARGET) |
                   TRB_BIT(TRB_COMMAND_BENEFICIARY) | TRB_BIT(TRB_COMMAND_ARGUMENTS);
    if (command.has_amount)
        body.present |= TRB_BIT(TRB_COMMAND_AMOUNT);
    body.action = view(command.action);
    body.target = view(command.target);
    body.beneficiary = view(command.partner_id);
    body.amount = command.amount;
    body.arguments = arguments.data();
    body.argument_count = arguments.size();
    draft.kind = TRB_KIND_COMMAND;
    draft.body = &body;
    return emit(draft);
}

sdk::outcome fact_emitter::settle() const {
    sdk::error_collector error;
    return error.finish(service_->settle(scope_, error.sink()));
}

std::vector<trb_pair> pair_views(const std::vector<std::pair<std::string, std::string>>& pairs) {
    std::vector<trb_pair> views;
    views.reserve(pairs.size());
    for (const auto& [name, value] : pairs)
        views.push_back({view(name), view(value)});
    return views;
}

} // namespace tributary::attribution
