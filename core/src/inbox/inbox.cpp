#include <tributary/inbox/inbox.hpp>

#include <boost/json.hpp>

#include <array>
#include <cstring>

#include "facts/json_text.hpp"
#include "inbox/inbox.sql.hpp"

namespace tributary::inbox {
namespace {

using storage::blob;
using storage::row;
using storage::value;

value optional_value(const std::optional<std::int64_t>& number) {
    return number ? value(*number) : value(std::monostate{});
}

value text_or_null(std::string_view text) {
    return text.empty() ? value(std::monostate{}) : value(text);
}

template <class... Values> std::array<value, sizeof...(Values)> values(Values&&... each) {
    return {value(std::forward<Values>(each))...};
}

record read_record(const row& from) {
    record made;
    made.id = from.integer(0);
    made.in = {from.integer(1), from.integer(2)};
    made.connection_id = from.text(3);
    made.from = static_cast<source>(from.integer(4));
    made.received_at = from.integer(5);
    made.is = static_cast<state>(from.integer(6));
    made.authentic = from.integer(7) != 0;
    made.item = static_cast<std::uint32_t>(from.integer(8));
    if (!from.is_null(9))
        made.part_of = from.integer(9);
    if (!from.is_null(10))
        made.caused_by = from.integer(10);
    made.purpose = from.text(11);
    made.http_status = from.integer(12);
    made.dedupe_key = from.text(13);
    const std::string_view digest = from.text(14);
    std::memcpy(made.digest.data(), digest.data(), std::min(digest.size(), made.digest.size()));
    made.event_type = from.text(15);
    made.attempts = from.integer(16);
    made.reason = from.text(17);
    made.method = from.text(18);
    made.path = from.text(19);
    made.query = from.text(20);
    made.headers = parse_headers(from.text(21));
    made.body = from.text(22);
    made.interrupted = from.integer(23);
    return made;
}

std::string want_text(const want& what) {
    std::string text;
    facts::json_text out(text);
    out.open('{');
    out.name("method");
    out.text(what.method);
    out.name("url");
    out.text(what.url);
    out.name("headers");
    out.raw(headers_text(what.headers));
    out.name("body");
    out.text(what.body);
    out.close('}');
    return text;
}

void parse_want(std::string_view text, want& into) {
    error_code failed;
    const boost::json::value parsed = boost::json::parse(text, failed);
    const auto* object = failed ? nullptr : parsed.if_object();
    if (object == nullptr)
        return;
    const auto member = [&](std::string_view name) -> std::string {
        const auto* found = object->if_contains(name);
        return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
    };
    into.method = member("method");
    into.url = member("url");
    into.body = member("body");
    if (const auto* headers = object->if_contains("headers"))
        into.headers = parse_headers(boost::json::serialize(*headers));
}

result<std::vector<std::int64_t>> read_ids(storage::session& reader, const storage::statement& what,
                                           std::span<const value> parameters) {
    std::vector<std::int64_t> ids;
    TRIBUTARY_TRY(reader.query(what, parameters, [&](const row& from) { ids.push_back(from.integer(0)); }));
    return ids;
}

result<bool> exists(storage::session& reader, const storage::statement& what,
                    std::span<const value> parameters) {
    bool found = false;
    TRIBUTARY_TRY(reader.query(what, parameters, [&](const row&) { found = true; }));
    return found;
}

} // namespace

std::string_view state_name(state of) noexcept {
    switch (of) {
    case state::pending: return "pending";
    case state::waiting: return "waiting";
    case state::done: return "done";
    case state::failed: return "failed";
    case state::rejected: return "rejected";
    case state::held: return "held";
    }
    return "unknown";
}

std::string headers_text(const std::vector<http::header>& headers) {
    std::string text;
    facts::json_text out(text);
    out.open('[');
    for (const http::header& one : headers) {
        out.separate();
        out.open('[');
        out.separate();
        out.text(one.name);
        out.separate();
        out.text(one.value);
        out.close(']');
    }
    out.close(']');
    return text;
}

std::vector<http::header> parse_headers(std::string_view text) {
    std::vector<http::header> headers;
    error_code failed;
    boost::json::parse_options lenient;
    lenient.allow_invalid_utf8 = true; // Header values are bytes.
    const boost::json::value parsed = boost::json::parse(text, failed, {}, lenient);
    if (failed || !parsed.is_array())
        return headers;
    for (const boost::json::value& pair : parsed.get_array())
        if (pair.is_array() && pair.get_array().size() == 2 && pair.at(0).is_string() &&
            pair.at(1).is_string())
            headers.push_back({std::string(pair.at(0).get_string()), std::string(pair.at(1).get_string())});
    return headers;
}

result<std::optional<std::int64_t>> insert(storage::session& writer, const record& what) {
    const std::string headers = headers_text(what.headers);
    const auto parameters = values(
        what.in.workspace, what.in.environment, std::string_view(what.connection_id),
        static_cast<std::int64_t>(what.from), what.received_at, static_cast<std::int64_t>(what.is),
        std::int64_t{what.authentic}, static_cast<std::int64_t>(what.item), optional_value(what.part_of),
        optional_value(what.caused_by), text_or_null(what.purpose), what.http_status,
        std::string_view(what.dedupe_key), blob{as_bytes(what.digest)}, std::string_view(what.event_type),
        text_or_null(what.reason), std::string_view(what.method), std::string_view(what.path),
        std::string_view(what.query), std::string_view(headers), blob{what.body});
    std::optional<std::int64_t> id;
    TRIBUTARY_TRY(writer.query(sql::insert, parameters, [&](const row& from) { id = from.integer(0); }));
    return id;
}

result<record> find(storage::session& reader, std::int64_t id) {
    std::optional<record> found;
    TRIBUTARY_TRY(reader.query(sql::find, values(id), [&](const row& from) { found = read_record(from); }));
    if (!found)
        return failure(engine_errc::not_found, "inbox record " + std::to_string(id));
    return std::move(*found);
}

result<std::vector<std::int64_t>> pending(storage::session& reader, std::size_t limit) {
    return read_ids(reader, sql::pending, values(static_cast<std::int64_t>(limit)));
}

result<std::vector<std::int64_t>> all_after(storage::session& reader, std::int64_t after, std::size_t limit) {
    return read_ids(reader, sql::all_after, values(after, static_cast<std::int64_t>(limit)));
}

result<void> set_state(storage::session& writer, std::int64_t id, state to, std::string_view reason) {
    TRIBUTARY_TRY(
        writer.execute(sql::set_state, values(static_cast<std::int64_t>(to), text_or_null(reason), id)));
    return {};
}

std::string hint_key(std::string_view key, std::string_view suffix) {
    std::string made(key);
    made += '@';
    made += suffix;
    return made;
}

result<std::optional<std::int64_t>> find_waiting_hint(storage::session& reader, space in,
                                                      std::string_view connection_id, std::string_view key) {
    // All hints of one key lie between "key@" and "keyA".
    const std::string from = hint_key(key, {});
    const std::string to = std::string(key) + "A";
    std::optional<std::int64_t> newest;
    TRIBUTARY_TRY(reader.query(
        sql::find_waiting_hint,
        values(in.workspace, connection_id, std::string_view(from), std::string_view(to), in.environment),
        [&](const row& found) { newest = found.integer(0); }));
    return newest;
}

result<std::optional<std::pair<std::int64_t, state>>> find_telling(storage::session& reader, space in,
                                                                   std::string_view connection_id,
                                                                   std::string_view key,
                                                                   const digest256& digest) {
    std::optional<std::pair<std::int64_t, state>> found;
    TRIBUTARY_TRY(reader.query(sql::find_telling,
                               values(in.workspace, connection_id, key, blob{as_bytes(digest)}),
                               [&](const row& from) {
                                   found = {from.integer(0), static_cast<state>(from.integer(1))};
                               }));
    return found;
}

result<std::int64_t> count_waiting(storage::session& reader, std::string_view connection_id) {
    std::int64_t count = 0;
    TRIBUTARY_TRY(reader.query(sql::count_waiting, values(connection_id),
                               [&](const row& found) { count = found.integer(0); }));
    return count;
}

result<void> hold(storage::session& writer, std::int64_t id, std::string_view reason,
                  std::int64_t interrupted) {
    TRIBUTARY_TRY(writer.execute(sql::hold, values(reason, interrupted, id)));
    return {};
}

result<released> release_held(storage::session& writer, std::int64_t after, std::size_t limit) {
    std::optional<std::int64_t> last;
    TRIBUTARY_TRY(
        writer.query(sql::last_held, values(after, static_cast<std::int64_t>(limit)), [&](const row& from) {
            if (!from.is_null(0))
                last = from.integer(0);
        }));
    if (!last)
        return released{};
    TRIBUTARY_TRY_ASSIGN(count, writer.execute(sql::release_held, values(after, *last)));
    return released{static_cast<std::uint64_t>(count),
                    static_cast<std::size_t>(count) < limit ? std::nullopt : last};
}

result<void> count_interrupted(storage::session& writer, std::int64_t id) {
    TRIBUTARY_TRY(writer.execute(sql::count_interrupted, values(id)));
    return {};
}

result<std::vector<std::int64_t>> forsaken(storage::session& reader) {
    return read_ids(reader, sql::forsaken, {});
}

result<std::vector<std::string>> connections_of_records(storage::session& reader) {
    std::vector<std::string> ids;
    TRIBUTARY_TRY(reader.query(sql::sources_of_records, {},
                               [&](const row& found) { ids.emplace_back(found.text(0)); }));
    return ids;
}

result<bool> key_used(storage::session& reader, space in, std::string_view connection_id,
                      std::string_view key) {
    return exists(reader, sql::key_used, values(in.workspace, connection_id, key));
}

result<std::vector<summary>> list(storage::session& reader, std::string_view connection_id,
                                  std::int64_t before, std::size_t limit) {
    std::vector<summary> lines;
    TRIBUTARY_TRY(reader.query(
        sql::list, values(connection_id, before, static_cast<std::int64_t>(limit)), [&](const row& from) {
            lines.push_back({from.integer(0), static_cast<source>(from.integer(1)), from.integer(2),
                             static_cast<state>(from.integer(3)), std::string(from.text(4)),
                             std::string(from.text(5)), std::string(from.text(6)), from.integer(7)});
        }));
    return lines;
}

result<void> insert_refusal(storage::session& writer, const refusal& what, std::int64_t keep) {
    constexpr std::size_t shown_bytes = 4096;
    const std::string headers = headers_text(what.headers);
    const std::string_view shown = std::string_view(what.body).substr(0, shown_bytes);
    TRIBUTARY_TRY(writer.execute(
        sql::insert_refusal, values(what.workspace, std::string_view(what.connection_id), what.received_at,
                                    std::string_view(what.reason), std::string_view(what.detail),
                                    std::string_view(headers), what.body_bytes, blob{shown})));
    TRIBUTARY_TRY(writer.execute(sql::trim_refusals,
                                 values(what.workspace, std::string_view(what.connection_id), keep)));
    return {};
}

result<std::vector<refusal>> list_refusals(storage::session& reader, std::int64_t workspace,
                                           std::string_view connection_id, std::size_t limit) {
    std::vector<refusal> lines;
    TRIBUTARY_TRY(reader.query(sql::list_refusals,
                               values(workspace, connection_id, static_cast<std::int64_t>(limit)),
                               [&](const row& from) {
                                   refusal one;
                                   one.id = from.integer(0);
                                   one.workspace = workspace;
                                   one.connection_id = connection_id;
                                   one.received_at = from.integer(1);
                                   one.reason = from.text(2);
                                   one.detail = from.text(3);
                                   one.headers = parse_headers(from.text(4));
                                   one.body_bytes = from.integer(5);
                                   one.body = from.text(6);
                                   lines.push_back(std::move(one));
                               }));
    return lines;
}

result<void> insert_want(storage::session& writer, const want& what, wanting how) {
    const std::string request = want_text(what);
    TRIBUTARY_TRY_ASSIGN(
        added,
        writer.execute(sql::insert_want, values(what.in.workspace, std::string_view(what.connection_id),
                                                std::string_view(what.purpose), what.in.environment,
                                                what.next_at, what.caused_by, std::string_view(request))));
    if (added > 0 || how == wanting::once)
        return {};
    const auto reopened_from =
        static_cast<std::int64_t>(how == wanting::anew ? want_state::open : want_state::blocked);
    TRIBUTARY_TRY(
        writer.execute(sql::reopen_want, values(what.next_at, what.caused_by, std::string_view(request),
                                                what.in.workspace, std::string_view(what.connection_id),
                                                std::string_view(what.purpose), reopened_from)));
    return {};
}

result<std::optional<std::int64_t>> find_open_want(storage::session& reader, const want& like) {
    std::optional<std::int64_t> cause;
    TRIBUTARY_TRY(reader.query(
        sql::find_open_want,
        values(like.in.workspace, std::string_view(like.connection_id), std::string_view(like.purpose)),
        [&](const row& found) { cause = found.integer(0); }));
    return cause;
}

result<std::vector<want>> due_wants(storage::session& reader, time_ms now_ms, std::size_t limit) {
    std::vector<want> wants;
    TRIBUTARY_TRY(
        reader.query(sql::due_wants, values(now_ms, static_cast<std::int64_t>(limit)), [&](const row& from) {
            want one;
            one.in = {from.integer(0), from.integer(1)};
            one.connection_id = from.text(2);
            one.purpose = from.text(3);
            one.attempts = from.integer(4);
            one.next_at = from.integer(5);
            one.caused_by = from.integer(6);
            parse_want(from.text(7), one);
            wants.push_back(std::move(one));
        }));
    return wants;
}

result<bool> set_want(storage::session& writer, const want& what, want_state to, std::string_view reason) {
    TRIBUTARY_TRY_ASSIGN(
        changed, writer.execute(sql::set_want, values(static_cast<std::int64_t>(to), what.attempts,
                                                      what.next_at, text_or_null(reason), what.in.workspace,
                                                      std::string_view(what.connection_id),
                                                      std::string_view(what.purpose), what.caused_by)));
    return changed > 0;
}

} // namespace tributary::inbox
