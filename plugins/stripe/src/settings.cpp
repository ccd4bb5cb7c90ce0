#include "settings.hpp"

#include <boost/json/parse.hpp>

#include "json_path.hpp"

namespace tributary::stripe {
namespace {

sdk::outcome bad(std::string_view key, std::string_view expected) {
    return sdk::invalid("bad_settings",
                        "the setting " + std::string(key) + " must be " + std::string(expected));
}

sdk::outcome read_seconds(const json::value& from, std::string_view key, std::int64_t least,
                          std::int64_t& into) {
    constexpr std::int64_t seconds_max =
        10LL * 366 * 86'400; // Ten years: beyond that it is a slip of the pen.
    if (find(from, key) == nullptr)
        return {};
    const std::optional<std::int64_t> seconds = integer(from, key);
    if (!seconds || *seconds < least || *seconds > seconds_max)
        return bad(key, "a number of seconds, at least " + std::to_string(least));
    into = *seconds;
    return {};
}

/// "https://HOST", "https://HOST:PORT"; http only to this machine, as the key would be readable on the way.
bool is_api_base(std::string_view url) noexcept {
    const bool plain = url.starts_with("http://");
    if (!plain && !url.starts_with("https://"))
        return false;
    url.remove_prefix(plain ? 7 : 8);
    const std::size_t colon = url.ends_with(']') ? std::string_view::npos : url.rfind(':');
    const std::string_view host = url.substr(0, colon);
    if (colon != std::string_view::npos &&
        (colon + 1 == url.size() || url.find_first_not_of("0123456789", colon + 1) != std::string_view::npos))
        return false;
    if (plain)
        return host == "127.0.0.1" || host == "localhost" || host == "[::1]";
    return !host.empty() &&
           host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-[]:") ==
               std::string_view::npos;
}

} // namespace

sdk::outcome parse_settings(std::string_view body, settings& into) {
    if (body.empty() || body == "{}")
        return {};
    json::error_code error;
    const json::value parsed = json::parse({body.data(), body.size()}, error);
    if (error || !parsed.is_object())
        return sdk::invalid("bad_settings", "the connection's settings are not a JSON object");
    if (sdk::outcome done = read_seconds(parsed, "tolerance_s", 0, into.tolerance_s); !done)
        return done;
    if (sdk::outcome done = read_seconds(parsed, "future_skew_s", -1, into.future_skew_s); !done)
        return done;
    if (find(parsed, "api_base") != nullptr) {
        const std::string_view base = text(parsed, "api_base");
        if (!is_api_base(base))
            return bad("api_base",
                       "https://HOST without a path, or http:// for 127.0.0.1, localhost or [::1]");
        into.api_base = base;
    }
    into.webhook_endpoint = text(parsed, "webhook_endpoint");
    if (find(parsed, "client_reference_is_user") != nullptr) {
        const std::optional<bool> chosen = flag(parsed, "client_reference_is_user");
        if (!chosen)
            return bad("client_reference_is_user", "true or false");
        into.client_reference_is_user = *chosen;
    }
    if (const json::value* keys = find(parsed, "user_metadata_keys")) {
        if (!keys->is_array())
            return bad("user_metadata_keys", "an array of texts");
        for (const json::value& key : keys->get_array()) {
            if (!key.is_string())
                return bad("user_metadata_keys", "an array of texts");
            into.user_metadata_keys.emplace_back(key.get_string());
        }
    }
    return {};
}

} // namespace tributary::stripe
