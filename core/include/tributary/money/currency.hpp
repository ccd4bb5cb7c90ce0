#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tributary::money {

/// Number of minor-unit digits of an ISO 4217 currency (0, 2, 3 or 4); nothing for a code that is neither
/// active nor retired since 2011. Upper case only.
///
/// @source ISO 4217, list one (active codes), funds codes left out, and of list three (retired) those that
/// old records of payment providers hold. An amount carries its own exponent: providers state some currencies
/// with others (abi/base.h), so this is for checking codes and for display. Thread-safe.
std::optional<std::uint32_t> currency_exponent(std::string_view code) noexcept;

} // namespace tributary::money
