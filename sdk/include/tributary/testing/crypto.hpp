#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What tests of plugins need: a host that is not there, and the plugin's answers as plain values.
/// Header-only, without dependencies, for any test framework.
namespace tributary::testing {

using digest = std::array<std::uint8_t, 32>;

namespace detail {

inline constexpr std::array<std::uint32_t, 64> sha256_constants{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

inline constexpr std::uint32_t rotated(std::uint32_t word, int by) noexcept {
    return (word >> by) | (word << (32 - by));
}

/// One block of 64 bytes.
inline void sha256_block(std::array<std::uint32_t, 8>& state, const char* block) noexcept {
    std::array<std::uint32_t, 64> w{};
    for (std::size_t i = 0; i < 64; ++i)
        w[i / 4] = (w[i / 4] << 8) | static_cast<std::uint8_t>(block[i]);
    for (std::size_t i = 16; i < 64; ++i) {
        const std::uint32_t s0 = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ (w[i - 15] >> 3);
        const std::uint32_t s1 = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ (w[i - 2] >> 10);
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    auto [a, b, c, d, e, f, g, h] = state;
    for (std::size_t i = 0; i < 64; ++i) {
        const std::uint32_t s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
        const std::uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + sha256_constants[i] + w[i];
        const std::uint32_t s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
        const std::uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    const std::array<std::uint32_t, 8> added{a, b, c, d, e, f, g, h};
    for (std::size_t i = 0; i < 8; ++i)
        state[i] += added[i];
}

inline int hex_digit(char letter) noexcept {
    return letter >= '0' && letter <= '9'   ? letter - '0'
           : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10
           : letter >= 'A' && letter <= 'F' ? letter - 'A' + 10
                                            : -1;
}

inline constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

} // namespace detail

/// FIPS 180-4. For tests: not constant in time.
inline digest sha256(std::string_view bytes) {
    std::array<std::uint32_t, 8> state{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                       0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::string rest(bytes.substr(bytes.size() / 64 * 64));
    for (std::size_t at = 0; at + 64 <= bytes.size(); at += 64)
        detail::sha256_block(state, bytes.data() + at);
    rest.push_back('\x80');
    rest.resize(rest.size() <= 56 ? 56 : 120, '\0');
    const std::uint64_t bits = std::uint64_t{bytes.size()} * 8;
    for (int shift = 56; shift >= 0; shift -= 8)
        rest.push_back(static_cast<char>(bits >> shift));
    for (std::size_t at = 0; at < rest.size(); at += 64)
        detail::sha256_block(state, rest.data() + at);
    digest made{};
    for (std::size_t i = 0; i < made.size(); ++i)
        made[i] = static_cast<std::uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)));
    return made;
}

inline std::string bytes_of(const digest& made) {
    return {reinterpret_cast<const char*>(made.data()), made.size()};
}

/// RFC 2104 with SHA-256.
inline digest hmac_sha256(std::string_view key, std::string_view bytes) {
    std::string block = key.size() > 64 ? bytes_of(sha256(key)) : std::string(key);
    block.resize(64, '\0');
    std::string inner = block;
    std::string outer = block;
    for (std::size_t i = 0; i < 64; ++i) {
        inner[i] = static_cast<char>(block[i] ^ 0x36);
        outer[i] = static_cast<char>(block[i] ^ 0x5c);
    }
    return sha256(outer + bytes_of(sha256(inner.append(bytes))));
}

/// Lower case.
inline std::string hex(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) {
        text.push_back("0123456789abcdef"[static_cast<std::uint8_t>(byte) >> 4]);
        text.push_back("0123456789abcdef"[byte & 15]);
    }
    return text;
}
inline std::string hex(const digest& made) {
    return hex(bytes_of(made));
}

/// Nothing when malformed.
inline std::optional<std::string> from_hex(std::string_view text) {
    std::string bytes;
    if (text.size() % 2 != 0)
        return std::nullopt;
    for (std::size_t at = 0; at < text.size(); at += 2) {
        const int high = detail::hex_digit(text[at]);
        const int low = detail::hex_digit(text[at + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        bytes.push_back(static_cast<char>(high * 16 + low));
    }
    return bytes;
}

/// Standard alphabet, padded.
inline std::string base64(std::string_view bytes) {
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const auto byte = [&](std::size_t index) -> std::uint32_t {
            return index < bytes.size() ? static_cast<std::uint8_t>(bytes[index]) : 0u;
        };
        const std::uint32_t group = byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2);
        for (std::size_t i = 0; i < 4; ++i)
            text.push_back(at + i <= bytes.size() ? detail::base64_alphabet[group >> (18 - 6 * i) & 63]
                                                  : '=');
    }
    return text;
}

/// Nothing when malformed: also without padding, and with bits that no byte has.
inline std::optional<std::string> from_base64(std::string_view text) {
    std::string bytes;
    if (text.size() % 4 != 0)
        return std::nullopt;
    for (std::size_t at = 0; at < text.size(); at += 4) {
        const bool last = at + 4 == text.size();
        const std::size_t padding = !last ? 0 : text[at + 3] != '=' ? 0 : text[at + 2] != '=' ? 1 : 2;
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            const std::size_t value = i < 4 - padding ? detail::base64_alphabet.find(text[at + i]) : 0;
            if (value == std::string_view::npos)
                return std::nullopt;
            group = group << 6 | static_cast<std::uint32_t>(value);
        }
        if ((group & ((1u << (8 * padding)) - 1)) != 0)
            return std::nullopt;
        for (std::size_t i = 0; i < 3 - padding; ++i)
            bytes.push_back(static_cast<char>(group >> (16 - 8 * i)));
    }
    return bytes;
}

} // namespace tributary::testing
