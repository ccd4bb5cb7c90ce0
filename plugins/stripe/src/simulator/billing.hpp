#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "simulator/options.hpp"
#include "simulator/stage.hpp"

/// What several verbs do: money comes or does not, invoices move on. Each function changes the shop and sends
/// the events of it, in Stripe's order.
namespace tributary::stripe::simulated {

inline constexpr std::int64_t amount_max = 1'000'000'000'000; // Times a quantity and 100 percent: 64 bits.
inline constexpr std::int64_t quantity_max = 10'000;

/// customer.created, unless that was said before or the buyer is a guest.
void introduce_buyer(stage& on);

/// An attempt that succeeds: charge.succeeded, payment_intent.succeeded.
void succeed(stage& on, payment& with);
/// One that fails: charge.failed, payment_intent.payment_failed.
void decline(stage& on, payment& with);

/// A draft becomes open: invoice.finalized. One of nothing is paid at once.
void finalize(stage& on, invoice& of);
/// All of an open invoice is paid by its own payment intent; the invoice's events follow the payment's.
void pay_all(stage& on, invoice& of);
/// The money is there: invoice.paid and what goes with it.
void close_as_paid(stage& on, invoice& of, const payment* with);
/// An attempt on an invoice that fails: as decline(), then invoice.payment_failed.
void fail_attempt(stage& on, invoice& of, std::int64_t next_attempt_s);
void void_invoice(stage& on, invoice& of);
void write_off(stage& on, invoice& of);

/// customer.subscription.updated.
void update(stage& on, const subscription& of, json::object previous);
void end_subscription(stage& on, subscription& of, std::string_view reason);

/// Money goes back. @param outcome  succeeded, settles_later, failed, canceled. @return the refund's id.
std::string give_back(stage& on, payment& of, std::int64_t amount, std::string_view outcome,
                      std::string_view reason);

/// What is sold: the option `name`, an array of {product, amount, quantity, metered, interval}; without it
/// one thing as the parameters say.
struct sold_item {
    price sold;
    std::int64_t quantity = 1;
};
std::vector<sold_item> read_items(shop& in, options& with, std::string_view name, bool recurring);

/// The option `coupon`, with `promotion_code` beside it. Reading draws ids, announce_discount() sends
/// coupon.created and promotion_code.created.
std::optional<discount> read_discount(shop& in, options& with);
void announce_discount(stage& on, const std::optional<discount>& made);

} // namespace tributary::stripe::simulated
