#include "api_key.hpp"

#include <algorithm>
#include <array>

namespace tributary::stripe {
namespace {

struct prefix {
    std::string_view text;
    key_kind kind;
    bool organisation = false;
};

// The longer ones first: sk_org_ begins with sk_.
constexpr std::array<prefix, 5> prefixes{{
    {"sk_org_", key_kind::secret, true},
    {"sk_", key_kind::secret},
    {"rk_", key_kind::restricted},
    {"rkcs_", key_kind::restricted},
    {"pk_", key_kind::publishable},
}};

bool is_key_text(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char letter) {
        return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= 'a' && letter <= 'z') || letter == '_';
    });
}

} // namespace

api_key read_api_key(std::string_view key) noexcept {
    api_key read;
    if (key.empty())
        return read;
    read.kind = key_kind::other;
    if (key.starts_with("whsec_")) {
        read.kind = key_kind::signing;
        return read;
    }
    for (const prefix& each : prefixes) {
        if (!key.starts_with(each.text))
            continue;
        const std::string_view rest = key.substr(each.text.size());
        const bool live = rest.starts_with("live_");
        if (!live && !rest.starts_with("test_"))
            return read;
        if (!is_key_text(rest.substr(5))) // Empty, or with white space that was pasted along.
            return read;
        read.kind = each.kind;
        read.organisation = each.organisation;
        read.live = live;
        return read;
    }
    return read;
}

} // namespace tributary::stripe
