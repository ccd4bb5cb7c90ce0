#include "http/client_message.hpp"

#include <algorithm>
#include <array>
#include <charconv>

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

/// @pre is_authority(target.authority)
bool take_host_and_port(client_target& target) {
    const std::string_view authority = target.authority;
    const bool bracketed = authority.starts_with('[');
    const std::size_t host_end =
        bracketed ? authority.find(']') + 1 : std::min(authority.find(':'), authority.size());
    target.host = bracketed ? authority.substr(1, host_end - 2) : authority.substr(0, host_end);
    target.host_is_address = parse_ip(target.host).has_value();
    target.port = target.tls ? 443 : 80;
    if (host_end + 1 < authority.size()) {
        const auto digits = authority.substr(host_end + 1);
        std::from_chars(digits.data(), digits.data() + digits.size(), target.port);
    }
    return target.port != 0 && (target.host_is_address || !bracketed);
}

} // namespace

result<client_target> parse_url(std::string_view url) {
    client_target target;
    const std::size_t scheme_end = std::min(url.find("://"), url.size());
    const auto scheme = url.substr(0, scheme_end);
    target.tls = grammar::equal_ignoring_case(scheme, "https");
    if (scheme_end == url.size() || (!target.tls && !grammar::equal_ignoring_case(scheme, "http")))
        return failure(client_errc::bad_url, "neither http:// nor https://");
    url.remove_prefix(scheme_end + 3);
    url = url.substr(0, url.find('#'));
    const std::size_t authority_end = std::min(url.find_first_of("/?"), url.size());
    target.authority = url.substr(0, authority_end);
    if (target.authority.find('@') != std::string::npos)
        return failure(client_errc::bad_url, "credentials do not belong in a URL");
    // Our server's rule for Host refuses percent escapes and zones, which resolvers read in different ways.
    if (!is_authority(target.authority) || !take_host_and_port(target))
        return failure(client_errc::bad_url, "no usable host and port");
    const auto rest = url.substr(authority_end);
    target.path_and_query = rest.starts_with('/') ? "" : "/";
    target.path_and_query += rest;
    std::string ignored;
    const bool ascii = std::ranges::none_of(rest, [](char character) { return (character & 0x80) != 0; });
    if (!ascii || !grammar::is_target(target.path_and_query) ||
        !percent_decode(target.path_and_query, false, ignored))
        return failure(client_errc::bad_url, "the path or query is malformed");
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
