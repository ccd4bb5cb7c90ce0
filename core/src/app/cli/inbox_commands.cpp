#include <limits>

#include "app/cli/commands.hpp"
#include "app/cli/context.hpp"
#include "app/cli/inbox_view.hpp"
#include "app/cli/queries.sql.hpp"
#include "app/cli/table.hpp"
#include "app/cli/workbench.hpp"

namespace tributary::app::cli {
namespace {

struct inbox_arguments {
    std::optional<std::string> workspace;
    std::optional<std::string> connection;
    std::int64_t before = std::numeric_limits<std::int64_t>::max();
    std::int64_t limit = 50;
    bool refused = false;
    std::int64_t id = 0;
    std::vector<std::string> ids;
    bool failed = false;
};

result<exit_status> list_refused(context& with, workbench& bench, const inbox_arguments& given) {
    std::vector<std::pair<std::int64_t, std::string>> connections;
    if (given.connection) {
        TRIBUTARY_TRY_ASSIGN(found, bench.connection(*given.connection, given.workspace));
        connections.emplace_back(found.workspace_id, found.connection_id);
    } else {
        TRIBUTARY_TRY_ASSIGN(all, bench.workspaces_named(given.workspace));
        for (const accounts::workspace& in : all) {
            TRIBUTARY_TRY_ASSIGN(list, bench.connections().list(in.workspace_id));
            for (const accounts::connection& each : list)
                connections.emplace_back(in.workspace_id, each.connection_id);
        }
    }
    document list = document::list();
    for (const auto& [workspace, id] : connections) {
        TRIBUTARY_TRY_ASSIGN(refusals, inbox::list_refusals(bench.session(), workspace, id,
                                                            static_cast<std::size_t>(given.limit)));
        for (const inbox::refusal& each : refusals)
            list.push(describe(each));
    }
    with.show(document::record().set("refused", list), [&] {
        return table_text(list,
                          {{"refused_id", "REFUSED"},
                           {"received_at", "RECEIVED"},
                           {"connection_id", "CONNECTION"},
                           {"reason", "REASON"},
                           {"detail", "DETAIL"},
                           {"body_bytes", "BYTES"}},
                          "nothing was refused");
    });
    return exit_status::ok;
}

result<exit_status> list_inbox(context& with, const inbox_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::accounts));
    if (given.refused)
        return list_refused(with, *bench, given);
    if (given.connection)
        TRIBUTARY_TRY(bench->connection(*given.connection, given.workspace));
    TRIBUTARY_TRY_ASSIGN(list, inbox_page(bench->session(), given.connection, given.before, given.limit));
    const bool more = static_cast<std::int64_t>(list.items().size()) == given.limit;
    document shown = document::record().set("records", list);
    shown.set("next_before", more ? *list.items().back().find("inbox_id") : document());
    with.show(shown, [&] {
        std::string text = table_text(list,
                                      {{"inbox_id", "INBOX"},
                                       {"received_at", "RECEIVED"},
                                       {"connection_id", "CONNECTION"},
                                       {"source", "SOURCE"},
                                       {"state", "STATE"},
                                       {"event_type", "EVENT"},
                                       {"reason", "REASON"}},
                                      "the inbox is empty");
        if (more)
            text += "more: --before " + list.items().back().find("inbox_id")->cell() + "\n";
        return text;
    });
    return exit_status::ok;
}

std::string record_text(const document& shown, const document& facts, const std::string& body) {
    std::string text = fields_text(shown, {{"inbox_id", "record"},
                                           {"state", "state"},
                                           {"reason", "reason"},
                                           {"source", "source"},
                                           {"received_at", "received"},
                                           {"environment", "environment"},
                                           {"connection_id", "connection"},
                                           {"event_type", "event"},
                                           {"dedupe_key", "dedupe key"},
                                           {"authentic", "authentic"},
                                           {"item", "item"},
                                           {"part_of", "body is in"},
                                           {"caused_by", "caused by"},
                                           {"purpose", "purpose"},
                                           {"http_status", "HTTP status"},
                                           {"attempts", "attempts"},
                                           {"digest", "SHA-256"},
                                           {"method", "method"},
                                           {"path", "path"},
                                           {"query", "query"}});
    text += "\nHeaders\n";
    for (const document& each : shown.find("headers")->items())
        text += "  " + each.find("name")->cell() + ": " + each.find("value")->cell() + "\n";
    text += "\nBody (" + shown.find("body_bytes")->cell() + " bytes)\n" +
            indented(printable(readable_body(body)), 2);
    text += "\nFacts\n";
    for (const document& each : facts.items()) {
        text += fields_text(each, {{"kind", "  kind"},
                                   {"document_id", "  document"},
                                   {"realm", "  realm"},
                                   {"subject_id", "  subject"},
                                   {"occurred_at", "  occurred"}});
        text += indented(printable(readable_body(each.find("content")->cell())), 4) + "\n";
    }
    return facts.items().empty() ? text + "  none\n" : text;
}

