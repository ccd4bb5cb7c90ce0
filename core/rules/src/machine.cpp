#include "compiled.hpp"
#include "operators.hpp"
#include "short_text.hpp"

namespace tributary::cel {
namespace {

/// An evaluation while it runs: what the instructions work on.
class machine {
  public:
    machine(const compiled& what, activation& slots, std::span<value> registers, std::span<loop_state> states,
            call_context& with)
        : what_(what), slots_(slots), r_(registers.data()), states_(states), with_(with) {}

    value run();

  private:
    /// Gives an error its place in the source, if it has none.
    value placed(value result, std::size_t at) const {
        if (result.is_error() && result.error_place() == value::no_place) [[unlikely]]
            result.set_error_place(what_.places[at]);
        return result;
    }
    value load(std::uint32_t slot, std::size_t at) {
        const value& held = slots_.get(slot);
        if (held.is(value_kind::absent) || held.is_error()) [[unlikely]]
            return not_loaded(held, slot, at);
        return held;
    }
    // What is rare is out of the way, so that run() needs few registers of the processor.
    [[gnu::noinline]] value not_loaded(const value& held, std::uint32_t slot, std::size_t at) {
        value failed = what_.slot_error(held, slot);
        if (failed.error_place() == value::no_place)
            failed.set_error_place(what_.slot_places[at]);
        return failed;
    }
    [[gnu::noinline]] value slowly(const instruction& now, std::size_t at) {
        return placed(apply(static_cast<operation_kind>(now.c), with_, r_[now.a], r_[now.b]), at);
    }
    [[gnu::noinline]] value slot_slowly(const instruction& now, std::size_t at) {
        return placed(
            apply(static_cast<operation_kind>(now.c), with_, load(now.a, at), what_.constants[now.b]), at);
    }
    [[gnu::noinline]] value has(const constant_set& set, const value& asked, std::size_t at) const {
        return asked.is_error() ? placed(asked, at) : value::boolean(set.has(asked));
    }
    [[gnu::noinline]] value call(const instruction& now, std::size_t at);
    /// Stores what a comparison gave, and does at once what a && or || does with it in the instructions after
    /// it: most conditions are comparisons in a row. The next instruction is the one after what is returned.
    static std::size_t answer(value* r, const instruction& now, std::size_t at, bool holds) {
        r[now.d] = value::boolean(holds);
        const instruction* next = &now + 1;
        if (next->op == opcode::combine && r[next->a].is(value_kind::boolean)) {
            r[next->d] = value::boolean(holds); // The left side did not decide.
            ++at;
            ++next;
        }
        if (next->op != opcode::decide)
            return at;
        return holds == (next->b != 0) ? next->a - 1 : at + 1;
    }
    /// Instructions that run() leaves to this, and the rare turns of those that it does not. The next
    /// instruction is the one after what is returned.
    [[gnu::noinline]] std::size_t rarely(const instruction& now, std::size_t at);
    /// The next instruction after a step of a loop.
    [[gnu::noinline]] std::size_t loop_step(const instruction& now, std::size_t at);

