#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace tributary::isolation {

/// One after the other, each waiting only so long. A std::timed_mutex would do, but the thread sanitizer of
/// g++ 12 does not see how that is locked until a moment of the steady clock, and reports every unlock.
class turnstile {
  public:
    bool enter(std::chrono::steady_clock::time_point until) {
        std::unique_lock lock(mutex_);
        if (!free_.wait_until(lock, until, [this] { return !taken_; }))
            return false;
        taken_ = true;
        return true;
    }
    void leave() {
        {
            const std::lock_guard lock(mutex_);
            taken_ = false;
        }
        free_.notify_one();
    }

  private:
    std::mutex mutex_;
    std::condition_variable free_;
    bool taken_ = false;
};

/// A turn that ends with its scope.
class turn {
  public:
    turn(turnstile& at, std::chrono::steady_clock::time_point until) : at_(at), mine_(at.enter(until)) {}
    ~turn() {
        if (mine_)
            at_.leave();
    }
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;
    explicit operator bool() const noexcept { return mine_; }

  private:
    turnstile& at_;
    bool mine_;
};

} // namespace tributary::isolation
