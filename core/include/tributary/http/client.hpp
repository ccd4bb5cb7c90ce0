#pragma once

#include <tributary/base/log.hpp>
#include <tributary/base/result.hpp>
#include <tributary/http/message.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tributary::http {

enum class client_errc {
    bad_url = 1, ///< Not http or https, malformed, or with user information.
    not_allowed, ///< Plain http to a host that is not listed, or an internal address where those are refused.
    resolve_failed, ///< No such host.
    connect_failed,
    tls_failed,  ///< Handshake or certificate verification failed; the detail says which.
    timed_out,   ///< The deadline passed.
    too_large,   ///< The answer's body is over the limit.
    malformed,   ///< The answer is not HTTP, or was cut off.
    stopped,     ///< The client is shutting down.
    bad_request, ///< Method or headers cannot be sent, for example because of a line break in a value.
};
const boost::system::error_category& client_category() noexcept;
inline error_code make_error_code(client_errc e) noexcept {
    return {static_cast<int>(e), client_category()};
}

struct client_request {
    std::string method = "GET";
    std::string url = {};
    std::vector<header>
        headers; ///< Host, Content-Length, Transfer-Encoding and Connection are set by the client.
    std::string body = {};
    int deadline_ms = 10'000; ///< For everything: resolve, connect, TLS, send, receive.
    std::size_t body_bytes_max = 8 * 1024 * 1024;
};

using client_completion = std::function<void(result<response>)>;

/// Makes HTTP requests. The seam where tests and the simulation put a scripted network.
///
/// Thread-safe. The completion is called exactly once, never from inside send(). Destroying the client, which
/// must not happen inside a completion, completes what is outstanding with `stopped`.
class client {
  public:
    virtual ~client() = default;
    virtual void send(client_request request, client_completion done) = 0;
};

struct client_options {
    std::string ca_file = {}; ///< PEM; empty: the system's store.
    std::vector<std::string> plain_http_hosts =
        {}; ///< http:// is allowed to these only (tests: "127.0.0.1").
    bool internal_addresses_allowed =
        true;                        ///< False for URLs that strangers chose: loopback, private and other
                                     ///< addresses of RFC 6890 are refused after the name is resolved.
    std::size_t concurrent_max = 64; ///< Requests under way; others wait, and their deadlines run.
};

/// Verifies certificates and host names (TLS 1.2 and up); no redirects; no proxy from the environment; one
/// connection per request. Runs its own thread. The logger must outlive it.
/// @throws boost::system::system_error when the CA file cannot be read.
std::unique_ptr<client> make_client(client_options options, logger& log);

} // namespace tributary::http

template <> struct boost::system::is_error_code_enum<tributary::http::client_errc> : std::true_type {};
