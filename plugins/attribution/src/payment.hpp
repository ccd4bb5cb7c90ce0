#pragma once

#include <tributary/abi/fact.h>
#include <tributary/abi/projection.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What a payment is worth to a commission, and what of it went back.
namespace tributary::attribution {

/// Is there money that a commission may be computed from?
enum class payment_state {
    received,    ///< Succeeded, and there is cash without tax in it.
    unconfirmed, ///< Its documents do not say (yet) that money came in, or how much: shown, not paid.
    no_sale,     ///< Failed, canceled, or nothing to compute from: a trial, a sale paid with credit.
};

/// A line's share of the commission base.
struct base_line {
    std::string id;
    std::string product_id;
    std::int64_t weight = 0; ///< Its net amount as the source told it: the proportion, not the money.
};

/// Amounts are minor units of `currency` with `exponent` decimals.
struct assessed_payment {
    payment_state state = payment_state::no_sale;
    std::string_view reason; ///< Why it is not `received`; one stable word.
    std::string currency;
    std::uint32_t exponent = 2;
    std::int64_t cash = 0;
    std::int64_t total = 0;
    std::int64_t total_without_tax = 0;
    std::int64_t base = 0;        ///< Cash without tax.
    bool tax_unknown = false;     ///< No document says what the tax was: all of the total is taken for net.
    std::vector<base_line> lines; ///< At least one.
};

/// The commission base: `total_without_tax * cash / total`, exact, half up.
///
/// @source design policies, "commission base" and "invoice amount".
/// Thread-safe: pure function.
assessed_payment assess(const trb_payment& payment);

/// The lines' bases: `total` split in proportion to the weights by largest remainder, with its sum kept.
std::vector<std::int64_t> line_bases(const assessed_payment& payment, std::int64_t total);

struct returned_money {
    std::int64_t amount = 0;     ///< Refunded or lost, pending refunds included; 0 .. cash.
    bool refund_pending = false; ///< Some of it is not settled.
    bool dispute_open = false;
    std::int64_t changed_at_ms = INT64_MIN; ///< When the last thing of this kind happened.
};

/// What of a payment's cash went back, or may be about to.
///
/// Refunds that the payment's own document counts but whose documents never came are included: its cumulative
/// total at its time, less the refunds that are known to have existed by then and had not failed by then.
/// Thread-safe: pure function.
returned_money money_returned(const assessed_payment& assessed, const trb_payment& payment,
                              std::span<const trb_merged_fact* const> refunds,
                              std::span<const trb_merged_fact* const> disputes);

} // namespace tributary::attribution
