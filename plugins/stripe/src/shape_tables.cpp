#include "shape_tables.hpp"

#include <algorithm>
#include <array>

#include "paths.hpp"

namespace tributary::stripe {
namespace {

using enum member_type;
using words = std::string_view[];

constexpr bool must = true;
constexpr bool may = false;

constexpr words intervals{"day", "week", "month", "year"};
constexpr words tax_behaviors{"exclusive", "inclusive", "unspecified"};
constexpr words schemes{"per_unit", "tiered"};
constexpr words tier_modes{"graduated", "volume"};
constexpr words usages{"licensed", "metered"};

constexpr words invoice_states{"draft", "open", "paid", "uncollectible", "void"};
constexpr words billing_reasons{"automatic_pending_invoice_item_invoice",
                                "manual",
                                "quote_accept",
                                "subscription",
                                "subscription_create",
                                "subscription_cycle",
                                "subscription_threshold",
                                "subscription_update",
                                "upcoming"};
constexpr words invoice_parents{"quote_details", "subscription_details"};
constexpr words line_parents{"invoice_item_details", "subscription_item_details"};
constexpr words line_types{"invoiceitem", "subscription"};

constexpr std::array taxes{
    expected{"amount", integer, must},
    expected{"tax_behavior", text, may, tax_behaviors},
    expected{"inclusive", flag},
};
constexpr std::array amounts{expected{"amount", integer, must}};
constexpr std::array invoice_lines{
    expected{"id", text, must},
    expected{"amount", integer, must},
    expected{"quantity", integer},
    expected{paths::line_price, id},
    expected{paths::line_product, id},
    expected{paths::line_proration, flag},
    expected{paths::line_taxes, list, may, {}, taxes},
    expected{"discount_amounts", list, may, {}, amounts},
    expected{"parent.type", text, may, line_parents},
    expected{"type", text, may, line_types},
    expected{"period.start", integer},
    expected{"period.end", integer},
};
constexpr std::array invoice{
    expected{"id", text, must},
    expected{"status", text, must, invoice_states},
    expected{"currency", text, must},
    expected{"total", integer, must},
    expected{"amount_paid", integer, must},
    expected{"created", integer, must},
    expected{"amount_remaining", integer},
    expected{"amount_paid_off_stripe", integer},
    expected{"billing_reason", text, may, billing_reasons},
    expected{"parent.type", text, may, invoice_parents},
    expected{paths::invoice_subscription, id},
    expected{{"customer", "customer_account"}, id},
    expected{"customer_email"},
    expected{"total_excluding_tax", integer},
    expected{"tax", integer},
    expected{paths::invoice_taxes, list, may, {}, taxes},
    expected{"total_discount_amounts", list, may, {}, amounts},
    expected{"discounts", list},
    expected{"status_transitions.paid_at", integer},
    expected{"attempt_count", integer},
    expected{"next_payment_attempt", integer},
    expected{"starting_balance", integer},
    expected{"ending_balance", integer},
    expected{"lines", list, must, {}, invoice_lines},
};

constexpr words invoice_payment_states{"canceled", "open", "paid"};
constexpr words paid_by{"payment_intent", "charge", "payment_record"};
constexpr std::array invoice_payment{
    expected{"id", text, must},
    expected{"invoice", id, must},
    expected{"status", text, must, invoice_payment_states},
    expected{"payment.type", text, may, paid_by},
    expected{paths::payment_intent, id},
    expected{paths::payment_charge, id},
};

constexpr words charge_states{"failed", "pending", "succeeded"};
constexpr std::array charge{
    expected{"id", text, must},
    expected{"status", text, must, charge_states},
    expected{"amount", integer, must},
    expected{"currency", text, must},
    expected{"amount_captured", integer},
    expected{"amount_refunded", integer},
    expected{"captured", flag},
    expected{"paid", flag},
    expected{"created", integer, must},
    expected{"payment_intent", id},
    expected{"invoice", id},
    expected{"balance_transaction", id},
    expected{paths::charge_country},
    expected{paths::charge_email},
    expected{"presentment_details.presentment_amount", integer},
};

constexpr words intent_states{"canceled",
                              "processing",
                              "requires_action",
                              "requires_capture",
                              "requires_confirmation",
                              "requires_payment_method",
                              "succeeded"};
constexpr std::array payment_intent{
    expected{"id", text, must},           expected{"status", text, must, intent_states},
    expected{"amount", integer, must},    expected{"currency", text, must},
    expected{"amount_received", integer}, expected{"latest_charge", id},
};

constexpr words session_modes{"payment", "setup", "subscription"};
constexpr words session_states{"complete", "expired", "open"};
constexpr words session_payment_states{"no_payment_required", "paid", "unpaid"};
constexpr std::array session{
    expected{"id", text, must},
    expected{"mode", text, must, session_modes},
    expected{"status", text, may, session_states},
    expected{"payment_status", text, must, session_payment_states},
    expected{"amount_total", integer},
    expected{"currency"},
    expected{"customer", id},
    expected{"invoice", id},
    expected{"payment_intent", id},
    expected{"subscription", id},
    expected{"client_reference_id"},
    expected{"total_details.amount_tax", integer},
    expected{"total_details.amount_discount", integer},
    expected{"currency_conversion.amount_total", integer},
    expected{"presentment_details.presentment_amount", integer},
    expected{paths::session_email},
    expected{paths::session_country},
};

constexpr words refund_states{"canceled", "failed", "pending", "requires_action", "succeeded"};
constexpr std::array refund{
    expected{"id", text, must},
    expected{"status", text, may, refund_states},
    expected{"amount", integer, must},
    expected{"currency", text, must},
    expected{{"charge", "payment_intent"}, id},
    expected{"created", integer, must},
};

constexpr words dispute_states{"appeal_needs_response",
                               "appeal_under_review",
                               "lost",
                               "needs_response",
                               "prevented",
                               "under_review",
                               "warning_closed",
                               "warning_needs_response",
                               "warning_under_review",
                               "won"};
constexpr std::array dispute{
    expected{"id", text, must},
    expected{"status", text, must, dispute_states},
    expected{"amount", integer, must},
    expected{"currency", text, must},
    expected{{"charge", "payment_intent"}, id, must},
};

constexpr words note_states{"issued", "void"};
constexpr words note_types{"mixed", "post_payment", "pre_payment"};
constexpr std::array note_lines{
    expected{"amount", integer, must},
    expected{paths::line_taxes, list, may, {}, taxes},
    expected{"discount_amounts", list, may, {}, amounts},
};
constexpr std::array credit_note{
    expected{"id", text, must},
    expected{"status", text, must, note_states},
    expected{"type", text, may, note_types},
    expected{"currency", text, must},
    expected{"total", integer, must},
    expected{"invoice", id, must},
    expected{"refunds", list},
    expected{"refund", id},
    expected{"out_of_band_amount", integer},
    expected{"lines", list, may, {}, note_lines},
};

constexpr std::array customer{
    expected{"id", text, must},
    expected{"created", integer},
    expected{"email"},
    expected{"name"},
};

constexpr words subscription_states{"active",   "canceled", "incomplete", "incomplete_expired",
                                    "past_due", "paused",   "trialing",   "unpaid"};
constexpr words pause_behaviors{"keep_as_draft", "mark_uncollectible", "void"};
constexpr words pause_reasons{"final_payment_failure", "first_payment_failure", "pause_requested", "system",
                              "trial_end_without_payment_method"};
constexpr words cancel_reasons{"canceled_by_retention_policy", "cancellation_requested", "payment_disputed",
                               "payment_failed"};
constexpr std::array items{
    expected{"id", text, must},
    expected{paths::item_price, id, must},
    expected{paths::item_product, id},
    expected{"quantity", integer},
    expected{paths::item_amount, integer},
    expected{paths::item_currency, text, must},
    expected{paths::item_interval, text, must, intervals},
    expected{paths::item_interval_count, integer},
    expected{paths::item_usage, text, may, usages},
    expected{paths::item_scheme, text, may, schemes},
    expected{paths::item_tiers_mode, text, may, tier_modes},
    expected{paths::item_tax_behavior, text, may, tax_behaviors},
    expected{"current_period_end", integer},
    expected{"current_trial.end_date", integer},
};
constexpr std::array subscription{
    expected{"id", text, must},
    expected{"status", text, must, subscription_states},
    expected{{"customer", "customer_account"}, id, must},
    expected{"items", list, must, {}, items},
    expected{paths::period_end, integer, must},
    expected{"cancel_at", integer},
    expected{"cancel_at_period_end", flag},
    expected{"canceled_at", integer},
    expected{"ended_at", integer},
    expected{"trial_start", integer},
    expected{"trial_end", integer},
    expected{"pause_collection.behavior", text, may, pause_behaviors},
    expected{"pause_collection.resumes_at", integer},
    expected{"status_details.paused.subscription.type", text, may, pause_reasons},
    expected{"cancellation_details.reason", text, may, cancel_reasons},
    expected{"discounts", list},
};

constexpr words schedule_states{"active", "canceled", "completed", "not_started", "released"};
constexpr words end_behaviors{"cancel", "none", "release", "renew"};
constexpr std::array phases{
    expected{"start_date", integer, must},
    expected{"end_date", integer},
    expected{"items", list},
};
constexpr std::array schedule{
    expected{"id", text, must},
    expected{"status", text, must, schedule_states},
    expected{"end_behavior", text, may, end_behaviors},
    expected{{"subscription", "released_subscription"}, id},
    expected{"phases", list, must, {}, phases},
};

constexpr words durations{"forever", "once", "repeating"};
constexpr std::array coupon{
    expected{"id", text, must},
    expected{"duration", text, must, durations},
    expected{"percent_off", number},
    expected{"amount_off", integer},
    expected{"duration_in_months", integer},
    expected{"valid", flag},
};
constexpr std::array discount{
    expected{"id", text, must},     expected{paths::discount_coupon, id},
    expected{"promotion_code", id}, expected{"start", integer},
    expected{"end", integer},       expected{"subscription", id},
};
constexpr std::array promotion_code{
    expected{"id", text, must},       expected{"code", text, must},    expected{"active", flag, must},
    expected{paths::code_coupon, id}, expected{"expires_at", integer},
};

constexpr words price_types{"one_time", "recurring"};
constexpr std::array product{
    expected{"id", text, must},
    expected{"name"},
    expected{"active", flag},
};
constexpr std::array price{
    expected{"id", text, must},
    expected{"currency", text, must},
    expected{"product", id},
    expected{"type", text, may, price_types},
    expected{"unit_amount", integer},
    expected{"billing_scheme", text, may, schemes},
    expected{"recurring.interval", text, may, intervals},
    expected{"recurring.usage_type", text, may, usages},
    expected{"tax_behavior", text, may, tax_behaviors},
};
constexpr std::array plan{
    expected{"id", text, must},
    expected{"currency", text, must},
    expected{"product", id},
    expected{"amount", integer},
    expected{"interval", text, must, intervals},
    expected{"usage_type", text, may, usages},
};

constexpr std::array shapes{
    object_shape{"invoice", invoice},
    object_shape{"invoice_payment", invoice_payment},
    object_shape{"charge", charge},
    object_shape{"payment_intent", payment_intent},
    object_shape{"checkout.session", session},
    object_shape{"refund", refund},
    object_shape{"dispute", dispute},
    object_shape{"credit_note", credit_note},
    object_shape{"customer", customer},
    object_shape{"subscription", subscription},
    object_shape{"subscription_schedule", schedule},
    object_shape{"coupon", coupon},
    object_shape{"discount", discount},
    object_shape{"promotion_code", promotion_code},
    object_shape{"product", product},
    object_shape{"price", price},
    object_shape{"plan", plan},
};

} // namespace

const object_shape* find_shape(std::string_view object) noexcept {
    const auto* found = std::ranges::find(shapes, object, &object_shape::object);
    return found == shapes.end() ? nullptr : found;
}

} // namespace tributary::stripe
