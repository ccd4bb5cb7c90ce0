#pragma once

#include <tributary/abi/provider.h>
#include <tributary/facts/history.hpp>

#include <deque>
#include <memory_resource>
#include <string>
#include <vector>

namespace isolation_tests {

/// The history that a fold gets when a provider was told some bodies, by the core's own way: facts encoded,
/// decoded, merged.
class told_history {
  public:
    told_history(const trb_provider_v1* provider, void* self, const std::vector<std::string>& bodies);
    told_history(const told_history&) = delete;
    told_history& operator=(const told_history&) = delete;

    const trb_history& view() const noexcept { return view_; }

  private:
    static trb_status keep(void* ctx, const trb_fact* fact) noexcept;

    std::deque<tributary::facts::stored_fact> stored_;
    std::pmr::monotonic_buffer_resource arena_;
    tributary::facts::merged_history merged_;
    trb_history view_{};
};

} // namespace isolation_tests
