#include "claims.hpp"
#include "fetch.hpp"
#include "tellers.hpp"

namespace tributary::stripe {
namespace {

std::int64_t refund_status(std::string_view status) noexcept {
    if (status == "succeeded")
        return TRB_REFUND_SUCCEEDED;
    if (status == "failed")
        return TRB_REFUND_FAILED;
    if (status == "canceled")
        return TRB_REFUND_CANCELED;
    return TRB_REFUND_PENDING; // pending, requires_action, and whatever comes later.
}

/// A word of a later API keeps the money on hold until it is known what it means.
std::int64_t dispute_status(std::string_view status) noexcept {
    if (status == "won")
        return TRB_DISPUTE_WON;
    if (status == "lost")
        return TRB_DISPUTE_LOST;
    // A prevented dispute was settled by a refund, which has its own document.
    if (status.starts_with("warning_") || status == "prevented")
        return TRB_DISPUTE_INQUIRY;
    return TRB_DISPUTE_OPEN; // needs_response, under_review, appeal_*.
}

/// Which invoice's money goes back? Asked once per payment, for those whose charge was never told.
void ask_for_invoice(const telling& told, std::string_view charge, std::string_view intent, findings& into) {
    const std::string_view known = intent.empty() ? charge : intent;
    if (!known.empty())
        into.want(ask_invoice_payments(known, told.account));
}

} // namespace

void tell_refund_of(const telling& told, const json::value& refund, std::string_view charge_id,
                    std::string_view intent_id, findings& into) {
    fact_draft& draft = into.start(told, TRB_KIND_REFUND, id_of(refund, "id"), rank_charge);
    draft.parent(charge_id);
    draft.parent(intent_id);
    draft.parent(id_of(refund, "customer"));
    const std::int64_t created = time_ms(refund, "created").value_or(told.said_at_ms);
    draft.occurred_at(created);
    draft.state(TRB_REFUND_CREATED_AT, &trb_refund::created_at_ms, created);
    // Bodies before 2018 have no status: a refund was final then.
    const std::string_view status = text(refund, "status");
    draft.state(TRB_REFUND_STATUS, &trb_refund::status, refund_status(status.empty() ? "succeeded" : status));
    draft.state_text(TRB_REFUND_REASON, &trb_refund::reason, text(refund, "reason"));
    if (const auto returned = amount(refund, "amount", into.problem())) {
        const denomination money(text(refund, "currency"), into.problem());
        draft.state(TRB_REFUND_AMOUNT, &trb_refund::amount, money(*returned));
    }
}

void tell_refund(const telling& told, findings& into) {
    const std::string_view charge = id_of(told.object, "charge");
    const std::string_view intent = id_of(told.object, "payment_intent");
    tell_refund_of(told, told.object, charge, intent, into);
    ask_for_invoice(told, charge, intent, into);
}

void tell_dispute(const telling& told, findings& into) {
    const std::string_view charge = id_of(told.object, "charge");
    const std::string_view intent = id_of(told.object, "payment_intent");
    fact_draft& draft = into.start(told, TRB_KIND_DISPUTE, id_of(told.object, "id"), rank_charge);
    draft.parent(charge);
    draft.parent(intent);
    draft.occurred_at(time_ms(told.object, "created").value_or(told.said_at_ms));
    draft.state(TRB_DISPUTE_STATUS, &trb_dispute::status, dispute_status(text(told.object, "status")));
    draft.state_text(TRB_DISPUTE_REASON, &trb_dispute::reason, text(told.object, "reason"));
    if (const auto disputed = amount(told.object, "amount", into.problem())) {
        const denomination money(text(told.object, "currency"), into.problem());
        draft.state(TRB_DISPUTE_AMOUNT, &trb_dispute::amount, money(*disputed));
    }
    ask_for_invoice(told, charge, intent, into);
}

void tell_fraud_warning(const telling& told, findings& into) {
    fact_draft& draft = into.start(told, TRB_KIND_DISPUTE, id_of(told.object, "id"), rank_charge);
    draft.parent(id_of(told.object, "charge"));
    draft.parent(id_of(told.object, "payment_intent"));
    draft.occurred_at(time_ms(told.object, "created").value_or(told.said_at_ms));
    draft.state<trb_dispute, std::int64_t>(TRB_DISPUTE_STATUS, &trb_dispute::status, TRB_DISPUTE_INQUIRY);
    draft.state_text(TRB_DISPUTE_REASON, &trb_dispute::reason, text(told.object, "fraud_type"));
}

} // namespace tributary::stripe
