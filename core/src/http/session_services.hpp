#pragma once

#include <tributary/base/clock.hpp>
#include <tributary/base/entropy.hpp>
#include <tributary/base/log.hpp>
#include <tributary/http/server.hpp>

#include <array>
#include <cstdint>
#include <cstring>

#include "http/proxy_trust.hpp"
#include "http/response_writer.hpp"
#include "http/server_counters.hpp"

namespace tributary::http {

/// Milliseconds of a clock that never jumps; only differences mean something.
using steady_ms = std::int64_t;

/// Fetches random bytes in blocks, since ids are small and a system call is not. Not thread-safe: one per
/// worker.
class buffered_entropy final : public entropy {
  public:
    explicit buffered_entropy(entropy& source) : source_(source) {}

    void fill(void* bytes, std::size_t count) override {
        if (count > block_.size()) {
            source_.fill(bytes, count);
            return;
        }
        if (block_.size() - used_ < count) {
            source_.fill(block_.data(), block_.size());
            used_ = 0;
        }
        std::memcpy(bytes, block_.data() + used_, count);
        used_ += count;
    }

  private:
    entropy& source_;
    std::array<unsigned char, 1024> block_{};
    std::size_t used_ = block_.size();
};

/// What is the same for all workers; immutable while the server runs.
struct server_setup {
    server_options options;
    handler on_request;
    error_renderer on_error;
    trusted_proxies proxies;
    logger& log;
};

/// What all sessions of one worker share. Used by the worker's thread only, the counters apart.
struct session_services {
    session_services(const server_setup& of, entropy& source)
        : setup(of), options(of.options), log(of.log), random(source) {}

    const server_setup& setup;
    const server_options& options;
    logger& log;
    buffered_entropy random;
    server_counters counters;
    date_text date;
    steady_ms now = 0; ///< Set by the worker whenever something happens.
    time_ms wall_now = 0;
    bool draining = false;

    /// The error as the embedding wants it to look; its failure must not cost the client the answer.
    response render_error(int status, std::string_view code, std::string_view message,
                          std::string_view request_id) {
        if (setup.on_error) {
            try {
                return setup.on_error(status, code, message, request_id);
            } catch (const std::exception& error) {
                log.error("http_error_renderer_failed",
                          {{"reason", error.what()}, {"request_id", request_id}});
            } catch (...) {
                log.error("http_error_renderer_failed", {{"reason", "unknown"}, {"request_id", request_id}});
            }
        }
        return error_response(status, code, message, request_id);
    }
};

} // namespace tributary::http
