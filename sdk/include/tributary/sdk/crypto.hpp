#pragma once

#include <tributary/sdk/base.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace tributary::sdk {

/// The host's cryptography in C++ words. The plugin has to require TRB_SERVICE_CRYPTO. Thread-safe.
class crypto {
  public:
    explicit crypto(host from) noexcept : table_(from.crypto()) {}

    /// 32 bytes.
    std::string sha256(std::string_view bytes) const {
        std::array<std::uint8_t, 32> digest{};
        table_->sha256(view(bytes), digest.data());
        return {reinterpret_cast<const char*>(digest.data()), digest.size()};
    }
    /// 32 bytes.
    std::string hmac_sha256(std::string_view key, std::string_view bytes) const {
        std::array<std::uint8_t, 32> digest{};
        table_->hmac_sha256(view(key), view(bytes), digest.data());
        return {reinterpret_cast<const char*>(digest.data()), digest.size()};
    }
    /// Takes a time that depends on the sizes only: for signatures and tokens.
    bool equal(std::string_view left, std::string_view right) const noexcept {
        return table_->equal(view(left), view(right)) == 1;
    }
    /// Lower case.
    std::string hex(std::string_view bytes) const {
        std::string text(2 * bytes.size(), '\0');
        table_->hex_encode(view(bytes), text.data());
        return text;
    }
    std::string base64(std::string_view bytes) const {
        std::string text(4 * ((bytes.size() + 2) / 3), '\0');
        text.resize(static_cast<std::size_t>(table_->base64_encode(view(bytes), text.data())));
        return text;
    }
    /// Nothing when the text is malformed.
    std::optional<std::string> from_hex(std::string_view text) const {
        return decoded(text, text.size() / 2, table_->hex_decode);
    }
    std::optional<std::string> from_base64(std::string_view text) const {
        return decoded(text, 3 * (text.size() / 4), table_->base64_decode);
    }

  private:
    template <class Decode>
    static std::optional<std::string> decoded(std::string_view text, std::size_t room, Decode decode) {
        std::string bytes(room, '\0');
        const std::int64_t size = decode(view(text), reinterpret_cast<std::uint8_t*>(bytes.data()));
        if (size < 0)
            return std::nullopt;
        bytes.resize(static_cast<std::size_t>(size));
        return bytes;
    }

    const trb_host_crypto_v1* table_;
};

} // namespace tributary::sdk
