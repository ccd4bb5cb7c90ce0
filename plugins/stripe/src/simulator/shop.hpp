#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/parameters.hpp"
#include "simulator/text.hpp"
#include "simulator/version.hpp"

/// The little shop that stories happen in: what was bought, by whom, what is owed, as Stripe keeps it. Steps
/// change it; bodies.hpp writes it down in the shape of a version. Nothing here depends on the version, so
/// that one story has the same ids and times in all of them.
namespace tributary::stripe::simulated {

struct price {
    std::string id = {};
    std::string product = {};
    std::int64_t unit_amount = 0;
    bool recurring = false;
    bool metered = false;
    std::string interval = "month";
};

struct coupon {
    std::string id;
    std::int64_t percent_off = 0; ///< Of these two one is not 0.
    std::int64_t amount_off = 0;
    bool forever = false; ///< Else once.
};
struct discount {
    std::string id;
    coupon of;
    std::string promotion_code; ///< Id, "" without one.
    std::string code;           ///< What the buyer types.
};

struct bill_line {
    std::string id;
    std::string source; ///< Subscription item or invoice item.
    price sold;
    std::int64_t quantity = 1;
    std::int64_t amount = 0; ///< Before discount and tax.
    std::int64_t discounted = 0;
    std::int64_t tax = 0;
    bool of_subscription = false;
    bool proration = false;
    std::int64_t period_start_s = 0;
    std::int64_t period_end_s = 0;

    std::int64_t net() const noexcept { return amount - discounted; }
};

struct bill {
    std::vector<bill_line> lines;
    std::optional<discount> reduced;

    std::int64_t subtotal() const noexcept;
    std::int64_t discounted() const noexcept;
    std::int64_t tax() const noexcept;
    std::int64_t net() const noexcept { return subtotal() - discounted(); }
    std::int64_t total() const noexcept { return net() + tax(); }
};

struct charge {
    std::string id;
    std::string status = "succeeded"; ///< pending, succeeded, failed
    std::int64_t created_s = 0;
};
struct refund {
    std::string id;
    std::string status;
    std::string reason;
    std::int64_t amount = 0;
    std::int64_t created_s = 0;
};
/// A payment intent with its attempts.
struct payment {
    std::string intent;
    std::string invoice_payment;
    std::string balance_transaction;
    std::string invoice; ///< "" without one.
    std::string next_charge;
    std::vector<charge> attempts;
    std::vector<refund> refunds;
    std::int64_t amount = 0;
    std::int64_t created_s = 0;
    std::int64_t paid_s = 0; ///< 0 while it is not.
    std::int64_t refunded = 0;
    bool settled = false; ///< The balance transaction is there.
    bool disputed = false;
    bool canceled = false;
    bool is_default = true;
    std::string seen_currency; ///< What the buyer saw, "" when that was the shop's own.
    std::int64_t seen_amount = 0;

    bool paid() const noexcept { return paid_s != 0; }
};

struct invoice {
    std::string id;
    std::string number;
    std::string status = "draft"; ///< draft, open, paid, void, uncollectible
    std::string billing_reason;
    std::string subscription; ///< "" without one.
    bool sent = false;        ///< By mail, instead of charged.
    bool out_of_band = false;
    bill owed;
    std::vector<std::size_t> payments; ///< Indices into shop.payments.
    std::int64_t starting_balance = 0; ///< Of the customer; below 0 is credit.
    std::int64_t credited = 0;         ///< Credit notes before payment.
    std::int64_t credited_after = 0;   ///< Credit notes after payment.
    std::int64_t amount_paid = 0;
    std::int64_t attempts = 0;
    std::int64_t next_attempt_s = 0;
    std::int64_t created_s = 0;
    std::int64_t finalized_s = 0;
    std::int64_t paid_s = 0;
    std::int64_t voided_s = 0;
    std::int64_t uncollectible_s = 0;
    std::int64_t period_start_s = 0;
    std::int64_t period_end_s = 0;

    std::int64_t due() const noexcept;
    std::int64_t remaining() const noexcept { return due() - amount_paid; }
    std::int64_t ending_balance() const noexcept;
};

struct subscription_item {
    std::string id;
    price sold;
    std::int64_t quantity = 1;
};
struct subscription {
    std::string id;
    std::string status = "active";
    std::vector<subscription_item> items;
    std::vector<subscription_item> next_items; ///< Waiting for the next period.
    std::vector<bill_line> pending;            ///< Prorations waiting for the next invoice.
    std::optional<discount> reduced;
    std::string latest_invoice;
    std::string schedule;
    std::string missing_payment_method = "create_invoice";
    bool has_payment_method = true;
    std::int64_t created_s = 0;
    std::int64_t period_start_s = 0;
    std::int64_t period_end_s = 0;
    std::int64_t trial_start_s = 0;
    std::int64_t trial_end_s = 0;
    bool cancel_at_period_end = false;
    std::int64_t cancel_at_s = 0;
    std::int64_t canceled_s = 0;
    std::int64_t ended_s = 0;
    std::string cancel_reason;
    std::string cancel_feedback;
    std::string pause_behavior; ///< Of collection, "" when that is not paused.
    std::int64_t resumes_s = 0;
    std::string pause_type; ///< Of the subscription, "" when that is not paused.
    std::int64_t paused_s = 0;
};

struct session {
    std::string id;
    std::string mode = "payment";
    std::string status = "complete";
    std::string payment_status = "paid";
    std::string payment_link;
    std::string client_reference;
    std::optional<std::size_t> pays; ///< Index into shop.payments.
    std::string invoice;
    std::string subscription;
    bill owed;
    std::int64_t created_s = 0;
};

struct customer {
    std::string id = {}; ///< "" for a guest.
    std::string email = {};
    std::string name = "Ada Buyer";
    std::string country = "US";
    std::int64_t created_s = 0; ///< 0 until Stripe made it.
    std::int64_t balance = 0;   ///< Below 0 is credit.
};

class shop {
  public:
    shop(parameters chosen, api_version version, std::uint64_t seed, std::string_view story, bool live,
         std::int64_t now_s);

    /// A price of a product by its label; the same words give the same ids. "main" is the parameter product.
    price find_price(const std::string& label, price wanted);
    payment& add_payment(std::int64_t amount, const std::string& of_invoice);
    invoice& add_invoice(std::string reason, bill owed, std::string of_subscription = {});
    /// Lines become a bill: discount and tax are worked out.
    bill make_bill(std::vector<bill_line> lines, const std::optional<discount>& reduced) const;
    bill_line make_line(const price& sold, std::int64_t quantity, std::string source, bool of_subscription);
    discount make_discount(coupon of, std::string code);
    bool guest() const noexcept { return buyer.id.empty(); }
    /// Length of a billing period.
    std::int64_t period_s() const noexcept;

    invoice* last_invoice() noexcept { return invoices.empty() ? nullptr : &invoices.back(); }
    /// The latest payment that brought money.
    payment* last_paid() noexcept;
    payment& payment_of(invoice& of) { return payments[of.payments.front()]; }

    parameters given;
    api_version api;
    id_source ids;
    bool live = false;
    std::int64_t now_s = 0;
    customer buyer;
    std::deque<payment> payments; // References stay valid while a step works on them.
    std::deque<invoice> invoices;
    std::optional<subscription> subscribed;

  private:
    std::map<std::string, std::string> products_; ///< Label and id.
    std::map<std::string, std::string> prices_;   ///< What they are like, and id.
};

} // namespace tributary::stripe::simulated
