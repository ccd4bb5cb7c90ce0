#include "identifiers.hpp"

#include <tributary/sdk/plugin.hpp>

#include <array>

namespace tributary::attribution {

std::string fingerprints::derived_id(std::string_view prefix,
                                     std::initializer_list<std::string_view> parts) const {
    // Each part is preceded by its length: ("ab", "c") and ("a", "bc") must not collide.
    std::string text;
    for (const std::string_view part : parts) {
        text += std::to_string(part.size());
        text += ':';
        text += part;
    }
    std::array<std::uint8_t, 32> digest{};
    crypto_->sha256(sdk::view(text), digest.data());

    static constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    static constexpr std::size_t characters = 26;
    std::string id(prefix);
    unsigned buffer = 0;
    unsigned bits = 0;
    std::size_t next = 0;
    for (std::size_t made = 0; made < characters; ++made) {
        if (bits < 5) {
            buffer = (buffer << 8) | digest[next++];
            bits += 8;
        }
        bits -= 5;
        id += alphabet[(buffer >> bits) & 31u];
    }
    return id;
}

std::string fingerprints::hex_digest(std::string_view text) const {
    std::array<std::uint8_t, 32> digest{};
    crypto_->sha256(sdk::view(text), digest.data());
    std::string hex(2 * digest.size(), '0');
    crypto_->hex_encode({reinterpret_cast<const char*>(digest.data()), digest.size()}, hex.data());
    return hex;
}

} // namespace tributary::attribution
