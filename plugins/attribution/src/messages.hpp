#pragma once

#include <tributary/abi/projection.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue.hpp"
#include "payment.hpp"

/// JSON that the fold writes: bodies of messages, rules, and the inputs of a commission. Same input, same
/// bytes.
namespace tributary::attribution {

/// What every message of one customer repeats.
struct message_parts {
    std::string customer_id;
    std::string external_id;
    std::string_view name;
    std::string_view email;
    std::string_view avatar;
    std::string_view country;
    std::int64_t created_at_ms = 0;
    std::string_view click_id;
    const link_entry* link = nullptr;
    const partner_entry* partner = nullptr;
};

struct sale_message {
    std::string_view event_name;
    std::int64_t amount = 0;
    std::string_view currency;
    std::string_view processor;
    std::string_view invoice_id;
    std::string_view metadata; ///< JSON text; empty: none.
};

struct commission_message {
    std::string_view id;
    std::string_view type;
    std::int64_t amount = 0;
    std::int64_t earnings = 0;
    std::string_view currency;
    std::string_view status;
    std::string_view invoice_id;
    std::int64_t quantity = 1;
    std::int64_t created_at_ms = 0;
    std::string_view partner_id;
};

std::string lead_body(const message_parts& parts, std::string_view event_name, std::string_view metadata);
std::string sale_body(const message_parts& parts, const sale_message& sale);
std::string commission_body(const message_parts& parts, const commission_message& commission);

/// A JSON object of the pairs, in their order; the last of equal names wins. Empty text when there are none.
std::string metadata_json(const trb_pair* pairs, std::uint64_t count);

/// A JSON array of texts.
std::string ids_json(const trb_str* ids, std::uint64_t count);

/// The terms as they are fingerprinted and stored with each commission.
std::string rule_json(const reward_terms& terms);

/// What a commission on a sale was computed from, so that it can be computed again.
std::string sale_inputs_json(const assessed_payment& payment, const returned_money& returned,
                             std::string_view program_currency, std::span<const std::int64_t> bases,
                             std::span<const std::int64_t> earned);
std::string lead_inputs_json(std::int64_t quantity);

} // namespace tributary::attribution
