#include "signature.hpp"

#include <tributary/sdk/base.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace tributary::stripe {
namespace {

using sdk::view;

constexpr std::string_view blanks = " \t\r\n\v\f";

struct parsed_header {
    std::optional<std::int64_t> timestamp_s;
    std::vector<std::string_view> v1;
};

/// As JavaScript's parseInt: leading blanks, a sign, digits, and whatever follows is ignored.
std::optional<std::int64_t> parse_leading_integer(std::string_view digits) noexcept {
    const std::size_t first = digits.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return std::nullopt;
    digits.remove_prefix(first);
    if (digits.front() == '+') {
        digits.remove_prefix(1);
        if (digits.starts_with('-'))
            return std::nullopt;
    }
    std::int64_t value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (read.ec != std::errc())
        return std::nullopt;
    return value;
}

parsed_header parse(std::string_view header) {
    parsed_header parsed;
    while (!header.empty()) {
        const std::size_t comma = header.find(',');
        const std::string_view item = header.substr(0, comma);
        header = comma == std::string_view::npos ? std::string_view() : header.substr(comma + 1);
        const std::size_t equals = item.find('=');
        if (equals == std::string_view::npos)
            continue;
        std::string_view value = item.substr(equals + 1);
        value = value.substr(0, value.find('='));
        if (item.substr(0, equals) == "t")
            parsed.timestamp_s = parse_leading_integer(value);
        else if (item.substr(0, equals) == "v1")
            parsed.v1.push_back(value);
    }
    return parsed;
}

std::string expected_signature(std::string_view body, std::string_view secret, std::int64_t at_s,
                               const trb_host_crypto_v1& crypto) {
    std::string payload = std::to_string(at_s);
    payload.reserve(payload.size() + 1 + body.size());
    payload += '.';
    payload += body;
    std::uint8_t digest[32];
    crypto.hmac_sha256(view(secret), view(payload), digest);
    std::string hex(64, '0');
    crypto.hex_encode({reinterpret_cast<const char*>(digest), sizeof digest}, hex.data());
    return hex;
}

bool is_blank(std::string_view secret) noexcept {
    return secret.find_first_not_of(blanks) == std::string_view::npos;
}

/// Advice for the mistakes that people make with bodies. What is wrong with a secret, `connection check`
/// says: this goes to whoever called.
std::string hints(const signed_delivery& delivery) {
    std::string advice;
    if (delivery.body.find("\r\n") != std::string_view::npos)
        advice += " The body has CR LF line ends: something on the way may have rewritten it.";
    else if (delivery.body.starts_with('{') && delivery.body.find('\n') == std::string_view::npos)
        advice += " The body is on one line, but Stripe sends indented JSON: it may have been parsed and "
                  "written anew.";
    else if (!delivery.body.empty() && delivery.body.back() != '}')
        advice += " The body does not end with '}': something was added to it or cut off.";
    return advice;
}

/// Goes to whoever called, too: nothing in it comes from a secret.
std::string describe_mismatch(const signed_delivery& delivery, const parsed_header& header) {
    std::string text = "none of " + std::to_string(header.v1.size()) + " v1 signatures (first begins " +
                       std::string(header.v1.front().substr(0, 8)) +
                       ") matches a signing secret of this connection over " +
                       std::to_string(delivery.body.size()) + " bytes.";
    return text + hints(delivery);
}

signature_verdict judge_age(const signed_delivery& delivery, std::int64_t timestamp_s) {
    const std::int64_t now_s = delivery.received_at_ms / 1000;
    // A timestamp that passed the signature is Stripe's own, yet the subtraction is done wide enough for any.
    __extension__ using wide = __int128;
    const wide age_s = static_cast<wide>(now_s) - timestamp_s;
    if (delivery.tolerance_s > 0 && age_s > delivery.tolerance_s)
        return {"stale_timestamp", "signed " + std::to_string(static_cast<std::int64_t>(age_s)) +
                                       " s before it arrived; " + std::to_string(delivery.tolerance_s) +
                                       " s are tolerated. Is it a replay, or is this clock wrong?"};
    if (delivery.future_skew_s >= 0 && -age_s > delivery.future_skew_s)
        return {"timestamp_in_future", "signed " + std::to_string(static_cast<std::int64_t>(-age_s)) +
                                           " s after it arrived; " + std::to_string(delivery.future_skew_s) +
                                           " s are tolerated. Is this clock wrong?"};
    return {};
}

} // namespace

signature_verdict judge(const signed_delivery& delivery, const trb_host_crypto_v1& crypto) {
    if (delivery.body.empty())
        return {"empty_body", "the request has no body"};
    if (delivery.header.empty())
        return {"no_signature_header", "the header Stripe-Signature is missing or empty"};
    const parsed_header header = parse(delivery.header);
    if (!header.timestamp_s)
        return {"no_timestamp", "the header Stripe-Signature holds no t=<seconds>"};
    if (header.v1.empty())
        return {"no_v1_signature",
                "the header Stripe-Signature holds no v1 signature; other schemes do not count"};
    bool any_secret = false;
    for (const std::string_view secret : delivery.secrets) {
        if (is_blank(secret))
            continue;
        const std::string expected = expected_signature(delivery.body, secret, *header.timestamp_s, crypto);
        for (const std::string_view given : header.v1)
            if (crypto.equal(view(given), view(expected)) != 0)
                return judge_age(delivery, *header.timestamp_s);
        any_secret = true;
    }
    if (!any_secret)
        return {"no_secret",
                "this connection has no signing secret (or only blank ones); it starts with whsec_"};
    return {"signature_mismatch", describe_mismatch(delivery, header)};
}

std::string sign(std::string_view body, std::string_view secret, std::int64_t at_s,
                 const trb_host_crypto_v1& crypto) {
    return "t=" + std::to_string(at_s) + ",v1=" + expected_signature(body, secret, at_s, crypto);
}

} // namespace tributary::stripe
