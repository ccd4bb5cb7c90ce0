#include <tributary/cel/map.hpp>
#include <tributary/cel/value.hpp>

#include <cmath>

#include "numbers.hpp"

namespace tributary::cel {

std::string_view text_of(evaluation_errc code) noexcept {
    switch (code) {
    case evaluation_errc::no_such_overload: return "no such overload";
    case evaluation_errc::no_such_key: return "no such key";
    case evaluation_errc::no_such_attribute: return "no such attribute";
    case evaluation_errc::divide_by_zero: return "divide by zero";
    case evaluation_errc::modulus_by_zero: return "modulus by zero";
    case evaluation_errc::overflow: return "out of range";
    case evaluation_errc::index_out_of_range: return "index out of range";
    case evaluation_errc::invalid_argument: return "invalid argument";
    case evaluation_errc::invalid_utf8: return "invalid UTF-8";
    case evaluation_errc::duplicate_key: return "duplicate key";
    case evaluation_errc::unknown_zone: return "unknown time zone";
    case evaluation_errc::no_rate: return "no exchange rate";
    case evaluation_errc::no_value: return "the optional has no value";
    case evaluation_errc::double_in_amount: return "a double in an amount";
    case evaluation_errc::cost_limit: return "the cost limit is used up";
    case evaluation_errc::memory_limit: return "the memory limit is used up";
    case evaluation_errc::list_limit: return "a list or map would be too long";
    case evaluation_errc::fetch_failed: return "a value could not be fetched";
    case evaluation_errc::unsupported: return "not supported";
    }
    return "unknown error";
}

std::string_view type_name(value_kind kind) noexcept {
    switch (kind) {
    case value_kind::absent: return "absent";
    case value_kind::error: return "error";
    case value_kind::null: return "null_type";
    case value_kind::boolean: return "bool";
    case value_kind::int64: return "int";
    case value_kind::uint64: return "uint";
    case value_kind::float64: return "double";
    case value_kind::string: return "string";
    case value_kind::bytes: return "bytes";
    case value_kind::list: return "list";
    case value_kind::map: return "map";
    case value_kind::type: return "type";
    case value_kind::timestamp: return "google.protobuf.Timestamp";
    case value_kind::duration: return "google.protobuf.Duration";
    case value_kind::optional: return "optional_type";
    case value_kind::rate: return "rate";
    case value_kind::opaque: return "opaque";
    }
    return "unknown";
}

namespace {

bool equal_lists(list_view left, list_view right) noexcept {
    if (left.size() != right.size())
        return false;
    for (std::size_t i = 0; i < left.size(); ++i)
        if (!equal(left[i], right[i]))
            return false;
    return true;
}

bool equal_maps(const map_data& left, const map_data& right) noexcept {
    if (left.size != right.size)
        return false;
    for (const map_entry& each : left.all()) {
        const value* other = find(right, each.key);
        if (other == nullptr || !equal(each.held, *other))
            return false;
    }
    return true;
}

bool equal_optionals(const value* left, const value* right) noexcept {
    if (left == nullptr || right == nullptr)
        return left == right;
    return equal(*left, *right);
}

} // namespace

bool equal(const value& left, const value& right) noexcept {
    if (is_number(left) && is_number(right))
        return compare_numbers(left, right) == std::partial_ordering::equivalent;
    if (left.kind() != right.kind())
        return false;
    switch (left.kind()) {
    case value_kind::null: return true;
    case value_kind::boolean: return left.as_boolean() == right.as_boolean();
    case value_kind::string:
    case value_kind::bytes:
    case value_kind::type: return left.as_text() == right.as_text();
    case value_kind::list: return equal_lists(left.as_list(), right.as_list());
    case value_kind::map: return equal_maps(left.as_map(), right.as_map());
    case value_kind::timestamp:
        return left.seconds() == right.seconds() && left.nanoseconds() == right.nanoseconds();
    case value_kind::duration: return left.as_duration() == right.as_duration();
    case value_kind::optional: return equal_optionals(left.as_optional(), right.as_optional());
    case value_kind::rate:
        return left.rate_digits() == right.rate_digits() && left.rate_scale() == right.rate_scale();
    case value_kind::opaque: return left.as_opaque() == right.as_opaque();
    default: return false; // Numbers were above; errors and nothing equal nothing.
    }
}

} // namespace tributary::cel
