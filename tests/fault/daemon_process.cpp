#include "fault/daemon_process.hpp"

#include <arpa/inet.h>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <netinet/in.h>
#include <signal.h>
#include <sstream>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace tributary::test {

daemon_process::~daemon_process() {
    kill_hard();
}

std::string daemon_process::log() const {
    std::ifstream file(directory_ / "daemon.log");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

void daemon_process::start() {
    const std::filesystem::path log_file = directory_ / "daemon.log";
    std::filesystem::remove(log_file);
    std::vector<std::string> variables;
    for (const auto& [name, value] : environment_)
        variables.push_back(name + "=" + value);
    std::vector<char*> pointers;
    for (std::string& one : variables)
        pointers.push_back(one.data());
    pointers.push_back(nullptr);
    child_ = ::fork();
    if (child_ == 0) {
        const int log_descriptor = ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        ::dup2(log_descriptor, 2);
        if (::chdir(directory_.c_str()) != 0)
            ::_exit(127);
        char name[] = "tributaryd";
        char* arguments[] = {name, nullptr};
        ::execve(TRIBUTARY_DAEMON, arguments, pointers.data());
        ::_exit(127);
    }
    constexpr std::string_view marker = "event=listening public=127.0.0.1:";
    for (int attempt = 0; attempt < 1000; ++attempt) {
        const std::string text = log();
        const std::size_t at = text.find(marker);
        if (at != std::string::npos && text.find('\n', at) != std::string::npos) {
            port_ = static_cast<std::uint16_t>(std::atoi(text.c_str() + at + marker.size()));
            constexpr std::string_view admin_marker = "admin=127.0.0.1:";
            admin_port_ = static_cast<std::uint16_t>(
                std::atoi(text.c_str() + text.find(admin_marker, at) + admin_marker.size()));
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    throw std::runtime_error("the daemon does not listen: " + log());
}

void daemon_process::kill_hard() {
    if (child_ <= 0)
        return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = -1;
}

int daemon_process::wait(int seconds) {
    for (int attempt = 0; attempt < seconds * 100; ++attempt) {
        int status = 0;
        if (::waitpid(child_, &status, WNOHANG) == child_) {
            child_ = -1;
            return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    throw std::runtime_error("the daemon does not end: " + log());
}

int daemon_process::stop() {
    ::kill(child_, SIGTERM);
    int status = 0;
    ::waitpid(child_, &status, 0);
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

post_connection::post_connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // A refused connection shows at the first post.
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(socket_);
        socket_ = -1;
    }
}

post_connection::~post_connection() {
    if (socket_ >= 0)
        ::close(socket_);
}

int post_connection::post(const std::string& path, const std::string& header, const std::string& body) {
    return send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + header +
                "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

int post_connection::get(const std::string& path) {
    return send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
}

int post_connection::send(const std::string& request) {
    if (socket_ < 0 ||
        ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
        return 0;
    std::string& answer = answer_;
    answer.clear();
    while (true) {
        const std::size_t end = answer.find("\r\n\r\n");
        if (end != std::string::npos) {
            const std::size_t length_at = answer.find("Content-Length: ");
            const std::size_t length =
                length_at < end ? std::strtoul(answer.c_str() + length_at + 16, nullptr, 10) : 0;
            if (answer.size() >= end + 4 + length)
                return std::atoi(answer.c_str() + std::strlen("HTTP/1.1 "));
        }
        char buffer[4096];
        const ssize_t received = ::recv(socket_, buffer, sizeof buffer, 0);
        if (received <= 0)
            return 0;
        answer.append(buffer, static_cast<std::size_t>(received));
    }
}

} // namespace tributary::test
