#pragma once

#include <tributary/plugins/manifest.hpp>

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace tributary::plugins {

/// A plugin that lies in a folder: known by its manifest, none of its code has run.
struct found_plugin {
    manifest says;
    std::filesystem::path module;
};

/// What a folder holds that cannot be used, and why.
struct passed_over {
    std::filesystem::path path;
    failure why;
};

struct discovered {
    std::vector<found_plugin> plugins;  ///< sorted by short name
    std::vector<passed_over> not_taken; ///< a module without a manifest, a manifest that cannot be read ...
};

/// Looks for manifests. Where two folders hold the same plugin, the first one counts and the other is passed
/// over.
/// @errors not_found: a folder that cannot be read.
result<discovered> discover(std::span<const std::string> directories);

/// Where an instance of a plugin runs.
enum class isolation {
    none,    ///< in this process
    process, ///< in a process of its own: docs/reference/isolation.md
};

/// An instance that is to be: what to load, and with which settings.
struct load_request {
    std::string name; ///< of the instance: [plugin.NAME], name of the provider
    found_plugin plugin;
    std::string config_json = "{}"; ///< may hold secrets: never logged
    isolation isolate = isolation::none;
    std::int64_t isolation_memory_bytes = 512 * 1024 * 1024;
    bool isolation_files = false; ///< may its process use files?
};

/// An instance of the module at a path, by the manifest beside it, named after the plugin.
/// @errors no_manifest, bad_manifest
result<load_request> request_for(const std::filesystem::path& module);

/// Puts instances into the order in which they start: after what they require, else by name.
/// @errors missing_plugin, missing_service, circular: the detail names who requires whom.
result<std::vector<load_request>> start_order(std::vector<load_request> requests);

/// Is the module safe, and the one that its manifest describes? Runs none of its code.
/// @errors not_found, unsafe_file, wrong_checksum, wrong_abi, wrong_exports, no_entry, missing_service; the
/// detail names what was found and what was expected.
result<void> check_file(const found_plugin& plugin);
/// The same, and the bytes of the module that were looked at: the file may be another one a moment later.
result<std::string> checked_bytes(const found_plugin& plugin);

/// Is a section of the configuration what the plugin's schema allows? Of JSON Schema (2020-12) it understands
/// type, properties, required, additionalProperties (false), items, enum, minimum, maximum, minLength and
/// maxLength; everything else in a schema is for people.
/// @errors bad_config: the detail names the key and what is allowed.
result<void> check_config(std::string_view schema, std::string_view config_json);

} // namespace tributary::plugins
