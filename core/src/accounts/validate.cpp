#include "accounts/validate.hpp"

#include <tributary/accounts/limits.hpp>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <cstdint>
#include <string>

namespace tributary::accounts {
namespace {

failure refused(std::string why) {
    return {accounts_errc::invalid_argument, std::move(why)};
}

/// The first character of UTF-8 text and how many bytes it takes; 0 bytes when it is malformed (RFC 3629: no
/// overlong forms, no surrogates, nothing beyond U+10FFFF).
struct decoded {
    std::uint32_t character;
    std::size_t bytes;
};

decoded decode_first(std::string_view text) {
    const auto byte = [&](std::size_t at) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at]));
    };
    const std::uint32_t lead = byte(0);
    if (lead < 0x80)
        return {lead, 1};
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < length)
        return {0, 0};
    std::uint32_t character = lead & (0x7fu >> length);
    for (std::size_t at = 1; at < length; ++at) {
        if ((byte(at) & 0xc0u) != 0x80u)
            return {0, 0};
        character = character << 6 | (byte(at) & 0x3fu);
    }
    constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (character < least[length] || character > 0x10ffff || (character >= 0xd800 && character <= 0xdfff))
        return {0, 0};
    return {character, length};
}

/// Also those that turn the direction of what follows, with which one name can be made to look like another.
bool is_control(std::uint32_t c) {
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200e && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

} // namespace

result<void> check_name(std::string_view what, std::string_view name) {
    const std::string subject(what);
    if (name.empty())
        return refused(subject + " is empty");
    if (name.size() > name_characters_max)
        return refused(subject + " is longer than " + std::to_string(name_characters_max) + " bytes");
    if (name.front() == ' ' || name.back() == ' ')
        return refused(subject + " starts or ends with a space");
    while (!name.empty()) {
        const decoded first = decode_first(name);
        if (first.bytes == 0)
            return refused(subject + " is not UTF-8");
        if (is_control(first.character))
            return refused(subject + " contains a control character");
        name.remove_prefix(first.bytes);
    }
    return {};
}

result<void> check_provider(std::string_view provider) {
    const bool fits = !provider.empty() && provider.size() <= 24 && std::ranges::all_of(provider, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    });
    if (!fits)
        return refused("the provider is no plugin's short name (a-z and 0-9, up to 24)");
    return {};
}

result<void> check_realm(std::string_view realm) {
    if (realm.empty() || realm.size() > name_characters_max)
        return refused("the realm must have 1 to " + std::to_string(name_characters_max) + " characters");
    if (!std::ranges::all_of(realm, [](char c) { return c > 0x20 && c < 0x7f; }))
        return refused("the realm contains something else than visible ASCII characters");
    return {};
}

result<void> check_secret_name(std::string_view name) {
    const bool fits = !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
    if (!fits)
        return refused("a secret's name must have 1 to 64 characters a-z, 0-9 and _");
    return {};
}

result<void> check_settings(std::string_view json) {
    if (json.size() > settings_bytes_max)
        return refused("the settings are longer than " + std::to_string(settings_bytes_max) + " bytes");
    boost::system::error_code failed;
    const boost::json::value parsed = boost::json::parse({json.data(), json.size()}, failed);
    if (failed || !parsed.is_object())
        return refused("the settings are no JSON object");
    return {};
}

result<void> check_environment(environment which) {
    if (which != environment::live && which != environment::sandbox)
        return refused("the environment is neither live nor sandbox");
    return {};
}

} // namespace tributary::accounts
