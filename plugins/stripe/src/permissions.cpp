#include "permissions.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace tributary::stripe {
namespace {

constexpr std::array<resource, 18> all{{
    {"customers", "rak_customer_read", "Customers", "who bought: e-mail, name and your user id", true},
    {"subscriptions", "rak_subscription_read", "Subscriptions", "what somebody has access to, and until when",
     true},
    {"subscription_schedules", "rak_subscription_read", "Subscriptions", "changes that are planned for later",
     false},
    {"invoices", "rak_invoice_read", "Invoices", "sales with more than ten lines, and renewals read anew",
     true},
    {"invoice_payments", "rak_invoice_read", "Invoices",
     "which payment belongs to which invoice (API 2025-03-31 and later)", true},
    {"charges", "rak_charge_read", "Charges and Refunds", "payments without invoice, and their fees", true},
    {"refunds", "rak_charge_read", "Charges and Refunds", "money that was returned", true},
    {"payment_intents", "rak_payment_intent_read", "PaymentIntents", "payments of your own integration",
     false},
    {"checkout/sessions", "rak_checkout_session_read", "Checkout Sessions",
     "the products of a checkout without invoice", false},
    {"disputes", "rak_dispute_read", "Disputes", "money that is contested", false},
    {"products", "rak_product_read", "Products", "the names of what is sold", false},
    {"prices", "rak_plan_read", "Prices", "the amount behind a subscription's item", false},
    {"coupons", "rak_coupon_read", "Coupons", "which discount was given", false},
    {"promotion_codes", "rak_promotion_code_read", "Promotion Codes", "which partner's code was used", false},
    {"credit_notes", "rak_credit_note_read", "Credit notes",
     "money that was credited or returned by credit note", false},
    {"balance_transactions", "rak_balance_transaction_source_read", "Balance transaction sources",
     "Stripe's fees; without them revenue is shown before fees", false},
    {"entitlements/features", "rak_entitlement_read", "Entitlements",
     "all features that a customer is entitled to; a webhook holds ten", false},
    {"events", "rak_event_read", "Events", "events that never arrived, up to 30 days back", false},
}};

std::vector<std::string_view> rights() {
    std::vector<std::string_view> names;
    for (const resource& each : all)
        if (std::find(names.begin(), names.end(), each.right) == names.end())
            names.push_back(each.right);
    return names;
}

} // namespace

std::span<const resource> resources() noexcept {
    return all;
}

std::string rights_text() {
    std::string text;
    for (const std::string_view name : rights())
        text.append(text.empty() ? "" : ", ").append(name);
    return text;
}

std::string create_key_url() {
    std::string url = "https://dashboard.stripe.com/apikeys/create?name=tributary";
    for (const std::string_view name : rights())
        url.append("&permissions%5B%5D=").append(name);
    return url.append("&permissions%5B%5D=").append(webhook_write_right);
}

} // namespace tributary::stripe
