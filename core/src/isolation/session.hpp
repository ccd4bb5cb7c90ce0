#pragma once

#include <tributary/base/result.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "isolation/child_process.hpp"
#include "isolation/forwarded.hpp"
#include "isolation/frame.hpp"
#include "isolation/turn.hpp"

namespace tributary::isolation {

/// What a caller does when the plugin asks back in the middle of its call.
/// @return false when the question cannot be read.
using lookup_function = std::function<bool(std::string_view question, writer& answer)>;

/// What a call came back with.
struct reply {
    bool arrived = false;
    bool asked = true;   ///< not arrived: had it been asked, so that it may have ended over it?
    std::string payload; ///< of the result
    std::string why;     ///< not arrived: how the process ended
};

/// One plugin process from its start to its end, and the calls under way in it.
///
/// call() and kill() from any thread; the rest belongs to the one thread that serves.
class session {
  public:
    using milliseconds = std::chrono::milliseconds;

    session(std::unique_ptr<child_process> child, unique_fd socket, forwarded_services& services);
    ~session();
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    /// Makes a call and waits for its result, at most so long; then the process is killed. The time that a
    /// lookup takes does not count.
    reply call(std::string_view arguments, milliseconds allowed, const lookup_function* lookup);
    /// The same before serve() runs: reads frames on this thread.
    reply call_while_starting(std::string_view arguments, milliseconds allowed);
    /// Reads frames until the process has ended, or has been silent for so long, or has broken a rule.
    void serve(milliseconds silence_max);
    /// Waits for the process's end. @return why it ended.
    std::string wait_for_end(std::int64_t memory_bytes);
    /// Wakes the calls that are under way in a process that has ended, and fails those that follow.
    void fail_calls();
    /// Ends the process. The first reason is kept.
    void kill(std::string why);

    bool is_ending();
    std::int64_t pid() const noexcept { return child_->pid(); }

  private:
    /// A call under way. Shared, so that its caller can be woken without the lock: woken under it, it would
    /// go to sleep again at once.
    struct slot {
        enum class state { waiting, asked, answered, ended };
        std::condition_variable wake;
        state is = state::waiting;
        bool may_ask = false;
        std::string payload;
    };

    std::uint64_t enter(const std::shared_ptr<slot>& mine);
    void leave(std::uint64_t id);
    bool send(frame_kind kind, std::uint64_t id, std::string_view payload,
              std::chrono::steady_clock::time_point deadline);
    bool answer_lookup(std::uint64_t id, std::string_view question, const lookup_function& lookup,
                       std::chrono::steady_clock::time_point deadline);
    bool read_frames();
    std::string receive(const frame& got);
    std::string deliver(const frame& got, slot::state is);
    std::string answer_service(const frame& got);
    void set_receive_timeout(milliseconds limit);

    std::unique_ptr<child_process> child_;
    unique_fd socket_;
    forwarded_services& services_;
    frame_buffer incoming_;
    turnstile writing_;
    std::mutex mutex_; ///< of what follows
    std::unordered_map<std::uint64_t, std::shared_ptr<slot>> slots_;
    std::uint64_t next_id_ = 1;
    bool ended_ = false;
    std::string why_;
};

} // namespace tributary::isolation
