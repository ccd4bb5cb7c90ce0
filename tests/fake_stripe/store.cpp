#include "fake_stripe/store.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace tributary::fake_stripe {
namespace {

struct known_object {
    std::string_view object;
    std::string_view collection;
};

constexpr std::array<known_object, 21> known_objects{{
    {"customer", "customers"},
    {"subscription", "subscriptions"},
    {"subscription_schedule", "subscription_schedules"},
    {"invoice", "invoices"},
    {"invoice_payment", "invoice_payments"},
    {"charge", "charges"},
    {"refund", "refunds"},
    {"dispute", "disputes"},
    {"payment_intent", "payment_intents"},
    {"checkout.session", "checkout/sessions"},
    {"product", "products"},
    {"price", "prices"},
    {"coupon", "coupons"},
    {"promotion_code", "promotion_codes"},
    {"credit_note", "credit_notes"},
    {"balance_transaction", "balance_transactions"},
    {"entitlements.feature", "entitlements/features"},
    {"entitlements.active_entitlement", "entitlements/active_entitlements"},
    {"event", "events"},
    {"v2.core.event", "v2/core/events"},
    {"webhook_endpoint", "webhook_endpoints"},
}};

constexpr std::int64_t first_made_at = 1'760'000'000; // Within the life of the versions that matter today.

const std::vector<json::value>& nothing() {
    static const std::vector<json::value> none;
    return none;
}

/// "cus_fake00042": ids of one length, so that they sort as they count.
std::string counted(std::string_view prefix, std::size_t number) {
    std::string digits = std::to_string(number);
    return std::string(prefix) + "fake" + std::string(5 - std::min<std::size_t>(5, digits.size()), '0') +
           digits;
}

json::object customer(std::size_t number) {
    return {{"id", counted("cus_", number)},
            {"object", "customer"},
            {"email", "person" + std::to_string(number) + "@example.com"},
            {"name", "Person " + std::to_string(number)},
            {"metadata", json::object()}};
}

json::object charge(std::size_t number) {
    return {{"id", counted("ch_", number)},
            {"object", "charge"},
            {"amount", 2900},
            {"amount_captured", 2900},
            {"amount_refunded", 0},
            {"captured", true},
            {"currency", "usd"},
            {"customer", counted("cus_", number)},
            {"paid", true},
            {"refunded", false},
            {"status", "succeeded"},
            {"metadata", json::object()}};
}

json::object product(std::size_t number) {
    return {{"id", counted("prod_", number)},
            {"object", "product"},
            {"active", true},
            {"name", "Product " + std::to_string(number)},
            {"metadata", json::object()}};
}

json::object subscription(std::size_t number, std::int64_t at) {
    const std::string id = counted("sub_", number);
    const json::object item{{"id", counted("si_", number)},
                            {"object", "subscription_item"},
                            {"quantity", 1},
                            {"subscription", id},
                            {"current_period_start", at},
                            {"current_period_end", at + 2'592'000},
                            {"price", json::object{{"id", "price_fake"},
                                                   {"object", "price"},
                                                   {"product", "prod_fake00001"},
                                                   {"currency", "usd"},
                                                   {"unit_amount", 2900},
                                                   {"recurring", {{"interval", "month"}}}}}};
    // Every tenth has ended: what a list leaves out unless it is asked for.
    const bool ended = number % 10 == 0;
    return {{"id", id},
            {"object", "subscription"},
            {"customer", counted("cus_", number)},
            {"status", ended ? "canceled" : "active"},
            {"currency", "usd"},
            {"start_date", at},
            {"metadata", json::object()},
            {"items", json::object{{"object", "list"}, {"has_more", false}, {"data", json::array{item}}}}};
}

json::object invoice(std::size_t number, std::int64_t at) {
    return {{"id", counted("in_", number)},
            {"object", "invoice"},
            {"customer", counted("cus_", number)},
            {"currency", "usd"},
            {"status", "paid"},
            {"total", 2900},
            {"amount_paid", 2900},
            {"amount_due", 2900},
            {"total_excluding_tax", 2900},
            {"status_transitions", json::object{{"paid_at", at}}},
            {"parent",
             json::object{{"type", "subscription_details"},
                          {"subscription_details", json::object{{"subscription", counted("sub_", number)}}}}},
            {"lines", json::object{{"object", "list"}, {"has_more", false}, {"data", json::array()}}}};
}

json::object event(std::size_t number) {
    return {{"id", counted("evt_", number)},
            {"object", "event"},
            {"type", number % 2 == 0 ? "customer.updated" : "customer.created"},
            {"api_version", "2026-10-28.endive"},
            {"data", json::object{{"object", customer(number)}}}};
}

} // namespace

