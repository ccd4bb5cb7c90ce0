// What the fake answers to each request of Stripe's API.
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "fake_stripe/fake_stripe.hpp"
#include "fake_stripe/lists.hpp"
#include "fake_stripe/shapes.hpp"

namespace tributary::fake_stripe {
namespace {

/// "/v1/checkout/sessions/cs_1/line_items" taken apart. collection is "" when there is no such route.
struct route {
    std::string_view collection;
    std::string_view id;
    std::string_view sublist;
};

route route_of(std::string_view path) {
    constexpr std::string_view v1 = "/v1/";
    route found;
    if (path.starts_with("/v2/core/events/")) {
        found.collection = "v2/core/events";
        found.id = path.substr(std::string_view("/v2/core/events/").size());
        return found;
    }
    if (!path.starts_with(v1))
        return found;
    path.remove_prefix(v1.size());
    std::size_t end = path.find('/');
    for (const std::string_view family : {"checkout/", "entitlements/"}) // Two words make one name.
        if (path.starts_with(family))
            end = path.find('/', family.size());
    found.collection = path.substr(0, end);
    if (end != std::string_view::npos) {
        found.id = path.substr(end + 1);
        if (const std::size_t slash = found.id.find('/'); slash != std::string_view::npos) {
            found.sublist = found.id.substr(slash + 1);
            found.id = found.id.substr(0, slash);
        }
    }
    if (found.collection != "account" && !is_collection(found.collection))
        found.collection = {};
    return found;
}

http::response unrecognized(const http::request& asked) {
    return invalid_request(404, "Unrecognized request URL (" + asked.method + ": " + asked.path +
                                    "). Please see https://stripe.com/docs or we can help at "
                                    "https://support.stripe.com/.");
}

/// "customer" of "customers", "checkout session" of "checkout/sessions": as refusals say it.
std::string kind_name(std::string_view collection) {
    std::string name(collection.substr(0, collection.size() - 1));
    for (char& letter : name)
        if (letter == '/' || letter == '_')
            letter = ' ';
    return name;
}

} // namespace

http::response fake::handle(const http::request& asked) {
    const std::lock_guard lock(mutex_);
    if (asked.path.starts_with("/_fake/"))
        return control(asked);
    logged_request logged;
    logged.method = asked.method;
    logged.path = asked.path;
    logged.query = asked.query;
    logged.body = asked.body;
    logged.key = key_of_authorization(asked.header_value("Authorization"));
    logged.api_version = asked.header_value("Stripe-Version");
    logged.idempotency_key = asked.header_value("Idempotency-Key");
    http::response made = answer(asked, logged);
    made.headers.push_back({"Request-Id", "req_fake" + std::to_string(log_.size() + 1)});
    made.headers.push_back(
        {"Stripe-Version", logged.api_version.empty() ? options_.api_version : logged.api_version});
    if (!logged.idempotency_key.empty())
        made.headers.push_back({"Idempotency-Key", logged.idempotency_key});
    if (const std::optional<fault> with = faults_.take(asked.method, asked.path))
        made = spoil(std::move(made), *with);
    logged.status = made.status;
    log_.push_back(std::move(logged));
    return made;
}

http::response fake::answer(const http::request& asked, logged_request& logged) {
    const std::string version = logged.api_version.empty() ? options_.api_version : logged.api_version;
    const route where = route_of(asked.path);
    if (auto refusal = permissions_.judge(logged.key, right_for(asked.method, where.collection)))
        return std::move(*refusal);
    if (!is_version(version)) {
        logged.api_version.clear(); // It cannot be echoed: it is none.
        return invalid_request(400, "Invalid Stripe API version: " + version);
    }
    if (where.collection.empty())
        return unrecognized(asked);
    if (asked.method == "GET")
        return read(asked.path, http::parse_query(asked.query), version);
    if (asked.method != "POST" || logged.idempotency_key.empty())
        return write(asked, asked.path);
    const std::string request = asked.method + " " + asked.path + "\n" + asked.body;
    if (auto told = idempotency_.recall(logged.idempotency_key, request))
        return std::move(*told);
    http::response made = write(asked, asked.path);
    // Stripe keeps what began to be done; what was refused before that may be tried again with the key.
    if (made.status < 400)
        idempotency_.remember(logged.idempotency_key, request, made);
    return made;
}

http::response fake::read(std::string_view path, const parameters& query, std::string_view version) const {
    const route where = route_of(path);
    if (where.collection == "account")
        return json_answer(200, json::object{{"id", json::string(options_.account)}, {"object", "account"}});
    if (where.id.empty())
        return list(where.collection, path, objects_.all(where.collection), query, version);
    const json::value* found = objects_.find(where.collection, where.id);
    if (found == nullptr)
        return missing(kind_name(where.collection), where.id);
    if (!where.sublist.empty())
        return sublist(path, query, version);
    for (const http::header& each : query)
        if (!each.name.starts_with("expand["))
            return invalid_request(400, "Received unknown parameter: " + each.name, "parameter_unknown",
                                   each.name);
    json::value made = shaped(*found, version, objects_);
    expand(made, values_named(query, "expand"), version, objects_);
    return json_answer(200, made);
}

http::response fake::list(std::string_view collection, std::string_view url,
                          const std::vector<json::value>& objects, const parameters& query,
                          std::string_view version) const {
    page_or_refusal page = list_page(collection, url, objects, query);
    if (auto* refusal = std::get_if<http::response>(&page))
        return std::move(*refusal);
    json::value made(std::move(std::get<json::object>(page)));
    for (json::value& each : made.at("data").as_array())
        each = shaped(each, version, objects_);
    expand(made, values_named(query, "expand"), version, objects_);
    return json_answer(200, made);
}

/// /invoices/{id}/lines and /checkout/sessions/{id}/line_items: pages over all that is stored.
http::response fake::sublist(std::string_view path, const parameters& query, std::string_view version) const {
    const route where = route_of(path);
    const bool known = (where.collection == "invoices" && where.sublist == "lines") ||
                       (where.collection == "checkout/sessions" && where.sublist == "line_items");
    if (!known)
        return invalid_request(404, "Unrecognized request URL (GET: " + std::string(path) + ").");
    const json::value& owner = *objects_.find(where.collection, where.id);
    std::vector<json::value> elements;
    if (const json::value* data = find_at(owner, std::string(where.sublist) + ".data"))
        elements.assign(data->as_array().begin(), data->as_array().end());
    return list("", path, elements, query, version); // Without filters.
}

http::response fake::write(const http::request& asked, std::string_view path) {
    const route where = route_of(path);
    const parameters form = http::parse_query(asked.body);
    if (where.collection == "webhook_endpoints" && where.sublist.empty()) {
        if (asked.method == "POST")
            return where.id.empty() ? endpoints_.create(form) : endpoints_.update(where.id, form);
        if (asked.method == "DELETE" && !where.id.empty())
            return endpoints_.remove(where.id);
    }
    return unrecognized(asked);
}

} // namespace tributary::fake_stripe
