#pragma once

#include <tributary/http/message.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tributary::http {

/// Why a message was refused: what to answer. All texts are constants.
struct refusal {
    int status = 400;
    std::string_view code;
    std::string_view message;
};

/// A request up to its empty line, checked, and how its body is framed.
struct request_head {
    request message; ///< Without body, remote_address, scheme and request_id.
    std::uint64_t content_length = 0;
    bool chunked = false;
    bool http_1_0 = false;
    bool keep_alive = true;
    bool expects_continue = false;
};

/// Finds the end of a request head while its bytes trickle in, in linear time over all calls.
///
/// Notices a bare LF as soon as it comes, instead of waiting for an empty line that never will.
class head_scanner {
  public:
    enum class state { incomplete, complete, malformed };

    /// @param bytes all bytes since the head's first one; a prefix may have been seen by an earlier call.
    state scan(std::string_view bytes) noexcept;
    /// Of the complete head, with its empty line.
    std::size_t size() const noexcept { return line_start_; }
    void reset() noexcept { *this = head_scanner(); }

  private:
    std::size_t scanned_ = 0;
    std::size_t line_start_ = 0;
};

/// Parses a complete head, the empty line included (RFC 9112, sections 2 to 6).
///
/// This is our own parser, because one that reads leniently (Beast's joins folded lines and takes a second
/// Host) with a second check in front of it would be two readings of the same bytes, which is the root of
/// request smuggling. There is one reading, and whatever two implementations could read differently is
/// refused: bare CR or LF, NUL and control characters, folded lines, whitespace around field names or within
/// the request line, repeated Host, Content-Length or Transfer-Encoding, Content-Length together with
/// Transfer-Encoding, any transfer coding but `chunked`, Transfer-Encoding in HTTP/1.0, malformed percent
/// escapes and ".." in the path.
///
/// @return nothing when `out` holds the request, otherwise the answer for the client; the connection must
/// then be
///         closed, since where the next request begins is unknown.
/// Thread-safe: pure function.
std::optional<refusal> parse_request_head(std::string_view block, request_head& out);

/// Is this a host with an optional port, as it may stand in Host? Refuses user information, spaces and an
/// empty host.
bool is_authority(std::string_view text) noexcept;

} // namespace tributary::http
