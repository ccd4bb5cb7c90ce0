#include "payment.hpp"

#include <tributary/sdk/plugin.hpp>

#include <algorithm>

#include "money.hpp"

namespace tributary::attribution {
namespace {

using sdk::states;

assessed_payment refuse(assessed_payment assessed, payment_state state, std::string_view reason) {
    assessed.state = state;
    assessed.reason = reason;
    return assessed;
}

bool same_unit(const trb_money& one, const trb_money& other) noexcept {
    return sdk::currency_of(one) == sdk::currency_of(other) && one.exponent == other.exponent;
}

/// Reads total and total without tax. False when two amounts of one payment are in different units.
bool read_totals(const trb_payment& payment, assessed_payment& into) {
    const trb_money& unit = payment.cash;
    into.total = into.cash;
    if (states(payment, TRB_PAYMENT_TOTAL)) {
        if (!same_unit(payment.total, unit))
            return false;
        into.total = payment.total.amount_minor;
    }
    if (states(payment, TRB_PAYMENT_TOTAL_WITHOUT_TAX)) {
        if (!same_unit(payment.total_without_tax, unit))
            return false;
        into.total_without_tax = payment.total_without_tax.amount_minor;
    } else if (states(payment, TRB_PAYMENT_TAX)) {
        if (!same_unit(payment.tax, unit))
            return false;
        into.total_without_tax = into.total - payment.tax.amount_minor;
    } else {
        into.total_without_tax = into.total;
        into.tax_unknown = true;
    }
    return true;
}

void read_lines(const trb_payment& payment, assessed_payment& into) {
    wide told = 0;
    if (states(payment, TRB_PAYMENT_LINES)) {
        for (const trb_line& line :
             sdk::strided<trb_line>(payment.lines, payment.line_count, payment.line_stride)) {
            if (!is_plausible_amount(line.net_minor)) {
                into.lines.clear();
                break;
            }
            into.lines.push_back(
                {std::string(sdk::view(line.id)), std::string(sdk::view(line.product_id)), line.net_minor});
            told += line.net_minor;
        }
    }
    const bool complete = !states(payment, TRB_PAYMENT_LINES_COMPLETE) || payment.lines_complete != 0;
    // The lines that the source kept to itself must not be paid as if they were those it told.
    if (!into.lines.empty() && !complete && told < into.total_without_tax)
        into.lines.push_back({"", "", static_cast<std::int64_t>(into.total_without_tax - told)});
    if (into.lines.empty())
        into.lines.push_back({"", "", into.total_without_tax});
}

bool failed(const trb_refund& refund) noexcept {
    return states(refund, TRB_REFUND_STATUS) &&
           (refund.status == TRB_REFUND_FAILED || refund.status == TRB_REFUND_CANCELED);
}

struct refund_sums {
    wide counted = 0;      ///< Refunds that have not failed.
    wide told_by_then = 0; ///< Refunds that the payment's own total must already contain.
};

refund_sums sum_refunds(const assessed_payment& assessed, std::int64_t told_at_ms,
                        std::span<const trb_merged_fact* const> refunds, returned_money& into) {
    refund_sums sums;
    for (const trb_merged_fact* fact : refunds) {
        const auto& refund = sdk::body_as<trb_refund>(fact->body);
        into.changed_at_ms = std::max(into.changed_at_ms, fact->occurred_at_ms);
        if (!states(refund, TRB_REFUND_AMOUNT) || sdk::currency_of(refund.amount) != assessed.currency ||
            refund.amount.exponent != assessed.exponent || !is_plausible_amount(refund.amount.amount_minor)) {
            // How much went back cannot be said: nothing is paid until it can.
            into.refund_pending = into.refund_pending || !failed(refund);
            continue;
        }
        const std::int64_t amount = std::max<std::int64_t>(refund.amount.amount_minor, 0);
        // One that does not say when it was made may be older than what told of it: were it taken for newer
        // than the payment's own total, it would be counted in both.
        const std::int64_t created = states(refund, TRB_REFUND_CREATED_AT) ? refund.created_at_ms : INT64_MIN;
        const bool failed_by_then = failed(refund) && fact->source_time_ms <= told_at_ms;
        const bool elsewhere = states(refund, TRB_REFUND_OUT_OF_BAND) && refund.out_of_band != 0;
        if (created <= told_at_ms && !failed_by_then && !elsewhere)
            sums.told_by_then += amount;
        if (failed(refund))
            continue;
        sums.counted += amount;
        if (!states(refund, TRB_REFUND_STATUS) || refund.status != TRB_REFUND_SUCCEEDED)
            into.refund_pending = true;
    }
    return sums;
}

wide sum_disputes(const assessed_payment& assessed, std::span<const trb_merged_fact* const> disputes,
                  returned_money& into) {
    wide lost = 0;
    for (const trb_merged_fact* fact : disputes) {
        const auto& dispute = sdk::body_as<trb_dispute>(fact->body);
        const std::int64_t status =
            states(dispute, TRB_DISPUTE_STATUS) ? dispute.status : TRB_DISPUTE_INQUIRY;
        if (status != TRB_DISPUTE_OPEN && status != TRB_DISPUTE_LOST)
            continue;
        into.changed_at_ms = std::max(into.changed_at_ms, fact->occurred_at_ms);
        if (status == TRB_DISPUTE_OPEN) {
            into.dispute_open = true;
            continue;
        }
        const bool told = states(dispute, TRB_DISPUTE_AMOUNT) &&
                          sdk::currency_of(dispute.amount) == assessed.currency &&
                          dispute.amount.exponent == assessed.exponent && dispute.amount.amount_minor > 0;
        lost += told ? dispute.amount.amount_minor : assessed.cash;
    }
    return lost;
}

} // namespace

assessed_payment assess(const trb_payment& payment) {
    assessed_payment into;
    const std::int64_t status = states(payment, TRB_PAYMENT_STATUS) ? payment.status : TRB_PAYMENT_PENDING;
    if (status == TRB_PAYMENT_FAILED || status == TRB_PAYMENT_CANCELED)
        return refuse(into, payment_state::no_sale, "not_paid");
    const trb_money& shown = states(payment, TRB_PAYMENT_CASH) ? payment.cash : payment.total;
    into.currency = sdk::currency_of(shown);
    into.exponent = shown.exponent;
    if (states(payment, TRB_PAYMENT_CASH))
        into.cash = payment.cash.amount_minor;
    if (status != TRB_PAYMENT_SUCCEEDED)
        return refuse(into, payment_state::unconfirmed,
                      states(payment, TRB_PAYMENT_STATUS) ? "payment_pending" : "not_yet_confirmed");
    if (!states(payment, TRB_PAYMENT_CASH))
        return refuse(into, payment_state::unconfirmed, "cash_unknown");
    if (into.currency.empty() || into.exponent > 8 || !read_totals(payment, into))
        return refuse(into, payment_state::unconfirmed, "currency_unclear");
    if (!is_plausible_amount(into.cash) || !is_plausible_amount(into.total) ||
        !is_plausible_amount(into.total_without_tax))
        return refuse(into, payment_state::unconfirmed, "amount_out_of_range");
    if (into.cash <= 0 || into.total <= 0)
        return refuse(into, payment_state::no_sale, "no_cash");
    into.base = divide_half_up(wide{into.total_without_tax} * into.cash, into.total);
    if (into.base <= 0)
        return refuse(into, payment_state::no_sale, "nothing_without_tax");
    if (!is_plausible_amount(into.base))
        return refuse(into, payment_state::unconfirmed, "amount_out_of_range");
    into.state = payment_state::received;
    read_lines(payment, into);
    return into;
}

std::vector<std::int64_t> line_bases(const assessed_payment& payment, std::int64_t total) {
    std::vector<std::int64_t> weights;
    weights.reserve(payment.lines.size());
    for (const base_line& line : payment.lines)
        weights.push_back(line.weight);
    return split_by_largest_remainder(total, weights);
}

returned_money money_returned(const assessed_payment& assessed, const trb_payment& payment,
                              std::span<const trb_merged_fact* const> refunds,
                              std::span<const trb_merged_fact* const> disputes) {
    returned_money into;
    const bool told = states(payment, TRB_PAYMENT_REFUNDED_TOTAL) &&
                      sdk::currency_of(payment.refunded_total) == assessed.currency &&
                      payment.refunded_total.exponent == assessed.exponent;
    const std::int64_t told_at_ms =
        states(payment, TRB_PAYMENT_REFUNDED_TOTAL_AT) ? payment.refunded_total_at_ms : INT64_MAX;
    const refund_sums sums = sum_refunds(assessed, told_at_ms, refunds, into);
    const wide undocumented =
        told ? std::max<wide>(0, wide{payment.refunded_total.amount_minor} - sums.told_by_then) : 0;
    if (undocumented > 0 && states(payment, TRB_PAYMENT_REFUNDED_TOTAL_AT))
        into.changed_at_ms = std::max(into.changed_at_ms, told_at_ms);
    const wide lost = sum_disputes(assessed, disputes, into);
    into.amount =
        static_cast<std::int64_t>(std::min<wide>(sums.counted + undocumented + lost, assessed.cash));
    return into;
}

} // namespace tributary::attribution
