#pragma once

#include <tributary/config/configuration.hpp>
#include <tributary/plugins/discovery.hpp>

#include <string>
#include <vector>

namespace tributary::app {

/// Which plugins lie where the configuration says. @errors plugins::plugin_errc::not_found
result<plugins::discovered> discover_plugins(const config::configuration& settings);

/// The instances that the configuration asks for, in the order in which they start: one of each plugin that
/// is found (and enabled), and one more for each table [plugin.NAME] that names a plugin. The host takes its
/// own keys out of the tables: plugin, isolation, isolation_memory, isolation_files.
/// @errors bad_config, not_found, and those of start_order().
result<std::vector<plugins::load_request>> wanted_plugins(const config::configuration& settings,
                                                          const plugins::discovered& found);

/// Where modules of later generations are copied to: beside the database, for the daemon's user only.
std::filesystem::path generations_directory(const config::configuration& settings);

} // namespace tributary::app
