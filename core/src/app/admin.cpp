#include "app/admin.hpp"

#include <boost/json.hpp>

#include <string>
#include <vector>

namespace tributary::app {
namespace {

namespace json = boost::json;

constexpr std::string_view plugins_prefix = "/plugins/";
constexpr std::string_view reload_suffix = "/reload";

http::response text(int status, std::string body, std::string_view type = "text/plain; charset=utf-8") {
    http::response answer;
    answer.status = status;
    answer.headers.push_back({"Content-Type", std::string(type)});
    answer.body = std::move(body);
    return answer;
}

/// {"plugins": [...]}, what `tributary plugin info` shows of a running daemon.
json::object describe(const plugins::plugin& of) {
    json::object made{{"name", of.name()},
                      {"plugin", of.short_name()},
                      {"plugin_id", of.id()},
                      {"version", of.version()},
                      {"file", of.file()},
                      {"sha256", of.sha256()},
                      {"generation", of.generation()},
                      {"isolation", of.isolated() != nullptr ? "process" : "none"}};
    if (of.isolated() != nullptr)
        made["condition"] = of.isolated()->condition();
    const auto why = of.quarantine();
    made["state"] = why ? "quarantined" : "running";
    if (why)
        made["reason"] = *why;
    return made;
}

} // namespace

http::response admin::plugins_text() const {
    json::array list;
    for (const plugins::plugin_ptr& one : parts_.plugins().all())
        list.push_back(describe(*one));
    return text(200, json::serialize(json::object{{"plugins", std::move(list)}}) + "\n", "application/json");
}

/// POST /plugins/NAME/reload. A page in a browser on this machine can post here too, but not with a header of
/// its own: that is why one is asked for. Unless its name has become this machine's address (DNS rebinding):
/// then it can, and its browser says where the page is from.
http::response admin::reload(const http::request& request) {
    if (request.method != "POST")
        return http::error_response(405, "method_not_allowed", "only POST", request.request_id);
    if (request.header_value("Tributary-Command") != "reload")
        return http::error_response(403, "forbidden", "the header 'Tributary-Command: reload' is required",
                                    request.request_id);
    if (!request.header_value("Origin").empty() || !request.header_value("Sec-Fetch-Site").empty())
        return http::error_response(403, "forbidden", "not from a page in a browser", request.request_id);
    std::string_view name = std::string_view(request.path).substr(plugins_prefix.size());
    name.remove_suffix(reload_suffix.size());
    const auto next = reload_(name);
    if (next)
        return text(200, json::serialize(describe(**next)) + "\n", "application/json");
    const bool unknown = next.error().code == plugins::plugin_errc::not_found;
    return http::error_response(unknown ? 404 : 409, unknown ? "not_found" : "not_reloaded",
                                next.error().text(), request.request_id);
}

bool admin::takes_long(const http::request& request) noexcept {
    return request.path.starts_with(plugins_prefix) && request.path.ends_with(reload_suffix) &&
           request.path.size() > plugins_prefix.size() + reload_suffix.size();
}

http::response admin::handle(const http::request& request) {
    if (takes_long(request))
        return reload(request);
    if (request.method != "GET" && request.method != "HEAD")
        return http::error_response(405, "method_not_allowed", "only GET", request.request_id);
    if (request.path == "/healthz")
        return text(200, "ok\n");
    if (request.path == "/readyz")
        return ready();
    if (request.path == "/metrics")
        return metrics_text();
    if (request.path == "/plugins")
        return plugins_text();
    return http::error_response(404, "not_found", "there is /healthz, /readyz, /metrics and /plugins",
                                request.request_id);
}

http::response admin::ready() {
    std::vector<std::string> reasons;
    if (writer_.failed())
        reasons.emplace_back("storage failed: the process must be started again");
    if (writer_.queued() > parts_.settings().engine.pending_max * 9 / 10)
        reasons.emplace_back("the writer's queue is nearly full");
    auto reader = parts_.database().open_reader();
    if (!reader)
        reasons.push_back("the database cannot be opened: " + reader.error().text());
    if (parts_.plugins().all().empty())
        reasons.emplace_back("no plugin is loaded");
    if (reasons.empty())
        return text(200, "ready\n");
    std::string body;
    for (const std::string& reason : reasons)
        body += reason + "\n";
    return text(503, std::move(body));
}

http::response admin::metrics_text() {
    prometheus_metrics& counters = parts_.counters();
    const http::server_statistics now = server_.statistics();
    counters.gauge("tributary_http_connections_open", static_cast<double>(now.connections_open), {});
    counters.gauge("tributary_http_requests_in_flight", static_cast<double>(now.requests_in_flight), {});
    counters.gauge("tributary_writer_queue", static_cast<double>(writer_.queued()), {});
    for (const auto& [class_name, count] :
         {std::pair("2xx", now.responses_2xx), std::pair("3xx", now.responses_3xx),
          std::pair("4xx", now.responses_4xx), std::pair("5xx", now.responses_5xx)})
        counters.gauge("tributary_http_responses", static_cast<double>(count), {{"class", class_name}});
    counters.gauge("tributary_http_malformed", static_cast<double>(now.malformed), {});
    counters.gauge("tributary_http_timeouts", static_cast<double>(now.timeouts), {});
    return text(200, counters.text(), "text/plain; version=0.0.4; charset=utf-8");
}

} // namespace tributary::app
