#include <tributary/base/crypto.hpp>
#include <tributary/base/entropy.hpp>
#include <tributary/base/ids.hpp>

#include <array>
#include <cstdint>
#include <span>

namespace tributary {
namespace {

constexpr std::size_t characters = 26; // 130 bits

/// Writes the first 130 bits of 17 bytes in base 32 (Crockford).
void append_base32(std::string& out, std::span<const std::uint8_t, 17> bytes) {
    constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    for (std::size_t index = 0; index < characters; ++index) {
        const std::size_t bit = index * 5;
        const unsigned pair = static_cast<unsigned>(bytes[bit / 8]) << 8 |
                              (bit / 8 + 1 < bytes.size() ? bytes[bit / 8 + 1] : 0u);
        out += alphabet[pair >> (11 - bit % 8) & 31];
    }
}

} // namespace

std::string make_id(std::string_view prefix, time_ms now_ms, entropy& random) {
    // 2 zero bits, 48 bits of time, 80 random bits: the layout of a ULID.
    std::array<std::uint8_t, 16> plain{};
    for (std::size_t byte = 0; byte < 6; ++byte)
        plain[byte] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(now_ms) >> (40 - 8 * byte));
    random.fill(plain.data() + 6, 10);
    std::array<std::uint8_t, 17> shifted{};
    for (std::size_t byte = 0; byte < plain.size(); ++byte) {
        shifted[byte] = static_cast<std::uint8_t>(shifted[byte] | plain[byte] >> 2);
        shifted[byte + 1] = static_cast<std::uint8_t>(plain[byte] << 6);
    }
    std::string out(prefix);
    append_base32(out, shifted);
    return out;
}

std::string derived_id(std::string_view prefix, std::string_view text) {
    const digest256 digest = sha256(text);
    std::string out(prefix);
    append_base32(out, std::span<const std::uint8_t, 17>(digest.data(), 17));
    return out;
}

} // namespace tributary
