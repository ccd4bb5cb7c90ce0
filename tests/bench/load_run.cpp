#include "load_run.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <deque>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace tributary::bench {
namespace {

using steady = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

/// Owns a file descriptor.
class descriptor {
  public:
    explicit descriptor(int number) : number_(number) {
        if (number < 0)
            fail("a socket or epoll");
    }
    ~descriptor() {
        if (number_ >= 0)
            ::close(number_);
    }
    descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    descriptor& operator=(descriptor&&) = delete;
    int get() const noexcept { return number_; }

  private:
    int number_;
};

struct answer_head {
    int status = 0;
    std::size_t size = 0; ///< Of head and body.
};

/// The answer at the start of `input`, when its head is complete. Only lengths given by Content-Length are
/// understood, which is what the measured servers send; an answer without one has no body.
std::optional<answer_head> read_answer(std::string_view input) {
    const std::size_t end = input.find("\r\n\r\n");
    if (end == std::string_view::npos)
        return std::nullopt;
    answer_head head;
    if (end > 12)
        std::from_chars(input.data() + 9, input.data() + 12, head.status);
    std::size_t body = 0;
    constexpr std::string_view name = "\r\ncontent-length: ";
    for (std::size_t at = input.find("\r\n"); at < end; at = input.find("\r\n", at + 2)) {
        if (at + name.size() < end && strncasecmp(input.data() + at, name.data(), name.size()) == 0)
            std::from_chars(input.data() + at + name.size(), input.data() + end, body);
    }
    head.size = end + 4 + body;
    return head;
}

struct connection {
    descriptor socket;
    std::string_view unsent;
    std::deque<steady::time_point> sent_at; ///< Of requests without an answer, oldest first.
    std::string input;
    bool open = true;
};

descriptor connect_to(std::uint16_t port) {
    descriptor made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        fail("connect");
    const int on = 1;
    if (::setsockopt(made.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
        fail("setsockopt");
    return made;
}

class load {
  public:
    load(const load_options& options, const prepared_requests& requests)
        : options_(options), requests_(requests), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
        connections_.reserve(options.connections);
        for (std::size_t index = 0; index < options.connections; ++index) {
            connections_.push_back({connect_to(options.port), {}, {}, {}, true});
            epoll_event watched{};
            watched.events = EPOLLIN | EPOLLOUT | EPOLLET;
            watched.data.u64 = index;
            if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, connections_.back().socket.get(), &watched) != 0)
                fail("epoll_ctl");
        }
    }

    load_outcome run() {
        const steady::time_point start = steady::now();
        deadline_ = start + options_.duration;
        last_answer_ = start;
        for (connection& each : connections_)
            send_more(each);
        constexpr auto patience = std::chrono::seconds(10);
        std::array<epoll_event, 256> events{};
        while (under_way() > 0 && steady::now() < deadline_ + patience) {
            const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), 100);
            if (count < 0 && errno != EINTR)
                fail("epoll_wait");
            for (int index = 0; index < count; ++index)
                serve(connections_[events[static_cast<std::size_t>(index)].data.u64]);
        }
        outcome_.unanswered = under_way() + lost_;
        outcome_.exhausted = !options_.repeat && next_ == requests_.size();
        outcome_.seconds = std::chrono::duration<double>(last_answer_ - start).count();
        std::ranges::sort(outcome_.latencies_us);
        return std::move(outcome_);
    }

  private:
    std::uint64_t under_way() const { return outcome_.sent - outcome_.acknowledged - outcome_.other - lost_; }

    void serve(connection& on) {
        if (!on.open)
            return;
        receive(on);
        if (on.open)
            send_more(on);
        // What a broken connection was waiting for will not come; the deadline's patience is for the others.
        if (!on.open && !on.sent_at.empty()) {
            lost_ += on.sent_at.size();
            on.sent_at.clear();
        }
    }

    bool take_next(connection& on) {
        if (next_ == requests_.size() && options_.repeat)
            next_ = 0;
        if (on.sent_at.size() >= options_.pipeline || next_ == requests_.size())
            return false;
        const steady::time_point now = steady::now();
        if (now >= deadline_)
            return false;
        on.unsent = requests_.at(next_++);
        on.sent_at.push_back(now);
        ++outcome_.sent;
        return true;
    }

    void send_more(connection& on) {
        while (!on.unsent.empty() || take_next(on)) {
            const ssize_t count =
                ::send(on.socket.get(), on.unsent.data(), on.unsent.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (count < 0 && (errno == EAGAIN || errno == EINTR))
                return;
            if (count < 0)
                return close(on);
            on.unsent.remove_prefix(static_cast<std::size_t>(count));
        }
    }

    void receive(connection& on) {
        std::array<char, 16384> buffer;
        while (true) {
            const ssize_t count = ::recv(on.socket.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
            if (count < 0 && errno == EINTR)
                continue;
            if (count < 0 && errno == EAGAIN)
                return;
            if (count <= 0)
                return close(on);
            on.input.append(buffer.data(), static_cast<std::size_t>(count));
            take_answers(on);
            if (static_cast<std::size_t>(count) < buffer.size())
                return;
        }
    }

    void take_answers(connection& on) {
        std::size_t taken = 0;
        while (!on.sent_at.empty()) {
            const std::string_view rest = std::string_view(on.input).substr(taken);
            const auto answer = read_answer(rest);
            if (!answer || answer->size > rest.size())
                break;
            taken += answer->size;
            last_answer_ = steady::now();
            if (answer->status == options_.expected_status) {
                ++outcome_.acknowledged;
                outcome_.latencies_us.push_back(static_cast<std::uint32_t>(
                    std::chrono::duration_cast<std::chrono::microseconds>(last_answer_ - on.sent_at.front())
                        .count()));
            } else {
                ++outcome_.other;
            }
            on.sent_at.pop_front();
        }
        on.input.erase(0, taken);
    }

    void close(connection& on) {
        on.open = false;
        ++outcome_.broken;
    }

    const load_options& options_;
    const prepared_requests& requests_;
    descriptor epoll_;
    std::vector<connection> connections_;
    steady::time_point deadline_;
    steady::time_point last_answer_;
    std::size_t next_ = 0;
    std::uint64_t lost_ = 0; ///< Requests whose connection broke before the answer.
    load_outcome outcome_;
};

} // namespace

load_outcome run_load(const load_options& options, const prepared_requests& requests) {
    return load(options, requests).run();
}

} // namespace tributary::bench
