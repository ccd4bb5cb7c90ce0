#pragma once

#include <tributary/abi/plugin.h>
#include <tributary/abi/services.h>
#include <tributary/testing/crypto.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tributary::testing {

namespace detail {

inline std::string_view view(trb_str text) noexcept {
    return {text.data == nullptr ? "" : text.data, static_cast<std::size_t>(text.size)};
}
inline trb_str view(std::string_view text) noexcept {
    return {text.data(), text.size()};
}
inline std::string copy(trb_str text) {
    return std::string(view(text));
}

// These are called across the C boundary: a test that runs out of memory in here may end at once.
struct crypto_functions {
    static void sha256(trb_str bytes, std::uint8_t out[32]) noexcept {
        std::memcpy(out, testing::sha256(view(bytes)).data(), 32);
    }
    static void hmac_sha256(trb_str key, trb_str bytes, std::uint8_t out[32]) noexcept {
        std::memcpy(out, testing::hmac_sha256(view(key), view(bytes)).data(), 32);
    }
    static std::int32_t equal(trb_str left, trb_str right) noexcept {
        return view(left) == view(right) ? 1 : 0;
    }
    static void hex_encode(trb_str bytes, char* out) noexcept {
        const std::string text = hex(view(bytes));
        std::copy(text.begin(), text.end(), out);
    }
    static std::int64_t put(const std::optional<std::string>& bytes, std::uint8_t* out) noexcept {
        if (!bytes)
            return -1;
        std::copy(bytes->begin(), bytes->end(), out);
        return static_cast<std::int64_t>(bytes->size());
    }
    static std::int64_t hex_decode(trb_str text, std::uint8_t* out) noexcept {
        return put(from_hex(view(text)), out);
    }
    static std::int64_t base64_encode(trb_str bytes, char* out) noexcept {
        const std::string text = base64(view(bytes));
        std::copy(text.begin(), text.end(), out);
        return static_cast<std::int64_t>(text.size());
    }
    static std::int64_t base64_decode(trb_str text, std::uint8_t* out) noexcept {
        return put(from_base64(view(text)), out);
    }
};

} // namespace detail

/// The crypto service. Thread-safe.
inline const trb_host_crypto_v1& crypto_service() noexcept {
    using functions = detail::crypto_functions;
    static constexpr trb_host_crypto_v1 table{sizeof(trb_host_crypto_v1), 0,
                                              &functions::sha256,         &functions::hmac_sha256,
                                              &functions::equal,          &functions::hex_encode,
                                              &functions::hex_decode,     &functions::base64_encode,
                                              &functions::base64_decode};
    return table;
}

/// A host in which everything is the same on every run: crypto, a clock that stands still, random bytes from
/// a seed, a log and counters that are kept in memory. It has no store, no facts and no clicks.
///
/// Not copyable: plugins hold the address of get(). Not thread-safe.
class fake_host {
  public:
    struct log_line {
        std::int32_t level = 0; ///< TRB_LOG_...
        std::string event;
        std::vector<std::pair<std::string, std::string>> fields;
    };
    /// What a plugin counted: name and reason.
    using counter = std::pair<std::string, std::string>;

    fake_host() noexcept {
        table_.struct_size = sizeof table_;
        table_.abi_major = TRB_ABI_MAJOR;
        table_.abi_minor = TRB_ABI_MINOR;
        table_.ctx = this;
        table_.get_service = &get_service;
    }
    fake_host(const fake_host&) = delete;
    fake_host& operator=(const fake_host&) = delete;

    const trb_host* get() const noexcept { return &table_; }

    const std::vector<log_line>& lines() const noexcept { return lines_; }
    const std::map<counter, std::uint64_t>& counters() const noexcept { return counters_; }
    /// Unix milliseconds; 2023-11-14T22:13:20Z until it is set.
    void set_time(std::int64_t now_ms) noexcept { now_ms_ = now_ms; }
    /// The same seed, the same random bytes.
    void set_seed(std::uint64_t seed) noexcept { random_state_ = seed; }

  private:
    static fake_host& of(const trb_host* host) noexcept { return *static_cast<fake_host*>(host->ctx); }

    static const void* get_service(const trb_host*, trb_str id) noexcept {
        static constexpr trb_host_log_v1 log{sizeof(trb_host_log_v1), 0, &fake_host::write};
        static constexpr trb_host_clock_v1 clock{sizeof(trb_host_clock_v1), 0, &fake_host::now,
                                                 &fake_host::random};
        static constexpr trb_host_metrics_v1 metrics{sizeof(trb_host_metrics_v1), 0, &fake_host::count};
        const std::string_view name = detail::view(id);
        if (name == TRB_SERVICE_CRYPTO)
            return &crypto_service();
        if (name == TRB_SERVICE_LOG)
            return &log;
        if (name == TRB_SERVICE_CLOCK)
            return &clock;
        return name == TRB_SERVICE_METRICS ? &metrics : nullptr;
    }
    static void write(const trb_host* host, std::int32_t level, trb_str event, const trb_pair* fields,
                      std::uint64_t count) noexcept {
        log_line line{level, detail::copy(event), {}};
        for (std::uint64_t index = 0; index < count; ++index)
            line.fields.emplace_back(detail::copy(fields[index].name), detail::copy(fields[index].value));
        of(host).lines_.push_back(std::move(line));
    }
    static std::int64_t now(const trb_host* host) noexcept { return of(host).now_ms_; }
    static void random(const trb_host* host, void* bytes, std::uint64_t count) noexcept {
        for (std::uint64_t index = 0; index < count; ++index)
            static_cast<std::uint8_t*>(bytes)[index] = of(host).random_byte();
    }
    static void count(const trb_host* host, trb_str name, trb_str reason, std::uint64_t add) noexcept {
        of(host).counters_[{detail::copy(name), detail::copy(reason)}] += add;
    }

    /// SplitMix64.
    std::uint8_t random_byte() noexcept {
        std::uint64_t mixed = random_state_ += 0x9e3779b97f4a7c15u;
        mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
        mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
        return static_cast<std::uint8_t>((mixed ^ mixed >> 31) >> 56);
    }

    trb_host table_{};
    std::int64_t now_ms_ = 1'700'000'000'000;
    std::uint64_t random_state_ = 1;
    std::vector<log_line> lines_;
    std::map<counter, std::uint64_t> counters_;
};

} // namespace tributary::testing
