#include "validator/host.hpp"

#include <tributary/plugins/plugin_set.hpp>

namespace tributary::validator {

using plugins::find_service;
using plugins::view;

namespace {

// Some services get no argument that could lead to a host, and each thread makes its own call: this is the
// only place where both can be looked up.
thread_local phase current = phase::outside;
thread_local const char* first_breach = nullptr;

/// Notes a use that the phase does not allow.
void look_at(const char* service, bool in_pure) noexcept {
    const bool fine =
        current == phase::outside || current == phase::free || (current == phase::pure && in_pure);
    if (!fine && first_breach == nullptr)
        first_breach = service;
}

template <class Table> const Table& real(const char* id) noexcept {
    return *static_cast<const Table*>(find_service(id));
}

const auto& clock_of_host() noexcept {
    return real<trb_host_clock_v1>(TRB_SERVICE_CLOCK);
}
const auto& crypto() noexcept {
    return real<trb_host_crypto_v1>(TRB_SERVICE_CRYPTO);
}

std::int64_t now_ms(const trb_host* host) noexcept {
    look_at("the clock", false);
    return clock_of_host().now_ms(host);
}
void random_bytes(const trb_host* host, void* bytes, std::uint64_t count) noexcept {
    look_at("random bytes", false);
    clock_of_host().random(host, bytes, count);
}
constexpr trb_host_clock_v1 clock_table{sizeof(trb_host_clock_v1), 0, &now_ms, &random_bytes};

void sha256_of(trb_str bytes, std::uint8_t out[32]) noexcept {
    look_at("crypto", true);
    crypto().sha256(bytes, out);
}
void hmac_of(trb_str key, trb_str bytes, std::uint8_t out[32]) noexcept {
    look_at("crypto", true);
    crypto().hmac_sha256(key, bytes, out);
}
std::int32_t equal(trb_str left, trb_str right) noexcept {
    look_at("crypto", true);
    return crypto().equal(left, right);
}
void to_hex(trb_str bytes, char* out) noexcept {
    look_at("crypto", true);
    crypto().hex_encode(bytes, out);
}
std::int64_t from_hex(trb_str text, std::uint8_t* out) noexcept {
    look_at("crypto", true);
    return crypto().hex_decode(text, out);
}
std::int64_t to_base64(trb_str bytes, char* out) noexcept {
    look_at("crypto", true);
    return crypto().base64_encode(bytes, out);
}
std::int64_t from_base64(trb_str text, std::uint8_t* out) noexcept {
    look_at("crypto", true);
    return crypto().base64_decode(text, out);
}
constexpr trb_host_crypto_v1 crypto_table{sizeof(trb_host_crypto_v1),
                                          0,
                                          &sha256_of,
                                          &hmac_of,
                                          &equal,
                                          &to_hex,
                                          &from_hex,
                                          &to_base64,
                                          &from_base64};

void count(const trb_host* host, trb_str name, trb_str reason, std::uint64_t add) noexcept {
    look_at("metrics", true);
    real<trb_host_metrics_v1>(TRB_SERVICE_METRICS).count(host, name, reason, add);
}
constexpr trb_host_metrics_v1 metrics_table{sizeof(trb_host_metrics_v1), 0, &count};

} // namespace

class watching_host::note_taker final : public logger {
  public:
    void write_fields(log_level, std::string_view event, const log_field* fields,
                      std::size_t count) override {
        constexpr std::size_t lines_max = 1000;
        const std::lock_guard<std::mutex> lock(mutex_);
        if (lines_.size() >= lines_max)
            return;
        std::string line(event);
        for (std::size_t index = 0; index < count; ++index) {
            line.append(" ").append(fields[index].name).append("=");
            if (const auto* text = std::get_if<std::string_view>(&fields[index].value))
                line += *text;
        }
        lines_.push_back(std::move(line));
    }
    std::vector<std::string> lines() const {
        const std::lock_guard<std::mutex> lock(mutex_);
        return lines_;
    }

  private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
};

watching_host::watching_host(std::string short_name, bool future)
    : short_name_(std::move(short_name)), log_(std::make_unique<note_taker>()),
      entropy_(1), services_{log_.get(), &clock_, &entropy_, &metrics_, short_name_} {
    const auto size = static_cast<std::uint32_t>(future ? sizeof(future_host) : sizeof(trb_host));
    host_.table = {size, TRB_ABI_MAJOR, TRB_ABI_MINOR, 0, &services_, &get_service};
    for (std::uint64_t& word : host_.more)
        word = 0xa5a5a5a5a5a5a5a5u;
}

watching_host::~watching_host() = default;

const trb_host* watching_host::get() const noexcept {
    return &host_.table;
}

const void* watching_host::get_service(const trb_host*, trb_str id) noexcept {
    if (view(id) == TRB_SERVICE_CLOCK)
        return &clock_table;
    if (view(id) == TRB_SERVICE_CRYPTO)
        return &crypto_table;
    if (view(id) == TRB_SERVICE_METRICS)
        return &metrics_table;
    return find_service(view(id));
}

std::vector<std::string> watching_host::lines() const {
    return log_->lines();
}

watching_host::watch::watch(phase during) noexcept : before_(current) {
    current = during;
    first_breach = nullptr;
}
watching_host::watch::~watch() {
    current = before_;
}
std::string watching_host::watch::breach() const {
    return first_breach == nullptr ? "" : first_breach;
}

} // namespace tributary::validator
