#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::http {

struct header {
    std::string name;
    std::string value;
};

/// The first header of that name, compared without case; empty when absent.
std::string_view find_header(const std::vector<header>& headers, std::string_view name) noexcept;

/// A request as it came in, complete and within the limits.
struct request {
    std::string method;
    std::string target;          ///< As received: path and query, undecoded.
    std::string path;            ///< Percent-decoded; starts with '/'.
    std::string query;           ///< Raw, without '?'.
    std::vector<header> headers; ///< In order, names as received.
    std::string body;
    std::string remote_address; ///< Of the client; taken from X-Forwarded-For only behind a trusted proxy.
    std::string scheme;         ///< "http" or "https", as the client sees it.
    std::string host;           ///< Lower case, without port.
    std::string authority;      ///< Host as received, with port.
    std::string request_id;     ///< Given by the server; a well-formed X-Request-Id of the client is kept.

    std::string_view header_value(std::string_view name) const noexcept { return find_header(headers, name); }
};

struct response {
    int status = 200;
    std::vector<header>
        headers; ///< Content-Length, Date, Connection and X-Request-Id are added by the server.
    std::string body;
};

/// A small JSON error in the core's own shape: {"error":{"code","message","request_id"}}.
response error_response(int status, std::string_view code, std::string_view message,
                        std::string_view request_id = {});

/// Percent-decoding of a path or a query part; plus_is_space for form encoding. False when malformed.
bool percent_decode(std::string_view text, bool plus_is_space, std::string& out);

/// The decoded pairs of a query or a form body, in order; malformed escapes are kept as they are.
std::vector<header> parse_query(std::string_view query);

} // namespace tributary::http
