#pragma once

#include <tributary/storage/storage.hpp>

// Lists have a lower bound on the second column of their index, although everything is above it: without
// statistics SQLite scans instead of searching when only workspace_id is named.
namespace tributary::accounts::sql {

/// Changes nothing when the visible beginning is taken; the caller then makes another key. An error would end
/// the transaction on PostgreSQL.
inline constexpr storage::statement insert_api_key{
    "accounts.insert_api_key",
    "INSERT INTO api_key (key_hash, key_id, workspace_id, environment, name, scopes, created_at, expires_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (key_id) DO NOTHING"};

inline constexpr storage::statement find_api_key{
    "accounts.find_api_key",
    "SELECT key_id, workspace_id, environment, name, scopes, created_at, expires_at, revoked_at "
    "FROM api_key WHERE key_hash = $1"};

inline constexpr storage::statement revoke_api_key{
    "accounts.revoke_api_key",
    "UPDATE api_key SET revoked_at = COALESCE(revoked_at, $1) WHERE key_id = $2 AND workspace_id = $3"};

inline constexpr storage::statement list_api_keys{
    "accounts.list_api_keys",
    "SELECT key_id, workspace_id, environment, name, scopes, created_at, expires_at, revoked_at "
    "FROM api_key WHERE workspace_id = $1 AND created_at >= $2 ORDER BY created_at, key_id"};

inline constexpr storage::statement count_api_keys{
    "accounts.count_api_keys", "SELECT count(*) FROM api_key WHERE workspace_id = $1 AND created_at >= $2"};

} // namespace tributary::accounts::sql
