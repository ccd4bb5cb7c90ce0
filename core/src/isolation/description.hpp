#pragma once

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <string>

#include "isolation/abi_codec.hpp"

namespace tributary::isolation {

/// The extensions that a plugin may have in a process of its own; a bit each.
enum extension_bit : std::uint32_t {
    has_provider = 1u << 0,
    has_reread = 1u << 1, ///< the optional function of a provider
    has_actions = 1u << 2,
    has_backfill = 1u << 3,
    has_projection = 1u << 4,
    has_simulator = 1u << 5,
    has_reward_rule = 1u << 6,
    has_sink = 1u << 7,
};

/// What a plugin says about itself: its descriptor, and its tables without their functions.
struct description {
    trb_plugin plugin{};
    std::uint32_t extensions = 0; ///< extension_bit
    trb_provider_v1 provider{};
    trb_projection_v1 projection{};
    trb_simulator_v1 simulator{};
    trb_reward_rule_v1 reward_rule{};
    trb_sink_v1 sink{};
};

template <class A> void transfer(A& a, typename A::template of<description>& v) {
    a.text(v.plugin.id);
    a.text(v.plugin.short_name);
    a.text(v.plugin.version);
    a.text(v.plugin.vendor);
    a.array(v.plugin.extensions, v.plugin.extension_count);
    a.array(v.plugin.requirements, v.plugin.requirement_count);
    a.strided(v.plugin.migrations, v.plugin.migration_count, v.plugin.migration_stride);
    a.number(v.extensions);
    transfer(a, v.provider);
    transfer(a, v.projection);
    transfer(a, v.simulator);
    transfer(a, v.reward_rule);
    transfer(a, v.sink);
}

/// A description that owns everything it points to.
class owned_description {
  public:
    /// @return nullptr when the bytes are not one.
    static std::unique_ptr<owned_description> read(std::string bytes);
    owned_description(const owned_description&) = delete;
    owned_description& operator=(const owned_description&) = delete;

    const description& get() const noexcept { return value_; }
    const std::string& bytes() const noexcept { return bytes_; }

  private:
    explicit owned_description(std::string bytes) : bytes_(std::move(bytes)) {}

    std::string bytes_;
    std::pmr::monotonic_buffer_resource arena_;
    description value_;
};

} // namespace tributary::isolation
