#pragma once

#include <tributary/storage/storage.hpp>

// "connection" is no reserved word of SQLite's or PostgreSQL's. For the lower bounds see api_keys.sql.hpp.
namespace tributary::accounts::sql {

inline constexpr storage::statement insert_connection{"accounts.insert_connection",
                                                      "INSERT INTO connection (connection_id, workspace_id, "
                                                      "environment, provider, realm, settings, notify_from, "
                                                      "created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};

inline constexpr storage::statement find_connection{
    "accounts.find_connection",
    "SELECT connection_id, workspace_id, environment, provider, realm, settings, notify_from, created_at, "
    "disabled_at FROM connection WHERE connection_id = $1"};

inline constexpr storage::statement list_connections{
    "accounts.list_connections",
    "SELECT connection_id, workspace_id, environment, provider, realm, settings, notify_from, created_at, "
    "disabled_at FROM connection WHERE workspace_id = $1 AND created_at >= $2 ORDER BY created_at, "
    "connection_id"};

inline constexpr storage::statement count_connections{
    "accounts.count_connections",
    "SELECT count(*) FROM connection WHERE workspace_id = $1 AND created_at >= $2"};

inline constexpr storage::statement change_settings{
    "accounts.change_settings",
    "UPDATE connection SET settings = $1 WHERE connection_id = $2 AND workspace_id = $3"};

inline constexpr storage::statement disable_connection{
    "accounts.disable_connection", "UPDATE connection SET disabled_at = COALESCE(disabled_at, $1) "
                                   "WHERE connection_id = $2 AND workspace_id = $3"};

inline constexpr storage::statement insert_secret{"accounts.insert_secret",
                                                  "INSERT INTO connection_secret (secret_id, connection_id, "
                                                  "name, sealed, created_at) VALUES ($1, $2, $3, $4, $5)"};

inline constexpr storage::statement find_secrets{
    "accounts.find_secrets", "SELECT secret_id, name, created_at, expires_at, sealed FROM connection_secret "
                             "WHERE connection_id = $1 AND created_at >= $2 ORDER BY created_at, secret_id"};

inline constexpr storage::statement expire_secret{
    "accounts.expire_secret",
    "UPDATE connection_secret SET expires_at = $1 WHERE secret_id = $2 AND connection_id = $3"};

} // namespace tributary::accounts::sql
