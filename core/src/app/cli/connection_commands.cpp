#include <algorithm>
#include <array>

#include "app/cli/action.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/connection_view.hpp"
#include "app/cli/context.hpp"
#include "app/cli/secret_source.hpp"
#include "app/cli/table.hpp"
#include "app/cli/times.hpp"
#include "app/cli/workbench.hpp"

namespace tributary::app::cli {
namespace {

struct connection_arguments {
    std::optional<std::string> workspace;
    std::string id;
    std::string provider;
    std::string realm;
    std::optional<std::string> settings;
    std::optional<std::string> notify_from;
    std::vector<std::string> secrets;
    bool sandbox = false;
    bool live = false;
};

/// Only a provider that is loaded can ever read a delivery: a slip of the pen is better told now than by
/// silence.
result<void> check_provider(assembly& parts, const std::string& provider) {
    std::string known;
    for (const auto& plugin : parts.plugins().all()) {
        if (plugin->provider == nullptr)
            continue;
        if (plugin->name() == provider)
            return {};
        known += (known.empty() ? "" : ", ") + std::string(plugin->name());
    }
    return failure(cli_errc::not_found,
                   "no provider '" + provider + "' is loaded; " +
                       (known.empty() ? "none is (tributary plugin list)" : "there is: " + known));
}

struct made_connection {
    accounts::connection connection;
    std::vector<accounts::secret_info> secrets;
};

result<made_connection> store(workbench& bench, const accounts::new_connection& wanted,
                              const std::vector<named_secret>& secrets) {
    accounts::connections in = bench.connections();
    made_connection made;
    TRIBUTARY_TRY_ASSIGN(connection, in.create(wanted));
    made.connection = std::move(connection);
    for (const named_secret& secret : secrets) {
        TRIBUTARY_TRY_ASSIGN(added, in.add_secret(wanted.workspace_id, made.connection.connection_id,
                                                  secret.name, secret.value));
        made.secrets.push_back(std::move(added));
    }
    return made;
}

/// The connection that was made, with its secrets, as it is shown.
struct shown_connection {
    accounts::connection connection;
    document list = document::list(); ///< of secrets
    document shown;
};

/// @param ask  names of secrets to ask the person for, unless they were given
result<shown_connection> make(context& with, workbench& bench, const connection_arguments& given,
                              std::span<const std::string_view> ask) {
    TRIBUTARY_TRY(check_provider(bench.parts(), given.provider));
    TRIBUTARY_TRY_ASSIGN(in, bench.workspace(given.workspace));
    accounts::new_connection wanted;
    wanted.workspace_id = in.workspace_id;
    wanted.environment = given.sandbox ? accounts::environment::sandbox : accounts::environment::live;
    wanted.provider = given.provider;
    wanted.realm = given.realm;
    wanted.settings = given.settings.value_or("{}");
    if (given.notify_from) {
        TRIBUTARY_TRY_ASSIGN(from, parse_time(*given.notify_from, bench.now()));
        wanted.notify_from = from;
    }
    TRIBUTARY_TRY_ASSIGN(secrets, read_secrets(with, given.secrets));
    for (const std::string_view name : ask) {
        if (std::ranges::any_of(secrets, [&](const named_secret& each) { return each.name == name; }))
            continue;
        TRIBUTARY_TRY_ASSIGN(typed, ask_secret(with, std::string(name)));
        if (!typed.empty())
            secrets.push_back({std::string(name), std::move(typed)});
    }
    TRIBUTARY_TRY_ASSIGN(made, bench.write<made_connection>([&] { return store(bench, wanted, secrets); }));
    shown_connection result;
    for (const accounts::secret_info& each : made.secrets)
        result.list.push(describe(each, bench.now()));
    result.shown = describe(made.connection, bench.settings());
    result.shown.set("workspace_id", in.public_id).set("secrets", result.list);
    result.connection = std::move(made.connection);
    return result;
}

result<exit_status> create_connection(context& with, const connection_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::engine));
    TRIBUTARY_TRY_ASSIGN(made, make(with, *bench, given, {}));
    with.show(made.shown, [&] { return connection_text(made.shown, made.list); });
    return exit_status::ok;
}

std::string next_text(const std::string& id, const std::string& url, bool has_actions) {
    const std::string by_hand = "  tributary connection secret add " + id + " signing=-\n";
    if (!has_actions)
        return "\nNext: let the provider deliver to " + url + ", and add the secret that it signs with:\n" +
               by_hand;
    return "\nNext: let the provider deliver to " + url + "\n  tributary connection register " + id + "\n" +
           wrapped(
               "It keeps the signing secret. Where the credentials do not allow that, it says how to do it "
               "by hand and which events to choose, and then:",
               100, 0) +
           by_hand + "At the end nothing is left to do in:\n  tributary connection check " + id + "\n";
}

/// Makes a connection and looks at once whether it works. It stays, whatever that comes to.
result<exit_status> add_connection(context& with, const connection_arguments& given) {
    // What the SDK calls the two: abi/provider.h.
    constexpr std::array<std::string_view, 2> usual_secrets{"api_key", "signing"};
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::engine));
    const bool asks = with.interactive && !with.json;
    TRIBUTARY_TRY_ASSIGN(made, make(with, *bench, given,
                                    asks ? std::span<const std::string_view>(usual_secrets)
                                         : std::span<const std::string_view>()));
    const std::string& id = made.connection.connection_id;
    const std::string url = webhook_url(bench->settings(), id);
    const auto on = acting(*bench, made.connection);
    action_report report;
    report.status = TRB_UNSUPPORTED;
    if (on) {
        TRIBUTARY_TRY_ASSIGN(checked, act(*bench, *on, {TRB_ACTION_CHECK, url, {}, 0}));
        report = std::move(checked);
    }
    const bool checked = report.status != TRB_UNSUPPORTED; // A provider may offer less than all actions.
    made.shown.set("check", checked ? describe(report) : document());
    with.show(made.shown, [&] {
        return connection_text(made.shown, made.list) + (checked ? "\n" + report_text(report) : "") +
               next_text(id, url, on.has_value());
    });
    return checked ? status_of(report) : exit_status::ok;
}

