#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json_path.hpp"
#include "simulator/shop.hpp"

/// Writes the shop's objects as Stripe does, in the shape of the shop's version, as they stand now.
namespace tributary::stripe::simulated {

// Pieces that objects have in common.
json::value text_or_null(std::string_view text);
/// 0 is null.
json::value time_or_null(std::int64_t at_s);
json::object user_metadata(const shop& in, bool with_click);
json::object address(const shop& in);
json::object list_of(json::array data, std::string url);

// body_catalogue.cpp
json::object make_product(const shop& in, const price& of);
json::object make_price(const shop& in, const price& of);
json::object make_plan(const shop& in, const price& of);
json::object make_coupon(const shop& in, const coupon& of);
json::object make_promotion_code(const shop& in, const discount& of);
/// @param subscription, session  what it applies to, "" for neither.
json::object make_discount(const shop& in, const discount& of, std::string_view subscription,
                           std::string_view session);

// body_payment.cpp
json::object make_customer(const shop& in);
json::object make_charge(const shop& in, const payment& of, const charge& attempt);
json::object make_charge(const shop& in, const payment& of);
json::object make_intent(const shop& in, const payment& of, std::string_view status);
json::object make_refund(const shop& in, const payment& of, const refund& made);
struct dispute {
    std::string id;
    std::string status;
    std::string reason = "fraudulent";
    std::int64_t amount = 0;
    std::int64_t created_s = 0;
    bool withdrawn = false;
    bool reinstated = false;
};
json::object make_dispute(const shop& in, const payment& of, const dispute& made);

// body_session.cpp
json::object make_session(const shop& in, const session& of);

// body_invoice.cpp
json::object make_invoice(const shop& in, const invoice& of);
json::object make_invoice_payment(const shop& in, const payment& of);
struct credit_note {
    std::string id;
    std::string line;
    std::string refund; ///< "" when nothing is refunded.
    std::int64_t net = 0;
    std::int64_t tax = 0;
    std::int64_t to_balance = 0;
    std::int64_t created_s = 0;
    bool before_payment = false;
};
json::object make_credit_note(const shop& in, const invoice& of, const credit_note& made);
json::array make_taxes(const shop& in, std::int64_t tax, std::int64_t net);

// body_subscription.cpp
json::object make_subscription(const shop& in, const subscription& of);
json::object make_items(const shop& in, const subscription& of);
json::object make_schedule(const shop& in, const subscription& of);

} // namespace tributary::stripe::simulated
