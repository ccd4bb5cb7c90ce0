#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "http/reply_box.hpp"
#include "http/session_services.hpp"

namespace tributary::http {

namespace asio = boost::asio;
/// The concrete executor: Asio's default wraps any executor, at a price on every operation.
using io_executor = asio::io_context::executor_type;
using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, io_executor>;
using io_timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                            asio::wait_traits<std::chrono::steady_clock>, io_executor>;

class connection;

/// How many connections all workers have, so that there is a limit and stop() can wait for the last one.
/// Thread-safe.
class connection_count {
  public:
    /// Those that are served. Others were one too many and are only told so.
    std::size_t served() const noexcept { return served_.load(); }
    /// False when no connection was left in time.
    bool wait_until_none(std::chrono::milliseconds at_most);

  private:
    friend class connection_ticket;
    std::atomic<std::size_t> served_ = 0;
    std::atomic<std::size_t> all_ = 0;
    std::mutex mutex_;
    std::condition_variable none_;
};

/// The place that one connection takes, from accept() to its end.
class connection_ticket {
  public:
    connection_ticket(connection_count& count, std::size_t served_max) noexcept;
    connection_ticket(connection_ticket&& other) noexcept
        : count_(std::exchange(other.count_, nullptr)), served_(other.served_) {}
    connection_ticket& operator=(connection_ticket&&) = delete;
    ~connection_ticket();

    bool served() const noexcept { return served_; }

  private:
    connection_count* count_;
    bool served_;
};

/// One thread with its event loop and its connections. A connection never changes its worker, so that nothing
/// within a connection needs a lock.
class worker {
  public:
    /// @param tls null: plain HTTP.
    worker(const server_setup& setup, entropy& random, asio::ssl::context* tls);
    ~worker();
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;

    void start();
    /// From any thread: takes over a fresh socket, if only to tell it that there are too many.
    void adopt(tcp_socket socket, connection_ticket ticket);
    /// From any thread: no new requests; closes what is idle.
    void drain();
    /// From any thread: closes everything.
    void close_all();
    /// Lets the thread end when its last connection has ended, and waits for that.
    void join();

    asio::io_context& io() noexcept { return io_; }
    const server_counters& counters() const noexcept { return services_.counters; }

    // For connections, on the worker's thread.
    session_services& services() noexcept { return services_; }
    const std::shared_ptr<reply_box>& replies() const noexcept { return replies_; }
    asio::ssl::context* tls() const noexcept { return tls_; }
    void note_time() noexcept;
    std::list<connection*>::iterator enlist(connection& joined, bool served);
    void delist(std::list<connection*>::iterator place, bool served) noexcept;

  private:
    void run() noexcept;
    void open(tcp_socket socket, connection_ticket ticket);
    void schedule_tick();
    void on_tick();
    template <class Action> void for_each_connection(Action action);

    session_services services_;
    asio::ssl::context* tls_;
    std::list<connection*> connections_;
    std::size_t refused_open_ = 0;
    asio::io_context io_{1}; ///< One thread runs it, which spares Asio some locks.
    asio::executor_work_guard<io_executor> work_;
    std::shared_ptr<reply_box> replies_;
    io_timer tick_;
    bool ticking_ = false;
    std::thread thread_;
};

} // namespace tributary::http
