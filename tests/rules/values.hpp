#pragma once

#include <tributary/cel/money.hpp>
#include <tributary/cel/value.hpp>

#include <boost/test/unit_test.hpp>

#include <ostream>
#include <string_view>

#include "call.hpp"
#include "time.hpp"

namespace tributary::cel {

/// So that BOOST_TEST compares values and shows both.
inline std::ostream& operator<<(std::ostream& to, const value& given) {
    if (given.is(value_kind::timestamp))
        return to << timestamp_text(given);
    to << test::show(given);
    return given.is_error() ? to << ": " << given.error_detail() : to;
}
inline bool operator==(const value& left, const value& right) {
    return equal(left, right);
}

namespace test {

inline value timestamp_of(std::string_view text) {
    const auto read = parse_timestamp(text);
    BOOST_REQUIRE_MESSAGE(read, text);
    return *read;
}

inline value rate_of(std::string_view text) {
    const auto read = parse_rate(text);
    BOOST_REQUIRE_MESSAGE(read, text);
    return value::rate(read->digits, read->scale);
}

inline bool failed(const value& given, evaluation_errc code) {
    return given.is_error() && given.error_code() == code;
}

} // namespace test
} // namespace tributary::cel
