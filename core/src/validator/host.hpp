#pragma once

#include <tributary/abi/plugin.h>
#include <tributary/abi/services.h>
#include <tributary/base/clock.hpp>
#include <tributary/base/entropy.hpp>
#include <tributary/base/log.hpp>
#include <tributary/base/metrics.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "plugins/services.hpp"

namespace tributary::validator {

/// What the plugin is being asked on this thread, and so which services it may use.
enum class phase {
    outside,  ///< Nothing: a thread of the plugin's own, which may use everything that is [any].
    creating, ///< create: log only
    pure,     ///< verify, normalise, fold ...: no clock, no randomness, no store
    free,     ///< start, stop, a route, a sink
};

/// The services of a host that takes notes: the runtime's own behind tables that know which call is under
/// way.
///
/// Thread-safe. Must outlive the plugin's instances.
class watching_host {
  public:
    explicit watching_host(std::string short_name, bool future = false);
    ~watching_host();
    watching_host(const watching_host&) = delete;
    watching_host& operator=(const watching_host&) = delete;

    const trb_host* get() const noexcept;

    /// Sets the phase of this thread for a call, and clears what was noted.
    class watch {
      public:
        explicit watch(phase during) noexcept;
        ~watch();
        watch(const watch&) = delete;
        watch& operator=(const watch&) = delete;
        /// The first service that was used and must not be; empty when none was.
        std::string breach() const;

      private:
        phase before_;
    };

    /// Everything that was logged, a line for each call.
    std::vector<std::string> lines() const;

  private:
    class note_taker;
    /// A newer host's struct: members behind those that this release knows.
    struct future_host {
        trb_host table;
        std::uint64_t more[4];
    };

    static const void* get_service(const trb_host* host, trb_str id) noexcept;

    std::string short_name_;
    std::unique_ptr<note_taker> log_;
    system_clock clock_;
    seeded_entropy entropy_;
    null_metrics metrics_;
    plugins::service_context services_;
    future_host host_{};
};

} // namespace tributary::validator
