#pragma once

#include <tributary/storage/storage.hpp>

namespace tributary::identity::sql {

using storage::statement;

/// Claims are looked up eight at a time; unused places repeat the first.
inline constexpr std::size_t claims_at_once = 8;

/// Who holds these claims; and, with an empty subject, which of them must stay apart from another.
inline constexpr statement holders{"identity.holders", R"(
SELECT claim, subject_id, contested FROM claim WHERE workspace_id = $1 AND environment = $2
AND claim IN ($3, $4, $5, $6, $7, $8, $9, $10)
UNION ALL SELECT claim, '', 1 FROM never_join WHERE workspace_id = $1 AND environment = $2
AND claim IN ($3, $4, $5, $6, $7, $8, $9, $10))"};

inline constexpr statement find_holder{"identity.find_holder", R"(
SELECT subject_id FROM claim WHERE workspace_id = $1 AND environment = $2 AND claim = $3)"};

/// Between the two come ", ($1, $2, $6, $4, $5)" and so on: claims of one subject are saved together.
inline constexpr std::string_view save_claims_head = R"(
INSERT INTO claim (workspace_id, environment, claim, subject_id, contested) VALUES ($1, $2, $3, $4, $5))";
inline constexpr std::string_view save_claims_tail = R"(
ON CONFLICT (workspace_id, environment, claim)
DO UPDATE SET subject_id = excluded.subject_id, contested = excluded.contested)";

inline constexpr statement smallest_claim{"identity.smallest_claim", R"(
SELECT MIN(claim) FROM claim WHERE workspace_id = $1 AND environment = $2 AND subject_id = $3)"};

inline constexpr statement claims_of{"identity.claims_of", R"(
SELECT claim FROM claim WHERE workspace_id = $1 AND environment = $2 AND subject_id = $3 ORDER BY claim)"};

inline constexpr statement claims_with_flag{"identity.claims_with_flag", R"(
SELECT claim, contested FROM claim WHERE workspace_id = $1 AND environment = $2 AND subject_id = $3)"};

inline constexpr statement delete_claim{
    "identity.delete_claim", "DELETE FROM claim WHERE workspace_id = $1 AND environment = $2 AND claim = $3"};

inline constexpr statement conflicting_claims{"identity.conflicting_claims", R"(
SELECT claim FROM claim_conflict WHERE workspace_id = $1 AND environment = $2 AND subject_id = $3)"};

inline constexpr statement delete_conflict{"identity.delete_conflict", R"(
DELETE FROM claim_conflict WHERE workspace_id = $1 AND environment = $2 AND claim = $3 AND subject_id = $4)"};

inline constexpr statement insert_conflict{"identity.insert_conflict", R"(
INSERT INTO claim_conflict (workspace_id, environment, claim, subject_id) VALUES ($1, $2, $3, $4)
ON CONFLICT (workspace_id, environment, claim, subject_id) DO NOTHING)"};

inline constexpr statement claimants{"identity.claimants", R"(
SELECT subject_id FROM claim_conflict WHERE workspace_id = $1 AND environment = $2
AND claim IN ($3, $4, $5, $6, $7, $8, $9, $10))"};

inline constexpr statement conflicts_of{"identity.conflicts_of", R"(
SELECT claim_conflict.claim, claim.subject_id, claim_conflict.subject_id
FROM claim_conflict LEFT JOIN claim ON claim.workspace_id = $1 AND claim.environment = $2
    AND claim.claim = claim_conflict.claim
WHERE claim_conflict.workspace_id = $1 AND claim_conflict.environment = $2 AND claim_conflict.subject_id = $3)"};

inline constexpr statement conflicts_against{"identity.conflicts_against", R"(
SELECT claim_conflict.claim, claim.subject_id, claim_conflict.subject_id
FROM claim JOIN claim_conflict ON claim_conflict.workspace_id = $1 AND claim_conflict.environment = $2
    AND claim_conflict.claim = claim.claim
WHERE claim.workspace_id = $1 AND claim.environment = $2 AND claim.subject_id = $3)"};

inline constexpr statement never_joined{"identity.never_joined", R"(
SELECT claim, other FROM never_join WHERE workspace_id = $1 AND environment = $2
AND claim IN ($3, $4, $5, $6, $7, $8, $9, $10))"};

inline constexpr statement insert_never_join{"identity.insert_never_join", R"(
INSERT INTO never_join (workspace_id, environment, claim, other, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id, environment, claim, other) DO NOTHING)"};

inline constexpr statement insert_fact{"identity.insert_fact", R"(
INSERT INTO fact (workspace_id, environment, subject_id, inbox_id, connection_id, normaliser_version, kind, realm,
    document_id, source_time, lifecycle_rank, source_rank, occurred_at, digest, content)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15))"};

inline constexpr statement facts_of_subject{"identity.facts_of_subject", R"(
SELECT fact_row, kind, realm, occurred_at, digest, content FROM fact
WHERE workspace_id = $1 AND environment = $2 AND subject_id = $3)"};

inline constexpr statement move_fact{"identity.move_fact",
                                     "UPDATE fact SET subject_id = $1 WHERE fact_row = $2"};

inline constexpr statement facts_of_record{"identity.facts_of_record", R"(
SELECT subject_id, kind, realm, occurred_at, digest, content FROM fact WHERE workspace_id = $1 AND inbox_id = $2)"};

inline constexpr statement delete_facts_of_record{
    "identity.delete_facts_of_record", "DELETE FROM fact WHERE workspace_id = $1 AND inbox_id = $2"};

} // namespace tributary::identity::sql
