#include <tributary/identity/identity.hpp>

#include "app/cli/commands.hpp"
#include "app/cli/context.hpp"
#include "app/cli/subject_view.hpp"
#include "app/cli/table.hpp"

namespace tributary::app::cli {
namespace {

struct subject_arguments {
    subject_choice chosen;
    std::vector<std::string> claims;
};

std::string subject_text(const document& shown) {
    std::string text = fields_text(
        shown, {{"subject_id", "subject"}, {"workspace_id", "workspace"}, {"environment", "environment"}});
    text += "\nClaims\n";
    for (const document& each : shown.find("claims")->items())
        text += "  " + each.cell() + "\n";
    if (!shown.find("conflicts")->items().empty())
        text +=
            "\nConflicts\n" +
            indented(table_text(
                         *shown.find("conflicts"),
                         {{"claim", "CLAIM"}, {"held_by", "HELD BY"}, {"claimed_by", "CLAIMED BY TOO"}}, ""),
                     2);
    text += "\nHistory\n";
    for (const document& each : shown.find("facts")->items())
        text += indented(fact_text(each), 2);
    text += "\nWhat follows\n";
    for (const document& each : shown.find("rows")->items())
        text += indented(row_text(each), 2) + "\n";
    return text;
}

result<exit_status> show_subject(context& with, const subject_choice& chosen) {
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::engine));
    TRIBUTARY_TRY_ASSIGN(found, find_subject(*bench, chosen));
    TRIBUTARY_TRY_ASSIGN(all, bench->engine().show(found.key));
    document shown = describe(found);
    TRIBUTARY_TRY(add_claims(bench->session(), found.key, shown));
    document facts = document::list();
    for (const projections::shown_fact& each : all.facts)
        facts.push(describe(each));
    document rows = document::list();
    for (const projections::shown_row& each : all.rows)
        rows.push(describe(each));
    shown.set("facts", facts).set("rows", rows);
    with.show(shown, [&] { return subject_text(shown); });
    return exit_status::ok;
}

/// The space in which both claims are known. A claim that nobody makes is a slip of the pen.
result<space> find_space(workbench& bench, const subject_arguments& given) {
    TRIBUTARY_TRY_ASSIGN(all, bench.workspaces_named(given.chosen.workspace));
    std::vector<space> found;
    for (const accounts::workspace& workspace : all)
        for (const auto environment : environments(given.chosen.live, given.chosen.sandbox)) {
            const space in{workspace.workspace_id, static_cast<std::int64_t>(environment)};
            TRIBUTARY_TRY_ASSIGN(first, identity::find_subject(bench.session(), in, given.claims[0]));
            TRIBUTARY_TRY_ASSIGN(second, identity::find_subject(bench.session(), in, given.claims[1]));
            if (!first.empty() && !second.empty())
                found.push_back(in);
        }
    if (found.empty())
        return failure(cli_errc::not_found,
                       "no workspace has both claims; 'tributary subject show' lists them as they "
                       "are written");
    if (found.size() > 1)
        return failure(cli_errc::usage,
                       "several places have both claims; say which with --workspace, --live or "
                       "--sandbox");
    return found.front();
}

result<exit_status> split_subject(context& with, const subject_arguments& given) {
    if (given.claims.size() != 2 || given.claims[0] == given.claims[1])
        return failure(cli_errc::usage, "give two different claims: --claim A --claim B");
    TRIBUTARY_TRY_ASSIGN(bench, workbench::open(with, workbench::with::engine));
    TRIBUTARY_TRY_ASSIGN(in, find_space(*bench, given));
    TRIBUTARY_TRY(bench->engine().never_join(in, given.claims[0], given.claims[1]));
    document list = document::list();
    std::vector<std::string> holders;
    for (const std::string& claim : given.claims) {
        TRIBUTARY_TRY_ASSIGN(holder, identity::find_subject(bench->session(), in, claim));
        list.push(document::record().set("claim", claim).set("subject_id", holder));
        holders.push_back(std::move(holder));
    }
    const bool apart = holders[0] != holders[1];
    with.show(document::record().set("claims", list).set("apart", apart), [&] {
        return table_text(list, {{"claim", "CLAIM"}, {"subject_id", "SUBJECT"}}, "") +
               (apart ? "They will never be joined.\n"
                      : "One document makes both claims: they stay together, whatever is decided.\n");
    });
    return apart ? exit_status::ok : exit_status::failed;
}

} // namespace

void add_subject_commands(command root) {
    command group = root.add("subject", "Customers' histories");
    const auto given = std::make_shared<subject_arguments>();
    command show = group.add("show", "Show a whole history and what follows from it",
                             "tributary subject show --user U1");
    show.text("--user", given->chosen.user, "USER", "Your own id of the customer")
        .text("--subject", given->chosen.subject, "SUBJECT", "The subject's id")
        .text("--id", given->chosen.id, "ID",
              "An id that the provider uses: of a customer, payment, subscription ...")
        .text("--realm", given->chosen.realm, "REALM",
              "With --id: the provider's account; default: all connected")
        .text("--row", given->chosen.row, "ROW", "Of a derived row");
    choose_space(show, given->chosen).runs([given](context& with) {
        return show_subject(with, given->chosen);
    });
    command split =
        group.add("split", "Undo a wrong joining: two claims never belong together from now on",
                  "tributary subject split --claim x:user:U1 --claim 's:acme:acct_1|customer|cus_1'");
    split.texts("--claim", given->claims, "CLAIM", "As 'subject show' lists it; given twice").required();
    choose_space(split, given->chosen).runs([given](context& with) { return split_subject(with, *given); });
}

} // namespace tributary::app::cli
