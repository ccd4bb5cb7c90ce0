#include <array>

#include "document.hpp"
#include "fetch.hpp"
#include "stripe_plugin.hpp"
#include "tellers.hpp"

namespace tributary::stripe {
namespace {

using sdk::view;
using teller = void (*)(const telling&, findings&);

struct event_route {
    std::string_view type;
    std::int32_t rank;
    teller tell;
};

/// Every event that is read. A type that ends in '.' stands for all events that begin with it; exact ones
/// come first.
constexpr std::array event_routes{
    event_route{"checkout.session.completed", said_paid, &tell_session},
    event_route{"checkout.session.async_payment_succeeded", said_paid, &tell_session},
    event_route{"checkout.session.async_payment_failed", said_failed, &tell_session},
    event_route{"checkout.session.expired", said_closed, &tell_session},
    event_route{"invoice.finalized", said_finalized, &tell_invoice},
    event_route{"invoice.updated", said_updated, &tell_invoice},
    event_route{"invoice.paid", said_paid, &tell_invoice},
    event_route{"invoice.payment_succeeded", said_paid, &tell_invoice},
    event_route{"invoice.payment_failed", said_failed, &tell_invoice},
    event_route{"invoice.marked_uncollectible", said_closed, &tell_invoice},
    event_route{"invoice.voided", said_closed, &tell_invoice},
    event_route{"invoice.upcoming", said_created, &tell_invoice},
    event_route{"invoice_payment.paid", said_paid, &tell_invoice_payment},
    event_route{"charge.pending", said_created, &tell_charge},
    event_route{"charge.updated", said_updated, &tell_charge},
    event_route{"charge.succeeded", said_paid, &tell_charge},
    event_route{"charge.captured", said_paid + 1, &tell_charge},
    event_route{"charge.failed", said_failed, &tell_charge},
    event_route{"charge.refunded", said_failed + 1, &tell_charge},
    event_route{"charge.refund.updated", said_updated, &tell_refund},
    event_route{"refund.created", said_created, &tell_refund},
    event_route{"refund.updated", said_updated, &tell_refund},
    event_route{"refund.failed", said_failed, &tell_refund},
    event_route{"payment_intent.succeeded", said_paid, &tell_intent},
    event_route{"charge.dispute.created", said_created, &tell_dispute},
    event_route{"charge.dispute.funds_withdrawn", said_updated + 1, &tell_dispute},
    event_route{"charge.dispute.funds_reinstated", said_updated + 2, &tell_dispute},
    event_route{"charge.dispute.closed", said_closed, &tell_dispute},
    event_route{"charge.dispute.", said_updated, &tell_dispute},
    event_route{"customer.created", said_created, &tell_customer},
    event_route{"customer.updated", said_updated, &tell_customer},
    event_route{"customer.deleted", said_closed, &tell_customer},
    event_route{"customer.subscription.created", said_created, &tell_subscription},
    event_route{"customer.subscription.deleted", said_closed, &tell_subscription},
    event_route{"customer.subscription.", said_updated, &tell_subscription},
    event_route{"product.created", said_created, &tell_product},
    event_route{"product.updated", said_updated, &tell_product},
    event_route{"product.deleted", said_closed, &tell_product},
};

struct object_route {
    std::string_view object;
    teller tell;
};

constexpr std::array object_routes{
    object_route{"checkout.session", &tell_session},
    object_route{"invoice", &tell_invoice},
    object_route{"invoice_payment", &tell_invoice_payment},
    object_route{"charge", &tell_charge},
    object_route{"payment_intent", &tell_intent},
    object_route{"refund", &tell_refund},
    object_route{"dispute", &tell_dispute},
    object_route{"customer", &tell_customer},
    object_route{"subscription", &tell_subscription},
    object_route{"product", &tell_product},
};

const event_route* find_route(std::string_view type) noexcept {
    for (const event_route& route : event_routes)
        if (type == route.type || (route.type.ends_with('.') && type.starts_with(route.type)))
            return &route;
    return nullptr;
}

const object_route* find_object_route(std::string_view object) noexcept {
    for (const object_route& route : object_routes)
        if (route.object == object)
            return &route;
    return nullptr;
}

/// The object inside an event, or the document itself.
const json::value& object_of(const json::value& document) noexcept {
    const json::value* inside = find(document, "data.object");
    return text(document, "object") == "event" && inside != nullptr ? *inside : document;
}

/// One call of normalise. The facts that it collects point into the documents kept here.
class normalising {
  public:
    normalising(sdk::records records, const settings& options) : records_(records), options_(options) {}

