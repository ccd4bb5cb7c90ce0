#pragma once

#include <tributary/sdk/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue.hpp"
#include "history.hpp"
#include "identifiers.hpp"
#include "messages.hpp"
#include "payment.hpp"
#include "reward.hpp"
#include "settlement.hpp"

namespace tributary::attribution {

/// Which click brought the customer, and whose it was. Null pointers where it is not known.
struct first_touch {
    const trb_merged_fact* click = nullptr;
    const link_entry* link = nullptr;
    const partner_entry* partner = nullptr;
};

/// What the rows of one (source, partner) have in common.
struct commission_source {
    std::string_view type;                 ///< "sale" or "lead"
    const trb_merged_fact* fact = nullptr; ///< Null: what was paid for is no longer in this history.
    std::string realm;                     ///< Of the ids below.
    std::string ids = "[]";                ///< JSON: the ids a command names to land in the same history.
    std::string source_id;
    std::string id_basis; ///< What ids of rows are computed from: the id of the payment or lead.
    std::string partner_id;
    std::string link_id;
    std::string group_id;
    std::string currency;
    std::string invoice_id;
    std::string term_id;
    std::string rule;
    std::string rule_hash;
    std::string inputs;
    std::uint32_t exponent = 2;
    std::int64_t amount = 0;
    std::int64_t quantity = 1;
    std::int64_t created_at_ms = 0;
    std::int64_t changed_at_ms = INT64_MIN;
    bool historic = false;

    /// The fact that it comes from: its ids are what a command names.
    void comes_from(const trb_merged_fact& of) {
        fact = &of;
        realm = sdk::view(of.realm);
        ids = ids_json(of.ids, of.id_count);
    }
    /// Only a command is left of it: what that named is named again.
    void comes_from_command(const trb_merged_fact& command) {
        realm = sdk::view(command.realm);
        ids = ids_json(command.parents, command.parent_count);
    }
};

/// A payment on its way to a sale row.
struct sale_record {
    const payment_history* from = nullptr;
    assessed_payment payment;
    returned_money returned;
    std::string row_id;
    std::optional<std::int64_t> amount; ///< The base in the programme's currency; nothing without a rate.
    std::vector<std::int64_t> bases;    ///< Of the lines, in the same currency.
    bool is_first = false;
    std::string_view reason = "attributed"; ///< Or why no commission came of it.
};

/// One run of the fold. Made, run once, thrown away.
class folder {
  public:
    folder(const trb_history& history, sdk::fold_sink into, const fingerprints& hash);
    void run();

  private:
    void find_first_touch();
    void fold_leads();
    void emit_lead(const trb_merged_fact& fact, std::string_view reason);
    void fold_lead_commission(const trb_merged_fact* first);
    void fold_payments();
    void convert(sale_record& sale);
    due_amount due_for(sale_record& sale, commission_source& source);
    std::string_view refusal(const sale_record& sale, const reward_terms* terms) const;
    void fold_sale_commissions(sale_record& sale);
    void fold_orphans();
    void emit_customer();
    void emit_sale(const sale_record& sale);
    void emit_commissions(const commission_source& source, const due_amount& due,
                          const std::vector<const command_entry*>& commands);
    void emit_commission(const commission_source& source, const settled_row& row);
    void settle_other_partners(const commission_source& like,
                               const std::vector<const command_entry*>& commands);
    void trace_sale(const sale_record& sale) const;
    void trace_commission(const commission_source& source, const settled_row& row) const;
    std::string lead_row_id(const trb_merged_fact& fact) const;

    const trb_history& history_;
    sdk::fold_sink into_;
    const fingerprints& hash_;
    customer_history story_;
    catalogue catalogue_;
    first_touch touch_;
    std::string customer_id_;
    message_parts parts_;
    std::optional<first_commission> first_sale_commission_;
    std::int64_t sales_ = 0;
    std::int64_t sale_amount_ = 0;
    std::optional<std::int64_t> first_sale_at_ms_;
};

} // namespace tributary::attribution
