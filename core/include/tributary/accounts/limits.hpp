#pragma once

#include <cstddef>

/// How much of each a workspace may have. Far above what is sensible, so that a loop gone wild ends.
namespace tributary::accounts {

inline constexpr std::size_t workspaces_max = 100'000;
inline constexpr std::size_t keys_per_workspace_max = 1000;
inline constexpr std::size_t connections_per_workspace_max = 1000;
inline constexpr std::size_t secrets_per_connection_max = 32;
inline constexpr std::size_t domains_per_workspace_max = 1000;

inline constexpr std::size_t name_characters_max = 128;
inline constexpr std::size_t scopes_per_key_max = 32;
inline constexpr std::size_t settings_bytes_max = 64 * 1024;
/// Private keys in PEM are the longest secrets that providers give out.
inline constexpr std::size_t secret_bytes_max = 16 * 1024;

} // namespace tributary::accounts
