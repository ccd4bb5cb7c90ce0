#include <algorithm>

#include "claims.hpp"
#include "paths.hpp"
#include "tellers.hpp"

namespace tributary::stripe {
namespace {

using sdk::view;

struct named_refund {
    std::string_view id;
    std::int64_t amount = 0;
    std::size_t count = 0;
};

constexpr std::size_t several = 2;

/// The refund that the note names. Several: only their number counts.
named_refund refund_of(const json::value& note, fault& problem) {
    named_refund found;
    for (const json::value& part : elements(note, "refunds")) {
        const std::string_view id = id_of(part, "refund");
        if (id.empty())
            continue;
        found.id = id;
        found.amount = add(found.amount, amount(part, "amount_refunded", problem).value_or(0), problem);
        ++found.count;
    }
    if (found.count == 0 && !id_of(note, "refund").empty())
        // Until 2025-03-31 there was at most one, of all that neither became credit nor was paid elsewhere.
        // How much became credit the note does not say.
        found = {id_of(note, "refund"),
                 subtract(amount(note, "total", problem).value_or(0),
                          amount(note, "out_of_band_amount", problem).value_or(0), problem),
                 id_of(note, "customer_balance_transaction").empty() ? std::size_t{1} : several};
    return found;
}

/// Money that went back on a way that is not Stripe's: paid by hand, or recorded as a payment made elsewhere.
std::int64_t returned_elsewhere(const json::value& note, fault& problem) {
    std::int64_t recorded = 0;
    for (const json::value& part : elements(note, "refunds"))
        if (id_of(part, "refund").empty())
            recorded = add(recorded, amount(part, "amount_refunded", problem).value_or(0), problem);
    return std::max(recorded, amount(note, "out_of_band_amount", problem).value_or(0));
}

trb_line make_line(const json::value& source, fault& problem) {
    trb_line line{};
    line.struct_size = sizeof line;
    const std::string_view billed = id_of(source, "invoice_line_item");
    line.id = view(billed.empty() ? id_of(source, "id") : billed);
    line.description = view(text(source, "description"));
    line.quantity = integer(source, "quantity").value_or(1);
    line.net_minor = line_net(source, problem);
    line.discount_minor = sum(source, "discount_amounts", "amount", problem).value_or(0);
    line.tax_minor = sum(source, paths::line_taxes, "amount", problem).value_or(0);
    return line;
}

/// Which lines of the invoice the refund gives back. Only when all of the note is that one refund: else
/// nobody says which part of a line went where.
void tell_lines(const telling& told, const named_refund& refund, bool is_void, findings& into) {
    const std::int64_t total = amount(told.object, "total", into.problem()).value_or(0);
    const bool whole = refund.amount == total && !flag(told.object, "lines.has_more").value_or(false);
    if (refund.count != 1 || !whole)
        return;
    fact_draft& draft = into.start(told, TRB_KIND_REFUND, std::string(id_of(told.object, "id")) + ":lines",
                                   rank_invoice_lines);
    draft.same_as(refund.id);
    draft.parent(id_of(told.object, "invoice"));
    draft.occurred_at(time_ms(told.object, "created").value_or(told.said_at_ms));
    if (is_void)
        return draft.no_lines();
    for (const json::value& line : elements(told.object, "lines"))
        draft.line(make_line(line, into.problem()));
}

void state_refund(fact_draft& draft, const telling& told, std::int64_t returned, bool is_void,
                  fault& problem) {
    draft.parent(id_of(told.object, "invoice"));
    join_owners(draft, told);
    draft.occurred_at(time_ms(told.object, "created").value_or(told.said_at_ms));
    draft.state<trb_refund, std::int64_t>(TRB_REFUND_STATUS, &trb_refund::status,
                                          is_void ? TRB_REFUND_CANCELED : TRB_REFUND_SUCCEEDED);
    draft.state_text(TRB_REFUND_REASON, &trb_refund::reason, text(told.object, "reason"));
    const denomination money(text(told.object, "currency"), problem);
    draft.state(TRB_REFUND_AMOUNT, &trb_refund::amount, money(returned));
}

} // namespace

/// What a note takes off an invoice before it is paid, the invoice says; what it puts on the customer's
/// balance is no money returned, and the invoice that spends it says so. Left is money that went back.
void tell_credit_note(const telling& told, findings& into) {
    const std::string_view id = id_of(told.object, "id");
    if (id.empty())
        return into.problem().set("no_object_id", "the credit note has no id");
    const bool is_void = text(told.object, "status") == "void" || told.event_type == "credit_note.voided";
    const named_refund refund = refund_of(told.object, into.problem());
    const std::int64_t elsewhere = returned_elsewhere(told.object, into.problem());
    tell_lines(told, refund, is_void, into);
    if (refund.count == 1) {
        // Between 2022-11-15 and 2024-10-28 refunds have no event of their own: the note vouches for it, and
        // is believed after all that the refund says itself. When the money went back it does not say: the
        // charge's own total may have told of it before.
        fact_draft& draft = into.start(told, TRB_KIND_REFUND, id, rank_credit_note);
        draft.same_as(refund.id);
        state_refund(draft, told, refund.amount, is_void, into.problem());
    }
    if (elsewhere > 0) {
        fact_draft& draft = into.start(told, TRB_KIND_REFUND, std::string(id) + ":elsewhere", rank_charge);
        state_refund(draft, told, elsewhere, is_void, into.problem());
        draft.state<trb_refund, std::int64_t>(TRB_REFUND_OUT_OF_BAND, &trb_refund::out_of_band, 1);
        draft.state(TRB_REFUND_CREATED_AT, &trb_refund::created_at_ms, draft.occurred_at());
    }
    if (refund.count == 0 && elsewhere == 0)
        into.note(TRB_NOTE_IGNORED, "the credit note returns no money: it lowers the bill or becomes credit");
}

} // namespace tributary::stripe
