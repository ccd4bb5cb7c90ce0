#pragma once

#include <string>
#include <vector>

namespace tributary::app {

/// Where plugins are looked for when the configuration names no directory: beside the executable as the build
/// lays them out, and where an installation puts them.
std::vector<std::string> default_plugin_directories();

} // namespace tributary::app
