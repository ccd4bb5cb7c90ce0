#pragma once

#include <string_view>

namespace tributary::attribution {

/// Why a user agent is not a visitor: the word that gave it away, "empty" for none at all; empty when it is
/// one.
///
/// Preview fetchers, crawlers, libraries and monitors; compared without case. The words are this file's own
/// list. Thread-safe: pure function.
std::string_view bot_word(std::string_view user_agent);

/// What a user agent says about its device; each word is "Unknown" when it does not say.
struct device_words {
    std::string_view device;
    std::string_view browser;
    std::string_view os;
};
device_words read_user_agent(std::string_view user_agent);

} // namespace tributary::attribution
