#pragma once

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "listing.hpp"
#include "routes.hpp"

/// Rows as the wire shows them, and the statements that read them.
namespace tributary::attribution {

boost::json::value text_or_null(const stored_cell& cell);
boost::json::value time_or_null(const stored_cell& cell);
inline boost::json::string_view json_text(std::string_view text) {
    return {text.data(), text.size()};
}

namespace link_column {
inline constexpr std::string_view list =
    "id, domain, link_key, url, partner_id, tenant_id, external_id, track_conversion, archived, disabled_at,"
    " expires_at, expired_url, comments, created_at, updated_at";
enum : std::size_t {
    id,
    domain,
    key,
    url,
    partner_id,
    tenant_id,
    external_id,
    track_conversion,
    archived,
    disabled_at,
    expires_at,
    expired_url,
    comments,
    created_at,
    updated_at
};
} // namespace link_column

namespace customer_column {
inline constexpr std::string_view list =
    "row_id, external_id, name, email, avatar, country, click_id, link_id, partner_id, sales, sale_amount,"
    " first_sale_at, subscription_canceled_at, created_at";
enum : std::size_t {
    id,
    external_id,
    name,
    email,
    avatar,
    country,
    click_id,
    link_id,
    partner_id,
    sales,
    sale_amount,
    first_sale_at,
    subscription_canceled_at,
    created_at
};
} // namespace customer_column

namespace partner_column {
inline constexpr std::string_view list =
    "id, name, username, email, image, country, tenant_id, description, group_id, status, created_at";
enum : std::size_t {
    id,
    name,
    username,
    email,
    image,
    country,
    tenant_id,
    description,
    group_id,
    status,
    created_at
};
} // namespace partner_column

namespace commission_column {
inline constexpr std::string_view list =
    "row_id, type, amount, earnings, currency, exponent, status, reason, quantity, invoice_id, partner_id,"
    " customer_id, group_id, source_id, realm, source_ids, ordinal, link_id, term_id, rule_hash, rule, "
    "inputs,"
    " payout_id, paid_at, created_at, updated_at";
enum : std::size_t {
    id,
    type,
    amount,
    earnings,
    currency,
    exponent,
    status,
    reason,
    quantity,
    invoice_id,
    partner_id,
    customer_id,
    group_id,
    source_id,
    realm,
    source_ids,
    ordinal,
    link_id,
    term_id,
    rule_hash,
    rule,
    inputs,
    payout_id,
    paid_at,
    created_at,
    updated_at
};
} // namespace commission_column

sdk::outcome find_link_by_id(const sdk::store& store, std::string_view id, std::optional<stored_row>& found);
sdk::outcome find_customer_by_id(const sdk::store& store, std::string_view id,
                                 std::optional<stored_row>& found);
sdk::outcome find_customer_by_external_id(const sdk::store& store, std::string_view external_id,
                                          std::optional<stored_row>& found);
sdk::outcome find_partner_by_id(const sdk::store& store, std::string_view id,
                                std::optional<stored_row>& found);
sdk::outcome find_commission_by_id(const sdk::store& store, std::string_view id,
                                   std::optional<stored_row>& found);

/// What the events of one link add up to.
struct link_totals {
    std::int64_t clicks = 0; ///< counted by the host as they are recorded
    std::int64_t leads = 0;
    std::int64_t conversions = 0;
    std::int64_t sales = 0;
    std::int64_t sale_amount = 0;
};
sdk::outcome find_link_totals(const sdk::store& store, std::string_view link_id, link_totals& totals);

/// The full link.
sdk::outcome link_view(route_context& context, const stored_row& link, boost::json::object& into);
/// The short form that tracking and customers carry.
boost::json::object short_link_view(route_context& context, const stored_row& link);
/// `expanded` adds link, programme and partner.
sdk::outcome customer_view(route_context& context, const stored_row& customer, bool expanded,
                           boost::json::object& into);
/// `detailed` adds what the amount was computed from.
sdk::outcome commission_view(route_context& context, const stored_row& commission, bool detailed,
                             boost::json::object& into);
sdk::outcome partner_view(route_context& context, const stored_row& partner, boost::json::object& into);

} // namespace tributary::attribution
