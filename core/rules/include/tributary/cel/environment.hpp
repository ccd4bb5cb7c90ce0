#pragma once

#include <tributary/cel/error.hpp>
#include <tributary/cel/function.hpp>
#include <tributary/cel/limits.hpp>
#include <tributary/cel/program.hpp>
#include <tributary/cel/type.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tributary::cel {

class zone_database;
struct declarations; // private

/// What an environment offers beside the language itself. All on: a form of the language with less is for
/// tests.
struct environment_options {
    bool strings = true;   ///< charAt, split, format, ... @source cel-go ext/README.md, "Strings"
    bool math = true;      ///< math.greatest, math.bitAnd, ... @source the same, "Math"
    bool optionals = true; ///< optional.of, orValue, ... The syntax .?a and [?i] is always there.
    bool encoders = true;  ///< base64.encode, base64.decode
    bool money = true;     ///< pct, tiers, allocate, ...; see docs/reference/rules.md

    /// Names are looked for in here first: with "a.b", x means a.b.x, else a.x, else x.
    std::string container = {};
    compile_limits compile = {};
    /// What evaluations will use; a program that must pass the cost is refused when compiled.
    evaluation_limits evaluation = {};
    /// Outlives the environment and its programs; nullptr: UTC and fixed offsets only.
    const zone_database* zones = nullptr;
    /// nullptr: minor() and convert() know no currency.
    currency_exponent_function currency_exponent = nullptr;
};

/// What is asked of one program.
struct compile_options {
    /// The type that the expression has to give, such as type::boolean() for a condition; nothing: any.
    std::optional<type> result = {};
    /// It is an amount of money in minor units: the result has to be int, and no double may occur in it.
    bool amount = false;
    /// How results between two minor units are rounded where a call does not say.
    rounding mode = rounding::half_up;
    /// false: no type is checked, every call finds its overload at run time. For the conformance suite.
    bool check = true;
};

/// The names that sources may use: variables with their types, and functions. Declare everything, then
/// compile; compiling is const and thread-safe, declaring is not. Programs do not refer to their environment.
class environment {
  public:
    explicit environment(environment_options options = {});
    ~environment();
    environment(environment&&) noexcept;
    environment& operator=(environment&&) noexcept;

    /// Declares a variable. Its name may have dots: "sale.amount" is one variable, not a field.
    /// @return its slot, counted from 0 in the order of declaration; nothing for a name that is none, is
    /// reserved or is there already.
    std::optional<slot_id> declare(std::string name, type of);

    /// Declares a function of the embedder's own. @return false when a name or signature is refused: no
    /// overload, a name of a macro or an operator, or a name that is there already.
    bool declare(function_declaration given);

    std::span<const variable> variables() const noexcept;
    std::span<const function_declaration> functions() const noexcept;

    /// Parses, checks and compiles. @return the program, or everything that is wrong with the source.
    result<std::shared_ptr<const program>> compile(std::string source,
                                                   const compile_options& options = {}) const;

  private:
    std::unique_ptr<declarations> content_;
};

} // namespace tributary::cel
