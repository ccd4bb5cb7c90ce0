#include <algorithm>
#include <array>
#include <charconv>
#include <set>

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

std::vector<const command_entry*> commands_for(const std::vector<const command_entry*>& all,
                                               std::string_view partner_id) {
    std::vector<const command_entry*> some;
    std::ranges::copy_if(all, std::back_inserter(some),
                         [&](const command_entry* command) { return command->beneficiary == partner_id; });
    return some;
}

std::set<std::string_view> paid_partners(const std::vector<const command_entry*>& commands) {
    std::set<std::string_view> partners;
    for (const command_entry* command : commands)
        if (command->action == action::pay)
            partners.insert(command->beneficiary);
    return partners;
}

std::int64_t number(std::string_view text, std::int64_t otherwise) {
    std::int64_t value = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

void constant(std::string& into, const command_entry& payment, std::string_view name) {
    const std::string_view said = payment.argument(name);
    if (!said.empty())
        into = said;
}

/// What was paid stays as it was: everything that the command states comes from the command.
commission_source as_paid(commission_source source, const command_entry& payment) {
    source.amount = number(payment.argument("amount"), source.amount);
    source.quantity = number(payment.argument("quantity"), source.quantity);
    source.created_at_ms = number(payment.argument("created"), payment.at_ms);
    source.currency = sdk::currency_of(payment.amount);
    source.exponent = payment.amount.exponent;
    constant(source.link_id, payment, "link");
    constant(source.group_id, payment, "group");
    constant(source.invoice_id, payment, "invoice");
    constant(source.term_id, payment, "term");
    constant(source.rule, payment, "rule");
    constant(source.rule_hash, payment, "rule_hash");
    constant(source.inputs, payment, "inputs");
    return source;
}

/// A correction of something paid has no sale of its own and dates from what caused it.
commission_source as_correction(commission_source source, const settled_row& row) {
    source.amount = 0;
    source.created_at_ms = std::max({source.created_at_ms, source.changed_at_ms, row.changed_at_ms});
    return source;
}

bool is_counted(std::string_view status) {
    return status == "pending" || status == "processed" || status == "paid";
}

} // namespace

std::string_view folder::refusal(const sale_record& sale, const reward_terms* terms) const {
    if (touch_.link == nullptr)
        return "unlinked";
    if (touch_.link->partner_id.empty())
        return "link_without_partner";
    if (touch_.partner == nullptr)
        return "partner_unknown";
    if (sale.from->fact->historic != 0)
        return "historic";
    if (terms == nullptr)
        return "no_terms";
    if (first_sale_commission_)
        return later_sale_refusal(*first_sale_commission_, *terms, sale.from->fact->occurred_at_ms);
    return {};
}

due_amount folder::due_for(sale_record& sale, commission_source& source) {
    due_amount due;
    if (sale.payment.state != payment_state::received)
        return due;
    const std::int64_t at_ms = sale.from->fact->occurred_at_ms;
    if (touch_.click != nullptr && touch_.click->occurred_at_ms > at_ms &&
        !catalogue_.program().earlier_sales) {
        sale.reason = "click_after_sale";
        return due;
    }
    const reward_terms* terms = nullptr;
    if (touch_.partner != nullptr) {
        source.group_id = catalogue_.group_of(touch_.partner->id, at_ms);
        terms = catalogue_.find_terms(source.group_id, reward_event::sale, at_ms);
    }
    if (const std::string_view why_not = refusal(sale, terms); !why_not.empty()) {
        sale.reason = why_not;
        return due;
    }
    const std::string& currency = catalogue_.program().currency;
    const bool flat_elsewhere = terms->type == reward_type::flat && terms->currency != currency;
    const bool convertible = sale.amount.has_value() && !flat_elsewhere;
    const std::int64_t cash = sale.payment.cash;
    const std::int64_t remaining = cash - sale.returned.amount;
    earned_amount earned;
    if (convertible) {
        due.whole = earn(*terms, {sale.bases, cash, cash, 1}).total;
        earned = earn(*terms, {sale.bases, cash, remaining, 1});
        due.target = earned.total;
        if (due.whole == 0) {
            sale.reason = "no_reward";
            return due;
        }
    }
    due.exists = true;
    due.all_returned = remaining == 0;
    due.hold = !convertible                   ? "no_rate"
               : sale.returned.dispute_open   ? "dispute_open"
               : sale.returned.refund_pending ? "refund_pending"
                                              : "";
    source.amount = sale.amount.value_or(sale.payment.base);
    source.currency = sale.payment.currency;
    source.exponent = convertible ? currency_exponent(currency) : sale.payment.exponent;
    source.term_id = terms->id;
    source.rule = rule_json(*terms);
    source.rule_hash = hash_.hex_digest(source.rule);
    source.inputs = sale_inputs_json(sale.payment, sale.returned, currency, sale.bases, earned.lines);
    if (!convertible)
        sale.reason = "no_rate";
    if (!first_sale_commission_)
        first_sale_commission_ = {at_ms, terms->max_duration_months,
                                  manual_status(commands_for(sale.from->commands, source.partner_id), 0)};
    return due;
}

