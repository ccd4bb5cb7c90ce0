#pragma once

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "functions.hpp"
#include "time.hpp"

namespace tributary::cel {

/// So that a test can say what it got.
inline std::ostream& operator<<(std::ostream& to, const value& given) {
    to << type_name(given.kind());
    switch (given.kind()) {
    case value_kind::error: return to << ": " << text_of(given.error_code()) << ": " << given.error_detail();
    case value_kind::int64: return to << " " << given.as_int64();
    case value_kind::string: return to << " '" << given.as_text() << "'";
    case value_kind::timestamp: return to << " " << timestamp_text(given);
    case value_kind::rate: return to << " " << text_of(decimal_rate{given.rate_digits(), given.rate_scale()});
    case value_kind::list:
        for (const value& each : given.as_list())
            to << " [" << each << "]";
        return to;
    default: return to;
    }
}
inline bool operator==(const value& left, const value& right) {
    return equal(left, right);
}

/// Functions called as an evaluation calls them, with a context of their own. Not thread-safe.
class function_calls {
  public:
    explicit function_calls(void (*add)(std::vector<function_declaration>&)) { add(declared_); }

    const function_declaration& declaration(std::string_view name) const {
        const auto found = std::find_if(declared_.begin(), declared_.end(),
                                        [&](const auto& each) { return each.name == name; });
        BOOST_REQUIRE_MESSAGE(found != declared_.end(), name);
        return *found;
    }
    const std::vector<function_declaration>& declared() const { return declared_; }

    value operator()(std::string_view name, const std::vector<value>& arguments) {
        return declaration(name).implementation(context, arguments);
    }
    /// What the compiler does with a literal string as this argument.
    value read(std::string_view name, std::size_t parameter, std::string_view text) {
        const auto& literals = declaration(name).literals;
        BOOST_REQUIRE(parameter < literals.size());
        BOOST_REQUIRE(literals[parameter].read != nullptr);
        return literals[parameter].read(context, text);
    }

    evaluation_limits limits;
    arena memory{1 << 20};
    call_context context{memory, limits};

  private:
    std::vector<function_declaration> declared_;
};

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

} // namespace tributary::cel
