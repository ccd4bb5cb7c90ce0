#pragma once

#include <tributary/cel/value.hpp>

#include <compare>

namespace tributary::cel {

constexpr bool is_number(const value& given) noexcept {
    return given.is(value_kind::int64) || given.is(value_kind::uint64) || given.is(value_kind::float64);
}

/// Two numbers of whatever types on one number line: an int and a uint exactly, beside a double both as
/// doubles. Unordered with NaN. Requires is_number of both. Thread-safe.
/// @source cel-spec's conformance suite, comparisons.
std::partial_ordering compare_numbers(const value& left, const value& right) noexcept;

/// The number as int64, or as uint64, when it is a whole one in that range. Thread-safe.
bool to_int64(const value& number, std::int64_t& into) noexcept;
bool to_uint64(const value& number, std::uint64_t& into) noexcept;

} // namespace tributary::cel
