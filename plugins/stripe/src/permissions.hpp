#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tributary::stripe {

/// One list of Stripe's API that the plugin reads, and the right that a restricted key needs for it.
struct resource {
    std::string_view collection; ///< "checkout/sessions"
    std::string_view right;      ///< Stripe's name for it, "rak_checkout_session_read"
    std::string_view label;      ///< what the Dashboard calls it
    std::string_view unlocks;    ///< what tributary can do with it
    bool needed = false;         ///< without it what is booked would be wrong or thin
};

/// All of them, in the order in which a report names them. The names are those of Stripe's own refusals;
/// where a refusal names another one, that one counts.
std::span<const resource> resources() noexcept;

inline constexpr std::string_view webhook_read_right = "rak_webhook_read";
inline constexpr std::string_view webhook_write_right = "rak_webhook_write";

/// The rights of resources() without repetition, with commas between.
std::string rights_text();

/// The Dashboard's page that makes a restricted key, with these rights and the one to register webhooks
/// ticked.
std::string create_key_url();

} // namespace tributary::stripe
