#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <boost/system/system_error.hpp>

#include <string>
#include <utility>

namespace tributary {

using boost::system::error_code;

/// Why something expected to fail sometimes did fail: a code that programs test and a sentence for a person.
///
/// The detail never contains a secret or a whole body. Copyable value.
struct failure {
    error_code code;
    std::string detail;

    failure() = default;
    failure(error_code failed_with) : code(failed_with) {}
    failure(error_code failed_with, std::string why) : code(failed_with), detail(std::move(why)) {}
    template <class Enum>
    requires boost::system::is_error_code_enum<Enum>::value failure(Enum failed_with, std::string why = {})
        : code(failed_with), detail(std::move(why)) {}

    /// "code's message: detail".
    std::string text() const { return detail.empty() ? code.message() : code.message() + ": " + detail; }
};

/// A value or a failure. Expected failures are values; exceptions are for broken invariants.
template <class T> using result = boost::system::result<T, failure>;

/// Found by boost::system::result::value().
[[noreturn]] inline void throw_exception_from_error(const failure& why, const boost::source_location&) {
    throw boost::system::system_error(why.code, why.detail);
}

} // namespace tributary

/// Returns from the calling function with the failure of `expression`, if it has one.
#define TRIBUTARY_TRY(expression)                                                                            \
    do {                                                                                                     \
        if (auto tributary_try = (expression); !tributary_try)                                               \
            return std::move(tributary_try).error();                                                         \
    } while (false)

/// As TRIBUTARY_TRY, and otherwise declares `name` as the value.
#define TRIBUTARY_TRY_ASSIGN(name, expression)                                                               \
    auto name##_result = (expression);                                                                       \
    if (!name##_result)                                                                                      \
        return std::move(name##_result).error();                                                             \
    auto name = std::move(name##_result).value()
