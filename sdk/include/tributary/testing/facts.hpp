#pragma once

#include <tributary/abi/fact.h>
#include <tributary/testing/values.hpp>

#include <map>
#include <string>
#include <vector>

namespace tributary::testing {

/// One fact. What its body states is text: numbers as such, money as "1234 USD/2" (minor units, currency,
/// exponent), metadata and arguments as "metadata.NAME", lines and items as "lines.0.id". What is not stated
/// is not there.
struct captured_fact {
    std::int32_t kind = 0;
    std::string document_id;
    std::string realm;
    std::int64_t source_time_ms = 0;
    std::int32_t lifecycle_rank = 0;
    std::int32_t source_rank = 0;
    std::int64_t occurred_at_ms = 0;
    std::vector<std::string> same_as;
    std::vector<std::string> parents;
    std::vector<std::string> claims; ///< "exclusive user=bob", "shared customer=cus_1", "hint click=..."
    std::map<std::string, std::string> members;

    bool states(const std::string& name) const { return members.contains(name); }
    /// Empty when it is not stated.
    std::string member(const std::string& name) const {
        const auto found = members.find(name);
        return found == members.end() ? std::string() : found->second;
    }
    bool claims_that(const std::string& claim) const {
        for (const std::string& each : claims)
            if (each == claim)
                return true;
        return false;
    }
};

struct normalised : ending {
    std::vector<captured_fact> facts;
    std::vector<captured_request> wants;
    pairs notes; ///< Code and text.

