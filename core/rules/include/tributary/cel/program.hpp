#pragma once

#include <tributary/cel/error.hpp>
#include <tributary/cel/function.hpp>
#include <tributary/cel/limits.hpp>
#include <tributary/cel/type.hpp>
#include <tributary/cel/value.hpp>

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::cel {

/// Number of a declared variable in its environment.
using slot_id = std::uint32_t;

struct variable {
    std::string name;
    type declared;
};

struct compiled;   // private
struct loop_state; // private

/// A compiled expression. Immutable and thread-safe; kept by shared_ptr and shared between threads.
class program {
  public:
    explicit program(std::unique_ptr<const compiled> given);
    ~program();
    program(const program&) = delete;
    program& operator=(const program&) = delete;

    const type& result_type() const noexcept;
    /// As it was written.
    std::string_view source() const noexcept;
    /// In canonical form: blanks, brackets and quotes as the printer sets them. Compiling it gives a program
    /// with the same hash.
    std::string_view text() const noexcept;
    /// SHA-256 in 64 hexadecimal digits over the canonical form, the names and types of the variables that it
    /// reads, the container, the result's type, whether it is an amount, and the rounding. Two programs with
    /// one hash give the same for the same values, as long as functions of an embedder's own keep their
    /// meaning, zones their rules and currencies their digits. Stable between versions of this library that
    /// give the same results.
    std::string_view hash() const noexcept;
    /// The variables that it can read, in ascending order, each once: what a caller has to fill, or may fetch
    /// beforehand.
    std::span<const slot_id> slots() const noexcept;
    /// Does it read this variable?
    bool reads(slot_id slot) const noexcept;
    /// What an evaluation pays at once: the operations outside of loops. Turns of loops, and texts and lists
    /// that are looked at, are paid when they happen.
    std::uint64_t cost() const noexcept;
    /// Where an error of an evaluation of this program is, ready for render(). Requires failed.is_error().
    diagnostic describe(const value& failed) const;

    const compiled& code() const noexcept { return *code_; }

  private:
    std::unique_ptr<const compiled> code_;
};

/// Gives the value of a slot when an evaluation reaches it: a counter that needs a query, for instance.
/// Called at most once per slot between two clears. What it gives lives until the activation is cleared. Not
/// thread-safe unless it says so.
class slot_source {
  public:
    virtual ~slot_source() = default;
    /// May not use the evaluator that asks. An exception passes through the evaluation.
    /// @return the value; absent when there is none; or an error value (fetch_failed ends the evaluation,
    /// no_such_attribute can be absorbed).
    virtual value fetch(slot_id slot) = 0;
};

/// The values of the variables for one evaluation: an array of slots that the caller fills without building
/// maps. Keep it and clear it between events. Not thread-safe.
class activation {
  public:
    /// @param slots as many as the environment has variables, all of which are declared by then. A program
    /// that reads a slot beyond them fails with no_such_attribute.
    explicit activation(std::size_t slots) : slots_(slots) {}

    /// Texts, lists and maps are not copied: they outlive the evaluation. The value is of the type that was
    /// declared: rules were checked for that one, and another makes their operators fail. A slot that there
    /// is not is ignored.
    void set(slot_id slot, const value& given) noexcept {
        if (slot < slots_.size()) [[likely]]
            slots_[slot] = given;
    }
    template <std::signed_integral Integer> void set(slot_id slot, Integer given) noexcept {
        set(slot, value::int64(given));
    }
    template <std::unsigned_integral Integer>
    requires(!std::same_as<Integer, bool>) void set(slot_id slot, Integer given) noexcept {
        set(slot, value::uint64(given));
    }
    template <std::floating_point Number> void set(slot_id slot, Number given) noexcept {
        set(slot, value::float64(given));
    }
    void set(slot_id slot, std::string_view given) noexcept { set(slot, value::string(given)); }
    void set(slot_id slot, const char* given) noexcept { set(slot, value::string(given)); }
    /// No other type becomes a bool by itself.
    template <std::same_as<bool> Bool> void set(slot_id slot, Bool given) noexcept {
        set(slot, value::boolean(given));
    }

    /// Who is asked for slots that are empty; nullptr: nobody, and they are no_such_attribute.
    void set_source(slot_source* source) noexcept { source_ = source; }
    /// The exchange rates of the event, for convert(); nullptr: none.
    void set_rates(const exchange_rates* rates) noexcept { rates_ = rates; }
    const exchange_rates* rates() const noexcept { return rates_; }

    /// Empties all slots; source and rates stay.
    void clear() noexcept {
        for (value& each : slots_)
            each = value();
    }

    /// The value of a slot below size(), fetched when it is empty and there is a source. Absent when there is
    /// none.
    const value& get(slot_id slot) {
        value& held = slots_[slot];
        if (held.is(value_kind::absent) && source_ != nullptr) [[unlikely]] {
            held = source_->fetch(slot);
            if (held.is(value_kind::absent)) // It is not asked again.
                held = value::error(evaluation_errc::no_such_attribute);
        }
        return held;
    }
    std::size_t size() const noexcept { return slots_.size(); }
    /// The slots as they are, none fetched.
    const value* data() const noexcept { return slots_.data(); }

  private:
    std::vector<value> slots_;
    slot_source* source_ = nullptr;
    const exchange_rates* rates_ = nullptr;
};

/// What one sub-expression gave. In the order in which they began; a loop has one for each turn.
struct trace_step {
    std::uint32_t begin = 0; ///< Of the sub-expression in the program's source.
    std::uint32_t end = 0;
    std::uint32_t level = 0; ///< How deep in the expression it is; 0 is the whole.
    value gave;              ///< Lives as long as the result. Absent: it was begun and given up (a limit).
};

/// Steps beyond this many are not kept.
inline constexpr std::size_t trace_steps_max = 10'000;

/// Evaluates programs. Keeps its memory between evaluations, so that one like the last allocates nothing. One
/// per thread.
class evaluator {
  public:
    explicit evaluator(evaluation_limits limits = {});
    ~evaluator();
    evaluator(const evaluator&) = delete;
    evaluator& operator=(const evaluator&) = delete;

    /// The result, or an error value. What it points to lives until the next evaluation, a change of `slots`,
    /// or the end of the program. The activation has a slot for each variable of the program's environment.
    value evaluate(const program& what, activation& slots);

    /// The same by walking the tree node by node, slowly, with what each sub-expression gave. The result is
    /// the same as evaluate()'s; limits apply alike.
    value trace(const program& what, activation& slots, std::vector<trace_step>& steps);

    /// What the last evaluation used of limits::cost.
    std::uint64_t cost_used() const noexcept { return cost_used_; }

  private:
    evaluation_limits limits_;
    arena memory_;
    std::vector<value> registers_;
    std::vector<loop_state> states_;
    std::uint64_t cost_used_ = 0;
};

} // namespace tributary::cel
