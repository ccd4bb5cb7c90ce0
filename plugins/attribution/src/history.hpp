#pragma once

#include <tributary/abi/projection.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "settlement.hpp"

/// A customer's history sorted into what this plugin works with. Everything points into the history.
namespace tributary::attribution {

struct payment_history {
    const trb_merged_fact* fact = nullptr;
    std::vector<const trb_merged_fact*> refunds;
    std::vector<const trb_merged_fact*> disputes;
    std::vector<const command_entry*> commands; ///< By sequence.
};

/// Who the customer is, from all documents that say so; the latest statement wins.
struct person {
    std::string_view external_id; ///< Your own user id; empty when no fact names one.
    std::string_view name;
    std::string_view email;
    std::string_view avatar;
    std::string_view country;
    std::int64_t created_at_ms = INT64_MAX;
    std::optional<std::int64_t> subscription_canceled_at_ms; ///< When the last of all subscriptions ended.
};

struct customer_history {
    explicit customer_history(const trb_history& from);
    customer_history(const customer_history&) = delete;
    customer_history& operator=(const customer_history&) = delete;

    /// Is there anything that makes a customer, or only clicks, refunds and commands?
    bool has_customer = false;
    person who;
    std::vector<const trb_merged_fact*> clicks;
    std::string_view named_click; ///< First click id that a fact names, recorded or not.
    std::vector<payment_history> payments;
    std::vector<const trb_merged_fact*> leads;
    /// First completed checkout or customer document that carries a click: a lead nobody reported. Null when
    /// none.
    const trb_merged_fact* implied_lead = nullptr;
    std::vector<const command_entry*> lead_commands;   ///< By sequence.
    std::vector<const command_entry*> orphan_commands; ///< Their payment is not in this history. By sequence.
    std::int64_t horizon_ms = INT64_MIN;               ///< Time of the last lead or payment.

  private:
    void read(const trb_merged_fact& fact);
    void sort_commands();

    std::vector<command_entry> commands_;
    std::vector<const trb_merged_fact*> refunds_;
    std::vector<const trb_merged_fact*> disputes_;
    std::vector<const trb_merged_fact*> subscriptions_;
};

/// The click's own id.
std::string_view click_id_of(const trb_merged_fact& click);

/// The value of the first claim of that class and name; empty when there is none.
std::string_view claim_of(const trb_merged_fact& fact, std::int32_t claim_class, std::string_view name);

/// Any of its ids: what a command must name to land in the same history.
std::string_view first_id(const trb_merged_fact& fact);

} // namespace tributary::attribution
