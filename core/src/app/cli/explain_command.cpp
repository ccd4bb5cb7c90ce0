#include <tributary/inbox/inbox.hpp>

#include <algorithm>
#include <set>

#include "app/cli/commands.hpp"
#include "app/cli/context.hpp"
#include "app/cli/inbox_view.hpp"
#include "app/cli/subject_view.hpp"
#include "app/cli/table.hpp"
#include "app/cli/times.hpp"

namespace tributary::app::cli {
namespace {

struct explanation {
    document row;
    document steps = document::list();
    document facts = document::list();
    document records = document::list();
    bool names_facts = false; ///< The steps say which facts they come from.
};

/// A refund is about its payment: whoever asks why a payment earned so little wants to see it.
bool is_about(const projections::shown_fact& fact, const std::set<std::string, std::less<>>& ids) {
    return std::ranges::any_of(fact.parents, [&](const std::string& each) { return ids.contains(each); });
}

/// The row as its projection computes it from the history now. What is stored may differ only while a fold is
/// pending.
result<explanation> explain(const projections::shown_subject& subject, const found_subject& found,
                            const std::string& row_id) {
    explanation made;
    const auto row = std::ranges::find_if(subject.rows, [&](const projections::shown_row& each) {
        return each.table == found.table && each.id == row_id;
    });
    if (row == subject.rows.end())
        return failure(cli_errc::not_found,
                       "row " + row_id + " is stored in " + found.table +
                           ", but no longer follows from its history; it is about to be folded");
    made.row = describe(*row);
    std::set<std::string, std::less<>> named;
    for (const projections::trace_step& each : subject.trace) {
        if (each.table != found.table || each.row_id != row_id)
            continue;
        made.steps.push(document::record()
                            .set("label", each.label)
                            .set("value", each.value)
                            .set("fact_id", each.fact_id.empty() ? document() : document(each.fact_id)));
        if (!each.fact_id.empty())
            named.insert(each.fact_id);
    }
    made.names_facts = !named.empty();
    std::set<std::string, std::less<>> ids;
    for (const projections::shown_fact& each : subject.facts)
        if (named.contains(each.id))
            ids.insert(each.ids.begin(), each.ids.end());
    for (const projections::shown_fact& each : subject.facts)
        if (named.empty() || named.contains(each.id) || is_about(each, ids))
            made.facts.push(describe(each));
    return made;
}

result<void> add_records(storage::session& reader, explanation& into) {
    std::set<std::int64_t> ids;
    for (const document& fact : into.facts.items())
        for (const document& id : fact.find("inbox_ids")->items())
            ids.insert(std::stoll(id.cell()));
    ids.erase(0); // Clicks have no record.
    for (const std::int64_t id : ids) {
        TRIBUTARY_TRY_ASSIGN(record, inbox::find(reader, id));
        into.records.push(document::record()
                              .set("inbox_id", id)
                              .set("received_at", time_text(record.received_at))
                              .set("connection_id", record.connection_id)
                              .set("source", source_name(record.from))
                              .set("event_type", record.event_type)
                              .set("dedupe_key", record.dedupe_key)
                              .set("state", inbox::state_name(record.is)));
    }
    return {};
}

std::string explanation_text(const found_subject& found, const explanation& of) {
    std::string text = row_text(of.row) + "  of subject " + found.key.id + "\n\nWhy\n";
    text += indented(table_text(of.steps, {{"label", "STEP"}, {"value", "VALUE"}, {"fact_id", "FACT"}},
                                "the projection explains no step of this row"),
                     2);
    text += of.names_facts ? "\nFacts\n" : "\nFacts (the whole history: no step names one)\n";
    for (const document& each : of.facts.items())
        text += indented(fact_text(each), 2);
    text += "\nWhere they were told\n";
    return text + indented(table_text(of.records,
                                      {{"inbox_id", "INBOX"},
                                       {"received_at", "RECEIVED"},
                                       {"source", "SOURCE"},
                                       {"event_type", "EVENT"},
                                       {"dedupe_key", "KEY"},
                                       {"state", "STATE"}},
                                      "nowhere"),
                           2);
}

result<exit_status> explain_row(context& with, const subject_choice& chosen) {
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::engine));
    TRIBUTARY_TRY_ASSIGN(found, find_subject(*bench, chosen));
    TRIBUTARY_TRY_ASSIGN(subject, bench->engine().show(found.key));
    TRIBUTARY_TRY_ASSIGN(made, explain(subject, found, *chosen.row));
    TRIBUTARY_TRY(add_records(bench->session(), made));
    document shown = describe(found);
    shown.set("row", made.row).set("steps", made.steps).set("facts", made.facts).set("records", made.records);
    with.show(shown, [&] { return explanation_text(found, made); });
    return exit_status::ok;
}

} // namespace

void add_explain_command(command root) {
    const auto chosen = std::make_shared<subject_choice>();
    command explain =
        root.add("explain", "Say why a derived row is what it is", "tributary explain com_01ARZ3NDEKTSV4");
    explain.text("ROW", chosen->row, "ROW", "Its id").required();
    choose_space(explain, *chosen).runs([chosen](context& with) { return explain_row(with, *chosen); });
}

} // namespace tributary::app::cli
