#pragma once

#include <functional>

#include "isolation/description.hpp"
#include "isolation/frame.hpp"
#include "isolation/session.hpp"

namespace tributary::isolation {

/// Hands one entry of a result to the caller's sink. @return false when there is no such entry.
using replay_function = std::function<bool(said what, reader& in)>;

/// What stands behind the proxies' self.
class remote_caller {
  public:
    /// Makes a call, hands what was said to `replay`, and the error to `error`.
    /// @param one_at_a_time  for [instance] calls: waits until the one before has returned.
    virtual trb_status call(const writer& arguments, const trb_error_sink* error,
                            const replay_function& replay, const lookup_function* lookup = nullptr,
                            bool one_at_a_time = false) = 0;

  protected:
    ~remote_caller() = default;
};

/// The tables of a plugin as its description has them, with functions that call it through a remote_caller:
/// that is what they take as self. Points into the description.
class proxy_tables {
  public:
    explicit proxy_tables(const description& of) noexcept;

    const void* find(std::string_view extension) const noexcept;

  private:
    std::uint32_t extensions_;
    trb_provider_v1 provider_;
    trb_actions_v1 actions_;
    trb_backfill_v1 backfill_;
    trb_projection_v1 projection_;
    trb_simulator_v1 simulator_;
    trb_reward_rule_v1 reward_rule_;
    trb_sink_v1 sink_;
};

/// Reports to a sink that may not be there.
void report(const trb_error_sink* error, std::string_view code, std::string_view message,
            std::int64_t retry_after_ms = 0) noexcept;

} // namespace tributary::isolation
