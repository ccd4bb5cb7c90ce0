#pragma once

#include <tributary/config/load.hpp>

#include <filesystem>
#include <optional>

namespace tributary::app {

/// The configuration file that applies: the one given, else $TRIBUTARY_CONFIG, else ./tributary.toml, else
/// /etc/tributary/tributary.toml, else none.
std::optional<std::filesystem::path> find_config_file(const std::optional<std::filesystem::path>& given,
                                                      const config::environment_map& environment);

} // namespace tributary::app
