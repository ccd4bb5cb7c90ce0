#pragma once

#include <tributary/abi/projection.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// What is owed against what was decided and paid: the rows of one (sale or first lead, partner).
namespace tributary::attribution {

namespace action {
inline constexpr std::string_view mark = "attribution.mark";
inline constexpr std::string_view process = "attribution.process";
inline constexpr std::string_view pay = "attribution.pay";
} // namespace action

/// A command fact, read. Views live as long as the history.
struct command_entry {
    std::string_view action;
    std::string_view target;
    std::string_view beneficiary;
    trb_money amount{};
    std::map<std::string_view, std::string_view> arguments;
    std::int64_t sequence = 0;
    std::int64_t at_ms = 0;
    const trb_merged_fact* fact = nullptr;

    /// An argument's text; empty when it is not there.
    std::string_view argument(std::string_view name) const;
    /// Number of the row among those of its sale and partner; what cannot be read is 0.
    std::int64_t ordinal() const;
};

/// Reads a command; members that are not stated stay empty.
command_entry read_command(const trb_merged_fact& fact);

/// What the rules say is due, whatever was paid.
struct due_amount {
    bool exists = false;       ///< There is a commission at all.
    std::int64_t target = 0;   ///< With what went back taken off.
    std::int64_t whole = 0;    ///< Had nothing gone back.
    bool all_returned = false; ///< Nothing of the sale remains.
    std::string_view
        hold; ///< Why it may not be paid now: "no_rate", "dispute_open", "refund_pending"; or empty.
};

/// One row that settle() makes.
struct settled_row {
    std::string id;
    std::int64_t ordinal = 0;
    std::int64_t earnings = 0;
    std::string_view status; ///< pending, hold, processed, paid, refunded, canceled, duplicate, fraud
    std::string_view reason; ///< Why, when the status alone does not say it; may be empty.
    std::string_view payout_id;
    const command_entry* payment = nullptr; ///< The command that paid it.
    std::int64_t changed_at_ms = INT64_MIN; ///< Time of the last command about it.
};

/// Rows for one sale (or first lead) and partner: each payment as the constant that its command says, and one
/// open row of what is due less what was paid.
///
/// The open row's number is the number of payments so far. A negative one is pending when money that went
/// back explains all of it; otherwise it is on hold ("needs_approval") until a person marks it pending. A
/// status that a person set comes before what the rules say; it also takes the row out of its payout.
///
/// @param commands of this sale and partner, by sequence.
/// @param row_id   id of the open row by its number.
/// Thread-safe: pure function.
std::vector<settled_row> settle(const due_amount& due, const std::vector<const command_entry*>& commands,
                                const std::function<std::string(std::int64_t ordinal)>& row_id);

/// The status that a person gave to row 0 and did not take back; empty when none.
std::string_view manual_status(const std::vector<const command_entry*>& commands, std::int64_t ordinal);

} // namespace tributary::attribution