const json::value* find_at(const json::value& root, std::string_view path) {
    const json::value* at = &root;
    while (at != nullptr && !path.empty()) {
        const std::size_t dot = path.find('.');
        const std::string_view name = path.substr(0, dot);
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
        if (const json::object* object = at->if_object()) {
            at = object->if_contains(json::string_view(name.data(), name.size()));
        } else if (const json::array* array = at->if_array()) {
            std::size_t index = array->size();
            std::from_chars(name.data(), name.data() + name.size(), index);
            at = index < array->size() ? &(*array)[index] : nullptr;
        } else {
            at = nullptr;
        }
    }
    return at == nullptr || at->is_null() ? nullptr : at;
}

std::string text_at(const json::value& root, std::string_view path) {
    const json::value* found = find_at(root, path);
    if (found != nullptr && found->is_object())
        found = found->get_object().if_contains("id");
    if (found == nullptr)
        return {};
    if (found->is_bool())
        return found->get_bool() ? "true" : "false";
    return found->is_string() ? std::string(found->get_string()) : json::serialize(*found);
}

std::int64_t number_at(const json::value& root, std::string_view path) {
    const json::value* found = find_at(root, path);
    return found != nullptr && found->is_int64() ? found->get_int64() : 0;
}

std::string_view collection_of_object(std::string_view object) noexcept {
    for (const known_object& each : known_objects)
        if (each.object == object)
            return each.collection;
    return {};
}

bool is_collection(std::string_view name) noexcept {
    return std::ranges::any_of(known_objects,
                               [&](const known_object& each) { return each.collection == name; });
}

void store::put(json::object made) {
    json::value object(std::move(made));
    const std::string id = text_at(object, "id");
    const std::string_view collection = collection_of_object(text_at(object, "object"));
    if (id.empty() || collection.empty())
        throw std::invalid_argument("no object of Stripe's that the fake knows: " + json::serialize(object));
    remove(collection, id);
    std::vector<json::value>& all = collections_[std::string(collection)];
    const std::int64_t created = number_at(object, "created");
    const auto place = std::ranges::find_if(
        all, [&](const json::value& other) { return number_at(other, "created") <= created; });
    all.insert(place, std::move(object));
}

const json::value* store::find(std::string_view collection, std::string_view id) const {
    for (const json::value& each : all(collection))
        if (text_at(each, "id") == id)
            return &each;
    return nullptr;
}

const json::value* store::find(std::string_view id) const {
    for (const auto& [collection, objects] : collections_)
        if (const json::value* found = find(collection, id))
            return found;
    return nullptr;
}

bool store::remove(std::string_view collection, std::string_view id) {
    const auto found = collections_.find(collection);
    return found != collections_.end() && std::erase_if(found->second, [&](const json::value& each) {
                                              return text_at(each, "id") == id;
                                          }) > 0;
}

const std::vector<json::value>& store::all(std::string_view collection) const {
    const auto found = collections_.find(collection);
    return found == collections_.end() ? nothing() : found->second;
}

void store::generate(std::string_view collection, std::size_t count, bool livemode) {
    for (std::size_t number = 1; number <= count; ++number) {
        const std::int64_t at = first_made_at + static_cast<std::int64_t>(number) * 60;
        json::object made;
        if (collection == "customers")
            made = customer(number);
        else if (collection == "charges")
            made = charge(number);
        else if (collection == "products")
            made = product(number);
        else if (collection == "subscriptions")
            made = subscription(number, at);
        else if (collection == "invoices")
            made = invoice(number, at);
        else if (collection == "events")
            made = event(number);
        else
            throw std::invalid_argument("cannot make up " + std::string(collection));
        made["created"] = at;
        made["livemode"] = livemode;
        put(std::move(made));
    }
}

} // namespace tributary::fake_stripe
