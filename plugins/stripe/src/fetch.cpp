#include "fetch.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace tributary::stripe {

bool is_plain_id(std::string_view id) noexcept {
    return !id.empty() && id.size() <= 255 && std::all_of(id.begin(), id.end(), [](char letter) {
        return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= 'a' && letter <= 'z') || letter == '_';
    });
}

namespace {

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
    return {"/v1/" + std::move(path), std::move(purpose), std::string(account)};
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

struct id_kind {
    std::string_view prefix;
    std::string_view collection;
    std::array<std::string_view, 2> expand = {}; ///< What a person's fetch brings along.
};

// The longer ones first: sub_sched_ begins with sub_.
constexpr std::array<id_kind, 19> id_kinds{{
    {"in_", "invoices", {"payments"}},
    {"inpay_", "invoice_payments"},
    {"cs_", "checkout/sessions", {"line_items"}},
    {"ch_", "charges", {"balance_transaction"}},
    {"py_", "charges", {"balance_transaction"}},
    {"pi_", "payment_intents", {"latest_charge.balance_transaction"}},
    {"re_", "refunds", {"balance_transaction"}},
    {"pyr_", "refunds", {"balance_transaction"}},
    {"dp_", "disputes"},
    {"du_", "disputes"},
    {"sub_sched_", "subscription_schedules"},
    {"sub_", "subscriptions", {"items.data.price.tiers", "discounts"}},
    {"cus_", "customers"},
    {"prod_", "products"},
    {"price_", "prices", {"tiers"}},
    {"promo_", "promotion_codes"},
    {"cn_", "credit_notes"},
    {"txn_", "balance_transactions"},
    {"evt_", "events"},
}};

const id_kind* kind_of(std::string_view id) noexcept {
    for (const id_kind& each : id_kinds)
        if (id.starts_with(each.prefix) && id.size() > each.prefix.size())
            return &each;
    return nullptr;
}

std::string path_of(const id_kind& kind, std::string_view id) {
    return std::string(kind.collection) + "/" + std::string(id);
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
    const id_kind* kind = kind_of(id);
    return kind == nullptr ? wanted() : make(path_of(*kind, id), purpose_reread, id, 1, account);
}

wanted ask_changed(std::string_view id, std::string_view event_id, std::string_view account) {
    const id_kind* kind = kind_of(id);
    if (kind == nullptr || !is_plain_id(id))
        return {};
    return make(path_of(*kind, id), purpose_thin, event_id, 1, account);
}

wanted ask_event(std::string_view id, std::string_view account) {
    return make("events/" + std::string(id), purpose_event, id, 1, account);
}

wanted ask_document(std::string_view id) {
    const id_kind* kind = kind_of(id);
    if (kind == nullptr)
        return {};
    std::string path = path_of(*kind, id);
    char before = '?';
    for (const std::string_view each : kind->expand) {
        if (each.empty())
            break;
        path.append(1, before).append("expand%5B%5D=").append(each);
        before = '&';
    }
    return make(std::move(path), purpose_reread, id, 1, {});
}

std::string known_id_prefixes() {
    std::string text;
    for (const id_kind& each : id_kinds)
        text.append(text.empty() ? "" : ", ").append(each.prefix);
    return text;
}

sdk::request api_request(std::string method, std::string_view api_base, std::string_view path,
                         std::string purpose, std::string form) {
    const std::string url = std::string(api_base) + std::string(path);
    sdk::request made = form.empty()
                            ? sdk::request(std::move(method), url, std::move(purpose))
                            : sdk::request::post(url, std::move(purpose), "application/x-www-form-urlencoded",
                                                 std::move(form));
    return std::move(made).bearer("api_key").header("Stripe-Version", std::string(pinned_version));
}

sdk::request as_request(const wanted& request, std::string_view api_base) {
    sdk::request made = api_request("GET", api_base, request.url, request.purpose);
    if (!request.account.empty())
        made.header("Stripe-Account", request.account);
    return made;
}

void send(const wanted& request, std::string_view api_base, sdk::fact_sink into) {
    into.want(as_request(request, api_base));
}

} // namespace tributary::stripe
