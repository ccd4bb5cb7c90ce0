#pragma once

#include <string_view>

namespace tributary::cel {

/// What people write out of habit, and what it is called here. Empty when nothing is known of it.
/// Thread-safe.
std::string_view hint_for_function(std::string_view name) noexcept; ///< max, round, now, ...
std::string_view
hint_for_word(std::string_view word) noexcept; ///< and, or, not, ... where an operator is expected
std::string_view hint_for_reserved(std::string_view word) noexcept; ///< if, let, return, ...
std::string_view
hint_for_character(std::string_view code_point) noexcept; ///< typographic quotes, no-break blanks, ...

} // namespace tributary::cel
