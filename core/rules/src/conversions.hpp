#pragma once

#include <tributary/cel/function.hpp>

namespace tributary::cel {

/// bool, bytes, double, duration, int, string, timestamp and uint, from what the language converts to them.
/// Errors: overflow for a number or time outside the new type's range, invalid_argument for a text that is
/// none, invalid_utf8 for bytes that are no text. @source cel-spec, Language Definition, "Type Conversions".
void add_conversions(std::vector<function_declaration>& into);

} // namespace tributary::cel
