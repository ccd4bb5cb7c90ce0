#include <algorithm>

#include "document.hpp"
#include "events.hpp"
#include "fetch.hpp"
#include "shape.hpp"
#include "stripe_plugin.hpp"

namespace tributary::stripe {
namespace {

using sdk::view;
/// The object inside an event, or the document itself.
const json::value& object_of(const json::value& document) noexcept {
    const json::value* inside = find(document, "data.object");
    return text(document, "object") == "event" && inside != nullptr ? *inside : document;
}

/// As much of a stranger's word as a note may hold.
std::string shown(std::string_view word) {
    return std::string(beginning(word, 100));
}

/// One call of normalise. The facts that it collects point into the documents kept here.
class normalising {
  public:
    normalising(sdk::records records, const settings& options) : records_(records), options_(options) {}

    sdk::outcome run(sdk::fact_sink sink);

  private:
    void event(const json::value& document, std::string_view account_asked);
    void leave(const json::value& document, const event_entry* entry, std::string_view type);
    void thin_event(const json::value& document);
    void answer(const json::value& document);
    void bare(const json::value& object, std::string_view account);
    void lines(const json::value& document, const purpose_parts& purpose);

    telling told_by_answer(const json::value& object, std::string_view account) const noexcept {
        return {object, {}, front().received_at_ms, said_updated, account, options_, pinned_version};
    }
    const trb_record& front() const noexcept { return records_[0]; }
    /// The document of a record, or nullptr when it cannot be read.
    const json::value* parse_record(std::uint64_t index);

