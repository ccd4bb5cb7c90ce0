#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tributary::money {

/// Number of minor-unit digits of an ISO 4217 currency (0, 2, 3 or 4); nothing for a code that is not in the
/// list of active codes. Upper case only.
///
/// @source ISO 4217, list one (active codes), funds codes left out. An amount carries its own exponent:
/// providers state some currencies with others (abi/base.h), so this is for checking codes and for display.
/// Thread-safe.
std::optional<std::uint32_t> currency_exponent(std::string_view code) noexcept;

} // namespace tributary::money
