#include "fetch.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace tributary::stripe {
namespace {

constexpr std::string_view api = "https://api.stripe.com/v1/";

/// Ids come from outside and end up in an address: nothing but letters, digits and '_' may.
bool is_plain_id(std::string_view id) noexcept {
    return !id.empty() && id.size() <= 255 && std::all_of(id.begin(), id.end(), [](char letter) {
        return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= 'a' && letter <= 'z') || letter == '_';
    });
}

std::string make_purpose(std::string_view what, std::string_view id, std::uint32_t page,
                         std::string_view account) {
    std::string purpose = std::string(what) + ":" + std::string(id);
    if (page > 1)
        purpose += "/" + std::to_string(page);
    if (!account.empty())
        purpose += "@" + std::string(account);
    return purpose;
}

wanted make(std::string path, std::string_view what, std::string_view id, std::uint32_t page,
            std::string_view account) {
    if (!is_plain_id(id) || (!account.empty() && !is_plain_id(account)))
        return {};
    constexpr std::size_t purpose_bytes_max = 512; // The host keeps no longer one; Stripe's ids have some 30.
    std::string purpose = make_purpose(what, id, page, account);
    if (purpose.size() > purpose_bytes_max)
        return {};
    return {std::string(api) + std::move(path), std::move(purpose), std::string(account)};
}

wanted ask_page(std::string path, std::string_view after, std::string_view what, std::string_view id,
                std::uint32_t page, std::string_view account) {
    if (!after.empty()) {
        if (!is_plain_id(after))
            return {};
        path += "&starting_after=" + std::string(after);
    }
    return make(std::move(path), what, id, page, account);
}

std::string_view collection_of(std::string_view id) noexcept {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 18> prefixes{{
        {"in_", "invoices"},
        {"inpay_", "invoice_payments"},
        {"cs_", "checkout/sessions"},
        {"ch_", "charges"},
        {"py_", "charges"},
        {"pi_", "payment_intents"},
        {"re_", "refunds"},
        {"pyr_", "refunds"},
        {"dp_", "disputes"},
        {"du_", "disputes"},
        {"sub_sched_", "subscription_schedules"},
        {"sub_", "subscriptions"},
        {"cus_", "customers"},
        {"prod_", "products"},
        {"price_", "prices"},
        {"promo_", "promotion_codes"},
        {"cn_", "credit_notes"},
        {"evt_", "events"},
    }};
    for (const auto& [prefix, collection] : prefixes)
        if (id.starts_with(prefix))
            return collection;
    return {};
}

} // namespace

purpose_parts parse_purpose(std::string_view purpose) noexcept {
    purpose_parts parts;
    if (const std::size_t at = purpose.find('@'); at != std::string_view::npos) {
        parts.account = purpose.substr(at + 1);
        purpose = purpose.substr(0, at);
    }
    const std::size_t colon = purpose.find(':');
    parts.what = purpose.substr(0, colon);
    if (colon == std::string_view::npos)
        return parts;
    parts.id = purpose.substr(colon + 1);
    if (const std::size_t slash = parts.id.find('/'); slash != std::string_view::npos) {
        const std::string_view page = parts.id.substr(slash + 1);
        std::from_chars(page.data(), page.data() + page.size(), parts.page);
        parts.id = parts.id.substr(0, slash);
    }
    return parts;
}

wanted ask_invoice_payments(std::string_view id, std::string_view account) {
    // The brackets are escaped because a strict reader of addresses refuses them bare; Stripe reads both.
    const std::string type = id.starts_with("pi_") ? "payment_intent" : "charge";
    return make("invoice_payments?payment%5Btype%5D=" + type + "&payment%5B" + type +
                    "%5D=" + std::string(id),
                purpose_invoice_payments, id, 1, account);
}

wanted ask_invoice_lines(std::string_view id, std::string_view after, std::uint32_t page,
                         std::string_view account) {
    return ask_page("invoices/" + std::string(id) + "/lines?limit=100", after, purpose_invoice_lines, id,
                    page, account);
}

wanted ask_session_lines(std::string_view id, std::string_view after, std::uint32_t page,
                         std::string_view account) {
    return ask_page("checkout/sessions/" + std::string(id) + "/line_items?limit=100", after,
                    purpose_session_lines, id, page, account);
}

wanted ask_entitlements(std::string_view customer, std::int64_t since_s, std::string_view after,
                        std::uint32_t page, std::string_view account) {
    wanted made = ask_page("entitlements/active_entitlements?limit=100&customer=" + std::string(customer),
                           after, purpose_entitlements, customer, page, account);
    if (!made.url.empty())
        made.purpose = make_purpose(purpose_entitlements,
                                    std::string(customer) + "." + std::to_string(since_s), page, account);
    return made;
}

wanted ask_reread(std::string_view id, std::string_view account) {
    const std::string_view collection = collection_of(id);
    if (collection.empty())
        return {};
    return make(std::string(collection) + "/" + std::string(id), purpose_reread, id, 1, account);
}

wanted ask_changed(std::string_view id, std::string_view event_id, std::string_view account) {
    const std::string_view collection = collection_of(id);
    if (collection.empty() || !is_plain_id(id))
        return {};
    return make(std::string(collection) + "/" + std::string(id), purpose_thin, event_id, 1, account);
}

wanted ask_event(std::string_view id, std::string_view account) {
    return make("events/" + std::string(id), purpose_event, id, 1, account);
}

void send(const wanted& request, sdk::fact_sink into) {
    using sdk::view;
    std::vector<trb_pair> headers{
        {view("Authorization"), view("Bearer {secret:api_key}")},
        {view("Stripe-Version"), view(pinned_version)},
    };
    if (!request.account.empty())
        headers.push_back({view("Stripe-Account"), view(request.account)});
    trb_http_request made{};
    made.struct_size = sizeof made;
    made.header_count = static_cast<std::uint32_t>(headers.size());
    made.method = view("GET");
    made.url = view(request.url);
    made.headers = headers.data();
    made.purpose = view(request.purpose);
    into.want(made);
}

} // namespace tributary::stripe
