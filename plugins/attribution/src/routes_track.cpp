#include <boost/json.hpp>

#include "money.hpp"
#include "views.hpp"
#include "wire.hpp"

namespace tributary::attribution {
namespace json = boost::json;
namespace {

using sdk::cell;

constexpr std::size_t metadata_size_max = 10'000;
constexpr std::string_view default_sale_event = "Purchase";
constexpr std::string_view direct_lead_event = "Direct sale tracking lead event";

/// Who a call speaks of.
struct person_fields {
    std::string external_id;
    std::string click_id;
    std::optional<std::string> name, email, avatar;
};

using metadata_pairs = std::vector<std::pair<std::string, std::string>>;

person_fields read_person(body_reader& body) {
    person_fields who;
    const text_bounds bounds{.min = 1, .max = 100, .trim = true};
    auto external_id = body.text("customerExternalId", bounds);
    for (const std::string_view alias : {"externalId", "customerId"})
        if (!external_id)
            external_id = body.text(alias, bounds);
    if (!external_id)
        body.fail(unprocessable("invalid_type", "customerExternalId", "customerExternalId is required."));
    who.external_id = external_id.value_or("");
    who.click_id = body.text("clickId", {.max = 190, .trim = true}).value_or("");
    if (who.click_id.starts_with("dub_id_")) // As a provider's reference carries it.
        who.click_id.erase(0, 7);
    who.name = body.text("customerName", {.max = 100});
    who.email = body.email("customerEmail", 100);
    who.avatar = body.text("customerAvatar", {.max = 2'000});
    return who;
}

/// The link that a click was made on; none when the click is unknown.
sdk::outcome find_clicked_link(route_context& context, const std::string& click_id, bool& click_found,
                               std::optional<stored_row>& link) {
    std::string link_id;
    struct search {
        std::string* link_id;
    } into{&link_id};
    const trb_status status = context.clicks->find(
        context.call.scope, sdk::view(click_id),
        [](void* self, std::int64_t, const trb_click* click) noexcept {
            if (sdk::states(*click, TRB_CLICK_LINK_ID))
                *static_cast<search*>(self)->link_id = sdk::view(click->link_id);
        },
        &into);
    click_found = status == TRB_OK;
    if (status != TRB_OK && status != TRB_NOT_FOUND)
        return {status, "clicks", "the click could not be read"};
    return link_id.empty() ? sdk::outcome() : find_link_by_id(context.store, link_id, link);
}

/// Refuses a click that is unknown, or whose link is gone or disabled.
sdk::outcome check_click(route_context& context, const std::string& click_id, std::optional<stored_row>& link,
                         std::optional<api_error>& refusal) {
    bool click_found = false;
    if (sdk::outcome done = find_clicked_link(context, click_id, click_found, link); !done)
        return done;
    if (!click_found)
        refusal = missing("Click event not found for clickId: " + click_id);
    else if (!link || !(*link)[link_column::disabled_at].is_null())
        refusal = missing("Link for clickId " + click_id + " not found or disabled.");
    return {};
}

/// A customer's own document. It carries no click: whether this is a lead is said by the lead itself.
sdk::outcome emit_person(route_context& context, const person_fields& who) {
    trb_customer body{};
    body.struct_size = sizeof body;
    const auto state = [&](unsigned bit, trb_str& member, const std::optional<std::string>& said) {
        if (!said || said->empty())
            return;
        member = sdk::view(*said);
        body.present |= TRB_BIT(bit);
    };
    state(TRB_CUSTOMER_NAME, body.name, who.name);
    state(TRB_CUSTOMER_EMAIL, body.email, who.email);
    state(TRB_CUSTOMER_AVATAR, body.avatar, who.avatar);
    const std::string document_id = "customer:" + who.external_id;
    fact_draft draft;
    draft.kind = TRB_KIND_CUSTOMER;
    draft.document_id = document_id;
    draft.at_ms = context.now_ms();
    draft.user = who.external_id;
    draft.email = who.email ? std::string_view(*who.email) : std::string_view();
    draft.body = &body;
    return context.facts.emit(draft);
}

/// Says that this user and this click belong together, and nothing else.
sdk::outcome emit_identity(route_context& context, const person_fields& who) {
    const std::string document_id = "identity:" + percent_encode(who.external_id) + ":" + who.click_id;
    fact_draft draft;
    draft.document_id = document_id;
    draft.at_ms = context.now_ms();
    draft.user = who.external_id;
    draft.click = who.click_id;
    return context.facts.emit(draft);
}

struct lead_fields {
    std::string event_name;
    std::string_view source = "tracked";
    std::int64_t quantity = 1;
    metadata_pairs metadata;
};

sdk::outcome emit_lead(route_context& context, const person_fields& who, const lead_fields& lead,
                       std::string_view idempotency_key) {
    const std::vector<trb_pair> metadata = pair_views(lead.metadata);
    trb_lead body{};
    body.struct_size = sizeof body;
    body.present = TRB_BIT(TRB_LEAD_EVENT_NAME) | TRB_BIT(TRB_LEAD_QUANTITY) | TRB_BIT(TRB_LEAD_SOURCE) |
                   (metadata.empty() ? 0 : TRB_BIT(TRB_LEAD_METADATA));
    body.event_name = sdk::view(lead.event_name);
    body.quantity = lead.quantity;
    body.source = sdk::view(lead.source);
    body.metadata = metadata.data();
    body.metadata_count = metadata.size();
    const std::string document_id(idempotency_key);
    fact_draft draft;
    draft.kind = TRB_KIND_LEAD;
    draft.document_id = document_id;
    draft.at_ms = context.now_ms();
    draft.user = who.external_id;
    draft.click = who.click_id;
    draft.email = who.email ? std::string_view(*who.email) : std::string_view();
    draft.body = &body;
    return context.facts.emit(draft, idempotency_key);
}

/// Event name as the key of a lead: the same event told twice is one lead.
std::string lead_key(const person_fields& who, std::string_view event_name) {
    std::string word = lower(event_name);
    for (char& c : word)
        if (c == ' ')
            c = '-';
    return "lead:" + percent_encode(who.external_id) + ":" + word;
}

json::object customer_short_view(const stored_row& customer) {
    json::object view;
    view["id"] = customer[customer_column::id].text;
    view["name"] = text_or_null(customer[customer_column::name]);
    view["email"] = text_or_null(customer[customer_column::email]);
    view["avatar"] = text_or_null(customer[customer_column::avatar]);
    view["externalId"] = customer[customer_column::external_id].text;
    return view;
}

sdk::outcome answer_lead(route_context& context, const person_fields& who, const stored_row* link) {
    std::optional<stored_row> customer;
    if (sdk::outcome done = find_customer_by_external_id(context.store, who.external_id, customer); !done)
        return done;
    json::object body;
    body["click"] = json::object{{"id", who.click_id}};
    body["link"] = link == nullptr ? json::value(nullptr) : json::value(short_link_view(context, *link));
    body["customer"] = customer ? json::value(customer_short_view(*customer)) : json::value(nullptr);
    return answer_json(context.answer, 200, body);
}

// ---- sale

struct sale_fields {
    std::int64_t amount = 0;
    std::string currency;
    std::string event_name;
    std::string processor;
    std::string invoice_id;
    std::string document_id;
    std::string lead_event_name;
    metadata_pairs metadata;
};

sale_fields read_sale(body_reader& body) {
    sale_fields sale;
    sale.amount = body.integer("amount", 0, amount_minor_max, true).value_or(0);
    sale.currency = upper(body.text("currency", {.min = 3, .max = 3, .trim = true}).value_or("usd"));
    if (sale.currency.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos)
        body.fail(unprocessable("custom", "currency", "expected an ISO 4217 code"));
    sale.event_name =
        body.text("eventName", {.max = 255, .trim = true}).value_or(std::string(default_sale_event));
    sale.processor = body.word("paymentProcessor", {"stripe", "shopify", "polar", "paddle", "apple",
                                                    "revenuecat", "dub", "custom"})
                         .value_or("custom");
    sale.invoice_id = body.text("invoiceId", {.max = 255, .trim = true}).value_or("");
    sale.lead_event_name = body.text("leadEventName", {.max = 255, .trim = true}).value_or("");
    sale.metadata = body.metadata("metadata", metadata_size_max);
    return sale;
}

sdk::outcome emit_sale(route_context& context, const person_fields& who, const sale_fields& sale) {
    const std::vector<trb_pair> metadata = pair_views(sale.metadata);
    trb_payment body{};
    body.struct_size = sizeof body;
    body.present = TRB_BIT(TRB_PAYMENT_STATUS) | TRB_BIT(TRB_PAYMENT_PAID_AT) | TRB_BIT(TRB_PAYMENT_CASH) |
                   TRB_BIT(TRB_PAYMENT_TOTAL) | TRB_BIT(TRB_PAYMENT_TOTAL_WITHOUT_TAX) |
                   TRB_BIT(TRB_PAYMENT_PROCESSOR) | TRB_BIT(TRB_PAYMENT_EVENT_NAME) |
                   (metadata.empty() ? 0 : TRB_BIT(TRB_PAYMENT_METADATA)) |
                   (sale.invoice_id.empty() ? 0 : TRB_BIT(TRB_PAYMENT_INVOICE_ID));
    const trb_money money = sdk::make_money(sale.amount, sale.currency, currency_exponent(sale.currency));
    body.status = TRB_PAYMENT_SUCCEEDED;
    body.paid_at_ms = context.now_ms();
    body.cash = money;
    body.total = money;
    body.total_without_tax = money;
    body.processor = sdk::view(sale.processor);
    body.event_name = sdk::view(sale.event_name);
    body.invoice_id = sdk::view(sale.invoice_id);
    body.metadata = metadata.data();
    body.metadata_count = metadata.size();
    fact_draft draft;
    draft.kind = TRB_KIND_PAYMENT;
    draft.document_id = sale.document_id;
    draft.at_ms = context.now_ms();
    draft.user = who.external_id;
    draft.click = who.click_id;
    draft.email = who.email ? std::string_view(*who.email) : std::string_view();
    draft.body = &body;
    return context.facts.emit(draft, sale.invoice_id.empty() ? std::string_view() : sale.document_id);
}

json::object empty_sale(std::string_view event_name) {
    json::object body;
    body["eventName"] = json_text(event_name);
    body["customer"] = nullptr;
    body["sale"] = nullptr;
    return body;
}

/// Answers from the folded row, so that the first call and a repeated one say the same.
sdk::outcome answer_sale(route_context& context, const sale_fields& sale) {
    std::optional<stored_row> row;
    if (sdk::outcome done =
            find_row(context.store,
                     "SELECT event_name, currency, base, amount, processor, invoice_id, metadata,"
                     " customer_id FROM attribution_sale WHERE workspace_id = $1 AND environment = $2"
                     " AND source_id = $3",
                     {cell(std::string_view(sale.document_id))}, row);
        !done)
        return done;
    if (!row)
        return sdk::internal("the sale just recorded is not among the folded ones");
    std::optional<stored_row> customer;
    if (sdk::outcome done = find_customer_by_id(context.store, (*row)[7].text, customer); !done)
        return done;
    json::object body = empty_sale((*row)[0].text);
    if (customer)
        body["customer"] = customer_short_view(*customer);
    json::object money;
    money["amount"] = (*row)[3].is_null() ? (*row)[2].integer : (*row)[3].integer;
    money["currency"] = lower((*row)[1].text);
    money["paymentProcessor"] = (*row)[4].text;
    money["invoiceId"] = text_or_null((*row)[5]);
    boost::system::error_code failed;
    json::value metadata = json::parse((*row)[6].text, failed);
    money["metadata"] = failed ? json::value(nullptr) : std::move(metadata);
    body["sale"] = std::move(money);
    return answer_json(context.answer, 200, body);
}

sdk::outcome has_lead(route_context& context, const std::string& customer_id, const std::string& event_name,
                      bool& found) {
    std::optional<stored_row> row;
    sdk::outcome done =
        find_row(context.store,
                 "SELECT row_id FROM attribution_lead WHERE workspace_id = $1 AND environment = $2"
                 " AND customer_id = $3 AND event_name = $4 LIMIT 1",
                 {cell(std::string_view(customer_id)), cell(std::string_view(event_name))}, row);
    found = row.has_value();
    return done;
}

/// A sale of somebody who was never heard of, with the click that brought him: customer and lead are made
/// first. The lead earns nothing by itself.
sdk::outcome emit_direct_lead(route_context& context, const person_fields& who, const sale_fields& sale) {
    if (sdk::outcome done = emit_person(context, who); !done)
        return done;
    lead_fields lead;
    lead.event_name = sale.lead_event_name.empty() ? std::string(direct_lead_event) : sale.lead_event_name;
    lead.source = "direct";
    sdk::outcome done = emit_lead(context, who, lead, lead_key(who, lead.event_name));
    return done.status() == TRB_CONFLICT ? sdk::outcome() : done;
}

} // namespace

sdk::outcome track_lead(route_context& context) {
    body_reader body(sdk::view(context.call.body));
    person_fields who = read_person(body);
    lead_fields lead;
    lead.event_name =
        body.text("eventName", {.min = 1, .max = 255, .required = true, .trim = true}).value_or("");
    const std::string mode = body.word("mode", {"async", "wait", "deferred"}).value_or("async");
    lead.quantity = body.integer("eventQuantity", 1, 100).value_or(1);
    lead.metadata = body.metadata("metadata", metadata_size_max);
    if (body.failure())
        return refuse(context.answer, *body.failure());
    std::optional<stored_row> customer;
    if (sdk::outcome done = find_customer_by_external_id(context.store, who.external_id, customer); !done)
        return done;
    if (who.click_id.empty() && customer)
        who.click_id = (*customer)[customer_column::click_id].text;
    if (who.click_id.empty())
        return refuse(context.answer,
                      bad_request("The `clickId` property was not provided in the request, and no"
                                  " existing customer with the provided `customerExternalId` was"
                                  " found."));
    std::optional<stored_row> link;
    std::optional<api_error> refusal;
    if (sdk::outcome done = check_click(context, who.click_id, link, refusal); !done)
        return done;
    if (refusal)
        return refuse(context.answer, *refusal);
    // Everything is valid from here on: only now may the key of this lead be used up.
    if (mode != "deferred") {
        const sdk::outcome told = emit_lead(context, who, lead, lead_key(who, lead.event_name));
        if (told.status() == TRB_CONFLICT)
            return answer_lead(context, who, nullptr);
        if (!told)
            return told;
    } else if (sdk::outcome done = emit_identity(context, who); !done) {
        return done;
    }
    if (!customer)
        if (sdk::outcome done = emit_person(context, who); !done)
            return done;
    if (sdk::outcome done = context.facts.settle(); !done)
        return done;
    return answer_lead(context, who, &*link);
}

sdk::outcome track_sale(route_context& context) {
    body_reader body(sdk::view(context.call.body));
    person_fields who = read_person(body);
    sale_fields sale = read_sale(body);
    if (body.failure())
        return refuse(context.answer, *body.failure());
    sale.document_id = sale.invoice_id.empty() ? context.store.make_id("sale:") : "sale:" + sale.invoice_id;
    std::optional<stored_row> customer;
    if (sdk::outcome done = find_customer_by_external_id(context.store, who.external_id, customer); !done)
        return done;
    if (!customer && who.click_id.empty())
        return answer_json(context.answer, 200, empty_sale(sale.event_name));
    // First touch: a known customer keeps the click that brought him.
    if (customer && !(*customer)[customer_column::click_id].is_null())
        who.click_id.clear();
    if (customer && !sale.lead_event_name.empty()) {
        bool lead_found = false;
        if (sdk::outcome done =
                has_lead(context, (*customer)[customer_column::id].text, sale.lead_event_name, lead_found);
            !done)
            return done;
        if (!lead_found)
            return refuse(context.answer, missing("Lead event not found for externalId: " + who.external_id +
                                                  " and leadEventName: " + sale.lead_event_name));
    }
    if (!who.click_id.empty()) {
        std::optional<stored_row> link;
        std::optional<api_error> refusal;
        if (sdk::outcome done = check_click(context, who.click_id, link, refusal); !done)
            return done;
        if (refusal)
            return refuse(context.answer, *refusal);
    }
    if (sale.amount <= 0)
        return answer_json(context.answer, 200, empty_sale(sale.event_name));
    const sdk::outcome told = emit_sale(context, who, sale);
    if (told.status() == TRB_CONFLICT)
        return answer_sale(context, sale);
    if (!told)
        return told;
    if (!customer)
        if (sdk::outcome done = emit_direct_lead(context, who, sale); !done)
            return done;
    if (sdk::outcome done = context.facts.settle(); !done)
        return done;
    return answer_sale(context, sale);
}

} // namespace tributary::attribution
