#pragma once

#include <tributary/cel/arena.hpp>
#include <tributary/cel/json.hpp>
#include <tributary/cel/type.hpp>
#include <tributary/cel/value.hpp>

#include <optional>

/// The notation of values and types in case files; see conformance.hpp.
namespace tributary::cel::conformance {

/// A notation that is none, or one of the language's parts that this library leaves out.
struct unreadable {
    std::string why;
    bool is_unsupported = false;
};
template <class T> using reading = boost::system::result<T, unreadable>;

/// {"int": "1"}, {"list": [...]} and so on, into the arena.
reading<value> read_value(const boost::json::value& notation, arena& memory);

/// "int", {"list": T} and so on.
reading<type> read_type(const boost::json::value& notation);

/// The same value of the same type: unlike equality in the language, 1 and 1u differ and NaN is NaN. Errors
/// are the same when their codes are.
bool same(const value& left, const value& right);

} // namespace tributary::cel::conformance