    sdk::outcome run(sdk::fact_sink sink);

  private:
    void event(const json::value& document, std::string_view account_asked);
    void thin_event(const json::value& document);
    void answer(const json::value& document);
    void bare(const json::value& object, std::string_view account);
    void lines(const json::value& document, const purpose_parts& purpose);

    telling told_by_answer(const json::value& object, std::string_view account) const noexcept {
        return {object, {}, front().received_at_ms, said_updated, account, options_};
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
    const event_route* route = find_route(type);
    if (route == nullptr) {
        into_.note("unsupported", "events of type '" + std::string(beginning(type, 100)) + "' are not read");
        return;
    }
    const json::value* object = find(document, "data.object");
    const std::optional<std::int64_t> created = time_ms(document, "created");
    if (object == nullptr || !object->is_object())
        return into_.problem().set("no_object", "the event has no data.object");
    if (!created)
        return into_.problem().set("no_event_time", "the event's member created is not a time");
    const std::string_view word = text(*object, "object");
    const object_route* known = find_object_route(word);
    if (!word.empty() && (known == nullptr || known->tell != route->tell))
        return into_.problem().set("wrong_object", "an event of type '" + std::string(beginning(type, 100)) +
                                                       "' cannot hold such an object");
    std::string_view account = text(document, "account");
    if (account.empty())
        account = account_asked;
    route->tell({*object, type, *created, route->rank, account, options_}, into_);
}

/// A thin event says only what has changed: the snapshot of the same change is read instead, or the object
/// itself.
void normalising::thin_event(const json::value& document) {
    std::string_view type = text(document, "type");
    if (type.starts_with("v1."))
        type.remove_prefix(3);
    if (find_route(type) == nullptr) {
        into_.note("unsupported",
                   "thin events of type '" + std::string(beginning(type, 100)) + "' are not read");
        return;
    }
    std::string_view account = text(document, "context");
    if (!account.starts_with("acct_"))
        account = {};
    const std::string_view snapshot = text(document, "snapshot_event");
    wanted request = snapshot.empty()
                         ? ask_changed(text(document, "related_object.id"), text(document, "id"), account)
                         : ask_event(snapshot, account);
    if (request.url.empty())
        into_.note("unsupported", "the thin event names nothing that could be fetched");
    else
        into_.note("ignored", "a thin event holds no data; what it points to is fetched");
    into_.want(std::move(request));
}

void normalising::bare(const json::value& object, std::string_view account) {
    const object_route* route = find_object_route(text(object, "object"));
    if (route == nullptr)
        into_.note("unknown", "the document is no object that is read");
    else
        route->tell(told_by_answer(object, account), into_);
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
    else if (purpose.what == purpose_invoice_lines || purpose.what == purpose_session_lines)
        lines(document, purpose);
    else
        into_.note("unknown", "a list that was not asked for");
}

sdk::outcome normalising::run(sdk::fact_sink sink) {
    const trb_record& record = front();
    if (record.source == TRB_RECORD_ANSWER && (record.http_status < 200 || record.http_status > 299)) {
        sink.note("ignored", "Stripe answered " + std::to_string(record.http_status) + " to '" +
                                 std::string(view(record.purpose)) + "'");
        return {};
    }
    if (record.authentic == 0) {
        sink.note("ignored", "what is not authentic is not read");
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
    return into_.finish(sink);
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
