#include "compiled.hpp"
#include "operators.hpp"

namespace tributary::cel {
namespace {

/// Evaluates a tree as it stands, each node by its children: what the code has to agree with, and the trace.
class walker {
  public:
    walker(const compiled& what, activation& slots, call_context& with, std::vector<trace_step>* steps,
           bool plain)
        : what_(what), tree_(*what.tree), slots_(slots), with_(with), steps_(steps), plain_(plain),
          locals_(what.types.locals) {}

    value at(node_id id) {
        const ast_node& node = tree_[id];
        std::size_t step = no_step;
        // A table is a constant of the function that takes it: it gives nothing that a person could read.
        const reference& refers = what_.types.references[id];
        const bool is_table = refers.what == reference::kind::constant && node.kind == node_kind::list;
        if (steps_ != nullptr && steps_->size() < trace_steps_max && !is_table) {
            step = steps_->size();
            steps_->push_back({node.begin, node.end, level_, {}});
        }
        ++level_;
        value result = look(id, node);
        --level_;
        if (what_.may_be_double(id) && result.is(value_kind::float64))
            result = value::error(evaluation_errc::double_in_amount);
        if (result.is_error() && result.error_place() == value::no_place)
            result.set_error_place(what_.place_of(id));
        if (step != no_step)
            (*steps_)[step].gave =
                node.kind == node_kind::literal ? node.literal : result; // as written, not as read
        return result;
    }

  private:
    static constexpr std::size_t no_step = static_cast<std::size_t>(-1);

    value look(node_id id, const ast_node& node) {
        const reference& refers = what_.types.references[id];
        if (refers.what == reference::kind::constant)
            return refers.constant;
        if (!plain_ && !what_.folded[id].is(value_kind::absent))
            return what_.folded[id];
        switch (refers.what) {
        case reference::kind::slot: return slot(node, refers.number);
        case reference::kind::local: return locals_[refers.number];
        case reference::kind::unknown_name:
            return value::error(evaluation_errc::no_such_attribute, node.name);
        case reference::kind::unknown_function:
            return value::error(evaluation_errc::no_such_overload, node.name);
        default: break;
        }
        switch (node.kind) {
        case node_kind::literal: return node.literal;
        case node_kind::select:
            return select(with_, at(tree_.child(id, 0)), value::string(node.name), node.optional,
                          node.test_only);
        case node_kind::call: return call(id, refers);
        case node_kind::operation: return operation(id, node);
        case node_kind::list:
        case node_kind::map: return literal(id, node);
        case node_kind::loop: return loop(id, node);
        case node_kind::bind: {
            // The error of a limit ends the evaluation even when the name is not used.
            const value bound = at(tree_.child(id, 0));
            locals_[what_.types.first_local[id]] = bound;
            return bound.is_fatal_error() ? bound : at(tree_.child(id, 1));
        }
        case node_kind::optional_entry: return at(tree_.child(id, 0));
        case node_kind::identifier: break;
        }
        return value::error(evaluation_errc::unsupported);
    }

    value slot(const ast_node& node, slot_id number) {
        const value held = slots_.get(number);
        const bool there = !held.is(value_kind::absent) && !held.is_error();
        if (node.test_only && !held.is_fatal_error())
            return value::boolean(there);
        return there ? held : what_.slot_error(held, number);
    }

    std::vector<value> all(std::span<const node_id> nodes) {
        std::vector<value> gave;
        for (const node_id each : nodes)
            gave.push_back(at(each));
        return gave;
    }

    value call(node_id id, const reference& refers) {
        const bool namespaced = refers.what == reference::kind::namespaced;
        const std::vector<value> arguments = all(tree_.children_of(id).subspan(namespaced ? 1 : 0));
        const callable& called = what_.callables[refers.number];
        return cel::call(with_, called.name, called.implementation, arguments);
    }

    value operation(node_id id, const ast_node& node) {
        const auto operands = tree_.children_of(id);
        switch (node.operation) {
        case operation_kind::conditional: {
            const value condition = at(operands[0]);
            if (!condition.is(value_kind::boolean))
                return condition.is_error() ? condition : no_such_overload();
            return at(operands[condition.as_boolean() ? 1 : 2]);
        }
        case operation_kind::logical_and:
        case operation_kind::logical_or: {
            const bool decides = node.operation == operation_kind::logical_or;
            value answer = at(operands[0]);
            for (const node_id operand : operands.subspan(1)) {
                if (answer.is(value_kind::boolean) && answer.as_boolean() == decides)
                    break;
                answer = combine_logical(decides, answer, at(operand));
            }
            return answer;
        }
        case operation_kind::logical_not: return logical_not(at(operands[0]));
        case operation_kind::negate: return negate(at(operands[0]));
        default: break;
        }
        const value left = at(operands[0]);
        if (what_.set_of[id] != 0 && !plain_)
            return left.is_error() ? left : value::boolean(what_.sets[what_.set_of[id] - 1].has(left));
        const value right = at(operands[1]);
        return apply(node.operation, with_, left, right);
    }

    value literal(node_id id, const ast_node& node) {
        const auto parts = tree_.children_of(id);
        const bool is_list = node.kind == node_kind::list;
        const std::vector<value> gave = all(parts);
        const std::size_t size = is_list ? parts.size() : parts.size() / 2;
        const auto marks = std::make_unique<bool[]>(size);
        for (std::size_t i = 0; i < size; ++i)
            marks[i] = tree_[parts[is_list ? i : 2 * i + 1]].kind == node_kind::optional_entry;
        const std::span<const bool> optional(marks.get(), size);
        return is_list ? make_list(with_, gave, optional) : make_map_value(with_, gave, optional);
    }

    value loop(node_id id, const ast_node& node) {
        const auto parts = tree_.children_of(id);
        value* variables = locals_.data() + what_.types.first_local[id];
        const value range = at(parts[0]);
        value result;
        if (is_of_optional(node.loop)) {
            const value* held = optional_value(range, result);
            if (held == nullptr)
                return result;
            variables[0] = *held;
            const value gave = at(parts[1]);
            return node.loop == loop_kind::opt_map && !gave.is_error() ? with_.some(gave) : gave;
        }
        loop_state state;
        if (!begin_loop(node.loop, with_, range, state, result))
            return result;
        while (next_turn(!node.second_name.empty(), state, variables)) {
            if (!with_.charge(what_.turn_cost[id]))
                return call_context::cost_exhausted();
            if (parts.size() > 2 || node.loop == loop_kind::filter) {
                const turn_end end = take_condition(at(parts[1]), result);
                if (end == turn_end::stop)
                    return result;
                if (end == turn_end::skip)
                    continue;
            }
            const value gave = node.loop == loop_kind::filter ? variables[0] : at(parts.back());
            if (take_turn(node.loop, gave, variables[0], state, result) == turn_end::stop)
                return result;
        }
        return end_loop(node.loop, with_, state);
    }

    const compiled& what_;
    const ast& tree_;
    activation& slots_;
    call_context& with_;
    std::vector<trace_step>* steps_;
    bool plain_;
    std::vector<value> locals_;
    std::uint32_t level_ = 0;
};

} // namespace

value walk(const compiled& what, activation& slots, call_context& with, std::vector<trace_step>* steps,
           bool plain) {
    return walker(what, slots, with, steps, plain).at(what.tree->root);
}

} // namespace tributary::cel
