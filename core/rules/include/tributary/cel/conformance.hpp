#pragma once

#include <tributary/cel/environment.hpp>
#include <tributary/cel/money.hpp>

#include <boost/json/fwd.hpp>
#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Runs files of cases: an expression, values for its variables, and what it has to give.
///
/// A file is a JSON list of cases as cel-spec's tests/simple has them, converted to JSON:
///   {"id", "expr", "expect": {"value": V} | {"value": V, "deduced_type": T} | {"error": [...]},
///    "container", "type_env", "bindings", "disable_check", "check_only", "file", "features"}
/// with V such as {"int": "1"} or {"list": [V]}, and T such as "int" or {"list": T};
/// tests/rules/cases/README.md lists them. Our own cases may say more: "amount", "rounding" and "result" as
/// compile_options have them, "rates" {"EUR/USD": "1.08"} for convert(), V {"rate": "12.5"} and {"optional":
/// V | null}.
/// @source cel-spec, tests/simple, proto/cel/expr/conformance/test/simple.proto.
namespace tributary::cel::conformance {

enum class outcome : std::uint8_t {
    passed,
    failed,
    unsupported, ///< Left out of this language: `got` says what. No failure.
};

struct case_result {
    std::string id;
    std::string expression;
    outcome came_to = outcome::failed;
    std::string expected; ///< As text for a person.
    std::string got;      ///< The same: a value, an error, the first diagnostic; or why it was not run.
};

/// What environments are made with beside what a case says.
struct surroundings {
    const zone_database* zones = nullptr;
    currency_exponent_function currency_exponent = nullptr;
};

/// Runs one case. An expected error passes when checking or evaluating fails, whatever the error is. A value
/// has to be the same, of the same type; maps in any order, NaN like NaN. What is compiled is evaluated both
/// by evaluator::evaluate and by evaluator::trace, and its canonical form is compiled once more: the case
/// fails when the two disagree or the two hashes differ. Thread-safe.
case_result run(const boost::json::object& one, const surroundings& with);

struct file_result {
    std::vector<case_result> cases;
    std::size_t count(outcome of) const;
};

/// Runs the cases of a file's content. @return what is wrong with it as a sentence when it is no such file.
/// Thread-safe.
boost::system::result<file_result, std::string> run_file(std::string_view content, const surroundings& with);

} // namespace tributary::cel::conformance
