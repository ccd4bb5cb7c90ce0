#pragma once

#include <tributary/accounts/errors.hpp>
#include <tributary/base/secret_text.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tributary {
class entropy;
}

namespace tributary::accounts {

/// The key that seals secrets at rest: 32 random bytes. Wiped when it goes. Immutable.
class master_key {
  public:
    static constexpr std::size_t size = 32;
    using key_id = std::array<std::uint8_t, 8>;

    /// A new one.
    static master_key generate(entropy& random);
    /// Base64 (RFC 4648, section 4, padded) or hex of 32 bytes; white space around it does not count.
    /// @errors bad_master_key; also for bytes that are all the same, which a template left behind.
    static result<master_key> parse(std::string_view text);

    /// Says which key sealed a secret, without saying anything about the key.
    const key_id& id() const noexcept { return id_; }
    std::string_view bytes() const noexcept { return bytes_.reveal(); }
    /// Base64, for a key's file.
    secret_text text() const;

  private:
    explicit master_key(secret_text bytes);

    secret_text bytes_;
    key_id id_;
};

/// Seals secrets with the master key of today and opens them with that or an earlier one: XChaCha20-Poly1305
/// with a random nonce of 24 bytes, by libsodium.
///
/// A sealed secret is: format 1, 8 bytes of key id, nonce, ciphertext and tag. The header and a `context`,
/// which names the row it belongs to, are authenticated, so that a secret moved to another row does not open.
/// Thread-safe: immutable.
class secret_box {
  public:
    explicit secret_box(master_key current, std::vector<master_key> earlier = {});

    /// @param plain  up to secret_bytes_max; longer ones are a programmer's error.
    std::string seal(std::string_view plain, std::string_view context, entropy& random) const;

    /// @errors sealed_by_other_key, seal_broken.
    result<secret_text> open(std::string_view sealed, std::string_view context) const;

    /// Was it sealed with the key of today? False asks for it to be sealed anew.
    bool is_current(std::string_view sealed) const noexcept;

  private:
    const master_key* find(std::string_view id) const noexcept;

    std::vector<master_key> keys_; ///< The first is today's.
};

} // namespace tributary::accounts
