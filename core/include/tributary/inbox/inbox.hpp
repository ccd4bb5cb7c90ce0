#pragma once

#include <tributary/base/crypto.hpp>
#include <tributary/directory/directory.hpp>
#include <tributary/http/message.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// The inbox: what was delivered, byte for byte. Written and synced before a 2xx; everything else follows
/// from it.
namespace tributary::inbox {

/// How a record came in.
enum class source { delivery = 1, answer = 2, call = 3 };

/// What became of it. `done` is the only state outside the index of unfinished work.
enum class state {
    pending = 0, ///< To be normalised.
    waiting = 1, ///< Not authentic yet: books nothing until an answer decides.
    done = 2,
    failed = 3,   ///< Normalising failed; kept, shown, can be replayed.
    rejected = 4, ///< An answer decided that it is not genuine.
    held = 5,     ///< Its plugin cannot be asked just now; it becomes pending again by itself.
};
std::string_view state_name(state of) noexcept;

/// One record. An item after the first of a delivery has an empty body and names the record that holds it.
struct record {
    std::int64_t id = 0;
    space in;
    std::string connection_id;
    source from = source::delivery;
    time_ms received_at = 0;
    state is = state::pending;
    bool authentic = true; ///< false: a hint, or undecided; nothing in it may be booked
    std::uint32_t item = 0;
    std::optional<std::int64_t> part_of;
    std::optional<std::int64_t> caused_by; ///< answers: the record whose normalising wanted it
    std::string purpose;
    std::int64_t http_status = 0;
    std::string dedupe_key;
    digest256 digest{};
    std::string event_type;
    std::int64_t attempts = 0;
    std::int64_t interrupted = 0; ///< How many processes ended while they may have worked on it.
    std::string reason;
    std::string method;
    std::string path;
    std::string query;
    std::vector<http::header> headers;
    std::string body;
};

/// Stores a record, unless the same key with the same bytes is there already.
/// @return its id; nothing when it was dropped as a repetition.
result<std::optional<std::int64_t>> insert(storage::session& writer, const record& what);

/// The whole record, headers and body included. @errors engine_errc::not_found.
result<record> find(storage::session& reader, std::int64_t id);

/// Ids of pending records, oldest first.
result<std::vector<std::int64_t>> pending(storage::session& reader, std::size_t limit);

/// Records that a rebuild from the inbox reads again, in order of arrival, after `after`.
result<std::vector<std::int64_t>> all_after(storage::session& reader, std::int64_t after, std::size_t limit);

result<void> set_state(storage::session& writer, std::int64_t id, state to, std::string_view reason);

/// Hints are stored under their key and a suffix that makes each of them a record of its own.
std::string hint_key(std::string_view key, std::string_view suffix);
/// The newest hint with this key that is not answered yet, if there is one.
result<std::optional<std::int64_t>> find_waiting_hint(storage::session& reader, space in,
                                                      std::string_view connection_id, std::string_view key);
/// Records of a connection that wait for an answer.
result<std::int64_t> count_waiting(storage::session& reader, std::string_view connection_id);
/// Records that wait for an answer that nobody is going to ask for.
result<std::vector<std::int64_t>> forsaken(storage::session& reader);

/// The process is about to work on a record that another one had taken and not finished.
result<void> count_interrupted(storage::session& writer, std::int64_t id);
/// Its plugin cannot be asked now. @param interrupted  how many ends it has been met with since then.
result<void> hold(storage::session& writer, std::int64_t id, std::string_view reason,
                  std::int64_t interrupted);
/// How many held records became pending, and after which one there may be more.
struct released {
    std::uint64_t count = 0;
    std::optional<std::int64_t> more_after;
};
/// Makes held records after `after` pending again, oldest first.
result<released> release_held(storage::session& writer, std::int64_t after, std::size_t limit);

/// Every connection that a record came through.
result<std::vector<std::string>> connections_of_records(storage::session& reader);

/// Id and state of the record with this key and these bytes, if there is one.
result<std::optional<std::pair<std::int64_t, state>>> find_telling(storage::session& reader, space in,
                                                                   std::string_view connection_id,
                                                                   std::string_view key,
                                                                   const digest256& digest);

/// Was this key used before in that connection?
result<bool> key_used(storage::session& reader, space in, std::string_view connection_id,
                      std::string_view key);

/// A line of `tributary inbox list`.
struct summary {
    std::int64_t id = 0;
    source from = source::delivery;
    time_ms received_at = 0;
    state is = state::pending;
    std::string event_type;
    std::string dedupe_key;
    std::string reason;
    std::int64_t body_bytes = 0;
};
/// Newest first, before record `before`.
result<std::vector<summary>> list(storage::session& reader, std::string_view connection_id,
                                  std::int64_t before, std::size_t limit);

/// A delivery that was refused, for the person who debugs a signature. A bounded ring per connection.
struct refusal {
    std::int64_t id = 0;
    std::int64_t workspace = 0;
    std::string connection_id;
    time_ms received_at = 0;
    std::string reason;
    std::string detail;
    std::vector<http::header> headers;
    std::int64_t body_bytes = 0;
    std::string body; ///< the first 4 KiB
};
/// @param keep  how many the connection keeps; older ones go.
result<void> insert_refusal(storage::session& writer, const refusal& what, std::int64_t keep);
result<std::vector<refusal>> list_refusals(storage::session& reader, std::int64_t workspace,
                                           std::string_view connection_id, std::size_t limit);

/// A request that a plugin wants made. Keyed by (connection, purpose): wanted twice, made once.
struct want {
    space in;
    std::string connection_id;
    std::string purpose;
    std::int64_t attempts = 0;
    time_ms next_at = 0;
    std::int64_t caused_by = 0;
    std::string method;
    std::string url;
    std::vector<http::header> headers; ///< {secret:NAME} stands for a secret of the connection
    std::string body;
};
enum class want_state { open = 0, done = 1, blocked = 2, failed = 3 };
/// What to do with a want whose purpose was wanted before.
enum class wanting {
    once,     ///< Nothing: whatever became of it.
    answered, ///< It is opened again if it was given up: the answer is still needed.
    anew,     ///< It is opened again even if it was answered, or is being asked just now: there may be news.
};
result<void> insert_want(storage::session& writer, const want& what, wanting how);
/// The record that has wanted the same and is not answered yet.
result<std::optional<std::int64_t>> find_open_want(storage::session& reader, const want& like);
result<std::vector<want>> due_wants(storage::session& reader, time_ms now_ms, std::size_t limit);
/// Unless another record has wanted it anew in the meantime: then the want is that record's.
/// @return whether it was still this record's.
result<bool> set_want(storage::session& writer, const want& what, want_state to, std::string_view reason);

/// [["name","value"],...], as headers are stored.
std::string headers_text(const std::vector<http::header>& headers);
std::vector<http::header> parse_headers(std::string_view text);

} // namespace tributary::inbox
