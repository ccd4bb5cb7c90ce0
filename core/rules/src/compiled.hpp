#pragma once

#include <tributary/cel/environment.hpp>

#include "ast.hpp"
#include "checker.hpp"
#include "loop_steps.hpp"

namespace tributary::cel {

/// What an instruction does. r is the evaluation's array of registers; d, a, b, c the instruction's fields.
enum class opcode : std::uint8_t {
    constant,      ///< r[d] = constants[a]
    slot,          ///< r[d] = slot a
    has_slot,      ///< r[d] = is slot a filled?
    move,          ///< r[d] = r[a]
    refuse_double, ///< r[d] = an error when r[d] is a double
    jump,          ///< to a
    decide,        ///< to a when r[d] is the bool b
    combine,       ///< r[d] = r[a] && r[b], or || when c is 1
    branch,        ///< next when r[d] is true, to a when false, else r[d] = an error and to b
    logical_not,   ///< r[d] = !r[a]
    negate,        ///< r[d] = -r[a]
    operation,     ///< r[d] = r[a] (operation c) r[b]
    less,          ///< r[d] = r[a] < r[b], and so on: operations that are worth a case of their own
    less_equal,
    greater,
    greater_equal,
    equal,
    not_equal,
    add,
    subtract,
    multiply,
    slot_less, ///< r[d] = slot a < constants[b], and so on
    slot_less_equal,
    slot_greater,
    slot_greater_equal,
    slot_equal,
    slot_not_equal,
    slot_in_set,   ///< r[d] = slot a in sets[b]
    in_set,        ///< r[d] = r[a] in sets[b]
    select,        ///< r[d] = r[a].constants[b]; c: 1 optional, 2 has()
    call,          ///< r[d] = callables[b](r[a], ... of c)
    list,          ///< r[d] = [r[a], ... of shapes[b].size]
    map,           ///< r[d] = {r[a]: r[a + 1], ... of shapes[b].size values}
    loop_begin,    ///< starts the loop loops[c] over r[d]; that is its result, too, with which it may end at
                   ///< once
    loop_next,     ///< sets the variables of loops[c]; after the last turn leaves its result in r[d]
    loop_filter,   ///< r[a] is the condition of a turn of map, filter, transform_map: when false to b
    loop_take,     ///< r[a] is what a turn gave
    stop_if_fatal, ///< r[d] = r[a] and to b when r[a] is the error of a limit
    some,          ///< r[d] = optional of r[a]
    unwrap,        ///< r[d + 1] = value of the optional r[d]; without one to b
    finish,        ///< the result is r[0]
};

struct instruction {
    opcode op = opcode::finish;
    std::uint16_t d = 0;
    std::uint32_t a = 0;
    std::uint32_t b = 0;
    std::uint32_t c = 0;
};
static_assert(sizeof(instruction) == 16);

/// Strings or ints of a literal list, to be asked whether they have one. Others of another kind than `kind`
/// are looked for in the list itself.
struct constant_set {
    value_kind kind = value_kind::string;
    list_view elements;
    std::vector<value> sorted; ///< Empty for few elements.

    bool has(const value& asked) const noexcept;
    /// The same, for a value of this kind.
    bool has_kind(const value& asked) const noexcept;
};

/// A function that a program calls, without its declaration.
struct callable {
    std::string name;
    function implementation = nullptr;
};

/// Which elements of a literal list or map may be left out. `optional` is empty when none may.
struct literal_shape {
    std::uint32_t size = 0;
    std::unique_ptr<bool[]> optional;
    std::span<const bool> marks() const noexcept {
        return optional ? std::span<const bool>(optional.get(), size) : std::span<const bool>();
    }
};

struct loop_plan {
    loop_kind kind = loop_kind::all;
    bool two_variables = false;
    std::uint16_t state = 0;    ///< Number of its loop_state: loops within each other have different ones.
    std::uint16_t variable = 0; ///< Register of the first variable; the second follows.
    std::uint32_t exit = 0;     ///< The first instruction after it.
    std::uint64_t cost = 0;     ///< Of one turn.
};

/// A program from the inside: its tree with types, and the code that was made of it.
struct compiled {
    compiled(std::unique_ptr<ast> parsed, const declarations& names, const compile_options& asked);

    std::unique_ptr<ast> tree;
    evaluation_limits limits;    ///< What evaluations will have.
    evaluation_limits compiling; ///< What is computed while compiling, and patterns, have together.
    arena memory;                ///< Of constants.
    std::vector<std::shared_ptr<const void>> kept; ///< What constants point to outside of it.
    call_context reading;
    checked types;

    std::vector<instruction> code;
    std::vector<std::uint32_t> places;      ///< In the source, by instruction.
    std::vector<std::uint32_t> slot_places; ///< The same, of the variable that an instruction reads.
    std::vector<value> constants;
    std::vector<constant_set> sets;
    std::vector<callable> callables;
    std::vector<literal_shape> shapes;
    std::vector<loop_plan> loops;
    std::uint32_t registers = 1;
    std::uint32_t loop_states = 0;

    /// By node: what was computed while compiling (absent: nothing), the set that a list became (plus one),
    /// the cost of a loop's turn.
    std::vector<value> folded;
    std::vector<std::uint32_t> set_of;
    std::vector<std::uint64_t> turn_cost;

    std::string text;
    std::string hash;
    std::vector<slot_id> slots;
    std::vector<std::string> slot_missing; ///< As slots: what is said of one that is empty.
    std::uint64_t cost = 0;
    std::optional<value_kind> result_kind; ///< Nothing: any.
    bool is_checked = true;
    bool amount = false;
    rounding mode = rounding::half_up;
    const zone_database* zones = nullptr;
    currency_exponent_function currency_exponent = nullptr;

    /// A context for one evaluation.
    call_context context(arena& for_results, const evaluation_limits& of,
                         const activation& given) const noexcept {
        call_context with(for_results, of);
        with.zones = zones;
        with.rates = given.rates();
        with.currency_exponent = currency_exponent;
        with.mode = mode;
        return with;
    }
    /// The error of a slot that is empty or holds one itself.
    value slot_error(const value& held, slot_id slot) const noexcept;
    /// Where an error of this node is: at the operator, the function's name, or the whole name of a variable.
    std::uint32_t place_of(node_id id) const {
        return types.references[id].what == reference::kind::slot ? (*tree)[id].begin : (*tree)[id].place;
    }
    /// Has a value of this node to be looked at for a double, which only run time can know?
    bool may_be_double(node_id id) const { return amount && types.types[id].is(type_kind::dyn); }
};

/// Steps of compiling, in this order. fold() finds what can be computed now; measure() finds costs; link()
/// takes what is needed of the environment, and makes text and hash; generate() writes code.
void fold(compiled& into);
void measure(compiled& into);
void link(compiled& into, const declarations& names);
/// @return what is wrong: too_costly, too_deep; empty when nothing is.
diagnostics generate(compiled& into);

/// Runs the code. There are at least as many registers and loop states as the program needs.
value run(const compiled& what, activation& slots, std::span<value> registers, std::span<loop_state> states,
          call_context& with);

/// Walks the tree. `steps` may be nullptr. With `plain` nothing that was computed while compiling is used.
value walk(const compiled& what, activation& slots, call_context& with, std::vector<trace_step>* steps,
           bool plain);

} // namespace tributary::cel
