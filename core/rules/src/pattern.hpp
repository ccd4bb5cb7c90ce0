#pragma once

#include <tributary/cel/function.hpp>

namespace tributary::cel {

/// matches(text, pattern): does the pattern, a regular expression of RE2, occur anywhere in the text? The
/// pattern is a string, or what read_pattern gave. Takes time in proportion to the text, whatever the
/// pattern. Errors: invalid_argument for a text that is no pattern, or one that needs more memory than a
/// pattern may.
/// @source cel-spec, Language Definition, "Regular Expressions".
value matches(call_context& with, std::span<const value> arguments);

/// A literal pattern, compiled once and kept by `with.keeper`; without a keeper it is only checked.
value read_pattern(call_context& with, std::string_view text);

} // namespace tributary::cel
