#pragma once

#include <tributary/http/client.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <ostream>
#include <thread>

#include "http/test_server.hpp"

namespace tributary::http {

/// Found by Boost.Test when it reports a comparison.
inline std::ostream& boost_test_print_type(std::ostream& out, client_errc code) {
    return out << make_error_code(code).message();
}

} // namespace tributary::http

namespace tributary::http::test {

/// A client whose answers a test waits for.
struct awaited_client {
    explicit awaited_client(client_options options = {.ca_file = "", .plain_http_hosts = {"127.0.0.1"}})
        : under_test(make_client(std::move(options), log)) {}

    std::future<result<response>> start(client_request request) {
        auto promise = std::make_shared<std::promise<result<response>>>();
        // A second completion would throw inside the client, which logs it; the log is checked below.
        under_test->send(std::move(request),
                         [promise](result<response> outcome) { promise->set_value(std::move(outcome)); });
        return promise->get_future();
    }
    result<response> send(client_request request) {
        auto outcome = start(std::move(request));
        if (outcome.wait_for(std::chrono::seconds(60)) != std::future_status::ready)
            throw std::runtime_error("the client never completed");
        return outcome.get();
    }
    /// The code that a request fails with; none when it succeeds.
    error_code failure_of(client_request request) {
        const auto outcome = send(std::move(request));
        return outcome ? error_code() : outcome.error().code;
    }

    recording_logger log;
    std::unique_ptr<client> under_test;
};

inline std::string local_url(std::uint16_t port, const std::string& path = "/") {
    return "http://127.0.0.1:" + std::to_string(port) + path;
}

} // namespace tributary::http::test
