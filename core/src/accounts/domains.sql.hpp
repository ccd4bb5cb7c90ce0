#pragma once

#include <tributary/storage/storage.hpp>

// For the lower bounds see api_keys.sql.hpp.
namespace tributary::accounts::sql {

/// Changes nothing when the domain is there already, whosever it is.
inline constexpr storage::statement insert_domain{
    "accounts.insert_domain", "INSERT INTO domain (domain, workspace_id, environment, created_at) "
                              "VALUES ($1, $2, $3, $4) ON CONFLICT (domain) DO NOTHING"};

inline constexpr storage::statement find_domain{
    "accounts.find_domain",
    "SELECT domain, workspace_id, environment, created_at FROM domain WHERE domain = $1"};

inline constexpr storage::statement delete_domain{
    "accounts.delete_domain", "DELETE FROM domain WHERE domain = $1 AND workspace_id = $2"};

inline constexpr storage::statement list_domains{
    "accounts.list_domains", "SELECT domain, workspace_id, environment, created_at FROM domain "
                             "WHERE workspace_id = $1 AND domain > $2 ORDER BY domain"};

inline constexpr storage::statement count_domains{
    "accounts.count_domains", "SELECT count(*) FROM domain WHERE workspace_id = $1 AND domain > $2"};

} // namespace tributary::accounts::sql
