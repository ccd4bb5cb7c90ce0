#pragma once

#include <tributary/http/server.hpp>

#include <atomic>
#include <cstdint>

namespace tributary::http {

/// One worker's part of server_statistics. Written by the worker's thread, read by any.
struct alignas(64) server_counters {
    using counter = std::atomic<std::uint64_t>;

    counter connections_accepted = 0;
    counter connections_refused = 0;
    counter requests = 0;
    counter requests_in_flight = 0;
    counter responses[6] = {}; ///< By the first digit of the status.
    counter malformed = 0;
    counter timeouts = 0;

    /// One writer, so no locked instruction is needed.
    static void add(counter& of) noexcept {
        of.store(of.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    static void subtract(counter& of) noexcept {
        of.store(of.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
    }

    void add_to(server_statistics& sum) const noexcept {
        const auto value = [](const counter& of) { return of.load(std::memory_order_relaxed); };
        sum.connections_accepted += value(connections_accepted);
        sum.connections_refused += value(connections_refused);
        sum.requests += value(requests);
        sum.requests_in_flight += value(requests_in_flight);
        sum.responses_2xx += value(responses[2]);
        sum.responses_3xx += value(responses[3]);
        sum.responses_4xx += value(responses[4]);
        sum.responses_5xx += value(responses[5]);
        sum.malformed += value(malformed);
        sum.timeouts += value(timeouts);
    }
};

} // namespace tributary::http
