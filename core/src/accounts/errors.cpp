#include <tributary/accounts/errors.hpp>
#include <tributary/base/category.hpp>

namespace tributary::accounts {
namespace {

std::string_view message(int code) noexcept {
    switch (static_cast<accounts_errc>(code)) {
    case accounts_errc::invalid_argument: return "invalid argument";
    case accounts_errc::not_found: return "not found";
    case accounts_errc::name_taken: return "a workspace of this name exists";
    case accounts_errc::domain_taken: return "the domain belongs to a workspace already";
    case accounts_errc::too_many: return "too many";
    case accounts_errc::unknown_key: return "no such API key";
    case accounts_errc::revoked_key: return "the API key was revoked";
    case accounts_errc::expired_key: return "the API key has expired";
    case accounts_errc::disabled: return "the connection is disabled";
    case accounts_errc::bad_master_key: return "no usable master key";
    case accounts_errc::key_file_unreadable: return "the key file cannot be read";
    case accounts_errc::key_file_exposed: return "the key file is open to others";
    case accounts_errc::key_file_exists: return "the key file exists";
    case accounts_errc::key_file_unwritable: return "the key file cannot be written";
    case accounts_errc::sealed_by_other_key: return "the secret was sealed by a key that is not at hand";
    case accounts_errc::seal_broken: return "the sealed secret was changed or belongs elsewhere";
    }
    return "unknown accounts error";
}

constexpr message_category category("tributary.accounts", message);

} // namespace

const boost::system::error_category& accounts_category() noexcept {
    return category;
}

} // namespace tributary::accounts
