#pragma once

#include <tributary/accounts/environment.hpp>
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

/// One account at one provider, as a workspace connected it.
struct connection {
    std::string connection_id; ///< "con_01ARZ3NDEKTSV4RRFFQ69G5FAV"; part of the webhook's URL.
    std::int64_t workspace_id = 0;
    accounts::environment environment = accounts::environment::live;
    std::string provider;    ///< Short name of a plugin.
    std::string realm;       ///< The provider's account, so that facts survive another connection to it.
    std::string settings;    ///< A JSON object for the plugin. Holds no secrets.
    time_ms notify_from = 0; ///< Older history sends no messages and earns nothing.
    time_ms created_at = 0;
    std::optional<time_ms> disabled_at;
};

struct new_connection {
    std::int64_t workspace_id = 0;
    accounts::environment environment = accounts::environment::live;
    std::string provider;
    std::string realm;
    std::string settings = "{}";
    std::optional<time_ms> notify_from; ///< Now, when not given.
};

/// What may be seen of a secret.
struct secret_info {
    std::string secret_id; ///< "sec_01ARZ3NDEKTSV4RRFFQ69G5FAV".
    std::string name;
    time_ms created_at = 0;
    std::optional<time_ms> expires_at;
};

struct opened_secret {
    std::string name;
    secret_text value;
};

struct opened_connection {
    accounts::connection connection;
    /// Those that have not expired, oldest first. A name may come twice: while a provider changes from one
    /// signing secret to the next, both are right.
    std::vector<opened_secret> secrets;
};

/// Connections and their secrets, which are sealed at rest.
///
/// Everything but find() takes the workspace and sees nothing of another's: not_found. As thread-safe as the
/// session; the caller begins and commits.
class connections {
  public:
    connections(storage::session& on, const clock& time, entropy& random, const secret_box& box)
        : session_(on), clock_(time), random_(random), box_(box) {}

    /// @errors invalid_argument, too_many, and those of the storage.
    result<connection> create(const new_connection& wanted);

    /// Oldest first, with those disabled.
    result<std::vector<connection>> list(std::int64_t workspace_id);

    /// Disabled or not, without secrets.
    result<connection> find_in(std::int64_t workspace_id, std::string_view connection_id);

    /// For a delivery, which names no workspace: with opened secrets.
    /// @errors not_found, disabled, sealed_by_other_key, seal_broken.
    result<opened_connection> find(std::string_view connection_id);

    /// Replaces the settings. @errors invalid_argument, not_found.
    result<void> change_settings(std::int64_t workspace_id, std::string_view connection_id,
                                 std::string_view settings);

    /// Refuses deliveries from now on. Doing it again changes nothing. @errors not_found.
    result<void> disable(std::int64_t workspace_id, std::string_view connection_id);

    /// @param name  what the plugin calls it: a-z, 0-9 and "_", up to 64. Others of this name stay valid.
    /// @param value 1 to secret_bytes_max bytes.
    /// @errors invalid_argument, not_found, too_many.
    result<secret_info> add_secret(std::int64_t workspace_id, std::string_view connection_id,
                                   std::string_view name, const secret_text& value);

    /// The secret opens until then; a time that is past ends it at once. @errors not_found.
    result<void> expire_secret(std::int64_t workspace_id, std::string_view connection_id,
                               std::string_view secret_id, time_ms expires_at);

    /// Oldest first, with those expired. @errors not_found.
    result<std::vector<secret_info>> list_secrets(std::int64_t workspace_id, std::string_view connection_id);

  private:
    storage::session& session_;
    const clock& clock_;
    entropy& random_;
    const secret_box& box_;
};

} // namespace tributary::accounts
