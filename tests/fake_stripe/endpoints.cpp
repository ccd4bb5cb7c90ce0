#include "fake_stripe/endpoints.hpp"

#include <boost/json/value.hpp>

#include "fake_stripe/shapes.hpp"

namespace tributary::fake_stripe {
namespace {

constexpr std::int64_t first_made_at = 1'763'000'000;

std::optional<http::response> refuse_unknown(const parameters& form, bool creating) {
    for (const http::header& each : form) {
        const std::string_view name = each.name;
        const bool known = name == "url" || name == "description" || name.starts_with("enabled_events[") ||
                           name.starts_with("metadata[") || name.starts_with("expand[") ||
                           (creating ? name == "api_version" || name == "connect" : name == "disabled");
        if (!known)
            return invalid_request(400, "Received unknown parameter: " + each.name, "parameter_unknown",
                                   each.name);
    }
    return std::nullopt;
}

std::optional<http::response> refuse_url(std::string_view url, bool livemode) {
    if (url.find("://") == std::string_view::npos)
        return invalid_request(400, "Invalid URL: An explicit scheme (such as https) must be provided.",
                               "url_invalid", "url");
    if (livemode && !url.starts_with("https://"))
        return invalid_request(400, "Invalid URL: URL must be HTTPS.", "url_invalid", "url");
    return std::nullopt;
}

json::array event_list(const std::vector<std::string>& names) {
    json::array made;
    for (const std::string& each : names)
        made.emplace_back(text_value(each));
    return made;
}

std::optional<http::response> refuse_events(const std::vector<std::string>& names) {
    for (std::size_t index = 0; index < names.size(); ++index)
        if (names[index] != "*" && names[index].find('.') == std::string::npos)
            return invalid_request(400,
                                   "Invalid enabled_events[" + std::to_string(index) + "]: " + names[index],
                                   {}, "enabled_events[" + std::to_string(index) + "]");
    return std::nullopt;
}

} // namespace

http::response webhook_endpoints::create(const parameters& form) {
    if (auto refusal = refuse_unknown(form, true))
        return std::move(*refusal);
    const std::string* url = find_parameter(form, "url");
    const std::vector<std::string> events = values_named(form, "enabled_events");
    if (url == nullptr || events.empty()) {
        const std::string absent = url == nullptr ? "url" : "enabled_events";
        return invalid_request(400, "Missing required param: " + absent + ".", "parameter_missing", absent);
    }
    if (auto refusal = refuse_url(*url, livemode_))
        return std::move(*refusal);
    if (auto refusal = refuse_events(events))
        return std::move(*refusal);
    const std::string* version = find_parameter(form, "api_version");
    if (version != nullptr && !is_version(*version))
        return invalid_request(400, "Invalid API version: " + *version, {}, "api_version");
    if (objects_.all("webhook_endpoints").size() >= endpoints_max)
        return invalid_request(400, "You have reached the maximum of 16 test webhook endpoints.");
    const std::string number = std::to_string(++made_);
    json::object made{{"id", text_value("we_fake" + number)},
                      {"object", "webhook_endpoint"},
                      {"api_version", version ? json::value(text_value(*version)) : json::value()},
                      {"created", first_made_at + static_cast<std::int64_t>(made_)},
                      {"enabled_events", event_list(events)},
                      {"livemode", livemode_},
                      {"metadata", json::object()},
                      {"status", "enabled"},
                      {"url", text_value(*url)}};
    if (const std::string* description = find_parameter(form, "description"))
        made["description"] = text_value(*description);
    objects_.put(made);
    made["secret"] = text_value("whsec_fake" + number);
    return json_answer(200, made);
}

http::response webhook_endpoints::update(std::string_view id, const parameters& form) {
    const json::value* found = objects_.find("webhook_endpoints", id);
    if (found == nullptr)
        return missing("webhook endpoint", id);
    if (auto refusal = refuse_unknown(form, false))
        return std::move(*refusal);
    json::object changed = found->as_object();
    if (const std::string* url = find_parameter(form, "url")) {
        if (auto refusal = refuse_url(*url, livemode_))
            return std::move(*refusal);
        changed["url"] = text_value(*url);
    }
    const std::vector<std::string> events = values_named(form, "enabled_events");
    if (auto refusal = refuse_events(events))
        return std::move(*refusal);
    if (!events.empty())
        changed["enabled_events"] = event_list(events); // All of them: what is not named is gone.
    if (const std::string* disabled = find_parameter(form, "disabled"))
        changed["status"] = *disabled == "true" ? "disabled" : "enabled";
    objects_.put(changed);
    return json_answer(200, changed);
}

http::response webhook_endpoints::remove(std::string_view id) {
    if (!objects_.remove("webhook_endpoints", id))
        return missing("webhook endpoint", id);
    return json_answer(
        200, json::object{{"id", text_value(id)}, {"object", "webhook_endpoint"}, {"deleted", true}});
}

std::optional<http::response> idempotency::recall(std::string_view key, std::string_view request) const {
    const auto found = told_.find(key);
    if (found == told_.end())
        return std::nullopt;
    if (found->second.request != request)
        return error_answer(
            400, "idempotency_error",
            "Keys for idempotent requests can only be used with the same parameters they were "
            "first used with. Try using a key other than '" +
                std::string(key) + "' if you meant to execute a different request.");
    http::response again = found->second.answer;
    again.headers.push_back({"Idempotent-Replayed", "true"});
    return again;
}

void idempotency::remember(std::string_view key, std::string request, http::response answer) {
    told_.emplace(std::string(key), told{std::move(request), std::move(answer)});
}

} // namespace tributary::fake_stripe
