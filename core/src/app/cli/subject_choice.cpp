#include "app/cli/subject_choice.hpp"

#include <tributary/identity/identity.hpp>

#include <array>
#include <set>
#include <vector>

namespace tributary::app::cli {
namespace {

/// The words that claims on a provider's ids go by (abi/fact.h). "id" is the core's own, for every document.
constexpr std::array shared_claim_names{"id", "customer", "subscription", "payment", "invoice", "account"};

result<std::set<std::string>> realms_of(workbench& bench, const accounts::workspace& in,
                                        const subject_choice& chosen) {
    if (chosen.realm)
        return std::set{*chosen.realm};
    TRIBUTARY_TRY_ASSIGN(connections, bench.connections().list(in.workspace_id));
    std::set<std::string> realms;
    for (accounts::connection& each : connections)
        realms.insert(std::move(each.realm));
    return realms;
}

result<std::string> find_by_provider_id(workbench& bench, const accounts::workspace& workspace, space in,
                                        const subject_choice& chosen) {
    TRIBUTARY_TRY_ASSIGN(realms, realms_of(bench, workspace, chosen));
    for (const std::string& realm : realms)
        for (const char* name : shared_claim_names) {
            TRIBUTARY_TRY_ASSIGN(
                found,
                identity::find_subject(bench.session(), in, identity::shared_key(realm, name, *chosen.id)));
            if (!found.empty())
                return found;
        }
    return std::string();
}

result<std::optional<found_subject>> find_in(workbench& bench, const accounts::workspace& workspace, space in,
                                             const subject_choice& chosen) {
    found_subject made{{in, {}}, workspace.public_id, {}};
    if (chosen.row) {
        TRIBUTARY_TRY_ASSIGN(row, find_row(bench.session(), bench.parts().plugins(), in, *chosen.row));
        if (row) {
            made.table = row->first;
            made.key = row->second;
        }
    } else if (chosen.user) {
        TRIBUTARY_TRY_ASSIGN(found, identity::find_subject(bench.session(), in,
                                                           identity::exclusive_key("user", *chosen.user)));
        made.key.id = std::move(found);
    } else if (chosen.id) {
        TRIBUTARY_TRY_ASSIGN(found, find_by_provider_id(bench, workspace, in, chosen));
        made.key.id = std::move(found);
    } else {
        TRIBUTARY_TRY_ASSIGN(claims, identity::claims_of(bench.session(), in, *chosen.subject));
        if (!claims.empty())
            made.key.id = *chosen.subject;
    }
    if (made.key.id.empty())
        return std::optional<found_subject>();
    return std::optional(std::move(made));
}

std::string describe(const subject_choice& chosen) {
    if (chosen.row)
        return "row " + *chosen.row;
    if (chosen.user)
        return "user " + *chosen.user;
    if (chosen.id)
        return "provider's id " + *chosen.id;
    return "subject " + *chosen.subject;
}

std::string_view name_of(const found_subject& of) {
    return accounts::environment_name(static_cast<accounts::environment>(of.key.in.environment));
}

} // namespace

command& choose_space(command& of, subject_choice& into) {
    return of.text("--workspace", into.workspace, "WORKSPACE", "Id or name; default: all")
        .flag("--sandbox", into.sandbox, "In the sandbox only")
        .flag("--live", into.live, "In live data only")
        .excludes("--sandbox");
}

result<found_subject> find_subject(workbench& bench, const subject_choice& chosen) {
    const int named = int{chosen.user.has_value()} + int{chosen.subject.has_value()} +
                      int{chosen.id.has_value()} + int{chosen.row.has_value()};
    if (named != 1)
        return failure(cli_errc::usage, "name the subject with one of --user, --subject, --id and --row");
    TRIBUTARY_TRY_ASSIGN(all, bench.workspaces_named(chosen.workspace));
    std::vector<found_subject> found;
    for (const accounts::workspace& workspace : all)
        for (const accounts::environment environment : environments(chosen.live, chosen.sandbox)) {
            const space in{workspace.workspace_id, static_cast<std::int64_t>(environment)};
            TRIBUTARY_TRY_ASSIGN(here, find_in(bench, workspace, in, chosen));
            if (here)
                found.push_back(std::move(*here));
        }
    if (found.empty())
        return failure(cli_errc::not_found, "no " + describe(chosen));
    if (found.size() == 1)
        return std::move(found.front());
    std::string places;
    for (const found_subject& each : found)
        places += (places.empty() ? "" : ", ") + each.workspace + " " + std::string(name_of(each));
    return failure(cli_errc::usage, describe(chosen) + " is in several places (" + places +
                                        "); say which with --workspace, --live or --sandbox");
}

} // namespace tributary::app::cli
