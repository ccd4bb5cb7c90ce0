#include "settlement.hpp"

#include <tributary/sdk/plugin.hpp>

#include <algorithm>
#include <charconv>
#include <set>

namespace tributary::attribution {
namespace {

/// What people decided about one row.
struct decisions {
    std::string_view status; ///< The last mark; empty when there is none.
    std::string_view payout_id;
    std::int64_t changed_at_ms = INT64_MIN;
};

decisions decisions_on(const std::vector<const command_entry*>& commands, std::int64_t ordinal) {
    decisions made;
    for (const command_entry* command : commands) {
        if (command->ordinal() != ordinal)
            continue;
        if (command->action == action::mark) {
            made.status = command->argument("status");
            made.payout_id = {};
        } else if (command->action == action::process) {
            made.payout_id = command->argument("payout");
        } else {
            continue;
        }
        made.changed_at_ms = std::max(made.changed_at_ms, command->at_ms);
    }
    return made;
}

bool is_final_mark(std::string_view status) noexcept {
    return status == "fraud" || status == "canceled" || status == "duplicate" || status == "refunded";
}

void decide(settled_row& open, const due_amount& due, const decisions& made, std::int64_t paid) {
    const bool explained_by_returns = due.whole >= paid;
    if (is_final_mark(made.status)) {
        open.status = made.status;
        open.reason = "marked";
    } else if (!due.hold.empty()) {
        open.status = "hold";
        open.reason = due.hold;
    } else if (open.earnings < 0 && !explained_by_returns && made.status != "pending") {
        open.status = "hold";
        open.reason = "needs_approval";
    } else if (due.all_returned && open.ordinal == 0) {
        open.status = "refunded";
        open.reason = "money_returned";
    } else if (!made.payout_id.empty()) {
        open.status = "processed";
        open.payout_id = made.payout_id;
    } else {
        open.status = "pending";
        open.reason = open.earnings < 0 ? (explained_by_returns ? "money_returned" : "approved") : "";
    }
}

} // namespace

std::string_view command_entry::argument(std::string_view name) const {
    const auto at = arguments.find(name);
    return at == arguments.end() ? std::string_view() : at->second;
}

std::int64_t command_entry::ordinal() const {
    const std::string_view text = argument("ordinal");
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

command_entry read_command(const trb_merged_fact& fact) {
    const auto& body = sdk::body_as<trb_command>(fact.body);
    command_entry entry;
    entry.fact = &fact;
    entry.at_ms = fact.occurred_at_ms;
    if (sdk::states(body, TRB_COMMAND_ACTION))
        entry.action = sdk::view(body.action);
    if (sdk::states(body, TRB_COMMAND_TARGET))
        entry.target = sdk::view(body.target);
    if (sdk::states(body, TRB_COMMAND_BENEFICIARY))
        entry.beneficiary = sdk::view(body.beneficiary);
    if (sdk::states(body, TRB_COMMAND_AMOUNT))
        entry.amount = body.amount;
    if (sdk::states(body, TRB_COMMAND_SEQUENCE))
        entry.sequence = body.sequence;
    if (sdk::states(body, TRB_COMMAND_ARGUMENTS))
        for (std::uint64_t index = 0; index < body.argument_count; ++index)
            entry.arguments.emplace(sdk::view(body.arguments[index].name),
                                    sdk::view(body.arguments[index].value));
    return entry;
}

std::string_view manual_status(const std::vector<const command_entry*>& commands, std::int64_t ordinal) {
    const std::string_view status = decisions_on(commands, ordinal).status;
    return is_final_mark(status) ? status : std::string_view();
}

std::vector<settled_row> settle(const due_amount& due, const std::vector<const command_entry*>& commands,
                                const std::function<std::string(std::int64_t ordinal)>& row_id) {
    std::vector<settled_row> rows;
    std::set<std::string, std::less<>> used;
    std::int64_t paid = 0;
    std::int64_t last_paid_at_ms = INT64_MIN;
    for (const command_entry* command : commands) {
        if (command->action != action::pay)
            continue;
        settled_row row;
        row.ordinal = static_cast<std::int64_t>(rows.size());
        // A row that was paid twice was paid twice: the second payment needs an id of its own.
        row.id = command->target.empty() || used.contains(command->target)
                     ? row_id(row.ordinal) + "_" + std::string(sdk::view(command->fact->id))
                     : std::string(command->target);
        used.insert(row.id);
        row.earnings = command->amount.amount_minor;
        row.status = "paid";
        row.payout_id = command->argument("payout");
        row.payment = command;
        row.changed_at_ms = command->at_ms;
        paid += row.earnings;
        last_paid_at_ms = std::max(last_paid_at_ms, command->at_ms);
        rows.push_back(std::move(row));
    }
    const std::int64_t owed = (due.exists ? due.target : 0) - paid;
    if (rows.empty() ? !due.exists : owed == 0)
        return rows;
    settled_row open;
    open.ordinal = static_cast<std::int64_t>(rows.size());
    open.id = row_id(open.ordinal);
    while (used.contains(open.id))
        open.id += '_';
    open.earnings = owed;
    const decisions made = decisions_on(commands, open.ordinal);
    open.changed_at_ms = std::max(made.changed_at_ms, last_paid_at_ms);
    decide(open, due, made, paid);
    rows.push_back(std::move(open));
    return rows;
}

} // namespace tributary::attribution
