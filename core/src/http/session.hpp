#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "http/answer_queue.hpp"
#include "http/chunked_body.hpp"
#include "http/input_buffer.hpp"
#include "http/request_head.hpp"
#include "http/session_services.hpp"

namespace tributary::http {

/// Makes the responders, which must know how an answer from another thread finds back to its connection.
class responder_source {
  public:
    virtual responder make_responder(std::uint64_t number) = 0;

  protected:
    ~responder_source() = default;
};

/// Who is at the other end.
struct peer {
    std::string address;
    bool trusted_proxy = false;
    bool tls = false;
};

/// HTTP/1.1 on one connection without the connection: bytes and time go in, bytes and calls of the handler
/// come out.
///
/// Whoever owns it moves bytes between it and a socket and closes the socket when it says so. Not
/// thread-safe. The handler may answer while it is called, so process() and complete() nest.
class session {
  public:
    /// What process() would need to go on.
    enum class need { input, room, nothing };

    session(session_services& services, responder_source& responders, peer remote);

    /// Where to put received bytes, then how many came.
    std::span<char> prepare_input();
    void commit_input(std::size_t count) noexcept { input_.commit(count); }
    /// The client will send no more; what it asked for is still answered.
    void end_of_input() noexcept { reading_ = false; }

    /// Reads all complete requests that are there and gives them to the handler.
    /// @return input: bytes; room: an answer or output taken away; nothing: no request will be read any more.
    need process();
    /// An answer of the handler; nothing: it dropped the responder.
    void complete(std::uint64_t number, std::optional<response>&& answer);
    /// Applies the timeouts. False when the connection has been idle for too long and is to be closed.
    [[nodiscard]] bool on_time();
    /// Output was written, so that the connection is not idle.
    void on_written() noexcept { idle_since_ = services_.now; }
    /// No new requests. False when there is none to finish and the connection is to be closed.
    [[nodiscard]] bool drain();
    /// Answers an error without reading anything.
    void refuse(const refusal& why);

    /// Answers to be written, in order; the owner takes them.
    std::string& output() noexcept { return answers_.output(); }
    /// May another request be read ahead?
    bool has_room() const noexcept;
    /// No request will be read and none awaits its answer.
    bool finished() const noexcept { return !reading_ && answers_.empty(); }

  private:
    enum class phase { idle, head, body };

    bool step();
    bool read_head();
    bool accept_head(std::size_t size);
    bool read_body();
    void announce_continue();
    void dispatch();
    void set_client();
    void refuse_malformed(const refusal& why);

    session_services& services_;
    responder_source& responders_;
    peer peer_;
    input_buffer input_;
    answer_queue answers_;
    phase phase_ = phase::idle;
    steady_ms phase_deadline_ = 0;
    steady_ms idle_since_ = 0;
    bool reading_ = true;
    bool blank_line_skipped_ = false;
    bool continue_owed_ = false;
    head_scanner scanner_;
    request_head head_;
    std::optional<chunked_decoder> chunks_;
};

} // namespace tributary::http
