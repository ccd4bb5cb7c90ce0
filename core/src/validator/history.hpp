#pragma once

#include <tributary/facts/history.hpp>

#include <memory_resource>
#include <string>
#include <vector>

#include "validator/vault.hpp"

namespace tributary::validator {

/// A subject's history as the host would hand it to a fold. Facts of no provider in particular.
class history_sample {
  public:
    history_sample(std::string name, const std::vector<facts::stored_fact>& told);
    history_sample(const history_sample&) = delete;
    history_sample& operator=(const history_sample&) = delete;

    const std::string& name() const noexcept { return name_; }
    std::size_t size() const noexcept { return merged_.facts.size(); }
    /// Copies all of it, so that no pointer leads out of the vault.
    trb_history lend(vault& in) const;

  private:
    std::string name_;
    std::pmr::monotonic_buffer_resource arena_;
    facts::merged_history merged_;
};

/// Histories that every projection must be able to read: nothing at all, one sale, a subscription with
/// renewals, money that went back, other currencies, and what a careless source tells. In order of time.
std::vector<std::unique_ptr<history_sample>> history_samples();

/// After all of them.
inline constexpr std::int64_t after_histories = 1'790'123'456'789;

} // namespace tributary::validator
