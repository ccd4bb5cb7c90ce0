#pragma once

#include <tributary/cel/function.hpp>

#include "ast.hpp"

namespace tributary::cel {

/// Of two operands of which at least one is an error, the one that the result is: a fatal one, else the
/// first.
const value& first_error(const value& left, const value& right) noexcept;

/// An infix operator other than && and ||, or an index. Operands may be errors.
/// @source cel-spec, Language Definition, "Operators"; "Numeric Values" for overflow.
value apply(operation_kind operation, call_context& with, const value& left, const value& right);
/// A function of this name with arguments that may be errors. Where no overload takes their kinds it says so:
/// "there is no size(int)".
value call(call_context& with, std::string_view name, function implementation,
           std::span<const value> arguments);

value negate(const value& operand) noexcept;
value logical_not(const value& operand) noexcept;

/// What && (or ||, with `decides` true) gives for a left side that does not decide it and a right one. An
/// error yields to a side that decides; a fatal error does not. Not absent.
/// @source cel-spec, Language Definition, "Logical Operators".
value combine_logical(bool decides, const value& left, const value& right) noexcept;

/// operand.name, operand.?name (`optional`) or has(operand.name) (`test_only`).
value select(call_context& with, const value& operand, const value& name, bool optional, bool test_only);

/// The list or map of these. Elements that are errors fail it; with `optional` (as long as the elements, or
/// empty) an element that is so marked is an optional, and left out when it has none.
value make_list(call_context& with, std::span<const value> elements, std::span<const bool> optional);
/// Keys and values in turn; `optional` is half as long.
value make_map_value(call_context& with, std::span<const value> entries, std::span<const bool> optional);

} // namespace tributary::cel
