#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tributary::cel {

/// Is this UTF-8 (no surrogates, nothing above U+10FFFF, shortest forms)?
bool is_utf8(std::string_view text) noexcept;

/// Takes the first code point off a text that is not empty. A byte that begins none counts as U+FFFD, so that
/// no text makes it read beyond the end.
char32_t take_code_point(std::string_view& text) noexcept;
void append_code_point(std::string& to, char32_t code_point);
/// Number of code points, counted as take_code_point takes them.
std::size_t code_points(std::string_view text) noexcept;

/// Where `what` begins in `in` for the first time at or after byte `from`; npos when it does not. Takes time
/// in proportion to both lengths, never to their product: texts come from outside, and the cost of a call is
/// charged by their lengths.
std::size_t find_text(std::string_view in, std::string_view what, std::size_t from = 0) noexcept;

/// The shortest decimal that reads back as the same double: "3.14", "1e+100", "NaN", "Infinity", "-Infinity";
/// whole numbers without a point ("3"), as string(3.0) gives them.
std::string double_text(double number);

} // namespace tributary::cel
