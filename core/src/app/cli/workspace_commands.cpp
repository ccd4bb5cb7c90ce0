#include "app/cli/commands.hpp"
#include "app/cli/context.hpp"
#include "app/cli/document.hpp"
#include "app/cli/table.hpp"
#include "app/cli/times.hpp"
#include "app/cli/workbench.hpp"

namespace tributary::app::cli {
namespace {

document describe(const accounts::workspace& of) {
    return document::record()
        .set("workspace_id", of.public_id)
        .set("name", of.name)
        .set("created_at", time_text(of.created_at));
}

result<exit_status> create_workspace(context& with, const std::string& name) {
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::accounts));
    TRIBUTARY_TRY_ASSIGN(made,
                         bench->write<accounts::workspace>([&] { return bench->workspaces().create(name); }));
    const document shown = describe(made);
    with.show(shown, [&] {
        return fields_text(shown,
                           {{"workspace_id", "workspace"}, {"name", "name"}, {"created_at", "created"}});
    });
    return exit_status::ok;
}

result<exit_status> list_workspaces(context& with) {
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::accounts));
    TRIBUTARY_TRY_ASSIGN(all, bench->workspaces().list());
    document list = document::list();
    for (const accounts::workspace& each : all)
        list.push(describe(each));
    with.show(document::record().set("workspaces", list), [&] {
        return table_text(list, {{"workspace_id", "WORKSPACE"}, {"name", "NAME"}, {"created_at", "CREATED"}},
                          "no workspace");
    });
    return exit_status::ok;
}

} // namespace

void add_workspace_commands(command root) {
    command group = root.add("workspace", "Workspaces: one tenant each");
    const auto name = std::make_shared<std::string>();
    group.add("create", "Make a workspace", "tributary workspace create shop")
        .text("NAME", *name, "NAME", "1 to 128 bytes")
        .required()
        .runs([name](context& with) { return create_workspace(with, *name); });
    group.add("list", "List the workspaces", "tributary workspace list").runs(list_workspaces);
}

} // namespace tributary::app::cli
