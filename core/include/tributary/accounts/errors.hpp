#pragma once

#include <tributary/base/result.hpp>

namespace tributary::accounts {

enum class accounts_errc {
    invalid_argument =
        1,          ///< A name, scope, host, time ... that cannot be stored; the detail says which and why.
    not_found,      ///< No such workspace, key, connection, secret or domain, or not this workspace's.
    name_taken,     ///< A workspace of this name exists.
    domain_taken,   ///< The domain belongs to a workspace already, maybe to another one.
    too_many,       ///< A limit of limits.hpp is reached.
    unknown_key,    ///< No API key like the one presented.
    revoked_key,    ///< The API key was revoked.
    expired_key,    ///< The API key's time is over.
    disabled,       ///< The connection was switched off.
    bad_master_key, ///< Not 32 bytes as base64 or hex, or plainly no random key.
    key_file_unreadable, ///< Absent, no regular file, too long, or reading failed.
    key_file_exposed,    ///< Others than its owner may read or write the key's file.
    key_file_exists,     ///< A key's file is never overwritten.
    key_file_unwritable, ///< It could not be made, written or synced.
    sealed_by_other_key, ///< The key that sealed a secret is not in the key ring.
    seal_broken,         ///< A sealed secret was changed, cut, or belongs to another row.
};
const boost::system::error_category& accounts_category() noexcept;
inline error_code make_error_code(accounts_errc e) noexcept {
    return {static_cast<int>(e), accounts_category()};
}

} // namespace tributary::accounts

template <> struct boost::system::is_error_code_enum<tributary::accounts::accounts_errc> : std::true_type {};
