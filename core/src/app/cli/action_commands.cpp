#include <tributary/facts/fact.hpp>

#include <boost/json.hpp>

#include <array>

#include "app/action_run.hpp"
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
    accounts::connection account;
    connection_info connection;
    plugins::plugin_ptr plugin;
};

result<chosen> choose(context& with, const std::string& id) {
    chosen made;
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::engine));
    made.bench = std::move(bench);
    TRIBUTARY_TRY_ASSIGN(account, made.bench->connection(id, std::nullopt));
    made.account = std::move(account);
    assembly& parts = made.bench->parts();
    TRIBUTARY_TRY_ASSIGN(connection, parts.where().connection(made.bench->session(), id, true));
    made.connection = std::move(connection);
    made.plugin = parts.plugins().find(made.connection.provider);
    if (made.plugin == nullptr)
        return failure(cli_errc::not_found, "the provider '" + made.connection.provider +
                                                "' is not loaded (tributary plugin list)");
    if (made.plugin->actions == nullptr)
        return failure(cli_errc::failed,
                       "the plugin '" + made.connection.provider +
                           "' offers no actions: look at its README for what to do by hand");
    return made;
}

std::string_view level_name(std::int32_t level) {
    switch (level) {
    case TRB_FINDING_GOOD: return "ok";
    case TRB_FINDING_NOTE: return "note";
    case TRB_FINDING_WARNING: return "warn";
    default: return "fail";
    }
}

/// A secret is sealed, a setting becomes a member of the connection's settings.
result<void> keep(const chosen& at, const std::vector<action_keep>& keeps) {
    boost::json::value settings = boost::json::parse(at.account.settings);
    bool changed = false;
    accounts::connections connections = at.bench->connections();
    for (const action_keep& one : keeps) {
        if (one.what == TRB_KEEP_SECRET) {
            TRIBUTARY_TRY(connections.add_secret(at.account.workspace_id, at.account.connection_id, one.name,
                                                 one.value));
            continue;
        }
        boost::system::error_code wrong;
        boost::json::value value = boost::json::parse(one.value.reveal(), wrong);
        if (wrong)
            return failure(engine_errc::plugin_failed, "the setting '" + one.name + "' is not JSON");
        settings.as_object()[one.name] = std::move(value);
        changed = true;
    }
    if (!changed)
        return {};
    return connections.change_settings(at.account.workspace_id, at.account.connection_id,
                                       boost::json::serialize(settings));
}

document describe(const action_report& report) {
    document findings = document::list();
    for (const action_finding& one : report.findings)
        findings.push(document::record()
                          .set("level", level_name(one.level))
                          .set("code", one.code)
                          .set("subject", one.subject)
                          .set("message", one.message)
                          .set("advice", one.advice));
    document kept = document::list();
    for (const action_keep& one : report.keeps)
        kept.push(document::record()
                      .set("what", one.what == TRB_KEEP_SECRET ? "secret" : "setting")
                      .set("name", one.name));
    document made = document::record();
    made.set("status", plugins::status_name(report.status)).set("message", report.message);
    made.set("findings", std::move(findings)).set("kept", std::move(kept));
    return made.set("requests", report.requests);
}

std::string report_text(const document& shown, const action_report& report) {
    std::string text;
    if (!report.findings.empty())
        text += table_text(*shown.find("findings"),
                           {{"level", ""},
                            {"code", "FINDING"},
                            {"subject", "ABOUT"},
                            {"message", "WHAT WAS SEEN"},
                            {"advice", "WHAT TO DO"}},
                           "");
    if (report.status == TRB_OK && !report.keeps.empty())
        text += table_text(*shown.find("kept"), {{"what", "KEPT"}, {"name", "NAME"}}, "");
    if (report.status != TRB_OK)
        text += printable(report.message) + "\n";
    return text.empty() ? "done\n" : text;
}

result<exit_status> run(context& with, const action_arguments& given, std::int32_t action) {
    TRIBUTARY_TRY_ASSIGN(at, choose(with, given.id));
    wanted_action what;
    what.action = action;
    what.target_url = given.url.value_or(webhook_url(at.bench->settings(), at.account.connection_id));
    const auto log = make_null_logger();
    http_caller caller(at.bench->settings(), *log);
    TRIBUTARY_TRY_ASSIGN(
        report, run_action(*at.plugin, at.connection, what,
                           [&](http::client_request request) { return caller.call(std::move(request)); }));
    if (report.status == TRB_OK && !report.keeps.empty())
        TRIBUTARY_TRY(at.bench->write<void>([&] { return keep(at, report.keeps); }));
    const document shown = describe(report);
    with.show(shown, [&] { return report_text(shown, report); });
    bool fine = report.status == TRB_OK;
    for (const action_finding& one : report.findings)
        fine = fine && one.level != TRB_FINDING_PROBLEM;
    return fine ? exit_status::ok : exit_status::failed;
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
        requests, requests_of_fetch(*at.plugin, at.connection, {TRB_ACTION_FETCH, {}, given.document, kind}));
    const auto log = make_null_logger();
    http_caller caller(at.bench->settings(), *log);
    document list = document::list();
    bool fine = true;
    for (inbox::want& wanted : requests) {
        TRIBUTARY_TRY_ASSIGN(request, with_secrets(wanted, at.connection));
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
