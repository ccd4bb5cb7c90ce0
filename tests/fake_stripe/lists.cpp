#include "fake_stripe/lists.hpp"

#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace tributary::fake_stripe {
namespace {

struct filter {
    std::string_view collection;
    std::string_view parameter;
    std::string_view path; ///< in the object
};

constexpr std::array<filter, 44> filters{{
    {"customers", "email", "email"},
    {"subscriptions", "customer", "customer"},
    {"subscriptions", "price", "items.data.0.price"},
    {"subscriptions", "collection_method", "collection_method"},
    {"subscription_schedules", "customer", "customer"},
    {"invoices", "customer", "customer"},
    {"invoices", "subscription", "parent.subscription_details.subscription"},
    {"invoices", "status", "status"},
    {"invoices", "collection_method", "collection_method"},
    {"invoice_payments", "invoice", "invoice"},
    {"invoice_payments", "status", "status"},
    {"invoice_payments", "payment[type]", "payment.type"},
    {"invoice_payments", "payment[payment_intent]", "payment.payment_intent"},
    {"invoice_payments", "payment[charge]", "payment.charge"},
    {"charges", "customer", "customer"},
    {"charges", "payment_intent", "payment_intent"},
    {"refunds", "charge", "charge"},
    {"refunds", "payment_intent", "payment_intent"},
    {"disputes", "charge", "charge"},
    {"disputes", "payment_intent", "payment_intent"},
    {"payment_intents", "customer", "customer"},
    {"checkout/sessions", "customer", "customer"},
    {"checkout/sessions", "customer_details[email]", "customer_details.email"},
    {"checkout/sessions", "payment_intent", "payment_intent"},
    {"checkout/sessions", "payment_link", "payment_link"},
    {"checkout/sessions", "subscription", "subscription"},
    {"checkout/sessions", "status", "status"},
    {"products", "active", "active"},
    {"prices", "active", "active"},
    {"prices", "product", "product"},
    {"prices", "currency", "currency"},
    {"prices", "type", "type"},
    {"promotion_codes", "code", "code"},
    {"promotion_codes", "coupon", "promotion.coupon"},
    {"promotion_codes", "customer", "customer"},
    {"promotion_codes", "active", "active"},
    {"credit_notes", "customer", "customer"},
    {"credit_notes", "invoice", "invoice"},
    {"balance_transactions", "type", "type"},
    {"balance_transactions", "source", "source"},
    {"balance_transactions", "payout", "payout"},
    {"balance_transactions", "currency", "currency"},
    {"entitlements/active_entitlements", "customer", "customer"},
    {"events", "delivery_success", "delivery_success"},
}};

std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

/// created, created[gt] and the others: true when the object may stay. nothing: the parameter is another one.
std::optional<bool> created_fits(const json::value& object, const http::header& wanted) {
    if (!wanted.name.starts_with("created"))
        return std::nullopt;
    const std::int64_t at = number_at(object, "created");
    const std::int64_t bound = number(wanted.value).value_or(0);
    if (wanted.name == "created")
        return at == bound;
    if (wanted.name == "created[gt]")
        return at > bound;
    if (wanted.name == "created[gte]")
        return at >= bound;
    if (wanted.name == "created[lt]")
        return at < bound;
    if (wanted.name == "created[lte]")
        return at <= bound;
    return std::nullopt;
}

/// "charge.*" is a group of events.
bool type_fits(std::string_view type, std::string_view wanted) {
    if (wanted.ends_with('*'))
        return type.starts_with(wanted.substr(0, wanted.size() - 1));
    return type == wanted;
}

bool status_fits(const std::string& status, std::string_view wanted) {
    const bool ended = status == "canceled" || status == "incomplete_expired";
    if (wanted == "all")
        return true;
    return wanted == "ended" ? ended : status == wanted;
}

const filter* find_filter(std::string_view collection, std::string_view parameter) {
    for (const filter& each : filters)
        if (each.collection == collection && each.parameter == parameter)
            return &each;
    return nullptr;
}

bool is_known(std::string_view collection, std::string_view name) {
    if (name == "status" && collection == "subscriptions")
        return true;
    if ((name == "type" || name.starts_with("types[")) && collection == "events")
        return true;
    if (find_filter(collection, name) != nullptr)
        return true;
    if (name == "created" || name == "created[gt]" || name == "created[gte]" || name == "created[lt]" ||
        name == "created[lte]")
        return collection != "webhook_endpoints";
    return name == "limit" || name == "starting_after" || name == "ending_before" ||
           name.starts_with("expand[");
}

bool fits(std::string_view collection, const json::value& object, const parameters& query) {
    for (const http::header& each : query) {
        if (const std::optional<bool> fitting = created_fits(object, each)) {
            if (!*fitting)
                return false;
        } else if (const filter* wanted = find_filter(collection, each.name)) {
            if (text_at(object, wanted->path) != each.value)
                return false;
        }
    }
    if (collection == "subscriptions") {
        const std::string* wanted = find_parameter(query, "status");
        const std::string status = text_at(object, "status");
        // Whoever does not ask for a status does not see those that were canceled.
        if (wanted == nullptr ? status == "canceled" : !status_fits(status, *wanted))
            return false;
    }
    if (collection == "events") {
        const std::string type = text_at(object, "type");
        if (const std::string* wanted = find_parameter(query, "type"); wanted && !type_fits(type, *wanted))
            return false;
        const std::vector<std::string> types = values_named(query, "types");
        if (!types.empty() &&
            std::ranges::none_of(types, [&](const std::string& each) { return type_fits(type, each); }))
            return false;
    }
    return true;
}

std::optional<http::response> refuse(std::string_view collection, const parameters& query) {
    for (const http::header& each : query) {
        if (!is_known(collection, each.name))
            return invalid_request(400, "Received unknown parameter: " + each.name, "parameter_unknown",
                                   each.name);
        const bool is_number = each.name == "limit" || each.name.starts_with("created");
        if (is_number && !number(each.value))
            return invalid_request(400, "Invalid integer: " + each.value, "parameter_invalid_integer",
                                   each.name);
    }
    if (const std::string* limit = find_parameter(query, "limit"))
        if (const std::int64_t wanted = *number(*limit); wanted < 1 || wanted > 100)
            return invalid_request(400, "Limit must be between 1 and 100: " + *limit,
                                   "parameter_invalid_integer", "limit");
    if (find_parameter(query, "starting_after") && find_parameter(query, "ending_before"))
        return invalid_request(400, "You cannot parameterize both starting_after and ending_before.");
    if (collection == "entitlements/active_entitlements" && find_parameter(query, "customer") == nullptr)
        return invalid_request(400, "Missing required param: customer.", "parameter_missing", "customer");
    if (values_named(query, "types").size() > 20)
        return invalid_request(400, "You may pass at most 20 types.", {}, "types");
    return std::nullopt;
}

} // namespace

