#pragma once

#include <tributary/storage/storage.hpp>

namespace tributary::inbox::sql {

using storage::statement;

inline constexpr statement insert{"inbox.insert", R"(
INSERT INTO inbox (workspace_id, environment, connection_id, source, received_at, state, authentic, item, part_of, caused_by,
    purpose, http_status, dedupe_key, digest, event_type, attempts, interrupted, reason, method, path, query, headers, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0, 0, $16, $17, $18, $19, $20, $21)
ON CONFLICT (workspace_id, connection_id, dedupe_key, digest) DO NOTHING RETURNING inbox_id)"};

inline constexpr statement find{"inbox.find", R"(
SELECT inbox_id, workspace_id, environment, connection_id, source, received_at, state, authentic, item, part_of, caused_by,
    purpose, http_status, dedupe_key, digest, event_type, attempts, reason, method, path, query, headers, body, interrupted
FROM inbox WHERE inbox_id = $1)"};

inline constexpr statement pending{
    "inbox.pending", "SELECT inbox_id FROM inbox WHERE state = 0 AND state <> 2 ORDER BY inbox_id LIMIT $1"};

inline constexpr statement all_after{
    "inbox.all_after", "SELECT inbox_id FROM inbox WHERE inbox_id > $1 ORDER BY inbox_id LIMIT $2"};

inline constexpr statement set_state{
    "inbox.set_state",
    "UPDATE inbox SET state = $1, reason = $2, attempts = attempts + 1, interrupted = 0 WHERE inbox_id = $3"};

inline constexpr statement count_interrupted{
    "inbox.count_interrupted", "UPDATE inbox SET interrupted = interrupted + 1 WHERE inbox_id = $1"};

inline constexpr statement hold{
    "inbox.hold", "UPDATE inbox SET state = 5, reason = $1, interrupted = $2 WHERE inbox_id = $3"};

inline constexpr statement last_held{"inbox.last_held", R"(
SELECT MAX(inbox_id) FROM (
    SELECT inbox_id FROM inbox WHERE state = 5 AND state <> 2 AND inbox_id > $1 ORDER BY inbox_id LIMIT $2) AS held)"};

inline constexpr statement release_held{"inbox.release_held", R"(
UPDATE inbox SET state = 0 WHERE state = 5 AND state <> 2 AND inbox_id > $1 AND inbox_id <= $2)"};

// What waits for an answer that nobody is going to ask for: the process ended while its request was under
// way, and another record has taken the request over. Not what has been answered: the answer may not have
// been worked on yet, or wait for its plugin.
inline constexpr statement forsaken{"inbox.forsaken", R"(
SELECT inbox_id FROM inbox WHERE state = 1 AND state <> 2 AND inbox_id NOT IN (SELECT caused_by FROM want WHERE state = 0)
AND inbox_id NOT IN (SELECT caused_by FROM inbox WHERE state IN (0, 5) AND state <> 2 AND caused_by IS NOT NULL))"};

inline constexpr statement sources_of_records{"inbox.connections",
                                              "SELECT DISTINCT connection_id FROM inbox WHERE source <> 3"};

inline constexpr statement find_waiting_hint{"inbox.find_waiting_hint", R"(
SELECT inbox_id FROM inbox WHERE workspace_id = $1 AND connection_id = $2 AND dedupe_key >= $3 AND dedupe_key < $4
AND state IN (0, 1, 5) AND environment = $5 ORDER BY inbox_id DESC LIMIT 1)"};

inline constexpr statement find_telling{"inbox.find_telling", R"(
SELECT inbox_id, state FROM inbox WHERE workspace_id = $1 AND connection_id = $2 AND dedupe_key = $3 AND digest = $4)"};

inline constexpr statement count_waiting{
    "inbox.count_waiting",
    "SELECT COUNT(*) FROM inbox WHERE state = 1 AND state <> 2 AND connection_id = $1"};

inline constexpr statement key_used{"inbox.key_used", R"(
SELECT 1 FROM inbox WHERE workspace_id = $1 AND connection_id = $2 AND dedupe_key = $3 LIMIT 1)"};

inline constexpr statement list{"inbox.list", R"(
SELECT inbox_id, source, received_at, state, event_type, dedupe_key, reason, LENGTH(body) FROM inbox
WHERE connection_id = $1 AND inbox_id < $2 ORDER BY inbox_id DESC LIMIT $3)"};

inline constexpr statement insert_refusal{"inbox.insert_refusal", R"(
INSERT INTO refused (workspace_id, connection_id, received_at, reason, detail, headers, body_size, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8))"};

inline constexpr statement trim_refusals{"inbox.trim_refusals", R"(
DELETE FROM refused WHERE workspace_id = $1 AND connection_id = $2 AND refused_id <= (
    SELECT refused_id FROM refused WHERE workspace_id = $1 AND connection_id = $2
    ORDER BY refused_id DESC LIMIT 1 OFFSET $3))"};

inline constexpr statement list_refusals{"inbox.list_refusals", R"(
SELECT refused_id, received_at, reason, detail, headers, body_size, body FROM refused
WHERE workspace_id = $1 AND connection_id = $2 ORDER BY refused_id DESC LIMIT $3)"};

inline constexpr statement insert_want{"inbox.insert_want", R"(
INSERT INTO want (workspace_id, connection_id, purpose, environment, state, attempts, next_at, caused_by, request)
VALUES ($1, $2, $3, $4, 0, 0, $5, $6, $7) ON CONFLICT (workspace_id, connection_id, purpose) DO NOTHING)"};

/// One that is open keeps its pause after failures.
inline constexpr statement reopen_want{"inbox.reopen_want", R"(
UPDATE want SET state = 0, attempts = CASE WHEN state = 0 THEN attempts ELSE 0 END,
    next_at = CASE WHEN state = 0 THEN next_at ELSE $1 END, caused_by = $2, request = $3, reason = NULL
WHERE workspace_id = $4 AND connection_id = $5 AND purpose = $6 AND state >= $7)"};

inline constexpr statement find_open_want{"inbox.find_open_want", R"(
SELECT caused_by FROM want WHERE workspace_id = $1 AND connection_id = $2 AND purpose = $3 AND state = 0)"};

inline constexpr statement due_wants{"inbox.due_wants", R"(
SELECT workspace_id, environment, connection_id, purpose, attempts, next_at, caused_by, request FROM want
WHERE state = 0 AND next_at <= $1 ORDER BY next_at LIMIT $2)"};

inline constexpr statement set_want{"inbox.set_want", R"(
UPDATE want SET state = $1, attempts = $2, next_at = $3, reason = $4
WHERE workspace_id = $5 AND connection_id = $6 AND purpose = $7 AND caused_by = $8)"};

} // namespace tributary::inbox::sql
