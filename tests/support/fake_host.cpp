#include "fake_host.hpp"

#include <tributary/base/crypto.hpp>

#include <algorithm>
#include <cstring>
#include <optional>

namespace tributary::testing {
namespace {

std::string_view view(trb_str text) noexcept {
    return {text.data, static_cast<std::size_t>(text.size)};
}

void put_digest(const digest256& digest, std::uint8_t out[32]) noexcept {
    std::memcpy(out, digest.data(), digest.size());
}

// These are called across the C boundary: a test that runs out of memory in here may end at once.
void sha256_of(trb_str bytes, std::uint8_t out[32]) noexcept {
    put_digest(sha256(view(bytes)), out);
}
void hmac_of(trb_str key, trb_str bytes, std::uint8_t out[32]) noexcept {
    put_digest(hmac_sha256(view(key), view(bytes)), out);
}
std::int32_t equal(trb_str left, trb_str right) noexcept {
    return equal_constant_time(view(left), view(right)) ? 1 : 0;
}
void encode_hex(trb_str bytes, char* out) noexcept {
    const std::string made = hex_encode(view(bytes));
    std::copy(made.begin(), made.end(), out);
}
std::int64_t put(const std::optional<std::string>& bytes, std::uint8_t* out) noexcept {
    if (!bytes)
        return -1;
    std::copy(bytes->begin(), bytes->end(), out);
    return static_cast<std::int64_t>(bytes->size());
}
std::int64_t decode_hex(trb_str text, std::uint8_t* out) noexcept {
    return put(hex_decode(view(text)), out);
}
std::int64_t encode_base64(trb_str bytes, char* out) noexcept {
    const std::string made = base64_encode(view(bytes));
    std::copy(made.begin(), made.end(), out);
    return static_cast<std::int64_t>(made.size());
}
std::int64_t decode_base64(trb_str text, std::uint8_t* out) noexcept {
    return put(base64_decode(view(text)), out);
}

} // namespace

const trb_host_crypto_v1& crypto_service() noexcept {
    static constexpr trb_host_crypto_v1 table{sizeof(trb_host_crypto_v1),
                                              0,
                                              &sha256_of,
                                              &hmac_of,
                                              &equal,
                                              &encode_hex,
                                              &decode_hex,
                                              &encode_base64,
                                              &decode_base64};
    return table;
}

fake_host::fake_host() noexcept {
    table_.struct_size = sizeof table_;
    table_.abi_major = TRB_ABI_MAJOR;
    table_.abi_minor = TRB_ABI_MINOR;
    table_.ctx = this;
    table_.get_service = &get_service;
}

const void* fake_host::get_service(const trb_host*, trb_str id) noexcept {
    static constexpr trb_host_log_v1 log{sizeof(trb_host_log_v1), 0, &fake_host::write};
    if (view(id) == TRB_SERVICE_CRYPTO)
        return &crypto_service();
    if (view(id) == TRB_SERVICE_LOG)
        return &log;
    return nullptr;
}

void fake_host::write(const trb_host* host, std::int32_t level, trb_str event, const trb_pair* fields,
                      std::uint64_t count) noexcept {
    log_line line{level, std::string(view(event)), {}};
    for (std::uint64_t index = 0; index < count; ++index)
        line.fields.emplace_back(view(fields[index].name), view(fields[index].value));
    static_cast<fake_host*>(host->ctx)->lines_.push_back(std::move(line));
}

} // namespace tributary::testing
