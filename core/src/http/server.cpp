#include <tributary/http/server.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/ssl.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>

#include "http/worker.hpp"

namespace tributary::http {
namespace {

constexpr auto to_tuple = asio::as_tuple(asio::use_awaitable_t<io_executor>());

/// For accept() when the process has no descriptor left: others must be closed first.
constexpr std::chrono::milliseconds accept_pause{100};

error_code invalid_argument() {
    return boost::system::errc::make_error_code(boost::system::errc::invalid_argument);
}

result<std::unique_ptr<asio::ssl::context>> make_tls(const server_options& options) {
    if (options.tls_certificate_file.empty() != options.tls_key_file.empty())
        return failure(invalid_argument(), "TLS needs both a certificate file and a key file");
    if (options.tls_certificate_file.empty())
        return std::unique_ptr<asio::ssl::context>();
    auto tls = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
    SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_options(tls->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(tls->native_handle(), SSL_MODE_RELEASE_BUFFERS); // Idle connections keep no buffers.
    error_code error;
    if (tls->use_certificate_chain_file(options.tls_certificate_file, error))
        return failure(invalid_argument(),
                       "certificate file " + options.tls_certificate_file + ": " + error.message());
    if (tls->use_private_key_file(options.tls_key_file, asio::ssl::context::pem, error))
        return failure(invalid_argument(), "key file " + options.tls_key_file + ": " + error.message());
    return tls;
}

} // namespace

struct server::state {
    state(server_options options, handler on_request, logger& log, entropy& source, error_renderer on_error)
        : setup{std::move(options), std::move(on_request), std::move(on_error), {}, log}, random(source) {}

    result<void> listen();
    asio::awaitable<void, io_executor> accept_connections();

    server_setup setup;
    entropy& random;
    std::unique_ptr<asio::ssl::context> tls;
    connection_count count;
    std::vector<std::unique_ptr<worker>> workers;
    std::unique_ptr<asio::basic_socket_acceptor<asio::ip::tcp, io_executor>>
        acceptor; ///< On the first worker.
    std::atomic<std::uint16_t> port = 0;
    mutable std::mutex mutex;          ///< start() and stop() exclude each other.
    std::atomic<bool> started = false; ///< From then on `workers` does not change.
    bool stopped = false;
};

result<void> server::state::listen() {
    error_code error;
    const auto address = asio::ip::make_address(setup.options.address, error);
    if (error)
        return failure(invalid_argument(), "\"" + setup.options.address + "\" is not an IP address");
    const asio::ip::tcp::endpoint endpoint(address, setup.options.port);
    const auto failed = [&] {
        return failure(error, "cannot listen on " + setup.options.address + " port " +
                                  std::to_string(setup.options.port));
    };
    acceptor =
        std::make_unique<asio::basic_socket_acceptor<asio::ip::tcp, io_executor>>(workers.front()->io());
    if (acceptor->open(endpoint.protocol(), error))
        return failed();
    if (acceptor->set_option(asio::socket_base::reuse_address(true), error))
        return failed();
    if (acceptor->bind(endpoint, error))
        return failed();
    if (acceptor->listen(asio::socket_base::max_listen_connections, error))
        return failed();
    port = acceptor->local_endpoint(error).port();
    return error ? result<void>(failed()) : result<void>();
}

asio::awaitable<void, io_executor> server::state::accept_connections() {
    io_timer pause(workers.front()->io());
    for (std::size_t turn = 0; acceptor->is_open(); ++turn) {
        worker& target = *workers[turn % workers.size()];
        auto [error, socket] = co_await acceptor->async_accept(target.io(), to_tuple);
        if (!error) {
            target.adopt(std::move(socket), connection_ticket(count, setup.options.connections_max));
        } else if (acceptor->is_open() && error != asio::error::connection_aborted) {
            setup.log.warn("http_accept_failed", {{"reason", error.message()}});
            pause.expires_after(accept_pause);
            co_await pause.async_wait(to_tuple);
        }
    }
}

server::server(server_options options, handler on_request, logger& log, entropy& random,
               error_renderer on_error)
    : state_(std::make_unique<state>(std::move(options), std::move(on_request), log, random,
                                     std::move(on_error))) {}

server::~server() {
    stop(0);
}

result<void> server::start() {
    const std::lock_guard lock(state_->mutex);
    if (state_->started)
        return failure(invalid_argument(), "a server starts once only");
    server_setup& setup = state_->setup;
    TRIBUTARY_TRY_ASSIGN(proxies, trusted_proxies::parse(setup.options.trusted_proxies));
    setup.proxies = std::move(proxies);
    TRIBUTARY_TRY_ASSIGN(tls, make_tls(setup.options));
    state_->tls = std::move(tls);
    state_->workers.clear();
    for (unsigned index = 0; index < std::max(setup.options.threads, 1u); ++index)
        state_->workers.push_back(std::make_unique<worker>(setup, state_->random, state_->tls.get()));
    TRIBUTARY_TRY(state_->listen());
    state_->started = true;
    asio::co_spawn(state_->workers.front()->io(), state_->accept_connections(), asio::detached);
    for (const auto& each : state_->workers)
        each->start();
    return {};
}

std::uint16_t server::port() const noexcept {
    return state_->port;
}

void server::stop(int grace_ms) {
    const std::lock_guard lock(state_->mutex);
    if (!state_->started || state_->stopped)
        return;
    state_->stopped = true;
    asio::post(state_->workers.front()->io(), [this] {
        error_code ignored;
        state_->acceptor->close(ignored);
    });
    for (const auto& each : state_->workers)
        each->drain();
    state_->count.wait_until_none(std::chrono::milliseconds(grace_ms));
    for (const auto& each : state_->workers)
        each->close_all();
    for (const auto& each : state_->workers)
        each->join();
}

server_statistics server::statistics() const {
    server_statistics sum;
    if (!state_->started)
        return sum;
    sum.connections_open = state_->count.served();
    for (const auto& each : state_->workers)
        each->counters().add_to(sum);
    return sum;
}

} // namespace tributary::http
