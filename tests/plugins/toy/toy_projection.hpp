#pragma once

#include <tributary/sdk/plugin.hpp>

namespace toy {

namespace sdk = tributary::sdk;

/// A projection that uses everything a projection may use: tables, a register with a lookup, a wake time,
/// messages, measures, explanations and routes. README.md lists its rows and routes.
///
/// Thread-safe: nothing changes after create().
class toy_projection_base : public sdk::plugin, public sdk::projection, public sdk::http_routes {
  public:
    static constexpr std::string_view short_name = "toyfold";
    static constexpr std::string_view vendor = "tributary tests";
    static constexpr std::string_view projection_name = "toyfold";

    static std::span<const trb_migration> migrations();
    static std::span<const trb_str> requirements();
    static std::span<const trb_table> tables();
    static std::span<const trb_lookup_source> lookups();
    static std::span<const trb_route> routes();

    sdk::outcome fold(const trb_history& history, std::int64_t now_ms, sdk::fold_sink into) const override;
    sdk::outcome handle(std::uint64_t route, const trb_call& call, sdk::reply& answer) override;

  protected:
    toy_projection_base(sdk::host host, std::int64_t reserve_percent)
        : host_(host), reserve_percent_(reserve_percent) {}

  private:
    sdk::outcome set_rate(const trb_call& call, sdk::reply& answer) const;
    sdk::outcome add_payment(const trb_call& call, sdk::reply& answer) const;
    sdk::outcome show_totals(const trb_call& call, std::string_view user, sdk::reply& answer) const;
    sdk::outcome follow_link(const trb_call& call, sdk::reply& answer) const;

    sdk::host host_;
    std::int64_t reserve_percent_; ///< Part of each payment that the net does not contain, rounded down.
};

/// The first release: the net is what was received less what was returned.
class toy_projection final : public toy_projection_base {
  public:
    static constexpr std::string_view version = "1.0.0";
    static constexpr std::uint32_t fold_version = 1;
    explicit toy_projection(sdk::host host) : toy_projection_base(host, 0) {}
    static sdk::outcome create(sdk::host host, std::string_view, std::unique_ptr<toy_projection>& made) {
        made = std::make_unique<toy_projection>(host);
        return {};
    }
};

/// The next release, for tests of an upgrade: 10 % of each payment are kept back, so that every row differs.
class toy_projection_next final : public toy_projection_base {
  public:
    static constexpr std::string_view version = "2.0.0";
    static constexpr std::uint32_t fold_version = 2;
    explicit toy_projection_next(sdk::host host) : toy_projection_base(host, 10) {}
    static sdk::outcome create(sdk::host host, std::string_view, std::unique_ptr<toy_projection_next>& made) {
        made = std::make_unique<toy_projection_next>(host);
        return {};
    }
};

} // namespace toy
