#include "api_answer.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "document.hpp"

namespace tributary::stripe {
namespace {

constexpr std::size_t message_bytes_max = 300;
constexpr std::size_t name_bytes_max = 64; // Of a right or an account.

bool is_word(char letter) noexcept {
    return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= 'a' && letter <= 'z') || letter == '_' || letter == '*';
}

/// The word that begins at `at`.
std::string_view word_at(std::string_view text, std::size_t at) noexcept {
    std::size_t end = at;
    while (end < text.size() && is_word(text[end]))
        ++end;
    return text.substr(at, end - at);
}

/// The first word with that prefix; "" when there is none.
std::string_view find_word(std::string_view text, std::string_view prefix) noexcept {
    for (std::size_t at = text.find(prefix); at != std::string_view::npos; at = text.find(prefix, at + 1))
        if (at == 0 || !is_word(text[at - 1]))
            return word_at(text, at).substr(0, name_bytes_max);
    return {};
}

/// How much of a word may be shown: all, unless it is a key or a secret. "rk_test_" of "rk_test_51abc".
std::size_t shown_of(std::string_view word) noexcept {
    constexpr std::array<std::string_view, 8> secret_prefixes{"sk_",    "rk_", "rkcs_", "pk_",
                                                              "whsec_", "ek_", "ak_",   "uk_"};
    for (const std::string_view prefix : secret_prefixes) {
        if (!word.starts_with(prefix))
            continue;
        for (const std::string_view mode : {"live_", "test_", "org_live_", "org_test_"})
            if (word.substr(prefix.size()).starts_with(mode))
                return prefix.size() + mode.size();
        return prefix.size();
    }
    return word.size();
}

std::int64_t seconds_of(const trb_record& answer) {
    const std::vector<std::string_view> values = sdk::headers_named(answer, "Retry-After");
    std::int64_t seconds = 0;
    if (values.empty())
        return 0;
    const auto [end, error] = std::from_chars(values[0].data(), values[0].data() + values[0].size(), seconds);
    constexpr std::int64_t day_s = 86'400; // A header that asks for more is not believed.
    return error == std::errc() && end == values[0].data() + values[0].size() && seconds > 0 &&
                   seconds <= day_s
               ? seconds
               : 0;
}

answer_state state_of(std::int64_t status, std::string_view code, std::string_view right) noexcept {
    if (status == 401 || code == "secret_key_required" || code == "api_key_expired")
        return answer_state::key_refused;
    if (status == 403)
        return right.empty() ? answer_state::forbidden : answer_state::right_missing;
    if (status == 404)
        return answer_state::absent;
    // 409 is a lock held by another request; Stripe says rate limits with 400 too.
    if (status == 409 || status == 429 || code == "rate_limit" || status < 400 || status >= 500)
        return answer_state::not_known;
    return answer_state::refused;
}

} // namespace

std::string cleaned(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size() && out.size() < message_bytes_max;) {
        if (!is_word(text[at])) {
            const auto byte = static_cast<unsigned char>(text[at++]);
            out += byte < 0x20 || byte >= 0x7f ? ' ' : static_cast<char>(byte);
            continue;
        }
        const std::string_view word = word_at(text, at);
        const std::size_t shown = shown_of(word);
        out += word.substr(0, shown);
        if (shown < word.size())
            out += "***";
        at += word.size();
    }
    if (out.size() > message_bytes_max)
        out.resize(message_bytes_max);
    return out;
}

std::string api_answer::retry_advice() const {
    return retry_after_s > 0 ? "ask again in " + std::to_string(retry_after_s) + " s, as Stripe says"
                             : "ask again in a minute";
}

api_answer read_answer(const trb_record& answer) {
    api_answer read;
    const std::string_view body = sdk::view(answer.body);
    if (answer.http_status == 0) {
        read.silent = true;
        read.message = "no answer came: " + cleaned(body);
        return read;
    }
    json::value document;
    const bool parsed = bool(parse_document(body, document));
    if (answer.http_status >= 200 && answer.http_status <= 299) {
        if (parsed)
            read.state = answer_state::good;
        else
            read.message =
                "the answer is no JSON object: something between here and Stripe answered in its place";
        read.body = std::move(document);
        return read;
    }
    const std::string_view message = parsed ? text(document, "error.message") : std::string_view();
    read.right = std::string(find_word(message, "rak_"));
    read.account = std::string(find_word(message, "acct_"));
    read.state =
        state_of(answer.http_status, parsed ? text(document, "error.code") : std::string_view(), read.right);
    if (read.state == answer_state::not_known)
        read.retry_after_s = seconds_of(answer);
    read.message =
        message.empty() ? "Stripe answered " + std::to_string(answer.http_status) : cleaned(message);
    return read;
}

sdk::outcome key_refused(const api_answer& answer) {
    return sdk::rejected(
        "key_refused", "Stripe does not accept the API key: " + answer.message +
                           " Look in the Dashboard whether it was rolled or deleted; add the right one with "
                           "'tributary connection secret add CONNECTION api_key=-'.");
}

sdk::outcome try_again(const api_answer& answer) {
    return sdk::retry("not_now",
                      "Stripe cannot be asked now (" + answer.message + "); " + answer.retry_advice(),
                      answer.retry_after_s * 1000);
}

} // namespace tributary::stripe
