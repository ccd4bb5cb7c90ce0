#pragma once

#include <tributary/base/crypto.hpp>

#include <initializer_list>
#include <string>
#include <string_view>

#include "plugins/toy/toy_text.hpp"

namespace toy {

/// Name of the header that signs a whole body.
inline constexpr std::string_view signature_header = "Toy-Signature";

/// The secret that tests give their connections under the name "signing".
inline constexpr std::string_view test_secret = "toy-signing-secret";

/// What Toy-Signature or a `sig` line says: lower-case hex of HMAC-SHA-256(secret, bytes).
inline std::string sign(std::string_view bytes, std::string_view secret = test_secret) {
    const tributary::digest256 digest = tributary::hmac_sha256(secret, bytes);
    return tributary::hex_encode(tributary::as_bytes(digest));
}

/// An item with its own signature as its last line; the header's is not asked for it.
inline item_text signed_item(item_text item, std::string_view secret = test_secret) {
    const std::string signature = sign(item.text(), secret);
    return item.line("sig", signature);
}

/// A body of several items.
inline std::string body_of(std::initializer_list<item_text> items) {
    std::string body;
    for (const item_text& item : items)
        body.append(body.empty() ? "" : "--\n").append(item.text());
    return body;
}

/// A payment of `minor` cents that was received at `at_ms`.
inline item_text payment(std::string_view event, std::string_view id, std::int64_t at_ms,
                         std::int64_t minor) {
    return item_text("payment", event, id)
        .line("time", at_ms)
        .line("status", "succeeded")
        .money("amount", minor);
}

/// A refund that went through.
inline item_text refund(std::string_view event, std::string_view id, std::string_view payment_id,
                        std::int64_t at_ms, std::int64_t minor) {
    return item_text("refund", event, id)
        .line("time", at_ms)
        .line("parents", payment_id)
        .line("status", "succeeded")
        .money("amount", minor);
}

/// Says that a provider's customer is this user of yours.
inline item_text identity(std::string_view event, std::string_view customer, std::string_view user,
                          std::int64_t at_ms) {
    return item_text("identity", event, event)
        .line("time", at_ms)
        .line("customer", customer)
        .line("user", user);
}

} // namespace toy
