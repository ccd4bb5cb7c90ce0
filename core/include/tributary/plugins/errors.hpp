#pragma once

#include <tributary/base/result.hpp>

namespace tributary::plugins {

enum class plugin_errc {
    not_found = 1,    ///< No such file, or no plugin of that name.
    no_manifest,      ///< There is no NAME.trbplugin.json beside it.
    bad_manifest,     ///< The manifest cannot be read; the detail names the member.
    unsafe_file,      ///< Somebody else could change it: owner or permissions.
    wrong_checksum,   ///< The module is not the one that the manifest describes.
    wrong_exports,    ///< It exports something else than its entry.
    not_loadable,     ///< The loader refused it; the detail has its text.
    no_entry,         ///< It does not export tributary_plugin_entry.
    not_a_plugin,     ///< Wrong magic, or no descriptor.
    wrong_abi,        ///< Built against another version of the ABI; the detail names both.
    bad_descriptor,   ///< A required member is missing or malformed.
    bad_extension,    ///< A table is too short, a function is null, or it is not what the descriptor says.
    manifest_differs, ///< The descriptor says something else than the manifest.
    missing_service,  ///< It requires a host service that this host does not have.
    missing_plugin,   ///< It requires a plugin that is not there.
    circular,         ///< Plugins require each other.
    bad_config,       ///< Its section of the configuration is not as its schema says.
    duplicate,        ///< Another instance has the same name, or the plugin can have one only.
    create_failed,    ///< Its create or start refused; the detail has its message.
};
const boost::system::error_category& plugin_category() noexcept;
inline error_code make_error_code(plugin_errc e) noexcept {
    return {static_cast<int>(e), plugin_category()};
}

} // namespace tributary::plugins

template <> struct boost::system::is_error_code_enum<tributary::plugins::plugin_errc> : std::true_type {};