result<exit_status> show_record(context& with, const inbox_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::accounts));
    TRIBUTARY_TRY_ASSIGN(record, inbox::find(bench->session(), given.id));
    TRIBUTARY_TRY_ASSIGN(facts, facts_of_record(bench->session(), record.in.workspace, record.id));
    document shown = describe(record);
    shown.set("facts", facts);
    with.show(shown, [&] { return record_text(shown, facts, record.body); });
    return exit_status::ok;
}

result<std::vector<std::int64_t>> chosen_records(workbench& bench, const inbox_arguments& given) {
    std::vector<std::int64_t> chosen;
    for (const std::string& text : given.ids) {
        std::size_t end = 0;
        try {
            chosen.push_back(std::stoll(text, &end));
        } catch (const std::exception&) {
            end = 0;
        }
        if (end == 0 || end != text.size())
            return failure(cli_errc::usage, "'" + text + "' is no id of a record (tributary inbox list)");
    }
    if (given.failed == !chosen.empty())
        return failure(cli_errc::usage, "give ids of records, or --failed");
    constexpr std::int64_t page = 1000;
    for (std::size_t before = 1; given.failed && before != chosen.size();) {
        before = chosen.size();
        const std::int64_t last = chosen.empty() ? 0 : chosen.back();
        TRIBUTARY_TRY(
            bench.session().query(sql::failed_records, std::array{storage::value(last), storage::value(page)},
                                  [&](const storage::row& from) { chosen.push_back(from.integer(0)); }));
    }
    return chosen;
}

result<exit_status> replay_records(context& with, const inbox_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::engine));
    TRIBUTARY_TRY_ASSIGN(chosen, chosen_records(*bench, given));
    document list = document::list();
    bool all_done = true;
    for (const std::int64_t id : chosen) {
        TRIBUTARY_TRY_ASSIGN(before, inbox::find(bench->session(), id));
        // The daemon, or nobody, works on it: two at once would tell its facts twice.
        if (before.is == inbox::state::pending)
            return failure(cli_errc::failed,
                           "record " + std::to_string(id) + " was not normalised yet; the daemon does it");
        TRIBUTARY_TRY(bench->engine().replay(id));
        TRIBUTARY_TRY_ASSIGN(after, inbox::find(bench->session(), id));
        TRIBUTARY_TRY_ASSIGN(facts, facts_of_record(bench->session(), after.in.workspace, id));
        all_done = all_done && after.is != inbox::state::failed;
        list.push(document::record()
                      .set("inbox_id", id)
                      .set("before", inbox::state_name(before.is))
                      .set("state", inbox::state_name(after.is))
                      .set("facts", static_cast<std::int64_t>(facts.items().size()))
                      .set("reason", after.reason));
    }
    with.show(document::record().set("replayed", list), [&] {
        return table_text(list,
                          {{"inbox_id", "INBOX"},
                           {"before", "BEFORE"},
                           {"state", "STATE"},
                           {"facts", "FACTS"},
                           {"reason", "REASON"}},
                          "no record has failed");
    });
    return all_done ? exit_status::ok : exit_status::failed;
}

} // namespace

void add_inbox_commands(command root) {
    command group = root.add("inbox", "What was delivered, byte for byte");
    const auto given = std::make_shared<inbox_arguments>();
    constexpr std::int64_t limit_max = 10'000;
    constexpr std::int64_t id_max = std::numeric_limits<std::int64_t>::max();
    group.add("list", "List records, newest first", "tributary inbox list --limit 20")
        .text("--connection", given->connection, "CONNECTION", "Of this connection only")
        .text("--workspace", given->workspace, "WORKSPACE",
              "With --refused or --connection: of this workspace")
        .number("--before", given->before, 1, id_max, "Older than this record")
        .number("--limit", given->limit, 1, limit_max, "At most so many; default: 50")
        .flag("--refused", given->refused, "What was refused, with the reason")
        .runs([given](context& with) { return list_inbox(with, *given); });
    group
        .add("show", "Show a record: headers, body, verdict and the facts it gave", "tributary inbox show 42")
        .number("RECORD", given->id, 1, id_max, "Its id")
        .required()
        .runs([given](context& with) { return show_record(with, *given); });
    group.add("replay", "Put records into facts again", "tributary inbox replay --failed")
        .texts("RECORD", given->ids, "RECORD", "Their ids")
        .flag("--failed", given->failed, "All that failed")
        .runs([given](context& with) { return replay_records(with, *given); });
}

} // namespace tributary::app::cli
