#include "config/address.hpp"

#include <tributary/config/errors.hpp>

#include <arpa/inet.h>
#include <charconv>
#include <string>

namespace tributary::config {
namespace {

template <class Integer> std::optional<Integer> whole_number(std::string_view text) {
    Integer value{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || failed != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

bool is_address(int family, std::string_view text) {
    unsigned char bytes[sizeof(in6_addr)];
    return inet_pton(family, std::string(text).c_str(), bytes) == 1;
}

bool is_label_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

/// Host and optional port of a URL: a name of LDH characters, an IPv4 address, or an IPv6 address in
/// brackets.
bool is_authority(std::string_view text) {
    std::string_view host = text;
    std::string_view port;
    const std::size_t colon = text.rfind(':');
    if (colon != std::string_view::npos && text.find(']', colon) == std::string_view::npos) {
        host = text.substr(0, colon);
        port = text.substr(colon + 1);
        const auto number = whole_number<std::uint16_t>(port);
        if (!number || *number == 0)
            return false;
    }
    if (host.starts_with('[') && host.ends_with(']'))
        return is_address(AF_INET6, host.substr(1, host.size() - 2));
    if (host.empty() || host.front() == '.' || host.find("..") != std::string_view::npos)
        return false;
    for (const char c : host)
        if (!is_label_character(c) && c != '.')
            return false;
    return true;
}

} // namespace

result<listen_address> parse_listen_address(std::string_view text) {
    const failure expected(config_errc::malformed,
                           "expected an address and a port, such as \"127.0.0.1:8080\" or \"[::1]:8080\"");
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return expected;
    std::string_view host = text.substr(0, colon);
    const auto port = whole_number<std::uint16_t>(text.substr(colon + 1));
    if (!port)
        return expected;
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
        if (!is_address(AF_INET6, host))
            return expected;
    } else if (!is_address(AF_INET, host)) {
        // Names are refused, too: which of its addresses would be listened on is not the operator's choice
        // then.
        return expected;
    }
    return listen_address{std::string(host), *port};
}

bool is_network(std::string_view text) {
    const std::size_t slash = text.find('/');
    const std::string_view address = text.substr(0, slash);
    const bool v4 = is_address(AF_INET, address);
    if (!v4 && !is_address(AF_INET6, address))
        return false;
    if (slash == std::string_view::npos)
        return true;
    const auto prefix = whole_number<unsigned>(text.substr(slash + 1));
    return prefix && *prefix <= (v4 ? 32u : 128u);
}

result<std::string> parse_public_url(std::string_view text) {
    const failure expected(
        config_errc::malformed,
        "expected an http or https URL without query, such as \"https://pay.example.com\"");
    std::string_view rest = text;
    if (rest.starts_with("https://"))
        rest.remove_prefix(8);
    else if (rest.starts_with("http://"))
        rest.remove_prefix(7);
    else
        return expected;
    const std::size_t slash = rest.find('/');
    if (!is_authority(rest.substr(0, slash)))
        return expected;
    for (const char c : text)
        if (c <= ' ' || c >= 0x7f || std::string_view("?#@\"<>\\^`{|}").find(c) != std::string_view::npos)
            return expected;
    while (text.ends_with('/'))
        text.remove_suffix(1);
    return std::string(text);
}

bool is_plugin_name(std::string_view text) {
    if (text.empty() || text.size() > 24 || text.front() < 'a' || text.front() > 'z')
        return false;
    for (const char c : text)
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
            return false;
    return true;
}

} // namespace tributary::config
