#pragma once

#include <tributary/http/message.hpp>

#include <ctime>
#include <string>
#include <string_view>

namespace tributary::http {

/// What the server adds to an answer.
struct response_framing {
    bool head_only = false; ///< The request was HEAD: everything but the body.
    bool http_1_0 = false;  ///< Such a client must be told that the connection stays open.
    bool keep_alive = true;
    std::string_view request_id = {};
    std::string_view date = {};
    std::string_view server_name = {};
};

/// Can this answer be sent as it is? False for a status outside 200 to 599 and for a name or value that would
/// break the framing, for example a line break that a handler copied from a query into Location.
bool is_sendable(const response& answer) noexcept;

/// Does a handler ask for the connection to be closed?
bool asks_to_close(const response& answer) noexcept;

/// Appends the answer as HTTP/1.1 text. Fields that the server owns (Content-Length, Transfer-Encoding,
/// Connection, Keep-Alive, Date, Server, X-Request-Id) are taken from the framing, never from the answer.
/// @pre is_sendable(answer)
void append_response(std::string& out, const response& answer, const response_framing& framing);

std::string_view reason_phrase(int status) noexcept;

/// The Date field's value (RFC 9110, 5.6.7), formatted once a second. Not thread-safe.
class date_text {
  public:
    std::string_view at(std::time_t now);

  private:
    std::time_t formatted_for_ = -1;
    std::string text_;
};

} // namespace tributary::http
