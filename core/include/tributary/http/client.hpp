#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <tributary/base/log.hpp>
#include <tributary/base/result.hpp>
#include <tributary/http/message.hpp>

namespace tributary::http {

enum class client_errc {
    bad_url = 1,    ///< Not http or https, or malformed.
    not_allowed,    ///< The host is not on the allow list.
    resolve_failed, ///< No such host.
    connect_failed,
    tls_failed,     ///< Handshake or certificate verification failed; the detail says which.
    timed_out,      ///< The deadline passed.
    too_large,      ///< The answer's body is over the limit.
    malformed,      ///< The answer is not HTTP, or was cut off.
    stopped,        ///< The client is shutting down.
};
const boost::system::error_category& client_category() noexcept;
inline error_code make_error_code(client_errc e) noexcept {
    return {static_cast<int>(e), client_category()};
}

struct client_request {
    std::string method = "GET";
    std::string url;
    std::vector<header> headers;
    std::string body;
    int deadline_ms = 10'000; ///< For everything: resolve, connect, TLS, send, receive.
    std::size_t body_bytes_max = 8 * 1024 * 1024;
};

using client_completion = std::function<void(result<response>)>;

/// Makes HTTP requests. The seam where tests and the simulation put a scripted network.
///
/// Thread-safe. The completion is called exactly once, never from inside send().
class client {
  public:
    virtual ~client() = default;
    virtual void send(client_request request, client_completion done) = 0;
};

struct client_options {
    std::string ca_file;                      ///< PEM; empty: the system's store.
    std::vector<std::string> plain_http_hosts; ///< http:// is allowed to these only (tests: "127.0.0.1").
};

/// Verifies certificates and host names; no redirects; no proxy from the environment. Runs its own thread.
std::unique_ptr<client> make_client(client_options options, logger& log);

} // namespace tributary::http

template <>
struct boost::system::is_error_code_enum<tributary::http::client_errc> : std::true_type {};
