#include "http/proxy_trust.hpp"

#include <boost/system/errc.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstring>

#include "http/grammar.hpp"

namespace tributary::http {
namespace {

constexpr std::size_t address_text_max = INET6_ADDRSTRLEN;
constexpr ip_bytes mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool is_mapped(const ip_bytes& address) noexcept {
    return std::equal(address.begin(), address.begin() + 12, mapped_prefix.begin());
}

bool within(const ip_bytes& address, const ip_bytes& network, unsigned prefix_bits) noexcept {
    const unsigned whole = prefix_bits / 8;
    const unsigned rest = prefix_bits % 8;
    if (!std::equal(network.begin(), network.begin() + whole, address.begin()))
        return false;
    const auto mask = static_cast<std::uint8_t>(0xff00u >> rest);
    return rest == 0 || ((address[whole] ^ network[whole]) & mask) == 0;
}

struct internal_block {
    std::string_view network;
    unsigned prefix_bits;
};

/// RFC 6890 and the registries it names. IPv4 blocks count their bits within the mapped form.
constexpr internal_block internal_blocks[] = {
    {"0.0.0.0", 96 + 8},
    {"10.0.0.0", 96 + 8},
    {"100.64.0.0", 96 + 10},
    {"127.0.0.0", 96 + 8},
    {"169.254.0.0", 96 + 16},
    {"172.16.0.0", 96 + 12},
    {"192.0.0.0", 96 + 24},
    {"192.168.0.0", 96 + 16},
    {"198.18.0.0", 96 + 15},
    {"224.0.0.0", 96 + 4},
    {"240.0.0.0", 96 + 4},
    {"::", 127},
    {"64:ff9b::", 96},
    {"64:ff9b:1::", 48},
    {"fc00::", 7},
    {"fe80::", 10},
    {"ff00::", 8},
    {"2002::", 16},
};

/// "192.0.2.1:80" and "[::1]:80" without port and brackets; other text unchanged.
std::string_view without_port(std::string_view text) noexcept {
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        return end == std::string_view::npos ? text : text.substr(1, end - 1);
    }
    const std::size_t colon = text.find(':');
    const bool is_ipv4_with_port =
        colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos;
    return is_ipv4_with_port ? text.substr(0, colon) : text;
}

/// All elements of all X-Forwarded-For fields, left to right.
std::vector<std::string_view> forwarded_for(const std::vector<header>& headers) {
    std::vector<std::string_view> elements;
    for (const header& field : headers) {
        if (!grammar::equal_ignoring_case(field.name, "x-forwarded-for"))
            continue;
        for (std::string_view list = field.value; !list.empty();)
            elements.push_back(grammar::next_element(list));
    }
    return elements;
}

} // namespace

std::optional<ip_bytes> parse_ip(std::string_view text) {
    if (text.empty() || text.size() >= address_text_max)
        return std::nullopt;
    char terminated[address_text_max] = {};
    std::memcpy(terminated, text.data(), text.size());
    ip_bytes address = mapped_prefix;
    if (inet_pton(AF_INET, terminated, address.data() + 12) == 1)
        return address;
    if (inet_pton(AF_INET6, terminated, address.data()) == 1)
        return address;
    return std::nullopt;
}

std::string format_ip(const ip_bytes& address) {
    char text[address_text_max] = {};
    const bool mapped = is_mapped(address);
    inet_ntop(mapped ? AF_INET : AF_INET6, address.data() + (mapped ? 12 : 0), text, sizeof text);
    return text;
}

bool is_internal(const ip_bytes& address) noexcept {
    return std::ranges::any_of(internal_blocks, [&](const internal_block& block) {
        const auto network = parse_ip(block.network);
        return network && within(address, *network, block.prefix_bits);
    });
}

result<trusted_proxies> trusted_proxies::parse(const std::vector<std::string>& blocks) {
    trusted_proxies parsed;
    for (const std::string& text : blocks) {
        const std::string_view view = text;
        const std::size_t slash = view.find('/');
        const auto network = parse_ip(view.substr(0, slash));
        const unsigned bits_max = network && is_mapped(*network) ? 32 : 128;
        unsigned bits = bits_max;
        bool valid = network.has_value();
        if (slash != std::string_view::npos) {
            const char* const end = view.data() + view.size();
            const auto [stop, error] = std::from_chars(view.data() + slash + 1, end, bits);
            valid = valid && error == std::errc() && stop == end && bits <= bits_max;
        }
        if (!valid)
            return failure(boost::system::errc::make_error_code(boost::system::errc::invalid_argument),
                           "trusted proxy \"" + text + "\" is neither an address nor a CIDR block");
        parsed.blocks_.push_back({*network, 128 - bits_max + bits});
    }
    return parsed;
}

bool trusted_proxies::contains(const ip_bytes& address) const noexcept {
    return std::ranges::any_of(
        blocks_, [&](const block& trusted) { return within(address, trusted.network, trusted.prefix_bits); });
}

std::string trusted_proxies::client_address(std::string_view peer, const std::vector<header>& headers) const {
    std::string client(peer);
    const auto elements = forwarded_for(headers);
    for (auto element = elements.rbegin(); element != elements.rend(); ++element) {
        const auto address = parse_ip(without_port(*element));
        if (!address)
            break;
        client = format_ip(*address);
        if (!contains(*address))
            break;
    }
    return client;
}

std::string_view forwarded_scheme(const std::vector<header>& headers) noexcept {
    std::string_view scheme;
    for (const header& field : headers) {
        if (!grammar::equal_ignoring_case(field.name, "x-forwarded-proto"))
            continue;
        for (std::string_view list = field.value; !list.empty();)
            scheme = grammar::next_element(list);
    }
    if (grammar::equal_ignoring_case(scheme, "https"))
        return "https";
    return grammar::equal_ignoring_case(scheme, "http") ? "http" : "";
}

} // namespace tributary::http
