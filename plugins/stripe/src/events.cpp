#include "events.hpp"

#include <algorithm>
#include <array>

namespace tributary::stripe {
namespace {

constexpr std::string_view sale = "a payment";
constexpr std::string_view payment_state = "the payment's state";
constexpr std::string_view return_of_money = "a refund";
constexpr std::string_view dispute = "a dispute";
constexpr std::string_view version_of_subscription = "a version of the subscription";
constexpr std::string_view customer = "the customer";
constexpr std::string_view scheduled = "the scheduled change";
constexpr std::string_view no_money = "no money moves by it";
constexpr std::string_view draft = "a draft binds nobody";
constexpr std::string_view fetched = "known from the payment";

constexpr std::array event_table{
    // One-time purchases and payment links.
    event_entry{"checkout.session.completed", &tell_session, said_paid, true,
                "a checkout; a payment, unless nothing is to be paid; pending while the money is under way"},
    event_entry{"checkout.session.async_payment_succeeded", &tell_session, said_paid, true, sale},
    event_entry{"checkout.session.async_payment_failed", &tell_session, said_failed, true,
                "the payment as failed"},
    event_entry{"checkout.session.expired", &tell_session, said_closed, true, "the checkout as expired"},
    event_entry{"payment_intent.succeeded", &tell_intent, said_paid, false,
                "a payment; not needed beside charge.succeeded"},
    event_entry{"payment_intent.amount_capturable_updated", nullptr, 0, false,
                "nothing is captured yet: charge.captured follows"},
    event_entry{"payment_intent.canceled", nullptr, 0, false, no_money},
    event_entry{"payment_intent.created", nullptr, 0, false, no_money},
    event_entry{"payment_intent.partially_funded", nullptr, 0, false,
                "the money counts when the payment succeeds"},
    event_entry{"payment_intent.payment_failed", nullptr, 0, false, "charge.failed says it"},
    event_entry{"payment_intent.processing", nullptr, 0, false, "charge.pending says it"},
    event_entry{"payment_intent.requires_action", nullptr, 0, false, no_money},

    // Invoices.
    event_entry{"invoice.paid", &tell_invoice, said_paid, true, "a payment: the sale itself"},
    event_entry{"invoice.payment_failed", &tell_invoice, said_failed, true,
                "the payment as failed, how often it was tried, when it is tried again"},
    event_entry{"invoice.marked_uncollectible", &tell_invoice, said_closed, true,
                "the payment as failed; what had been paid of it stays"},
    event_entry{"invoice.voided", &tell_invoice, said_closed, true, "the payment as canceled"},
    event_entry{"invoice.updated", &tell_invoice, said_updated, true,
                "the payment as it stands; a part that was paid counts at once"},
    event_entry{"invoice.overpaid", &tell_invoice, said_updated + 1, false, payment_state},
    event_entry{"invoice.finalized", &tell_invoice, said_finalized, false, "the payment as pending"},
    event_entry{"invoice.payment_succeeded", &tell_invoice, said_paid, false, "as invoice.paid"},
    event_entry{"invoice.payment_action_required", &tell_invoice, said_updated, false, payment_state},
    event_entry{"invoice.payment_attempt_required", &tell_invoice, said_updated, false, payment_state},
    event_entry{"invoice.created", nullptr, 0, false, draft},
    event_entry{"invoice.deleted", nullptr, 0, false, draft},
    event_entry{"invoice.finalization_failed", nullptr, 0, false, draft},
    event_entry{"invoice.overdue", nullptr, 0, false, no_money},
    event_entry{"invoice.sent", nullptr, 0, false, no_money},
    event_entry{"invoice.upcoming", nullptr, 0, false, "a forecast without an id"},
    event_entry{"invoice.will_be_due", nullptr, 0, false, no_money},
    event_entry{"invoice_payment.paid", &tell_invoice_payment, said_paid, true,
                "which charge paid which invoice (API 2025-05-28 and later)"},
    event_entry{"invoice_payment.", &tell_invoice_payment, said_updated, false,
                "which charge paid which invoice"},

    // Charges.
    event_entry{"charge.succeeded", &tell_charge, said_paid, true, sale},
    event_entry{"charge.updated", &tell_charge, said_updated, true, "the payment's fee and net, when told"},
    event_entry{"charge.captured", &tell_charge, said_paid + 1, true, "the payment with what was captured"},
    event_entry{"charge.failed", &tell_charge, said_failed, true, "the payment as failed, with the reason"},
    event_entry{"charge.pending", &tell_charge, said_created, false, "the payment as pending"},
    event_entry{"charge.expired", nullptr, 0, false,
                "an authorisation that was never captured: no money moved"},

    // Money that goes back.
    event_entry{"charge.refunded", &tell_charge, said_failed + 1, true,
                "the payment with all that was refunded; until API 2022-11-15 the refunds too"},
    event_entry{"charge.refund.updated", &tell_refund, said_updated, true, return_of_money},
    event_entry{"refund.created", &tell_refund, said_created, true, return_of_money},
    event_entry{"refund.updated", &tell_refund, said_updated, true, return_of_money},
    event_entry{"refund.failed", &tell_refund, said_failed, true, "the refund as failed: the money stays"},
    event_entry{
        "credit_note.created", &tell_credit_note, said_created, true,
        "the lines of the refund that it names; money returned outside Stripe is a refund of its own"},
    event_entry{"credit_note.updated", &tell_credit_note, said_updated, true, "as credit_note.created"},
    event_entry{"credit_note.voided", &tell_credit_note, said_closed, true,
                "takes back what the credit note said"},

    // Disputes.
    event_entry{"charge.dispute.created", &tell_dispute, said_created, true, dispute},
    event_entry{"charge.dispute.updated", &tell_dispute, said_updated, true, dispute},
    event_entry{"charge.dispute.funds_withdrawn", &tell_dispute, said_updated + 1, true, dispute},
    event_entry{"charge.dispute.funds_reinstated", &tell_dispute, said_updated + 2, true, dispute},
    event_entry{"charge.dispute.closed", &tell_dispute, said_closed, true, dispute},
    event_entry{"charge.dispute.", &tell_dispute, said_updated, false, dispute},
    event_entry{"radar.early_fraud_warning.created", &tell_fraud_warning, said_created, false,
                "a dispute in the state of an inquiry, which changes nothing"},
    event_entry{"radar.early_fraud_warning.updated", &tell_fraud_warning, said_updated, false,
                "as radar.early_fraud_warning.created"},

    // Customers.
    event_entry{"customer.created", &tell_customer, said_created, true, customer},
    event_entry{"customer.updated", &tell_customer, said_updated, true, customer},
    event_entry{"customer.deleted", &tell_customer, said_closed, true, "the customer as deleted"},
    event_entry{"customer.source.", nullptr, 0, false, fetched},
    event_entry{"customer.tax_id.", nullptr, 0, false, "the invoice holds the tax"},

    // Subscriptions.
    event_entry{"customer.subscription.created", &tell_subscription, said_created, true,
                version_of_subscription},
    event_entry{"customer.subscription.updated", &tell_subscription, said_updated, true,
                version_of_subscription},
    event_entry{"customer.subscription.deleted", &tell_subscription, said_closed, true,
                "the last version of the subscription: canceled"},
    event_entry{"customer.subscription.paused", &tell_subscription, said_updated + 1, true,
                version_of_subscription},
    event_entry{"customer.subscription.resumed", &tell_subscription, said_updated + 2, true,
                version_of_subscription},
    event_entry{"customer.subscription.trial_will_end", &tell_subscription, said_updated, true,
                version_of_subscription},
    event_entry{"customer.subscription.pending_update_applied", &tell_subscription, said_updated, true,
                version_of_subscription},
    event_entry{"customer.subscription.pending_update_expired", &tell_subscription, said_updated, true,
                version_of_subscription},
    event_entry{"customer.subscription.", &tell_subscription, said_updated, false, version_of_subscription},
    event_entry{"subscription_schedule.created", &tell_schedule, said_created, true, scheduled},
    event_entry{"subscription_schedule.updated", &tell_schedule, said_updated, true, scheduled},
    event_entry{"subscription_schedule.released", &tell_schedule, said_closed, true,
                "no change is scheduled any more"},
    event_entry{"subscription_schedule.canceled", &tell_schedule, said_closed, true,
                "no change is scheduled any more"},
    event_entry{"subscription_schedule.completed", &tell_schedule, said_closed, true,
                "no change is scheduled any more"},
    event_entry{"subscription_schedule.aborted", &tell_schedule, said_closed, true,
                "no change is scheduled any more"},
    event_entry{"subscription_schedule.expiring", &tell_schedule, said_updated, false, scheduled},
    event_entry{"entitlements.active_entitlement_summary.updated", &tell_entitlements, said_updated, false,
                "a grant for each feature; one that is gone from a summary of all is revoked"},

    // Discounts.
    event_entry{"customer.discount.created", &tell_discount, said_created, true, "a redemption"},
    event_entry{"customer.discount.updated", &tell_discount, said_updated, true, "the redemption"},
    event_entry{"customer.discount.deleted", &tell_discount, said_closed, true, "the redemption as ended"},
    event_entry{"coupon.created", &tell_coupon, said_created, true, "the coupon"},
    event_entry{"coupon.updated", &tell_coupon, said_updated, true, "the coupon"},
    event_entry{"coupon.deleted", &tell_coupon, said_closed, true, "the coupon as not active"},
    event_entry{"promotion_code.created", &tell_promotion_code, said_created, true, "the promotion code"},
    event_entry{"promotion_code.updated", &tell_promotion_code, said_updated, true, "the promotion code"},

    // Catalogue.
    event_entry{"product.created", &tell_product, said_created, true, "the product"},
    event_entry{"product.updated", &tell_product, said_updated, true, "the product"},
    event_entry{"product.deleted", &tell_product, said_closed, true, "the product as not active"},
    event_entry{"price.created", &tell_price, said_created, true, "the price"},
    event_entry{"price.updated", &tell_price, said_updated, true, "the price"},
    event_entry{"price.deleted", &tell_price, said_closed, true, "the price as not active"},
    // Plans are prices under an older name, with the same id. What a price says is believed first.
    event_entry{"plan.created", &tell_price, said_created, false, "the price, in its older form"},
    event_entry{"plan.updated", &tell_price, said_updated, false, "the price, in its older form"},
    event_entry{"plan.deleted", &tell_price, said_closed, false, "the price as not active"},
};

struct object_entry {
    std::string_view object;
    teller tell;
};

constexpr std::array object_table{
    object_entry{"checkout.session", &tell_session},
    object_entry{"invoice", &tell_invoice},
    object_entry{"invoice_payment", &tell_invoice_payment},
    object_entry{"charge", &tell_charge},
    object_entry{"payment_intent", &tell_intent},
    object_entry{"refund", &tell_refund},
    object_entry{"credit_note", &tell_credit_note},
    object_entry{"dispute", &tell_dispute},
    object_entry{"radar.early_fraud_warning", &tell_fraud_warning},
    object_entry{"customer", &tell_customer},
    object_entry{"subscription", &tell_subscription},
    object_entry{"subscription_schedule", &tell_schedule},
    object_entry{"entitlements.active_entitlement_summary", &tell_entitlements},
    object_entry{"discount", &tell_discount},
    object_entry{"coupon", &tell_coupon},
    object_entry{"promotion_code", &tell_promotion_code},
    object_entry{"product", &tell_product},
    object_entry{"price", &tell_price},
    object_entry{"plan", &tell_price},
};

constexpr std::array<std::string_view, 14> families{
    "checkout.session.", "payment_intent.", "invoice.",     "invoice_payment.",
    "charge.",           "refund.",         "credit_note.", "customer.",
    "coupon.",           "promotion_code.", "product.",     "subscription_schedule.",
    "entitlements.",     "price."};

} // namespace

std::span<const event_entry> events() noexcept {
    return event_table;
}

const event_entry* find_event(std::string_view type) noexcept {
    const auto* found = std::ranges::find_if(event_table, [&](const event_entry& entry) {
        return entry.type == type || (entry.type.ends_with('.') && type.starts_with(entry.type));
    });
    return found == event_table.end() ? nullptr : found;
}

bool is_of_known_family(std::string_view type) noexcept {
    return std::ranges::any_of(families, [&](std::string_view family) { return type.starts_with(family); });
}

std::vector<std::string_view> needed_events() {
    std::vector<std::string_view> types;
    for (const event_entry& entry : event_table)
        if (entry.needed)
            types.push_back(entry.type);
    return types;
}

teller find_object_teller(std::string_view object) noexcept {
    const auto* found = std::ranges::find(object_table, object, &object_entry::object);
    return found == object_table.end() ? nullptr : found->tell;
}

} // namespace tributary::stripe
