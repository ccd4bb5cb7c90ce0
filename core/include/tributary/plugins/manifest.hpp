#pragma once

#include <tributary/plugins/errors.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

struct trb_plugin;

namespace tributary::plugins {

/// What NAME.trbplugin.json says of the module beside it, so that a host knows a plugin before any of its
/// code runs. Written at build time from the plugin's own descriptor: docs/reference/plugins.md.
struct manifest {
    std::string id;         ///< Reverse domain.
    std::string short_name; ///< Of its tables, and of its first instance.
    std::string version;
    std::string vendor;
    std::uint32_t abi_major = 0;
    std::uint32_t abi_minor = 0;
    std::vector<std::string> extensions;
    std::vector<std::string> requirements; ///< Host services and ids of plugins.
    std::string config_schema; ///< JSON Schema; empty: the plugin checks its configuration itself.
    std::string file;          ///< Name of the module, in the same folder.
    std::string sha256;        ///< Of the module, lower-case hexadecimal.

    bool has(std::string_view extension) const noexcept;
};

inline constexpr std::string_view manifest_suffix = ".trbplugin.json";

/// "dir/acme.so" -> "dir/acme.trbplugin.json".
std::filesystem::path manifest_path(const std::filesystem::path& module);

/// Reads the text of a manifest. @errors bad_manifest: the detail names the member and what was expected.
result<manifest> parse_manifest(std::string_view text);
/// @errors no_manifest, bad_manifest; the detail begins with the path.
result<manifest> read_manifest(const std::filesystem::path& path);

/// Does the descriptor say what the manifest says? @errors manifest_differs: the detail names the first
/// member that differs, and both values.
result<void> compare(const manifest& said, const trb_plugin& found);

} // namespace tributary::plugins
