#include "app/cli/commands.hpp"
#include "app/cli/context.hpp"
#include "app/cli/document.hpp"
#include "app/cli/table.hpp"
#include "app/cli/times.hpp"
#include "app/cli/workbench.hpp"

namespace tributary::app::cli {
namespace {

struct domain_arguments {
    std::optional<std::string> workspace;
    std::string host;
    bool sandbox = false;
    bool live = false;
};

document describe(const accounts::domain& of) {
    return document::record()
        .set("domain", of.name)
        .set("environment", accounts::environment_name(of.environment))
        .set("created_at", time_text(of.created_at));
}

result<exit_status> add_domain(context& with, const domain_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::accounts));
    TRIBUTARY_TRY_ASSIGN(in, bench->workspace(given.workspace));
    const auto environment = given.sandbox ? accounts::environment::sandbox : accounts::environment::live;
    TRIBUTARY_TRY_ASSIGN(made, bench->write<accounts::domain>([&] {
        return bench->domains().add(in.workspace_id, environment, given.host);
    }));
    const document shown = describe(made);
    with.show(shown, [&] {
        return fields_text(shown,
                           {{"domain", "domain"}, {"environment", "environment"}, {"created_at", "created"}});
    });
    return exit_status::ok;
}

result<exit_status> list_domains(context& with, const domain_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::accounts));
    TRIBUTARY_TRY_ASSIGN(in, bench->workspace(given.workspace));
    TRIBUTARY_TRY_ASSIGN(all, bench->domains().list(in.workspace_id));
    document list = document::list();
    for (const accounts::domain& each : all)
        list.push(describe(each));
    with.show(document::record().set("workspace_id", in.public_id).set("domains", list), [&] {
        return table_text(list,
                          {{"domain", "DOMAIN"}, {"environment", "ENVIRONMENT"}, {"created_at", "CREATED"}},
                          "no domain");
    });
    return exit_status::ok;
}

result<exit_status> remove_domain(context& with, const domain_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::accounts));
    TRIBUTARY_TRY_ASSIGN(in, bench->workspace(given.workspace));
    TRIBUTARY_TRY(bench->write<void>([&] { return bench->domains().remove(in.workspace_id, given.host); }));
    with.show(document::record().set("domain", given.host).set("state", "removed"),
              [&] { return given.host + " is removed\n"; });
    return exit_status::ok;
}

} // namespace

void add_domain_commands(command root) {
    command group = root.add("domain", "Host names whose links belong to a workspace");
    const auto given = std::make_shared<domain_arguments>();
    const std::string which = "Id or name; may be left out when there is only one";
    group.add("add", "Give a host name to a workspace", "tributary domain add go.example.com")
        .text("HOST", given->host, "HOST", "A host name")
        .required()
        .text("--workspace", given->workspace, "WORKSPACE", which)
        .flag("--sandbox", given->sandbox, "For the sandbox")
        .flag("--live", given->live, "For live data (the default)")
        .excludes("--sandbox")
        .runs([given](context& with) { return add_domain(with, *given); });
    group.add("list", "List the host names of a workspace", "tributary domain list")
        .text("--workspace", given->workspace, "WORKSPACE", which)
        .runs([given](context& with) { return list_domains(with, *given); });
    group
        .add("remove", "Take a host name away; its links answer no more",
             "tributary domain remove go.example.com")
        .text("HOST", given->host, "HOST", "A host name")
        .required()
        .text("--workspace", given->workspace, "WORKSPACE", which)
        .runs([given](context& with) { return remove_domain(with, *given); });
}

} // namespace tributary::app::cli
