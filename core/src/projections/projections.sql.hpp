#pragma once

#include <tributary/storage/storage.hpp>

namespace tributary::projections::sql {

using storage::statement;

inline constexpr statement history{"projections.history", R"(
SELECT inbox_id, connection_id, kind, realm, document_id, source_time, lifecycle_rank, source_rank, occurred_at, digest,
    content FROM fact WHERE workspace_id = $1 AND environment = $2 AND subject_id = $3)"};

inline constexpr statement states{"projections.states", R"(
SELECT projection, fold_version, folded_at, wake_at, failure, state FROM derivation
WHERE workspace_id = $1 AND environment = $2 AND subject_id = $3)"};

inline constexpr statement save_state{"projections.save_state", R"(
INSERT INTO derivation (workspace_id, environment, subject_id, projection, fold_version, folded_at, wake_at, failure,
    state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (workspace_id, environment, subject_id, projection) DO UPDATE SET fold_version = excluded.fold_version,
    folded_at = excluded.folded_at, wake_at = excluded.wake_at, failure = excluded.failure, state = excluded.state)"};

inline constexpr statement delete_state{"projections.delete_state", R"(
DELETE FROM derivation WHERE workspace_id = $1 AND environment = $2 AND subject_id = $3 AND projection = $4)"};

inline constexpr statement save_reader{"projections.save_reader", R"(
INSERT INTO lookup_reader (workspace_id, environment, kind, lookup_key, subject_id, as_of)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (workspace_id, environment, kind, lookup_key, subject_id) DO UPDATE SET as_of = excluded.as_of)"};

inline constexpr statement delete_reader{"projections.delete_reader", R"(
DELETE FROM lookup_reader
WHERE workspace_id = $1 AND environment = $2 AND kind = $3 AND lookup_key = $4 AND subject_id = $5)"};

inline constexpr statement mark_readers{"projections.mark_readers", R"(
INSERT INTO dirty_subject (workspace_id, environment, subject_id)
SELECT workspace_id, environment, subject_id FROM lookup_reader
WHERE workspace_id = $1 AND environment = $2 AND kind = $3 AND lookup_key = $4 AND as_of >= $5
ON CONFLICT (workspace_id, environment, subject_id) DO NOTHING)"};

inline constexpr statement list_dirty{
    "projections.list_dirty", "SELECT workspace_id, environment, subject_id FROM dirty_subject LIMIT $1"};

inline constexpr statement delete_dirty{"projections.delete_dirty", R"(
DELETE FROM dirty_subject WHERE workspace_id = $1 AND environment = $2 AND subject_id = $3)"};

inline constexpr statement mark_dirty{"projections.mark_dirty", R"(
INSERT INTO dirty_subject (workspace_id, environment, subject_id) VALUES ($1, $2, $3)
ON CONFLICT (workspace_id, environment, subject_id) DO NOTHING)"};

inline constexpr statement due{"projections.due", R"(
SELECT workspace_id, environment, subject_id FROM derivation
WHERE wake_at IS NOT NULL AND projection = $1 AND wake_at <= $2 ORDER BY wake_at LIMIT $3)"};

inline constexpr statement failed{"projections.failed", R"(
SELECT workspace_id, environment, subject_id FROM derivation WHERE failure IS NOT NULL AND projection = $1
AND (workspace_id, environment, subject_id) > ($2, $3, $4) ORDER BY workspace_id, environment, subject_id LIMIT 500)"};

inline constexpr statement retry_failed{"projections.retry_failed", R"(
UPDATE derivation SET wake_at = $1 WHERE failure IS NOT NULL AND projection = $2)"};

inline constexpr statement save_damage{"projections.save_damage", R"(
INSERT INTO derivation (workspace_id, environment, subject_id, projection, fold_version, folded_at, wake_at, failure, state)
VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8)
ON CONFLICT (workspace_id, environment, subject_id, projection)
DO UPDATE SET fold_version = excluded.fold_version, wake_at = excluded.wake_at, failure = excluded.failure)"};

inline constexpr statement outdated{"projections.outdated", R"(
SELECT workspace_id, environment, subject_id FROM derivation
WHERE projection = $1 AND fold_version < $2 LIMIT $3)"};

// A rebuild walks over everything on purpose: these statements scan.
inline constexpr statement unfold{"projections.unfold", R"(
UPDATE derivation SET fold_version = -1, wake_at = NULL, failure = NULL, state = $1 WHERE projection = $2)"};
inline constexpr statement drop_unfolded{
    "projections.drop_unfolded", "DELETE FROM derivation WHERE projection = $1 AND fold_version = -1"};
inline constexpr statement delete_readers{"projections.delete_readers", "DELETE FROM lookup_reader"};
inline constexpr statement delete_marks{"projections.delete_marks", "DELETE FROM dirty_subject"};
inline constexpr statement delete_sums{"projections.delete_sums",
                                       "DELETE FROM rollup WHERE measure <> 'clicks'"};
inline constexpr statement all_projections{"projections.all", "SELECT DISTINCT projection FROM derivation"};
inline constexpr statement states_of{"projections.states_of", R"(
SELECT workspace_id, environment, subject_id, state FROM derivation
WHERE projection = $1 AND (workspace_id, environment, subject_id) > ($2, $3, $4)
ORDER BY workspace_id, environment, subject_id LIMIT 1000)"};

inline constexpr statement complete{"projections.complete", "SELECT projection FROM complete_projection"};
inline constexpr statement add_complete{
    "projections.add_complete",
    "INSERT INTO complete_projection (projection) VALUES ($1) ON CONFLICT (projection) DO NOTHING"};
inline constexpr statement delete_complete{"projections.delete_complete",
                                           "DELETE FROM complete_projection WHERE projection = $1"};

inline constexpr statement insert_message{"projections.insert_message", R"(
INSERT INTO message (workspace_id, environment, kind, message_key, revision, at, state, digest, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (workspace_id, environment, kind, message_key, revision) DO NOTHING)"};

inline constexpr statement latest_message{"projections.latest_message", R"(
SELECT revision, digest FROM message
WHERE workspace_id = $1 AND environment = $2 AND kind = $3 AND message_key = $4 ORDER BY revision DESC LIMIT 1)"};

inline constexpr statement add_rollup{"projections.add_rollup", R"(
INSERT INTO rollup (workspace_id, environment, measure, dimension, currency, day, value)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (workspace_id, environment, measure, dimension, currency, day)
DO UPDATE SET value = rollup.value + excluded.value RETURNING value)"};

inline constexpr statement trim_rollup{"projections.trim_rollup", R"(
DELETE FROM rollup WHERE workspace_id = $1 AND environment = $2 AND measure = $3 AND dimension = $4 AND currency = $5
AND day = $6 AND value = 0)"};

} // namespace tributary::projections::sql
