#include "http/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <type_traits>
#include <utility>

namespace tributary::http {
namespace {

constexpr steady_ms linger_ms = 2'000; // For a client that still sends while it is told that this is over.
constexpr steady_ms linger_draining_ms = 200; // Nobody should hold up the daemon's end by not closing.
constexpr std::size_t discarded_bytes_max = 16 * 1024 * 1024;
constexpr std::size_t kept_output_bytes_max = 64 * 1024;

constexpr auto to_tuple = asio::as_tuple(asio::use_awaitable_t<io_executor>());

constexpr refusal too_many_connections{503, "too_many_connections", "Too many connections; try again later."};

} // namespace

connection::connection(worker& owner, peer remote, connection_ticket ticket)
    : ticket_(std::move(ticket)), worker_(owner), services_(owner.services()),
      session_(owner.services(), *this, std::move(remote)), change_(owner.io()),
      place_(owner.enlist(*this, ticket_.served())),
      handshake_deadline_(services_.now + services_.options.header_timeout_ms) {
    if (!ticket_.served())
        session_.refuse(too_many_connections);
}

connection::~connection() {
    worker_.delist(place_, ticket_.served());
}

responder connection::make_responder(std::uint64_t number) {
    auto right = std::make_shared<reply_right>(worker_.replies(), weak_from_this(), number);
    return [right = std::move(right)](response answer) { right->answer(std::move(answer)); };
}

void connection::take_reply(std::uint64_t number, std::optional<response>&& answer) {
    if (!closed_)
        session_.complete(number, std::move(answer));
}

void connection::replies_taken() {
    if (advancing_)
        return; // advance() writes everything out together.
    flush();
    signal_change();
}

void connection::on_handshake_failed(error_code error) {
    services_.log.debug("http_handshake_failed", {{"reason", error.message()}});
    close();
}

connection::wish connection::advance() {
    while (!closed_) {
        advancing_ = true;
        const auto need = session_.process();
        advancing_ = false;
        flush();
        if (closed_)
            break;
        switch (need) {
        case session::need::input: return wish::read;
        case session::need::room:
            if (!session_.has_room())
                return wish::wait;
            break; // flush() has made room.
        case session::need::nothing: return ending_ && !input_ended_ ? wish::read : wish::wait;
        }
    }
    return wish::end;
}

void connection::on_received(std::size_t count) {
    worker_.note_time();
    session_.commit_input(count);
    if (!ending_)
        return;
    discarded_bytes_ += count;
    if (discarded_bytes_ > discarded_bytes_max)
        close();
}

void connection::on_read_failed(bool end_of_stream) {
    worker_.note_time();
    input_ended_ = true;
    session_.end_of_input();
    // Who only closed its sending side still gets its answers.
    if (!end_of_stream || ending_)
        close();
}

void connection::flush() {
    if (writing_ || closed_ || handshaking_)
        return;
    std::string& output = session_.output();
    if (!output.empty()) {
        error_code error;
        const std::size_t written = write_now(output, error);
        if (error) {
            close();
            return;
        }
        if (written < output.size()) {
            sending_.swap(output);
            sent_ = written;
            writing_ = true;
            worker_.note_time(); // The handler may have taken its time, which is not the client's.
            write_deadline_ = services_.now + services_.options.write_timeout_ms;
            start_write();
            return;
        }
        output.clear();
        if (output.capacity() > kept_output_bytes_max)
            output.shrink_to_fit();
        session_.on_written();
    }
    finish_if_done();
}

void connection::on_sent(error_code error, std::size_t count) {
    worker_.note_time();
    if (error) {
        close();
        return;
    }
    sent_ += count;
    write_deadline_ = services_.now + services_.options.write_timeout_ms;
    if (sent_ < sending_.size()) {
        start_write();
        return;
    }
    writing_ = false;
    sent_ = 0;
    sending_.clear();
    if (sending_.capacity() > kept_output_bytes_max)
        sending_.shrink_to_fit();
    session_.on_written();
    flush();
    signal_change();
}

void connection::finish_if_done() {
    if (ending_ || closed_)
        return;
    if (session_.finished()) {
        ending_ = true;
        linger_deadline_ = services_.now + (services_.draining ? linger_draining_ms : linger_ms);
        start_shutdown();
        signal_change();
    } else if (services_.draining && !session_.drain()) {
        close();
    }
}

/// Closing at once would answer bytes still under way with a reset, which may overtake our answer and destroy
/// it. So the connection is read until the client closes it, within limits.
void connection::on_shut_down() {
    if (input_ended_)
        close();
}

void connection::on_tick() {
    const steady_ms now = services_.now;
    if (closed_)
        return;
    if ((handshaking_ && now >= handshake_deadline_) || (writing_ && now >= write_deadline_)) {
        server_counters::add(services_.counters.timeouts);
        close();
    } else if (ending_ ? now >= linger_deadline_ : !handshaking_ && !session_.on_time() && !writing_) {
        close();
    } else {
        flush();
        signal_change();
    }
}

void connection::drain() {
    if (closed_)
        return;
    if (handshaking_ || (!session_.drain() && !writing_)) {
        close();
    } else {
        flush();
        signal_change();
    }
}

void connection::close() {
    if (closed_)
        return;
    closed_ = true;
    close_socket();
    signal_change();
}

asio::awaitable<void, io_executor> connection::wait_for_change() {
    waiting_ = true;
    change_.expires_at(std::chrono::steady_clock::time_point::max());
    co_await change_.async_wait(to_tuple);
    waiting_ = false;
}

void connection::signal_change() {
    if (waiting_)
        change_.cancel();
}

namespace {

using tls_stream = asio::ssl::stream<tcp_socket>;

template <class Stream> class stream_connection final : public connection {
    static constexpr bool is_tls = std::is_same_v<Stream, tls_stream>;

  public:
    template <class... StreamArguments>
    stream_connection(worker& owner, peer remote, connection_ticket ticket, StreamArguments&&... arguments)
        : connection(owner, std::move(remote), std::move(ticket)),
          stream_(std::forward<StreamArguments>(arguments)...) {}

    std::shared_ptr<stream_connection> self() {
        return std::static_pointer_cast<stream_connection>(shared_from_this());
    }

    /// Reads until the connection ends.
    /// @param kept_alive this connection.
    asio::awaitable<void, io_executor> run([[maybe_unused]] std::shared_ptr<connection> kept_alive) {
        if constexpr (is_tls) {
            const auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, to_tuple);
            if (error)
                on_handshake_failed(error);
        }
        handshake_done();
        for (wish next = advance(); next != wish::end; next = advance()) {
            if (next == wish::wait) {
                co_await wait_for_change();
                continue;
            }
            const auto room = protocol().prepare_input();
            const auto [error, count] =
                co_await stream_.async_read_some(asio::buffer(room.data(), room.size()), to_tuple);
            if (error)
                on_read_failed(error == asio::error::eof);
            else
                on_received(count);
        }
    }

