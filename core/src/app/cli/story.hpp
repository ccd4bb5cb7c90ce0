#pragma once

#include <tributary/base/clock.hpp>
#include <tributary/base/secret_text.hpp>
#include <tributary/http/message.hpp>
#include <tributary/plugins/plugin_set.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tributary::app::cli {

/// What is asked of a provider's simulator.
struct story_request {
    std::string story;
    std::int64_t environment = 0;
    secret_text signing_secret;
    std::string api_version;
    std::uint64_t seed = 0;
    time_ms at = 0;
    std::vector<std::pair<std::string, std::string>> parameters;
    std::string definition; ///< The story itself, in the plugin's own format, instead of its name.
};

struct told_delivery {
    std::string name;
    time_ms at = 0;
    std::vector<http::header> headers;
    std::string body;
};

struct told_story {
    std::vector<told_delivery> deliveries;
    std::vector<std::pair<std::string, std::int64_t>> expectations;
};

/// Lets the simulator tell. @errors cli_errc::not_found, cli_errc::usage, cli_errc::failed with the plugin's
/// words.
result<told_story> tell(const plugins::plugin& provider, const story_request& wanted);

/// Name and one line about each story.
std::vector<std::pair<std::string, std::string>> stories_of(const plugins::plugin& provider);

/// As a network delivers: each one twice, in any order; the same for the same seed on every machine.
void disturb(std::vector<told_delivery>& deliveries, bool duplicate, bool shuffle, std::uint64_t seed);

} // namespace tributary::app::cli