page_or_refusal list_page(std::string_view collection, std::string_view url,
                          const std::vector<json::value>& objects, const parameters& query) {
    if (std::optional<http::response> refusal = refuse(collection, query))
        return std::move(*refusal);
    std::vector<const json::value*> fitting;
    for (const json::value& each : objects)
        if (find_at(each, "deleted") == nullptr && fits(collection, each, query))
            fitting.push_back(&each);

    const std::string* limit_text = find_parameter(query, "limit");
    const std::size_t limit = limit_text ? static_cast<std::size_t>(*number(*limit_text)) : 10;
    const std::string* after = find_parameter(query, "starting_after");
    const std::string* before = find_parameter(query, "ending_before");
    std::size_t from = 0;
    std::size_t until = fitting.size();
    if (after != nullptr || before != nullptr) {
        const std::string& cursor = after ? *after : *before;
        const auto found = std::ranges::find_if(
            fitting, [&](const json::value* each) { return text_at(*each, "id") == cursor; });
        if (found == fitting.end())
            return invalid_request(400, "No such object: '" + cursor + "'", "resource_missing",
                                   after ? "starting_after" : "ending_before");
        const auto place = static_cast<std::size_t>(found - fitting.begin());
        after ? from = place + 1 : until = place;
    }
    bool more = false;
    if (until - from > limit) {
        more = true;
        before ? from = until - limit : until = from + limit; // Those next to the cursor.
    }
    json::array data;
    for (std::size_t index = from; index < until; ++index)
        data.push_back(*fitting[index]);
    return json::object{{"object", "list"},
                        {"url", json::string(url.data(), url.size())},
                        {"has_more", more},
                        {"data", std::move(data)}};
}

} // namespace tributary::fake_stripe
