#pragma once

#include <tributary/cel/arena.hpp>
#include <tributary/cel/program.hpp>
#include <tributary/cel/type.hpp>
#include <tributary/cel/value.hpp>

#include <boost/json/fwd.hpp>
#include <boost/system/result.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Values from JSON and into it: the library tributary::cel_json, for whoever has his data as JSON.
namespace tributary::cel {

/// Lists and objects within each other that from_json accepts.
inline constexpr std::size_t json_depth_max = 32;

/// What is wrong with one place of a JSON input.
struct json_problem {
    std::string path;    ///< "customer.tags[3]"; empty for the whole.
    std::string message; ///< "is a string, int was declared". No full stop.
    std::string hint;    ///< "did you mean 'customer.tags'?"; empty when nothing is known.

    /// All of it in one line.
    std::string text() const;
};

template <class T> using json_result = boost::system::result<T, json_problem>;

/// Needed by boost::system::result::value(), which throws std::runtime_error with the text.
[[noreturn]] void throw_exception_from_error(const json_problem& why, const boost::source_location&);

/// A value of a declared type. Nothing is converted that could lose something:
/// - int and uint from integers and, beyond 2^53 or not, from texts of decimal digits; never from a fraction;
/// - double from any number and "NaN", "Infinity", "-Infinity"; string, bool and null from themselves;
/// - timestamp from RFC 3339, duration from "1h30m", bytes from base64, rate from a decimal such as "12.5";
/// - list(T) from a list; map(K, V) from an object, whose keys are read as K;
/// - optional_type(T): null is none;
/// - dyn: integers become int (uint above its range), other numbers double, texts string, objects maps.
/// Texts are copied: the result lives as long as the arena.
/// @param path  what problems call the value.
/// Not thread-safe on one arena.
json_result<value> from_json(const boost::json::value& given, const type& declared, arena& memory,
                             std::string_view path = {});

/// What from_json reads: integers beyond 2^53 as texts, NaN and infinities as texts, times and rates as
/// texts, bytes in base64, an optional as null or what it holds, keys of maps as texts. An error becomes
/// {"error": {"code", "message", "detail"}}, a table of tiers its kind's name.
/// @return nothing when the value and all that it holds are more than `values_max`. Thread-safe.
std::optional<boost::json::value> to_json(const value& given, std::size_t values_max = 100'000);

/// A value as a person would write it: 3u, "abc", b"\x01", timestamp("2009-02-13T23:31:30Z"),
/// duration("90s"), [1, 2], {"a": 1}, optional.of(1), rate "12.5"; errors as "error: divide by zero". Ends
/// with "..." where it would be longer than `bytes_max`. Thread-safe.
std::string text_of(const value& given, std::size_t bytes_max = 2000);

/// Members of a JSON object that no variable takes, as dotted paths: "sale.currency" when only "sale.amount"
/// is declared. In the order of the input. Thread-safe.
std::vector<std::string> unknown_members(const boost::json::object& input,
                                         std::span<const variable> variables);

/// What became of an input.
struct filled {
    std::vector<json_problem> problems; ///< Values of other types than declared. Their slots stay empty.
    std::vector<json_problem> unknown;  ///< Members that no variable takes, with the nearest name.
    std::vector<slot_id> missing;       ///< Variables that the input lacks. Their slots stay empty.
};

/// Fills the slots of an environment's variables from a JSON object. A name with dots is looked for as one
/// member ("sale.amount": 1) and, where there is none, member by member ({"sale": {"amount": 1}}). Texts are
/// copied into the arena, which the activation refers to. Not thread-safe on one activation or arena.
filled fill(activation& slots, std::span<const variable> variables, const boost::json::object& input,
            arena& memory);

} // namespace tributary::cel
