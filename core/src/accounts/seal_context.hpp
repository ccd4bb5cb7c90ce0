#pragma once

#include <string>
#include <string_view>

/// What a sealed secret is bound to: the row and the column it lies in. None of the parts can contain the
/// separator.
namespace tributary::accounts {

inline std::string secret_context(std::string_view connection_id, std::string_view name,
                                  std::string_view secret_id) {
    std::string out = "connection_secret\n";
    out.append(connection_id).append("\n").append(name).append("\n").append(secret_id);
    return out;
}

inline std::string click_key_context(std::string_view workspace_public_id) {
    return "workspace click_key\n" + std::string(workspace_public_id);
}

} // namespace tributary::accounts
