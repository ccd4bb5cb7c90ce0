#pragma once

#include <tributary/accounts/errors.hpp>
#include <tributary/base/clock.hpp>
#include <tributary/base/secret_text.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tributary {
class entropy;
}
namespace tributary::storage {
class session;
}

namespace tributary::accounts {

class secret_box;

/// One tenant: nothing of one is ever seen by another.
struct workspace {
    std::int64_t workspace_id = 0; ///< For SQL, never shown.
    std::string public_id;         ///< "ws_01ARZ3NDEKTSV4RRFFQ69G5FAV".
    std::string name;
    time_ms created_at = 0;
};

/// The workspaces of a daemon. As thread-safe as the session; the caller begins and commits.
class workspaces {
  public:
    workspaces(storage::session& on, const clock& time, entropy& random, const secret_box& box)
        : session_(on), clock_(time), random_(random), box_(box) {}

    /// @param name  1 to 128 bytes of UTF-8 without control characters; told apart by its bytes.
    /// @errors invalid_argument, name_taken, too_many, and those of the storage.
    result<workspace> create(std::string_view name);

    /// By public id or by name. @errors not_found.
    result<workspace> find(std::string_view public_id_or_name);

    /// In the order in which they were made.
    result<std::vector<workspace>> list();

    /// The key of the click ids of a workspace (32 bytes). @errors not_found, sealed_by_other_key,
    /// seal_broken.
    result<secret_text> open_click_key(std::int64_t workspace_id);

  private:
    storage::session& session_;
    const clock& clock_;
    entropy& random_;
    const secret_box& box_;
};

} // namespace tributary::accounts
