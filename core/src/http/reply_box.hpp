#pragma once

#include <tributary/base/log.hpp>
#include <tributary/http/server.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace tributary::http {

/// Takes answers on its worker's thread.
class reply_receiver {
  public:
    /// @param answer nothing when the handler dropped the responder.
    virtual void take_reply(std::uint64_t number, std::optional<response>&& answer) = 0;
    /// After one or several take_reply(): write them out together, unless that will happen anyway.
    virtual void replies_taken() = 0;

  protected:
    ~reply_receiver() = default;
};

/// The way of answers from any thread to the worker that owns the connection.
///
/// Outlives the server in the responders' hands; after close() whatever is put is dropped. Answers put by the
/// worker's own thread are delivered at once, without lock and wake-up. Thread-safe.
class reply_box {
  public:
    /// @param wake makes the worker call deliver() soon; called once per batch, from any thread, under the
    /// lock.
    reply_box(logger& log, std::function<void()> wake) : log_(&log), wake_(std::move(wake)) {}

    /// Says that the calling thread is the worker's.
    void adopt_thread() noexcept { worker_thread_ = std::this_thread::get_id(); }

    void put(const std::weak_ptr<reply_receiver>& to, std::uint64_t number, std::optional<response>&& answer);
    /// On the worker's thread.
    void deliver();
    /// Nobody delivers any more.
    void close() noexcept;
    void log_second_answer() noexcept;

  private:
    struct reply {
        std::weak_ptr<reply_receiver> to;
        std::uint64_t number;
        std::optional<response> answer;
    };

    std::atomic<std::thread::id> worker_thread_;
    std::mutex mutex_;
    logger* log_; ///< Null after close(): the server's user may have destroyed it.
    std::function<void()> wake_;
    std::vector<reply> replies_;
};

/// The right to answer one request. The copies of a responder share it; with the last one it lapses.
class reply_right {
  public:
    reply_right(std::shared_ptr<reply_box> box, std::weak_ptr<reply_receiver> to, std::uint64_t number)
        : box_(std::move(box)), to_(std::move(to)), number_(number) {}
    ~reply_right();
    reply_right(const reply_right&) = delete;
    reply_right& operator=(const reply_right&) = delete;

    void answer(response with);

  private:
    std::shared_ptr<reply_box> box_;
    std::weak_ptr<reply_receiver> to_;
    std::uint64_t number_;
    std::atomic<bool> used_ = false;
};

} // namespace tributary::http
