// routes.*: answers to HTTP requests.
#include <tributary/plugins/scope.hpp>

#include <array>
#include <cstring>

#include "validator/growth.hpp"
#include "validator/suite.hpp"

namespace tributary::validator {
namespace {

/// A transaction on an empty database: every query finds nothing, every change is taken.
class empty_scope final : public ::trb_scope {
  public:
    explicit empty_scope(bool may_write) : may_write_(may_write) {}

    const std::string& fault() const noexcept { return fault_; }

    std::int64_t workspace() noexcept override { return 1; }
    std::int64_t environment() noexcept override { return TRB_SANDBOX; }
    trb_status query(trb_str, const trb_cell*, std::uint64_t, trb_lookup_row_fn, void*,
                     const trb_error_sink*) noexcept override {
        return TRB_OK;
    }
    trb_status execute(trb_str, const trb_cell*, std::uint64_t, std::uint64_t* changed,
                       const trb_error_sink*) noexcept override {
        if (changed != nullptr)
            *changed = 0;
        return writing("executes SQL");
    }
    trb_status changed(trb_str, trb_str, std::int64_t) noexcept override {
        return writing("calls changed()");
    }
    std::uint64_t make_id(trb_str prefix, char* out) noexcept override {
        constexpr std::string_view id = "01HF000000000000000000CHEC";
        std::memcpy(out, prefix.data, prefix.size);
        std::memcpy(out + prefix.size, id.data(), id.size());
        return prefix.size + id.size();
    }
    trb_status emit(const trb_fact* fact, trb_str, const trb_error_sink*) noexcept override {
        if (const auto stored = facts::encode_fact(*fact, "workspace"); !stored)
            fault_ = "the host refuses a fact: " + stored.error().text();
        return fault_.empty() ? writing("emits a fact") : TRB_INVALID;
    }
    trb_status settle(const trb_error_sink*) noexcept override { return writing("settles"); }
    void click_id(trb_str, trb_str, char out[16]) noexcept override {
        std::memcpy(out, "0123456789abcdef", 16);
    }
    trb_status append_click(trb_str, const trb_click*) noexcept override { return TRB_OK; }
    trb_status find_click(trb_str, void (*)(void*, std::int64_t, const trb_click*) noexcept,
                          void*) noexcept override {
        return TRB_NOT_FOUND;
    }

