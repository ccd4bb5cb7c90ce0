#include "app/admin.hpp"

#include <string>
#include <vector>

namespace tributary::app {
namespace {

http::response text(int status, std::string body, std::string_view type = "text/plain; charset=utf-8") {
    http::response answer;
    answer.status = status;
    answer.headers.push_back({"Content-Type", std::string(type)});
    answer.body = std::move(body);
    return answer;
}

} // namespace

http::response admin::handle(const http::request& request) {
    if (request.method != "GET" && request.method != "HEAD")
        return http::error_response(405, "method_not_allowed", "only GET", request.request_id);
    if (request.path == "/healthz")
        return text(200, "ok\n");
    if (request.path == "/readyz")
        return ready();
    if (request.path == "/metrics")
        return metrics_text();
    return http::error_response(404, "not_found", "there is /healthz, /readyz and /metrics",
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
