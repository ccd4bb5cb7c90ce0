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

/// What is known of an API key. The key itself is not stored.
struct api_key {
    std::string key_id; ///< "trb_live_ab12cd34", the visible beginning of the key.
    std::int64_t workspace_id = 0;
    accounts::environment environment = accounts::environment::live;
    std::string name;
    std::string scopes; ///< As scope_allows() takes them.
    time_ms created_at = 0;
    std::optional<time_ms> expires_at;
    std::optional<time_ms> revoked_at;
};

struct new_api_key {
    std::int64_t workspace_id = 0;
    accounts::environment environment = accounts::environment::live;
    std::string name;
    std::vector<std::string> scopes;
    std::optional<time_ms> expires_at; ///< Must lie in the future.
};

struct created_api_key {
    api_key key;
    secret_text clear; ///< Shown once: nobody can get it back.
};

/// Bearer tokens: "trb_live_" or "trb_test_" and 32 characters 0-9A-Za-z (190 bits), found by their SHA-256.
/// That much randomness needs no slow hash.
///
/// As thread-safe as the session; the caller begins and commits.
class api_keys {
  public:
    api_keys(storage::session& on, const clock& time, entropy& random)
        : session_(on), clock_(time), random_(random) {}

    /// @errors invalid_argument, too_many, and those of the storage.
    result<created_api_key> create(const new_api_key& wanted);

    /// The key that a request presented. Takes the same work whether or not it exists: one hash, one search.
    /// @errors unknown_key, revoked_key, expired_key; for outsiders they are one answer.
    result<api_key> find(std::string_view clear);

    /// From now on find() refuses it. Doing it again changes nothing.
    /// @errors not_found, also for a key of another workspace.
    result<void> revoke(std::int64_t workspace_id, std::string_view key_id);

    /// Oldest first, with those revoked or expired.
    result<std::vector<api_key>> list(std::int64_t workspace_id);

  private:
    storage::session& session_;
    const clock& clock_;
    entropy& random_;
};

} // namespace tributary::accounts
