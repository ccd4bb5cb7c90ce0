#include "app/cli/commands.hpp"
#include "app/cli/context.hpp"
#include "app/cli/document.hpp"
#include "app/cli/table.hpp"
#include "app/cli/times.hpp"
#include "app/cli/workbench.hpp"

namespace tributary::app::cli {
namespace {

struct key_arguments {
    std::optional<std::string> workspace;
    std::string name;
    std::vector<std::string> scopes;
    std::optional<std::string> expires;
    std::string key_id;
    bool sandbox = false;
    bool live = false;
};

document describe(const accounts::api_key& of, time_ms now) {
    const bool expired = of.expires_at && *of.expires_at <= now;
    return document::record()
        .set("key_id", of.key_id)
        .set("name", of.name)
        .set("environment", accounts::environment_name(of.environment))
        .set("scopes", of.scopes)
        .set("created_at", time_text(of.created_at))
        .set("expires_at", time_text(of.expires_at))
        .set("revoked_at", time_text(of.revoked_at))
        .set("state", of.revoked_at ? "revoked"
                      : expired     ? "expired"
                                    : "valid");
}

result<exit_status> create_key(context& with, const key_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::accounts));
    TRIBUTARY_TRY_ASSIGN(in, bench->workspace(given.workspace));
    accounts::new_api_key wanted;
    wanted.workspace_id = in.workspace_id;
    wanted.environment = given.sandbox ? accounts::environment::sandbox : accounts::environment::live;
    wanted.name = given.name;
    wanted.scopes = given.scopes;
    if (given.expires) {
        TRIBUTARY_TRY_ASSIGN(expires, parse_time(*given.expires, bench->now()));
        wanted.expires_at = expires;
    }
    TRIBUTARY_TRY_ASSIGN(
        made, bench->write<accounts::created_api_key>([&] { return bench->api_keys().create(wanted); }));
    document shown = describe(made.key, bench->now());
    shown.set("workspace_id", in.public_id).set("key", made.clear.reveal());
    with.show(shown, [&] {
        return fields_text(shown, {{"key", "key"},
                                   {"name", "name"},
                                   {"environment", "environment"},
                                   {"scopes", "scopes"},
                                   {"workspace_id", "workspace"},
                                   {"expires_at", "expires"}}) +
               "Keep the key now: it is not stored and will not be shown again.\n";
    });
    return exit_status::ok;
}

result<exit_status> list_keys(context& with, const key_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::accounts));
    TRIBUTARY_TRY_ASSIGN(in, bench->workspace(given.workspace));
    TRIBUTARY_TRY_ASSIGN(all, bench->api_keys().list(in.workspace_id));
    document list = document::list();
    for (const accounts::api_key& each : all)
        list.push(describe(each, bench->now()));
    with.show(document::record().set("workspace_id", in.public_id).set("keys", list), [&] {
        return table_text(list,
                          {{"key_id", "KEY"},
                           {"name", "NAME"},
                           {"environment", "ENVIRONMENT"},
                           {"scopes", "SCOPES"},
                           {"created_at", "CREATED"},
                           {"expires_at", "EXPIRES"},
                           {"state", "STATE"}},
                          "no key");
    });
    return exit_status::ok;
}

result<exit_status> revoke_key(context& with, const key_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::accounts));
    TRIBUTARY_TRY_ASSIGN(in, bench->workspace(given.workspace));
    // A whole key is as good as its visible beginning, and its secret part must not reach an error.
    constexpr std::size_t visible = std::string_view("trb_live_ab12cd34").size();
    const std::string id = given.key_id.substr(0, visible);
    TRIBUTARY_TRY(bench->write<void>([&] { return bench->api_keys().revoke(in.workspace_id, id); }));
    with.show(document::record().set("key_id", id).set("state", "revoked"),
              [&] { return id + " is revoked\n"; });
    return exit_status::ok;
}

} // namespace

void add_key_commands(command root) {
    command group = root.add("key", "Keys for the HTTP API");
    const auto given = std::make_shared<key_arguments>();
    const std::string which = "Id or name; may be left out when there is only one";
    group
        .add("create", "Make a key and print it, once",
             "tributary key create --name backend --scope links.read --scope events.read --sandbox")
        .text("--workspace", given->workspace, "WORKSPACE", which)
        .text("--name", given->name, "NAME", "What the key is for")
        .required()
        .texts("--scope", given->scopes, "SCOPE",
               "What it allows: links.read, links.*, * ...; may be repeated")
        .required()
        .flag("--sandbox", given->sandbox, "For the sandbox")
        .flag("--live", given->live, "For live data (the default)")
        .excludes("--sandbox")
        .text("--expires", given->expires, "TIME", "When it ends: 2030-01-31, 90d ...")
        .runs([given](context& with) { return create_key(with, *given); });
    group.add("list", "List the keys of a workspace", "tributary key list")
        .text("--workspace", given->workspace, "WORKSPACE", which)
        .runs([given](context& with) { return list_keys(with, *given); });
    group.add("revoke", "Refuse a key from now on", "tributary key revoke trb_live_ab12cd34")
        .text("KEY", given->key_id, "KEY", "As 'key list' shows it")
        .required()
        .text("--workspace", given->workspace, "WORKSPACE", which)
        .runs([given](context& with) { return revoke_key(with, *given); });
}

} // namespace tributary::app::cli
