#pragma once

#include <cstdint>
#include <string_view>

namespace tributary::accounts {

/// Side by side and never mixed. The values are those of TRB_LIVE and TRB_SANDBOX (tributary/abi/provider.h).
enum class environment : std::int64_t { live = 1, sandbox = 2 };

/// "live", "sandbox".
constexpr std::string_view environment_name(environment which) noexcept {
    return which == environment::live ? "live" : "sandbox";
}

} // namespace tributary::accounts
