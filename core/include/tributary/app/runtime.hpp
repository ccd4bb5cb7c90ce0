#pragma once

#include <tributary/app/assembly.hpp>

#include <cstdint>
#include <functional>
#include <memory>

namespace tributary::app {

/// Exit status of a daemon that is to be started again (EX_TEMPFAIL of sysexits.h).
inline constexpr int exit_start_again = 75;

/// The daemon: two listeners, the writer, and the network for what plugins want fetched.
///
/// Public listener: POST /webhooks/<connection id>, the plugins' API routes (with and without /api),
/// redirects on configured domains. Admin listener: /healthz, /readyz with reasons, /metrics. Thread-safe.
class runtime {
  public:
    /// @param on_fatal  called once, from any thread, when storage failed and the process must exit and start
    /// again.
    runtime(assembly& parts, std::function<void()> on_fatal);
    ~runtime();
    runtime(const runtime&) = delete;
    runtime& operator=(const runtime&) = delete;

    /// Migrates, folds what an older version derived, starts to listen. @errors with the address or plugin in
    /// the detail.
    result<void> start();
    /// Stops listening, finishes what is in flight and what was acknowledged.
    void stop();

    /// Loads the plugin's module anew and puts it into the place of the running one, without dropping a
    /// request: what has begun ends with the old generation. The new one is in use when this returns.
    /// @errors of the module, of its start, of its migrations: the old one stays.
    result<plugins::plugin_ptr> reload(std::string_view instance);

    std::uint16_t port() const noexcept;
    std::uint16_t admin_port() const noexcept;

  private:
    void watch();

    struct state;
    std::unique_ptr<state> state_;
};

} // namespace tributary::app
