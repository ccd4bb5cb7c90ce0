#pragma once

#include <tributary/sdk/base.hpp>

#include <string>
#include <string_view>

namespace tributary::stripe::simulated {

/// The generation of the API in whose shape bodies are written, by its date.
///
/// Everything that a version changes has a name here, so that "when did that move?" has one answer.
class api_version {
  public:
    /// @param version  "2025-09-30.clover"; "" is the newest. @errors TRB_INVALID "bad_api_version".
    static sdk::outcome parse(std::string_view version, api_version& into);

    const std::string& name() const noexcept { return name_; }
    bool since(std::string_view date) const noexcept { return std::string_view(name_).substr(0, 10) >= date; }

    /// A charge holds its refunds, a payment intent its charges.
    bool embeds_refunds() const noexcept { return !since("2022-11-15"); }
    bool tells_total_without_tax() const noexcept { return since("2022-11-15"); }
    bool copies_subscription_metadata() const noexcept { return since("2023-08-16"); }
    bool lists_discounts() const noexcept { return since("2024-04-10"); }
    bool sends_refund_events() const noexcept { return since("2024-10-28"); }
    /// From 2025-03-31 on invoices and payments no longer name each other, and a subscription's period and an
    /// invoice's subscription moved.
    bool is_split() const noexcept { return since("2025-03-31"); }
    bool sends_invoice_payments() const noexcept { return since("2025-05-28"); }
    /// A discount says where it comes from, instead of holding the coupon.
    bool has_discount_source() const noexcept { return since("2025-09-30"); }
    bool bills_flexibly() const noexcept { return since("2025-09-30"); }
    bool prevents_disputes() const noexcept { return since("2025-09-30"); }
    bool tells_off_stripe() const noexcept { return since("2026-03-25"); }
    bool names_customer_of_refund() const noexcept { return since("2026-03-25"); }
    /// Pauses and trials have details.
    bool tells_status_details() const noexcept { return since("2026-10-28"); }

  private:
    std::string name_;
};

} // namespace tributary::stripe::simulated
