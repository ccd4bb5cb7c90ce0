#include "validator/provider_calls.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace tributary::validator {
namespace {

namespace json = boost::json;

void note_fault(std::string& into, std::string fault) {
    if (into.empty())
        into = std::move(fault);
}

void take_item(void* ctx, const trb_item* item) noexcept {
    auto& into = *static_cast<verdict_said*>(ctx);
    if (item->struct_size < sizeof(trb_item))
        return note_fault(into.fault, "a trb_item has a struct_size of " + std::to_string(item->struct_size) +
                                          ", it must be " + std::to_string(sizeof(trb_item)));
    into.items.push_back({item->verdict, std::string(view(item->dedupe_key)),
                          std::string(view(item->content)), std::string(view(item->event_type)),
                          std::string(view(item->reason)), std::string(view(item->detail))});
    if (item->verdict < TRB_ITEM_ACCEPTED || item->verdict > TRB_ITEM_HINT)
        note_fault(into.fault, "the verdict " + std::to_string(item->verdict) + " does not exist");
    else if (item->verdict != TRB_ITEM_REJECTED && item->dedupe_key.size == 0)
        note_fault(into.fault, "an item that is accepted, or a hint, has no dedupe_key");
}

void take_need(void* ctx, const trb_http_request* request) noexcept {
    auto& into = *static_cast<verdict_said*>(ctx);
    into.needs.push_back(copy(*request));
    note_fault(into.fault, into.needs.back().fault());
}

void take_answer(void* ctx, std::int32_t status, trb_str content_type, trb_str body) noexcept {
    auto& into = *static_cast<verdict_said*>(ctx);
    into.answers.push_back({status, std::string(view(content_type)), std::string(view(body))});
}

struct fact_taker {
    facts_said& into;
    std::string realm;
};

trb_status take_fact(void* ctx, const trb_fact* fact) noexcept {
    auto& taker = *static_cast<fact_taker*>(ctx);
    auto stored = facts::encode_fact(*fact, taker.realm);
    if (!stored) {
        taker.into.refused.push_back(stored.error().text());
        return TRB_INVALID;
    }
    taker.into.facts.push_back(std::move(*stored));
    return TRB_OK;
}

void take_want(void* ctx, const trb_http_request* request) noexcept {
    facts_said& into = static_cast<fact_taker*>(ctx)->into;
    into.wants.push_back(copy(*request));
    note_fault(into.fault, into.wants.back().fault());
}

void take_note(void* ctx, trb_str code, trb_str text) noexcept {
    static_cast<fact_taker*>(ctx)->into.notes.emplace_back(view(code), view(text));
}

std::string_view verdict_name(std::int32_t verdict) noexcept {
    switch (verdict) {
    case TRB_ITEM_ACCEPTED: return "accepted";
    case TRB_ITEM_REJECTED: return "rejected";
    case TRB_ITEM_HINT: return "hint";
    default: return "unknown";
    }
}

json::object request_json(const said_request& of) {
    return {{"method", of.method}, {"url", of.url}, {"purpose", of.purpose}, {"body", of.body}};
}

/// Members in order, the content as what it is instead of as a text, without the digest that follows from it.
json::object fact_json(const facts::stored_fact& of) {
    return {{"kind", facts::kind_name(of.kind)},   {"realm", of.realm},
            {"document_id", of.document_id},       {"source_time", of.source_time},
            {"lifecycle_rank", of.lifecycle_rank}, {"source_rank", of.source_rank},
            {"occurred_at", of.occurred_at},       {"content", json::parse(of.content)}};
}

trb_record lend_record(vault& in, const delivery_sample& of) {
    trb_record record{};
    record.source = TRB_RECORD_DELIVERY;
    record.received_at_ms = of.received_at;
    record.method = in.text(of.method, "trb_record.method");
    record.path = in.text(of.path, "trb_record.path");
    record.query = in.text(of.query, "trb_record.query");
    record.headers = in.pairs(of.headers, "trb_record.headers");
    record.header_count = of.headers.size();
    record.body = in.guarded_text(of.body, "trb_record.body");
    record.purpose = in.text("", "trb_record.purpose");
    return record;
}

} // namespace

said_request copy(const trb_http_request& request) {
    said_request made;
    if (request.struct_size < sizeof(trb_http_request))
        return made; // Without a purpose: that is its fault.
    made.method = view(request.method);
    made.url = view(request.url);
    for (std::uint32_t index = 0; index < request.header_count; ++index)
        made.headers.emplace_back(view(request.headers[index].name), view(request.headers[index].value));
    made.body = view(request.body);
    made.purpose = view(request.purpose);
    return made;
}

std::string said_request::fault() const {
    if (purpose.empty())
        return "a trb_http_request has no purpose, or too small a struct_size";
    if (!url.starts_with("https://"))
        return "the request '" + purpose + "' goes to '" + url + "': it must be an absolute https address";
    return {};
}

bool verdict_said::accepted() const noexcept {
    return status == TRB_OK && std::ranges::any_of(items, [](const said_item& each) {
               return each.verdict == TRB_ITEM_ACCEPTED;
           });
}

