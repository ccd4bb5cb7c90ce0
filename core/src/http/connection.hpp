#pragma once

#include <boost/asio/awaitable.hpp>

#include <list>
#include <memory>
#include <string>

#include "http/session.hpp"
#include "http/worker.hpp"

namespace tributary::http {

/// One connection: moves bytes between a socket and a session, and decides when the socket is closed.
///
/// One coroutine reads and lets the session work; what is to be written is written at once, as far as the
/// kernel takes it, and the rest when the socket is ready again. Kept alive by that coroutine and by pending
/// writes. Only on its worker's thread.
class connection : public std::enable_shared_from_this<connection>,
                   public responder_source,
                   public reply_receiver {
  public:
    connection(worker& owner, peer remote, connection_ticket ticket);
    virtual ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    responder make_responder(std::uint64_t number) final;
    void take_reply(std::uint64_t number, std::optional<response>&& answer) final;
    void replies_taken() final;

    void on_tick();
    void drain();
    void close();

  protected:
    /// Writes some of the output without waiting, if the transport can; otherwise returns 0.
    virtual std::size_t write_now(const std::string& output, error_code& error) = 0;
    /// Writes some of unsent(), then calls on_sent().
    virtual void start_write() = 0;
    /// Tells the client that no more comes, then calls on_shut_down().
    virtual void start_shutdown() = 0;
    virtual void close_socket() noexcept = 0;

    enum class wish { read, wait, end };
    /// Works on what was read; says what the reading coroutine is to do next.
    wish advance();
    void on_received(std::size_t count);
    void on_read_failed(bool end_of_stream);
    void on_sent(error_code error, std::size_t count);
    std::string_view unsent() const noexcept { return std::string_view(sending_).substr(sent_); }
    void on_shut_down();
    void on_handshake_failed(error_code error);
    void handshake_done() noexcept { handshaking_ = false; }

    bool closed() const noexcept { return closed_; }
    session& protocol() noexcept { return session_; }
    asio::awaitable<void, io_executor> wait_for_change();

  private:
    void flush();
    void finish_if_done();
    void signal_change();

    connection_ticket ticket_; ///< Goes last, when nothing of the connection is left.
    worker& worker_;
    session_services& services_;
    session session_;
    io_timer change_;
    std::list<connection*>::iterator place_;
    steady_ms handshake_deadline_;
    steady_ms write_deadline_ = 0;
    steady_ms linger_deadline_ = 0;
    std::size_t discarded_bytes_ = 0;
    std::string sending_; ///< Unchanged while a write is under way.
    std::size_t sent_ = 0;
    bool handshaking_ = true;
    bool advancing_ = false;
    bool waiting_ = false;
    bool writing_ = false;
    bool ending_ = false; ///< All is written; our side is being shut down.
    bool input_ended_ = false;
    bool closed_ = false;
};

/// Starts serving the socket; plain or TLS as the worker is set up.
void start_connection(worker& owner, tcp_socket socket, peer remote, connection_ticket ticket);

} // namespace tributary::http
