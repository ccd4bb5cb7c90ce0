// Goal: what is accepted is signed with one of the secrets over exactly these bytes at an age that is
// tolerated, and everything else is refused with a reason. Method: a second reading of the header, written
// from the description of the scheme and on another HMAC than the plugin is given, has to come to the same
// verdict for every input.
//
// An input has parts: "NOW_MS TOLERANCE_S SKEW_S SIGNED_S", the header, the body, and any number of secrets.
// "%0" to
// "%9" in the header stand for the true signature of the body by that secret at SIGNED_S: no fuzzer guesses
// one.
#include <tributary/base/crypto.hpp>
#include <tributary/testing/crypto.hpp>
#include <tributary/testing/provider.hpp>

#include <algorithm>
#include <cstring>
#include <optional>

#include "parts.hpp"
#include "property.hpp"
#include "signature.hpp"
#include "stripe_plugin.hpp"

namespace {

using namespace tributary;
using fuzz::must;

/// The service that the plugin is given: OpenSSL's, as in the daemon. The check below has its own.
struct openssl_crypto {
    static std::string_view view(trb_str text) noexcept { return testing::detail::view(text); }
    static void hmac(trb_str key, trb_str bytes, std::uint8_t out[32]) noexcept {
        std::memcpy(out, hmac_sha256(view(key), view(bytes)).data(), 32);
    }
    static std::int32_t equal(trb_str left, trb_str right) noexcept {
        return equal_constant_time(view(left), view(right)) ? 1 : 0;
    }
    static void hex(trb_str bytes, char* out) noexcept {
        const std::string text = hex_encode(view(bytes));
        std::memcpy(out, text.data(), text.size());
    }
};

trb_host_crypto_v1 make_crypto() noexcept {
    trb_host_crypto_v1 table = testing::crypto_service();
    table.hmac_sha256 = &openssl_crypto::hmac;
    table.equal = &openssl_crypto::equal;
    table.hex_encode = &openssl_crypto::hex;
    return table;
}

struct signature_input {
    std::int64_t now_ms = 0;
    std::int64_t tolerance_s = 0;
    std::int64_t skew_s = 0;
    std::string header;
    std::string body;
    std::vector<std::string> secrets;
};

/// Digits up to the end, whatever else is in it; small enough for sums.
std::int64_t number_of(std::string_view text) {
    std::int64_t value = 0;
    for (const char digit : text)
        if (digit >= '0' && digit <= '9' && value < 10'000'000'000'000'000)
            value = value * 10 + (digit - '0');
    return text.starts_with('-') ? -value : value;
}

std::string signature_of(std::string_view secret, std::string_view signed_at, std::string_view body) {
    return testing::hex(testing::hmac_sha256(secret, std::string(signed_at) + "." + std::string(body)));
}

signature_input read_input(std::string_view bytes) {
    std::vector<std::string_view> parts = fuzz::parts_of(bytes);
    parts.resize(std::max<std::size_t>(parts.size(), 3));
    std::string_view numbers = parts[0];
    signature_input input;
    input.now_ms = number_of(fuzz::take_until(numbers, ' '));
    input.tolerance_s = std::max<std::int64_t>(0, number_of(fuzz::take_until(numbers, ' ')));
    input.skew_s = std::max<std::int64_t>(-1, number_of(fuzz::take_until(numbers, ' ')));
    const std::string_view signed_at = numbers;
    input.body = parts[2];
    input.secrets.assign(parts.begin() + 3, parts.end());
    for (std::size_t at = 0; at < parts[1].size(); ++at) {
        const char letter = parts[1][at];
        const std::size_t which =
            at + 1 < parts[1].size() ? static_cast<std::size_t>(parts[1][at + 1] - '0') : 10;
        if (letter == '%' && which < 10 && which < input.secrets.size()) {
            input.header += signature_of(input.secrets[which], signed_at, input.body);
            ++at;
        } else {
            input.header += letter;
        }
    }
    return input;
}

bool is_blank(char letter) {
    return std::strchr(" \t\r\n\v\f", letter) != nullptr && letter != '\0';
}

bool all_blank(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_blank);
}

/// What parseInt makes of the text, as decimal text again; nothing when it is no number or beyond 64 bits.
std::optional<std::string> as_seconds(std::string_view text) {
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+'))
        text.remove_prefix(1);
    std::size_t count = 0;
    while (count < text.size() && text[count] >= '0' && text[count] <= '9')
        ++count;
    if (count == 0)
        return std::nullopt;
    std::string_view digits = text.substr(0, count);
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
    const std::string_view most = negative ? "9223372036854775808" : "9223372036854775807";
    if (digits.size() > most.size() || (digits.size() == most.size() && digits > most))
        return std::nullopt;
    return (negative && digits != "0" ? "-" : "") + std::string(digits);
}

/// The scheme, read a second time.
bool should_accept(const signature_input& input) {
    std::optional<std::string> seconds;
    std::vector<std::string> given;
    std::string_view rest = input.header;
    while (!rest.empty()) {
        std::string_view item = fuzz::take_until(rest, ',');
        if (item.find('=') == std::string_view::npos)
            continue;
        const std::string_view name = fuzz::take_until(item, '=');
        const std::string_view value = fuzz::take_until(item, '=');
        if (name == "t")
            seconds = as_seconds(value);
        if (name == "v1")
            given.emplace_back(value);
    }
    if (!seconds || input.body.empty())
        return false;
    bool matches = false;
    for (const std::string& secret : input.secrets)
        for (const std::string& signature : given)
            matches =
                matches || (!all_blank(secret) && signature == signature_of(secret, *seconds, input.body));
    __extension__ using wide = __int128;
    const wide age = static_cast<wide>(input.now_ms / 1000) - std::stoll(*seconds);
    const bool too_old = input.tolerance_s > 0 && age > input.tolerance_s;
    const bool too_early = input.skew_s >= 0 && -age > input.skew_s;
    return matches && !too_old && !too_early;
}

stripe::signature_verdict judge(const signature_input& input, std::string_view body) {
    const trb_host_crypto_v1 crypto = make_crypto();
    stripe::signed_delivery delivery;
    delivery.header = input.header;
    delivery.body = body;
    delivery.received_at_ms = input.now_ms;
    delivery.secrets.assign(input.secrets.begin(), input.secrets.end());
    delivery.tolerance_s = input.tolerance_s;
    delivery.future_skew_s = input.skew_s;
    return stripe::judge(delivery, crypto);
}

bool is_word(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
    });
}