result<exit_status> list_connections(context& with, const connection_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::accounts));
    TRIBUTARY_TRY_ASSIGN(all, bench->workspaces_named(given.workspace));
    document list = document::list();
    for (const accounts::workspace& in : all) {
        TRIBUTARY_TRY_ASSIGN(connections, bench->connections().list(in.workspace_id));
        for (const accounts::connection& each : connections) {
            document shown = describe(each, bench->settings());
            shown.set("workspace_id", in.public_id).set("workspace", in.name);
            list.push(std::move(shown));
        }
    }
    with.show(document::record().set("connections", list), [&] {
        return table_text(list,
                          {{"connection_id", "CONNECTION"},
                           {"workspace", "WORKSPACE"},
                           {"provider", "PROVIDER"},
                           {"environment", "ENVIRONMENT"},
                           {"realm", "REALM"},
                           {"state", "STATE"},
                           {"webhook_url", "WEBHOOK URL"}},
                          "no connection");
    });
    return exit_status::ok;
}

result<exit_status> show_connection(context& with, const connection_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::accounts));
    TRIBUTARY_TRY_ASSIGN(found, bench->connection(given.id, given.workspace));
    TRIBUTARY_TRY_ASSIGN(secrets, bench->connections().list_secrets(found.workspace_id, found.connection_id));
    document list = document::list();
    for (const accounts::secret_info& each : secrets)
        list.push(describe(each, bench->now()));
    document shown = describe(found, bench->settings());
    shown.set("secrets", list);
    with.show(shown, [&] { return connection_text(shown, list); });
    return exit_status::ok;
}

result<exit_status> disable_connection(context& with, const connection_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::accounts));
    TRIBUTARY_TRY_ASSIGN(found, bench->connection(given.id, given.workspace));
    TRIBUTARY_TRY(bench->write<void>(
        [&] { return bench->connections().disable(found.workspace_id, found.connection_id); }));
    with.show(document::record().set("connection_id", found.connection_id).set("state", "disabled"), [&] {
        return found.connection_id + " is disabled: its deliveries are refused, what it told stays\n";
    });
    return exit_status::ok;
}

} // namespace

void add_connection_commands(command root) {
    command group = root.add("connection", "Accounts at providers that deliver to this daemon");
    const auto given = std::make_shared<connection_arguments>();
    const std::string which = "Id or name; may be left out when there is only one";
    const auto describe_new = [&](command& made) {
        made.text("--workspace", given->workspace, "WORKSPACE", which)
            .text("--realm", given->realm, "REALM",
                  "The provider's account, so that facts survive another connection to it")
            .required()
            .flag("--sandbox", given->sandbox, "For the sandbox")
            .flag("--live", given->live, "For live data (the default)")
            .excludes("--sandbox")
            .text("--settings", given->settings, "JSON", "Settings of the provider's plugin, an object")
            .text("--notify-from", given->notify_from, "TIME",
                  "What happened before sends no messages and earns nothing; default: now")
            .texts("--secret", given->secrets, "NAME=SOURCE",
                   "A secret: NAME=- (standard input), NAME=@FILE, NAME=env:VARIABLE; may be repeated");
    };
    command add = group.add("add", "Connect an account at a provider, and check at once whether it works",
                            "tributary connection add acme --realm acme:acct_1 --sandbox");
    add.text("PROVIDER", given->provider, "PROVIDER", "Short name of the provider's plugin").required();
    describe_new(add);
    add.runs([given](context& with) { return add_connection(with, *given); });
    command create = group.add(
        "create", "The same without a check, and without questions: for scripts",
        "tributary connection create --provider acme --realm acme:acct_1 --sandbox --secret signing=-");
    create.text("--provider", given->provider, "NAME", "Short name of the provider's plugin").required();
    describe_new(create);
    create.runs([given](context& with) { return create_connection(with, *given); });
    group.add("list", "List the connections", "tributary connection list")
        .text("--workspace", given->workspace, "WORKSPACE", "Id or name; default: all")
        .runs([given](context& with) { return list_connections(with, *given); });
    group
        .add("show", "Show a connection and its webhook URL",
             "tributary connection show con_01ARZ3NDEKTSV4RRFFQ69G5FAV")
        .text("CONNECTION", given->id, "CONNECTION", "Its id")
        .required()
        .text("--workspace", given->workspace, "WORKSPACE", "It must belong to this workspace")
        .runs([given](context& with) { return show_connection(with, *given); });
    group
        .add("disable", "Refuse deliveries from now on",
             "tributary connection disable con_01ARZ3NDEKTSV4RRFFQ69G5FAV")
        .text("CONNECTION", given->id, "CONNECTION", "Its id")
        .required()
        .text("--workspace", given->workspace, "WORKSPACE", "It must belong to this workspace")
        .runs([given](context& with) { return disable_connection(with, *given); });
    add_action_commands(group);
    add_secret_commands(group);
}

} // namespace tributary::app::cli
