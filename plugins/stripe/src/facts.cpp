#include "facts.hpp"

#include <boost/json/object.hpp>

#include <algorithm>

#include "fetch.hpp"

namespace tributary::stripe {

using sdk::view;

namespace {

template <class Body> Body blank() noexcept {
    Body made{};
    made.struct_size = sizeof(Body);
    return made;
}

} // namespace

fact_draft::fact_draft(const telling& told, std::int32_t kind, std::string_view document_id,
                       std::int32_t source_rank)
    : document_id_(document_id) {
    if (!told.account.empty())
        realm_ = "stripe:" + std::string(told.account);
    head_.struct_size = sizeof head_;
    head_.kind = kind;
    head_.source_time_ms = told.said_at_ms;
    head_.occurred_at_ms = told.said_at_ms;
    head_.lifecycle_rank = told.rank;
    head_.source_rank = source_rank;
    make_body(kind);
}

void fact_draft::make_body(std::int32_t kind) noexcept {
    switch (kind) {
    case TRB_KIND_CUSTOMER: body_ = blank<trb_customer>(); break;
    case TRB_KIND_PRODUCT: body_ = blank<trb_product>(); break;
    case TRB_KIND_CHECKOUT: body_ = blank<trb_checkout>(); break;
    case TRB_KIND_PAYMENT: body_ = blank<trb_payment>(); break;
    case TRB_KIND_REFUND: body_ = blank<trb_refund>(); break;
    case TRB_KIND_DISPUTE: body_ = blank<trb_dispute>(); break;
    case TRB_KIND_GRANT: body_ = blank<trb_grant>(); break;
    case TRB_KIND_PRICE: body_ = blank<trb_price>(); break;
    case TRB_KIND_COUPON: body_ = blank<trb_coupon>(); break;
    case TRB_KIND_PROMOTION_CODE: body_ = blank<trb_promotion_code>(); break;
    case TRB_KIND_REDEMPTION: body_ = blank<trb_redemption>(); break;
    case TRB_KIND_SCHEDULE: body_ = blank<trb_schedule>(); break;
    default: body_ = blank<trb_subscription>(); break;
    }
}

namespace {

void add_once(std::vector<trb_str>& ids, std::string_view id) {
    constexpr std::size_t ids_max =
        32; // The host keeps no more of one fact; ten payments of an invoice name 30.
    if (!id.empty() && ids.size() < ids_max &&
        std::none_of(ids.begin(), ids.end(), [&](trb_str known) { return view(known) == id; }))
        ids.push_back(view(id));
}

} // namespace

void fact_draft::same_as(std::string_view id) {
    if (id != document_id_)
        add_once(same_as_, id);
}

void fact_draft::parent(std::string_view id) {
    add_once(parents_, id);
}

void fact_draft::claim(std::int32_t claim_class, std::string_view name, std::string_view value) {
    constexpr std::size_t value_bytes_max = 512; // The host refuses a fact with a longer one.
    if (value.size() > value_bytes_max)
        overlong_claim_ = name;
    else if (!value.empty())
        claims_.push_back({claim_class, 0, view(name), view(value)});
}

void fact_draft::metadata(const json::value* from) {
    const json::object* object = from == nullptr ? nullptr : from->if_object();
    if (object == nullptr)
        return;
    for (const auto& [name, value] : *object) {
        const json::string* said = value.if_string();
        if (said != nullptr && !holds_nul({said->data(), said->size()}) &&
            !holds_nul({name.data(), name.size()}))
            metadata_[{name.data(), name.size()}] = {said->data(), said->size()};
    }
}

template <class Body> void fact_draft::attach_lines(Body& body, unsigned bit) {
    body.lines = lines_.data();
    body.line_count = lines_.size();
    body.line_stride = sizeof(trb_line);
    if (!lines_.empty() || states_no_lines_)
        body.present |= TRB_BIT(bit);
}

template <class Body> void fact_draft::attach_items(Body& body, unsigned bit) {
    body.items = items_.data();
    body.item_count = items_.size();
    body.item_stride = sizeof(trb_subscription_item);
    if (!items_.empty())
        body.present |= TRB_BIT(bit);
}

template <class Body> void fact_draft::attach_discounts(Body& body, unsigned bit) {
    body.discounts = discounts_.data();
    body.discount_count = discounts_.size();
    body.discount_stride = sizeof(trb_discount);
    if (!discounts_.empty())
        body.present |= TRB_BIT(bit);
}

void fact_draft::attach_arrays() {
    pairs_.clear();
    for (const auto& [name, value] : metadata_)
        pairs_.push_back({view(name), view(value)});
    const auto attach_metadata = [this](auto& body, unsigned bit) {
        if (pairs_.empty())
            return;
        body.metadata = pairs_.data();
        body.metadata_count = pairs_.size();
        body.present |= TRB_BIT(bit);
    };
    if (auto* customer = std::get_if<trb_customer>(&body_))
        attach_metadata(*customer, TRB_CUSTOMER_METADATA);
    if (auto* product = std::get_if<trb_product>(&body_))
        attach_metadata(*product, TRB_PRODUCT_METADATA);
    if (auto* checkout = std::get_if<trb_checkout>(&body_))
        attach_metadata(*checkout, TRB_CHECKOUT_METADATA);
    if (auto* price = std::get_if<trb_price>(&body_))
        attach_metadata(*price, TRB_PRICE_METADATA);
    if (auto* coupon = std::get_if<trb_coupon>(&body_))
        attach_metadata(*coupon, TRB_COUPON_METADATA);
    if (auto* code = std::get_if<trb_promotion_code>(&body_))
        attach_metadata(*code, TRB_PROMOTION_CODE_METADATA);
    if (auto* payment = std::get_if<trb_payment>(&body_)) {
        attach_metadata(*payment, TRB_PAYMENT_METADATA);
        attach_lines(*payment, TRB_PAYMENT_LINES);
        attach_discounts(*payment, TRB_PAYMENT_DISCOUNTS);
    }
    if (auto* refund = std::get_if<trb_refund>(&body_))
        attach_lines(*refund, TRB_REFUND_LINES);
    if (auto* subscription = std::get_if<trb_subscription>(&body_)) {
        attach_metadata(*subscription, TRB_SUBSCRIPTION_METADATA);
        attach_items(*subscription, TRB_SUBSCRIPTION_ITEMS);
        attach_discounts(*subscription, TRB_SUBSCRIPTION_DISCOUNTS);
    }
    if (auto* schedule = std::get_if<trb_schedule>(&body_))
        attach_items(*schedule, TRB_SCHEDULE_ITEMS);
}

bool fact_draft::emit(sdk::fact_sink into) {
    attach_arrays();
    head_.document_id = view(document_id_);
    head_.realm = view(realm_);
    head_.same_as = same_as_.data();
    head_.same_as_count = same_as_.size();
    head_.parents = parents_.data();
    head_.parent_count = parents_.size();
    head_.claims = claims_.data();
    head_.claim_count = claims_.size();
    head_.body = std::visit([](const auto& body) -> const void* { return &body; }, body_);
    return into.emit(head_);
}

fact_draft& findings::start(const telling& told, std::int32_t kind, std::string_view document_id,
                            std::int32_t source_rank) {
    if (document_id.empty())
        problem_.set("no_object_id", "the object has no id");
    return facts_.emplace_back(told, kind, document_id, source_rank);
}

void findings::want(wanted request) {
    const auto same = [&](const wanted& known) { return known.purpose == request.purpose; };
    if (!request.url.empty() && std::none_of(wants_.begin(), wants_.end(), same))
        wants_.push_back(std::move(request));
}

void findings::drift(const telling& told, std::string_view path, std::string_view seen) {
    constexpr std::size_t drifts_max = 16; // What the host takes of one record.
    const bool known =
        std::any_of(drifts_.begin(), drifts_.end(), [&](const drifted& other) { return other.path == path; });
    if (!known && drifts_.size() < drifts_max)
        drifts_.push_back({std::string(path), std::string(told.version), std::string(seen)});
}

sdk::outcome findings::finish(sdk::fact_sink into) {
    if (problem_)
        return problem_.as_outcome();
    for (fact_draft& fact : facts_)
        if (!fact.emit(into))
            return sdk::invalid("fact_refused", "the host refused a fact that this record tells");
    for (const fact_draft& fact : facts_)
        if (!fact.overlong_claim().empty())
            note("ignored",
                 "the claim '" + std::string(fact.overlong_claim()) + "' is longer than 512 bytes");
    for (const wanted& request : wants_)
        send(request, into);
    for (const auto& [code, text] : notes_)
        into.note(code, text);
    for (const drifted& one : drifts_)
        into.drift(one.path, one.version, one.seen);
    return {};
}

} // namespace tributary::stripe
