#include "numbers.hpp"

#include <cmath>

namespace tributary::cel {
namespace {

constexpr double two_to_63 = 9223372036854775808.0;

/// Beside a double any number is one: 9223372036854775807 and 9223372036854775808.0 are the same, as the
/// suite wants it.
template <class Integer> std::partial_ordering compare(Integer left, double right) noexcept {
    return static_cast<double>(left) <=> right;
}

std::partial_ordering compare(std::int64_t left, std::uint64_t right) noexcept {
    if (left < 0)
        return std::partial_ordering::less;
    return static_cast<std::uint64_t>(left) <=> right;
}

} // namespace

std::partial_ordering compare_numbers(const value& left, const value& right) noexcept {
    switch (left.kind()) {
    case value_kind::int64:
        if (right.is(value_kind::int64))
            return left.as_int64() <=> right.as_int64();
        if (right.is(value_kind::uint64))
            return compare(left.as_int64(), right.as_uint64());
        return compare(left.as_int64(), right.as_float64());
    case value_kind::uint64:
        if (right.is(value_kind::int64))
            return 0 <=> compare(right.as_int64(), left.as_uint64());
        if (right.is(value_kind::uint64))
            return left.as_uint64() <=> right.as_uint64();
        return compare(left.as_uint64(), right.as_float64());
    default:
        if (right.is(value_kind::int64))
            return 0 <=> compare(right.as_int64(), left.as_float64());
        if (right.is(value_kind::uint64))
            return 0 <=> compare(right.as_uint64(), left.as_float64());
        return left.as_float64() <=> right.as_float64();
    }
}

bool to_int64(const value& number, std::int64_t& into) noexcept {
    switch (number.kind()) {
    case value_kind::int64: into = number.as_int64(); return true;
    case value_kind::uint64:
        into = static_cast<std::int64_t>(number.as_uint64());
        return number.as_uint64() <= 0x7FFF'FFFF'FFFF'FFFF;
    case value_kind::float64: {
        const double given = number.as_float64();
        if (!(given >= -two_to_63 && given < two_to_63))
            return false;
        into = static_cast<std::int64_t>(given);
        return static_cast<double>(into) == given;
    }
    default: return false;
    }
}

bool to_uint64(const value& number, std::uint64_t& into) noexcept {
    switch (number.kind()) {
    case value_kind::int64:
        into = static_cast<std::uint64_t>(number.as_int64());
        return number.as_int64() >= 0;
    case value_kind::uint64: into = number.as_uint64(); return true;
    case value_kind::float64: {
        const double given = number.as_float64();
        if (!(given >= 0 && given < 2 * two_to_63))
            return false;
        into = static_cast<std::uint64_t>(given);
        return static_cast<double>(into) == given;
    }
    default: return false;
    }
}

} // namespace tributary::cel
