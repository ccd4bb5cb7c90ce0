#include "webhook_endpoint.hpp"

#include <algorithm>

#include "events.hpp"
#include "fetch.hpp"

namespace tributary::stripe {
namespace {

// Versions whose shapes are read: see paths.hpp. Compared as dates.
constexpr std::string_view oldest_version = "2020-08-27";
constexpr std::string_view newest_version = "2026-10-28";

std::string_view without_slash(std::string_view url) noexcept {
    return url.ends_with('/') ? url.substr(0, url.size() - 1) : url;
}

void mix(std::uint64_t& into, std::string_view bytes) noexcept {
    for (const char byte : bytes) {
        into ^= static_cast<unsigned char>(byte);
        into *= 0x100000001b3ULL;
    }
}

void mix(std::uint64_t& into, const trb_record& answer) noexcept {
    mix(into, sdk::view(answer.body));
    for (std::uint64_t index = 0; index < answer.header_count; ++index)
        mix(into, sdk::view(answer.headers[index].value));
}

webhook_endpoint endpoint_from(const json::value& object) {
    webhook_endpoint made;
    made.id = text(object, "id");
    made.url = text(object, "url");
    made.api_version = text(object, "api_version");
    made.enabled = text(object, "status") != "disabled";
    for (const json::value& each : elements(object, "enabled_events"))
        if (each.is_string())
            made.events.emplace_back(each.get_string());
    return made;
}

std::string list_of(const std::vector<std::string_view>& names) {
    std::string text;
    for (const std::string_view name : names)
        text.append(text.empty() ? "" : ", ").append(name);
    return text;
}

void judge_version(const webhook_endpoint& endpoint, sdk::action_sink into) {
    const std::string_view date = endpoint.api_version.substr(0, oldest_version.size());
    if (endpoint.api_version.empty())
        return into.note({.code = "webhook_version",
                          .message = "the endpoint delivers in the account's default API version",
                          .subject = endpoint.id,
                          .advice = "nothing to do: every version from 2020-08-27 on is read"});
    if (date < oldest_version || date > newest_version)
        return into.warning({.code = "webhook_version",
                             .message = "the endpoint delivers in API version " +
                                        std::string(endpoint.api_version) +
                                        ", which this plugin does not know",
                             .subject = endpoint.id,
                             .advice = "make an endpoint with API version " + std::string(pinned_version) +
                                       " (unregister, then register), or update the plugin"});
    if (endpoint.api_version != pinned_version)
        into.note({.code = "webhook_version",
                   .message = "the endpoint delivers in API version " + std::string(endpoint.api_version) +
                              "; a new one would be made with " + std::string(pinned_version),
                   .subject = endpoint.id,
                   .advice = "nothing to do: every version from 2020-08-27 on is read"});
}

} // namespace

std::vector<std::string_view> webhook_endpoint::lacking() const {
    std::vector<std::string_view> absent;
    if (std::find(events.begin(), events.end(), "*") != events.end())
        return absent;
    for (const std::string_view needed : needed_events())
        if (std::find(events.begin(), events.end(), needed) == events.end())
            absent.push_back(needed);
    return absent;
}

void endpoint_list::read(std::string_view api_base, sdk::records answers, sdk::action_sink into) {
    std::string after;
    for (std::size_t page = 1; page <= pages_max && !failed_; ++page) {
        const std::string purpose = "endpoints:" + std::to_string(page);
        const trb_record* answer = sdk::answer_to(answers, purpose);
        if (answer == nullptr)
            return into.need(
                api_request("GET", api_base, "/v1/webhook_endpoints?limit=100" + after, purpose));
        mix(fingerprint_, *answer);
        pages_.push_back(read_answer(*answer));
        failed_ = pages_.back().state != answer_state::good;
        const json::value& body = pages_.back().body;
        const std::span<const json::value> listed = elements(body, "data");
        const std::string_view last = listed.empty() ? std::string_view() : id_of(listed.back(), "id");
        if (failed_ || !flag(body, "has_more").value_or(false) || !is_plain_id(last))
            break;
        after = "&starting_after=" + std::string(last);
    }
    complete_ = !failed_;
}

std::vector<webhook_endpoint> endpoint_list::at(std::string_view url) const {
    std::vector<webhook_endpoint> found;
    for (const api_answer& page : pages_)
        for (const json::value& each : elements(page.body, "data"))
            if (without_slash(text(each, "url")) == without_slash(url) && is_plain_id(id_of(each, "id")))
                found.push_back(endpoint_from(each));
    return found;
}

std::string secret_of_other(const settings& options, const webhook_endpoint& endpoint) {
    return options.webhook_endpoint == endpoint.id ? std::string() : options.webhook_endpoint;
}

void judge_endpoint(const webhook_endpoint& endpoint, std::string_view connection_id, sdk::action_sink into) {
    const std::string mend = "'tributary connection register " + std::string(connection_id) + "' mends it";
    const std::vector<std::string_view> lacking = endpoint.lacking();
    if (!endpoint.enabled)
        into.problem({.code = "webhook_disabled",
                      .message = "the webhook endpoint is disabled: Stripe delivers nothing",
                      .subject = endpoint.id,
                      .advice = mend});
    if (!lacking.empty())
        into.warning({.code = "webhook_lacks_events",
                      .message = "the webhook endpoint does not deliver " + list_of(lacking),
                      .subject = endpoint.id,
                      .advice = mend});
    if (endpoint.enabled && lacking.empty())
        into.good({.code = "webhook",
                   .message = "the webhook endpoint is enabled and delivers all that is needed",
                   .subject = endpoint.id});
    judge_version(endpoint, into);
}

} // namespace tributary::stripe
