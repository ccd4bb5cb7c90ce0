#pragma once

#include <tributary/http/client.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace tributary::http {

/// A URL in the parts that a request needs.
struct client_target {
    bool tls = true;
    std::string host;      ///< Without the brackets of an IPv6 address.
    std::string authority; ///< For Host: as in the URL.
    std::uint16_t port = 443;
    std::string path_and_query;
    bool host_is_address = false;
};

/// Takes an absolute http or https URL apart; its fragment is dropped. ASCII only, as RFC 3986 has it, and
/// stricter: a host that two parsers could read differently is how a request ends up at a server that was not
/// meant.
/// @errors client_errc::bad_url.
result<client_target> parse_url(std::string_view url);

/// May this request be sent at all?
/// @errors client_errc::bad_request.
result<void> check_sendable(const client_request& request);

/// The request as HTTP/1.1 text. @pre check_sendable(request)
std::string serialise(const client_request& request, const client_target& target);

} // namespace tributary::http
