#include "fake_stripe/permissions.hpp"

#include <algorithm>
#include <array>

namespace tributary::fake_stripe {
namespace {

struct collection_right {
    std::string_view collection;
    std::string_view read;
    std::string_view write;
};

// Names as Stripe's own refusals have them: refunds go with charges, prices are plans, schedules go with
// subscriptions.
constexpr std::array<collection_right, 21> collection_rights{{
    {"account", "rak_accounts_kyc_basic_read", ""},
    {"customers", "rak_customer_read", "rak_customer_write"},
    {"subscriptions", "rak_subscription_read", "rak_subscription_write"},
    {"subscription_schedules", "rak_subscription_read", "rak_subscription_write"},
    {"invoices", "rak_invoice_read", "rak_invoice_write"},
    {"invoice_payments", "rak_invoice_read", "rak_invoice_write"},
    {"charges", "rak_charge_read", "rak_charge_write"},
    {"refunds", "rak_charge_read", "rak_charge_write"},
    {"disputes", "rak_dispute_read", "rak_dispute_write"},
    {"payment_intents", "rak_payment_intent_read", "rak_payment_intent_write"},
    {"checkout/sessions", "rak_checkout_session_read", "rak_checkout_session_write"},
    {"products", "rak_product_read", "rak_product_write"},
    {"prices", "rak_plan_read", "rak_plan_write"},
    {"coupons", "rak_coupon_read", "rak_coupon_write"},
    {"promotion_codes", "rak_promotion_code_read", "rak_promotion_code_write"},
    {"credit_notes", "rak_credit_note_read", "rak_credit_note_write"},
    {"balance_transactions", "rak_balance_transaction_source_read", ""},
    {"entitlements/features", "rak_entitlement_read", ""},
    {"entitlements/active_entitlements", "rak_entitlement_read", ""},
    {"events", "rak_event_read", ""},
    {"webhook_endpoints", "rak_webhook_read", "rak_webhook_write"},
}};

/// "rk_test_****0001": as much of a key as Stripe shows.
std::string masked(std::string_view key) {
    const std::size_t prefix = std::min(key.rfind('_') + 1, key.size());
    const std::size_t shown = key.size() - prefix > 4 ? 4 : 0;
    return std::string(key.substr(0, prefix)) + std::string(key.size() - prefix - shown, '*') +
           std::string(key.substr(key.size() - shown));
}

int digit_of(char letter) {
    if (letter >= 'A' && letter <= 'Z')
        return letter - 'A';
    if (letter >= 'a' && letter <= 'z')
        return letter - 'a' + 26;
    if (letter >= '0' && letter <= '9')
        return letter - '0' + 52;
    return letter == '+' ? 62 : letter == '/' ? 63 : -1;
}

std::string decode_base64(std::string_view text) {
    std::string out;
    unsigned bits = 0;
    unsigned count = 0;
    for (const char letter : text) {
        const int digit = digit_of(letter);
        if (digit < 0)
            break;
        bits = (bits << 6U) | static_cast<unsigned>(digit);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>((bits >> count) & 0xffU);
        }
    }
    return out;
}

} // namespace

std::string_view right_for(std::string_view method, std::string_view collection) noexcept {
    for (const collection_right& each : collection_rights)
        if (each.collection == collection)
            return method == "GET" ? each.read : each.write;
    return {};
}

std::string key_of_authorization(std::string_view header) {
    constexpr std::string_view bearer = "Bearer ";
    constexpr std::string_view basic = "Basic ";
    if (header.starts_with(bearer))
        return std::string(header.substr(bearer.size()));
    if (!header.starts_with(basic))
        return {};
    const std::string pair = decode_base64(header.substr(basic.size()));
    return pair.substr(0, pair.find(':'));
}

std::optional<http::response> permissions::judge(std::string_view key, std::string_view right) const {
    if (key.empty())
        return invalid_request(
            401,
            "You did not provide an API key. You need to provide your API key in the Authorization header, "
            "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').");
    if (key.starts_with("pk_"))
        return invalid_request(400,
                               "This API call cannot be made with a publishable API key. Please use a secret "
                               "API key. You can find a list of your API keys at "
                               "https://dashboard.stripe.com/account/apikeys.",
                               "secret_key_required");
    if (!keys_.contains(key))
        return invalid_request(401, "Invalid API Key provided: " + masked(key));
    if (key.starts_with("sk_") || !denied_.contains(right))
        return std::nullopt;
    return invalid_request(403,
                           "The provided key '" + masked(key) +
                               "' does not have the required permissions for this endpoint on account '" +
                               account_ + "'. Having the '" + std::string(right) +
                               "' permission would allow this request to continue.");
}

} // namespace tributary::fake_stripe
