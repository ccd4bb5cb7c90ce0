#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tributary::cel::test {

/// What the money functions of tests know of currencies: two, none and three digits after the point.
inline std::optional<std::uint32_t> exponent_of(std::string_view code) {
    if (code == "EUR" || code == "USD")
        return 2;
    if (code == "JPY")
        return 0;
    if (code == "KWD")
        return 3;
    return std::nullopt;
}

} // namespace tributary::cel::test
