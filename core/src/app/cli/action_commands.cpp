#include <tributary/facts/fact.hpp>

#include "app/cli/action.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/context.hpp"
#include "app/cli/document.hpp"
#include "app/cli/post.hpp"
#include "app/cli/table.hpp"
#include "app/cli/workbench.hpp"
#include "app/fetcher.hpp"

namespace tributary::app::cli {
namespace {

struct action_arguments {
    std::string id;
    std::string document;
    std::optional<std::string> kind;
    std::optional<std::string> url;
};

/// A connection, opened, with the plugin that knows its provider.
struct chosen {
    std::unique_ptr<workbench> bench;
    acting_connection on;
};

result<chosen> choose(context& with, const std::string& id) {
    chosen made;
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::engine));
    made.bench = std::move(bench);
    TRIBUTARY_TRY_ASSIGN(account, made.bench->connection(id, std::nullopt));
    TRIBUTARY_TRY_ASSIGN(on, acting(*made.bench, account));
    made.on = std::move(on);
    return made;
}

result<exit_status> run(context& with, const action_arguments& given, std::int32_t action) {
    TRIBUTARY_TRY_ASSIGN(at, choose(with, given.id));
    wanted_action what;
    what.action = action;
    what.target_url = given.url.value_or(webhook_url(at.bench->settings(), at.on.account.connection_id));
    TRIBUTARY_TRY_ASSIGN(report, act(*at.bench, at.on, what));
    with.show(describe(report), [&] { return report_text(report); });
    return status_of(report);
}

result<std::int32_t> kind_of(const std::optional<std::string>& name) {
    if (!name)
        return 0;
    std::string known;
    for (std::int32_t kind = TRB_KIND_IDENTITY; facts::kind_name(kind) != facts::kind_name(0); ++kind) {
        if (facts::kind_name(kind) == *name)
            return kind;
        known.append(known.empty() ? "" : ", ").append(facts::kind_name(kind));
    }
    return failure(cli_errc::usage, "no kind '" + *name + "'; there is: " + known);
}

/// The answers become records, and what they say is booked: as if the provider had delivered them.
result<exit_status> fetch(context& with, const action_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(kind, kind_of(given.kind));
    TRIBUTARY_TRY_ASSIGN(at, choose(with, given.id));
    TRIBUTARY_TRY_ASSIGN(
        requests, requests_of_fetch(*at.on.plugin, at.on.info, {TRB_ACTION_FETCH, {}, given.document, kind}));
    const auto log = make_null_logger();
    http_caller caller(at.bench->settings(), *log);
    document list = document::list();
    bool fine = true;
    for (inbox::want& wanted : requests) {
        TRIBUTARY_TRY_ASSIGN(request, with_secrets(wanted, at.on.info));
        auto answer = caller.call(std::move(request));
        fine = fine && answer && answer->status >= 200 && answer->status < 300;
        list.push(document::record()
                      .set("request", wanted.method + " " + wanted.url)
                      .set("answer", answer ? std::to_string(answer->status) : answer.error().text()));
        if (!answer || answer->status < 200 || answer->status >= 300)
            continue;
        TRIBUTARY_TRY(at.bench->write<void>(
            [&] { return inbox::insert_want(at.bench->session(), wanted, inbox::wanting::anew); }));
        std::vector<job> batch;
        batch.push_back({wanted_answer{wanted, std::move(answer)}, {}});
        TRIBUTARY_TRY(at.bench->engine().run(std::move(batch)));
    }
    TRIBUTARY_TRY(at.bench->engine().settle());
    with.show(document::record().set("requests", list), [&] {
        return table_text(list, {{"request", "REQUEST"}, {"answer", "ANSWER"}}, "nothing was asked");
    });
    return fine ? exit_status::ok : exit_status::failed;
}

} // namespace

void add_action_commands(command connection) {
    const auto given = std::make_shared<action_arguments>();
    const auto of = [&](command each) {
        return each.text("CONNECTION", given->id, "CONNECTION", "The connection's id").required();
    };
    const std::string where = "Where deliveries go; default: this connection's webhook URL";
    of(connection.add("check",
                      "Ask the provider whether the connection's credentials work, and what they allow",
                      "tributary connection check con_01ARZ3NDEKTSV4RRFFQ69G5FAV"))
        .text("--url", given->url, "URL", where)
        .runs([given](context& with) { return run(with, *given, TRB_ACTION_CHECK); });
    of(connection.add("register", "Make the provider deliver here; a secret that it hands out is kept",
                      "tributary connection register con_01ARZ3NDEKTSV4RRFFQ69G5FAV"))
        .text("--url", given->url, "URL", where)
        .runs([given](context& with) { return run(with, *given, TRB_ACTION_REGISTER); });
    of(connection.add("unregister", "Make the provider deliver here no longer",
                      "tributary connection unregister con_01ARZ3NDEKTSV4RRFFQ69G5FAV"))
        .text("--url", given->url, "URL", where)
        .runs([given](context& with) { return run(with, *given, TRB_ACTION_REMOVE); });
    of(connection.add("fetch", "Read one object at the provider, and book what it says",
                      "tributary connection fetch con_01ARZ3NDEKTSV4RRFFQ69G5FAV pay_123"))
        .text("DOCUMENT", given->document, "DOCUMENT", "The object's id at the provider")
        .required()
        .text("--kind", given->kind, "KIND", "What it is: payment, refund, customer ...")
        .runs([given](context& with) { return fetch(with, *given); });
}

} // namespace tributary::app::cli
