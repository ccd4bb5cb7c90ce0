#include "claims.hpp"
#include "fetch.hpp"
#include "paths.hpp"
#include "tellers.hpp"

namespace tributary::stripe {

conversion conversion_of(const json::value& session, fault& problem) {
    conversion made{text(session, "currency")};
    const std::optional<std::int64_t> ours = amount(session, "currency_conversion.amount_total", problem);
    const std::optional<std::int64_t> seen = amount(session, "amount_total", problem);
    const std::string_view currency = text(session, "currency_conversion.source_currency");
    if (ours && seen && *seen > 0 && *ours >= 0 && !currency.empty() && currency != made.currency)
        made = {currency, *ours, *seen, true};
    return made;
}

namespace {

void tell_checkout(const telling& told, findings& into) {
    const json::value& session = told.object;
    const std::string_view id = id_of(session, "id");
    fact_draft& draft = into.start(told, TRB_KIND_CHECKOUT, "checkout:" + std::string(id), rank_session);
    draft.occurred_at(told.bare() ? time_ms(session, "created").value_or(told.said_at_ms) : told.said_at_ms);
    const std::string_view status = text(session, "status");
    std::int64_t stated = 0;
    if (status == "expired" || told.event_type == "checkout.session.expired")
        stated = TRB_CHECKOUT_EXPIRED;
    else if (status == "complete" || (!told.bare() && status.empty()))
        stated = TRB_CHECKOUT_COMPLETE; // Old bodies have no status; their events are sent for completed
                                        // sessions only.
    else if (status == "open")
        stated = TRB_CHECKOUT_OPEN;
    if (stated != 0)
        draft.state(TRB_CHECKOUT_STATUS, &trb_checkout::status, stated);
    draft.state_text(TRB_CHECKOUT_MODE, &trb_checkout::mode, text(session, "mode"));
    draft.state_text(TRB_CHECKOUT_EMAIL, &trb_checkout::email, text(session, paths::session_email));
    draft.state_text(TRB_CHECKOUT_NAME, &trb_checkout::name, text(session, "customer_details.name"));
    draft.state_text(TRB_CHECKOUT_COUNTRY, &trb_checkout::country,
                     country_code(draft, text(session, paths::session_country)));
    draft.parent(id);
    join_owners(draft, told, id_of(session, "subscription"));
    draft.metadata(find(session, "metadata"));
    claim_user_and_click(draft, told, text(session, "client_reference_id"));
    claim_email(draft, text(session, paths::session_email));
}

/// Nothing when the session is no sale (yet): open, expired, for set-up, or free.
std::optional<std::int64_t> status_of(const telling& told, std::int64_t total) noexcept {
    const std::string_view status = text(told.object, "status");
    if (total <= 0 || status == "open" || status == "expired" ||
        told.event_type == "checkout.session.expired")
        return std::nullopt;
    if (text(told.object, "payment_status") == "paid")
        return TRB_PAYMENT_SUCCEEDED;
    return told.event_type == "checkout.session.async_payment_failed" ? TRB_PAYMENT_FAILED
                                                                      : TRB_PAYMENT_PENDING;
}

void state_amounts(fact_draft& draft, const telling& told, bool paid, findings& into) {
    const json::value& session = told.object;
    fault& problem = into.problem();
    const conversion rate = conversion_of(session, problem);
    const denomination money(rate.currency, problem);
    const auto converted = [&](std::int64_t seen) {
        return rate.converts ? scale(seen, rate.numerator, rate.denominator, problem) : seen;
    };
    const std::int64_t total = converted(amount(session, "amount_total", problem).value_or(0));
    const std::int64_t tax = converted(amount(session, "total_details.amount_tax", problem).value_or(0));
    draft.state(TRB_PAYMENT_TOTAL, &trb_payment::total, money(total));
    draft.state(TRB_PAYMENT_TAX, &trb_payment::tax, money(tax));
    draft.state(TRB_PAYMENT_TOTAL_WITHOUT_TAX, &trb_payment::total_without_tax,
                money(subtract(total, tax, problem)));
    if (paid)
        draft.state(TRB_PAYMENT_CASH, &trb_payment::cash, money(total));
    if (const auto discount = amount(session, "total_details.amount_discount", problem))
        draft.state(TRB_PAYMENT_DISCOUNT, &trb_payment::discount, money(converted(*discount)));
    if (rate.converts) {
        const denomination seen(text(session, "currency"), problem);
        draft.state(TRB_PAYMENT_PRESENTMENT, &trb_payment::presentment,
                    seen(amount(session, "amount_total", problem).value_or(0)));
    } else if (const auto shown = amount(session, "presentment_details.presentment_amount", problem)) {
        const denomination seen(text(session, "presentment_details.presentment_currency"), problem);
        draft.state(TRB_PAYMENT_PRESENTMENT, &trb_payment::presentment, seen(*shown));
    }
}

void state_lines(fact_draft& draft, const telling& told, bool paid, findings& into) {
    const json::value& session = told.object;
    // Some of the lines are not stated: they would be believed before all of them, which an answer brings.
    const bool more = flag(session, "line_items.has_more").value_or(false);
    if (find(session, "line_items") != nullptr && !more) {
        const conversion rate = conversion_of(session, into.problem());
        add_session_lines(draft, elements(session, "line_items"), rate.numerator, rate.denominator,
                          into.problem());
        draft.state<trb_payment, std::int64_t>(TRB_PAYMENT_LINES_COMPLETE, &trb_payment::lines_complete, 1);
        return;
    }
    // An invoice brings its lines with it. Otherwise nothing says what was bought until Stripe is asked.
    if (paid && id_of(session, "invoice").empty())
        into.want(ask_session_lines(id_of(session, "id"), {}, 1, told.account));
}

/// Coupon and promotion code; how much each took off is known when there is one.
void state_discounts(fact_draft& draft, const json::value& session, fault& problem) {
    const std::span<const json::value> named = elements(session, "discounts");
    const conversion rate = conversion_of(session, problem);
    for (const json::value& discount : named) {
        trb_discount made{};
        made.struct_size = sizeof made;
        made.coupon_id = sdk::view(id_of(discount, "coupon"));
        made.promotion_code_id = sdk::view(id_of(discount, "promotion_code"));
        if (const auto off = amount(session, "total_details.amount_discount", problem);
            off && named.size() == 1) {
            made.has_amount = 1;
            made.amount_minor = rate.converts ? scale(*off, rate.numerator, rate.denominator, problem) : *off;
        }
        draft.discount(made);
    }
}

void state_kind(fact_draft& draft, const json::value& session) {
    const bool one_time = text(session, "mode") != "subscription";
    draft.state<trb_payment, std::int64_t>(TRB_PAYMENT_CYCLE, &trb_payment::cycle,
                                           one_time ? TRB_CYCLE_ONE_TIME : TRB_CYCLE_FIRST);
    draft.state_text(TRB_PAYMENT_EVENT_NAME, &trb_payment::event_name,
                     one_time ? "Purchase" : "Subscription creation");
    draft.state_text(TRB_PAYMENT_PROCESSOR, &trb_payment::processor, "stripe");
    draft.state_text(TRB_PAYMENT_INVOICE_ID, &trb_payment::invoice_id, id_of(session, "invoice"));
    draft.state_text(TRB_PAYMENT_SUBSCRIPTION_ID, &trb_payment::subscription_id,
                     id_of(session, "subscription"));
}

void tell_payment(const telling& told, findings& into) {
    const json::value& session = told.object;
    const std::int64_t total = amount(session, "amount_total", into.problem()).value_or(0);
    const std::optional<std::int64_t> status = status_of(told, total);
    if (!status)
        return;
    const bool paid = *status == TRB_PAYMENT_SUCCEEDED;
    fact_draft& draft = into.start(told, TRB_KIND_PAYMENT, id_of(session, "id"), rank_session);
    draft.same_as(id_of(session, "invoice"));
    draft.same_as(id_of(session, "payment_intent"));
    draft.occurred_at(told.bare() ? time_ms(session, "created").value_or(told.said_at_ms) : told.said_at_ms);
    draft.state(TRB_PAYMENT_STATUS, &trb_payment::status, *status);
    if (paid && !told.bare())
        draft.state(TRB_PAYMENT_PAID_AT, &trb_payment::paid_at_ms, told.said_at_ms);
    state_amounts(draft, told, paid, into);
    state_lines(draft, told, paid, into);
    state_kind(draft, session);
    state_discounts(draft, session, into.problem());
    draft.state_text(TRB_PAYMENT_EMAIL, &trb_payment::email, text(session, paths::session_email));
    draft.state_text(TRB_PAYMENT_COUNTRY, &trb_payment::country,
                     country_code(draft, text(session, paths::session_country)));
    join_owners(draft, told, id_of(session, "subscription"));
    draft.metadata(find(session, "metadata"));
    claim_user_and_click(draft, told, text(session, "client_reference_id"));
    claim_email(draft, text(session, paths::session_email));
}

} // namespace

void tell_session(const telling& told, findings& into) {
    if (id_of(told.object, "id").empty()) {
        into.problem().set("no_object_id", "the checkout session has no id");
        return;
    }
    tell_checkout(told, into);
    tell_payment(told, into);
}

} // namespace tributary::stripe
