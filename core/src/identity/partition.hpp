#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace tributary::identity {

/// What partition() needs to know of a fact.
struct node {
    int order = 0; ///< command 0, customer document 1, anything else 2
    std::int64_t occurred_at = 0;
    std::string digest;
    std::string exclusive;           ///< key of the exclusive claim, may be empty
    std::vector<std::string> ids;    ///< keys of document id and same_as: what they name is one thing
    std::vector<std::string> joined; ///< keys of parents and shared claims, most specific first
};

/// The subjects that a set of facts forms.
struct partition_result {
    std::vector<std::string> subject_of;                     ///< by index of the node
    std::vector<std::pair<std::string, std::string>> claims; ///< (claim, subject that holds it), sorted
    std::vector<std::pair<std::string, std::string>>
        conflicts; ///< (claim, subject that makes it but does not hold it)
};

/// Computes subjects from a closed set of facts: every fact that shares a claim with one of them is among
/// them. Pure; the order of `facts` does not matter.
///
/// One thing is never torn apart: facts that share an id of their own (a charge and its session) form a unit
/// first, which follows the explicit id of its first fact and holds its own ids whoever else names them. Then
/// the units join what they name, in the fixed order.
///
/// @param never_join  pairs of claims that must not come together.
partition_result partition(const std::vector<node>& facts,
                           const std::vector<std::pair<std::string, std::string>>& never_join);

/// Id of a subject: from its exclusive claim, or else from its smallest claim.
std::string subject_id_of(std::string_view exclusive, std::string_view smallest_claim);

/// Was this id computed from an exclusive claim?
inline bool has_exclusive(std::string_view subject_id) noexcept {
    return subject_id.starts_with("u_");
}

} // namespace tributary::identity
