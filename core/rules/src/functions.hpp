#pragma once

#include <tributary/cel/function.hpp>

namespace tributary::cel {

/// What an opaque value of this library points to. An opaque value of an embedder, which can come in through
/// dyn, has another tag: who reads one looks at it first.
enum opaque_tag : std::uint32_t {
    pattern_tag = 0x8000'0001, ///< RE2
    tier_table_tag,
    zone_tag,
};
inline bool is_opaque(const value& given, opaque_tag what) noexcept {
    return given.is(value_kind::opaque) && given.opaque_tag() == what;
}

/// A table of tiers as functions get it: a value of kind opaque points to one. The checker reads it from a
/// literal list such as [[0, "20"], [21, "25"]] and has seen to it that the steps ascend.
struct tier_table {
    std::span<const tier_step> steps;
};

/// What the language itself has, but for operators (operators.cpp): size, conversions, contains, startsWith,
/// endsWith, matches, type. Each appends to `into`. @source cel-spec, Language Definition, "Standard
/// Definitions".
void add_standard_functions(std::vector<function_declaration>& into);
/// timestamp(), duration() are conversions; these are getFullYear() and so on.
void add_time_functions(std::vector<function_declaration>& into);

/// Extensions, as cel-go publishes them.
void add_string_functions(std::vector<function_declaration>& into);
void add_math_functions(std::vector<function_declaration>& into);
void add_encoder_functions(std::vector<function_declaration>& into);
void add_optional_functions(std::vector<function_declaration>& into);

/// Ours: pct, bps, ratio, clamp, allocate, convert, tier and tiers, whose tables the checker reads, minor,
/// and the calendar functions below. A mode of rounding is a literal that its function gets as the number of
/// a `rounding`.
void add_money_functions(std::vector<function_declaration>& into);
/// monthsBetween, daysBetween, startOf. add_money_functions adds them.
void add_calendar_functions(std::vector<function_declaration>& into);

} // namespace tributary::cel
