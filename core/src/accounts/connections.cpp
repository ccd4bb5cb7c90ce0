#include <tributary/accounts/connections.hpp>
#include <tributary/accounts/limits.hpp>
#include <tributary/accounts/secret_box.hpp>
#include <tributary/base/entropy.hpp>
#include <tributary/base/ids.hpp>

#include <array>

#include "accounts/connections.sql.hpp"
#include "accounts/rows.hpp"
#include "accounts/seal_context.hpp"
#include "accounts/validate.hpp"

namespace tributary::accounts {
namespace {

connection read(const storage::row& row) {
    connection out;
    out.connection_id = row.text(0);
    out.workspace_id = row.integer(1);
    out.environment = static_cast<environment>(row.integer(2));
    out.provider = row.text(3);
    out.realm = row.text(4);
    out.settings = row.text(5);
    out.notify_from = row.integer(6);
    out.created_at = row.integer(7);
    out.disabled_at = time_or_none(row, 8);
    return out;
}

result<connection> find_any(storage::session& on, std::string_view connection_id) {
    std::optional<connection> found;
    TRIBUTARY_TRY(on.query(sql::find_connection, std::array<value, 1>{connection_id},
                           [&](const storage::row& row) { found = read(row); }));
    if (!found)
        return failure(accounts_errc::not_found, "connection");
    return std::move(*found);
}

/// A secret as its row has it.
struct sealed_secret {
    secret_info info;
    std::string sealed;
};

result<std::vector<sealed_secret>> sealed_secrets(storage::session& on, std::string_view connection_id) {
    std::vector<sealed_secret> out;
    TRIBUTARY_TRY(on.query(
        sql::find_secrets, std::array<value, 2>{connection_id, from_the_first}, [&](const storage::row& row) {
            out.push_back(
                {{std::string(row.text(0)), std::string(row.text(1)), row.integer(2), time_or_none(row, 3)},
                 std::string(row.text(4))});
        }));
    return out;
}

result<void> check(const new_connection& wanted) {
    TRIBUTARY_TRY(check_environment(wanted.environment));
    TRIBUTARY_TRY(check_provider(wanted.provider));
    TRIBUTARY_TRY(check_realm(wanted.realm));
    TRIBUTARY_TRY(check_settings(wanted.settings));
    if (wanted.notify_from && *wanted.notify_from < 0)
        return failure(accounts_errc::invalid_argument, "notify_from lies before 1970");
    return {};
}

} // namespace

result<connection> connections::create(const new_connection& wanted) {
    TRIBUTARY_TRY(check(wanted));
    TRIBUTARY_TRY_ASSIGN(existing, count(session_, sql::count_connections,
                                         std::array<value, 2>{wanted.workspace_id, from_the_first}));
    if (existing >= connections_per_workspace_max)
        return failure(accounts_errc::too_many, "connections of this workspace");
    const time_ms now = clock_.now_ms();
    connection made{make_id("con_", now, random_),
                    wanted.workspace_id,
                    wanted.environment,
                    wanted.provider,
                    wanted.realm,
                    wanted.settings,
                    wanted.notify_from.value_or(now),
                    now,
                    std::nullopt};
    TRIBUTARY_TRY(session_.execute(
        sql::insert_connection,
        std::array<value, 8>{std::string_view(made.connection_id), made.workspace_id,
                             static_cast<std::int64_t>(made.environment), std::string_view(made.provider),
                             std::string_view(made.realm), std::string_view(made.settings), made.notify_from,
                             made.created_at}));
    return made;
}

result<std::vector<connection>> connections::list(std::int64_t workspace_id) {
    std::vector<connection> out;
    TRIBUTARY_TRY(session_.query(sql::list_connections, std::array<value, 2>{workspace_id, from_the_first},
                                 [&](const storage::row& row) { out.push_back(read(row)); }));
    return out;
}

result<connection> connections::find_in(std::int64_t workspace_id, std::string_view connection_id) {
    TRIBUTARY_TRY_ASSIGN(found, find_any(session_, connection_id));
    // The same answer as for one that does not exist: ids of other workspaces cannot be probed.
    if (found.workspace_id != workspace_id)
        return failure(accounts_errc::not_found, "connection");
    return found;
}

result<opened_connection> connections::find(std::string_view connection_id) {
    TRIBUTARY_TRY_ASSIGN(found, find_any(session_, connection_id));
    if (found.disabled_at)
        return failure(accounts_errc::disabled, found.connection_id);
    TRIBUTARY_TRY_ASSIGN(sealed, sealed_secrets(session_, connection_id));
    const time_ms now = clock_.now_ms();
    opened_connection out{std::move(found), {}};
    for (sealed_secret& each : sealed) {
        if (each.info.expires_at && *each.info.expires_at <= now)
            continue;
        auto opened =
            box_.open(each.sealed, secret_context(connection_id, each.info.name, each.info.secret_id));
        // Going on without it would refuse genuine deliveries as forged, and nobody would know why.
        if (!opened)
            return failure(opened.error().code, each.info.secret_id + " of " + out.connection.connection_id);
        out.secrets.push_back({std::move(each.info.name), std::move(*opened)});
    }
    return out;
}

result<void> connections::change_settings(std::int64_t workspace_id, std::string_view connection_id,
                                          std::string_view settings) {
    TRIBUTARY_TRY(check_settings(std::string(settings)));
    TRIBUTARY_TRY(find_in(workspace_id, connection_id));
    TRIBUTARY_TRY(
        session_.execute(sql::change_settings, std::array<value, 3>{settings, connection_id, workspace_id}));
    return {};
}

result<void> connections::disable(std::int64_t workspace_id, std::string_view connection_id) {
    TRIBUTARY_TRY_ASSIGN(
        changed, session_.execute(sql::disable_connection,
                                  std::array<value, 3>{clock_.now_ms(), connection_id, workspace_id}));
    if (changed == 0)
        return failure(accounts_errc::not_found, "connection");
    return {};
}

result<secret_info> connections::add_secret(std::int64_t workspace_id, std::string_view connection_id,
                                            std::string_view name, const secret_text& secret) {
    TRIBUTARY_TRY(check_secret_name(name));
    if (secret.empty() || secret.reveal().size() > secret_bytes_max)
        return failure(accounts_errc::invalid_argument,
                       "a secret must have 1 to " + std::to_string(secret_bytes_max) + " bytes");
    TRIBUTARY_TRY_ASSIGN(existing, list_secrets(workspace_id, connection_id));
    if (existing.size() >= secrets_per_connection_max)
        return failure(accounts_errc::too_many, "secrets of this connection");
    const time_ms now = clock_.now_ms();
    secret_info made{make_id("sec_", now, random_), std::string(name), now, std::nullopt};
    const std::string sealed =
        box_.seal(secret.reveal(), secret_context(connection_id, made.name, made.secret_id), random_);
    TRIBUTARY_TRY(session_.execute(
        sql::insert_secret, std::array<value, 5>{std::string_view(made.secret_id), connection_id,
                                                 std::string_view(made.name), storage::blob{sealed}, now}));
    return made;
}

result<void> connections::expire_secret(std::int64_t workspace_id, std::string_view connection_id,
                                        std::string_view secret_id, time_ms expires_at) {
    TRIBUTARY_TRY(find_in(workspace_id, connection_id));
    TRIBUTARY_TRY_ASSIGN(
        changed,
        session_.execute(sql::expire_secret, std::array<value, 3>{expires_at, secret_id, connection_id}));
    if (changed == 0)
        return failure(accounts_errc::not_found, "secret");
    return {};
}

result<std::vector<secret_info>> connections::list_secrets(std::int64_t workspace_id,
                                                           std::string_view connection_id) {
    TRIBUTARY_TRY(find_in(workspace_id, connection_id));
    TRIBUTARY_TRY_ASSIGN(sealed, sealed_secrets(session_, connection_id));
    std::vector<secret_info> out;
    for (sealed_secret& each : sealed)
        out.push_back(std::move(each.info));
    return out;
}

} // namespace tributary::accounts