    sdk::records records_;
    const settings& options_;
    std::deque<json::value> documents_;
    findings into_;
};

void normalising::event(const json::value& document, std::string_view account_asked) {
    const std::string_view type = text(document, "type");
    const event_entry* entry = find_event(type);
    if (entry == nullptr || entry->tell == nullptr)
        return leave(document, entry, type);
    const json::value* object = find(document, "data.object");
    const std::optional<std::int64_t> created = time_ms(document, "created");
    if (object == nullptr || !object->is_object())
        return into_.problem().set("no_object", "the event has no data.object");
    if (!created)
        return into_.problem().set("no_event_time", "the event's member created is not a time");
    const std::string_view word = text(*object, "object");
    if (!word.empty() && find_object_teller(word) != entry->tell)
        return into_.problem().set("wrong_object",
                                   "an event of type '" + shown(type) + "' cannot hold such an object");
    std::string_view account = text(document, "account");
    if (account.empty())
        account = account_asked;
    const telling told{*object,
                       type,
                       *created,
                       entry->rank,
                       account,
                       options_,
                       text(document, "api_version"),
                       find(document, "data.previous_attributes")};
    if (entry->type != type)
        into_.drift(told, "event.type", shown(type));
    check_version(told, into_);
    check_shape(told, into_);
    entry->tell(told, into_);
}

/// An event that is not read. One of a family that is read, whose name nobody knows, is news.
void normalising::leave(const json::value& document, const event_entry* entry, std::string_view type) {
    if (entry != nullptr)
        return into_.note(TRB_NOTE_UNSUPPORTED, "events of type '" + shown(type) +
                                                    "' are not read: " + std::string(entry->becomes));
    into_.note(TRB_NOTE_UNSUPPORTED, "events of type '" + shown(type) + "' are not read");
    const std::string_view version = text(document, "api_version");
    if (is_of_known_family(type))
        into_.drift({document, type, 0, 0, {}, options_, version}, "event.type", shown(type));
}

/// A thin event says only what has changed: the snapshot of the same change is read instead, or the object
/// itself.
void normalising::thin_event(const json::value& document) {
    std::string_view type = text(document, "type");
    if (type.starts_with("v1."))
        type.remove_prefix(3);
    // Some names are sent as thin events only: what they point to is read all the same.
    const event_entry* entry = find_event(type);
    if (entry == nullptr ? !is_of_known_family(type) : entry->tell == nullptr)
        return leave(document, entry, type);
    std::string_view account = text(document, "context");
    if (!account.starts_with("acct_"))
        account = {};
    const std::string_view snapshot = text(document, "snapshot_event");
    wanted request = snapshot.empty()
                         ? ask_changed(text(document, "related_object.id"), text(document, "id"), account)
                         : ask_event(snapshot, account);
    if (request.url.empty())
        into_.note(TRB_NOTE_UNSUPPORTED, "the thin event names nothing that could be fetched");
    else
        into_.note(TRB_NOTE_IGNORED, "a thin event holds no data; what it points to is fetched");
    into_.want(std::move(request));
}

void normalising::bare(const json::value& object, std::string_view account) {
    const teller tell = find_object_teller(text(object, "object"));
    if (tell == nullptr)
        return into_.note(TRB_NOTE_UNSUPPORTED, "the document is no object that is read");
    const telling told = told_by_answer(object, account);
    check_shape(told, into_);
    tell(told, into_);
}

const json::value* normalising::parse_record(std::uint64_t index) {
    if (index >= records_.size())
        return nullptr;
    json::value& document = documents_.emplace_back();
    return parse_document(view(records_[index].body), document) ? &document : nullptr;
}

/// Lines come in pages, each fetched for the one before it. All of them are told together: a list of lines
/// replaces an earlier one, it never adds to it.
void normalising::lines(const json::value& document, const purpose_parts& purpose) {
    // 800 lines: the host shows eight records that a page was fetched for. With more lines the payment stays
    // marked as incomplete.
    constexpr std::uint32_t pages_max = 8;
    const bool of_invoice = purpose.what == purpose_invoice_lines;
    std::vector<const json::value*> pages{&document}; // Nearest first; the last is what started it.
    for (std::uint64_t index = 1; index <= purpose.page && index <= pages_max; ++index)
        if (const json::value* page = parse_record(index))
            pages.push_back(page);
    if (pages.size() != purpose.page + 1)
        return into_.problem().set("no_origin", "the document that these lines belong to is not at hand");
    const json::value& origin = object_of(*pages.back()); // Of an event, or the bare object.
    pages.pop_back();

    telling told = told_by_answer(document, purpose.account);
    told.rank += static_cast<std::int32_t>(purpose.page); // Pages may come within one millisecond.
    fact_draft& draft = into_.start(told, TRB_KIND_PAYMENT, std::string(purpose.id) + ":lines",
                                    of_invoice ? rank_invoice_lines : rank_session_lines);
    draft.same_as(purpose.id);
    // The lines of an invoice are believed before it: they happened when it did, which all of its events say
    // alike. Those of a session have no say in that: each of its events has a time of its own, and any of
    // them may have asked.
    if (of_invoice)
        draft.occurred_at(
            time_ms(origin, {"status_transitions.paid_at", "created"}).value_or(front().received_at_ms));
    const conversion rate = of_invoice ? conversion() : conversion_of(origin, into_.problem());
    for (auto page = pages.rbegin(); page != pages.rend(); ++page) {
        if (of_invoice)
            add_invoice_lines(draft, elements(**page, "data"), std::nullopt, into_.problem());
        else
            add_session_lines(draft, elements(**page, "data"), rate.numerator, rate.denominator,
                              into_.problem());
    }
    if (of_invoice)
        add_shipping_line(draft, origin, into_.problem());
    const bool more = flag(document, "has_more").value_or(false);
    draft.state<trb_payment, std::int64_t>(TRB_PAYMENT_LINES_COMPLETE, &trb_payment::lines_complete,
                                           more ? 0 : 1);
    if (!more || purpose.page >= pages_max || elements(document, "data").empty())
        return;
    const std::string_view last = id_of(elements(document, "data").back(), "id");
    into_.want(of_invoice ? ask_invoice_lines(purpose.id, last, purpose.page + 1, purpose.account)
                          : ask_session_lines(purpose.id, last, purpose.page + 1, purpose.account));
}

void normalising::answer(const json::value& document) {
    const purpose_parts purpose = parse_purpose(view(front().purpose));
    const std::string_view object = text(document, "object");
    if (object == "event")
        event(document, purpose.account);
    else if (object != "list")
        bare(document, purpose.account);
    else if (purpose.what == purpose_invoice_payments)
        tell_invoice_payment_list(told_by_answer(document, purpose.account), purpose.id, into_);
    else if (purpose.what == purpose_entitlements)
        tell_entitlement_list(told_by_answer(document, purpose.account), purpose.id, purpose.page, into_);
    else if (purpose.what == purpose_invoice_lines || purpose.what == purpose_session_lines)
        lines(document, purpose);
    else
        into_.note(TRB_NOTE_UNSUPPORTED, "a list that was not asked for");
}

sdk::outcome normalising::run(sdk::fact_sink sink) {
    const trb_record& record = front();
    if (record.source == TRB_RECORD_ANSWER && (record.http_status < 200 || record.http_status > 299)) {
        sink.note(TRB_NOTE_IGNORED, "Stripe answered " + std::to_string(record.http_status) + " to '" +
                                        std::string(view(record.purpose)) + "'");
        return {};
    }
    if (record.authentic == 0) {
        sink.note(TRB_NOTE_IGNORED, "what is not authentic is not read");
        return {};
    }
    json::value& document = documents_.emplace_back();
    if (sdk::outcome done = parse_document(view(record.body), document); !done)
        return done;
    const std::string_view object = text(document, "object");
    if (record.source == TRB_RECORD_ANSWER)
        answer(document);
    else if (object == "event")
        event(document, {});
    else if (object == "v2.core.event")
        thin_event(document);
    else
        bare(document, {});
    return into_.finish(options_.api_base, sink);
}

} // namespace

sdk::outcome stripe_plugin::normalise(const trb_connection& connection, sdk::records with,
                                      sdk::fact_sink into) const {
    settings options;
    if (sdk::outcome done = parse_settings(view(connection.settings), options); !done)
        return done;
    return normalising(with, options).run(into);
}

} // namespace tributary::stripe
