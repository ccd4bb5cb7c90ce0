#pragma once

#include <tributary/base/clock.hpp>
#include <tributary/base/result.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "validator/module.hpp"

namespace tributary::validator {

/// An account that deliveries come in for.
struct connection_sample {
    std::int32_t environment = TRB_SANDBOX;
    std::string id = "con_check";
    std::string realm;
    std::string settings = "{}";
    std::vector<std::pair<std::string, std::string>> secrets;
    /// The provider does not sign what it sends (a fixed token only): a changed body cannot be told.
    bool unsigned_body = false;
};

/// One delivery, from a fixture or from the plugin's own simulator.
struct delivery_sample {
    std::string name;
    std::string method = "POST";
    std::string path;
    std::string query;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    time_ms received_at = 0;
    connection_sample connection;
    std::filesystem::path expected; ///< Of a fixture: where its expected facts are, or would be.
};

/// When everything happens that has no time of its own.
inline constexpr time_ms sample_time = 1'700'000'000'000;

/// A raw HTTP request as in a fixture: request line, headers, an empty line, the body. Lines end with LF or
/// CRLF; the body is taken byte for byte. @errors validator_errc::bad_testdata
result<delivery_sample> parse_request(const std::string& raw);

/// The *.http of a folder, by name, each with the connection that applies to it. None: no such folder.
/// @errors validator_errc::bad_testdata
result<std::vector<delivery_sample>> read_fixtures(const std::filesystem::path& folder,
                                                   const std::string& short_name);

/// What a story consists of.
struct told_story {
    trb_status status = TRB_OK;
    std::vector<delivery_sample> deliveries;
    std::vector<std::pair<std::string, std::int64_t>> expectations;
    std::string error;
    std::string fault; ///< A broken rule of simulator.h.

    std::string text() const; ///< All of it, to compare.
};

struct story_wish {
    std::string story;
    std::uint64_t seed = 1;
    std::vector<std::pair<std::string, std::string>> parameters;
    std::string definition = {}; ///< The story itself, in the plugin's own format, instead of its name.
};
told_story tell(const instance& of, const trb_simulator_v1& simulator, const story_wish& wish);
std::vector<std::string> stories_of(const trb_simulator_v1& simulator);

/// The realm of an account of this plugin's when nothing else is said.
std::string sample_realm(std::string_view short_name);

/// A secret that any scheme can read: text, base64 of 33 bytes behind a usual prefix.
std::string_view sample_secret() noexcept;

} // namespace tributary::validator
