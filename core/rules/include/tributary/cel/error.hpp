#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::cel {

/// Why a source was refused. Stable numbers.
enum class compile_errc : std::uint8_t {
    syntax = 1,
    invalid_utf8 = 2,
    bad_literal = 3, ///< A number out of range, an escape that is none.
    undeclared_name = 4,
    undeclared_function = 5,
    wrong_types = 6,    ///< No overload takes these types, or elements do not fit together.
    wrong_result = 7,   ///< The expression gives another type than the caller asked for.
    not_a_constant = 8, ///< An argument that has to be written out, such as a rate, is computed.
    bad_constant = 9,   ///< A constant argument that the function refuses: a rate, a mode, a table, a zone.
    double_in_amount = 10,
    unsupported = 11,       ///< Understood, and left out of this language.
    too_long = 12,          ///< compile_limits::source_bytes
    too_many_nodes = 13,    ///< compile_limits::nodes
    too_nested = 14,        ///< compile_limits::nesting
    too_deep = 15,          ///< compile_limits::depth
    too_many_loops = 16,    ///< compile_limits::loops
    too_many_elements = 17, ///< compile_limits::literal_elements
    too_costly = 18,        ///< Even without loops it would pass evaluation_limits::cost.
};

/// One thing that is wrong with a source, and where. A value.
struct diagnostic {
    compile_errc code = compile_errc::syntax;
    std::uint32_t begin = 0; ///< Offset in bytes.
    std::uint32_t end = 0;   ///< Past the last byte; at least begin.
    std::string message;     ///< What was found and what was expected. No full stop.
    std::string hint;        ///< What may help ("did you mean 'sale.amount'?"); empty when nothing is known.
};

/// Everything that is wrong with a source, in its order; never empty when it is a failure. At most 20.
using diagnostics = std::vector<diagnostic>;

template <class T> using result = boost::system::result<T, diagnostics>;

/// Needed by boost::system::result::value(), which throws std::runtime_error with the first message.
[[noreturn]] void throw_exception_from_error(const diagnostics& why, const boost::source_location&);

/// A place for a person: lines and columns count from 1, columns in characters.
struct position {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
};
position position_of(std::string_view source, std::uint32_t offset) noexcept;

/// As compilers print it: "NAME:LINE:COLUMN: error: MESSAGE", the source line, a line of carets, the hint.
/// Ends with a newline. Control characters of the source come out as spaces. Thread-safe.
std::string render(const diagnostic& what, std::string_view source, std::string_view name);
std::string render(const diagnostics& all, std::string_view source, std::string_view name);

} // namespace tributary::cel