json::object verdict_said::json() const {
    json::object made{{"status", plugins::status_name(status)}};
    json::array list;
    for (const said_item& each : items) {
        json::object item{{"verdict", verdict_name(each.verdict)}};
        if (each.verdict == TRB_ITEM_REJECTED)
            item["reason"] = each.reason;
        else
            item["dedupe_key"] = each.dedupe_key;
        item["event_type"] = each.event_type;
        if (!each.content.empty())
            item["content"] = each.content;
        list.push_back(std::move(item));
    }
    made["items"] = std::move(list);
    if (!needs.empty()) {
        json::array& asked = made["needs"].emplace_array();
        for (const said_request& each : needs)
            asked.push_back(request_json(each));
    }
    if (!answers.empty())
        made["answer"] = {{"status", answers.back().status}, {"body", answers.back().body}};
    return made;
}

std::string verdict_said::for_people() const {
    std::string all = error;
    for (const said_item& each : items)
        all += "\n" + each.reason + "\n" + each.detail + "\n" + each.event_type;
    return all;
}

json::object facts_said::json() const {
    json::object made{{"status", plugins::status_name(status)}};
    json::array list;
    for (const facts::stored_fact& each : facts)
        list.push_back(fact_json(each));
    made["facts"] = std::move(list);
    if (!refused.empty()) {
        json::array& all = made["refused"].emplace_array();
        for (const std::string& each : refused)
            all.push_back(json::value(each));
    }
    if (!wants.empty()) {
        json::array& asked = made["wants"].emplace_array();
        for (const said_request& each : wants)
            asked.push_back(request_json(each));
    }
    if (!notes.empty()) {
        json::array& all = made["notes"].emplace_array();
        for (const auto& [code, text] : notes)
            all.push_back(json::value(code)); // The sentence is for people and may change.
    }
    return made;
}

std::string facts_said::for_people() const {
    std::string all = error;
    for (const auto& [code, text] : notes)
        all += "\n" + code + "\n" + text;
    return all;
}

trb_connection lend_connection(vault& in, const connection_sample& of, bool with_secrets) {
    trb_connection connection{};
    connection.environment = of.environment;
    connection.id = in.text(of.id, "trb_connection.id");
    connection.realm = in.text(of.realm, "trb_connection.realm");
    connection.settings = in.text(of.settings, "trb_connection.settings");
    std::vector<trb_secret> secrets;
    if (with_secrets)
        for (const auto& [name, value] : of.secrets)
            secrets.push_back({in.text(name, "trb_secret.name"), in.text(value, "trb_secret.value")});
    connection.secrets = in.frozen(secrets, "trb_connection.secrets");
    connection.secret_count = secrets.size();
    return connection;
}

verdict_said provider_calls::verify(const delivery_sample& of) const {
    verdict_said said;
    vault lent(of_.at(), "verify", of_.future());
    error_collector error(lent);
    const trb_connection connection = lend_connection(lent, of.connection, true);
    const trb_record record = lend_record(lent, of);
    const trb_verify_sink sink{sizeof(trb_verify_sink), 0, &said, &take_item, &take_need, &take_answer};
    const watching_host::watch watch(phase::pure);
    said.status =
        cross(table_.verify, of_.self(), lent.put(connection, "the trb_connection"),
              lent.put(record, "the trb_record"), std::uint64_t{1}, std::uint64_t{lent.stride<trb_record>()},
              lent.put(sink, "the trb_verify_sink"), error.sink());
    if (said.status != TRB_OK)
        said.error = error.text(said.status);
    said.breach = watch.breach();
    return said;
}

facts_said provider_calls::normalise(const delivery_sample& of, std::uint32_t item, bool authentic) const {
    facts_said said;
    vault lent(of_.at(), "normalise", of_.future());
    error_collector error(lent);
    const trb_connection connection = lend_connection(lent, of.connection, false);
    trb_record record = lend_record(lent, of);
    record.item = item;
    record.authentic = authentic ? 1 : 0;
    fact_taker taker{said, of.connection.realm};
    const trb_fact_sink sink{sizeof(trb_fact_sink), 0, &taker, &take_fact, &take_want, &take_note};
    const watching_host::watch watch(phase::pure);
    said.status =
        cross(table_.normalise, of_.self(), lent.put(connection, "the trb_connection"),
              lent.put(record, "the trb_record"), std::uint64_t{1}, std::uint64_t{lent.stride<trb_record>()},
              lent.put(sink, "the trb_fact_sink"), error.sink());
    if (said.status != TRB_OK)
        said.error = error.text(said.status);
    said.breach = watch.breach();
    return said;
}

facts_said provider_calls::reread(const delivery_sample& of, std::int32_t kind,
                                  const std::string& document_id) const {
    facts_said said;
    vault lent(of_.at(), "reread", of_.future());
    error_collector error(lent);
    const trb_connection connection = lend_connection(lent, of.connection, false);
    fact_taker taker{said, of.connection.realm};
    const trb_fact_sink sink{sizeof(trb_fact_sink), 0, &taker, &take_fact, &take_want, &take_note};
    const watching_host::watch watch(phase::pure);
    said.status =
        cross(table_.reread, of_.self(), lent.put(connection, "the trb_connection"), kind,
              lent.text(document_id, "the document_id"), lent.put(sink, "the trb_fact_sink"), error.sink());
    said.breach = watch.breach();
    return said;
}

std::string text_of(const json::object& of) {
    return json::serialize(of);
}

} // namespace tributary::validator
