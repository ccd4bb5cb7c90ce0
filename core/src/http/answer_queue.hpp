#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "http/session_services.hpp"

namespace tributary::http {

/// A request that awaits its answer, or an answer that awaits its turn.
struct pending_answer {
    steady_ms deadline = 0;
    std::string request_id;
    std::size_t body_bytes = 0; ///< Of the request, held by its handler.
    bool head_only = false;
    bool http_1_0 = false;
    bool keep_alive = true;
    bool dispatched = false; ///< Given to the handler, so it counts as in flight.
    bool ready = false;
    response answer;
};

/// Brings the answers of one connection into the order of their requests and writes them out as text.
///
/// Answers may come in any order. Not thread-safe.
class answer_queue {
  public:
    explicit answer_queue(session_services& services) : services_(services) {}
    ~answer_queue() { clear(); }
    answer_queue(const answer_queue&) = delete;
    answer_queue& operator=(const answer_queue&) = delete;

    /// Appends a place in the order. @return its number, for complete().
    std::uint64_t push(pending_answer place);
    /// Fills a place. False when it is already filled, timed out or gone.
    bool complete(std::uint64_t number, response&& answer);
    /// The same with an error that the server itself gives.
    bool complete_with_error(std::uint64_t number, int status, std::string_view code,
                             std::string_view message);
    /// The handler will never answer: 500.
    void drop(std::uint64_t number);
    /// Answers 503 in every place whose deadline has passed.
    void expire();
    void clear();

    bool empty() const noexcept { return first_ == places_.size(); }
    std::size_t size() const noexcept { return places_.size() - first_; }
    std::size_t body_bytes() const noexcept { return body_bytes_; }
    /// An answer with "Connection: close" has been written; no other follows.
    bool closed() const noexcept { return closed_; }
    std::string& output() noexcept { return output_; }
    const std::string& output() const noexcept { return output_; }

  private:
    pending_answer* find(std::uint64_t number) noexcept;
    void write_ready();
    void write(pending_answer& place);
    void pop() noexcept;

    session_services& services_;
    std::vector<pending_answer> places_; ///< Those before first_ are gone.
    std::size_t first_ = 0;
    std::uint64_t first_number_ = 0;
    std::size_t body_bytes_ = 0;
    bool closed_ = false;
    std::string output_;
};

} // namespace tributary::http
