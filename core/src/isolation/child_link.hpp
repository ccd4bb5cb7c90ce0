#pragma once

#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <deque>
#include <initializer_list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "isolation/frame.hpp"

namespace tributary::isolation {

/// A frame that owns its payload. Wiped when it dies: secrets of connections come with calls.
struct owned_frame {
    frame_kind kind{};
    std::uint64_t id = 0;
    std::string payload;

    explicit owned_frame(const frame& from) : kind(from.kind), id(from.id), payload(from.payload) {}
    owned_frame(owned_frame&&) = default;
    owned_frame& operator=(owned_frame&&) = default;
    owned_frame(const owned_frame&) = delete;
    owned_frame& operator=(const owned_frame&) = delete;
    ~owned_frame() { ::explicit_bzero(payload.data(), payload.size()); }
};

/// The plugin's end of the socket. Thread-safe.
///
/// There is no thread that reads: one of those that wait does, and hands over what is not for itself. So a
/// call needs no switch of threads between the socket and the plugin. When the host is gone the process ends.
class child_link {
  public:
    explicit child_link(int fd) noexcept : fd_(fd) {}

    /// The next call, whoever asks first.
    owned_frame next_call();
    /// The answer to a lookup or to a question to a service.
    owned_frame wait_for(frame_kind kind, std::uint64_t id);
    void send(frame_kind kind, std::uint64_t id, std::initializer_list<std::string_view> payload);
    std::uint64_t make_id();

  private:
    template <class Take> owned_frame wait(Take take);
    void read(std::unique_lock<std::mutex>& lock);

    const int fd_;
    std::mutex write_mutex_;
    std::mutex mutex_; ///< of what follows
    std::condition_variable changed_;
    bool reading_ = false; ///< one of the waiting threads has incoming_ for itself
    frame_buffer incoming_;
    std::deque<owned_frame> calls_;
    std::map<std::pair<frame_kind, std::uint64_t>, owned_frame> answers_;
    std::uint64_t next_id_ = 1;
};

} // namespace tributary::isolation
