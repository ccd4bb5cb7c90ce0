#include "http/raw_connection.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "http/grammar.hpp"

namespace tributary::http::test {
namespace {

constexpr int patience_ms = 60'000;

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool readable_within(int socket, int timeout_ms) {
    pollfd wanted{socket, POLLIN, 0};
    return poll(&wanted, 1, timeout_ms) > 0;
}

} // namespace

std::string raw_answer::field(std::string_view name) const {
    std::string_view rest = head;
    while (!rest.empty()) {
        const std::size_t end = rest.find("\r\n");
        std::string_view field_name;
        std::string_view value;
        if (grammar::parse_field_line(rest.substr(0, end), field_name, value) &&
            grammar::equal_ignoring_case(field_name, name))
            return std::string(value);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 2);
    }
    return {};
}

raw_connection::raw_connection(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    const auto address = loopback(port);
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("cannot connect to the server under test");
}

raw_connection::raw_connection(int accepted_socket) : socket_(accepted_socket) {}

raw_connection::~raw_connection() {
    close(socket_);
}

bool raw_connection::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void raw_connection::close_sending() {
    shutdown(socket_, SHUT_WR);
}

bool raw_connection::read_more(int timeout_ms) {
    if (!readable_within(socket_, timeout_ms)) {
        timed_out_ = true;
        return false;
    }
    char bytes[16384];
    const auto count = recv(socket_, bytes, sizeof bytes, 0);
    if (count <= 0)
        return false;
    buffer_.append(bytes, static_cast<std::size_t>(count));
    return true;
}

raw_answer raw_connection::read_answer(bool head_only) {
    raw_answer answer;
    answer.head = read_past("\r\n\r\n");
    if (!answer.head.ends_with("\r\n\r\n"))
        return answer;
    const std::string length = answer.field("Content-Length");
    const std::size_t size = length.empty() || head_only ? 0 : std::stoul(length);
    while (buffer_.size() < size) {
        if (!read_more(patience_ms))
            return answer;
    }
    answer.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    answer.status = std::stoi(answer.head.substr(9, 3));
    return answer;
}

std::string raw_connection::read_to_end() {
    while (read_more(patience_ms)) {
    }
    std::string all;
    all.swap(buffer_);
    return timed_out_ ? all + "[timeout]" : all;
}

std::string raw_connection::read_past(std::string_view mark) {
    std::size_t at = buffer_.find(mark);
    while (at == std::string::npos) {
        if (!read_more(patience_ms))
            return std::exchange(buffer_, {});
        at = buffer_.find(mark);
    }
    std::string taken = buffer_.substr(0, at + mark.size());
    buffer_.erase(0, taken.size());
    return taken;
}

bool raw_connection::ends_within(int timeout_ms) {
    if (!buffer_.empty() || !readable_within(socket_, timeout_ms))
        return false;
    char byte = 0;
    return recv(socket_, &byte, 1, MSG_PEEK) <= 0;
}

bool raw_connection::receives_within(int timeout_ms) {
    return !buffer_.empty() || readable_within(socket_, timeout_ms);
}

void raw_connection::shrink_receive_buffer() {
    const int bytes = 4096;
    setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

raw_listener::raw_listener() : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    auto address = loopback(0);
    socklen_t size = sizeof address;
    if (bind(socket_, reinterpret_cast<const sockaddr*>(&address), size) != 0 || listen(socket_, 16) != 0 ||
        getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error("cannot listen");
    port_ = ntohs(address.sin_port);
}

raw_listener::~raw_listener() {
    close(socket_);
}

int raw_listener::accept() {
    return readable_within(socket_, patience_ms) ? ::accept(socket_, nullptr, nullptr) : -1;
}

} // namespace tributary::http::test
