#pragma once

#include <optional>
#include <string_view>

namespace tributary::stripe {

enum class key_kind {
    absent,
    restricted,  ///< rk_, rkcs_: may what it was given
    secret,      ///< sk_: may everything
    publishable, ///< pk_: for web pages, reads nothing
    signing,     ///< whsec_: signs deliveries, is no API key
    other,       ///< none of Stripe's
};

/// What an API key says about itself. Its value stands nowhere in here.
struct api_key {
    key_kind kind = key_kind::absent;
    bool organisation = false; ///< sk_org_
    std::optional<bool> live;  ///< nothing when it does not say

    /// May it be sent to Stripe's API at all?
    bool usable() const noexcept { return kind == key_kind::restricted || kind == key_kind::secret; }
};

/// Reads the form of a key: PREFIX_live_... or PREFIX_test_...; sandboxes have test keys too.
api_key read_api_key(std::string_view key) noexcept;

} // namespace tributary::stripe
