#include "fake_stripe/wire.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

#include "fake_stripe/faults.hpp"

namespace tributary::fake_stripe {
namespace {

constexpr int look_up_ms = 50; // How long a destructor waits at most for a thread to notice.

/// A descriptor that is closed at the end.
class socket_owner {
  public:
    explicit socket_owner(int socket) : socket_(socket) {}
    ~socket_owner() {
        if (socket_ >= 0)
            ::close(socket_);
    }
    socket_owner(const socket_owner&) = delete;
    socket_owner& operator=(const socket_owner&) = delete;
    int get() const noexcept { return socket_; }

  private:
    int socket_;
};

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int connect_to(std::uint16_t port) {
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    if (::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(made);
        return -1;
    }
    const int yes = 1;
    ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return made;
}

bool send_all(int to, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool receive(int from, std::string& into) {
    char bytes[16 * 1024];
    const ssize_t count = ::recv(from, bytes, sizeof bytes, 0);
    if (count <= 0)
        return false;
    into.append(bytes, static_cast<std::size_t>(count));
    return true;
}

/// Of a field in an answer's head; the fake's server writes names as we ask for them.
std::string_view field(std::string_view head, std::string_view name) {
    const std::string start = "\r\n" + std::string(name) + ": ";
    const std::size_t at = head.find(start);
    if (at == std::string_view::npos)
        return {};
    head.remove_prefix(at + start.size());
    return head.substr(0, head.find("\r\n"));
}

std::size_t number(std::string_view text) {
    std::size_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// The first whole answer in `bytes`, taken off it; "" while there is none.
std::string take_answer(std::string& bytes) {
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == std::string::npos)
        return {};
    const std::size_t size =
        end + 4 + number(field(std::string_view(bytes).substr(0, end + 2), "Content-Length"));
    if (bytes.size() < size)
        return {};
    std::string answer = bytes.substr(0, size);
    bytes.erase(0, size);
    return answer;
}

/// Sends the answer as its wire header says. False when the connection is to end.
bool deliver(int client, std::string answer, const std::atomic<bool>& stopping) {
    const std::size_t head = answer.find("\r\n\r\n") + 4;
    const std::string how(field(std::string_view(answer).substr(0, head), wire_header));
    if (how.empty())
        return send_all(client, answer);
    const std::string line = std::string(wire_header) + ": " + how + "\r\n";
    answer.erase(answer.find(line), line.size());
    if (how == "closed")
        return false;
    if (how == "cut") {
        const std::size_t body = head - line.size();
        send_all(client, std::string_view(answer).substr(0, body + (answer.size() - body) / 2));
        return false;
    }
    std::size_t left_ms = number(std::string_view(how).substr(how.find(' ') + 1));
    for (; left_ms > 0 && !stopping; left_ms -= std::min<std::size_t>(left_ms, look_up_ms))
        std::this_thread::sleep_for(std::chrono::milliseconds(std::min<std::size_t>(left_ms, look_up_ms)));
    return send_all(client, answer);
}

} // namespace

wire::wire(std::uint16_t port, std::uint16_t server) : server_(server) {
    listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    ::setsockopt(listening_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address = loopback(port);
    socklen_t size = sizeof address;
    if (::bind(listening_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listening_, 64) != 0 ||
        ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        const int error = errno;
        ::close(listening_);
        throw std::system_error(error, std::generic_category(), "port " + std::to_string(port));
    }
    port_ = ntohs(address.sin_port);
    accepting_ = std::thread([this] { accept_connections(); });
}

wire::~wire() {
    stopping_ = true;
    accepting_.join();
    for (connection& each : connections_)
        each.thread.join();
    ::close(listening_);
}

void wire::accept_connections() {
    while (!stopping_) {
        pollfd waiting{listening_, POLLIN, 0};
        if (::poll(&waiting, 1, look_up_ms) > 0) {
            const int client = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
            if (client < 0)
                continue;
            connection& made = connections_.emplace_back();
            made.thread = std::thread([this, client, &made] {
                pass(client);
                made.ended = true;
            });
        }
        forget_ended();
    }
}

void wire::forget_ended() {
    for (auto each = connections_.begin(); each != connections_.end();) {
        if (each->ended) {
            each->thread.join();
            each = connections_.erase(each);
        } else {
            ++each;
        }
    }
}

void wire::pass(int client_socket) const {
    const socket_owner client(client_socket);
    const socket_owner server(connect_to(server_));
    std::string answers;
    std::string asked;
    while (!stopping_ && server.get() >= 0) {
        pollfd both[2] = {{client.get(), POLLIN, 0}, {server.get(), POLLIN, 0}};
        if (::poll(both, 2, look_up_ms) < 0)
            return;
        if (both[0].revents != 0) {
            asked.clear();
            if (!receive(client.get(), asked) || !send_all(server.get(), asked))
                return;
        }
        if (both[1].revents != 0) {
            if (!receive(server.get(), answers))
                return;
            for (std::string answer = take_answer(answers); !answer.empty(); answer = take_answer(answers))
                if (!deliver(client.get(), std::move(answer), stopping_))
                    return;
        }
    }
}

} // namespace tributary::fake_stripe