void check_refusal(const signature_input& input, const stripe::signature_verdict& verdict) {
    must(is_word(verdict.reason), "a refusal has a word for its reason", verdict.reason);
    must(!verdict.detail.empty(), "a refusal has a sentence", verdict.reason);
    // Hints may quote a short or a wordy secret by chance; one like Stripe's own they never do.
    for (const std::string& secret : input.secrets)
        if (secret.size() >= 20 && secret.starts_with("whsec_") && secret.find(' ') == std::string::npos)
            must(verdict.detail.find(secret) == std::string::npos, "no secret is told", verdict.detail);
}

/// No other body passes with what was signed for this one.
void check_changed_bodies(const signature_input& input) {
    std::string changed = input.body + "}";
    must(!judge(input, changed).accepted(), "a longer body is refused", changed);
    changed = input.body.substr(0, input.body.size() - 1);
    must(!judge(input, changed).accepted(), "a shorter body is refused", changed);
    changed = input.body;
    char& middle = changed[changed.size() / 2];
    middle = static_cast<char>(middle ^ 1);
    must(!judge(input, changed).accepted(), "a changed body is refused", changed);
}

/// The same through the plugin's own door, with the settings and secrets of a connection.
void check_verify(const signature_input& input, const stripe::signature_verdict& verdict) {
    testing::connection with;
    with.settings = R"({"tolerance_s": )" + std::to_string(input.tolerance_s) + R"(, "future_skew_s": )" +
                    std::to_string(input.skew_s) + "}";
    for (const std::string& secret : input.secrets)
        with.secrets.emplace_back("signing", secret);
    testing::record delivery;
    delivery.body = input.body;
    delivery.headers.emplace_back("stripe-signature", input.header);
    delivery.received_at_ms = input.now_ms;
    const testing::fake_host host;
    std::unique_ptr<stripe::stripe_plugin> plugin;
    must(bool(stripe::stripe_plugin::create(sdk::host(host.get()), "{}", plugin)) && bool(plugin->start()),
         "the plugin starts");
    const testing::verified verified =
        testing::verify(sdk::provider_table<stripe::stripe_plugin>::table, plugin.get(), with, {delivery});
    if (verified.code == "bad_settings")
        return; // Numbers that no operator may set.
    if (!verdict.accepted())
        must(verified.items.size() == 1 && verified.items[0].verdict == TRB_ITEM_REJECTED &&
                 verified.items[0].reason == verdict.reason,
             "verify refuses for the same reason", verified.code);
    else if (verified.accepted())
        must(!verified.items[0].dedupe_key.empty(), "what is accepted has a key");
    else
        must(verified.status == TRB_INVALID || verified.items.size() == 1,
             "a genuine body is refused with a code or an item", verified.code);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    const signature_input input = read_input({reinterpret_cast<const char*>(bytes), count});
    const stripe::signature_verdict verdict = judge(input, input.body);
    must(verdict.accepted() == should_accept(input), "a second reading comes to the same verdict",
         verdict.accepted() ? "accepted: " + input.header : verdict.reason + ": " + input.header);
    if (verdict.accepted())
        check_changed_bodies(input);
    else
        check_refusal(input, verdict);
    check_verify(input, verdict);
    return 0;
}
