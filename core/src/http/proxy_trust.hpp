#pragma once

#include <tributary/base/result.hpp>
#include <tributary/http/message.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::http {

/// An IPv6 address; an IPv4 address is its mapped form (::ffff:192.0.2.1), so that both compare alike.
using ip_bytes = std::array<std::uint8_t, 16>;

/// Without zone, port and brackets; nothing when it is no address.
std::optional<ip_bytes> parse_ip(std::string_view text);

/// The usual text form; a mapped IPv4 address is written as IPv4.
std::string format_ip(const ip_bytes& address);

/// Is this an address that only a machine inside could reach: loopback, private, link-local, shared,
/// unspecified, multicast or reserved (RFC 6890)?
bool is_internal(const ip_bytes& address) noexcept;

/// Which peers may tell us by X-Forwarded-For and X-Forwarded-Proto who their client is.
///
/// Immutable after parse(); thread-safe.
class trusted_proxies {
  public:
    /// @param blocks addresses or CIDR blocks: "10.0.0.0/8", "::1".
    /// @errors errc::invalid_argument, naming the entry.
    static result<trusted_proxies> parse(const std::vector<std::string>& blocks);

    bool contains(const ip_bytes& address) const noexcept;

    /// The client of a request that came from the trusted `peer`: the right-most address of X-Forwarded-For
    /// that is not itself a trusted proxy. Everything left of it was written by the client and may be forged;
    /// an entry that is no address ends the search at the last proxy.
    std::string client_address(std::string_view peer, const std::vector<header>& headers) const;

  private:
    struct block {
        ip_bytes network{};
        unsigned prefix_bits = 128;
    };
    std::vector<block> blocks_;
};

/// What the nearest proxy says of the client's scheme; nothing unless it is "http" or "https".
std::string_view forwarded_scheme(const std::vector<header>& headers) noexcept;

} // namespace tributary::http
