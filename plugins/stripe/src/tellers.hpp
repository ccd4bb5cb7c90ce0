#pragma once

#include <tributary/sdk/provider.hpp>

#include "facts.hpp"

/// One function per kind of object: what does it say, in the host's words?
namespace tributary::stripe {

void tell_invoice(const telling& told, findings& into);
void tell_invoice_payment(const telling& told, findings& into);
void tell_session(const telling& told, findings& into);
void tell_charge(const telling& told, findings& into);
void tell_intent(const telling& told, findings& into);
void tell_refund(const telling& told, findings& into);
void tell_dispute(const telling& told, findings& into);
void tell_customer(const telling& told, findings& into);
void tell_product(const telling& told, findings& into);
/// A price, or a plan: the same thing under its older name.
void tell_price(const telling& told, findings& into);
void tell_coupon(const telling& told, findings& into);
void tell_promotion_code(const telling& told, findings& into);
/// A redemption: the event's own object, or one that an invoice or a subscription holds.
void tell_discount(const telling& told, findings& into);
void tell_schedule(const telling& told, findings& into);
void tell_credit_note(const telling& told, findings& into);
void tell_fraud_warning(const telling& told, findings& into);
void tell_entitlements(const telling& told, findings& into);
void tell_subscription(const telling& told, findings& into);

/// A refund that another object holds or that came by itself.
void tell_refund_of(const telling& told, const json::value& refund, std::string_view charge_id,
                    std::string_view intent_id, findings& into);

/// The answer to ask_invoice_payments(). Charges, payment intents, refunds and disputes ask, and only the
/// first of them is answered: nothing of what made us ask may become part of the fact.
///
/// @param list   the answer.
/// @param asked  the payment intent or charge it was asked for.
void tell_invoice_payment_list(const telling& list, std::string_view asked, findings& into);

/// The answer to ask_entitlements().
/// @param asked  customer and time, as in its purpose.
void tell_entitlement_list(const telling& list, std::string_view asked, std::uint32_t page, findings& into);

/// Lines. What an invoice holds and what the pages after it hold become lines in the same way.
struct line_total {
    std::int64_t net_minor = 0;
    std::int64_t discount_minor = 0;
};
/// Adds the lines of an invoice to the draft.
/// @param expected_net  what they must sum up to, when that is known: it decides how billing credits were
/// counted.
line_total add_invoice_lines(fact_draft& draft, std::span<const json::value> lines,
                             std::optional<std::int64_t> expected_net, fault& problem);
/// Adds the shipping of an invoice as a line of its own, so that the lines sum up to the total.
void add_shipping_line(fact_draft& draft, const json::value& invoice, fault& problem);
/// Adds the lines of a checkout session.
/// @param numerator, denominator  every amount is scaled by this; the rounded lines keep their sum.
void add_session_lines(fact_draft& draft, std::span<const json::value> lines, std::int64_t numerator,
                       std::int64_t denominator, fault& problem);

/// Amount of a credited, a billed line without discounts and without the tax that it holds.
std::int64_t line_net(const json::value& line, fault& problem);

/// The discounts that an object names: ids as they are, whole ones told as redemptions too.
void add_discounts(fact_draft& draft, const telling& told, findings& into);

/// Items of a subscription, or of a phase of a schedule (whose prices are ids only).
trb_subscription_item make_item(const json::value& source, fault& problem);

/// The price of one unit. Currency empty: there is none, as with tiers.
trb_money unit_price(const json::value& holder, fault& problem);

/// What all quantity of a price comes to, tiers gone through.
struct priced {
    trb_money amount{};          ///< Currency empty: not known.
    std::string_view unpriced{}; ///< Then why: "metered", "tiered", "custom", "not_told", "out_of_range".
};
/// @param holder  has the price as member "price", or "plan" in the oldest bodies.
priced price_of(const json::value& holder, std::int64_t quantity, fault& problem);

/// Amounts of a session in the seller's currency, when the buyer saw another one ("adaptive pricing" until
/// 2025-03-31).
struct conversion {
    std::string_view currency;
    std::int64_t numerator = 1;   ///< Total in the seller's currency ...
    std::int64_t denominator = 1; ///< ... and in the buyer's: their ratio is the exact rate.
    bool converts = false;
};
conversion conversion_of(const json::value& session, fault& problem);

} // namespace tributary::stripe
