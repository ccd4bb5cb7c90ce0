#include "plugins/toy/toy_reader.hpp"

namespace toy {

namespace {

using word = field_reader::word;

constexpr word kinds[] = {
    {"identity", TRB_KIND_IDENTITY},         {"customer", TRB_KIND_CUSTOMER}, {"lead", TRB_KIND_LEAD},
    {"payment", TRB_KIND_PAYMENT},           {"refund", TRB_KIND_REFUND},     {"dispute", TRB_KIND_DISPUTE},
    {"subscription", TRB_KIND_SUBSCRIPTION},
};
constexpr word payment_statuses[] = {{"pending", TRB_PAYMENT_PENDING},
                                     {"succeeded", TRB_PAYMENT_SUCCEEDED},
                                     {"failed", TRB_PAYMENT_FAILED},
                                     {"canceled", TRB_PAYMENT_CANCELED}};
constexpr word cycles[] = {{"one_time", TRB_CYCLE_ONE_TIME},
                           {"first", TRB_CYCLE_FIRST},
                           {"renewal", TRB_CYCLE_RENEWAL},
                           {"change", TRB_CYCLE_CHANGE}};
constexpr word refund_statuses[] = {{"pending", TRB_REFUND_PENDING},
                                    {"succeeded", TRB_REFUND_SUCCEEDED},
                                    {"failed", TRB_REFUND_FAILED},
                                    {"canceled", TRB_REFUND_CANCELED}};
constexpr word dispute_statuses[] = {{"inquiry", TRB_DISPUTE_INQUIRY},
                                     {"open", TRB_DISPUTE_OPEN},
                                     {"won", TRB_DISPUTE_WON},
                                     {"lost", TRB_DISPUTE_LOST}};
constexpr word subscription_statuses[] = {
    {"incomplete", TRB_SUBSCRIPTION_INCOMPLETE}, {"trialing", TRB_SUBSCRIPTION_TRIALING},
    {"active", TRB_SUBSCRIPTION_ACTIVE},         {"past_due", TRB_SUBSCRIPTION_PAST_DUE},
    {"unpaid", TRB_SUBSCRIPTION_UNPAID},         {"paused", TRB_SUBSCRIPTION_PAUSED},
    {"canceled", TRB_SUBSCRIPTION_CANCELED},
};

/// A member that the item names is stated; one that it does not name says nothing.
template <class Member, class Value>
void state(std::uint64_t& present, unsigned bit, Member& member, const std::optional<Value>& value) {
    if (value) {
        member = *value;
        present |= TRB_BIT(bit);
    }
}

} // namespace

template <class Body> Body& document::make_body() {
    Body& body = body_.emplace<Body>();
    body.struct_size = sizeof(Body);
    fact_.body = &body;
    return body;
}

sdk::outcome document::read(const item& from) {
    field_reader reader(from);
    // These steer verify(); the document itself does not consist of them.
    for (const std::string_view envelope : {"event", "sig", "hint", "need", "answer", "drift"})
        static_cast<void>(reader.text(envelope));
    read_envelope(reader);
    read_claims(reader);
    switch (fact_.kind) {
    case TRB_KIND_CUSTOMER: read_customer(reader); break;
    case TRB_KIND_LEAD: read_lead(reader); break;
    case TRB_KIND_PAYMENT: read_payment(reader); break;
    case TRB_KIND_REFUND: read_refund(reader); break;
    case TRB_KIND_DISPUTE: read_dispute(reader); break;
    case TRB_KIND_SUBSCRIPTION: read_subscription(reader); break;
    default: break; // An identity has no body.
    }
    return reader.finish();
}

void document::read_envelope(field_reader& from) {
    fact_.struct_size = sizeof fact_;
    fact_.kind = static_cast<std::int32_t>(from.choice("kind", kinds).value_or(0));
    fact_.document_id = from.text("id").value_or(trb_str{});
    fact_.realm = from.text("realm").value_or(trb_str{});
    fact_.source_time_ms = from.integer("time").value_or(0);
    fact_.lifecycle_rank = static_cast<std::int32_t>(from.integer("rank").value_or(0));
    fact_.source_rank = static_cast<std::int32_t>(from.integer("source_rank").value_or(0));
    fact_.occurred_at_ms = from.integer("occurred").value_or(fact_.source_time_ms);
    same_as_ = from.list("same_as");
    fact_.same_as = same_as_.data();
    fact_.same_as_count = same_as_.size();
    parents_ = from.list("parents");
    fact_.parents = parents_.data();
    fact_.parent_count = parents_.size();
}

void document::read_claims(field_reader& from) {
    constexpr struct {
        std::string_view name;
        std::int32_t claim_class;
    } names[] = {{"user", TRB_CLAIM_EXCLUSIVE},
                 {"customer", TRB_CLAIM_SHARED},
                 {"click", TRB_CLAIM_HINT},
                 {"email", TRB_CLAIM_HINT}};
    for (const auto& [name, claim_class] : names)
        if (const auto value = from.text(name); value && value->size != 0)
            claims_.push_back({claim_class, 0, sdk::view(name), *value});
    fact_.claims = claims_.data();
    fact_.claim_count = claims_.size();
}

void document::read_customer(field_reader& from) {
    trb_customer& body = make_body<trb_customer>();
    state(body.present, TRB_CUSTOMER_EMAIL, body.email, from.text("email"));
    state(body.present, TRB_CUSTOMER_NAME, body.name, from.text("name"));
    state(body.present, TRB_CUSTOMER_COUNTRY, body.country, from.text("country"));
    state(body.present, TRB_CUSTOMER_CREATED_AT, body.created_at_ms, from.integer("created_at"));
    state(body.present, TRB_CUSTOMER_DELETED, body.deleted, from.integer("deleted"));
    metadata_ = from.pairs("meta.");
    if (!metadata_.empty())
        body.present |= TRB_BIT(TRB_CUSTOMER_METADATA);
    body.metadata = metadata_.data();
    body.metadata_count = metadata_.size();
}

void document::read_lead(field_reader& from) {
    trb_lead& body = make_body<trb_lead>();
    state(body.present, TRB_LEAD_EVENT_NAME, body.event_name, from.text("event_name"));
    state(body.present, TRB_LEAD_QUANTITY, body.quantity, from.integer("quantity"));
    state(body.present, TRB_LEAD_SOURCE, body.source, from.text("source"));
    metadata_ = from.pairs("meta.");
    if (!metadata_.empty())
        body.present |= TRB_BIT(TRB_LEAD_METADATA);
    body.metadata = metadata_.data();
    body.metadata_count = metadata_.size();
}

void document::read_payment(field_reader& from) {
    trb_payment& body = make_body<trb_payment>();
    read_payment_amounts(from, body);
    state(body.present, TRB_PAYMENT_STATUS, body.status, from.choice("status", payment_statuses));
    state(body.present, TRB_PAYMENT_PAID_AT, body.paid_at_ms, from.integer("paid_at"));
    state(body.present, TRB_PAYMENT_CYCLE, body.cycle, from.choice("cycle", cycles));
    state(body.present, TRB_PAYMENT_SUBSCRIPTION_ID, body.subscription_id, from.text("subscription"));
    state(body.present, TRB_PAYMENT_COUNTRY, body.country, from.text("country"));
    state(body.present, TRB_PAYMENT_EMAIL, body.email, from.text("email"));
    state(body.present, TRB_PAYMENT_INVOICE_ID, body.invoice_id, from.text("invoice"));
    state(body.present, TRB_PAYMENT_PROCESSOR, body.processor, from.text("processor"));
    state(body.present, TRB_PAYMENT_EVENT_NAME, body.event_name, from.text("event_name"));
    state(body.present, TRB_PAYMENT_OUT_OF_BAND, body.out_of_band, from.integer("out_of_band"));
    metadata_ = from.pairs("meta.");
    if (!metadata_.empty())
        body.present |= TRB_BIT(TRB_PAYMENT_METADATA);
    body.metadata = metadata_.data();
    body.metadata_count = metadata_.size();
    read_lines(from);
    if (!lines_.empty())
        body.present |= TRB_BIT(TRB_PAYMENT_LINES);
    body.lines = lines_.data();
    body.line_count = lines_.size();
    body.line_stride = sizeof(trb_line);
    state(body.present, TRB_PAYMENT_LINES_COMPLETE, body.lines_complete, from.integer("lines_complete"));
}

void document::read_payment_amounts(field_reader& from, trb_payment& into) {
    state(into.present, TRB_PAYMENT_CASH, into.cash, from.money("amount"));
    state(into.present, TRB_PAYMENT_TOTAL, into.total, from.money("total"));
    state(into.present, TRB_PAYMENT_TOTAL_WITHOUT_TAX, into.total_without_tax, from.money("net"));
    state(into.present, TRB_PAYMENT_TAX, into.tax, from.money("tax"));
    state(into.present, TRB_PAYMENT_DISCOUNT, into.discount, from.money("discount"));
    state(into.present, TRB_PAYMENT_CREDIT_SPENT, into.credit_spent, from.money("credit"));
    state(into.present, TRB_PAYMENT_FEE, into.fee, from.money("fee"));
    state(into.present, TRB_PAYMENT_REFUNDED_TOTAL, into.refunded_total, from.money("refunded"));
    state(into.present, TRB_PAYMENT_REFUNDED_TOTAL_AT, into.refunded_total_at_ms,
          from.integer("refunded_at"));
    state(into.present, TRB_PAYMENT_PRESENTMENT, into.presentment, from.money("presentment"));
}

void document::read_lines(field_reader& from) {
    for (const std::string_view raw : from.all("line")) {
        const auto parts = split(raw, ' ');
        const auto part = [&](std::size_t index) {
            const auto value = index < parts.size() ? parse_integer(parts[index]) : std::nullopt;
            if (!value)
                from.fail("line", "is not of the form 'id product quantity net tax discount'");
            return value.value_or(0);
        };
        trb_line line{};
        line.struct_size = sizeof line;
        line.id = sdk::view(parts.front());
        if (parts.size() > 1)
            line.product_id = sdk::view(parts[1]);
        line.quantity = part(2);
        line.net_minor = part(3);
        line.tax_minor = part(4);
        line.discount_minor = part(5);
        lines_.push_back(line);
    }
}

void document::read_refund(field_reader& from) {
    trb_refund& body = make_body<trb_refund>();
    state(body.present, TRB_REFUND_STATUS, body.status, from.choice("status", refund_statuses));
    state(body.present, TRB_REFUND_AMOUNT, body.amount, from.money("amount"));
    state(body.present, TRB_REFUND_REASON, body.reason, from.text("reason"));
    state(body.present, TRB_REFUND_CREATED_AT, body.created_at_ms, from.integer("created_at"));
    read_lines(from);
    if (!lines_.empty())
        body.present |= TRB_BIT(TRB_REFUND_LINES);
    body.lines = lines_.data();
    body.line_count = lines_.size();
    body.line_stride = sizeof(trb_line);
}

void document::read_dispute(field_reader& from) {
    trb_dispute& body = make_body<trb_dispute>();
    state(body.present, TRB_DISPUTE_STATUS, body.status, from.choice("status", dispute_statuses));
    state(body.present, TRB_DISPUTE_AMOUNT, body.amount, from.money("amount"));
    state(body.present, TRB_DISPUTE_REASON, body.reason, from.text("reason"));
}

void document::read_subscription(field_reader& from) {
    trb_subscription& body = make_body<trb_subscription>();
    state(body.present, TRB_SUBSCRIPTION_STATUS, body.status, from.choice("status", subscription_statuses));
    state(body.present, TRB_SUBSCRIPTION_PERIOD_START, body.period_start_ms, from.integer("period_start"));
    state(body.present, TRB_SUBSCRIPTION_PERIOD_END, body.period_end_ms, from.integer("period_end"));
    state(body.present, TRB_SUBSCRIPTION_TRIAL_START, body.trial_start_ms, from.integer("trial_start"));
    state(body.present, TRB_SUBSCRIPTION_TRIAL_END, body.trial_end_ms, from.integer("trial_end"));
    state(body.present, TRB_SUBSCRIPTION_CANCEL_AT, body.cancel_at_ms, from.integer("cancel_at"));
    state(body.present, TRB_SUBSCRIPTION_CANCELED_AT, body.canceled_at_ms, from.integer("canceled_at"));
    state(body.present, TRB_SUBSCRIPTION_ENDED_AT, body.ended_at_ms, from.integer("ended_at"));
    state(body.present, TRB_SUBSCRIPTION_COLLECTION_PAUSED, body.collection_paused,
          from.integer("collection_paused"));
    metadata_ = from.pairs("meta.");
    if (!metadata_.empty())
        body.present |= TRB_BIT(TRB_SUBSCRIPTION_METADATA);
    body.metadata = metadata_.data();
    body.metadata_count = metadata_.size();
    read_subscription_items(from);
    if (!items_.empty())
        body.present |= TRB_BIT(TRB_SUBSCRIPTION_ITEMS);
    body.items = items_.data();
    body.item_count = items_.size();
    body.item_stride = sizeof(trb_subscription_item);
}

void document::read_subscription_items(field_reader& from) {
    for (const std::string_view raw : from.all("item")) {
        const auto parts = split(raw, ' ');
        const auto part = [&](std::size_t index) {
            const auto value = index < parts.size() ? parse_integer(parts[index]) : std::nullopt;
            if (!value)
                from.fail("item",
                          "is not of the form 'id product quantity minor CUR exponent interval count'");
            return value.value_or(0);
        };
        const auto word_at = [&](std::size_t index) { return index < parts.size() ? parts[index] : ""; };
        trb_subscription_item made{};
        made.struct_size = sizeof made;
        made.id = sdk::view(parts.front());
        made.product_id = sdk::view(word_at(1));
        made.quantity = part(2);
        made.unit_amount = sdk::make_money(part(3), word_at(4), static_cast<std::uint32_t>(part(5)));
        made.interval = sdk::view(word_at(6));
        made.interval_count = part(7);
        items_.push_back(made);
    }
}

} // namespace toy
