#include "http/worker.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <vector>

#include "http/connection.hpp"

namespace tributary::http {
namespace {

constexpr std::size_t refused_open_max =
    128; // Told politely that there are too many; further ones are cut off.

std::chrono::milliseconds tick_interval(const server_options& options) {
    const int shortest =
        std::min({options.header_timeout_ms, options.body_timeout_ms, options.idle_timeout_ms,
                  options.response_timeout_ms, options.write_timeout_ms});
    return std::chrono::milliseconds(std::clamp(shortest / 8, 5, 250));
}

std::string peer_address(const tcp_socket& socket, ip_bytes& bytes) {
    error_code ignored;
    const auto address = socket.remote_endpoint(ignored).address();
    const auto v6 =
        address.is_v6() ? address.to_v6() : asio::ip::make_address_v6(asio::ip::v4_mapped, address.to_v4());
    bytes = v6.to_bytes();
    return format_ip(bytes);
}

} // namespace

bool connection_count::wait_until_none(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    return none_.wait_for(lock, at_most, [&] { return all_.load() == 0; });
}

connection_ticket::connection_ticket(connection_count& count, std::size_t served_max) noexcept
    : count_(&count) {
    count.all_.fetch_add(1);
    served_ = count.served_.fetch_add(1) < served_max;
    if (!served_)
        count.served_.fetch_sub(1);
}

connection_ticket::~connection_ticket() {
    if (count_ == nullptr)
        return;
    if (served_)
        count_->served_.fetch_sub(1);
    if (count_->all_.fetch_sub(1) != 1)
        return;
    // The lock orders this against a waiter between its look at the count and its sleep.
    const std::lock_guard lock(count_->mutex_);
    count_->none_.notify_all();
}

worker::worker(const server_setup& setup, entropy& random, asio::ssl::context* tls)
    : services_(setup, random), tls_(tls), work_(io_.get_executor()),
      replies_(std::make_shared<reply_box>(setup.log,
                                           [this] {
                                               asio::post(io_, [this] {
                                                   note_time();
                                                   replies_->deliver();
                                               });
                                           })),
      tick_(io_) {
    note_time();
}

worker::~worker() {
    if (thread_.joinable()) {
        close_all();
        join();
    }
    replies_->close();
}

void worker::start() {
    thread_ = std::thread([this] { run(); });
}

void worker::run() noexcept {
    replies_->adopt_thread();
    for (;;) {
        try {
            io_.run();
            return;
        } catch (const std::exception& error) {
            // Of one connection, which its unwinding has closed; the others go on.
            services_.log.error("http_connection_failed", {{"reason", error.what()}});
        }
    }
}

void worker::note_time() noexcept {
    using namespace std::chrono;
    services_.now = duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
    services_.wall_now = tributary::system_clock().now_ms();
}

void worker::adopt(tcp_socket socket, connection_ticket ticket) {
    asio::post(io_, [this, taken = std::move(socket), place = std::move(ticket)]() mutable {
        open(std::move(taken), std::move(place));
    });
}

void worker::open(tcp_socket socket, connection_ticket ticket) {
    note_time();
    server_counters::add(ticket.served() ? services_.counters.connections_accepted
                                         : services_.counters.connections_refused);
    if (services_.draining || (!ticket.served() && refused_open_ >= refused_open_max))
        return;
    ip_bytes bytes{};
    peer remote;
    remote.address = peer_address(socket, bytes);
    remote.trusted_proxy = services_.setup.proxies.contains(bytes);
    remote.tls = tls_ != nullptr;
    error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket.non_blocking(true, ignored);
    start_connection(*this, std::move(socket), std::move(remote), std::move(ticket));
    if (!ticking_)
        schedule_tick();
}

std::list<connection*>::iterator worker::enlist(connection& joined, bool served) {
    refused_open_ += served ? 0 : 1;
    return connections_.insert(connections_.end(), &joined);
}

void worker::delist(std::list<connection*>::iterator place, bool served) noexcept {
    refused_open_ -= served ? 0 : 1;
    connections_.erase(place);
}

/// Of those that are there now; the action may close any of them.
template <class Action> void worker::for_each_connection(Action action) {
    std::vector<std::shared_ptr<connection>> all;
    all.reserve(connections_.size());
    for (connection* const each : connections_) {
        if (auto alive = each->weak_from_this().lock())
            all.push_back(std::move(alive));
    }
    for (const auto& each : all)
        action(*each);
}

void worker::schedule_tick() {
    ticking_ = true;
    tick_.expires_after(tick_interval(services_.options));
    tick_.async_wait([this](error_code error) {
        if (!error)
            on_tick();
    });
}

void worker::on_tick() {
    note_time();
    for_each_connection([](connection& each) { each.on_tick(); });
    // An idle daemon sleeps: without connections nothing can time out.
    if (connections_.empty())
        ticking_ = false;
    else
        schedule_tick();
}

void worker::drain() {
    asio::post(io_, [this] {
        note_time();
        services_.draining = true;
        for_each_connection([](connection& each) { each.drain(); });
    });
}

void worker::close_all() {
    asio::post(io_, [this] {
        services_.draining = true;
        for_each_connection([](connection& each) { each.close(); });
    });
}

void worker::join() {
    asio::post(io_, [this] { tick_.cancel(); });
    work_.reset();
    if (thread_.joinable())
        thread_.join();
}

} // namespace tributary::http