    const compiled& what_;
    activation& slots_;
    value* r_;
    std::span<loop_state> states_;
    call_context& with_;
};

value machine::call(const instruction& now, std::size_t at) {
    const callable& called = what_.callables[now.b];
    return placed(cel::call(with_, called.name, called.implementation, {r_ + now.a, now.c}), at);
}

std::size_t machine::loop_step(const instruction& now, std::size_t at) {
    const loop_plan& plan = what_.loops[now.c];
    loop_state& state = states_[plan.state];
    value& result = r_[now.d];
    switch (now.op) {
    case opcode::loop_begin: {
        const value range = result;
        if (begin_loop(plan.kind, with_, range, state, result))
            return at + 1;
        result = placed(result, at);
        return plan.exit;
    }
    case opcode::loop_next:
        if (!next_turn(plan.two_variables, state, r_ + plan.variable)) {
            result = placed(end_loop(plan.kind, with_, state), at);
            return plan.exit;
        }
        if (with_.charge(plan.cost))
            return at + 1;
        result = placed(call_context::cost_exhausted(), at);
        return plan.exit;
    case opcode::loop_filter:
        switch (take_condition(r_[now.a], result)) {
        case turn_end::go_on: return at + 1;
        case turn_end::skip: return now.b;
        case turn_end::stop: break;
        }
        result = placed(result, at);
        return plan.exit;
    default:
        if (take_turn(plan.kind, r_[now.a], r_[plan.variable], state, result) == turn_end::go_on)
            return at + 1;
        result = placed(result, at);
        return plan.exit;
    }
}

std::size_t machine::rarely(const instruction& now, std::size_t at) {
    value& result = r_[now.d];
    switch (now.op) {
    case opcode::has_slot: {
        const value& held = slots_.get(now.a);
        const bool there = !held.is(value_kind::absent) && !held.is_error();
        result = held.is_fatal_error() ? held : value::boolean(there);
        break;
    }
    case opcode::refuse_double:
        if (result.is(value_kind::float64))
            result = value::error(evaluation_errc::double_in_amount);
        break;
    case opcode::combine: result = combine_logical(now.c != 0, r_[now.a], r_[now.b]); break;
    case opcode::branch: // Of what is no bool.
        result = placed(result.is_error() ? result : no_such_overload(), at);
        return now.b - 1;
    case opcode::logical_not: result = logical_not(r_[now.a]); break;
    case opcode::negate: result = negate(r_[now.a]); break;
    case opcode::in_set: result = has(what_.sets[now.b], r_[now.a], at); break;
    case opcode::select:
        result = select(with_, r_[now.a], what_.constants[now.b], (now.c & 1) != 0, (now.c & 2) != 0);
        break;
    case opcode::list: {
        const literal_shape& shape = what_.shapes[now.b];
        result = make_list(with_, {r_ + now.a, shape.size}, shape.marks());
        break;
    }
    case opcode::map: {
        const literal_shape& shape = what_.shapes[now.b];
        result = make_map_value(with_, {r_ + now.a, std::size_t{2} * shape.size}, shape.marks());
        break;
    }
    case opcode::stop_if_fatal:
        if (!r_[now.a].is_fatal_error())
            return at;
        result = r_[now.a];
        return now.b - 1;
    case opcode::some: result = r_[now.a].is_error() ? r_[now.a] : with_.some(r_[now.a]); break;
    case opcode::unwrap:
        if (const value given = result; const value* held = optional_value(given, result)) {
            r_[now.d + 1] = *held;
            break;
        }
        result = placed(result, at);
        return now.b - 1;
    default: break; // All others are run()'s.
    }
    result = placed(result, at);
    return at;
}

// Cases of operators that are worth it: both sides int64 (or both strings, for equality); all else goes the
// slow way.
#define TRIBUTARY_COMPARE_REGISTERS(name, symbol)                                                            \
    case opcode::name: {                                                                                     \
        const value &left = r[now.a], &right = r[now.b];                                                     \
        if (left.is(value_kind::int64) && right.is(value_kind::int64))                                       \
            at = answer(r, now, at, left.as_int64() symbol right.as_int64());                                \
        else                                                                                                 \
            r[now.d] = slowly(now, at);                                                                      \
        break;                                                                                               \
    }
#define TRIBUTARY_COMPARE(name, symbol)                                                                      \
    TRIBUTARY_COMPARE_REGISTERS(name, symbol)                                                                \
    case opcode::slot_##name: {                                                                              \
        const value &left = filled[now.a], &right = constants[now.b];                                        \
        if (left.is(value_kind::int64) && right.is(value_kind::int64)) [[likely]]                            \
            at = answer(r, now, at, left.as_int64() symbol right.as_int64());                                \
        else                                                                                                 \
            r[now.d] = slot_slowly(now, at);                                                                 \
        break;                                                                                               \
    }
#define TRIBUTARY_EQUAL(name, symbol)                                                                        \
    TRIBUTARY_COMPARE_REGISTERS(name, symbol)                                                                \
    case opcode::slot_##name: {                                                                              \
        const value &left = filled[now.a], &right = constants[now.b];                                        \
        if (left.is(value_kind::string) && right.is(value_kind::string) && right.as_text().size() < 16)      \
            at = answer(r, now, at, same_text(left.as_text(), right.as_text()) symbol true);                 \
        else if (left.is(value_kind::int64) && right.is(value_kind::int64))                                  \
            at = answer(r, now, at, left.as_int64() symbol right.as_int64());                                \
        else                                                                                                 \
            r[now.d] = slot_slowly(now, at);                                                                 \
        break;                                                                                               \
    }
