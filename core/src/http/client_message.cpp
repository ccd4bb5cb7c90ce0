#include "http/client_message.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <array>

#include "http/grammar.hpp"
#include "http/proxy_trust.hpp"
#include "http/request_head.hpp"

namespace tributary::http {
namespace {

bool is_owned_by_client(std::string_view name) noexcept {
    constexpr std::array<std::string_view, 4> owned = {"host", "content-length", "transfer-encoding",
                                                       "connection"};
    return std::ranges::any_of(
        owned, [&](std::string_view other) { return grammar::equal_ignoring_case(name, other); });
}

bool carries_body(std::string_view method) noexcept {
    return method == "POST" || method == "PUT" || method == "PATCH";
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
}

} // namespace

result<client_target> parse_url(std::string_view url) {
    const auto parsed = boost::urls::parse_uri(boost::core::string_view(url.data(), url.size()));
    if (!parsed)
        return failure(client_errc::bad_url, "not an absolute URL");
    client_target target;
    target.tls = parsed->scheme_id() == boost::urls::scheme::https;
    if (!target.tls && parsed->scheme_id() != boost::urls::scheme::http)
        return failure(client_errc::bad_url, "neither http nor https");
    if (parsed->has_userinfo())
        return failure(client_errc::bad_url, "credentials do not belong in a URL");
    target.host = parsed->host_address();
    target.authority = std::string(parsed->encoded_host_and_port());
    target.port = parsed->has_port() ? parsed->port_number() : (target.tls ? 443 : 80);
    // Our server's rule for Host refuses percent escapes and zones, which resolvers read in different ways.
    if (!is_authority(target.authority) || target.port == 0)
        return failure(client_errc::bad_url, "no usable host and port");
    target.host_is_address = parse_ip(target.host).has_value();
    target.path_and_query = parsed->encoded_path().empty() ? "/" : std::string(parsed->encoded_path());
    if (parsed->has_query())
        target.path_and_query += "?" + std::string(parsed->encoded_query());
    return target;
}

result<void> check_sendable(const client_request& request) {
    if (!grammar::is_token(request.method) || request.method == "CONNECT")
        return failure(client_errc::bad_request, "the method cannot be sent");
    for (const header& field : request.headers) {
        if (!grammar::is_token(field.name) || !grammar::is_field_value(field.value))
            return failure(client_errc::bad_request, "a header field cannot be sent");
    }
    return {};
}

std::string serialise(const client_request& request, const client_target& target) {
    std::string text = request.method + " " + target.path_and_query + " HTTP/1.1\r\n";
    append_field(text, "Host", target.authority);
    append_field(text, "Connection", "close");
    for (const header& field : request.headers) {
        if (!is_owned_by_client(field.name))
            append_field(text, field.name, field.value);
    }
    if (find_header(request.headers, "User-Agent").empty())
        append_field(text, "User-Agent", "tributary");
    if (!request.body.empty() || carries_body(request.method))
        append_field(text, "Content-Length", std::to_string(request.body.size()));
    text += "\r\n";
    text += request.body;
    return text;
}

} // namespace tributary::http
