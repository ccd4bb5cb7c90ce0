#pragma once

#include <tributary/sdk/actions.hpp>

#include <string_view>

#include "api_key.hpp"

namespace tributary::stripe {

/// The connection's newest API key; "" when it has none.
std::string_view newest_api_key(const trb_connection& connection);

/// Says what is wrong with the key before Stripe is asked. False: nothing can be asked with it.
bool judge_key(const trb_connection& connection, const api_key& key, sdk::action_sink into);

/// What a person has to know about the key when it cannot be used, in half a sentence; "" when it can.
std::string_view why_unusable(const trb_connection& connection, const api_key& key) noexcept;

} // namespace tributary::stripe
