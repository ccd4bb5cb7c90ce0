#pragma once

#include <tributary/sdk/crypto.hpp>
#include <tributary/sdk/plugin.hpp>

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

/// A payment provider that does not exist; README.md says how its deliveries and its API look.
namespace ledgerly {

namespace sdk = tributary::sdk;

/// The plugin. It keeps nothing between calls but its host, so every call is thread-safe and pure.
class ledgerly final : public sdk::plugin,
                       public sdk::provider,
                       public sdk::actions,
                       public sdk::backfill,
                       public sdk::simulator {
  public:
    static constexpr std::string_view short_name = "ledgerly";
    static constexpr std::string_view version = "0.1.0";
    static constexpr std::string_view vendor = "the tributary authors";
    static constexpr std::uint32_t normaliser_version = 1; // raise it when the same bytes give other facts

    explicit ledgerly(sdk::host from) : crypto_(from) {}
    static sdk::outcome create(sdk::host from, std::string_view config, std::unique_ptr<ledgerly>& made);
    static std::span<const trb_str> requirements() noexcept;

    // deliveries.cpp
    sdk::outcome verify(const trb_connection&, sdk::records, sdk::verdicts) const override;
    sdk::outcome normalise(const trb_connection&, sdk::records, sdk::fact_sink) const override;
    sdk::outcome reread(const trb_connection&, std::int32_t, std::string_view, sdk::fact_sink) const override;

    // api.cpp
    sdk::outcome check(const trb_connection&, std::string_view, sdk::records,
                       sdk::action_sink) const override;
    sdk::outcome register_webhook(const trb_connection&, std::string_view url, sdk::records,
                                  sdk::action_sink) const override;
    sdk::outcome remove_webhook(const trb_connection&, std::string_view url, sdk::records,
                                sdk::action_sink) const override;
    sdk::outcome fetch(const trb_connection&, std::int32_t, std::string_view,
                       sdk::action_sink) const override;
    sdk::outcome begin(const trb_connection&, const trb_backfill_range&, sdk::page_sink) const override;
    sdk::outcome next(const trb_connection&, const trb_backfill_range&, std::string_view cursor,
                      const trb_record& answer, sdk::page_sink) const override;

    // simulator.cpp
    static std::span<const trb_story> stories() noexcept;
    sdk::outcome tell(const trb_story_request&, sdk::story_sink) const override;

  private:
    sdk::crypto crypto_;
};

/// "t=<seconds>,v1=<hex>" of a body.
std::string sign(const sdk::crypto& with, std::string_view secret, std::string_view body, std::int64_t at_s);

/// What one object of Ledgerly says: a payment, with its refunds when they come with it, a refund, a
/// customer. Throws malformed. @return false when the host refused a fact.
bool tell_object(const nlohmann::json& object, sdk::fact_sink into);

/// GET of one object. @return nothing when there is no such kind, or the id cannot stand in a URL.
std::optional<sdk::request> request_for(std::int32_t kind, std::string_view id, std::string purpose);

} // namespace ledgerly
