#pragma once

#include <tributary/plugins/errors.hpp>
#include <tributary/plugins/plugin.hpp>

#include <filesystem>
#include <functional>

namespace tributary::plugins {

/// Is it a descriptor that this host understands? Checks magic and version before it looks at anything else.
/// @errors not_a_plugin, wrong_abi, bad_descriptor, missing_service; the detail names what was found and
/// expected.
result<void> check_descriptor(const trb_plugin* descriptor);

/// A host service must be one of ours; anything else is the id of a plugin. @errors missing_service
result<void> check_requirement(std::string_view id);

/// Is this a version of the ABI that this host understands? @errors wrong_abi
result<void> check_abi(std::uint32_t major, std::uint32_t minor);

/// Asks `find` for the table of each known extension that the descriptor names, and checks it.
/// @errors bad_extension: one is missing, too short, or a function that must be there is null.
result<void> find_extensions(const trb_plugin& descriptor,
                             const std::function<const void*(std::string_view)>& find, plugin& into);

/// How long a table was in the first release that had it: a plugin of that time is no shorter.
template <class Table> std::uint64_t first_size() noexcept;

/// May only the daemon's user and root write it? @errors not_found, unsafe_file; `what` it is comes first.
result<void> check_owner(const std::filesystem::path& path, const char* what);

/// Is it the first word of tables of the core's own? A plugin of that name could touch them.
bool is_reserved(std::string_view short_name) noexcept;

/// a-z first, then a-z and 0-9, up to 24: a prefix of tables that needs escaping nowhere.
bool is_short_name(std::string_view name) noexcept;

} // namespace tributary::plugins
