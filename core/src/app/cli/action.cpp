#include "app/cli/action.hpp"

#include <boost/json.hpp>

#include <array>

#include "app/cli/context.hpp"
#include "app/cli/post.hpp"
#include "app/cli/table.hpp"
#include "app/cli/workbench.hpp"

namespace tributary::app::cli {
namespace {

constexpr std::size_t line_width = 100;

struct level {
    std::int32_t value;
    std::string_view name;
    std::string_view one;
    std::string_view many;
};
constexpr std::array<level, 4> levels{{
    {TRB_FINDING_GOOD, "ok", "fine", "fine"},
    {TRB_FINDING_NOTE, "note", "note", "notes"},
    {TRB_FINDING_WARNING, "warn", "warning", "warnings"},
    {TRB_FINDING_PROBLEM, "fail", "problem", "problems"},
}};

std::string_view level_name(std::int32_t value) {
    for (const level& each : levels)
        if (each.value == value)
            return each.name;
    return levels.back().name;
}

/// A secret is sealed, a setting becomes a member of the connection's settings.
result<void> keep(workbench& bench, const accounts::connection& account,
                  const std::vector<action_keep>& keeps) {
    boost::json::value settings = boost::json::parse(account.settings);
    bool changed = false;
    accounts::connections connections = bench.connections();
    for (const action_keep& one : keeps) {
        if (one.what == TRB_KEEP_SECRET) {
            TRIBUTARY_TRY(
                connections.add_secret(account.workspace_id, account.connection_id, one.name, one.value));
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
    return connections.change_settings(account.workspace_id, account.connection_id,
                                       boost::json::serialize(settings));
}

std::string finding_text(const action_finding& of) {
    constexpr std::size_t indent = 6; // The level, and two blanks.
    constexpr std::size_t width = line_width - indent;
    std::string text(level_name(of.level));
    text.append(indent - text.size(), ' ');
    const std::string said =
        (of.subject.empty() ? "" : of.subject + ": ") + of.message + " [" + of.code + "]";
    text += wrapped(printable(said), width, 0, indent);
    if (!of.advice.empty())
        text += std::string(indent, ' ') + wrapped("-> " + printable(of.advice), width, 3, indent);
    return text;
}

/// A message may have several lines, such as steps that are numbered.
std::string message_text(std::string_view message) {
    std::string text;
    while (!message.empty()) {
        const std::size_t end = std::min(message.find('\n'), message.size());
        const bool numbered = message.front() >= '0' && message.front() <= '9';
        text += wrapped(message.substr(0, end), line_width, numbered ? 3 : 0);
        message.remove_prefix(std::min(end + 1, message.size()));
    }
    return text;
}

std::string counts_text(const std::vector<action_finding>& findings) {
    std::string text;
    for (const level& each : levels) {
        const auto count = std::ranges::count_if(
            findings, [&](const action_finding& one) { return one.level == each.value; });
        if (count > 0)
            text.append(text.empty() ? "" : ", ")
                .append(std::to_string(count) + " ")
                .append(count == 1 ? each.one : each.many);
    }
    return text + "\n";
}

} // namespace

result<acting_connection> acting(workbench& bench, const accounts::connection& account) {
    acting_connection made;
    made.account = account;
    assembly& parts = bench.parts();
    TRIBUTARY_TRY_ASSIGN(info, parts.where().connection(bench.session(), account.connection_id, true));
    made.info = std::move(info);
    made.plugin = parts.plugins().find(made.info.provider);
    if (made.plugin == nullptr)
        return failure(cli_errc::not_found,
                       "the provider '" + made.info.provider + "' is not loaded (tributary plugin list)");
    if (made.plugin->actions == nullptr)
        return failure(cli_errc::failed,
                       "the plugin '" + made.info.provider +
                           "' offers no actions: look at its README for what to do by hand");
    return made;
}

result<action_report> act(workbench& bench, const acting_connection& on, const wanted_action& what) {
    const auto log = make_null_logger();
    http_caller caller(bench.settings(), *log);
    TRIBUTARY_TRY_ASSIGN(report, run_action(*on.plugin, on.info, what, [&](http::client_request request) {
                             return caller.call(std::move(request));
                         }));
    if (report.status != TRB_OK || report.keeps.empty())
        return report;
    if (auto kept = bench.write<void>([&] { return keep(bench, on.account, report.keeps); }); !kept) {
        // What was done at the provider is done: the report must be seen.
        report.status = TRB_INTERNAL;
        report.message = "what the provider handed out could not be kept (" + kept.error().text() +
                         "), and it may not hand it out again: run 'tributary connection unregister " +
                         on.account.connection_id + "', then register anew";
        report.keeps.clear();
    }
    return report;
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

std::string report_text(const action_report& report) {
    std::string text;
    for (const action_finding& each : report.findings)
        text += finding_text(each);
    if (!report.findings.empty())
        text += counts_text(report.findings);
    if (report.status != TRB_OK)
        return text + message_text(printable(report.message));
    for (const action_keep& each : report.keeps)
        text += std::string("kept the ") + (each.what == TRB_KEEP_SECRET ? "secret '" : "setting '") +
                printable(each.name) + "'\n";
    return text.empty() ? "done\n" : text;
}

exit_status status_of(const action_report& report) {
    bool fine = report.status == TRB_OK;
    for (const action_finding& one : report.findings)
        fine = fine && one.level != TRB_FINDING_PROBLEM;
    return fine ? exit_status::ok : exit_status::failed;
}

} // namespace tributary::app::cli
