#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>

namespace tributary {
class logger;
class metrics;
} // namespace tributary

namespace tributary::plugins {

class plugin;

/// Knows which calls of plugins are under way and since when. A plugin whose call came back after the
/// deadline is quarantined; a call that does not come back at all is told to whoever asks. Thread-safe.
class supervisor {
  public:
    using monotonic_ms = std::function<std::int64_t()>;

    /// @param deadline_ms  how long a call may take. @param now  a clock that never jumps.
    supervisor(std::int64_t deadline_ms, monotonic_ms now, logger& log, metrics& counters);

    struct running {
        const plugin* who;
        std::string_view what;
        std::int64_t since;
    };
    using ticket = std::list<running>::iterator;

    ticket begin(const plugin& who, std::string_view what);
    void end(ticket call) noexcept;

    /// The oldest call that has been under way for longer than this.
    struct overdue {
        std::string plugin;
        std::string what;
        std::int64_t for_ms = 0; ///< 0: there is none
    };
    overdue longer_than(std::int64_t ms) const;
    std::int64_t deadline_ms() const noexcept { return deadline_ms_; }
    std::int64_t now_ms() const { return now_(); }

  private:
    std::int64_t deadline_ms_;
    monotonic_ms now_;
    logger& log_;
    metrics& metrics_;
    mutable std::mutex mutex_;
    std::list<running> running_;
};

} // namespace tributary::plugins
