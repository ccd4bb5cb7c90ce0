#include <tributary/http/client.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <utility>

#include "http/client_message.hpp"
#include "http/client_tls.hpp"
#include "http/grammar.hpp"
#include "http/proxy_trust.hpp"

namespace tributary::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using io_executor = asio::io_context::executor_type;
using tcp_socket = asio::basic_stream_socket<tcp, io_executor>;
using tcp_resolver = asio::ip::basic_resolver<tcp, io_executor>;
using io_timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                            asio::wait_traits<std::chrono::steady_clock>, io_executor>;
using beast_parser = beast::http::response_parser<beast::http::string_body>;
template <class T> using task = asio::awaitable<T, io_executor>;

constexpr auto to_tuple = asio::as_tuple(asio::use_awaitable_t<io_executor>());

constexpr std::uint32_t header_bytes_max = 64 * 1024;
constexpr int interim_answers_max = 8; // 100 and 103; more is an attack on our patience.

/// One request on its way. Used by the client's thread only, once it is started.
struct exchange {
    exchange(asio::io_context& io, client_request to_send, client_completion when_done)
        : request(std::move(to_send)), done(std::move(when_done)),
          expires(std::chrono::steady_clock::now() + std::chrono::milliseconds(request.deadline_ms)),
          deadline(io), resolver(io), socket(io) {}

    void release() {
        error_code ignored;
        deadline.cancel();
        resolver.cancel();
        socket.close(ignored);
    }

    client_request request;
    client_completion done;
    std::chrono::steady_clock::time_point expires;
    client_target target;
    io_timer deadline;
    tcp_resolver resolver;
    tcp_socket socket;
    bool completed = false;
};
using shared_exchange = std::shared_ptr<exchange>;

/// A failed step of an exchange, for log lines and people.
failure because(client_errc code, const error_code& error) {
    return {code, error.message()};
}

response to_response(beast_parser& parser) {
    auto message = parser.release();
    response answer;
    answer.status = static_cast<int>(message.result_int());
    for (const auto& field : message)
        answer.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    answer.body = std::move(message.body());
    return answer;
}

template <class Stream> task<result<response>> receive(Stream& stream, shared_exchange owner) {
    beast::flat_buffer buffer;
    error_code error;
    for (int count = 0; count <= interim_answers_max; ++count) {
        beast_parser parser;
        parser.header_limit(header_bytes_max);
        parser.body_limit(owner->request.body_bytes_max);
        parser.skip(owner->request.method == "HEAD");
        std::tie(error, std::ignore) = co_await beast::http::async_read(stream, buffer, parser, to_tuple);
        if (error == beast::http::error::body_limit)
            co_return failure(client_errc::too_large,
                              "over " + std::to_string(owner->request.body_bytes_max) + " bytes");
        if (error)
            co_return because(client_errc::malformed, error);
        if (parser.get().result_int() >= 200)
            co_return to_response(parser);
    }
    co_return failure(client_errc::malformed, "too many interim answers");
}

template <class Stream> task<result<response>> converse(Stream& stream, shared_exchange owner) {
    const std::string text = serialise(owner->request, owner->target);
    // A failed write is no failure yet: a server may answer, 413 for example, and close without reading all.
    co_await asio::async_write(stream, asio::buffer(text), to_tuple);
    co_return co_await receive(stream, owner);
}

class network_client final : public client {
  public:
    network_client(client_options options, logger& log)
        : options_(std::move(options)), log_(log),
          tls_(options_.ca_file.empty() ? nullptr : make_client_tls(options_.ca_file)),
          work_(io_.get_executor()), thread_([this] { run(); }) {}

    ~network_client() override {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        io_.stop();
        thread_.join();
        // A completion may send again, so that there may be new ones each time.
        for (auto left = take_outstanding(); !left.empty(); left = take_outstanding()) {
            for (const shared_exchange& each : left)
                finish(each, failure(client_errc::stopped));
        }
    }

    void send(client_request request, client_completion done) override {
        auto fresh = std::make_shared<exchange>(io_, std::move(request), std::move(done));
        const std::lock_guard lock(mutex_);
        outstanding_.insert(fresh);
        if (!stopping_)
            asio::post(io_, [this, fresh] { start(fresh); });
    }

  private:
    void run() noexcept;
    void start(const shared_exchange& fresh);
    void launch(const shared_exchange& next);
    void finish(const shared_exchange& owner, result<response> outcome);
    result<void> prepare(exchange& fresh) const;
    task<result<response>> perform(shared_exchange owner);
    task<result<std::vector<tcp::endpoint>>> resolve(shared_exchange owner);
    task<result<response>> converse_in_tls(shared_exchange owner);

    std::unordered_set<shared_exchange> take_outstanding() {
        const std::lock_guard lock(mutex_);
        return std::exchange(outstanding_, {});
    }

    client_options options_;
    logger& log_;
    std::unique_ptr<asio::ssl::context>
        tls_; ///< The system's CAs take 50 ms to read, so not before they are needed.
    asio::io_context io_{1};
    asio::executor_work_guard<io_executor> work_;
    std::deque<shared_exchange> waiting_;
    std::size_t running_ = 0;
    std::mutex mutex_; ///< For what follows; the rest belongs to the client's thread.
    std::unordered_set<shared_exchange> outstanding_;
    bool stopping_ = false;
    std::thread thread_; ///< Last, so that it starts when all else is there.
};

