#pragma once

#include <tributary/sdk/plugin.hpp>

#include "plugins/toy/toy_reader.hpp"

namespace toy {

/// A payment provider whose documents are lines of text: small enough that a test of the core reads at a
/// glance what was delivered. README.md describes the format.
///
/// Thread-safe: nothing changes after create().
class toy_provider final : public sdk::plugin,
                           public sdk::provider,
                           public sdk::actions,
                           public sdk::simulator {
  public:
    static constexpr std::string_view short_name = "toy";
    static constexpr std::string_view version = "1.0.0";
    static constexpr std::string_view vendor = "tributary tests";
    static constexpr std::uint32_t normaliser_version = 1;

    static sdk::outcome create(sdk::host host, std::string_view config, std::unique_ptr<toy_provider>& made);
    static std::span<const trb_str> requirements();
    static std::span<const trb_story> stories();

    toy_provider(sdk::host host, bool fails_to_start) : host_(host), fails_to_start_(fails_to_start) {}

    sdk::outcome start() override;
    sdk::outcome verify(const trb_connection& connection, sdk::records with,
                        sdk::verdicts into) const override;
    sdk::outcome normalise(const trb_connection& connection, sdk::records with,
                           sdk::fact_sink into) const override;
    sdk::outcome reread(const trb_connection& connection, std::int32_t kind, std::string_view document_id,
                        sdk::fact_sink into) const override;
    sdk::outcome tell(const trb_story_request& request, sdk::story_sink into) const override;

    // toy_actions.cpp. The API is at the connection's setting "api".
    sdk::outcome check(const trb_connection& connection, std::string_view url, sdk::records answers,
                       sdk::action_sink into) const override;
    sdk::outcome register_webhook(const trb_connection& connection, std::string_view url,
                                  sdk::records answers, sdk::action_sink into) const override;
    sdk::outcome fetch(const trb_connection& connection, std::int32_t kind, std::string_view document_id,
                       sdk::action_sink into) const override;

  private:
    bool matches(const trb_connection& connection, std::string_view bytes, std::string_view signature) const;
    std::string sign(std::string_view secret, std::string_view bytes) const;

    sdk::host host_;
    bool fails_to_start_;
};

} // namespace toy
