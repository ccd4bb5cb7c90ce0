#pragma once

#include <tributary/directory/directory.hpp>
#include <tributary/facts/fact.hpp>

#include <set>
#include <string>
#include <string_view>
#include <vector>

/// Whose history is it? Subjects are computed from the set of claims in a fixed order, never from arrival.
///
/// Facts that share a shared or exclusive claim belong together, unless that would bring two exclusive ids
/// into one subject: then the claim is contested, stays with whoever has it first in the fixed order
/// (command, customer document, purchase; then occurred_at, then digest), and the conflict is kept for people
/// to see. Hints never join. The id of a subject is computed from its exclusive id ("u_...") or else from the
/// smallest of its claims ("s_...").
namespace tributary::identity {

/// A stored fact and where it came from.
struct new_fact {
    facts::stored_fact said;
    std::int64_t inbox_id = 0;
    std::string connection_id;
    std::int64_t normaliser_version = 0;
};

/// Stores facts with the subjects they belong to, joining and splitting subjects as their claims demand.
///
/// @param replaced  facts of this inbox record are removed first (0: none): normalising again replaces what
/// it said.
/// @param dirty     receives every subject whose history changed, dissolved ones too.
result<void> assign(storage::session& writer, space in, const std::vector<new_fact>& facts,
                    std::int64_t replaced, std::set<subject_key>& dirty);

/// Puts two claims apart for ever, whatever joined them. Undo of a wrong merge.
result<void> never_join(storage::session& writer, space in, std::string_view claim, std::string_view other,
                        time_ms now_ms, std::set<subject_key>& dirty);

/// The subject that holds a claim; empty when nobody does.
result<std::string> find_subject(storage::session& reader, space in, std::string_view claim);

/// "x:user:U1": the key of an exclusive claim.
std::string exclusive_key(std::string_view name, std::string_view value);
/// "s:acme:acct_1|customer|cus_1". The name "id" is that of document ids, same_as and parents.
std::string shared_key(std::string_view realm, std::string_view name, std::string_view value);

/// A claim that two subjects make.
struct conflict {
    std::string claim;
    std::string held_by;
    std::string claimed_by;
};
/// Conflicts that a subject takes part in, on either side.
result<std::vector<conflict>> conflicts_of(storage::session& reader, space in, std::string_view subject_id);
/// All claims that a subject holds.
result<std::vector<std::string>> claims_of(storage::session& reader, space in, std::string_view subject_id);

} // namespace tributary::identity
