#include "numbers.hpp"

#include <cmath>

namespace tributary::cel {
namespace {

constexpr double two_to_63 = 9223372036854775808.0;
constexpr double two_to_64 = 18446744073709551616.0;

std::partial_ordering compare(std::int64_t left, double right) noexcept {
    if (std::isnan(right))
        return std::partial_ordering::unordered;
    if (right >= two_to_63)
        return std::partial_ordering::less;
    if (right < -two_to_63)
        return std::partial_ordering::greater;
    const auto whole = static_cast<std::int64_t>(right); // Exact: truncation of a double in range.
    if (left != whole)
        return left <=> whole;
    return 0.0 <=> right - static_cast<double>(whole);
}

std::partial_ordering compare(std::uint64_t left, double right) noexcept {
    if (std::isnan(right))
        return std::partial_ordering::unordered;
    if (right >= two_to_64)
        return std::partial_ordering::less;
    if (right < 0)
        return std::partial_ordering::greater;
    const auto whole = static_cast<std::uint64_t>(right);
    if (left != whole)
        return left <=> whole;
    return 0.0 <=> right - static_cast<double>(whole);
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

} // namespace tributary::cel
