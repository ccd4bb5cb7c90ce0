#include "app/cli/post.hpp"

#include <future>

namespace tributary::app::cli {
namespace {

/// "pay.example.com" of "http://pay.example.com:8080/x". The configuration has checked the URL.
std::string host_of(std::string_view url) {
    const std::size_t scheme = url.find("://");
    std::string_view rest = scheme == std::string_view::npos ? url : url.substr(scheme + 3);
    rest = rest.substr(0, rest.find('/'));
    if (rest.starts_with('['))
        return std::string(rest.substr(1, rest.find(']') - 1));
    return std::string(rest.substr(0, rest.find(':')));
}

} // namespace

http_caller::http_caller(const config::configuration& settings, logger& log) {
    http::client_options options;
    options.plain_http_hosts = {"127.0.0.1", "localhost", "::1"};
    if (!settings.server.public_url.empty())
        options.plain_http_hosts.push_back(host_of(settings.server.public_url));
    client_ = http::make_client(std::move(options), log);
}

result<http::response> http_caller::call(http::client_request request) {
    std::promise<result<http::response>> promise;
    auto answered = promise.get_future();
    const std::string url = request.url;
    client_->send(std::move(request),
                  [&](result<http::response> answer) { promise.set_value(std::move(answer)); });
    result<http::response> answer = answered.get();
    if (!answer)
        return failure(answer.error().code,
                       url + (answer.error().detail.empty() ? "" : ": " + answer.error().detail));
    return answer;
}

http::client_request admin_request(const config::configuration& settings, const std::string& path,
                                   int patience_ms) {
    config::listen_address reached = settings.admin.listen;
    if (reached.host == "0.0.0.0")
        reached.host = "127.0.0.1";
    else if (reached.host == "::")
        reached.host = "::1";
    http::client_request request;
    request.url = "http://" + reached.text() + path;
    request.deadline_ms = patience_ms;
    return request;
}

bool daemon_answers(const config::configuration& settings, http_caller& caller) {
    const auto answer = caller.call(admin_request(settings, "/metrics", short_patience_ms));
    // Another program may listen there: only ours has this metric.
    return answer && answer->status == 200 &&
           answer->body.find("tributary_http_connections_open") != std::string::npos;
}

} // namespace tributary::app::cli
