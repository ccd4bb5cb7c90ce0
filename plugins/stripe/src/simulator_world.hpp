#pragma once

#include <tributary/sdk/simulator.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "json_path.hpp"
#include "simulator_text.hpp"

/// The little shop whose stories the simulator tells: what was bought, by whom, and how Stripe writes that
/// down.
namespace tributary::stripe::simulated {

/// What the caller of a story chose; see README.md, "Stories".
struct choices {
    std::string click;
    std::string user;
    std::string email;
    std::string customer;
    std::string product;
    std::string currency = "usd";
    std::int64_t amount = 2900; ///< Minor units, one piece, without tax.
    std::int64_t quantity = 1;
    std::int64_t tax_percent = 0;
    std::int64_t renewals = 1;
    std::int64_t interval_s = 30 * 86'400;
    std::optional<std::int64_t> refund; ///< Minor units, tax included.
};

/// Reads the parameters of a request. @errors TRB_INVALID "unknown_parameter" or "bad_parameter", naming it.
sdk::outcome read_choices(const trb_story_request& request, choices& into);

/// The generation of the API in whose shape bodies are written, by its date.
class api_generation {
  public:
    /// @param version  "2025-09-30.clover"; "" is the newest. @errors TRB_INVALID "bad_api_version".
    static sdk::outcome parse(std::string_view version, api_generation& into);

    const std::string& name() const noexcept { return name_; }
    bool since(std::string_view date) const noexcept { return std::string_view(name_).substr(0, 10) >= date; }
    /// From here on invoices and payments no longer name each other.
    bool split_invoices() const noexcept { return since("2025-03-31"); }
    bool embeds_refunds() const noexcept { return !since("2022-11-15"); }
    bool sends_refund_events() const noexcept { return since("2024-10-28"); }
    bool pauses_by_item() const noexcept { return since("2026-10-28"); }

  private:
    std::string name_;
};

struct price_tag {
    std::int64_t net = 0;
    std::int64_t tax = 0;
    std::int64_t total = 0;
};

/// The ids of one payment.
struct payment_ids {
    std::string intent;
    std::string charge;
    std::string invoice; ///< "" when there is none.
    std::string invoice_payment;
    std::string line;
    std::string balance_transaction;
};

/// Everything that the bodies of one story are made from.
class world {
  public:
    world(const trb_story_request& request, choices chosen, api_generation generation);

    payment_ids make_payment(bool with_invoice);
    price_tag price() const noexcept;
    bool guest() const noexcept { return customer_id.empty(); }

    choices chosen;
    api_generation api;
    id_source ids;
    bool live = false;
    std::int64_t now_s = 0;
    std::string customer_id;
    std::string session_id;
    std::string subscription_id;
    std::string subscription_item_id;
    std::string price_id;
    std::string product_id;
    std::string payment_link;
    std::string client_reference;
};

// Pieces that objects have in common.
json::value text_or_null(std::string_view text);
json::object user_metadata(const world& shop, bool with_click);
json::object address();
json::object list_of(json::array data, std::string url);

// Objects, as they stand at world.now_s.
json::object make_customer(const world& shop);
struct session_state {
    std::string_view mode = "payment";
    std::string_view payment_status = "paid";
};
json::object make_session(const world& shop, const payment_ids& payment, session_state state);
json::object make_intent(const world& shop, const payment_ids& payment);
struct charge_state {
    std::string_view status = "succeeded";
    bool settled = false; ///< The balance transaction is there.
    std::int64_t refunded = 0;
    bool disputed = false;
    json::array refunds;
};
json::object make_charge(const world& shop, const payment_ids& payment, std::int64_t created_s,
                         charge_state state);
json::object make_refund(const world& shop, const payment_ids& payment, std::string_view id,
                         std::int64_t created_s, std::int64_t amount, std::string_view status);
json::object make_dispute(const world& shop, const payment_ids& payment, std::string_view id,
                          std::int64_t created_s, std::string_view status);
json::object make_invoice(const world& shop, const payment_ids& payment, std::string_view billing_reason,
                          std::int64_t period_start_s);
json::object make_invoice_payment(const world& shop, const payment_ids& payment);
json::object make_subscription(const world& shop, const payment_ids& latest, std::int64_t created_s,
                               std::int64_t period_start_s);

} // namespace tributary::stripe::simulated
