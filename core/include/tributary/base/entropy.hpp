#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <random>

namespace tributary {

/// Source of random bytes. Injected everywhere; a simulation replays them from a seed.
///
/// Implementations are thread-safe.
class entropy {
  public:
    virtual ~entropy() = default;
    virtual void fill(void* bytes, std::size_t count) = 0;
};

/// The operating system's generator (through libsodium); fit for keys.
class system_entropy final : public entropy {
  public:
    void fill(void* bytes, std::size_t count) override;
};

/// Replays from a seed. Never for keys of a real workspace.
class seeded_entropy final : public entropy {
  public:
    explicit seeded_entropy(std::uint64_t seed) : generator_(seed) {}
    void fill(void* bytes, std::size_t count) override;

  private:
    std::mutex mutex_;
    std::mt19937_64 generator_;
};

} // namespace tributary
