#include <tributary/accounts/limits.hpp>
#include <tributary/accounts/secret_box.hpp>
#include <tributary/accounts/workspaces.hpp>
#include <tributary/base/entropy.hpp>
#include <tributary/base/ids.hpp>

#include <array>

#include "accounts/rows.hpp"
#include "accounts/seal_context.hpp"
#include "accounts/validate.hpp"
#include "accounts/wiped.hpp"
#include "accounts/workspaces.sql.hpp"

namespace tributary::accounts {
namespace {

constexpr std::size_t click_key_size = 32;

workspace read(const storage::row& row) {
    return {row.integer(0), std::string(row.text(1)), std::string(row.text(2)), row.integer(3)};
}

} // namespace

result<workspace> workspaces::create(std::string_view name) {
    TRIBUTARY_TRY(check_name("the workspace's name", name));
    TRIBUTARY_TRY_ASSIGN(existing, list());
    if (existing.size() >= workspaces_max)
        return failure(accounts_errc::too_many, "workspaces");
    for (const workspace& other : existing)
        if (other.name == name || other.public_id == name)
            return failure(accounts_errc::name_taken, other.public_id);
    const time_ms now = clock_.now_ms();
    const std::string public_id = make_id("ws_", now, random_);
    wiped<std::array<char, click_key_size>> click_key;
    random_.fill(click_key->data(), click_key->size());
    const std::string sealed =
        box_.seal({click_key->data(), click_key->size()}, click_key_context(public_id), random_);
    TRIBUTARY_TRY(session_.execute(sql::insert_workspace,
                                   std::array<value, 4>{public_id, name, storage::blob{sealed}, now}));
    // The number is the database's to give, and not every backend tells it on its own.
    return find(public_id);
}

result<workspace> workspaces::find(std::string_view public_id_or_name) {
    std::optional<workspace> found;
    TRIBUTARY_TRY(session_.query(sql::find_workspace, std::array<value, 1>{public_id_or_name},
                                 [&](const storage::row& row) { found = read(row); }));
    if (!found) {
        TRIBUTARY_TRY_ASSIGN(all, list());
        for (workspace& each : all)
            if (each.name == public_id_or_name)
                found = std::move(each);
    }
    if (!found)
        return failure(accounts_errc::not_found, "workspace");
    return std::move(*found);
}

result<std::vector<workspace>> workspaces::list() {
    std::vector<workspace> out;
    TRIBUTARY_TRY(
        session_.query(sql::list_workspaces, {}, [&](const storage::row& row) { out.push_back(read(row)); }));
    return out;
}

result<secret_text> workspaces::open_click_key(std::int64_t workspace_id) {
    std::optional<result<secret_text>> opened;
    TRIBUTARY_TRY(
        session_.query(sql::find_click_key, std::array<value, 1>{workspace_id}, [&](const storage::row& row) {
            opened = box_.open(row.text(1), click_key_context(row.text(0)));
        }));
    if (!opened)
        return failure(accounts_errc::not_found, "workspace");
    return std::move(*opened);
}

} // namespace tributary::accounts
