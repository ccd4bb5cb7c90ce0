#include <tributary/accounts/api_keys.hpp>
#include <tributary/accounts/limits.hpp>
#include <tributary/accounts/scope.hpp>
#include <tributary/base/assert.hpp>
#include <tributary/base/crypto.hpp>
#include <tributary/base/entropy.hpp>

#include <array>

#include "accounts/api_keys.sql.hpp"
#include "accounts/rows.hpp"
#include "accounts/validate.hpp"
#include "accounts/wiped.hpp"

namespace tributary::accounts {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t random_characters = 32;
/// Enough to tell keys apart (47 bits), and it leaves 142 bits unseen.
constexpr std::size_t visible_characters = 8;
constexpr std::string_view live_prefix = "trb_live_";
constexpr std::string_view sandbox_prefix = "trb_test_";
static_assert(live_prefix.size() == sandbox_prefix.size());
constexpr std::size_t prefix_characters = live_prefix.size();
constexpr std::size_t key_characters = prefix_characters + random_characters;
/// A taken beginning is a matter of one in 10^14; taken again and again it is a broken generator.
constexpr int attempts_max = 4;

/// Each character with the same probability: bytes past the last whole multiple of 62 are thrown away.
secret_text make_key(environment where, entropy& random) {
    constexpr unsigned fair_limit = 256 / alphabet.size() * alphabet.size();
    wiped<std::array<char, key_characters>> text;
    wiped<std::array<unsigned char, 64>> bytes;
    (where == environment::live ? live_prefix : sandbox_prefix).copy(text->data(), prefix_characters);
    for (std::size_t at = prefix_characters; at < key_characters;) {
        random.fill(bytes->data(), bytes->size());
        for (const unsigned char byte : *bytes)
            if (byte < fair_limit && at < key_characters)
                (*text)[at++] = alphabet[byte % alphabet.size()];
    }
    return secret_text({text->data(), text->size()});
}

api_key read(const storage::row& row) {
    api_key out;
    out.key_id = row.text(0);
    out.workspace_id = row.integer(1);
    out.environment = static_cast<environment>(row.integer(2));
    out.name = row.text(3);
    out.scopes = row.text(4);
    out.created_at = row.integer(5);
    out.expires_at = time_or_none(row, 6);
    out.revoked_at = time_or_none(row, 7);
    return out;
}

} // namespace

result<created_api_key> api_keys::create(const new_api_key& wanted) {
    const time_ms now = clock_.now_ms();
    TRIBUTARY_TRY(check_environment(wanted.environment));
    TRIBUTARY_TRY(check_name("the key's name", wanted.name));
    TRIBUTARY_TRY_ASSIGN(scopes, join_scopes(wanted.scopes));
    if (wanted.expires_at && *wanted.expires_at <= now)
        return failure(accounts_errc::invalid_argument, "the key would have expired already");
    TRIBUTARY_TRY_ASSIGN(existing, count(session_, sql::count_api_keys,
                                         std::array<value, 2>{wanted.workspace_id, from_the_first}));
    if (existing >= keys_per_workspace_max)
        return failure(accounts_errc::too_many, "API keys of this workspace");
    for (int attempt = 0; attempt < attempts_max; ++attempt) {
        secret_text clear = make_key(wanted.environment, random_);
        const std::string key_id(clear.reveal().substr(0, prefix_characters + visible_characters));
        const digest256 digest = sha256(clear.reveal());
        TRIBUTARY_TRY_ASSIGN(
            inserted, session_.execute(sql::insert_api_key,
                                       std::array<value, 8>{storage::blob{as_bytes(digest)}, key_id,
                                                            wanted.workspace_id,
                                                            static_cast<std::int64_t>(wanted.environment),
                                                            std::string_view(wanted.name), scopes, now,
                                                            value_of(wanted.expires_at)}));
        if (inserted == 1)
            return created_api_key{{key_id, wanted.workspace_id, wanted.environment, wanted.name, scopes, now,
                                    wanted.expires_at, std::nullopt},
                                   std::move(clear)};
    }
    return failure(accounts_errc::too_many, "API keys with the same beginning");
}

result<api_key> api_keys::find(std::string_view clear) {
    // No look at the text before: what is plainly no key costs the same as a good guess.
    const digest256 digest = sha256(clear);
    std::optional<api_key> found;
    TRIBUTARY_TRY(session_.query(sql::find_api_key, std::array<value, 1>{storage::blob{as_bytes(digest)}},
                                 [&](const storage::row& row) { found = read(row); }));
    if (!found)
        return failure(accounts_errc::unknown_key);
    if (found->revoked_at)
        return failure(accounts_errc::revoked_key, found->key_id);
    if (found->expires_at && *found->expires_at <= clock_.now_ms())
        return failure(accounts_errc::expired_key, found->key_id);
    return std::move(*found);
}

result<void> api_keys::revoke(std::int64_t workspace_id, std::string_view key_id) {
    TRIBUTARY_TRY_ASSIGN(
        changed,
        session_.execute(sql::revoke_api_key, std::array<value, 3>{clock_.now_ms(), key_id, workspace_id}));
    if (changed == 0)
        return failure(accounts_errc::not_found, "API key");
    return {};
}

result<std::vector<api_key>> api_keys::list(std::int64_t workspace_id) {
    std::vector<api_key> out;
    TRIBUTARY_TRY(session_.query(sql::list_api_keys, std::array<value, 2>{workspace_id, from_the_first},
                                 [&](const storage::row& row) { out.push_back(read(row)); }));
    return out;
}

} // namespace tributary::accounts
