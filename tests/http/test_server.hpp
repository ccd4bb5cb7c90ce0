#pragma once

#include <tributary/base/entropy.hpp>
#include <tributary/base/log.hpp>
#include <tributary/http/server.hpp>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace tributary::http::test {

/// Keeps the names of the events that were logged.
class recording_logger final : public logger {
  public:
    void write_fields(log_level, std::string_view event, const log_field*, std::size_t) override {
        const std::lock_guard lock(mutex_);
        events_.emplace_back(event);
    }
    std::size_t count(std::string_view event) const {
        const std::lock_guard lock(mutex_);
        return static_cast<std::size_t>(std::ranges::count(events_, event));
    }

  private:
    mutable std::mutex mutex_;
    std::vector<std::string> events_;
};

/// Holds responders back, so that a test decides who is answered when and from which thread.
class held_requests {
  public:
    void hold(request&& message, responder respond) {
        const std::lock_guard lock(mutex_);
        requests_.push_back({std::move(message), std::move(respond)});
        arrived_.notify_all();
    }
    bool wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        return arrived_.wait_for(lock, std::chrono::seconds(60), [&] { return requests_.size() >= count; });
    }
    std::size_t count() {
        const std::lock_guard lock(mutex_);
        return requests_.size();
    }
    void answer(std::size_t index, response with) { take(index)(std::move(with)); }
    responder take(std::size_t index) {
        const std::lock_guard lock(mutex_);
        return std::exchange(requests_.at(index).respond, nullptr);
    }
    request message(std::size_t index) {
        const std::lock_guard lock(mutex_);
        return requests_.at(index).message;
    }

  private:
    struct held {
        request message;
        responder respond;
    };
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<held> requests_;
};

inline response text_response(std::string body, int status = 200) {
    return {status, {{"Content-Type", "text/plain"}}, std::move(body)};
}

/// Answers with what it understood, so that a test sees it.
inline void echo(request&& message, const responder& respond) {
    respond(
        text_response(message.method + " " + message.path + "?" + message.query + " [" + message.body + "]"));
}

/// A started server with its log.
struct running_server {
    explicit running_server(handler on_request = echo, server_options options = {},
                            error_renderer on_error = {})
        : under_test(std::move(options), std::move(on_request), log, random, std::move(on_error)) {
        if (auto started = under_test.start(); !started)
            throw std::runtime_error(started.error().text());
    }
    std::uint16_t port() const { return under_test.port(); }
    /// Waits, at most a minute, for something that happens on another thread.
    template <class Condition> bool eventually(Condition condition) const {
        for (int round = 0; round < 12'000; ++round) {
            if (condition(under_test.statistics()))
                return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        return false;
    }

    recording_logger log;
    seeded_entropy random{1};
    server under_test;
};

} // namespace tributary::http::test
