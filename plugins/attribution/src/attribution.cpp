#include "attribution.hpp"

#include <boost/json.hpp>

#include <array>

#include "routes.hpp"
#include "schema.hpp"

namespace tributary::attribution {
namespace {

struct route_entry {
    std::string_view method;
    std::string_view pattern;
    std::string_view scope; ///< Empty: a route of a domain, open to anybody.
    std::int32_t mode;
    route_handler handler;
};

constexpr auto entries = std::to_array<route_entry>({
    {"GET", "/{key*}", "", TRB_ROUTE_READ, &redirect},
    {"HEAD", "/{key*}", "", TRB_ROUTE_READ, &redirect},
    {"POST", "/track/lead", "conversions.write", TRB_ROUTE_WRITE, &track_lead},
    {"POST", "/track/sale", "conversions.write", TRB_ROUTE_WRITE, &track_sale},
    {"GET", "/customers", "customers.read", TRB_ROUTE_READ, &list_customers},
    {"GET", "/customers/{id}", "customers.read", TRB_ROUTE_READ, &get_customer},
    {"GET", "/commissions", "commissions.read", TRB_ROUTE_READ, &list_commissions},
    {"GET", "/commissions/{id}", "commissions.read", TRB_ROUTE_READ, &get_commission},
    {"PATCH", "/commissions/{id}", "commissions.write", TRB_ROUTE_WRITE, &patch_commission},
    {"POST", "/links", "links.write", TRB_ROUTE_WRITE, &create_link},
    {"GET", "/links", "links.read", TRB_ROUTE_READ, &list_links},
    {"GET", "/links/info", "links.read", TRB_ROUTE_READ, &get_link_info},
    {"GET", "/links/{id}", "links.read", TRB_ROUTE_READ, &get_link},
    {"PATCH", "/links/{id}", "links.write", TRB_ROUTE_WRITE, &patch_link},
    {"POST", "/partners", "partners.write", TRB_ROUTE_WRITE, &create_partner},
    {"GET", "/partners", "partners.read", TRB_ROUTE_READ, &list_partners},
    {"PATCH", "/partners/{id}", "partners.write", TRB_ROUTE_WRITE, &patch_partner},
    {"POST", "/groups", "groups.write", TRB_ROUTE_WRITE, &create_group},
    {"GET", "/groups", "groups.read", TRB_ROUTE_READ, &list_groups},
    {"POST", "/rewards", "rewards.write", TRB_ROUTE_WRITE, &create_reward},
    {"GET", "/rewards", "rewards.read", TRB_ROUTE_READ, &list_rewards},
    {"POST", "/payouts", "payouts.write", TRB_ROUTE_WRITE, &create_payout},
    {"GET", "/payouts", "payouts.read", TRB_ROUTE_READ, &list_payouts},
    {"GET", "/programs", "programs.read", TRB_ROUTE_READ, &get_programs},
    {"PATCH", "/programs", "programs.write", TRB_ROUTE_WRITE, &patch_program},
});

} // namespace

std::span<const trb_route> route_table() {
    static const auto table = [] {
        std::array<trb_route, entries.size()> made{};
        for (std::size_t index = 0; index < entries.size(); ++index) {
            const route_entry& entry = entries[index];
            made[index] = {sizeof(trb_route),
                           entry.scope.empty() ? TRB_ACCESS_DOMAIN : TRB_ACCESS_KEY,
                           entry.mode,
                           0,
                           sdk::view(entry.method),
                           sdk::view(entry.pattern),
                           sdk::view(entry.scope)};
        }
        return made;
    }();
    return table;
}

route_handler handler_of(std::uint64_t route) noexcept {
    return route < entries.size() ? entries[static_cast<std::size_t>(route)].handler : nullptr;
}

sdk::outcome attribution_plugin::create(sdk::host host, std::string_view config_json,
                                        std::unique_ptr<attribution_plugin>& made) {
    boost::system::error_code failed;
    const boost::json::value config =
        boost::json::parse(boost::json::string_view(config_json.data(), config_json.size()), failed);
    if (failed || !config.is_object())
        return sdk::invalid("config", "the configuration of attribution is not a JSON object");
    // Everything is set per workspace, through the API.
    if (!config.as_object().empty())
        return sdk::invalid("unknown_key", "attribution has no setting '" +
                                               std::string(config.as_object().begin()->key()) + "'");
    made = std::make_unique<attribution_plugin>(host);
    return {};
}

std::span<const trb_str> attribution_plugin::requirements() {
    static const std::array services{sdk::view(TRB_SERVICE_CRYPTO), sdk::view(TRB_SERVICE_STORE),
                                     sdk::view(TRB_SERVICE_FACTS), sdk::view(TRB_SERVICE_CLICKS)};
    return services;
}

std::span<const trb_migration> attribution_plugin::migrations() {
    return schema_migrations();
}
std::span<const trb_table> attribution_plugin::tables() {
    return derived_tables();
}
std::span<const trb_lookup_source> attribution_plugin::lookups() {
    return lookup_sources();
}
std::span<const trb_route> attribution_plugin::routes() {
    return route_table();
}

sdk::outcome attribution_plugin::fold(const trb_history& history, std::int64_t, sdk::fold_sink into) const {
    fold_history(history, into, fingerprints(host_.crypto()));
    return {};
}

sdk::outcome attribution_plugin::handle(std::uint64_t route, const trb_call& call, sdk::reply& answer) {
    const route_handler handler = handler_of(route);
    if (handler == nullptr)
        return sdk::not_found("there is no such route");
    route_context context{call,
                          answer,
                          sdk::store(host_.store(), call.scope),
                          fact_emitter(host_.facts(), call.scope),
                          host_.clicks(),
                          query_parameters(sdk::view(call.query))};
    return handler(context);
}

bool attribution_plugin::render_error(std::int32_t status, std::string_view, std::string_view message,
                                      sdk::reply& answer) const {
    return static_cast<bool>(refuse(answer, {status, code_of_status(status), std::string(message)}));
}

} // namespace tributary::attribution
