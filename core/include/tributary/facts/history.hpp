#pragma once

#include <tributary/abi/projection.h>
#include <tributary/facts/fact.hpp>

#include <deque>
#include <memory_resource>
#include <span>
#include <string>
#include <vector>

namespace tributary::facts {

/// Two different tellings of one document with the same version, and none newer: which is right only the
/// source can say.
struct tie {
    std::int32_t kind;
    std::string realm;
    std::string document_id;
    std::int64_t source_time; ///< of the version that was told in two ways
};

/// The merged history of one subject, ready for a fold. Owns its arrays; texts lie in the arena of the facts.
struct merged_history {
    std::vector<trb_merged_fact>
        facts; ///< by (occurred_at, id), versions of one moment by their lifecycle rank
    std::vector<tie> ties;
    /// For explanations: the inbox records that told facts[i].
    std::vector<std::vector<std::int64_t>> sources;
};

/// Merges documents that share an id (within realm and kind) into one fact each, and sorts them.
///
/// Who is believed: highest source_rank first, then the newest version (source_time, lifecycle_rank, digest),
/// member by member; occurred_at is that of the first in this order. Subscriptions are not merged over time:
/// each version of a document is a fact of its own, with an id that names the version. A result of the set of
/// facts alone: neither their order nor repetitions matter. Everything is allocated in the arena, which must
/// outlive the result.
merged_history merge_history(std::span<const decoded_fact> facts, std::pmr::memory_resource& arena);

} // namespace tributary::facts
