#include "app/cli/commands.hpp"
#include "app/cli/context.hpp"
#include "app/cli/document.hpp"
#include "app/cli/inbox_view.hpp"
#include "app/cli/post.hpp"

namespace tributary::app::cli {
namespace {

struct api_arguments {
    std::string method;
    std::string path;
    std::optional<std::string> key;
    std::optional<std::string> data;
    std::optional<std::string> url;
};

exit_status status_of_answer(int status) {
    if (status >= 200 && status < 400)
        return exit_status::ok;
    return status == 404 ? exit_status::not_found : exit_status::failed;
}

result<exit_status> call_api(context& with, const api_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(settings, with.settings());
    if (!given.path.starts_with('/'))
        return failure(cli_errc::usage, "the path begins with a slash: /links");
    http::client_request request;
    request.method = given.method;
    request.url = given.url.value_or(base_url(settings)) + given.path;
    const auto variable = with.environment.find("TRIBUTARY_API_KEY");
    const std::string key = given.key                            ? *given.key
                            : variable != with.environment.end() ? variable->second
                                                                 : "";
    if (!key.empty())
        request.headers.push_back({"Authorization", "Bearer " + key});
    if (given.data) {
        request.headers.push_back({"Content-Type", "application/json"});
        request.body = *given.data;
    }
    const auto log = make_null_logger();
    http_caller caller(settings, *log);
    TRIBUTARY_TRY_ASSIGN(answer, caller.call(std::move(request)));
    document shown = document::record();
    shown.set("status", answer.status)
        .set("headers", describe_headers(answer.headers))
        .set("body", document::json_text(answer.body));
    with.show(shown, [&] {
        const std::string body = printable(readable_body(answer.body));
        return std::to_string(answer.status) + "\n" + body +
               (body.empty() || body.ends_with('\n') ? "" : "\n");
    });
    return status_of_answer(answer.status);
}

} // namespace

void add_api_command(command root) {
    const auto given = std::make_shared<api_arguments>();
    root.add("api", "Call the daemon's HTTP API", "TRIBUTARY_API_KEY=trb_test_... tributary api GET /links")
        .text("METHOD", given->method, "METHOD", "GET, POST, PATCH, DELETE ...")
        .required()
        .text("PATH", given->path, "PATH", "With the query, beginning with a slash")
        .required()
        .text("--key", given->key, "KEY",
              "API key; better in $TRIBUTARY_API_KEY, which other users do not see")
        .text("--data", given->data, "JSON", "Body of the request")
        .text("--url", given->url, "URL", "The daemon; default: [server].public_url, else where it listens")
        .runs([given](context& with) { return call_api(with, *given); });
}

} // namespace tributary::app::cli
