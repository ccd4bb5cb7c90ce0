#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "numbered_requests.hpp"

namespace tributary::bench {

struct load_options {
    std::uint16_t port = 0;      ///< On 127.0.0.1.
    std::size_t connections = 1; ///< Kept open for the whole run.
    std::size_t pipeline = 1;    ///< Requests of one connection under way at once.
    bool repeat = false;         ///< Begin again with the first request after the last one.
    int expected_status = 200;   ///< What counts as acknowledged.
    std::chrono::milliseconds duration{1000};
};

struct load_outcome {
    std::uint64_t sent = 0; ///< Requests handed to the kernel, the last of each connection maybe in part.
    std::uint64_t acknowledged = 0; ///< Answered with the expected status.
    std::uint64_t other = 0;        ///< Answered with another one.
    std::uint64_t unanswered =
        0;                    ///< Sent, and no answer came within ten seconds of the end, or before a break.
    std::uint64_t broken = 0; ///< Connections that failed, or that the server closed.
    bool exhausted = false;   ///< All requests were sent before the time was over.
    double seconds = 0;       ///< From the first request to the last answer.
    std::vector<std::uint32_t> latencies_us; ///< Of acknowledged requests, sorted.
};

/// A closed loop: each connection sends its next request when an answer came. One thread, epoll, no
/// allocation per request. Throws std::system_error when it cannot connect.
load_outcome run_load(const load_options& options, const prepared_requests& requests);

} // namespace tributary::bench
