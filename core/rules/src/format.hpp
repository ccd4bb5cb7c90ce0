#pragma once

#include <tributary/cel/function.hpp>

namespace tributary::cel {

/// text.format(list): the text with each clause replaced by the next element: %s any value, %d a number, %f
/// and %e a number with six digits after the point or as many as "%.2f" says (at most 1,000; rounded half to
/// even on the exact value), %b a whole number or a bool in binary, %o in octal, %x and %X a whole number, a
/// string or bytes in hexadecimal; %% is a percent sign. Elements that no clause takes are left out.
/// Errors: invalid_argument for a clause that is none or does not take its element, index_out_of_range for
/// one without an element, invalid_utf8 for bytes under %s that are no text.
/// @source cel-go, ext/README.md and ext/formatting_v2.go.
value format(call_context& with, std::span<const value> arguments);

} // namespace tributary::cel