  private:
    trb_status writing(const char* what) noexcept {
        if (may_write_)
            return TRB_OK;
        fault_ = std::string("a READ route ") + what;
        return TRB_UNSUPPORTED;
    }
    bool may_write_;
    std::string fault_;
};

struct reply {
    std::int32_t status = 0;
    std::string body;
};

struct handled {
    trb_status status = TRB_OK;
    std::vector<reply> replies;
    std::string fault;
};

void take_reply(void* ctx, std::int32_t status, const trb_pair* headers, std::uint64_t count,
                trb_str body) noexcept {
    auto& into = *static_cast<handled*>(ctx);
    into.replies.push_back({status, std::string(view(body))});
    if (status < 200 || status > 599)
        into.fault = "it replies with the status " + std::to_string(status);
    for (std::uint64_t index = 0; index < count; ++index)
        for (const trb_str text : {headers[index].name, headers[index].value})
            if (view(text).find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
                into.fault = "a header of its reply holds a line feed or a NUL: headers can be forged";
}

/// What one call is made of.
struct wish {
    std::string body;
    std::string query;
    std::string value = "check"; ///< Of each parameter of the pattern.
};

handled call(const extension<trb_http_routes_v1>& with, std::uint64_t number, const wish& from) {
    handled made;
    const instance& of = *with.of;
    const trb_route& route = plugins::routes_of(*with.table)[number];
    vault lent(of.at(), "handle", of.future());
    error_collector error(lent);
    empty_scope scope(route.mode == TRB_ROUTE_WRITE);
    std::string path(view(route.pattern));
    std::vector<std::pair<std::string, std::string>> parameters;
    for (std::size_t open = path.find('{'); open != std::string::npos; open = path.find('{', open)) {
        const std::size_t close = path.find('}', open);
        if (close == std::string::npos)
            break;
        std::string name = path.substr(open + 1, close - open - 1);
        if (name.ends_with('*'))
            name.pop_back();
        parameters.emplace_back(name, from.value);
        path.replace(open, close - open + 1, "check");
    }
    const std::vector<std::pair<std::string, std::string>> headers{
        {"Host", "go.example.com"}, {"User-Agent", "tributary-check"}, {"Content-Type", "application/json"}};
    trb_call request{};
    request.environment = TRB_SANDBOX;
    request.workspace = lent.text("ws_check", "trb_call.workspace");
    request.now_ms = sample_time;
    request.scope = &scope;
    request.method = lent.text(view(route.method) == "*" ? "GET" : view(route.method), "trb_call.method");
    request.host = lent.text("go.example.com", "trb_call.host");
    request.path = lent.text(path, "trb_call.path");
    request.query = lent.text(from.query, "trb_call.query");
    request.headers = lent.pairs(headers, "trb_call.headers");
    request.header_count = headers.size();
    request.body = lent.text(from.body, "trb_call.body");
    request.parameters = lent.pairs(parameters, "trb_call.parameters");
    request.parameter_count = parameters.size();
    request.remote_address = lent.text("192.0.2.1", "trb_call.remote_address");
    request.request_id = lent.text("req_check", "trb_call.request_id");
    request.base_url = lent.text("https://go.example.com", "trb_call.base_url");
    request.key_id = lent.text("trb_test_check", "trb_call.key_id");
    const trb_reply_sink sink{sizeof(trb_reply_sink), 0, &made, &take_reply};
    const watching_host::watch watch(phase::free);
    made.status = cross(with.table->handle, of.self(), number, lent.put(request, "the trb_call"),
                        lent.put(sink, "the trb_reply_sink"), error.sink());
    if (made.fault.empty())
        made.fault = scope.fault();
    return made;
}

const std::array<wish, 10>& wishes() {
    static const std::array<wish, 10> all{{
        {"", "", "check"},
        {"{}", "", "check"},
        {"[]", "page=1&limit=10", "check"},
        {"{", "%", "%00"},
        {"null", "a=%zz&a=&=&&", ""},
        {R"({"id":null,"name":[],"url":{},"amount":1e999})", "", "\r\nX-Forged: 1"},
        {R"({"url":"https://example.com/\r\nX: 1","key":"a\u0000b"})", "", "a/b"},
        {std::string(2000, '['), "", std::string(5000, 'x')},
        {"\xff\xfe", "\xff", "\xff"},
        {R"({"id":"check","name":"check","url":"https://example.com/"})", "id=check&limit=-1", "check"},
    }};
    return all;
}

std::string name_of(const trb_route& route) {
    return std::string(view(route.method)) + " " + std::string(view(route.pattern));
}

verdict declared(test_context& in) {
    const auto with = need_extension<trb_http_routes_v1>(in, TRB_EXT_HTTP_ROUTES);
    if (with.of == nullptr)
        return with.otherwise;
    for (const trb_route& each : plugins::routes_of(*with.table)) {
        if (each.struct_size < sizeof(trb_route))
            return failed("a trb_route has a struct_size of " + std::to_string(each.struct_size));
        if (each.method.size == 0 || !view(each.pattern).starts_with('/'))
            return failed(name_of(each) + ": a route has a method, and a pattern that begins with /");
        if (each.access != TRB_ACCESS_KEY && each.access != TRB_ACCESS_DOMAIN)
            return failed(name_of(each) + ": the access " + std::to_string(each.access) + " does not exist");
        if (each.mode != TRB_ROUTE_READ && each.mode != TRB_ROUTE_WRITE)
            return failed(name_of(each) + ": the mode " + std::to_string(each.mode) + " does not exist");
        if (each.access == TRB_ACCESS_KEY && each.scope.size == 0)
            return failed(name_of(each) + ": a route for keys names the scope that a key needs");
    }
    return passed();
}

verdict replies(test_context& in) {
    const auto with = need_extension<trb_http_routes_v1>(in, TRB_EXT_HTTP_ROUTES);
    if (with.of == nullptr)
        return with.otherwise;
    for (std::uint64_t number = 0; number < with.table->route_count; ++number) {
        const std::string name = name_of(plugins::routes_of(*with.table)[number]);
        for (const wish& each : wishes()) {
            const handled made = call(with, number, each);
            if (!is_status(made.status))
                return failed(name + ": handle returned " + std::to_string(made.status) +
                              ", which is no status");
            if (made.status == TRB_OK && made.replies.size() != 1)
                return failed(name + ": reply was called " + std::to_string(made.replies.size()) +
                              " times; with TRB_OK it is called exactly once");
            if (made.replies.size() > 1)
                return failed(name + ": reply was called " + std::to_string(made.replies.size()) + " times");
            if (!made.fault.empty())
                return failed(name + ": " + made.fault);
        }
    }
    return passed();
}

verdict no_such_route(test_context& in) {
    const auto with = need_extension<trb_http_routes_v1>(in, TRB_EXT_HTTP_ROUTES);
    if (with.of == nullptr)
        return with.otherwise;
    if (!TRB_HAS(trb_http_routes_v1, with.table, render_error) || with.table->render_error == nullptr)
        return skipped("it leaves errors to the host");
    for (const auto& [status, code] : {std::pair<std::int32_t, const char*>{401, "unauthorized"},
                                       {404, "not_found"},
                                       {500, "internal"},
                                       {418, "no_such_code"},
                                       {404, ""}}) {
        handled made;
        vault lent(in.at(), "render_error");
        const trb_reply_sink sink{sizeof(trb_reply_sink), 0, &made, &take_reply};
        const watching_host::watch watch(phase::free);
        made.status =
            cross(with.table->render_error, with.of->self(), status, lent.text(code, "the code"),
                  lent.text("What went wrong.", "the message"), lent.put(sink, "the trb_reply_sink"));
        if (!is_status(made.status) || made.replies.size() > 1 || !made.fault.empty())
            return failed(
                "render_error(" + std::to_string(status) +
                "): " + (made.fault.empty() ? std::to_string(made.replies.size()) + " replies" : made.fault));
        if (made.status == TRB_OK && made.replies.size() != 1)
            return failed("render_error(" + std::to_string(status) + ") said OK and did not reply");
    }
    return passed();
}

verdict retained_views(test_context& in) {
    const auto with = need_extension<trb_http_routes_v1>(in, TRB_EXT_HTTP_ROUTES);
    if (with.of == nullptr)
        return with.otherwise;
    for (int round = 0; round < 3; ++round)
        for (std::uint64_t number = 0; number < with.table->route_count; ++number)
            static_cast<void>(call(with, number, wishes()[round == 1 ? 9 : 1]));
    with.of->end();
    return passed();
}

verdict leaks(test_context& in) {
    const auto with = need_extension<trb_http_routes_v1>(in, TRB_EXT_HTTP_ROUTES);
    if (with.of == nullptr)
        return with.otherwise;
    const std::string grows = growth_of(
        in.at(),
        [&] {
            for (std::uint64_t number = 0; number < with.table->route_count; ++number)
                static_cast<void>(call(with, number, wishes()[9]));
        },
        50);
    return grows.empty() ? passed() : failed("handle: " + grows);
}

constexpr test_case tests[] = {
    {"routes.declared", "Routes are well-formed", declared},
    {"routes.reply", "Every route replies exactly once, whatever comes in; READ routes write nothing",
     replies},
    {"routes.render_error", "render_error replies at most once", no_such_route},
    {"routes.retained_views", "handle keeps no view of its inputs", retained_views},
    {"routes.leaks", "handle leaves no memory, files, threads behind", leaks},
};

} // namespace

std::span<const test_case> route_tests() {
    return tests;
}

} // namespace tributary::validator
