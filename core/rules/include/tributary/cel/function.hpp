#pragma once

#include <tributary/cel/arena.hpp>
#include <tributary/cel/limits.hpp>
#include <tributary/cel/money.hpp>
#include <tributary/cel/type.hpp>
#include <tributary/cel/value.hpp>

#include <memory>
#include <string>
#include <vector>

namespace tributary::cel {

class zone_database;

/// What a function may use beside its arguments. One per evaluation; not thread-safe.
class call_context {
  public:
    call_context(arena& memory, const evaluation_limits& limits) noexcept
        : memory_(memory), limits_(limits), cost_left_(limits.cost) {}

    arena& memory() noexcept { return memory_; }
    const evaluation_limits& limits() const noexcept { return limits_; }

    /// Takes work from the budget. @return false when there is not enough left: then return cost_exhausted().
    bool charge(std::uint64_t cost) noexcept {
        if (cost > cost_left_) [[unlikely]] {
            cost_left_ = 0;
            return false;
        }
        cost_left_ -= cost;
        return true;
    }
    /// What looking at so many bytes of text costs.
    bool charge_text(std::size_t bytes) noexcept { return charge(bytes / 16); }
    std::uint64_t cost_left() const noexcept { return cost_left_; }
    static value cost_exhausted() noexcept { return value::error(evaluation_errc::cost_limit); }
    static value memory_exhausted() noexcept { return value::error(evaluation_errc::memory_limit); }

    /// An error whose detail is copied. When there is no memory left for it, it has no detail.
    value fail(evaluation_errc code, std::string_view detail);
    /// A string or bytes in the arena, or memory_exhausted().
    value copy_string(std::string_view text);
    value copy_bytes(std::string_view octets);
    /// An optional of this value, copied into the arena.
    value some(const value& inner);

    /// nullptr when there are none: then no zone but UTC and fixed offsets are known.
    const zone_database* zones = nullptr;
    /// nullptr when the event has none: then convert() fails with no_rate.
    const exchange_rates* rates = nullptr;
    currency_exponent_function currency_exponent = nullptr;
    rounding mode = rounding::half_up; ///< Of the program.
    /// What lives as long as the program, for readers of constants whose values point outside the arena, such
    /// as a compiled pattern. nullptr while evaluating: then nothing can be kept.
    std::vector<std::shared_ptr<const void>>* keeper = nullptr;

  private:
    arena& memory_;
    const evaluation_limits& limits_;
    std::uint64_t cost_left_;
};

/// A function at run time. Arguments are never errors and never absent; the receiver of x.f(y) is the first.
/// Every kind of value can come, also those that no overload takes: those give no_such_overload. Results
/// point to arguments, to constant text or into the arena. It allocates nothing elsewhere that lasts, and
/// throws only std::bad_alloc.
using function = value (*)(call_context& with, std::span<const value> arguments);

/// The error of a function that was called with kinds of values that it does not take.
inline value no_such_overload() noexcept {
    return value::error(evaluation_errc::no_such_overload);
}

/// One signature of a function, for the checker.
struct overload {
    std::vector<type> parameters; ///< The receiver first, if it has one.
    type result;
    bool member = false; ///< Called as x.f(y) rather than f(x, y).
};

/// Reads an argument that has to be written out: the text of a literal string. What the constant points to
/// lies in the arena (the program's) or is owned by `with.keeper`.
/// @return the constant that the function gets, or an error value whose detail says what is wrong with it.
using constant_reader = value (*)(call_context& with, std::string_view text);

/// How one parameter of a function takes a literal string.
struct literal_parameter {
    constant_reader read = nullptr; ///< nullptr: as any other argument.
    bool required = false;          ///< A computed argument is refused (compile_errc::not_a_constant).
};

/// A function with all its signatures. Where several take the same arguments the first one is meant.
struct function_declaration {
    std::string name; ///< "size", or with a namespace "math.abs".
    std::vector<overload> overloads;
    function implementation = nullptr;
    /// Same arguments, same result: may be computed when compiled.
    bool pure = true;
    /// The call is computed when compiled, its arguments have to be constants, and its failure is the
    /// source's (compile_errc::bad_constant).
    bool compiled = false;
    /// By parameter, as far as given. A parameter of type rate takes literal strings in any case, one of the
    /// opaque type "tiers" takes literal tables.
    std::vector<literal_parameter> literals = {};
    std::uint32_t cost =
        1; ///< Charged for each call before it happens; what depends on sizes it charges itself.
};

} // namespace tributary::cel
