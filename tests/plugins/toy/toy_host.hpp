#pragma once

#include <tributary/abi/services.h>
#include <tributary/base/crypto.hpp>
#include <tributary/sdk/plugin.hpp>

#include <cstring>

namespace toy {

/// A host that offers only cryptography: enough to run a provider's pure calls in a unit test.
class crypto_host {
  public:
    crypto_host() noexcept
        : table_{sizeof(trb_host), TRB_ABI_MAJOR, TRB_ABI_MINOR, 0, this, &crypto_host::get_service} {}
    crypto_host(const crypto_host&) = delete;
    crypto_host& operator=(const crypto_host&) = delete;

    const trb_host* get() const noexcept { return &table_; }

  private:
    static const void* get_service(const trb_host*, trb_str id) noexcept {
        static const trb_host_crypto_v1 crypto{sizeof(trb_host_crypto_v1),
                                               0,
                                               &sha256,
                                               &hmac_sha256,
                                               &equal,
                                               &hex_encode,
                                               nullptr,
                                               nullptr,
                                               nullptr};
        return sdk_view(id) == TRB_SERVICE_CRYPTO ? &crypto : nullptr;
    }
    static std::string_view sdk_view(trb_str text) noexcept { return tributary::sdk::view(text); }
    static void sha256(trb_str bytes, std::uint8_t out[32]) noexcept {
        std::memcpy(out, tributary::sha256(sdk_view(bytes)).data(), 32);
    }
    static void hmac_sha256(trb_str key, trb_str bytes, std::uint8_t out[32]) noexcept {
        std::memcpy(out, tributary::hmac_sha256(sdk_view(key), sdk_view(bytes)).data(), 32);
    }
    static std::int32_t equal(trb_str left, trb_str right) noexcept {
        return tributary::equal_constant_time(sdk_view(left), sdk_view(right)) ? 1 : 0;
    }
    static void hex_encode(trb_str bytes, char* out) noexcept {
        const std::string hex = tributary::hex_encode(sdk_view(bytes));
        std::memcpy(out, hex.data(), hex.size());
    }

    trb_host table_;
};

} // namespace toy
