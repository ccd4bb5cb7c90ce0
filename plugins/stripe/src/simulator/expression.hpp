#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Amounts of a story: integer expressions over its parameters.
namespace tributary::stripe::simulated {

/// What a name in an expression stands for.
using name_values = std::map<std::string, std::int64_t, std::less<>>;

/// The value of an expression, or what is wrong with it.
struct evaluated {
    std::int64_t value = 0;
    std::string fault;      ///< "" when there is a value.
    std::size_t column = 0; ///< Of the fault, from 1.
};

/// Evaluates + - * / ( ), integers and names; all in 64 bits, and an overflow is a fault.
///
/// A quotient is rounded towards zero. Pure; nesting is limited.
evaluated evaluate(std::string_view text, const name_values& names);

/// Of the candidates the one that was most likely meant; nothing when none is alike.
std::optional<std::string_view> nearest(std::string_view given, std::span<const std::string_view> candidates);
/// "'totl'; did you mean 'total'?", or just "'totl'".
std::string with_nearest(std::string_view given, std::span<const std::string_view> candidates);

} // namespace tributary::stripe::simulated
