#include "app/cli/subject_view.hpp"

#include <tributary/identity/identity.hpp>

#include "app/cli/table.hpp"
#include "app/cli/times.hpp"

namespace tributary::app::cli {

document describe(const projections::shown_fact& of) {
    document records = document::list();
    for (const std::int64_t id : of.inbox_ids)
        records.push(id);
    return document::record()
        .set("fact_id", of.id)
        .set("kind", of.kind)
        .set("realm", of.realm)
        .set("occurred_at", time_text(of.occurred_at))
        .set("ambiguous", of.ambiguous)
        .set("historic", of.historic)
        .set("ids", document::texts(of.ids))
        .set("parents", document::texts(of.parents))
        .set("claims", document::texts(of.claims))
        .set("body", document::json_text(of.body))
        .set("inbox_ids", records);
}

document describe(const projections::shown_row& of) {
    document cells = document::record();
    for (const auto& [name, value] : of.cells)
        cells.set(name, value);
    return document::record()
        .set("projection", of.projection)
        .set("table", of.table)
        .set("row_id", of.id)
        .set("cells", cells);
}

document describe(const found_subject& of) {
    return document::record()
        .set("subject_id", of.key.id)
        .set("workspace_id", of.workspace)
        .set("environment",
             accounts::environment_name(static_cast<accounts::environment>(of.key.in.environment)));
}

std::string fact_text(const document& fact) {
    std::string text = fact.find("occurred_at")->cell() + "  " + fact.find("kind")->cell() + "  " +
                       fact.find("fact_id")->cell();
    if (fact.find("ambiguous")->cell() == "yes")
        text += "  AMBIGUOUS: two versions tie";
    if (fact.find("historic")->cell() == "yes")
        text += "  historic";
    text += "\n" + indented(fields_text(fact, {{"realm", "realm"},
                                               {"ids", "ids"},
                                               {"parents", "about"},
                                               {"claims", "claims"},
                                               {"inbox_ids", "inbox"}}),
                            2);
    const std::string body = fact.find("body")->cell();
    if (body == "-" || body == "{}")
        return text;
    constexpr std::size_t short_enough = 96;
    return text + indented(body.size() <= short_enough ? body : printable(readable_body(body)), 2);
}

std::string row_text(const document& row) {
    std::string text = row.find("table")->cell() + "  " + row.find("row_id")->cell() + "\n";
    std::size_t width = 0;
    for (const auto& [name, value] : row.find("cells")->members())
        width = std::max(width, name.size());
    for (const auto& [name, value] : row.find("cells")->members())
        text += "  " + name + std::string(width + 2 - name.size(), ' ') + value.cell() + "\n";
    return text;
}

result<void> add_claims(storage::session& reader, const subject_key& of, document& into) {
    TRIBUTARY_TRY_ASSIGN(claims, identity::claims_of(reader, of.in, of.id));
    into.set("claims", document::texts(claims));
    TRIBUTARY_TRY_ASSIGN(conflicts, identity::conflicts_of(reader, of.in, of.id));
    document list = document::list();
    for (const identity::conflict& each : conflicts)
        list.push(document::record()
                      .set("claim", each.claim)
                      .set("held_by", each.held_by)
                      .set("claimed_by", each.claimed_by));
    into.set("conflicts", list);
    return {};
}

} // namespace tributary::app::cli
