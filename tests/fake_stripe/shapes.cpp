#include "fake_stripe/shapes.hpp"

#include <boost/json/value.hpp>

#include <algorithm>

namespace tributary::fake_stripe {
namespace {

constexpr std::string_view first_current = "2025-03-31"; // basil
constexpr std::size_t embedded_max = 10;

/// A list object inside another one shows its first elements; the rest is paged.
void shorten(json::value& list, const std::string& url) {
    json::object* object = list.if_object();
    if (object == nullptr || object->if_contains("data") == nullptr)
        return;
    json::array& data = object->at("data").as_array();
    const bool more = data.size() > embedded_max;
    if (more)
        data.resize(embedded_max);
    (*object)["has_more"] = more;
    (*object)["url"] = text_value(url);
}

/// The invoice payments that name this value at that path.
std::vector<const json::value*> payments_of(const store& objects, std::string_view path,
                                            std::string_view id) {
    std::vector<const json::value*> found;
    for (const json::value& each : objects.all("invoice_payments"))
        if (text_at(each, path) == id)
            found.push_back(&each);
    return found;
}

void make_old_invoice(json::object& invoice, const std::string& id, const store& objects) {
    const json::value whole(invoice);
    const std::string subscription = text_at(whole, "parent.subscription_details.subscription");
    if (!subscription.empty())
        invoice["subscription"] = text_value(subscription);
    invoice["paid"] = text_at(whole, "status") == "paid";
    for (const json::value* each : payments_of(objects, "invoice", id)) {
        const std::string intent = text_at(*each, "payment.payment_intent");
        const std::string charge = text_at(*each, "payment.charge");
        if (!intent.empty())
            invoice["payment_intent"] = text_value(intent);
        if (!charge.empty())
            invoice["charge"] = text_value(charge);
        else if (const json::value* found = objects.find("payment_intents", intent))
            invoice["charge"] = text_value(text_at(*found, "latest_charge"));
    }
    invoice.erase("parent");
}

void make_old_subscription(json::object& subscription) {
    json::value whole(subscription);
    for (const char* name : {"current_period_start", "current_period_end"})
        if (const json::value* found = find_at(whole, std::string("items.data.0.") + name))
            subscription[name] = *found;
}

void make_old_charge(json::object& charge, const std::string& id, const store& objects) {
    const std::string intent = text_at(json::value(charge), "payment_intent");
    auto named = payments_of(objects, "payment.charge", id);
    if (named.empty() && !intent.empty())
        named = payments_of(objects, "payment.payment_intent", intent);
    charge["invoice"] =
        named.empty() ? json::value() : json::value(text_value(text_at(*named.front(), "invoice")));
}

void make_old_intent(json::object& intent, const std::string& id, const store& objects) {
    const auto named = payments_of(objects, "payment.payment_intent", id);
    intent["invoice"] =
        named.empty() ? json::value() : json::value(text_value(text_at(*named.front(), "invoice")));
}

void make_old(json::object& object, const std::string& kind, const std::string& id, const store& objects) {
    if (kind == "invoice")
        make_old_invoice(object, id, objects);
    else if (kind == "subscription")
        make_old_subscription(object);
    else if (kind == "charge")
        make_old_charge(object, id, objects);
    else if (kind == "payment_intent")
        make_old_intent(object, id, objects);
}

/// "payments" of an invoice and "line_items" of a session are lists that only expand[] brings.
bool expand_list(json::object& owner, std::string_view name, std::string_view version, const store& objects) {
    const json::value whole(owner);
    const std::string id = text_at(whole, "id");
    json::array data;
    if (name == "payments" && text_at(whole, "object") == "invoice") {
        for (const json::value* each : payments_of(objects, "invoice", id))
            data.push_back(shaped(*each, version, objects));
    } else if (name == "line_items" && text_at(whole, "object") == "checkout.session") {
        const json::value* stored = objects.find("checkout/sessions", id);
        if (stored == nullptr || find_at(*stored, "line_items") == nullptr)
            return false;
        owner["line_items"] = *find_at(*stored, "line_items");
        shorten(owner["line_items"], "/v1/checkout/sessions/" + id + "/line_items");
        return true;
    } else {
        return false;
    }
    owner[text_value(name)] = json::object{
        {"object", "list"}, {"has_more", false}, {"url", "/v1/invoice_payments"}, {"data", std::move(data)}};
    return true;
}

void expand_path(json::value& at, std::string_view path, std::string_view version, const store& objects) {
    if (json::array* array = at.if_array()) {
        for (json::value& each : *array)
            expand_path(each, path, version, objects);
        return;
    }
    if (at.is_string())
        if (const json::value* found = objects.find(std::string_view(at.get_string())))
            at = shaped(*found, version, objects);
    json::object* object = at.if_object();
    if (path.empty() || object == nullptr)
        return;
    const std::size_t dot = path.find('.');
    const std::string_view name = path.substr(0, dot);
    const std::string_view rest = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    expand_list(*object, name, version, objects);
    if (json::value* member = object->if_contains(text_value(name)))
        expand_path(*member, rest, version, objects);
}

} // namespace

bool is_version(std::string_view text) noexcept {
    constexpr std::string_view form = "0000-00-00";
    if (text.size() < form.size() || (text.size() > form.size() && text[form.size()] != '.'))
        return false;
    for (std::size_t index = 0; index < form.size(); ++index)
        if (form[index] == '-' ? text[index] != '-' : text[index] < '0' || text[index] > '9')
            return false;
    return text.size() != form.size() + 1 && std::ranges::all_of(text.substr(form.size()), [](char letter) {
               return letter == '.' || (letter >= 'a' && letter <= 'z');
           });
}

json::value shaped(const json::value& stored, std::string_view version, const store& objects) {
    const std::string id = text_at(stored, "id");
    const std::string kind = text_at(stored, "object");
    if (text_at(stored, "deleted") == "true")
        return json::object{{"id", text_value(id)}, {"object", text_value(kind)}, {"deleted", true}};
    json::object made = stored.as_object();
    if (kind == "invoice" && made.contains("lines"))
        shorten(made["lines"], "/v1/invoices/" + id + "/lines");
    made.erase("line_items"); // Of a session: only when it is asked for.
    if (version.substr(0, first_current.size()) < first_current)
        make_old(made, kind, id, objects);
    return made;
}

void expand(json::value& answer, const std::vector<std::string>& paths, std::string_view version,
            const store& objects) {
    for (const std::string& path : paths)
        expand_path(answer, path, version, objects);
}

} // namespace tributary::fake_stripe
