#pragma once

#include <string>
#include <string_view>

#include "facts.hpp"

/// Requests to Stripe's API, and the purposes under which their answers come back.
///
/// A purpose is "<what>:<id>", with "/<page>" after it from the second page on and "@<account>" at its end
/// when the object belongs to a connected account: the answer itself does not say so.
namespace tributary::stripe {

/// The version whose shape our own requests ask for, whatever the account's default is.
inline constexpr std::string_view pinned_version = "2025-09-30.clover";

inline constexpr std::string_view purpose_invoice_payments = "invoice_payments";
inline constexpr std::string_view purpose_invoice_lines = "invoice_lines";
inline constexpr std::string_view purpose_session_lines = "session_lines";
inline constexpr std::string_view purpose_entitlements = "entitlements";
inline constexpr std::string_view purpose_reread = "reread";
inline constexpr std::string_view purpose_event = "event";
inline constexpr std::string_view purpose_thin = "thin";

/// A purpose taken apart.
struct purpose_parts {
    std::string_view what;
    std::string_view id;
    std::uint32_t page = 1;
    std::string_view account;
};
purpose_parts parse_purpose(std::string_view purpose) noexcept;

/// Which invoice does this payment intent (or charge) belong to? From API 2025-03-31 on nothing else tells.
wanted ask_invoice_payments(std::string_view intent_or_charge_id, std::string_view account);
/// The lines that the invoice did not hold, up to a hundred at a time.
/// @param after  "" for the first page, else the id of the last line of the page before.
wanted ask_invoice_lines(std::string_view invoice_id, std::string_view after, std::uint32_t page,
                         std::string_view account);
/// The lines of a checkout session: webhooks never hold them.
wanted ask_session_lines(std::string_view session_id, std::string_view after, std::uint32_t page,
                         std::string_view account);
/// The features that a customer has, beyond the ten of a summary.
/// @param since_s  of the summary that made us ask, Unix seconds: each asks anew.
wanted ask_entitlements(std::string_view customer_id, std::int64_t since_s, std::string_view after,
                        std::uint32_t page, std::string_view account);
/// The object as it is now; the collection follows from the id's prefix. url is empty when there is none.
wanted ask_reread(std::string_view id, std::string_view account);
/// The snapshot event that a thin one points to.
wanted ask_event(std::string_view event_id, std::string_view account);

/// The object that a thin event without snapshot says has changed. The purpose names the event: what is
/// wanted twice is asked once, and each event tells of another change. url is empty when there is nothing to
/// ask for.
wanted ask_changed(std::string_view id, std::string_view event_id, std::string_view account);

/// Hands the request to the host, with the headers that Stripe needs. The host puts the API key in.
void send(const wanted& request, sdk::fact_sink into);

} // namespace tributary::stripe
