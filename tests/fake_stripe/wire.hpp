#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <mutex>
#include <thread>

namespace tributary::fake_stripe {

/// What lies between clients and the fake's HTTP server: the server answers whole and at once, as it should;
/// late answers, cut ones and closed connections are made here, where the bytes pass.
///
/// Listens on 127.0.0.1; a thread for each connection, as few clients ask a fake at a time.
class wire {
  public:
    /// @param port    0: any free one.
    /// @param server  port of the HTTP server behind.
    /// @throws std::system_error when it cannot listen.
    wire(std::uint16_t port, std::uint16_t server);
    /// Ends all connections.
    ~wire();
    wire(const wire&) = delete;
    wire& operator=(const wire&) = delete;

    std::uint16_t port() const noexcept { return port_; }

  private:
    struct connection {
        std::thread thread;
        std::atomic<bool> ended = false;
    };

    void accept_connections();
    void pass(int client) const;
    void forget_ended();

    std::uint16_t server_;
    std::uint16_t port_ = 0;
    int listening_ = -1;
    std::atomic<bool> stopping_ = false;
    std::list<connection> connections_; ///< of the accepting thread, and of the destructor after it
    std::thread accepting_;
};

} // namespace tributary::fake_stripe
