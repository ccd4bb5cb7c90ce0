#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "tellers.hpp"

/// The one table of Stripe's events: what each becomes, or why it is left alone. Routing, the list for a
/// webhook endpoint and docs/reference/stripe-events.md come from it.
///
/// @source the event types of API 2026-10-28.endive (npm stripe 23.1.0, WebhookEndpointCreateParams) in the
/// families that concern money, customers, subscriptions and the catalogue.
namespace tributary::stripe {

using teller = void (*)(const telling&, findings&);

struct event_entry {
    std::string_view type;      ///< One that ends in '.' stands for all others that begin with it.
    teller tell;                ///< nullptr: it is not read.
    std::int32_t rank = 0;      ///< Order of what is said within one second.
    bool needed = false;        ///< An endpoint should subscribe to it.
    std::string_view becomes{}; ///< For people: what becomes of it, or why nothing does.
};

std::span<const event_entry> events() noexcept;

/// nullptr: a type that the table does not have.
const event_entry* find_event(std::string_view type) noexcept;

/// Does Stripe name such events in a family that this plugin reads? A type of it that is in no row is news.
bool is_of_known_family(std::string_view type) noexcept;

/// The types that a webhook endpoint should send, in the order of the table.
std::vector<std::string_view> needed_events();

/// An object by itself, as an answer holds it. nullptr: it is not read.
teller find_object_teller(std::string_view object) noexcept;

} // namespace tributary::stripe