void folder::fold_sale_commissions(sale_record& sale) {
    const trb_merged_fact& fact = *sale.from->fact;
    const auto& body = body_as<trb_payment>(fact.body);
    commission_source source;
    source.type = "sale";
    source.comes_from(fact);
    source.source_id = sale.row_id;
    source.id_basis = view(fact.id);
    source.created_at_ms = fact.occurred_at_ms;
    source.changed_at_ms = sale.returned.changed_at_ms;
    source.historic = fact.historic != 0;
    source.currency = catalogue_.program().currency;
    source.exponent = currency_exponent(source.currency);
    source.invoice_id = states(body, TRB_PAYMENT_INVOICE_ID) ? view(body.invoice_id) : std::string_view();
    if (touch_.link != nullptr)
        source.link_id = touch_.link->id;
    if (touch_.partner != nullptr)
        source.partner_id = touch_.partner->id;
    const due_amount due = due_for(sale, source);
    if (touch_.partner != nullptr)
        emit_commissions(source, due, commands_for(sale.from->commands, source.partner_id));
    settle_other_partners(source, sale.from->commands);
}

/// Whoever was paid for this and is not its partner (any more) keeps what was paid; the correction waits for
/// approval.
void folder::settle_other_partners(const commission_source& like,
                                   const std::vector<const command_entry*>& commands) {
    for (const std::string_view partner : paid_partners(commands)) {
        if (partner == like.partner_id && touch_.partner != nullptr)
            continue;
        commission_source source = like;
        source.partner_id = partner;
        emit_commissions(source, due_amount{}, commands_for(commands, partner));
    }
}

void folder::fold_orphans() {
    std::map<std::string_view, std::vector<const command_entry*>> by_payment;
    for (const command_entry* command : story_.orphan_commands)
        by_payment[command->argument("payment")].push_back(command);
    for (const auto& [payment, commands] : by_payment) {
        commission_source source;
        source.type = "sale";
        source.source_id = hash_.derived_id("sale_", {"sale", payment});
        source.id_basis = payment;
        source.comes_from_command(*commands.front()->fact);
        source.created_at_ms = commands.front()->at_ms;
        source.currency = catalogue_.program().currency;
        source.exponent = currency_exponent(source.currency);
        for (const std::string_view partner : paid_partners(commands)) {
            source.partner_id = partner;
            emit_commissions(source, due_amount{}, commands_for(commands, partner));
        }
    }
}

void folder::emit_commissions(const commission_source& source, const due_amount& due,
                              const std::vector<const command_entry*>& commands) {
    const auto row_id = [&](std::int64_t ordinal) {
        return hash_.derived_id("cm_",
                                {source.type, source.id_basis, source.partner_id, std::to_string(ordinal)});
    };
    for (const settled_row& row : settle(due, commands, row_id)) {
        if (row.payment != nullptr)
            emit_commission(as_paid(source, *row.payment), row);
        else if (row.ordinal > 0)
            emit_commission(as_correction(source, row), row);
        else
            emit_commission(source, row);
    }
}

void folder::emit_commission(const commission_source& source, const settled_row& row) {
    const std::int64_t updated = std::max({source.created_at_ms, source.changed_at_ms, row.changed_at_ms});
    const auto text = [](const std::string& value) { return cell(std::string_view(value)); };
    const std::array cells{cell(source.type),
                           text(source.source_id),
                           text(source.realm),
                           text(source.ids),
                           cell(row.ordinal),
                           text(customer_id_),
                           text(source.partner_id),
                           text_or_null(source.link_id),
                           text(source.group_id),
                           cell(source.amount),
                           cell(row.earnings),
                           text(source.currency),
                           cell(source.exponent),
                           cell(row.status),
                           cell(row.reason),
                           cell(source.quantity),
                           text_or_null(source.invoice_id),
                           text(source.term_id),
                           text(source.rule_hash),
                           text(source.rule),
                           text(source.inputs),
                           text_or_null(row.payout_id),
                           row.payment != nullptr ? cell(row.payment->at_ms) : cell(),
                           cell(source.created_at_ms),
                           cell(updated)};
    into_.row(table_commission, row.id, cells);
    trace_commission(source, row);
    if (is_counted(row.status))
        into_.measure("commissions", source.link_id, source.currency, source.created_at_ms, row.earnings);
    if (source.historic)
        return;
    // Being paid is no news about what was earned: the body stays as it was, and no correction is sent.
    const std::string_view status = is_counted(row.status) ? "pending" : row.status;
    into_.message("commission.created", row.id, source.created_at_ms,
                  commission_body(parts_, {row.id, source.type, source.amount, row.earnings, source.currency,
                                           status, source.invoice_id, source.quantity, source.created_at_ms,
                                           source.partner_id}),
                  true);
}

void folder::trace_commission(const commission_source& source, const settled_row& row) const {
    if (!into_.tracing())
        return;
    const std::string_view fact = source.fact != nullptr ? view(source.fact->id) : std::string_view();
    const auto step = [&](std::string_view label, std::string_view value) {
        into_.trace(table_commission, row.id, label, value, fact);
    };
    step("partner", source.partner_id);
    step("group", source.group_id);
    step("rule", source.rule);
    step("inputs", source.inputs);
    step("rounding", "half up, once per line, minor units of " + source.currency);
    if (row.payment != nullptr)
        into_.trace(table_commission, row.id, "paid", std::to_string(row.earnings),
                    view(row.payment->fact->id));
    else
        step(row.ordinal > 0 ? "due less what was paid" : "due", std::to_string(row.earnings));
    step("status", row.status);
    if (!row.reason.empty())
        step("reason", row.reason);
}

} // namespace tributary::attribution
