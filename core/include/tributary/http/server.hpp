#pragma once

#include <tributary/base/log.hpp>
#include <tributary/base/result.hpp>
#include <tributary/http/message.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tributary {
class entropy;
}

namespace tributary::http {

/// Completes a request. Call it exactly once, from any thread; further calls are ignored and logged. Dropping
/// every copy without a call answers 500.
using responder = std::function<void(response)>;

/// Handles a request on one of the server's threads; must not block for long. An exception answers 500 with
/// the request id and is logged.
using handler = std::function<void(request&&, responder)>;

/// Renders errors of the server itself (too large, malformed, timeout). Empty: error_response().
using error_renderer = std::function<response(int status, std::string_view code, std::string_view message,
                                              std::string_view request_id)>;

struct server_options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0; ///< 0: any free one, see server::port().
    unsigned threads = 1;
    std::size_t header_bytes_max = 32 * 1024;
    std::size_t body_bytes_max =
        1024 * 1024;                    ///< Checked against Content-Length and while reading chunks: 413.
    std::size_t connections_max = 4096; ///< Further ones are accepted and closed with 503.
    std::size_t pipelined_max = 64;   ///< Requests read ahead on one connection; then it is not read further.
                                      ///< Nor is it while more than body_bytes_max of bodies await answers.
    int header_timeout_ms = 10'000;   ///< From the first byte of a request to the end of its headers: 408.
    int body_timeout_ms = 30'000;     ///< From the end of the headers to the end of the body: 408.
    int idle_timeout_ms = 75'000;     ///< Keep-alive without a request: closed.
    int response_timeout_ms = 30'000; ///< Handler did not answer: 503.
    int write_timeout_ms = 30'000;    ///< The client takes nothing of an answer: closed.
    std::string tls_certificate_file = {}; ///< PEM chain; with the key file: HTTPS only.
    std::string tls_key_file = {};
    std::vector<std::string> trusted_proxies =
        {}; ///< Addresses or CIDR blocks whose X-Forwarded-* are believed.
    std::string server_name = "tributary";
};

/// What the server counts, for /metrics. A snapshot.
struct server_statistics {
    std::uint64_t connections_accepted = 0;
    std::uint64_t connections_open = 0;
    std::uint64_t connections_refused = 0;
    std::uint64_t requests = 0;
    std::uint64_t requests_in_flight = 0;
    std::uint64_t responses_2xx = 0;
    std::uint64_t responses_3xx = 0;
    std::uint64_t responses_4xx = 0;
    std::uint64_t responses_5xx = 0;
    std::uint64_t malformed = 0; ///< Requests that could not be parsed.
    std::uint64_t timeouts = 0;
};

/// HTTP/1.1 server on Asio coroutines: keep-alive, pipelining (answers in order), limits, optional TLS (1.2
/// and up).
///
/// Refuses what proxies could read differently: both Content-Length and Transfer-Encoding, several
/// Content-Lengths, obs-fold, bare LF, spaces before the colon, missing or second Host, control characters,
/// ".." in the path (400, then the connection is closed). To HEAD the handler answers as to GET; the body's
/// length is sent, the body is not. Timeouts are checked by one timer per thread, so that they may come up to
/// an eighth of the shortest one late. Thread-safe. The logger and the entropy must outlive the server.
class server {
  public:
    server(server_options options, handler on_request, logger& log, entropy& random,
           error_renderer on_error = {});
    ~server(); ///< Stops without grace.
    server(const server&) = delete;
    server& operator=(const server&) = delete;

    /// Starts listening. Once only: a stopped server does not start again.
    /// @errors the system's error naming the address and port; errc::invalid_argument for an address, a proxy
    /// block or
    ///         a certificate that cannot be used, naming it.
    result<void> start();
    std::uint16_t port() const noexcept; ///< The one it listens on; 0 before start().
    /// Stops accepting, lets requests in flight finish (answered with Connection: close), closes idle
    /// connections at once, and returns when all are gone or after grace_ms. Never to be called from a
    /// handler.
    void stop(int grace_ms);
    server_statistics statistics() const;

  private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace tributary::http
