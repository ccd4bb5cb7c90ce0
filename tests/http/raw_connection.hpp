#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tributary::http::test {

/// An answer as it came over the wire. Status 0: the connection ended before one was complete.
struct raw_answer {
    int status = 0;
    std::string head; ///< Status line and fields, with line ends.
    std::string body;

    /// The value of a field, or "" when it is absent.
    std::string field(std::string_view name) const;
};

/// A blocking TCP connection to 127.0.0.1 that sends exactly the bytes it is told to. Every wait ends after
/// a minute, so that a broken server fails a test and does not hang it.
class raw_connection {
  public:
    explicit raw_connection(std::uint16_t port);
    explicit raw_connection(int accepted_socket);
    ~raw_connection();
    raw_connection(const raw_connection&) = delete;
    raw_connection& operator=(const raw_connection&) = delete;

    /// False when the peer has closed the connection.
    bool send(std::string_view bytes);
    void close_sending();
    /// @param head_only the answer to HEAD: Content-Length is not followed by a body.
    raw_answer read_answer(bool head_only = false);
    /// All bytes up to the end of the connection; appends "[timeout]" when there is none.
    std::string read_to_end();
    /// Reads up to and including `mark`; what came by then when the connection ends.
    std::string read_past(std::string_view mark);
    /// Does the peer end the connection within this time, without sending more?
    bool ends_within(int timeout_ms);
    /// Does anything come within this time?
    bool receives_within(int timeout_ms);
    /// Makes the kernel take little, so that the peer has to wait.
    void shrink_receive_buffer();

  private:
    bool read_more(int timeout_ms);

    int socket_;
    std::string buffer_;
    bool timed_out_ = false;
};

/// A listening socket on a free port of 127.0.0.1.
class raw_listener {
  public:
    raw_listener();
    ~raw_listener();
    raw_listener(const raw_listener&) = delete;
    raw_listener& operator=(const raw_listener&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    /// The socket of the next client, -1 after a minute without one.
    int accept();

  private:
    int socket_;
    std::uint16_t port_ = 0;
};

} // namespace tributary::http::test
