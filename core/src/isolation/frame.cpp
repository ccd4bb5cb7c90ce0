#include "isolation/frame.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "isolation/wire.hpp"

namespace tributary::isolation {
namespace {

constexpr std::size_t receive_bytes = std::size_t{64} << 10;

/// Waits until the socket takes bytes again.
bool wait_writable(int fd, std::chrono::steady_clock::time_point deadline) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0)
        return false;
    pollfd waited{fd, POLLOUT, 0};
    const int ready = ::poll(&waited, 1, static_cast<int>(std::min<std::int64_t>(left.count() + 1, 60'000)));
    return ready >= 0 || errno == EINTR;
}

} // namespace

void frame_buffer::make_room(std::size_t bytes) {
    if (used_ > 0) {
        std::memmove(bytes_.data(), bytes_.data() + used_, filled_ - used_);
        filled_ -= used_;
        used_ = 0;
    }
    // Grows with what arrives, never with what was announced.
    if (bytes_.size() - filled_ < bytes)
        bytes_.resize(std::max(filled_ + bytes, 2 * filled_));
}

std::ptrdiff_t frame_buffer::receive(int fd) {
    make_room(receive_bytes);
    const ssize_t count = ::recv(fd, bytes_.data() + filled_, receive_bytes, 0);
    filled_ += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
    return count;
}

void frame_buffer::feed(std::string_view bytes) {
    make_room(bytes.size());
    std::memcpy(bytes_.data() + filled_, bytes.data(), bytes.size());
    filled_ += bytes.size();
}

std::optional<frame> frame_buffer::next() {
    const std::string_view left = std::string_view(bytes_).substr(used_, filled_ - used_);
    if (broken_ || left.size() < frame_head_bytes)
        return std::nullopt;
    std::uint32_t length = 0;
    frame found;
    std::memcpy(&length, left.data(), sizeof length);
    std::memcpy(&found.kind, left.data() + 4, sizeof found.kind);
    std::memcpy(&found.id, left.data() + 5, sizeof found.id);
    if (length > frame_bytes_max) {
        broken_ = true;
        return std::nullopt;
    }
    if (left.size() - frame_head_bytes < length)
        return std::nullopt;
    found.payload = left.substr(frame_head_bytes, length);
    used_ += frame_head_bytes + length;
    return found;
}

bool send_frame(int fd, frame_kind kind, std::uint64_t id, std::initializer_list<std::string_view> payload,
                std::chrono::steady_clock::time_point deadline) {
    std::array<char, frame_head_bytes> head{};
    std::array<iovec, 6> parts{};
    std::size_t count = 1;
    std::uint32_t length = 0;
    for (const std::string_view part : payload) {
        length += static_cast<std::uint32_t>(part.size());
        parts.at(count++) = {const_cast<char*>(part.data()), part.size()};
    }
    std::memcpy(head.data(), &length, sizeof length);
    std::memcpy(head.data() + 4, &kind, sizeof kind);
    std::memcpy(head.data() + 5, &id, sizeof id);
    parts[0] = {head.data(), head.size()};
    std::size_t first = 0;
    while (first < count) {
        msghdr message{};
        message.msg_iov = parts.data() + first;
        message.msg_iovlen = count - first;
        const ssize_t sent = ::sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0) {
            if (errno == EINTR || ((errno == EAGAIN || errno == EWOULDBLOCK) && wait_writable(fd, deadline)))
                continue;
            return false;
        }
        for (auto left = static_cast<std::size_t>(sent); first < count;) {
            if (left < parts[first].iov_len) {
                parts[first].iov_base = static_cast<char*>(parts[first].iov_base) + left;
                parts[first].iov_len -= left;
                break;
            }
            left -= parts[first].iov_len;
            ++first;
        }
    }
    return true;
}

} // namespace tributary::isolation
