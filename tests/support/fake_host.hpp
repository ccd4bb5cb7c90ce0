#pragma once

#include <tributary/abi/plugin.h>
#include <tributary/abi/services.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tributary::testing {

/// A host for tests of plugins: offers crypto (the runtime's own) and log (kept in memory), and nothing else.
///
/// Not copyable: plugins hold the address of get(). Not thread-safe.
class fake_host {
  public:
    struct log_line {
        std::int32_t level = 0;
        std::string event;
        std::vector<std::pair<std::string, std::string>> fields;
    };

    fake_host() noexcept;
    fake_host(const fake_host&) = delete;
    fake_host& operator=(const fake_host&) = delete;

    const trb_host* get() const noexcept { return &table_; }
    const std::vector<log_line>& lines() const noexcept { return lines_; }

  private:
    static const void* get_service(const trb_host* host, trb_str id) noexcept;
    static void write(const trb_host* host, std::int32_t level, trb_str event, const trb_pair* fields,
                      std::uint64_t count) noexcept;

    trb_host table_{};
    std::vector<log_line> lines_;
};

/// The crypto service over the runtime's own functions.
const trb_host_crypto_v1& crypto_service() noexcept;

} // namespace tributary::testing
