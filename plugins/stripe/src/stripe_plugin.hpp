#pragma once

#include <tributary/sdk/plugin.hpp>

/// The plugin org.tributary.stripe: reads Stripe's webhooks and tells rehearsed stories in their shape.
namespace tributary::stripe {

/// Provider and simulator for Stripe. Holds no state but the host's crypto service: every call is a pure
/// function, and may come from any thread.
class stripe_plugin final : public sdk::plugin, public sdk::provider, public sdk::simulator {
  public:
    static constexpr std::string_view short_name = "stripe";
    static constexpr std::string_view version = "0.1.0";
    static constexpr std::string_view vendor = "tributary";
    static constexpr std::uint32_t normaliser_version = 3;

    static sdk::outcome create(sdk::host host, std::string_view config, std::unique_ptr<stripe_plugin>& made);
    static std::span<const trb_str> requirements() noexcept;
    static std::span<const trb_story> stories() noexcept;

    explicit stripe_plugin(sdk::host host) noexcept : host_(host) {}

    sdk::outcome start() override;
    /// One item per delivery. Refusals carry a reason: empty_body, no_signature_header,
    /// repeated_signature_header, no_timestamp, no_v1_signature, no_secret, signature_mismatch,
    /// stale_timestamp, timestamp_in_future, wrong_environment.
    /// @errors TRB_INVALID for a genuine body that cannot be read: malformed_json, not_an_object,
    /// not_an_event, no_event_id. TRB_INTERNAL bad_settings when the connection's settings are wrong.
    sdk::outcome verify(const trb_connection& connection, sdk::records with,
                        sdk::verdicts into) const override;
    /// @errors TRB_INVALID: malformed_json, no_event_time, no_object, wrong_object, no_object_id,
    /// unknown_currency, amount_out_of_range, several_invoices, fact_refused.
    sdk::outcome normalise(const trb_connection& connection, sdk::records with,
                           sdk::fact_sink into) const override;
    sdk::outcome reread(const trb_connection& connection, std::int32_t kind, std::string_view document_id,
                        sdk::fact_sink into) const override;
    sdk::outcome tell(const trb_story_request& request, sdk::story_sink into) const override;

  private:
    sdk::host host_;
    const trb_host_crypto_v1* crypto_ = nullptr;
};

} // namespace tributary::stripe
