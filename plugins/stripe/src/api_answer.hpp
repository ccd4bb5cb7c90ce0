#pragma once

#include <tributary/sdk/provider.hpp>

#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>

#include "json_path.hpp"

namespace tributary::stripe {

enum class answer_state {
    good,          ///< 2xx with a JSON object
    key_refused,   ///< 401, or a key of a kind that Stripe does not take
    right_missing, ///< 403 that names the right
    forbidden,     ///< 403 for another reason
    absent,        ///< 404
    refused,       ///< any other 4xx: the request was wrong in Stripe's eyes
    not_known,     ///< 429, 5xx, silence, no JSON: says nothing about what was asked
};

/// What an answer of Stripe's comes to.
struct api_answer {
    answer_state state = answer_state::not_known;
    bool silent = false;            ///< no answer came at all
    json::value body;               ///< good only
    std::string message;            ///< a sentence for people, without secrets, 300 bytes at most
    std::string right;              ///< right_missing: "rak_invoice_read"
    std::string account;            ///< "acct_..." when a refusal says whose account it is
    std::int64_t retry_after_s = 0; ///< not_known: what Stripe asked for; 0: nothing

    /// "ask again in 7 s"
    std::string retry_advice() const;
};

api_answer read_answer(const trb_record& answer);

/// A text from outside as part of a sentence: one line, at most 300 bytes, and what looks like a key or a
/// secret shows its prefix only.
std::string cleaned(std::string_view text);

/// TRB_REJECTED: the key is not accepted.
sdk::outcome key_refused(const api_answer& answer);
/// TRB_RETRY: Stripe cannot be asked now.
sdk::outcome try_again(const api_answer& answer);

} // namespace tributary::stripe
