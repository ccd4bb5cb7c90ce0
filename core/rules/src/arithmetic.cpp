#include "arithmetic.hpp"

#include <algorithm>
#include <optional>

#include "time.hpp"

namespace tributary::cel {
namespace {

value or_overflow(const std::optional<value>& result) noexcept {
    return result ? *result : value::error(evaluation_errc::overflow);
}

template <class Integer>
bool overflows(operation_kind operation, Integer left, Integer right, Integer& result) noexcept {
    switch (operation) {
    case operation_kind::add: return __builtin_add_overflow(left, right, &result);
    case operation_kind::subtract: return __builtin_sub_overflow(left, right, &result);
    default: return __builtin_mul_overflow(left, right, &result);
    }
}

value integer_arithmetic(operation_kind operation, std::int64_t left, std::int64_t right) noexcept {
    std::int64_t result = 0;
    if (operation == operation_kind::modulo) {
        if (right == 0)
            return value::error(evaluation_errc::modulus_by_zero);
        return value::int64(right == -1 ? 0 : left % right); // The least int by -1 would trap.
    }
    if (operation == operation_kind::divide && right != -1) {
        if (right == 0)
            return value::error(evaluation_errc::divide_by_zero);
        return value::int64(left / right);
    }
    if (overflows(operation == operation_kind::divide ? operation_kind::multiply : operation, left, right,
                  result))
        return value::error(evaluation_errc::overflow);
    return value::int64(result);
}

value unsigned_arithmetic(operation_kind operation, std::uint64_t left, std::uint64_t right) noexcept {
    if (operation == operation_kind::modulo)
        return right == 0 ? value::error(evaluation_errc::modulus_by_zero) : value::uint64(left % right);
    if (operation == operation_kind::divide)
        return right == 0 ? value::error(evaluation_errc::divide_by_zero) : value::uint64(left / right);
    std::uint64_t result = 0;
    if (overflows(operation, left, right, result))
        return value::error(evaluation_errc::overflow);
    return value::uint64(result);
}

value double_arithmetic(operation_kind operation, double left, double right) noexcept {
    switch (operation) {
    case operation_kind::add: return value::float64(left + right);
    case operation_kind::subtract: return value::float64(left - right);
    case operation_kind::multiply: return value::float64(left * right);
    case operation_kind::divide: return value::float64(left / right);
    default: return no_such_overload();
    }
}

/// + and - where a timestamp or a duration is on either side.
value time_arithmetic(operation_kind operation, const value& left, const value& right) noexcept {
    const bool adds = operation == operation_kind::add;
    if (!adds && operation != operation_kind::subtract)
        return no_such_overload();
    if (left.is(value_kind::duration) && right.is(value_kind::duration)) {
        const value result = integer_arithmetic(operation, left.as_duration(), right.as_duration());
        return result.is_error() ? result : value::duration(result.as_int64());
    }
    if (left.is(value_kind::timestamp) && right.is(value_kind::duration)) {
        const std::int64_t by = right.as_duration();
        if (adds)
            return or_overflow(add(left, by));
        // The least duration has no opposite: it is taken in two steps.
        const auto halfway = add(left, by == INT64_MIN ? INT64_MAX : -by);
        return halfway && by == INT64_MIN ? or_overflow(add(*halfway, 1)) : or_overflow(halfway);
    }
    if (left.is(value_kind::duration) && right.is(value_kind::timestamp) && adds)
        return or_overflow(add(right, left.as_duration()));
    if (left.is(value_kind::timestamp) && right.is(value_kind::timestamp) && !adds)
        return or_overflow(difference(left, right));
    return no_such_overload();
}

value join_texts(call_context& with, const value& left, const value& right) {
    const std::string_view head = left.as_text(), tail = right.as_text();
    const std::size_t size = head.size() + tail.size();
    if (!with.charge_text(size))
        return call_context::cost_exhausted();
    char* place = static_cast<char*>(with.memory().allocate(size));
    if (place == nullptr)
        return call_context::memory_exhausted();
    std::ranges::copy(tail, std::ranges::copy(head, place).out);
    const std::string_view joined(place, size);
    return left.is(value_kind::string) ? value::string(joined) : value::bytes(joined);
}

value join_lists(call_context& with, list_view left, list_view right) {
    const std::size_t size = left.size() + right.size();
    if (size > with.limits().elements)
        return value::error(evaluation_errc::list_limit);
    if (!with.charge(size))
        return call_context::cost_exhausted();
    const auto joined = with.memory().make_array<value>(size);
    if (joined.data() == nullptr && size > 0)
        return call_context::memory_exhausted();
    std::ranges::copy(right, std::ranges::copy(left, joined.begin()).out);
    return value::list(joined);
}

} // namespace

value arithmetic(operation_kind operation, call_context& with, const value& left, const value& right) {
    if (left.kind() == right.kind()) {
        const bool adds = operation == operation_kind::add;
        switch (left.kind()) {
        case value_kind::int64: return integer_arithmetic(operation, left.as_int64(), right.as_int64());
        case value_kind::uint64: return unsigned_arithmetic(operation, left.as_uint64(), right.as_uint64());
        case value_kind::float64: return double_arithmetic(operation, left.as_float64(), right.as_float64());
        case value_kind::string:
        case value_kind::bytes: return adds ? join_texts(with, left, right) : no_such_overload();
        case value_kind::list:
            return adds ? join_lists(with, left.as_list(), right.as_list()) : no_such_overload();
        default: break;
        }
    }
    const auto is_time = [](const value& each) {
        return each.is(value_kind::timestamp) || each.is(value_kind::duration);
    };
    return is_time(left) && is_time(right) ? time_arithmetic(operation, left, right) : no_such_overload();
}

} // namespace tributary::cel
