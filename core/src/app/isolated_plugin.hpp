#pragma once

#include <tributary/isolation/remote_plugin.hpp>
#include <tributary/plugins/plugin_set.hpp>

namespace tributary::app {

/// Starts plugins in processes of their own, with the limits of their section and of the configuration.
/// @param deadline_ms  of a call. What is handed over must outlive what is made.
plugins::plugin_set::remote_maker make_isolated_plugins(std::int64_t deadline_ms, logger& log,
                                                        const clock& time, entropy& random,
                                                        metrics& counters);

} // namespace tributary::app
