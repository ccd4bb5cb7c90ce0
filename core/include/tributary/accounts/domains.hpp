#pragma once

#include <tributary/accounts/environment.hpp>
#include <tributary/accounts/errors.hpp>
#include <tributary/base/clock.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::storage {
class session;
}

namespace tributary::accounts {

/// A host name whose links belong to a workspace.
struct domain {
    std::string name; ///< As normalise_host() gives it.
    std::int64_t workspace_id = 0;
    accounts::environment environment = accounts::environment::live;
    time_ms created_at = 0;
};

/// The one form of a host name: lower case, without port and without the dot at its end. ASCII only: others
/// are given as "xn--..." (RFC 5890). Labels of letters, digits and inner hyphens, at most 63 each and 253
/// together (RFC 1123); at least two of them, but for "localhost"; no addresses.
/// @errors invalid_argument, says what is wrong. Pure.
result<std::string> normalise_host(std::string_view host);

/// As thread-safe as the session; the caller begins and commits.
class domains {
  public:
    domains(storage::session& on, const clock& time) : session_(on), clock_(time) {}

    /// Adding one's own again, in the same environment, changes nothing.
    /// @errors invalid_argument, domain_taken, too_many, and those of the storage.
    result<domain> add(std::int64_t workspace_id, accounts::environment environment, std::string_view host);

    /// @errors invalid_argument, not_found, also for one of another workspace.
    result<void> remove(std::int64_t workspace_id, std::string_view host);

    /// By name.
    result<std::vector<domain>> list(std::int64_t workspace_id);

    /// For a request's Host header. @errors invalid_argument, not_found.
    result<domain> find(std::string_view host);

  private:
    storage::session& session_;
    const clock& clock_;
};

} // namespace tributary::accounts
