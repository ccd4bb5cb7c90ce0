#include "app/front.hpp"

#include <tributary/accounts/api_keys.hpp>
#include <tributary/accounts/domains.hpp>
#include <tributary/accounts/errors.hpp>
#include <tributary/accounts/scope.hpp>

#include <algorithm>

namespace tributary::app {
namespace {

using plugins::view;

constexpr std::string_view webhook_prefix = "/webhooks/";

std::string base_url_of(const http::request& request) {
    return request.scheme + "://" + request.authority;
}

http::response with_retry_after(http::response answer, std::int64_t seconds) {
    if (seconds > 0)
        answer.headers.push_back({"Retry-After", std::to_string(seconds)});
    return answer;
}

} // namespace

/// Owns everything that a trb_call points to.
struct front::call_context {
    http::request request;
    matched_route route;
    space in;
    std::string workspace;
    std::string base_url;
    std::string key_id;
    std::vector<trb_pair> headers;
    std::vector<trb_pair> parameters;
    trb_call view_of{};

    void finish(time_ms now_ms) {
        for (const http::header& one : request.headers)
            headers.push_back({view(std::string_view(one.name)), view(std::string_view(one.value))});
        for (const auto& [name, value] : route.parameters)
            parameters.push_back({view(std::string_view(name)), view(std::string_view(value))});
        view_of.struct_size = sizeof view_of;
        view_of.environment = static_cast<std::int32_t>(in.environment);
        view_of.workspace = view(std::string_view(workspace));
        view_of.now_ms = now_ms;
        view_of.method = view(std::string_view(request.method));
        view_of.host = view(std::string_view(request.host));
        view_of.path = view(std::string_view(request.path));
        view_of.query = view(std::string_view(request.query));
        view_of.headers = headers.data();
        view_of.header_count = headers.size();
        view_of.body = view(std::string_view(request.body));
        view_of.parameters = parameters.data();
        view_of.parameter_count = parameters.size();
        view_of.remote_address = view(std::string_view(request.remote_address));
        view_of.request_id = view(std::string_view(request.request_id));
        view_of.base_url = view(std::string_view(base_url));
        view_of.key_id = view(std::string_view(key_id));
    }
};

front::front(assembly& parts, writer& writes) : parts_(parts), writer_(writes), readers_(parts.database()) {
    refresh();
}

void front::refresh() {
    auto made = std::make_shared<const router>(parts_.plugins());
    const std::lock_guard lock(mutex_);
    router_.swap(made);
}

std::shared_ptr<const router> front::routes() const {
    const std::lock_guard lock(mutex_);
    return router_;
}

void front::handle(http::request&& request, http::responder respond) {
    if (request.path.starts_with(webhook_prefix))
        return webhook(std::move(request), std::move(respond));
    const bool anonymous = request.header_value("Authorization").empty();
    if (anonymous && (request.method == "GET" || request.method == "HEAD") && redirect(request, respond))
        return;
    api(std::move(request), respond);
}

http::response front::error(const plugins::plugin_ptr& shaped_by, int status, std::string_view code,
                            std::string_view message, std::string_view request_id) const {
    struct collected {
        http::response answer;
        bool replied = false;
    } made;
    if (shaped_by != nullptr && shaped_by->routes->render_error != nullptr && !shaped_by->in_quarantine()) {
        const trb_reply_sink sink{
            sizeof(trb_reply_sink), 0, &made,
            [](void* ctx, std::int32_t said, const trb_pair* headers, std::uint64_t count,
               trb_str body) noexcept {
                auto& into = *static_cast<collected*>(ctx);
                into.answer.status = said;
                for (std::uint64_t index = 0; index < count; ++index)
                    into.answer.headers.push_back(
                        {std::string(view(headers[index].name)), std::string(view(headers[index].value))});
                into.answer.body = view(body);
                into.replied = true;
            }};
        if (shaped_by->routes->render_error(shaped_by->self(), status, view(code), view(message), &sink) ==
                TRB_OK &&
            made.replied)
            return std::move(made.answer);
    }
    return http::error_response(status, code, message, request_id);
}

http::response front::render_error(int status, std::string_view code, std::string_view message,
                                   std::string_view request_id) const {
    return error(nullptr, status, code, message, request_id);
}

void front::submit(job what, const http::responder& respond, const std::string& request_id) {
    what.done = [respond, request_id](result<http::response> done) {
        if (done)
            return respond(std::move(*done));
        respond(with_retry_after(
            http::error_response(503, "storage", "it could not be stored; try again", request_id), 5));
    };
    if (!writer_.submit(std::move(what)))
        respond(with_retry_after(
            http::error_response(503, "overloaded", "too much is waiting; try again", request_id), 1));
}

void front::webhook(http::request&& request, http::responder respond) {
    delivery raw;
    std::string_view rest = std::string_view(request.path).substr(webhook_prefix.size());
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    raw.connection_id = rest.substr(0, slash);
    raw.path = rest.substr(slash);
    raw.received_at = parts_.time().now_ms();
    raw.method = std::move(request.method);
    raw.query = std::move(request.query);
    raw.headers = std::move(request.headers);
    raw.body = std::move(request.body);
    auto reader = readers_.borrow();
    if (!reader)
        return respond(
            with_retry_after(http::error_response(503, "storage", "try again", request.request_id), 5));
    const std::string connection = raw.connection_id;
    auto verified = verify_delivery(**reader, parts_.where(), parts_.plugins(), std::move(raw));
    if (auto* refusal = std::get_if<delivery_refusal>(&verified))
        return refuse_delivery(std::move(*refusal), connection, request.request_id, respond);
    // Counted when the provider is answered: not before it is durable.
    const auto counted = [this, respond](http::response answer) {
        const std::string_view status = answer.status < 300 ? "2xx" : answer.status < 500 ? "4xx" : "5xx";
        parts_.counters().count(
            "tributary_deliveries_total",
            {{"status", status}, {"reason", answer.status < 300 ? "accepted" : "not_stored"}});
        respond(std::move(answer));
    };
    submit({std::move(std::get<verified_delivery>(verified)), {}}, counted, request.request_id);
}

void front::refuse_delivery(delivery_refusal refusal, std::string_view connection,
                            std::string_view request_id, const http::responder& respond) {
    parts_.log().warn(
        "delivery_refused",
        {{"connection", connection.substr(0, 64)}, {"status", refusal.status}, {"reason", refusal.code}});
    parts_.counters().count("tributary_deliveries_total",
                            {{"status", refusal.status < 500 ? "4xx" : "5xx"}, {"reason", refusal.code}});
    respond(with_retry_after(http::error_response(refusal.status, refusal.code, refusal.message, request_id),
                             refusal.retry_after_s));
    // The ring of refused deliveries is a help for people: nobody waits for it, and it may be full.
    // A flood of forgeries must not fill the queue that genuine deliveries wait in.
    if (refusal.keep && !writer_.is_busy())
        writer_.submit({std::move(refusal), {}});
}

bool front::redirect(http::request& request, const http::responder& respond) {
    auto reader = readers_.borrow();
    if (!reader)
        return false;
    auto domain = accounts::domains(**reader, parts_.time()).find(request.host);
    if (!domain)
        return false;
    route_answer found = routes()->find(TRB_ACCESS_DOMAIN, request.method, request.path);
    if (!found.match)
        return false;
    auto workspace = parts_.where().workspace(**reader, domain->workspace_id, false);
    if (!workspace)
        return false;
    auto context = std::make_shared<call_context>();
    context->in = {domain->workspace_id, static_cast<std::int64_t>(domain->environment)};
    context->workspace = std::move(workspace->public_id);
    context->base_url = base_url_of(request);
    context->route = std::move(*found.match);
    context->request = std::move(request);
    call(std::move(context), respond);
    return true;
}

void front::api(http::request&& request, const http::responder& respond) {
    route_answer found = routes()->find(TRB_ACCESS_KEY, request.method, request.path);
    if (!found.match) {
        if (found.other_methods.empty())
            return respond(
                error(found.nearest, 404, "not_found", "there is nothing at this path", request.request_id));
        http::response answer = error(found.nearest, 405, "method_not_allowed",
                                      "this path does not take " + request.method, request.request_id);
        std::string allowed;
        for (const std::string& method : found.other_methods)
            allowed += (allowed.empty() ? "" : ", ") + method;
        answer.headers.push_back({"Allow", allowed});
        return respond(std::move(answer));
    }
    const plugins::plugin_ptr shape = found.match->plugin;
    const std::string_view authorization = request.header_value("Authorization");
    if (authorization.empty())
        return respond(
            error(shape, 401, "unauthorized", "Missing Authorization header.", request.request_id));
    if (!authorization.starts_with("Bearer "))
        return respond(error(shape, 400, "bad_request",
                             "Misconfigured authorization header. Send 'Authorization: Bearer <key>'.",
                             request.request_id));
    auto reader = readers_.borrow();
    if (!reader)
        return respond(error(shape, 503, "unavailable", "try again", request.request_id));
    auto key = accounts::api_keys(**reader, parts_.time(), parts_.random()).find(authorization.substr(7));
    if (!key) {
        const bool expired = key.error().code == accounts::accounts_errc::expired_key;
        return respond(
            error(shape, 401, "unauthorized",
                  expired ? "Unauthorized: Access token expired." : "Unauthorized: Invalid API key.",
                  request.request_id));
    }
    if (!accounts::scope_allows(key->scopes, view(found.match->route->scope)))
        return respond(
            error(shape, 403, "forbidden",
                  "The API key lacks the scope '" + std::string(view(found.match->route->scope)) + "'.",
                  request.request_id));
    auto workspace = parts_.where().workspace(**reader, key->workspace_id, false);
    if (!workspace)
        return respond(error(shape, 503, "unavailable", "try again", request.request_id));
    auto context = std::make_shared<call_context>();
    context->in = {key->workspace_id, static_cast<std::int64_t>(key->environment)};
    context->workspace = std::move(workspace->public_id);
    context->key_id = std::move(key->key_id);
    context->base_url = base_url_of(request);
    context->route = std::move(*found.match);
    context->request = std::move(request);
    call(std::move(context), respond);
}

void front::call(std::shared_ptr<call_context> context, const http::responder& respond) {
    if (context->route.plugin->in_quarantine())
        return respond(with_retry_after(http::error_response(503, "plugin_quarantined",
                                                             "it is out of order; try again later",
                                                             context->request.request_id),
                                        60));
    context->finish(parts_.time().now_ms());
    if (context->route.route->mode == TRB_ROUTE_WRITE)
        run_write(context, respond);
    else
        run_read(context, respond);
}

void front::run_read(const std::shared_ptr<call_context>& context, const http::responder& respond) {
    auto reader = readers_.borrow();
    if (!reader || !(*reader)->begin())
        return respond(
            error(context->route.plugin, 503, "unavailable", "try again", context->request.request_id));
    std::vector<clicks::click> clicks;
    auto answer = run_read_route(**reader, parts_.where(), *context->route.plugin, context->route.index,
                                 context->view_of, context->in, parts_.random(), clicks);
    (*reader)->rollback(); // A reader has nothing to commit: this ends its snapshot.
    if (!answer) {
        parts_.log().error("route_failed", {{"plugin", context->route.plugin->short_name()},
                                            {"request_id", context->request.request_id},
                                            {"reason", answer.error().text()}});
        return respond(error(context->route.plugin, 500, "internal_server_error",
                             "the request failed; its id is " + context->request.request_id,
                             context->request.request_id));
    }
    if (clicks.empty())
        return respond(std::move(*answer));
    // The answer leaves when the click is durable.
    parts_.counters().count("tributary_clicks_total", {}, clicks.size());
    auto ready = std::make_shared<http::response>(std::move(*answer));
    job recording{std::move(clicks),
                  [ready, respond](result<http::response>) { respond(std::move(*ready)); }};
    if (!writer_.submit(std::move(recording))) {
        // A visitor is sent on in any case; the click that could not be kept is counted.
        parts_.counters().count("tributary_clicks_dropped_total");
        respond(std::move(*ready));
    }
}

void front::run_write(const std::shared_ptr<call_context>& context, const http::responder& respond) {
    write_call what;
    what.plugin = context->route.plugin;
    what.route = context->route.index;
    what.view = context->view_of;
    what.in = context->in;
    what.keep = context;
    submit({std::move(what), {}}, respond, context->request.request_id);
}

} // namespace tributary::app
