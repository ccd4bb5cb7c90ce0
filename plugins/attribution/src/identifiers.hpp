#pragma once

#include <tributary/abi/services.h>

#include <initializer_list>
#include <string>
#include <string_view>

namespace tributary::attribution {

/// Hashing of the host, as ids and fingerprints. Thread-safe: the service is.
class fingerprints {
  public:
    /// @param crypto the host's service; must outlive this.
    explicit fingerprints(const trb_host_crypto_v1* crypto) noexcept : crypto_(crypto) {}

    /// Prefix and 26 characters of Crockford's base 32: the first 130 bits of the SHA-256 of the parts. The
    /// same parts give the same id on every daemon, whatever came first.
    std::string derived_id(std::string_view prefix, std::initializer_list<std::string_view> parts) const;

    /// SHA-256 in lower-case hexadecimal.
    std::string hex_digest(std::string_view text) const;

  private:
    const trb_host_crypto_v1* crypto_;
};

} // namespace tributary::attribution