#define TRIBUTARY_ARITHMETIC(name, builtin)                                                                  \
    case opcode::name: {                                                                                     \
        const value &left = r[now.a], &right = r[now.b];                                                     \
        std::int64_t result = 0;                                                                             \
        if (left.is(value_kind::int64) && right.is(value_kind::int64) &&                                     \
            !builtin(left.as_int64(), right.as_int64(), &result)) [[likely]]                                 \
            r[now.d] = value::int64(result);                                                                 \
        else                                                                                                 \
            r[now.d] = slowly(now, at);                                                                      \
        break;                                                                                               \
    }

value machine::run() {
    const instruction* const code = what_.code.data();
    const value* const constants = what_.constants.data();
    value* const r = r_;
    // As they are: one that is empty is fetched on the slow way, which comparing it takes.
    const value* const filled = slots_.data();
    for (std::size_t at = 0;; ++at) {
        const instruction& now = code[at];
        switch (now.op) {
        case opcode::constant: r[now.d] = placed(constants[now.a], at); break;
        case opcode::slot: r[now.d] = load(now.a, at); break;
        case opcode::move: r[now.d] = r[now.a]; break;
        case opcode::jump: at = now.a - 1; break;
        case opcode::decide:
            if (r[now.d].is(value_kind::boolean) && r[now.d].as_boolean() == (now.b != 0))
                at = now.a - 1;
            break;
        case opcode::combine:
            // The left side did not decide: of two bools the right one does.
            if (r[now.a].is(value_kind::boolean) && r[now.b].is(value_kind::boolean)) [[likely]] {
                // Not a copy: what was just written in two words would be read as one, and wait for memory.
                r[now.d] = value::boolean(r[now.b].as_boolean());
                break;
            }
            at = rarely(now, at);
            break;
        case opcode::branch:
            if (r[now.d].is(value_kind::boolean))
                at = r[now.d].as_boolean() ? at : now.a - 1;
            else
                at = rarely(now, at);
            break;
        case opcode::operation:
            r[now.d] = slowly(now, at);
            break;
            TRIBUTARY_COMPARE(less, <)
            TRIBUTARY_COMPARE(less_equal, <=)
            TRIBUTARY_COMPARE(greater, >)
            TRIBUTARY_COMPARE(greater_equal, >=)
            TRIBUTARY_EQUAL(equal, ==)
            TRIBUTARY_EQUAL(not_equal, !=)
            TRIBUTARY_ARITHMETIC(add, __builtin_add_overflow)
            TRIBUTARY_ARITHMETIC(subtract, __builtin_sub_overflow)
            TRIBUTARY_ARITHMETIC(multiply, __builtin_mul_overflow)
        case opcode::slot_in_set: {
            const value& held = filled[now.a];
            if (const constant_set& set = what_.sets[now.b]; held.is(set.kind)) [[likely]]
                at = answer(r, now, at, set.has_kind(held));
            else
                r[now.d] = has(set, load(now.a, at), at);
            break;
        }
        case opcode::call: r[now.d] = call(now, at); break;
        case opcode::loop_begin:
        case opcode::loop_next:
        case opcode::loop_filter:
        case opcode::loop_take: at = loop_step(now, at) - 1; break;
        case opcode::finish: return r[now.d];
        default: at = rarely(now, at); break;
        }
    }
}

#undef TRIBUTARY_COMPARE_REGISTERS
#undef TRIBUTARY_COMPARE
#undef TRIBUTARY_EQUAL
#undef TRIBUTARY_ARITHMETIC

} // namespace

value run(const compiled& what, activation& slots, std::span<value> registers, std::span<loop_state> states,
          call_context& with) {
    return machine(what, slots, registers, states, with).run();
}

} // namespace tributary::cel
