#include "app/cli/commands.hpp"
#include "app/cli/connection_view.hpp"
#include "app/cli/context.hpp"
#include "app/cli/secret_source.hpp"
#include "app/cli/times.hpp"
#include "app/cli/workbench.hpp"

namespace tributary::app::cli {
namespace {

struct secret_arguments {
    std::string connection;
    std::string secret_id;
    std::vector<std::string> sources;
    std::string at = "now";
};

result<exit_status> show_list(context& with, workbench& bench, const accounts::connection& of) {
    TRIBUTARY_TRY_ASSIGN(secrets, bench.connections().list_secrets(of.workspace_id, of.connection_id));
    document list = document::list();
    for (const accounts::secret_info& each : secrets)
        list.push(describe(each, bench.now()));
    with.show(document::record().set("connection_id", of.connection_id).set("secrets", list),
              [&] { return secrets_text(list); });
    return exit_status::ok;
}

result<exit_status> add_secrets(context& with, const secret_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::accounts));
    TRIBUTARY_TRY_ASSIGN(found, bench->connection(given.connection, std::nullopt));
    TRIBUTARY_TRY_ASSIGN(secrets, read_secrets(with, given.sources));
    const auto add_all = [&]() -> result<void> {
        for (const named_secret& secret : secrets)
            TRIBUTARY_TRY(bench->connections().add_secret(found.workspace_id, found.connection_id,
                                                          secret.name, secret.value));
        return {};
    };
    TRIBUTARY_TRY(bench->write<void>(add_all));
    return show_list(with, *bench, found);
}

result<exit_status> expire_secret(context& with, const secret_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::accounts));
    TRIBUTARY_TRY_ASSIGN(found, bench->connection(given.connection, std::nullopt));
    TRIBUTARY_TRY_ASSIGN(at, parse_time(given.at, bench->now()));
    TRIBUTARY_TRY(bench->write<void>([&] {
        return bench->connections().expire_secret(found.workspace_id, found.connection_id, given.secret_id,
                                                  at);
    }));
    return show_list(with, *bench, found);
}

result<exit_status> list_secrets(context& with, const secret_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::accounts));
    TRIBUTARY_TRY_ASSIGN(found, bench->connection(given.connection, std::nullopt));
    return show_list(with, *bench, found);
}

} // namespace

void add_secret_commands(command connection) {
    command group = connection.add("secret", "Secrets of a connection, sealed at rest");
    const auto given = std::make_shared<secret_arguments>();
    const auto of = [&](command each) {
        return each.text("CONNECTION", given->connection, "CONNECTION", "The connection's id").required();
    };
    of(group.add(
           "add", "Add a secret; others of the same name stay valid",
           "tributary connection secret add con_01ARZ3NDEKTSV4RRFFQ69G5FAV signing=@/run/secrets/signing"))
        .texts("SECRET", given->sources, "NAME=SOURCE",
               "NAME=- (standard input), NAME=@FILE, NAME=env:VARIABLE")
        .required()
        .runs([given](context& with) { return add_secrets(with, *given); });
    of(group.add(
           "expire", "End a secret, at once or later",
           "tributary connection secret expire con_01ARZ3NDEKTSV4RRFFQ69G5FAV sec_01ARZ3NDEKTSV4RRFFQ69G5FAV "
           "--at 24h"))
        .text("SECRET", given->secret_id, "SECRET", "Its id")
        .required()
        .text("--at", given->at, "TIME", "When it ends; default: now")
        .runs([given](context& with) { return expire_secret(with, *given); });
    of(group.add("list", "List the secrets, without their values",
                 "tributary connection secret list con_01ARZ3NDEKTSV4RRFFQ69G5FAV"))
        .runs([given](context& with) { return list_secrets(with, *given); });
}

} // namespace tributary::app::cli
