#include "facts/members.hpp"

#include <tributary/abi/fact.h>

#include <array>

namespace tributary::facts {
namespace {

using enum member_type;

#define TRIBUTARY_MEMBER(body, member, kind)                                                                 \
    member_info {                                                                                            \
#member, kind, offsetof(body, member)                                                                \
    }

constexpr std::array customer{
    TRIBUTARY_MEMBER(trb_customer, email, text),      TRIBUTARY_MEMBER(trb_customer, name, text),
    TRIBUTARY_MEMBER(trb_customer, country, text),    TRIBUTARY_MEMBER(trb_customer, created_at_ms, integer),
    TRIBUTARY_MEMBER(trb_customer, deleted, integer), TRIBUTARY_MEMBER(trb_customer, metadata, pairs),
    TRIBUTARY_MEMBER(trb_customer, avatar, text),
};
constexpr std::array product{
    TRIBUTARY_MEMBER(trb_product, name, text),
    TRIBUTARY_MEMBER(trb_product, active, integer),
    TRIBUTARY_MEMBER(trb_product, metadata, pairs),
};
constexpr std::array click{
    TRIBUTARY_MEMBER(trb_click, link_id, text), TRIBUTARY_MEMBER(trb_click, url, text),
    TRIBUTARY_MEMBER(trb_click, referer, text), TRIBUTARY_MEMBER(trb_click, country, text),
    TRIBUTARY_MEMBER(trb_click, device, text),  TRIBUTARY_MEMBER(trb_click, browser, text),
    TRIBUTARY_MEMBER(trb_click, os, text),      TRIBUTARY_MEMBER(trb_click, trigger, text),
    TRIBUTARY_MEMBER(trb_click, visitor, text),
};
constexpr std::array lead{
    TRIBUTARY_MEMBER(trb_lead, event_name, text),
    TRIBUTARY_MEMBER(trb_lead, quantity, integer),
    TRIBUTARY_MEMBER(trb_lead, source, text),
    TRIBUTARY_MEMBER(trb_lead, metadata, pairs),
};
constexpr std::array checkout{
    TRIBUTARY_MEMBER(trb_checkout, status, integer), TRIBUTARY_MEMBER(trb_checkout, mode, text),
    TRIBUTARY_MEMBER(trb_checkout, email, text),     TRIBUTARY_MEMBER(trb_checkout, name, text),
    TRIBUTARY_MEMBER(trb_checkout, country, text),   TRIBUTARY_MEMBER(trb_checkout, metadata, pairs),
};
constexpr std::array payment{
    TRIBUTARY_MEMBER(trb_payment, status, integer),
    TRIBUTARY_MEMBER(trb_payment, paid_at_ms, integer),
    TRIBUTARY_MEMBER(trb_payment, cash, money),
    TRIBUTARY_MEMBER(trb_payment, total, money),
    TRIBUTARY_MEMBER(trb_payment, total_without_tax, money),
    TRIBUTARY_MEMBER(trb_payment, tax, money),
    TRIBUTARY_MEMBER(trb_payment, discount, money),
    TRIBUTARY_MEMBER(trb_payment, credit_spent, money),
    TRIBUTARY_MEMBER(trb_payment, fee, money),
    TRIBUTARY_MEMBER(trb_payment, refunded_total, money),
    TRIBUTARY_MEMBER(trb_payment, refunded_total_at_ms, integer),
    TRIBUTARY_MEMBER(trb_payment, presentment, money),
    TRIBUTARY_MEMBER(trb_payment, cycle, integer),
    TRIBUTARY_MEMBER(trb_payment, subscription_id, text),
    TRIBUTARY_MEMBER(trb_payment, lines, member_type::lines),
    TRIBUTARY_MEMBER(trb_payment, lines_complete, integer),
    TRIBUTARY_MEMBER(trb_payment, country, text),
    TRIBUTARY_MEMBER(trb_payment, email, text),
    TRIBUTARY_MEMBER(trb_payment, metadata, pairs),
    TRIBUTARY_MEMBER(trb_payment, invoice_id, text),
    TRIBUTARY_MEMBER(trb_payment, processor, text),
    TRIBUTARY_MEMBER(trb_payment, event_name, text),
    TRIBUTARY_MEMBER(trb_payment, out_of_band, integer),
    TRIBUTARY_MEMBER(trb_payment, net, money),
    TRIBUTARY_MEMBER(trb_payment, discounts, member_type::discounts),
    TRIBUTARY_MEMBER(trb_payment, attempts, integer),
    TRIBUTARY_MEMBER(trb_payment, next_attempt_at_ms, integer),
    TRIBUTARY_MEMBER(trb_payment, failure, text),
    TRIBUTARY_MEMBER(trb_payment, remaining, money),
};
constexpr std::array refund{
    TRIBUTARY_MEMBER(trb_refund, status, integer),
    TRIBUTARY_MEMBER(trb_refund, amount, money),
    TRIBUTARY_MEMBER(trb_refund, reason, text),
    TRIBUTARY_MEMBER(trb_refund, created_at_ms, integer),
    TRIBUTARY_MEMBER(trb_refund, lines, member_type::lines),
    TRIBUTARY_MEMBER(trb_refund, out_of_band, integer),
};
constexpr std::array dispute{
    TRIBUTARY_MEMBER(trb_dispute, status, integer),
    TRIBUTARY_MEMBER(trb_dispute, amount, money),
    TRIBUTARY_MEMBER(trb_dispute, reason, text),
};
constexpr std::array subscription{
    TRIBUTARY_MEMBER(trb_subscription, status, integer),
    TRIBUTARY_MEMBER(trb_subscription, items, member_type::items),
    TRIBUTARY_MEMBER(trb_subscription, period_start_ms, integer),
    TRIBUTARY_MEMBER(trb_subscription, period_end_ms, integer),
    TRIBUTARY_MEMBER(trb_subscription, trial_start_ms, integer),
    TRIBUTARY_MEMBER(trb_subscription, trial_end_ms, integer),
    TRIBUTARY_MEMBER(trb_subscription, cancel_at_ms, integer),
    TRIBUTARY_MEMBER(trb_subscription, canceled_at_ms, integer),
    TRIBUTARY_MEMBER(trb_subscription, ended_at_ms, integer),
    TRIBUTARY_MEMBER(trb_subscription, collection_paused, integer),
    TRIBUTARY_MEMBER(trb_subscription, metadata, pairs),
    TRIBUTARY_MEMBER(trb_subscription, resumes_at_ms, integer),
    TRIBUTARY_MEMBER(trb_subscription, pause_reason, text),
    TRIBUTARY_MEMBER(trb_subscription, cancel_reason, text),
    TRIBUTARY_MEMBER(trb_subscription, discounts, member_type::discounts),
};
constexpr std::array grant{
    TRIBUTARY_MEMBER(trb_grant, product_id, text),
    TRIBUTARY_MEMBER(trb_grant, starts_at_ms, integer),
    TRIBUTARY_MEMBER(trb_grant, ends_at_ms, integer),
    TRIBUTARY_MEMBER(trb_grant, revoked, integer),
};
constexpr std::array command{
    TRIBUTARY_MEMBER(trb_command, action, text),      TRIBUTARY_MEMBER(trb_command, target, text),
    TRIBUTARY_MEMBER(trb_command, beneficiary, text), TRIBUTARY_MEMBER(trb_command, amount, money),
    TRIBUTARY_MEMBER(trb_command, arguments, pairs),  TRIBUTARY_MEMBER(trb_command, sequence, integer),
};

constexpr std::array price_kind{
    TRIBUTARY_MEMBER(trb_price, product_id, text),
    TRIBUTARY_MEMBER(trb_price, name, text),
    TRIBUTARY_MEMBER(trb_price, active, integer),
    TRIBUTARY_MEMBER(trb_price, unit_amount, member_type::price),
    TRIBUTARY_MEMBER(trb_price, unpriced, text),
    TRIBUTARY_MEMBER(trb_price, interval, text),
    TRIBUTARY_MEMBER(trb_price, interval_count, integer),
    TRIBUTARY_MEMBER(trb_price, metered, integer),
    TRIBUTARY_MEMBER(trb_price, tax_inclusive, integer),
    TRIBUTARY_MEMBER(trb_price, metadata, pairs),
};
constexpr std::array coupon{
    TRIBUTARY_MEMBER(trb_coupon, name, text),      TRIBUTARY_MEMBER(trb_coupon, active, integer),
    TRIBUTARY_MEMBER(trb_coupon, percent, text),   TRIBUTARY_MEMBER(trb_coupon, amount_off, money),
    TRIBUTARY_MEMBER(trb_coupon, duration, text),  TRIBUTARY_MEMBER(trb_coupon, months, integer),
    TRIBUTARY_MEMBER(trb_coupon, metadata, pairs),
};
constexpr std::array promotion_code{
    TRIBUTARY_MEMBER(trb_promotion_code, code, text),
    TRIBUTARY_MEMBER(trb_promotion_code, coupon_id, text),
    TRIBUTARY_MEMBER(trb_promotion_code, active, integer),
    TRIBUTARY_MEMBER(trb_promotion_code, expires_at_ms, integer),
    TRIBUTARY_MEMBER(trb_promotion_code, metadata, pairs),
};
constexpr std::array redemption{
    TRIBUTARY_MEMBER(trb_redemption, coupon_id, text),
    TRIBUTARY_MEMBER(trb_redemption, promotion_code_id, text),
    TRIBUTARY_MEMBER(trb_redemption, subscription_id, text),
    TRIBUTARY_MEMBER(trb_redemption, starts_at_ms, integer),
    TRIBUTARY_MEMBER(trb_redemption, ends_at_ms, integer),
    TRIBUTARY_MEMBER(trb_redemption, percent, text),
    TRIBUTARY_MEMBER(trb_redemption, amount_off, money),
    TRIBUTARY_MEMBER(trb_redemption, duration, text),
    TRIBUTARY_MEMBER(trb_redemption, months, integer),
    TRIBUTARY_MEMBER(trb_redemption, ended, integer),
};
constexpr std::array schedule{
    TRIBUTARY_MEMBER(trb_schedule, subscription_id, text),
    TRIBUTARY_MEMBER(trb_schedule, active, integer),
    TRIBUTARY_MEMBER(trb_schedule, change_at_ms, integer),
    TRIBUTARY_MEMBER(trb_schedule, items, member_type::items),
    TRIBUTARY_MEMBER(trb_schedule, ends_at_ms, integer),
};

#undef TRIBUTARY_MEMBER

// The index of a member in its list is its bit: hold a few against the constants of the ABI.
static_assert(customer[TRB_CUSTOMER_AVATAR].name == "avatar");
static_assert(payment[TRB_PAYMENT_LINES].name == "lines");
static_assert(payment[TRB_PAYMENT_OUT_OF_BAND].name == "out_of_band");
static_assert(payment[TRB_PAYMENT_DISCOUNTS].name == "discounts");
static_assert(payment.size() == TRB_PAYMENT_REMAINING + 1);
static_assert(refund.size() == TRB_REFUND_OUT_OF_BAND + 1);
static_assert(subscription[TRB_SUBSCRIPTION_METADATA].name == "metadata");
static_assert(subscription.size() == TRB_SUBSCRIPTION_DISCOUNTS + 1);
static_assert(command[TRB_COMMAND_SEQUENCE].name == "sequence");
static_assert(price_kind.size() == TRB_PRICE_METADATA + 1);
static_assert(coupon.size() == TRB_COUPON_METADATA + 1);
static_assert(promotion_code.size() == TRB_PROMOTION_CODE_METADATA + 1);
static_assert(redemption.size() == TRB_REDEMPTION_ENDED + 1);
static_assert(schedule.size() == TRB_SCHEDULE_ENDS_AT + 1);

constexpr std::array kinds{
    kind_info{TRB_KIND_IDENTITY, "identity", 0, {}},
    kind_info{TRB_KIND_CUSTOMER, "customer", sizeof(trb_customer), customer},
    kind_info{TRB_KIND_PRODUCT, "product", sizeof(trb_product), product},
    kind_info{TRB_KIND_CLICK, "click", sizeof(trb_click), click},
    kind_info{TRB_KIND_LEAD, "lead", sizeof(trb_lead), lead},
    kind_info{TRB_KIND_CHECKOUT, "checkout", sizeof(trb_checkout), checkout},
    kind_info{TRB_KIND_PAYMENT, "payment", sizeof(trb_payment), payment},
    kind_info{TRB_KIND_REFUND, "refund", sizeof(trb_refund), refund},
    kind_info{TRB_KIND_DISPUTE, "dispute", sizeof(trb_dispute), dispute},
    kind_info{TRB_KIND_SUBSCRIPTION, "subscription", sizeof(trb_subscription), subscription},
    kind_info{TRB_KIND_GRANT, "grant", sizeof(trb_grant), grant},
    kind_info{TRB_KIND_COMMAND, "command", sizeof(trb_command), command},
    kind_info{TRB_KIND_PRICE, "price", sizeof(trb_price), price_kind},
    kind_info{TRB_KIND_COUPON, "coupon", sizeof(trb_coupon), coupon},
    kind_info{TRB_KIND_PROMOTION_CODE, "promotion_code", sizeof(trb_promotion_code), promotion_code},
    kind_info{TRB_KIND_REDEMPTION, "redemption", sizeof(trb_redemption), redemption},
    kind_info{TRB_KIND_SCHEDULE, "schedule", sizeof(trb_schedule), schedule},
};

} // namespace

const kind_info* find_kind(std::int32_t kind) noexcept {
    for (const kind_info& info : kinds)
        if (info.kind == kind)
            return &info;
    return nullptr;
}

std::size_t member_size(member_type type) noexcept {
    switch (type) {
    case integer: return sizeof(std::int64_t);
    case text: return sizeof(trb_str);
    case money:
    case member_type::price: return sizeof(trb_money);
    case pairs: return sizeof(void*) + sizeof(std::uint64_t);
    case lines:
    case items:
    case discounts: return sizeof(void*) + 2 * sizeof(std::uint64_t);
    }
    return 0;
}

} // namespace tributary::facts
