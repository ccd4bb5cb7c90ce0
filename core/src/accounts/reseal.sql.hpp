#pragma once

#include <tributary/storage/storage.hpp>

// Pages through the primary keys: each statement searches, and none holds the writer for long.
namespace tributary::accounts::sql {

inline constexpr storage::statement page_of_secrets{
    "accounts.page_of_secrets", "SELECT secret_id, connection_id, name, sealed FROM connection_secret "
                                "WHERE secret_id > $1 ORDER BY secret_id LIMIT $2"};

inline constexpr storage::statement replace_secret{
    "accounts.replace_secret", "UPDATE connection_secret SET sealed = $1 WHERE secret_id = $2"};

inline constexpr storage::statement page_of_click_keys{
    "accounts.page_of_click_keys",
    "SELECT public_id, click_key FROM workspace WHERE public_id > $1 ORDER BY public_id LIMIT $2"};

inline constexpr storage::statement replace_click_key{
    "accounts.replace_click_key", "UPDATE workspace SET click_key = $1 WHERE public_id = $2"};

} // namespace tributary::accounts::sql
