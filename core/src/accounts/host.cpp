#include <tributary/accounts/domains.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace tributary::accounts {
namespace {

// RFC 1035, section 2.3.4; 253 because the wire form counts a length before each label and the root.
constexpr std::size_t host_characters_max = 253;
constexpr std::size_t label_characters_max = 63;

failure refused(std::string_view why) {
    return {accounts_errc::invalid_argument, "no host name: " + std::string(why)};
}

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

result<void> check_label(std::string_view label) {
    if (label.empty())
        return refused("an empty label");
    if (label.size() > label_characters_max)
        return refused("a label longer than 63 characters");
    if (label.front() == '-' || label.back() == '-')
        return refused("a label that starts or ends with a hyphen");
    for (const char c : label) {
        if (static_cast<unsigned char>(c) >= 0x80)
            return refused("not ASCII; write it as xn--...");
        if (!is_letter(c) && !is_digit(c) && c != '-')
            return refused("a character that is no letter, digit or hyphen");
    }
    return {};
}

result<std::string_view> without_port(std::string_view host) {
    const std::size_t colon = host.find(':');
    if (colon == std::string_view::npos)
        return host;
    const std::string_view port = host.substr(colon + 1);
    std::uint16_t number = 0;
    const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (port.empty() || failed != std::errc{} || end != port.data() + port.size())
        return refused("something after a colon that is no port");
    return host.substr(0, colon);
}

} // namespace

result<std::string> normalise_host(std::string_view host) {
    TRIBUTARY_TRY_ASSIGN(name, without_port(host));
    if (name.ends_with('.'))
        name.remove_suffix(1);
    if (name.empty())
        return refused("empty");
    if (name.size() > host_characters_max)
        return refused("longer than 253 characters");
    std::string_view last;
    for (std::size_t from = 0; from <= name.size();) {
        const std::size_t dot = std::min(name.find('.', from), name.size());
        last = name.substr(from, dot - from);
        TRIBUTARY_TRY(check_label(last));
        from = dot + 1;
    }
    std::string out(name);
    std::ranges::transform(
        out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (std::ranges::all_of(last, is_digit))
        return refused("an address, or a last label of digits only");
    if (last.size() == name.size() && out != "localhost")
        return refused("a single label");
    return out;
}

} // namespace tributary::accounts
