#include "app/cli/workbench.hpp"

#include <filesystem>

#include "app/cli/context.hpp"

namespace tributary::app::cli {

result<std::unique_ptr<workbench>> workbench::open(context& from, with wanted) {
    TRIBUTARY_TRY_ASSIGN(settings, from.settings());
    std::error_code unknown;
    if (!std::filesystem::exists(settings.storage.path, unknown))
        return failure(cli_errc::failed, "there is no database " + settings.storage.path +
                                             "; 'tributary init' makes one, --config FILE names another");
    const bool engine = wanted == with::engine;
    TRIBUTARY_TRY_ASSIGN(parts, assembly::open(std::move(settings), {.plugins = engine, .quiet = true}));
    std::unique_ptr<workbench> made(new workbench);
    made->parts_ = std::move(parts);
    if (engine) {
        TRIBUTARY_TRY_ASSIGN(driven, made->parts_->make_engine());
        made->engine_ = std::move(driven);
        return made;
    }
    storage::database& database = made->parts_->database();
    TRIBUTARY_TRY_ASSIGN(session, database.open_writer());
    TRIBUTARY_TRY(storage::migrate(database, *session, "core", storage::core_migrations(), made->now()));
    made->session_ = std::move(session);
    return made;
}

accounts::workspaces workbench::workspaces() {
    return {session(), parts_->time(), parts_->random(), *parts_->box()};
}
accounts::api_keys workbench::api_keys() {
    return {session(), parts_->time(), parts_->random()};
}
accounts::domains workbench::domains() {
    return {session(), parts_->time()};
}
accounts::connections workbench::connections() {
    return {session(), parts_->time(), parts_->random(), *parts_->box()};
}

result<accounts::workspace> workbench::workspace(const std::optional<std::string>& named) {
    if (named)
        return workspaces().find(*named);
    TRIBUTARY_TRY_ASSIGN(all, workspaces().list());
    if (all.empty())
        return failure(cli_errc::not_found,
                       "there is no workspace; 'tributary workspace create NAME' makes one");
    if (all.size() > 1)
        return failure(cli_errc::usage,
                       "there are " + std::to_string(all.size()) +
                           " workspaces; say which with --workspace (tributary workspace list)");
    return std::move(all.front());
}

result<std::vector<accounts::workspace>>
workbench::workspaces_named(const std::optional<std::string>& named) {
    if (!named)
        return workspaces().list();
    TRIBUTARY_TRY_ASSIGN(found, workspaces().find(*named));
    return std::vector{std::move(found)};
}

result<accounts::connection> workbench::connection(const std::string& id,
                                                   const std::optional<std::string>& workspace) {
    std::int64_t workspace_id = 0;
    if (workspace) {
        TRIBUTARY_TRY_ASSIGN(found, workspaces().find(*workspace));
        workspace_id = found.workspace_id;
    } else {
        TRIBUTARY_TRY_ASSIGN(known, parts_->where().connection(session(), id, false));
        workspace_id = known.in.workspace;
    }
    return connections().find_in(workspace_id, id);
}

std::vector<accounts::environment> environments(bool live, bool sandbox) {
    if (live == sandbox)
        return {accounts::environment::live, accounts::environment::sandbox};
    return {live ? accounts::environment::live : accounts::environment::sandbox};
}

} // namespace tributary::app::cli