    /// The only fact of this kind, or nullptr when there is none or there are several.
    const captured_fact* only(std::int32_t kind) const {
        const captured_fact* found = nullptr;
        for (const captured_fact& fact : facts)
            if (fact.kind == kind) {
                if (found != nullptr)
                    return nullptr;
                found = &fact;
            }
        return found;
    }
};

/// "payment"; "kind 99" for one that these headers do not know.
inline std::string kind_name(std::int32_t kind) {
    static constexpr const char* names[] = {nullptr,          "identity",   "customer", "product", "click",
                                            "lead",           "checkout",   "payment",  "refund",  "dispute",
                                            "subscription",   "grant",      "command",  "price",   "coupon",
                                            "promotion_code", "redemption", "schedule"};
    return kind >= 1 && kind <= TRB_KIND_SCHEDULE ? names[kind] : "kind " + std::to_string(kind);
}

inline std::string to_text(const trb_money& money) {
    return std::to_string(money.amount_minor) + " " + std::string(money.currency, money.currency[0] ? 3 : 0) +
           "/" + std::to_string(money.exponent);
}

namespace detail {

inline std::string show(std::int64_t number) {
    return std::to_string(number);
}
inline std::string show(std::uint32_t number) {
    return std::to_string(number);
}
inline std::string show(trb_str text) {
    return copy(text);
}
inline std::string show(const trb_money& money) {
    return to_text(money);
}

/// Copies the stated members of a body.
template <class Body> class members_of {
  public:
    members_of(const void* body, std::map<std::string, std::string>& into)
        : body_(*static_cast<const Body*>(body)), into_(into) {}

    template <class T> members_of& add(unsigned bit, const char* name, T Body::*member) {
        if (stated(bit))
            into_[name] = show(body_.*member);
        return *this;
    }
    members_of& add(unsigned bit, const char* prefix, const trb_pair* Body::*first,
                    std::uint64_t Body::*count) {
        if (stated(bit))
            for (auto& [name, value] : copies_of(body_.*first, body_.*count))
                into_[std::string(prefix) + "." + name] = value;
        return *this;
    }
    /// Each element through describe(prefix, element).
    template <class Element, class Describe>
    members_of& each(unsigned bit, const char* name, const Element* Body::*first, std::uint64_t Body::*count,
                     std::uint64_t Body::*stride, Describe describe) {
        for (std::uint64_t index = 0; stated(bit) && index < body_.*count; ++index)
            describe(std::string(name) + "." + std::to_string(index) + ".",
                     *TRB_AT(Element, body_.*first, index, body_.*stride));
        return *this;
    }

  private:
    bool stated(unsigned bit) const { return (body_.present & TRB_BIT(bit)) != 0; }

    const Body& body_;
    std::map<std::string, std::string>& into_;
};

using texts = std::map<std::string, std::string>;

inline auto line_copier(texts& into) {
    return [&into](const std::string& at, const trb_line& line) {
        into[at + "id"] = show(line.id);
        into[at + "product_id"] = show(line.product_id);
        into[at + "price_id"] = show(line.price_id);
        into[at + "description"] = show(line.description);
        into[at + "quantity"] = show(line.quantity);
        into[at + "net_minor"] = show(line.net_minor);
        into[at + "tax_minor"] = show(line.tax_minor);
        into[at + "discount_minor"] = show(line.discount_minor);
        into[at + "period_start_ms"] = show(line.period_start_ms);
        into[at + "period_end_ms"] = show(line.period_end_ms);
        into[at + "proration"] = show(line.proration);
    };
}

inline auto item_copier(texts& into) {
    return [&into](const std::string& at, const trb_subscription_item& item) {
        into[at + "id"] = show(item.id);
        into[at + "product_id"] = show(item.product_id);
        into[at + "price_id"] = show(item.price_id);
        into[at + "quantity"] = show(item.quantity);
        into[at + "unit_amount"] = show(item.unit_amount);
        into[at + "interval"] = show(item.interval);
        into[at + "interval_count"] = show(item.interval_count);
        into[at + "metered"] = show(item.metered);
        into[at + "amount"] = show(item.amount);
        into[at + "unpriced"] = show(item.unpriced);
        into[at + "period_start_ms"] = show(item.period_start_ms);
        into[at + "period_end_ms"] = show(item.period_end_ms);
        into[at + "trial_end_ms"] = show(item.trial_end_ms);
        into[at + "tax_inclusive"] = show(item.tax_inclusive);
    };
}

inline auto discount_copier(texts& into) {
    return [&into](const std::string& at, const trb_discount& discount) {
        into[at + "id"] = show(discount.id);
        into[at + "coupon_id"] = show(discount.coupon_id);
        into[at + "promotion_code_id"] = show(discount.promotion_code_id);
        if (discount.has_amount != 0)
            into[at + "amount_minor"] = show(discount.amount_minor);
    };
}

inline void copy_payment(const void* body, texts& into) {
    using p = trb_payment;
    members_of<p> of(body, into);
    of.add(TRB_PAYMENT_STATUS, "status", &p::status).add(TRB_PAYMENT_PAID_AT, "paid_at_ms", &p::paid_at_ms);
    of.add(TRB_PAYMENT_CASH, "cash", &p::cash).add(TRB_PAYMENT_TOTAL, "total", &p::total);
    of.add(TRB_PAYMENT_TOTAL_WITHOUT_TAX, "total_without_tax", &p::total_without_tax);
    of.add(TRB_PAYMENT_TAX, "tax", &p::tax).add(TRB_PAYMENT_DISCOUNT, "discount", &p::discount);
    of.add(TRB_PAYMENT_CREDIT_SPENT, "credit_spent", &p::credit_spent).add(TRB_PAYMENT_FEE, "fee", &p::fee);
    of.add(TRB_PAYMENT_REFUNDED_TOTAL, "refunded_total", &p::refunded_total);
    of.add(TRB_PAYMENT_REFUNDED_TOTAL_AT, "refunded_total_at_ms", &p::refunded_total_at_ms);
    of.add(TRB_PAYMENT_PRESENTMENT, "presentment", &p::presentment)
        .add(TRB_PAYMENT_CYCLE, "cycle", &p::cycle);
    of.add(TRB_PAYMENT_SUBSCRIPTION_ID, "subscription_id", &p::subscription_id);
    of.each(TRB_PAYMENT_LINES, "lines", &p::lines, &p::line_count, &p::line_stride, line_copier(into));
    of.add(TRB_PAYMENT_LINES_COMPLETE, "lines_complete", &p::lines_complete);
    of.add(TRB_PAYMENT_COUNTRY, "country", &p::country).add(TRB_PAYMENT_EMAIL, "email", &p::email);
    of.add(TRB_PAYMENT_METADATA, "metadata", &p::metadata, &p::metadata_count);
    of.add(TRB_PAYMENT_INVOICE_ID, "invoice_id", &p::invoice_id);
    of.add(TRB_PAYMENT_PROCESSOR, "processor", &p::processor);
    of.add(TRB_PAYMENT_EVENT_NAME, "event_name", &p::event_name);
    of.add(TRB_PAYMENT_OUT_OF_BAND, "out_of_band", &p::out_of_band).add(TRB_PAYMENT_NET, "net", &p::net);
    of.each(TRB_PAYMENT_DISCOUNTS, "discounts", &p::discounts, &p::discount_count, &p::discount_stride,
            discount_copier(into));
    of.add(TRB_PAYMENT_ATTEMPTS, "attempts", &p::attempts).add(TRB_PAYMENT_FAILURE, "failure", &p::failure);
    of.add(TRB_PAYMENT_NEXT_ATTEMPT_AT, "next_attempt_at_ms", &p::next_attempt_at_ms);
    of.add(TRB_PAYMENT_REMAINING, "remaining", &p::remaining);
}

inline void copy_subscription(const void* body, texts& into) {
    using s = trb_subscription;
    members_of<s> of(body, into);
    of.add(TRB_SUBSCRIPTION_STATUS, "status", &s::status);
    of.each(TRB_SUBSCRIPTION_ITEMS, "items", &s::items, &s::item_count, &s::item_stride, item_copier(into));
    of.add(TRB_SUBSCRIPTION_PERIOD_START, "period_start_ms", &s::period_start_ms);
    of.add(TRB_SUBSCRIPTION_PERIOD_END, "period_end_ms", &s::period_end_ms);
    of.add(TRB_SUBSCRIPTION_TRIAL_START, "trial_start_ms", &s::trial_start_ms);
    of.add(TRB_SUBSCRIPTION_TRIAL_END, "trial_end_ms", &s::trial_end_ms);
    of.add(TRB_SUBSCRIPTION_CANCEL_AT, "cancel_at_ms", &s::cancel_at_ms);
    of.add(TRB_SUBSCRIPTION_CANCELED_AT, "canceled_at_ms", &s::canceled_at_ms);
    of.add(TRB_SUBSCRIPTION_ENDED_AT, "ended_at_ms", &s::ended_at_ms);
    of.add(TRB_SUBSCRIPTION_COLLECTION_PAUSED, "collection_paused", &s::collection_paused);
    of.add(TRB_SUBSCRIPTION_METADATA, "metadata", &s::metadata, &s::metadata_count);
    of.add(TRB_SUBSCRIPTION_RESUMES_AT, "resumes_at_ms", &s::resumes_at_ms);
    of.add(TRB_SUBSCRIPTION_PAUSE_REASON, "pause_reason", &s::pause_reason);
    of.add(TRB_SUBSCRIPTION_CANCEL_REASON, "cancel_reason", &s::cancel_reason);
    of.each(TRB_SUBSCRIPTION_DISCOUNTS, "discounts", &s::discounts, &s::discount_count, &s::discount_stride,
            discount_copier(into));
}

inline void copy_catalogue(std::int32_t kind, const void* body, texts& into) {
    if (kind == TRB_KIND_PRICE) {
        using p = trb_price;
        members_of<p> of(body, into);
        of.add(TRB_PRICE_PRODUCT_ID, "product_id", &p::product_id).add(TRB_PRICE_NAME, "name", &p::name);
        of.add(TRB_PRICE_ACTIVE, "active", &p::active).add(TRB_PRICE_UNPRICED, "unpriced", &p::unpriced);
        of.add(TRB_PRICE_UNIT_AMOUNT, "unit_amount", &p::unit_amount);
        of.add(TRB_PRICE_INTERVAL, "interval", &p::interval).add(TRB_PRICE_METERED, "metered", &p::metered);
        of.add(TRB_PRICE_INTERVAL_COUNT, "interval_count", &p::interval_count);
        of.add(TRB_PRICE_TAX_INCLUSIVE, "tax_inclusive", &p::tax_inclusive);
        of.add(TRB_PRICE_METADATA, "metadata", &p::metadata, &p::metadata_count);
    } else if (kind == TRB_KIND_COUPON) {
        using c = trb_coupon;
        members_of<c> of(body, into);
        of.add(TRB_COUPON_NAME, "name", &c::name).add(TRB_COUPON_ACTIVE, "active", &c::active);
        of.add(TRB_COUPON_PERCENT, "percent", &c::percent).add(TRB_COUPON_MONTHS, "months", &c::months);
        of.add(TRB_COUPON_AMOUNT_OFF, "amount_off", &c::amount_off);
        of.add(TRB_COUPON_DURATION, "duration", &c::duration);
        of.add(TRB_COUPON_METADATA, "metadata", &c::metadata, &c::metadata_count);
    } else {
        using c = trb_promotion_code;
        members_of<c> of(body, into);
        of.add(TRB_PROMOTION_CODE_CODE, "code", &c::code);
        of.add(TRB_PROMOTION_CODE_COUPON_ID, "coupon_id", &c::coupon_id);
        of.add(TRB_PROMOTION_CODE_ACTIVE, "active", &c::active);
        of.add(TRB_PROMOTION_CODE_EXPIRES_AT, "expires_at_ms", &c::expires_at_ms);
        of.add(TRB_PROMOTION_CODE_METADATA, "metadata", &c::metadata, &c::metadata_count);
    }
}

inline void copy_redemption(const void* body, texts& into) {
    using r = trb_redemption;
    members_of<r> of(body, into);
    of.add(TRB_REDEMPTION_COUPON_ID, "coupon_id", &r::coupon_id);
    of.add(TRB_REDEMPTION_PROMOTION_CODE_ID, "promotion_code_id", &r::promotion_code_id);
    of.add(TRB_REDEMPTION_SUBSCRIPTION_ID, "subscription_id", &r::subscription_id);
    of.add(TRB_REDEMPTION_STARTS_AT, "starts_at_ms", &r::starts_at_ms);
    of.add(TRB_REDEMPTION_ENDS_AT, "ends_at_ms", &r::ends_at_ms);
    of.add(TRB_REDEMPTION_PERCENT, "percent", &r::percent).add(TRB_REDEMPTION_MONTHS, "months", &r::months);
    of.add(TRB_REDEMPTION_AMOUNT_OFF, "amount_off", &r::amount_off);
    of.add(TRB_REDEMPTION_DURATION, "duration", &r::duration).add(TRB_REDEMPTION_ENDED, "ended", &r::ended);
}

inline void copy_schedule(const void* body, texts& into) {
    using s = trb_schedule;
    members_of<s> of(body, into);
    of.add(TRB_SCHEDULE_SUBSCRIPTION_ID, "subscription_id", &s::subscription_id);
    of.add(TRB_SCHEDULE_ACTIVE, "active", &s::active).add(TRB_SCHEDULE_ENDS_AT, "ends_at_ms", &s::ends_at_ms);
    of.add(TRB_SCHEDULE_CHANGE_AT, "change_at_ms", &s::change_at_ms);
    of.each(TRB_SCHEDULE_ITEMS, "items", &s::items, &s::item_count, &s::item_stride, item_copier(into));
}

inline void copy_person(std::int32_t kind, const void* body, texts& into) {
    if (kind == TRB_KIND_CUSTOMER) {
        using c = trb_customer;
        members_of<c> of(body, into);
        of.add(TRB_CUSTOMER_EMAIL, "email", &c::email).add(TRB_CUSTOMER_NAME, "name", &c::name);
        of.add(TRB_CUSTOMER_COUNTRY, "country", &c::country);
        of.add(TRB_CUSTOMER_CREATED_AT, "created_at_ms", &c::created_at_ms);
        of.add(TRB_CUSTOMER_DELETED, "deleted", &c::deleted).add(TRB_CUSTOMER_AVATAR, "avatar", &c::avatar);
        of.add(TRB_CUSTOMER_METADATA, "metadata", &c::metadata, &c::metadata_count);
    } else if (kind == TRB_KIND_CHECKOUT) {
        using c = trb_checkout;
        members_of<c> of(body, into);
        of.add(TRB_CHECKOUT_STATUS, "status", &c::status).add(TRB_CHECKOUT_MODE, "mode", &c::mode);
        of.add(TRB_CHECKOUT_EMAIL, "email", &c::email).add(TRB_CHECKOUT_NAME, "name", &c::name);
        of.add(TRB_CHECKOUT_COUNTRY, "country", &c::country);
        of.add(TRB_CHECKOUT_METADATA, "metadata", &c::metadata, &c::metadata_count);
    } else if (kind == TRB_KIND_LEAD) {
        using l = trb_lead;
        members_of<l> of(body, into);
        of.add(TRB_LEAD_EVENT_NAME, "event_name", &l::event_name);
        of.add(TRB_LEAD_QUANTITY, "quantity", &l::quantity).add(TRB_LEAD_SOURCE, "source", &l::source);
        of.add(TRB_LEAD_METADATA, "metadata", &l::metadata, &l::metadata_count);
    } else if (kind == TRB_KIND_CLICK) {
        using c = trb_click;
        members_of<c> of(body, into);
        of.add(TRB_CLICK_LINK_ID, "link_id", &c::link_id).add(TRB_CLICK_URL, "url", &c::url);
        of.add(TRB_CLICK_REFERER, "referer", &c::referer).add(TRB_CLICK_COUNTRY, "country", &c::country);
        of.add(TRB_CLICK_DEVICE, "device", &c::device).add(TRB_CLICK_BROWSER, "browser", &c::browser);
        of.add(TRB_CLICK_OS, "os", &c::os).add(TRB_CLICK_TRIGGER, "trigger", &c::trigger);
        of.add(TRB_CLICK_VISITOR, "visitor", &c::visitor);
    }
}

inline void copy_return(std::int32_t kind, const void* body, texts& into) {
    if (kind == TRB_KIND_REFUND) {
        using r = trb_refund;
        members_of<r> of(body, into);
        of.add(TRB_REFUND_STATUS, "status", &r::status).add(TRB_REFUND_AMOUNT, "amount", &r::amount);
        of.add(TRB_REFUND_REASON, "reason", &r::reason);
        of.add(TRB_REFUND_CREATED_AT, "created_at_ms", &r::created_at_ms);
        of.add(TRB_REFUND_OUT_OF_BAND, "out_of_band", &r::out_of_band);
        of.each(TRB_REFUND_LINES, "lines", &r::lines, &r::line_count, &r::line_stride, line_copier(into));
    } else if (kind == TRB_KIND_DISPUTE) {
        using d = trb_dispute;
        members_of<d> of(body, into);
        of.add(TRB_DISPUTE_STATUS, "status", &d::status).add(TRB_DISPUTE_AMOUNT, "amount", &d::amount);
        of.add(TRB_DISPUTE_REASON, "reason", &d::reason);
    }
}

inline void copy_other(std::int32_t kind, const void* body, texts& into) {
    if (kind == TRB_KIND_PRODUCT) {
        using p = trb_product;
        members_of<p> of(body, into);
        of.add(TRB_PRODUCT_NAME, "name", &p::name).add(TRB_PRODUCT_ACTIVE, "active", &p::active);
        of.add(TRB_PRODUCT_METADATA, "metadata", &p::metadata, &p::metadata_count);
    } else if (kind == TRB_KIND_GRANT) {
        using g = trb_grant;
        members_of<g> of(body, into);
        of.add(TRB_GRANT_PRODUCT_ID, "product_id", &g::product_id);
        of.add(TRB_GRANT_STARTS_AT, "starts_at_ms", &g::starts_at_ms);
        of.add(TRB_GRANT_ENDS_AT, "ends_at_ms", &g::ends_at_ms)
            .add(TRB_GRANT_REVOKED, "revoked", &g::revoked);
    } else if (kind == TRB_KIND_COMMAND) {
        using c = trb_command;
        members_of<c> of(body, into);
        of.add(TRB_COMMAND_ACTION, "action", &c::action).add(TRB_COMMAND_TARGET, "target", &c::target);
        of.add(TRB_COMMAND_BENEFICIARY, "beneficiary", &c::beneficiary);
        of.add(TRB_COMMAND_AMOUNT, "amount", &c::amount);
        of.add(TRB_COMMAND_ARGUMENTS, "arguments", &c::arguments, &c::argument_count);
        of.add(TRB_COMMAND_SEQUENCE, "sequence", &c::sequence);
    }
}

inline std::vector<std::string> copies_of(const trb_str* first, std::uint64_t count) {
    std::vector<std::string> made;
    for (std::uint64_t index = 0; index < count; ++index)
        made.push_back(copy(first[index]));
    return made;
}

inline captured_fact copy_of(const trb_fact& fact) {
    captured_fact made{fact.kind,
                       copy(fact.document_id),
                       copy(fact.realm),
                       fact.source_time_ms,
                       fact.lifecycle_rank,
                       fact.source_rank,
                       fact.occurred_at_ms,
                       copies_of(fact.same_as, fact.same_as_count),
                       copies_of(fact.parents, fact.parent_count),
                       {},
                       {}};
    static constexpr const char* classes[] = {"?", "exclusive", "shared", "hint"};
    for (std::uint64_t index = 0; index < fact.claim_count; ++index) {
        const trb_claim& claim = fact.claims[index];
        const bool known = claim.claim_class >= 1 && claim.claim_class <= 3;
        made.claims.push_back(std::string(classes[known ? claim.claim_class : 0]) + " " + copy(claim.name) +
                              "=" + copy(claim.value));
    }
    if (fact.kind == TRB_KIND_PAYMENT)
        copy_payment(fact.body, made.members);
    else if (fact.kind == TRB_KIND_SUBSCRIPTION)
        copy_subscription(fact.body, made.members);
    else if (fact.kind == TRB_KIND_REDEMPTION)
        copy_redemption(fact.body, made.members);
    else if (fact.kind == TRB_KIND_SCHEDULE)
        copy_schedule(fact.body, made.members);
    else if (fact.kind >= TRB_KIND_PRICE && fact.kind <= TRB_KIND_PROMOTION_CODE)
        copy_catalogue(fact.kind, fact.body, made.members);
    else if (fact.body != nullptr) {
        copy_person(fact.kind, fact.body, made.members);
        copy_return(fact.kind, fact.body, made.members);
        copy_other(fact.kind, fact.body, made.members);
    }
    return made;
}

} // namespace detail

/// The canonical form: one line per member, so that a difference shows what changed.
inline std::string to_text(const captured_fact& fact) {
    std::string text = kind_name(fact.kind) + " " + fact.document_id + "\n";
    const auto line = [&text](const std::string& name, const std::string& value) {
        text += "  " + name + ": " + value + "\n";
    };
    if (!fact.realm.empty())
        line("realm", fact.realm);
    line("version", std::to_string(fact.source_time_ms) + " " + std::to_string(fact.lifecycle_rank));
    line("source_rank", std::to_string(fact.source_rank));
    line("occurred_at_ms", std::to_string(fact.occurred_at_ms));
    for (const std::string& id : fact.same_as)
        line("same_as", id);
    for (const std::string& id : fact.parents)
        line("parent", id);
    for (const std::string& claim : fact.claims)
        line("claim", claim);
    for (const auto& [name, value] : fact.members)
        line("." + name, value);
    return text;
}

} // namespace tributary::testing
