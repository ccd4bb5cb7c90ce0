#pragma once

#include <tributary/config/configuration.hpp>
#include <tributary/config/errors.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace tributary::config {

/// Names and values of environment variables.
using environment_map = std::map<std::string, std::string, std::less<>>;

/// The variables of this process. Not thread-safe against setenv.
environment_map process_environment();

/// The effective configuration: defaults, then the file, then the environment.
///
/// @param file         TOML, at most 1 MiB; none: no file is read.
/// @param environment  TRIBUTARY_<SECTION>_<KEY> for every option; the same with _FILE names a file that
/// holds the
///                     value (a newline at its end does not count); TRIBUTARY_PLUGIN_<NAME>_<KEY> for a
///                     plugin's table; CREDENTIALS_DIRECTORY of systemd, whose file tributary-key is the
///                     master key when nothing else names one.
/// @errors all that is wrong, not only the first thing. Nothing in them quotes a secret.
/// @source docs/reference/configuration.md
boost::system::result<configuration, problems>
load_configuration(const std::optional<std::filesystem::path>& file, const environment_map& environment);

/// The effective values as TOML, each with its origin in a comment. What it prints can be loaded again and
/// gives the same; secrets are named but not shown.
std::string print_configuration(const configuration& effective);

/// The text of docs/reference/configuration.md.
std::string configuration_reference_markdown();

} // namespace tributary::config
