#include <tributary/inbox/drift.hpp>
#include <tributary/storage/storage.hpp>

#include <array>

namespace tributary::inbox {
namespace {

using storage::row;
using storage::statement;
using storage::value;

constexpr std::size_t path_max = 120;
constexpr std::size_t version_max = 60;
constexpr std::size_t seen_max = 120;
constexpr std::int64_t rows_max = 500; // Of a connection: what varies without end must not fill the disk.
constexpr std::string_view others = "(others)";

constexpr statement add_to_row{"drift.add", R"(
UPDATE drift SET records = records + $1, normaliser_version = $2,
    last_at = CASE WHEN last_at < $3 THEN $3 ELSE last_at END,
    last_inbox_id = CASE WHEN last_inbox_id < $4 THEN $4 ELSE last_inbox_id END
WHERE workspace_id = $5 AND connection_id = $6 AND path = $7 AND version = $8 AND seen = $9 RETURNING records)"};

constexpr statement count_rows{"drift.count", R"(
SELECT COUNT(*) FROM drift WHERE workspace_id = $1 AND connection_id = $2)"};

constexpr statement insert_row{"drift.insert", R"(
INSERT INTO drift (workspace_id, connection_id, path, version, seen, normaliser_version, records, first_at, last_at,
    last_inbox_id)
VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9))"};

constexpr statement all_rows{"drift.list", R"(
SELECT connection_id, path, version, seen, normaliser_version, records, first_at, last_at, last_inbox_id
FROM drift ORDER BY last_at DESC, connection_id, path, version, seen)"};

constexpr statement delete_rows{"drift.forget", "DELETE FROM drift"};

/// Cuts between characters, not within one.
std::string shortened(std::string_view text, std::size_t most) {
    if (text.size() <= most)
        return std::string(text);
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0u) == 0x80u)
        --most;
    return std::string(text.substr(0, most));
}

result<bool> add_to_known(storage::session& writer, const record& where, std::int64_t normaliser_version,
                          const drift& what, bool again) {
    bool known = false;
    TRIBUTARY_TRY(writer.query(
        add_to_row,
        std::array{value(std::int64_t{again ? 0 : 1}), value(normaliser_version), value(where.received_at),
                   value(where.id), value(where.in.workspace), value(std::string_view(where.connection_id)),
                   value(std::string_view(what.path)), value(std::string_view(what.version)),
                   value(std::string_view(what.seen))},
        [&](const row&) { known = true; }));
    return known;
}

} // namespace

drift parse_drift(std::string_view text) {
    const auto take_word = [&text] {
        const std::size_t blank = text.find(' ');
        const std::string_view word = text.substr(0, blank);
        text.remove_prefix(blank == std::string_view::npos ? text.size() : blank + 1);
        return word;
    };
    drift parsed;
    parsed.path = shortened(take_word(), path_max);
    parsed.version = shortened(take_word(), version_max);
    parsed.seen = shortened(text, seen_max);
    if (parsed.version.empty())
        parsed.version = "-";
    return parsed;
}

result<drift> count_drift(storage::session& writer, const record& where, std::int64_t normaliser_version,
                          drift what, bool again) {
    TRIBUTARY_TRY_ASSIGN(known, add_to_known(writer, where, normaliser_version, what, again));
    if (known)
        return what;
    std::int64_t rows = 0;
    TRIBUTARY_TRY(writer.query(
        count_rows, std::array{value(where.in.workspace), value(std::string_view(where.connection_id))},
        [&](const row& from) { rows = from.integer(0); }));
    if (rows >= rows_max) {
        what = {"-", "-", std::string(others)};
        TRIBUTARY_TRY_ASSIGN(full, add_to_known(writer, where, normaliser_version, what, again));
        if (full)
            return what;
    }
    TRIBUTARY_TRY(writer.execute(
        insert_row, std::array{value(where.in.workspace), value(std::string_view(where.connection_id)),
                               value(std::string_view(what.path)), value(std::string_view(what.version)),
                               value(std::string_view(what.seen)), value(normaliser_version),
                               value(where.received_at), value(where.received_at), value(where.id)}));
    return what;
}

result<std::vector<counted_drift>> list_drift(storage::session& reader) {
    std::vector<counted_drift> all;
    TRIBUTARY_TRY(reader.query(all_rows, {}, [&](const row& from) {
        counted_drift one;
        one.connection_id = from.text(0);
        one.what = {std::string(from.text(1)), std::string(from.text(2)), std::string(from.text(3))};
        one.normaliser_version = from.integer(4);
        one.records = from.integer(5);
        one.first_at = from.integer(6);
        one.last_at = from.integer(7);
        one.last_record = from.integer(8);
        all.push_back(std::move(one));
    }));
    return all;
}

result<void> forget_drift(storage::session& writer) {
    TRIBUTARY_TRY(writer.execute(delete_rows, {}));
    return {};
}

} // namespace tributary::inbox
