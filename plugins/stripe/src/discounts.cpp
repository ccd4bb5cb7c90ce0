#include <array>

#include "claims.hpp"
#include "paths.hpp"
#include "tellers.hpp"

namespace tributary::stripe {
namespace {

using sdk::view;

/// "12.5" of 12.5: percentages are decimal numbers with at most four decimals, which a double holds exactly
/// enough to be written again as it was; they are no amounts.
std::string_view percent_text(fact_draft& draft, const json::value& coupon) {
    const json::value* percent = find(coupon, "percent_off");
    if (percent == nullptr)
        return {};
    if (percent->is_string())
        return text(coupon, "percent_off");
    if (const std::int64_t* whole = percent->if_int64())
        return draft.keep(std::to_string(*whole));
    if (const double* broken = percent->if_double(); broken != nullptr && *broken >= 0 && *broken <= 100) {
        std::array<char, 32> digits{};
        const int size = std::snprintf(digits.data(), digits.size(), "%.4f", *broken);
        std::string made(digits.data(), static_cast<std::size_t>(size));
        made.erase(made.find_last_not_of('0') + 1);
        if (made.ends_with('.'))
            made.pop_back();
        return draft.keep(std::move(made));
    }
    return {};
}

template <class Body>
void state_value(fact_draft& draft, const json::value& coupon, unsigned percent_bit,
                 trb_str Body::*percent_member, unsigned amount_bit, trb_money Body::*amount_member,
                 fault& problem) {
    draft.state_text(percent_bit, percent_member, percent_text(draft, coupon));
    const std::optional<std::int64_t> off = amount(coupon, "amount_off", problem);
    if (!off)
        return;
    const denomination money(text(coupon, "currency"), problem);
    draft.state(amount_bit, amount_member, money(*off));
}

template <class Body>
void state_duration(fact_draft& draft, const json::value& coupon, unsigned duration_bit,
                    trb_str Body::*duration, unsigned months_bit, std::int64_t Body::*months) {
    draft.state_text(duration_bit, duration, text(coupon, "duration"));
    if (const std::optional<std::int64_t> count = integer(coupon, "duration_in_months"))
        draft.state(months_bit, months, *count);
}

/// How much each redemption took off an invoice, as far as it says.
void add_amounts(fact_draft& draft, const json::value& invoice, fault& problem) {
    for (const json::value& part : elements(invoice, "total_discount_amounts")) {
        trb_discount made{};
        made.struct_size = sizeof made;
        made.id = view(id_of(part, "discount"));
        made.has_amount = 1;
        made.amount_minor = amount(part, "amount", problem).value_or(0);
        draft.discount(made);
    }
}

bool is_named(const fact_draft& draft, std::string_view id) {
    for (const trb_discount& known : draft.discounts())
        if (view(known.id) == id)
            return true;
    return false;
}

/// Whole discounts that an object holds are told as what they are; the event of their own may never come.
void tell_held(const telling& told, const json::value& discount, findings& into) {
    if (discount.is_object() && find(discount, "id") != nullptr)
        tell_discount({discount, {}, told.said_at_ms, said_created, told.account, told.options, told.version},
                      into);
}

} // namespace

void add_discounts(fact_draft& draft, const telling& told, findings& into) {
    add_amounts(draft, told.object, into.problem());
    const auto name = [&](const json::value& discount, std::string_view id) {
        tell_held(told, discount, into);
        if (id.empty())
            return;
        if (!is_named(draft, id)) {
            trb_discount made{};
            made.struct_size = sizeof made;
            made.id = view(id);
            draft.discount(made);
        }
    };
    // Until 2025-03-31 there was one; the list holds it too in most bodies.
    if (const json::value* single = find(told.object, "discount"))
        name(*single, id_of(told.object, "discount"));
    for (const json::value& discount : elements(told.object, "discounts")) {
        const json::string* id = discount.if_string();
        name(discount, id != nullptr ? std::string_view(id->data(), id->size()) : text(discount, "id"));
    }
}

void tell_discount(const telling& told, findings& into) {
    const json::value& discount = told.object;
    fact_draft& draft = into.start(told, TRB_KIND_REDEMPTION, id_of(discount, "id"), rank_charge);
    const std::optional<std::int64_t> start = time_ms(discount, "start");
    draft.occurred_at(start.value_or(told.said_at_ms));
    if (start)
        draft.state(TRB_REDEMPTION_STARTS_AT, &trb_redemption::starts_at_ms, *start);
    draft.state(TRB_REDEMPTION_ENDS_AT, &trb_redemption::ends_at_ms, time_ms(discount, "end").value_or(0));
    const bool ended =
        told.event_type == "customer.discount.deleted" || flag(discount, "deleted").value_or(false);
    if (ended)
        draft.state<trb_redemption, std::int64_t>(TRB_REDEMPTION_ENDED, &trb_redemption::ended, 1);
    draft.state_text(TRB_REDEMPTION_COUPON_ID, &trb_redemption::coupon_id,
                     id_of(discount, paths::discount_coupon));
    draft.state_text(TRB_REDEMPTION_PROMOTION_CODE_ID, &trb_redemption::promotion_code_id,
                     id_of(discount, "promotion_code"));
    const std::string_view subscription = id_of(discount, "subscription");
    draft.state_text(TRB_REDEMPTION_SUBSCRIPTION_ID, &trb_redemption::subscription_id, subscription);
    if (const json::value* coupon = find(discount, paths::discount_coupon);
        coupon != nullptr && coupon->is_object()) {
        state_value(draft, *coupon, TRB_REDEMPTION_PERCENT, &trb_redemption::percent,
                    TRB_REDEMPTION_AMOUNT_OFF, &trb_redemption::amount_off, into.problem());
        state_duration(draft, *coupon, TRB_REDEMPTION_DURATION, &trb_redemption::duration,
                       TRB_REDEMPTION_MONTHS, &trb_redemption::months);
    }
    join_owners(draft, told, subscription);
}

void tell_coupon(const telling& told, findings& into) {
    const json::value& coupon = told.object;
    const std::string_view id = id_of(coupon, "id");
    if (id.empty())
        return into.problem().set("no_object_id", "the coupon has no id");
    fact_draft& draft = into.start(told, TRB_KIND_COUPON, "coupon:" + std::string(id), rank_charge);
    const bool gone = flag(coupon, "deleted").value_or(false) || told.event_type == "coupon.deleted";
    const bool active = flag(coupon, "valid").value_or(true) && !gone;
    draft.state<trb_coupon, std::int64_t>(TRB_COUPON_ACTIVE, &trb_coupon::active, active ? 1 : 0);
    draft.state_text(TRB_COUPON_NAME, &trb_coupon::name, text(coupon, "name"));
    state_value(draft, coupon, TRB_COUPON_PERCENT, &trb_coupon::percent, TRB_COUPON_AMOUNT_OFF,
                &trb_coupon::amount_off, into.problem());
    state_duration(draft, coupon, TRB_COUPON_DURATION, &trb_coupon::duration, TRB_COUPON_MONTHS,
                   &trb_coupon::months);
    draft.metadata(find(coupon, "metadata"));
}

void tell_promotion_code(const telling& told, findings& into) {
    const json::value& code = told.object;
    fact_draft& draft = into.start(told, TRB_KIND_PROMOTION_CODE, id_of(code, "id"), rank_charge);
    draft.state_text(TRB_PROMOTION_CODE_CODE, &trb_promotion_code::code, text(code, "code"));
    draft.state_text(TRB_PROMOTION_CODE_COUPON_ID, &trb_promotion_code::coupon_id,
                     id_of(code, paths::code_coupon));
    draft.state<trb_promotion_code, std::int64_t>(TRB_PROMOTION_CODE_ACTIVE, &trb_promotion_code::active,
                                                  flag(code, "active").value_or(true) ? 1 : 0);
    if (const auto expires = time_ms(code, "expires_at"))
        draft.state(TRB_PROMOTION_CODE_EXPIRES_AT, &trb_promotion_code::expires_at_ms, *expires);
    draft.metadata(find(code, "metadata"));
}

} // namespace tributary::stripe