void network_client::run() noexcept {
    for (;;) {
        try {
            io_.run();
            return;
        } catch (const std::exception& error) {
            log_.error("http_client_failed", {{"reason", error.what()}});
        }
    }
}

result<void> network_client::prepare(exchange& fresh) const {
    TRIBUTARY_TRY(check_sendable(fresh.request));
    TRIBUTARY_TRY_ASSIGN(target, parse_url(fresh.request.url));
    fresh.target = std::move(target);
    const bool allowed =
        fresh.target.tls || std::ranges::any_of(options_.plain_http_hosts, [&](const std::string& host) {
            return grammar::equal_ignoring_case(host, fresh.target.host);
        });
    if (!allowed)
        return failure(client_errc::not_allowed, "http without TLS to " + fresh.target.host);
    return {};
}

void network_client::start(const shared_exchange& fresh) {
    if (auto prepared = prepare(*fresh); !prepared) {
        finish(fresh, prepared.error());
        return;
    }
    // The deadline completes the exchange by itself: a resolver that hangs cannot be interrupted.
    fresh->deadline.expires_at(fresh->expires);
    fresh->deadline.async_wait([this, fresh](error_code error) {
        if (!error)
            finish(fresh, failure(client_errc::timed_out));
    });
    if (running_ < std::max<std::size_t>(options_.concurrent_max, 1))
        launch(fresh);
    else
        waiting_.push_back(fresh);
}

void network_client::launch(const shared_exchange& next) {
    ++running_;
    asio::co_spawn(io_, perform(next), [this, next](std::exception_ptr failed, result<response> outcome) {
        --running_;
        if (failed)
            outcome = failure(client_errc::malformed, "an internal error; the log says which");
        finish(next, std::move(outcome));
        while (!waiting_.empty() && running_ < std::max<std::size_t>(options_.concurrent_max, 1)) {
            const shared_exchange following = std::move(waiting_.front());
            waiting_.pop_front();
            if (!following->completed)
                launch(following);
        }
        if (failed)
            std::rethrow_exception(failed); // run() logs it.
    });
}

void network_client::finish(const shared_exchange& owner, result<response> outcome) {
    if (std::exchange(owner->completed, true))
        return;
    owner->release();
    {
        const std::lock_guard lock(mutex_);
        outstanding_.erase(owner);
    }
    const client_completion done = std::exchange(owner->done, nullptr);
    try {
        done(std::move(outcome));
    } catch (const std::exception& error) {
        log_.error("http_completion_failed", {{"reason", error.what()}});
    }
}

task<result<std::vector<tcp::endpoint>>> network_client::resolve(shared_exchange owner) {
    const client_target& target = owner->target;
    std::vector<tcp::endpoint> endpoints;
    if (target.host_is_address) {
        endpoints.emplace_back(asio::ip::make_address(target.host), target.port);
    } else {
        const auto [error, found] =
            co_await owner->resolver.async_resolve(target.host, std::to_string(target.port), to_tuple);
        if (error)
            co_return because(client_errc::resolve_failed, error);
        for (const auto& entry : found)
            endpoints.push_back(entry.endpoint());
    }
    if (!options_.internal_addresses_allowed) {
        // Checked on what is connected to, not on the name, which may resolve differently the next time.
        std::erase_if(endpoints, [](const tcp::endpoint& endpoint) {
            const auto address = parse_ip(endpoint.address().to_string());
            return !address || is_internal(*address);
        });
        if (endpoints.empty())
            co_return failure(client_errc::not_allowed, target.host + " is an internal address");
    }
    co_return endpoints;
}

task<result<response>> network_client::perform(shared_exchange owner) {
    const auto endpoints = co_await resolve(owner);
    if (!endpoints)
        co_return endpoints.error();
    if (owner->completed) // The deadline closed the socket; it must not be opened again.
        co_return failure(client_errc::timed_out);
    const auto [error, connected] = co_await asio::async_connect(owner->socket, *endpoints, to_tuple);
    if (error)
        co_return because(client_errc::connect_failed, error);
    error_code ignored;
    owner->socket.set_option(tcp::no_delay(true), ignored);
    if (owner->target.tls)
        co_return co_await converse_in_tls(owner);
    co_return co_await converse(owner->socket, owner);
}

task<result<response>> network_client::converse_in_tls(shared_exchange owner) {
    if (!tls_)
        tls_ = make_client_tls({});
    asio::ssl::stream<tcp_socket&> stream(owner->socket, *tls_);
    if (!expect_host(stream.native_handle(), owner->target.host, owner->target.host_is_address))
        co_return failure(client_errc::tls_failed, "the host name cannot be verified");
    const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::client, to_tuple);
    if (error)
        co_return failure(client_errc::tls_failed,
                          handshake_failure(stream.native_handle(), error.message()));
    co_return co_await converse(stream, owner);
}

} // namespace

std::unique_ptr<client> make_client(client_options options, logger& log) {
    return std::make_unique<network_client>(std::move(options), log);
}

} // namespace tributary::http
