#pragma once

#include <tributary/base/result.hpp>

#include <string>

#include "isolation/description.hpp"

namespace tributary::isolation {

/// A plugin's shared object as it is loaded in its own process: the descriptor and the tables it has.
struct child_module {
    const trb_plugin* plugin = nullptr;
    const trb_provider_v1* provider = nullptr;
    const trb_actions_v1* actions = nullptr;
    const trb_backfill_v1* backfill = nullptr;
    const trb_projection_v1* projection = nullptr;
    const trb_simulator_v1* simulator = nullptr;
    const trb_reward_rule_v1* reward_rule = nullptr;
    const trb_sink_v1* sink = nullptr;

    description describe() const noexcept;
};

/// Loads it, with all symbols bound, and holds it against what can be done here. Stays mapped.
/// @errors isolation_errc.
result<child_module> load_module(const std::string& file);

} // namespace tributary::isolation
