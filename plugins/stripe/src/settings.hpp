#pragma once

#include <tributary/sdk/base.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::stripe {

/// What an operator may set per connection. See README.md, "Settings".
struct settings {
    std::int64_t tolerance_s = 300; ///< Age that a signature may have; 0: any age.
    std::int64_t future_skew_s =
        300; ///< How far a signature may be ahead of our clock; -1: any, as Stripe's client.
    std::string api_base = "https://api.stripe.com"; ///< Where Stripe is asked; http for this machine only.
                                                     ///< The key is sent there.
    bool client_reference_is_user = false; ///< client_reference_id without a click prefix is your user id.
    std::string webhook_endpoint;          ///< That the kept signing secret belongs to; written by register.
    std::vector<std::string>
        user_metadata_keys; ///< Further metadata keys that hold your user id, after the built-in ones.
};

/// Reads the settings of a connection. Keys that are not ours are ignored: the host keeps its own beside
/// them.
///
/// @errors TRB_INVALID "bad_settings", naming the key.
sdk::outcome parse_settings(std::string_view text, settings& into);

} // namespace tributary::stripe
