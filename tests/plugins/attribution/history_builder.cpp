#include "history_builder.hpp"

#include <algorithm>
#include <tuple>

namespace tributary::attribution::testing {

using sdk::view;

fact_draft::fact_draft(history_builder& in, std::int32_t kind, std::string_view id, std::int64_t at_ms)
    : in_(in) {
    fact_.struct_size = sizeof fact_;
    fact_.kind = kind;
    fact_.id = in.keep(id);
    fact_.occurred_at_ms = at_ms;
    fact_.source_time_ms = at_ms;
    ids_.push_back(fact_.id);
    for (std::uint32_t* size : {&payment.struct_size, &refund.struct_size, &dispute.struct_size,
                                &lead.struct_size, &click.struct_size, &customer.struct_size,
                                &checkout.struct_size, &command.struct_size, &subscription.struct_size})
        *size = 4096; // Everything of this release is there.
}

fact_draft& fact_draft::user(std::string_view id) {
    claims_.push_back({TRB_CLAIM_EXCLUSIVE, 0, view("user"), in_.keep(id)});
    return *this;
}

fact_draft& fact_draft::clicked(std::string_view click_id) {
    claims_.push_back({TRB_CLAIM_HINT, 0, view("click"), in_.keep(click_id)});
    return *this;
}

fact_draft& fact_draft::about(std::string_view parent_id) {
    parents_.push_back(in_.keep(parent_id));
    return *this;
}

fact_draft& fact_draft::also_known_as(std::string_view id) {
    ids_.push_back(in_.keep(id));
    return *this;
}

fact_draft& fact_draft::in_realm(std::string_view name) {
    fact_.realm = in_.keep(name);
    return *this;
}

fact_draft& fact_draft::historic() {
    fact_.historic = 1;
    return *this;
}

fact_draft& fact_draft::changed_at(std::int64_t source_time_ms) {
    fact_.source_time_ms = source_time_ms;
    return *this;
}

fact_draft& fact_draft::line(std::string_view id, std::int64_t net_minor) {
    trb_line made{};
    made.struct_size = sizeof made;
    made.id = in_.keep(id);
    made.quantity = 1;
    made.net_minor = net_minor;
    lines_.push_back(made);
    payment.present |= TRB_BIT(TRB_PAYMENT_LINES);
    return *this;
}

fact_draft& fact_draft::argument(std::string_view name, std::string_view value) {
    arguments_.push_back({in_.keep(name), in_.keep(value)});
    command.present |= TRB_BIT(TRB_COMMAND_ARGUMENTS);
    return *this;
}

trb_merged_fact& fact_draft::finish() {
    payment.lines = lines_.data();
    payment.line_count = lines_.size();
    payment.line_stride = sizeof(trb_line);
    command.arguments = arguments_.data();
    command.argument_count = arguments_.size();
    std::ranges::sort(ids_, {}, [](trb_str id) { return view(id); });
    fact_.ids = ids_.data();
    fact_.id_count = ids_.size();
    fact_.parents = parents_.data();
    fact_.parent_count = parents_.size();
    fact_.claims = claims_.data();
    fact_.claim_count = claims_.size();
    switch (fact_.kind) {
    case TRB_KIND_CUSTOMER: fact_.body = &customer; break;
    case TRB_KIND_CLICK: fact_.body = &click; break;
    case TRB_KIND_LEAD: fact_.body = &lead; break;
    case TRB_KIND_CHECKOUT: fact_.body = &checkout; break;
    case TRB_KIND_PAYMENT: fact_.body = &payment; break;
    case TRB_KIND_REFUND: fact_.body = &refund; break;
    case TRB_KIND_DISPUTE: fact_.body = &dispute; break;
    case TRB_KIND_SUBSCRIPTION: fact_.body = &subscription; break;
    case TRB_KIND_COMMAND: fact_.body = &command; break;
    default: fact_.body = nullptr; break;
    }
    return fact_;
}

trb_str history_builder::keep(std::string_view text) {
    return view(texts_.emplace_back(text));
}

fact_draft& history_builder::add(std::int32_t kind, std::string_view id, std::int64_t at_ms) {
    return drafts_.emplace_back(*this, kind, id, at_ms);
}

fact_draft& history_builder::click(std::string_view id, std::int64_t at_ms, std::string_view link_id) {
    fact_draft& made = add(TRB_KIND_CLICK, id, at_ms);
    made.click.present = TRB_BIT(TRB_CLICK_LINK_ID);
    made.click.link_id = keep(link_id);
    return made;
}

fact_draft& history_builder::customer(std::string_view id, std::int64_t at_ms, std::string_view name,
                                      std::string_view email) {
    fact_draft& made = add(TRB_KIND_CUSTOMER, id, at_ms);
    made.customer.present =
        (name.empty() ? 0 : TRB_BIT(TRB_CUSTOMER_NAME)) | (email.empty() ? 0 : TRB_BIT(TRB_CUSTOMER_EMAIL));
    made.customer.name = keep(name);
    made.customer.email = keep(email);
    return made;
}

fact_draft& history_builder::identity(std::string_view id, std::int64_t at_ms) {
    return add(TRB_KIND_IDENTITY, id, at_ms);
}

fact_draft& history_builder::lead(std::string_view id, std::int64_t at_ms, std::string_view event_name) {
    fact_draft& made = add(TRB_KIND_LEAD, id, at_ms);
    made.lead.present = TRB_BIT(TRB_LEAD_EVENT_NAME);
    made.lead.event_name = keep(event_name);
    return made;
}

fact_draft& history_builder::checkout(std::string_view id, std::int64_t at_ms, std::int64_t status) {
    fact_draft& made = add(TRB_KIND_CHECKOUT, id, at_ms);
    made.checkout.present = TRB_BIT(TRB_CHECKOUT_STATUS);
    made.checkout.status = status;
    return made;
}

fact_draft& history_builder::payment(std::string_view id, std::int64_t at_ms, std::int64_t cash,
                                     std::int64_t total, std::int64_t net, std::string_view currency,
                                     std::uint32_t exponent) {
    fact_draft& made = add(TRB_KIND_PAYMENT, id, at_ms);
    made.payment.present = TRB_BIT(TRB_PAYMENT_STATUS) | TRB_BIT(TRB_PAYMENT_CASH) |
                           TRB_BIT(TRB_PAYMENT_TOTAL) | TRB_BIT(TRB_PAYMENT_TOTAL_WITHOUT_TAX);
    made.payment.status = TRB_PAYMENT_SUCCEEDED;
    made.payment.cash = sdk::make_money(cash, currency, exponent);
    made.payment.total = sdk::make_money(total, currency, exponent);
    made.payment.total_without_tax = sdk::make_money(net, currency, exponent);
    return made;
}

fact_draft& history_builder::refund(std::string_view id, std::int64_t at_ms, std::string_view payment_id,
                                    std::int64_t amount, std::int64_t status) {
    fact_draft& made = add(TRB_KIND_REFUND, id, at_ms);
    made.refund.present =
        TRB_BIT(TRB_REFUND_STATUS) | TRB_BIT(TRB_REFUND_AMOUNT) | TRB_BIT(TRB_REFUND_CREATED_AT);
    made.refund.status = status;
    made.refund.created_at_ms = at_ms;
    made.refund.amount = sdk::make_money(amount, "USD", 2);
    return made.about(payment_id);
}

fact_draft& history_builder::dispute(std::string_view id, std::int64_t at_ms, std::string_view payment_id,
                                     std::int64_t amount, std::int64_t status) {
    fact_draft& made = add(TRB_KIND_DISPUTE, id, at_ms);
    made.dispute.present = TRB_BIT(TRB_DISPUTE_STATUS) | TRB_BIT(TRB_DISPUTE_AMOUNT);
    made.dispute.status = status;
    made.dispute.amount = sdk::make_money(amount, "USD", 2);
    return made.about(payment_id);
}

fact_draft& history_builder::command(std::string_view id, std::int64_t at_ms, std::int64_t sequence,
                                     std::string_view action, std::string_view target,
                                     std::string_view partner, std::string_view payment_id) {
    fact_draft& made = add(TRB_KIND_COMMAND, id, at_ms);
    made.command.present = TRB_BIT(TRB_COMMAND_ACTION) | TRB_BIT(TRB_COMMAND_TARGET) |
                           TRB_BIT(TRB_COMMAND_BENEFICIARY) | TRB_BIT(TRB_COMMAND_SEQUENCE);
    made.command.action = keep(action);
    made.command.target = keep(target);
    made.command.beneficiary = keep(partner);
    made.command.sequence = sequence;
    return made.about(payment_id);
}

fact_draft& history_builder::pay(std::string_view id, std::int64_t at_ms, std::int64_t sequence,
                                 std::string_view target, std::string_view partner,
                                 std::string_view payment_id, std::int64_t amount, std::string_view ordinal) {
    fact_draft& made = command(id, at_ms, sequence, "attribution.pay", target, partner, payment_id);
    made.command.present |= TRB_BIT(TRB_COMMAND_AMOUNT);
    made.command.amount = sdk::make_money(amount, "USD", 2);
    return made.argument("ordinal", ordinal).argument("payout", "po_1").argument("payment", payment_id);
}

const trb_history& history_builder::build() {
    facts_.clear();
    for (fact_draft& draft : drafts_)
        facts_.push_back(draft.finish());
    std::ranges::stable_sort(facts_, {}, [](const trb_merged_fact& fact) {
        return std::tuple(fact.occurred_at_ms, view(fact.id));
    });
    history_ = {};
    history_.struct_size = sizeof history_;
    history_.environment = TRB_LIVE;
    history_.workspace = view("ws_1");
    history_.subject_id = view(subject_);
    history_.facts = facts_.data();
    history_.fact_count = facts_.size();
    history_.fact_stride = sizeof(trb_merged_fact);
    return history_;
}

} // namespace tributary::attribution::testing
