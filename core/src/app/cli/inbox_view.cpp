#include "app/cli/inbox_view.hpp"

#include <tributary/accounts/environment.hpp>
#include <tributary/base/crypto.hpp>
#include <tributary/facts/fact.hpp>
#include <tributary/storage/storage.hpp>

#include <array>

#include "app/cli/queries.sql.hpp"
#include "app/cli/times.hpp"

namespace tributary::app::cli {
namespace {

using storage::row;
using storage::value;

document text_or_null(std::string_view text) {
    return text.empty() ? document() : document(text);
}

void set_body(document& into, std::string_view body) {
    into.set("body", body);
    if (!facts::is_plain_text(body))
        into.set("body_base64", base64_encode(body));
}

std::string_view name_of_environment(std::int64_t environment) {
    return accounts::environment_name(static_cast<accounts::environment>(environment));
}

document read_fact(const row& from) {
    return document::record()
        .set("kind", facts::kind_name(static_cast<std::int32_t>(from.integer(0))))
        .set("realm", from.text(1))
        .set("document_id", from.text(2))
        .set("subject_id", from.text(3))
        .set("occurred_at", time_text(from.integer(4)))
        .set("source_time", from.integer(5))
        .set("lifecycle_rank", from.integer(6))
        .set("source_rank", from.integer(7))
        .set("normaliser_version", from.integer(8))
        .set("digest", hex_encode(from.text(9)))
        .set("content", document::json_text(from.text(10)));
}

} // namespace

std::string_view source_name(inbox::source of) noexcept {
    switch (of) {
    case inbox::source::delivery: return "delivery";
    case inbox::source::answer: return "answer";
    case inbox::source::call: return "call";
    }
    return "unknown";
}

result<document> inbox_page(storage::session& reader, const std::optional<std::string>& connection,
                            std::int64_t before, std::int64_t limit) {
    document list = document::list();
    const auto each = [&](const row& from) {
        list.push(document::record()
                      .set("inbox_id", from.integer(0))
                      .set("connection_id", text_or_null(from.text(1)))
                      .set("source", source_name(static_cast<inbox::source>(from.integer(2))))
                      .set("received_at", time_text(from.integer(3)))
                      .set("state", inbox::state_name(static_cast<inbox::state>(from.integer(4))))
                      .set("event_type", text_or_null(from.text(5)))
                      .set("dedupe_key", from.text(6))
                      .set("reason", text_or_null(from.text(7)))
                      .set("body_bytes", from.integer(8)));
    };
    if (connection)
        TRIBUTARY_TRY(reader.query(
            sql::inbox_page_of_connection,
            std::array{value(std::string_view(*connection)), value(before), value(limit)}, each));
    else
        TRIBUTARY_TRY(reader.query(sql::inbox_page, std::array{value(before), value(limit)}, each));
    return list;
}

result<document> facts_of_record(storage::session& reader, std::int64_t workspace, std::int64_t inbox_id) {
    document list = document::list();
    TRIBUTARY_TRY(reader.query(sql::facts_of_record, std::array{value(workspace), value(inbox_id)},
                               [&](const row& from) { list.push(read_fact(from)); }));
    return list;
}

document describe_headers(const std::vector<http::header>& headers) {
    document list = document::list();
    for (const http::header& each : headers)
        list.push(document::record().set("name", each.name).set("value", each.value));
    return list;
}

document describe(const inbox::record& of) {
    document made = document::record();
    made.set("inbox_id", of.id)
        .set("state", inbox::state_name(of.is))
        .set("reason", text_or_null(of.reason))
        .set("source", source_name(of.from))
        .set("received_at", time_text(of.received_at))
        .set("environment", name_of_environment(of.in.environment))
        .set("connection_id", text_or_null(of.connection_id))
        .set("event_type", text_or_null(of.event_type))
        .set("dedupe_key", of.dedupe_key)
        .set("authentic", of.authentic)
        .set("item", of.item)
        .set("part_of", of.part_of)
        .set("caused_by", of.caused_by)
        .set("purpose", text_or_null(of.purpose))
        .set("http_status", of.http_status == 0 ? document() : document(of.http_status))
        .set("attempts", of.attempts)
        .set("digest", hex_encode(as_bytes(of.digest)))
        .set("method", of.method)
        .set("path", of.path)
        .set("query", of.query)
        .set("headers", describe_headers(of.headers))
        .set("body_bytes", static_cast<std::int64_t>(of.body.size()));
    set_body(made, of.body);
    return made;
}

document describe(const inbox::refusal& of) {
    document made = document::record();
    made.set("refused_id", of.id)
        .set("connection_id", text_or_null(of.connection_id))
        .set("received_at", time_text(of.received_at))
        .set("reason", of.reason)
        .set("detail", text_or_null(of.detail))
        .set("headers", describe_headers(of.headers))
        .set("body_bytes", of.body_bytes);
    set_body(made, of.body);
    return made;
}

} // namespace tributary::app::cli
