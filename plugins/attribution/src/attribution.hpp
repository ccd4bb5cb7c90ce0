#pragma once

#include <tributary/sdk/plugin.hpp>

#include <memory>
#include <span>
#include <string_view>

#include "fold.hpp"
#include "identifiers.hpp"

/// Clicks, leads and sales become commissions, and partners are paid: the plugin `org.tributary.attribution`.
namespace tributary::attribution {

/// The plugin: a projection and the routes around it. Stateless but for the host's services; thread-safe.
class attribution_plugin final : public sdk::plugin, public sdk::projection, public sdk::http_routes {
  public:
    static constexpr std::string_view short_name = "attribution";
    static constexpr std::string_view version = "0.1.0";
    static constexpr std::string_view vendor = "tributary";
    static constexpr std::string_view projection_name = "attribution";
    static constexpr std::uint32_t fold_version = attribution_fold_version;

    static sdk::outcome create(sdk::host host, std::string_view config_json,
                               std::unique_ptr<attribution_plugin>& made);
    static std::span<const trb_str> requirements();
    static std::span<const trb_migration> migrations();
    static std::span<const trb_table> tables();
    static std::span<const trb_lookup_source> lookups();
    static std::span<const trb_route> routes();

    explicit attribution_plugin(sdk::host host) noexcept : host_(host) {}

    sdk::outcome fold(const trb_history& history, std::int64_t now_ms, sdk::fold_sink into) const override;
    sdk::outcome handle(std::uint64_t route, const trb_call& call, sdk::reply& answer) override;
    bool render_error(std::int32_t status, std::string_view code, std::string_view message,
                      sdk::reply& answer) const override;

  private:
    sdk::host host_;
};

} // namespace tributary::attribution
