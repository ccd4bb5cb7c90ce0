#pragma once

#include <tributary/cel/function.hpp>

#include "ast.hpp"

namespace tributary::cel {

/// + - * / % of two values that are no errors: numbers, times, and with + texts, bytes and lists.
/// @source cel-spec, Language Definition, "Numeric Values": overflow is an error.
value arithmetic(operation_kind operation, call_context& with, const value& left, const value& right);

} // namespace tributary::cel
