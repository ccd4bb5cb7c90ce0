#include <tributary/accounts/limits.hpp>
#include <tributary/accounts/secret_box.hpp>
#include <tributary/base/assert.hpp>
#include <tributary/base/crypto.hpp>
#include <tributary/base/entropy.hpp>

#include <sodium.h>

#include <algorithm>
#include <cstring>

#include "accounts/wiped.hpp"

namespace tributary::accounts {
namespace {

// format | key id | nonce | ciphertext and tag
constexpr char format = 1;
constexpr std::size_t key_id_size = std::tuple_size_v<master_key::key_id>;
constexpr std::size_t header_size = 1 + key_id_size;
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t overhead = header_size + nonce_size + tag_size;
static_assert(master_key::size == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

unsigned char* bytes(char* text) {
    return reinterpret_cast<unsigned char*>(text);
}
const unsigned char* bytes(const char* text) {
    return reinterpret_cast<const unsigned char*>(text);
}

std::string_view view(const master_key::key_id& id) {
    return {reinterpret_cast<const char*>(id.data()), id.size()};
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view white = " \t\r\n";
    const std::size_t from = text.find_first_not_of(white);
    if (from == std::string_view::npos)
        return {};
    return text.substr(from, text.find_last_not_of(white) - from + 1);
}

} // namespace

master_key::master_key(secret_text bytes) : bytes_(std::move(bytes)), id_{} {
    // Under the key itself, so that the id tells nothing to whoever guesses keys by their plain hash.
    const digest256 digest = hmac_sha256(bytes_.reveal(), "tributary master key id");
    std::copy_n(digest.begin(), id_.size(), id_.begin());
}

master_key master_key::generate(entropy& random) {
    wiped<std::array<char, size>> fresh;
    random.fill(fresh->data(), fresh->size());
    return master_key(secret_text(std::string_view(fresh->data(), fresh->size())));
}

result<master_key> master_key::parse(std::string_view text) {
    const std::string_view inner = trimmed(text);
    auto decoded = inner.size() == 2 * size ? hex_decode(inner) : base64_decode(inner);
    if (!decoded)
        return failure(accounts_errc::bad_master_key, "expected 32 bytes as base64 or hex");
    secret_text kept(*decoded);
    sodium_memzero(decoded->data(), decoded->size());
    const std::string_view raw = kept.reveal();
    if (raw.size() != size)
        return failure(accounts_errc::bad_master_key, "expected 32 bytes as base64 or hex");
    if (raw.find_first_not_of(raw.front()) == std::string_view::npos)
        return failure(accounts_errc::bad_master_key, "all its bytes are the same");
    return master_key(std::move(kept));
}

secret_text master_key::text() const {
    std::string encoded = base64_encode(bytes());
    secret_text out(encoded);
    sodium_memzero(encoded.data(), encoded.size());
    return out;
}

secret_box::secret_box(master_key current, std::vector<master_key> earlier) {
    TRIBUTARY_ASSERT(sodium_init() >= 0, "libsodium starts");
    keys_.reserve(1 + earlier.size());
    keys_.push_back(std::move(current));
    for (master_key& key : earlier)
        keys_.push_back(std::move(key));
}

const master_key* secret_box::find(std::string_view id) const noexcept {
    const auto found =
        std::ranges::find_if(keys_, [&](const master_key& key) { return view(key.id()) == id; });
    return found == keys_.end() ? nullptr : &*found;
}

std::string secret_box::seal(std::string_view plain, std::string_view context, entropy& random) const {
    TRIBUTARY_ASSERT(plain.size() <= secret_bytes_max, "secrets are checked before they are sealed");
    const master_key& key = keys_.front();
    std::string out(overhead + plain.size(), '\0');
    out[0] = format;
    std::memcpy(out.data() + 1, key.id().data(), key_id_size);
    random.fill(out.data() + header_size, nonce_size);
    const std::string associated = out.substr(0, header_size) + std::string(context);
    crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(out.data()) + header_size + nonce_size, nullptr,
                                               bytes(plain.data()), plain.size(), bytes(associated.data()),
                                               associated.size(), nullptr, bytes(out.data()) + header_size,
                                               bytes(key.bytes().data()));
    return out;
}

result<secret_text> secret_box::open(std::string_view sealed, std::string_view context) const {
    if (sealed.size() < overhead || sealed.size() > overhead + secret_bytes_max || sealed.front() != format)
        return failure(accounts_errc::seal_broken);
    const master_key* key = find(sealed.substr(1, key_id_size));
    if (!key)
        return failure(accounts_errc::sealed_by_other_key,
                       "key id " + hex_encode(sealed.substr(1, key_id_size)));
    const std::string associated = std::string(sealed.substr(0, header_size)) + std::string(context);
    const std::string_view ciphertext = sealed.substr(header_size + nonce_size);
    std::string plain(ciphertext.size() - tag_size, '\0');
    const int refused = crypto_aead_xchacha20poly1305_ietf_decrypt(
        bytes(plain.data()), nullptr, nullptr, bytes(ciphertext.data()), ciphertext.size(),
        bytes(associated.data()), associated.size(), bytes(sealed.data()) + header_size,
        bytes(key->bytes().data()));
    if (refused != 0)
        return failure(accounts_errc::seal_broken);
    secret_text out(plain);
    sodium_memzero(plain.data(), plain.size());
    return out;
}

bool secret_box::is_current(std::string_view sealed) const noexcept {
    return sealed.size() >= overhead && sealed.front() == format &&
           sealed.substr(1, key_id_size) == view(keys_.front().id());
}

} // namespace tributary::accounts
