#pragma once

#include <tributary/engine/engine.hpp>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tributary::app {

struct writer_options {
    std::size_t batch_max = 256;
    int batch_wait_us = 0;          ///< how long a batch waits for company
    std::size_t queue_max = 10'000; ///< jobs that may wait; further ones are refused
    int tick_ms = 250;              ///< how often wake times and other processes' work are looked for
};

/// The one writer: a thread that owns the engine and runs batches, one transaction each.
///
/// After a failed commit it stops: everything that waits is refused, and on_fatal is called once. A daemon
/// then exits and recovers by starting again; nothing is retried on a file that failed to sync. submit() is
/// thread-safe.
class writer {
  public:
    using want_function = std::function<void(std::vector<inbox::want>)>;

    writer(std::unique_ptr<engine> runs, writer_options options, logger& log, metrics& counters,
           std::function<void(const failure&)> on_fatal);
    ~writer(); ///< stop()
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;

    /// Receives requests that plugins want made, on the writer's thread. Set before start().
    void on_wants(want_function receive) { on_wants_ = std::move(receive); }
    void start();
    /// Takes a job, or returns false (and completes nothing) when too many wait or the writer has stopped.
    bool submit(job what);
    /// Has something done on the writer's thread between two transactions. `done` gets what came of it; a
    /// failure is its own and stops nobody. @return false when the writer has stopped.
    bool between(std::function<result<void>(engine&)> work, std::function<void(result<void>)> done);
    /// Finishes what is queued and the work that follows from it, then ends the thread.
    void stop();

    bool failed() const noexcept { return failed_; }
    std::size_t queued() const;
    /// Is so much waiting that what nobody needs had better not wait too?
    bool is_busy() const;

  private:
    void run();
    std::vector<job> take();
    void run_between();

    struct errand {
        std::function<result<void>(engine&)> work;
        std::function<void(result<void>)> done;
    };

    std::unique_ptr<engine> engine_;
    writer_options options_;
    logger& log_;
    metrics& metrics_;
    std::function<void(const failure&)> on_fatal_;
    want_function on_wants_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<job> queue_;
    std::vector<errand> errands_;
    bool stopping_ = false;
    std::atomic<bool> failed_{false};
    std::thread thread_;
};

} // namespace tributary::app
