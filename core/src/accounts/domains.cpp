#include <tributary/accounts/domains.hpp>
#include <tributary/accounts/limits.hpp>

#include <array>

#include "accounts/domains.sql.hpp"
#include "accounts/rows.hpp"
#include "accounts/validate.hpp"

namespace tributary::accounts {
namespace {

/// Before every name.
constexpr std::string_view from_the_first_name;

domain read(const storage::row& row) {
    return {std::string(row.text(0)), row.integer(1), static_cast<environment>(row.integer(2)),
            row.integer(3)};
}

result<std::optional<domain>> find_exact(storage::session& on, std::string_view name) {
    std::optional<domain> found;
    TRIBUTARY_TRY(on.query(sql::find_domain, std::array<value, 1>{name},
                           [&](const storage::row& row) { found = read(row); }));
    return found;
}

} // namespace

result<domain> domains::add(std::int64_t workspace_id, accounts::environment environment,
                            std::string_view host) {
    TRIBUTARY_TRY(check_environment(environment));
    TRIBUTARY_TRY_ASSIGN(name, normalise_host(host));
    TRIBUTARY_TRY_ASSIGN(existing, count(session_, sql::count_domains,
                                         std::array<value, 2>{workspace_id, from_the_first_name}));
    const time_ms now = clock_.now_ms();
    if (existing < domains_per_workspace_max) {
        TRIBUTARY_TRY_ASSIGN(
            inserted, session_.execute(sql::insert_domain,
                                       std::array<value, 4>{std::string_view(name), workspace_id,
                                                            static_cast<std::int64_t>(environment), now}));
        if (inserted == 1)
            return domain{std::move(name), workspace_id, environment, now};
    }
    TRIBUTARY_TRY_ASSIGN(there, find_exact(session_, name));
    if (!there)
        return failure(accounts_errc::too_many, "domains of this workspace");
    if (there->workspace_id != workspace_id || there->environment != environment)
        return failure(accounts_errc::domain_taken, name);
    return std::move(*there);
}

result<void> domains::remove(std::int64_t workspace_id, std::string_view host) {
    TRIBUTARY_TRY_ASSIGN(name, normalise_host(host));
    TRIBUTARY_TRY_ASSIGN(
        changed,
        session_.execute(sql::delete_domain, std::array<value, 2>{std::string_view(name), workspace_id}));
    if (changed == 0)
        return failure(accounts_errc::not_found, "domain");
    return {};
}

result<std::vector<domain>> domains::list(std::int64_t workspace_id) {
    std::vector<domain> out;
    TRIBUTARY_TRY(session_.query(sql::list_domains, std::array<value, 2>{workspace_id, from_the_first_name},
                                 [&](const storage::row& row) { out.push_back(read(row)); }));
    return out;
}

result<domain> domains::find(std::string_view host) {
    TRIBUTARY_TRY_ASSIGN(name, normalise_host(host));
    TRIBUTARY_TRY_ASSIGN(found, find_exact(session_, name));
    if (!found)
        return failure(accounts_errc::not_found, "domain");
    return std::move(*found);
}

} // namespace tributary::accounts
