#pragma once

#include <tributary/abi/services.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The header Stripe-Signature, judged as Stripe's own client judges it.
namespace tributary::stripe {

/// Why a delivery is not genuine. reason is empty when it is.
struct signature_verdict {
    std::string reason; ///< A snake_case word.
    std::string detail; ///< A sentence for whoever debugs it; holds no secret.

    bool accepted() const noexcept { return reason.empty(); }
};

/// What is to be judged.
struct signed_delivery {
    std::string_view header; ///< Value of Stripe-Signature.
    std::string_view body;   ///< The raw bytes as they came.
    std::int64_t received_at_ms = 0;
    std::vector<std::string_view> secrets; ///< All active signing secrets; each is tried.
    std::int64_t tolerance_s = 300;        ///< 0: the age does not matter.
    std::int64_t future_skew_s = 300;      ///< -1: a time in the future does not matter.
};

/// Judges a delivery: the v1 scheme, HMAC-SHA-256 over "<t>.<body>" with the whole secret as the key.
///
/// Peculiarities of the official client are kept, because Stripe's proxies rely on them: the last t counts, t
/// is read up to its first non-digit, what follows a second '=' is dropped, names are compared with their
/// blanks. It is stricter in one point: a time further ahead than future_skew_s is refused.
///
/// @source stripe-node, Webhooks.ts. Thread-safe: pure function.
signature_verdict judge(const signed_delivery& delivery, const trb_host_crypto_v1& crypto);

/// The header that Stripe would send with this body. Used by the simulator.
///
/// @param at_s  Unix seconds.
std::string sign(std::string_view body, std::string_view secret, std::int64_t at_s,
                 const trb_host_crypto_v1& crypto);

} // namespace tributary::stripe
