#pragma once

#include <tributary/inbox/inbox.hpp>

#include <string>
#include <vector>

/// What providers said in ways that their plugins do not know (TRB_NOTE_DRIFT of abi/provider.h), counted.
namespace tributary::inbox {

/// One unknown way of saying something.
struct drift {
    std::string path;    ///< "invoice.status"
    std::string version; ///< of the provider's API; "-" when it did not tell
    std::string seen;    ///< the word, or what is wrong
};

/// Takes the text of such a note apart. Parts that are too long are cut.
drift parse_drift(std::string_view text);

/// Notes that a record holds it.
/// @param again  the record was read before and counted then: only what is new is counted.
/// @return what it is counted as: a connection keeps at most 500 rows, what is new beyond that is one
/// "(others)".
result<drift> count_drift(storage::session& writer, const record& where, std::int64_t normaliser_version,
                          drift what, bool again);

/// A row as it is counted.
struct counted_drift {
    std::string connection_id;
    drift what;
    std::int64_t normaliser_version = 0; ///< of the plugin that did not know it, last
    std::int64_t records = 0;
    time_ms first_at = 0; ///< when the first and the last of the records came in
    time_ms last_at = 0;
    std::int64_t last_record = 0;
};
/// All of them, those seen last first. A scan, for people.
result<std::vector<counted_drift>> list_drift(storage::session& reader);

/// Forgets all: every record is about to be read anew.
result<void> forget_drift(storage::session& writer);

} // namespace tributary::inbox
