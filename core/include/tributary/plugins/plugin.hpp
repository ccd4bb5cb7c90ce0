#pragma once

#include <tributary/abi/actions.h>
#include <tributary/abi/backfill.h>
#include <tributary/abi/http_routes.h>
#include <tributary/abi/plugin.h>
#include <tributary/abi/projection.h>
#include <tributary/abi/provider.h>
#include <tributary/abi/reward_rule.h>
#include <tributary/abi/simulator.h>
#include <tributary/abi/sink.h>
#include <tributary/plugins/supervisor.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace tributary::plugins {

/// A plugin that runs elsewhere, behind tables that look as if it ran here. Destroying it ends it.
class remote {
  public:
    virtual ~remote() = default;
    /// What the plugin says about itself; its functions are not called.
    virtual const trb_plugin& descriptor() const noexcept = 0;
    virtual const void* extension(std::string_view id) const noexcept = 0;
    virtual void* self() const noexcept = 0;
    /// How it is, for people: "process 4711, 90 calls, 2 restarts, last ended: exit status 3". Thread-safe.
    virtual std::string condition() const = 0;
};

/// One generation of an instance: a loaded plugin, created and started. Immutable but for its quarantine; its
/// extensions may be called as abi/*.h says. Whoever holds it may call it: the last one to let go stops and
/// destroys the instance. Nothing is unmapped.
class plugin {
  public:
    ~plugin();
    plugin(const plugin&) = delete;
    plugin& operator=(const plugin&) = delete;

    std::string_view name() const noexcept { return name_; } ///< of the instance
    std::string_view id() const noexcept { return id_; }
    std::string_view short_name() const noexcept { return short_name_; } ///< first word of its tables
    std::string_view version() const noexcept { return version_; }
    std::string_view file() const noexcept { return file_; }          ///< empty: linked in
    std::string_view sha256() const noexcept { return sha256_; }      ///< of the module; empty: linked in
    std::uint64_t generation() const noexcept { return generation_; } ///< 1, then one more per reload
    /// nullptr: it runs in this process.
    const remote* isolated() const noexcept { return remote_.get(); }
    const trb_plugin& descriptor() const noexcept { return *descriptor_; }
    void* self() const noexcept { return self_; }

    const trb_provider_v1* provider = nullptr;
    const trb_actions_v1* actions = nullptr;
    const trb_backfill_v1* backfill = nullptr;
    const trb_projection_v1* projection = nullptr;
    const trb_reward_rule_v1* reward_rule = nullptr;
    const trb_http_routes_v1* routes = nullptr;
    const trb_sink_v1* sink = nullptr;
    const trb_simulator_v1* simulator = nullptr;

    /// Why nothing is to be asked of it just now; nothing: it may be asked. Thread-safe.
    std::optional<std::string> quarantine() const;
    bool in_quarantine() const noexcept;
    /// For one minute, the next time for twice as long, and so on up to an hour: a machine that stood still
    /// for a moment looks like a slow plugin, and nobody may be there to reload it. Thread-safe.
    void put_in_quarantine(std::string why) const;

  private:
    friend class plugin_set;
    friend class timed_call;
    struct host_context;
    plugin() = default;

    const trb_plugin* descriptor_ = nullptr;
    std::string name_;
    std::string id_;
    std::string short_name_;
    std::string version_;
    std::string file_;
    std::string sha256_;
    std::uint64_t generation_ = 1;
    void* self_ = nullptr;
    std::shared_ptr<host_context> host_;
    std::unique_ptr<remote> remote_;
    supervisor* supervisor_ = nullptr;                       ///< nullptr: nobody looks at the time
    mutable std::atomic<std::int64_t> quarantined_until_{0}; ///< by the supervisor's clock; 0: it is not
    mutable int quarantines_ = 0;                            ///< so far; under mutex_
    mutable std::mutex mutex_;
    mutable std::string quarantine_; ///< under mutex_
};

using plugin_ptr = std::shared_ptr<const plugin>;

/// Held while a call of a plugin runs: tells the supervisor. An isolated plugin has a deadline of its own.
class timed_call {
  public:
    /// @param what  name of the function, a literal.
    timed_call(const plugin& of, std::string_view what)
        : supervisor_(of.remote_ != nullptr ? nullptr : of.supervisor_) {
        if (supervisor_ != nullptr)
            ticket_ = supervisor_->begin(of, what);
    }
    ~timed_call() {
        if (supervisor_ != nullptr)
            supervisor_->end(ticket_);
    }
    timed_call(const timed_call&) = delete;
    timed_call& operator=(const timed_call&) = delete;

  private:
    supervisor* supervisor_;
    supervisor::ticket ticket_{};
};

} // namespace tributary::plugins
