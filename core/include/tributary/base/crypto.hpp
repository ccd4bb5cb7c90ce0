#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tributary {

using digest256 = std::array<std::uint8_t, 32>;

/// SHA-256 (FIPS 180-4), by OpenSSL. Thread-safe.
digest256 sha256(std::string_view bytes);

/// HMAC-SHA-256 (RFC 2104). Thread-safe.
digest256 hmac_sha256(std::string_view key, std::string_view bytes);

/// Are both equal? Takes a time that depends on the sizes only.
bool equal_constant_time(std::string_view left, std::string_view right) noexcept;

/// Lower-case hexadecimal.
std::string hex_encode(std::string_view bytes);
/// Accepts both cases; nothing when a character or the length is wrong.
std::optional<std::string> hex_decode(std::string_view text);

/// Standard alphabet, with padding (RFC 4648, section 4).
std::string base64_encode(std::string_view bytes);
std::optional<std::string> base64_decode(std::string_view text);

/// The bytes of a digest as a view.
inline std::string_view as_bytes(const digest256& digest) noexcept {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

} // namespace tributary
