#pragma once

#include <tributary/storage/storage.hpp>

namespace tributary::accounts::sql {

inline constexpr storage::statement insert_workspace{
    "accounts.insert_workspace",
    "INSERT INTO workspace (public_id, name, click_key, created_at) VALUES ($1, $2, $3, $4)"};

inline constexpr storage::statement find_workspace{
    "accounts.find_workspace",
    "SELECT workspace_id, public_id, name, created_at FROM workspace WHERE public_id = $1"};

/// The one statement that reads a whole table: there are few workspaces, and only operators list them.
inline constexpr storage::statement list_workspaces{
    "accounts.list_workspaces",
    "SELECT workspace_id, public_id, name, created_at FROM workspace ORDER BY workspace_id"};

inline constexpr storage::statement find_click_key{
    "accounts.find_click_key", "SELECT public_id, click_key FROM workspace WHERE workspace_id = $1"};

} // namespace tributary::accounts::sql