  private:
    std::size_t write_now(const std::string& output, error_code& error) override {
        if constexpr (is_tls) {
            // Without waiting, TLS could not finish a record that the kernel takes in part only.
            return 0;
        } else {
            const std::size_t written = stream_.write_some(asio::buffer(output), error);
            if (error == asio::error::would_block)
                error = {};
            return written;
        }
    }

    void start_write() override {
        const auto bytes = unsent();
        stream_.async_write_some(
            asio::buffer(bytes.data(), bytes.size()),
            [kept = self()](error_code error, std::size_t count) { kept->on_sent(error, count); });
    }

    void start_shutdown() override {
        if constexpr (is_tls) {
            stream_.async_shutdown([kept = self()](error_code) { kept->shut_down_socket(); });
        } else {
            shut_down_socket();
        }
    }

    void shut_down_socket() {
        error_code ignored;
        stream_.lowest_layer().shutdown(asio::socket_base::shutdown_send, ignored);
        on_shut_down();
    }

    void close_socket() noexcept override {
        error_code ignored;
        stream_.lowest_layer().close(ignored);
    }

    Stream stream_;
};

template <class Stream> void spawn(worker& owner, std::shared_ptr<stream_connection<Stream>> fresh) {
    asio::co_spawn(owner.io(), fresh->run(fresh), [fresh, &owner](std::exception_ptr failed) {
        fresh->close();
        try {
            if (failed)
                std::rethrow_exception(failed);
        } catch (const std::exception& error) {
            owner.services().log.error("http_connection_failed", {{"reason", error.what()}});
        }
    });
}

} // namespace

void start_connection(worker& owner, tcp_socket socket, peer remote, connection_ticket ticket) {
    if (owner.tls() != nullptr) {
        spawn(owner, std::make_shared<stream_connection<tls_stream>>(
                         owner, std::move(remote), std::move(ticket), std::move(socket), *owner.tls()));
    } else {
        spawn(owner, std::make_shared<stream_connection<tcp_socket>>(owner, std::move(remote),
                                                                     std::move(ticket), std::move(socket)));
    }
}

} // namespace tributary::http
