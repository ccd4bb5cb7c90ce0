#pragma once

#include <tributary/storage/storage.hpp>

// Questions that only an operator asks. Each searches an index; what counts, counts through a partial index
// of unfinished work or through a range.
namespace tributary::app::cli::sql {

using storage::statement;

inline constexpr statement inbox_page{"cli.inbox_page", R"(
SELECT inbox_id, connection_id, source, received_at, state, event_type, dedupe_key, reason, LENGTH(body) FROM inbox
WHERE inbox_id < $1 ORDER BY inbox_id DESC LIMIT $2)"};

inline constexpr statement inbox_page_of_connection{"cli.inbox_page_of_connection", R"(
SELECT inbox_id, connection_id, source, received_at, state, event_type, dedupe_key, reason, LENGTH(body) FROM inbox
WHERE connection_id = $1 AND inbox_id < $2 ORDER BY inbox_id DESC LIMIT $3)"};

inline constexpr statement facts_of_record{"cli.facts_of_record", R"(
SELECT kind, realm, document_id, subject_id, occurred_at, source_time, lifecycle_rank, source_rank, normaliser_version,
    digest, content
FROM fact WHERE workspace_id = $1 AND inbox_id = $2 ORDER BY fact_row)"};

inline constexpr statement failed_records{"cli.failed_records", R"(
SELECT inbox_id FROM inbox WHERE state = 3 AND state <> 2 AND inbox_id > $1 ORDER BY inbox_id LIMIT $2)"};

// The state is a constant: the partial index serves only a query whose text says that it cannot be 2.
inline constexpr statement count_pending{
    "cli.count_pending", "SELECT COUNT(*), MIN(inbox_id) FROM inbox WHERE state = 0 AND state <> 2"};
inline constexpr statement count_held{
    "cli.count_held", "SELECT COUNT(*), MIN(inbox_id) FROM inbox WHERE state = 5 AND state <> 2"};
inline constexpr statement count_waiting{
    "cli.count_waiting", "SELECT COUNT(*), MIN(inbox_id) FROM inbox WHERE state = 1 AND state <> 2"};
inline constexpr statement count_failed{
    "cli.count_failed", "SELECT COUNT(*), MIN(inbox_id) FROM inbox WHERE state = 3 AND state <> 2"};
inline constexpr statement newest_record{"cli.newest_record",
                                         "SELECT received_at FROM inbox ORDER BY inbox_id DESC LIMIT 1"};

inline constexpr statement failed_folds{"cli.failed_folds", R"(
SELECT workspace_id, environment, subject_id, failure FROM derivation
WHERE projection = $1 AND failure IS NOT NULL LIMIT $2)"};

inline constexpr statement outdated_folds{"cli.outdated_folds", R"(
SELECT COUNT(*) FROM derivation WHERE projection = $1 AND fold_version < $2)"};

inline constexpr statement conflicts{"cli.conflicts", R"(
SELECT COUNT(*), MIN(subject_id) FROM claim_conflict WHERE workspace_id = $1 AND environment = $2 AND claim > '')"};

inline constexpr statement unfinished_wants{"cli.unfinished_wants", R"(
SELECT COUNT(*) FROM want WHERE state = $1 AND next_at >= 0)"};

/// One row for each step of each component: a few dozen.
inline constexpr statement applied_migrations{
    "cli.applied_migrations", "SELECT component, MAX(number) FROM schema_migration GROUP BY component"};

inline constexpr statement integrity_check{"cli.integrity_check", "PRAGMA integrity_check(3)"};

/// Rolled back: proves that the file can be written.
inline constexpr statement write_test{
    "cli.write_test",
    "INSERT INTO dirty_subject (workspace_id, environment, subject_id) VALUES (0, 0, 'write test')"};

} // namespace tributary::app::cli::sql
