#pragma once

#include <tributary/sdk/plugin.hpp>

#include <span>
#include <string>
#include <string_view>

#include "facts.hpp"
#include "request.hpp"

/// The routes: links and redirects, tracking, customers, partners, rewards, commissions, payouts.
namespace tributary::attribution {

/// One call: the request, the services of its transaction, and where the answer goes.
struct route_context {
    const trb_call& call;
    sdk::reply& answer;
    sdk::store store;
    fact_emitter facts;
    const trb_host_clicks_v1* clicks;
    query_parameters query;

    std::int64_t now_ms() const noexcept { return call.now_ms; }
    /// The published client library refuses words that its version does not know.
    bool is_closed_client() const { return header(call, "user-agent").starts_with("speakeasy-sdk/"); }
    /// The public id of the workspace's one programme.
    std::string program_id() const;
};

using route_handler = sdk::outcome (*)(route_context&);

/// A handler writes its answer, refusals too; what it returns is a failure of the host only.
sdk::outcome redirect(route_context& context);
sdk::outcome track_lead(route_context& context);
sdk::outcome track_sale(route_context& context);
sdk::outcome list_customers(route_context& context);
sdk::outcome get_customer(route_context& context);
sdk::outcome list_commissions(route_context& context);
sdk::outcome get_commission(route_context& context);
sdk::outcome patch_commission(route_context& context);
sdk::outcome create_link(route_context& context);
sdk::outcome list_links(route_context& context);
sdk::outcome get_link_info(route_context& context);
sdk::outcome get_link(route_context& context);
sdk::outcome patch_link(route_context& context);
sdk::outcome create_partner(route_context& context);
sdk::outcome list_partners(route_context& context);
sdk::outcome patch_partner(route_context& context);
sdk::outcome create_group(route_context& context);
sdk::outcome list_groups(route_context& context);
sdk::outcome create_reward(route_context& context);
sdk::outcome list_rewards(route_context& context);
sdk::outcome create_payout(route_context& context);
sdk::outcome list_payouts(route_context& context);
sdk::outcome get_programs(route_context& context);
sdk::outcome patch_program(route_context& context);

/// A route and what serves it; the position in the table is the number that the host calls with.
std::span<const trb_route> route_table();
route_handler handler_of(std::uint64_t route) noexcept;

} // namespace tributary::attribution
