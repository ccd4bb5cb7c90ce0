#include <algorithm>

#include "compiled.hpp"

namespace tributary::cel {
namespace {

constexpr std::uint32_t registers_max = 60'000; ///< They are numbered with 16 bits.

/// The operation with its sides exchanged, for a constant on the left.
operation_kind mirrored(operation_kind operation) {
    switch (operation) {
    case operation_kind::less: return operation_kind::greater;
    case operation_kind::less_equal: return operation_kind::greater_equal;
    case operation_kind::greater: return operation_kind::less;
    case operation_kind::greater_equal: return operation_kind::less_equal;
    default: return operation;
    }
}

std::optional<opcode> slot_comparison(operation_kind operation) {
    switch (operation) {
    case operation_kind::less: return opcode::slot_less;
    case operation_kind::less_equal: return opcode::slot_less_equal;
    case operation_kind::greater: return opcode::slot_greater;
    case operation_kind::greater_equal: return opcode::slot_greater_equal;
    case operation_kind::equal: return opcode::slot_equal;
    case operation_kind::not_equal: return opcode::slot_not_equal;
    default: return {};
    }
}

opcode code_of(operation_kind operation) {
    switch (operation) {
    case operation_kind::less: return opcode::less;
    case operation_kind::less_equal: return opcode::less_equal;
    case operation_kind::greater: return opcode::greater;
    case operation_kind::greater_equal: return opcode::greater_equal;
    case operation_kind::equal: return opcode::equal;
    case operation_kind::not_equal: return opcode::not_equal;
    case operation_kind::add: return opcode::add;
    case operation_kind::subtract: return opcode::subtract;
    case operation_kind::multiply: return opcode::multiply;
    default: return opcode::operation;
    }
}

/// Writes the code of a tree. An expression leaves its value in the register that it is given, and uses those
/// above.
class generator {
  public:
    explicit generator(compiled& into) : into_(into), tree_(*into.tree), local_register_(into.types.locals) {}

    /// @return false when there are not enough registers.
    bool run() {
        expression(tree_.root, 0);
        emit(opcode::finish, tree_.root, 0);
        return into_.registers <= registers_max;
    }

  private:
    using number = std::uint32_t;

    /// `read` is the variable that an instruction reads beside what it stands for.
    number emit(opcode op, node_id of, number d, number a = 0, number b = 0, number c = 0,
                std::optional<node_id> read = {}) {
        into_.registers = std::max(into_.registers, d + 2);
        into_.code.push_back({op, static_cast<std::uint16_t>(std::min(d, registers_max)), a, b, c});
        into_.places.push_back(into_.place_of(of));
        into_.slot_places.push_back(into_.place_of(read.value_or(of)));
        return here() - 1;
    }
    number here() const { return static_cast<number>(into_.code.size()); }
    number constant(const value& given) {
        into_.constants.push_back(given);
        return static_cast<number>(into_.constants.size() - 1);
    }
    bool is_constant(node_id id) const { return !into_.folded[id].is(value_kind::absent); }
    /// A slot that can be used where it is.
    bool is_slot(node_id id) const {
        return into_.types.references[id].what == reference::kind::slot && !tree_[id].test_only &&
               !into_.may_be_double(id);
    }

    void expression(node_id id, number d) {
        if (d >= registers_max)
            return;
        if (is_constant(id)) {
            emit(opcode::constant, id, d, constant(into_.folded[id]));
            return;
        }
        const reference& refers = into_.types.references[id];
        switch (refers.what) {
        case reference::kind::slot:
            emit(tree_[id].test_only ? opcode::has_slot : opcode::slot, id, d, refers.number);
            break;
        case reference::kind::local: emit(opcode::move, id, d, local_register_[refers.number]); break;
        case reference::kind::unknown_name:
            emit(opcode::constant, id, d,
                 constant(value::error(evaluation_errc::no_such_attribute, tree_[id].name)));
            break;
        case reference::kind::unknown_function:
            emit(opcode::constant, id, d,
                 constant(value::error(evaluation_errc::no_such_overload, tree_[id].name)));
            break;
        default: structure(id, d); break;
        }
        if (into_.may_be_double(id))
            emit(opcode::refuse_double, id, d);
    }

    void structure(node_id id, number d) {
        const ast_node& node = tree_[id];
        switch (node.kind) {
        case node_kind::select:
            expression(tree_.child(id, 0), d);
            emit(opcode::select, id, d, d, constant(value::string(node.name)),
                 (node.optional ? 1U : 0U) | (node.test_only ? 2U : 0U));
            break;
        case node_kind::call: call(id, d); break;
        case node_kind::operation: operation(id, d); break;
        case node_kind::list:
        case node_kind::map: literal(id, d); break;
        case node_kind::loop: loop(id, d); break;
        case node_kind::bind: bind(id, d); break;
        case node_kind::optional_entry: expression(tree_.child(id, 0), d); break;
        default: break;
        }
    }

    void bind(node_id id, number d) {
        local_register_[into_.types.first_local[id]] = d + 1;
        expression(tree_.child(id, 0), d + 1);
        // The error of a limit ends the evaluation even when the name is not used.
        const number stop = emit(opcode::stop_if_fatal, id, d, d + 1);
        expression(tree_.child(id, 1), d + 2);
        emit(opcode::move, id, d, d + 2);
        into_.code[stop].b = here();
    }

    void call(node_id id, number d) {
        const reference& refers = into_.types.references[id];
        const auto arguments =
            tree_.children_of(id).subspan(refers.what == reference::kind::namespaced ? 1 : 0);
        for (number i = 0; i < arguments.size(); ++i)
            expression(arguments[i], d + i);
        emit(opcode::call, id, d, d, refers.number, static_cast<number>(arguments.size()));
    }

    void literal(node_id id, number d) {
        const auto parts = tree_.children_of(id);
        const bool is_list = tree_[id].kind == node_kind::list;
        for (number i = 0; i < parts.size(); ++i)
            expression(parts[i], d + i);
        literal_shape shape;
        shape.size = static_cast<number>(is_list ? parts.size() : parts.size() / 2);
        const auto marked = [&](node_id part) { return tree_[part].kind == node_kind::optional_entry; };
        if (std::ranges::any_of(parts, marked)) {
            shape.optional = std::make_unique<bool[]>(shape.size);
            for (number i = 0; i < shape.size; ++i)
                shape.optional[i] = marked(is_list ? parts[i] : parts[2 * i + 1]);
        }
        into_.shapes.push_back(std::move(shape));
        emit(is_list ? opcode::list : opcode::map, id, d, d, static_cast<number>(into_.shapes.size() - 1));
    }

    void operation(node_id id, number d) {
        const ast_node& node = tree_[id];
        const auto operands = tree_.children_of(id);
        switch (node.operation) {
        case operation_kind::conditional: conditional(id, d); return;
        case operation_kind::logical_and:
        case operation_kind::logical_or: logical(id, d); return;
        case operation_kind::logical_not:
        case operation_kind::negate:
            expression(operands[0], d);
            emit(node.operation == operation_kind::negate ? opcode::negate : opcode::logical_not, id, d, d);
            return;
        case operation_kind::in:
            if (into_.set_of[id] != 0) {
                in_set(id, d);
                return;
            }
            break;
        default: break;
        }
        if (compare_slot(id, operands[0], operands[1], node.operation, d) ||
            compare_slot(id, operands[1], operands[0], mirrored(node.operation), d))
            return;
        expression(operands[0], d);
        expression(operands[1], d + 1);
        emit(code_of(node.operation), id, d, d, d + 1, static_cast<number>(node.operation));
    }

    bool compare_slot(node_id id, node_id left, node_id right, operation_kind operation, number d) {
        const auto op = slot_comparison(operation);
        if (!op || !is_slot(left) || !is_constant(right))
            return false;
        emit(*op, id, d, into_.types.references[left].number, constant(into_.folded[right]),
             static_cast<number>(operation), left);
        return true;
    }

    void in_set(node_id id, number d) {
        const node_id asked = tree_.child(id, 0);
        const number set = into_.set_of[id] - 1;
        if (is_slot(asked)) {
            emit(opcode::slot_in_set, id, d, into_.types.references[asked].number, set, 0, asked);
        } else {
            expression(asked, d);
            emit(opcode::in_set, id, d, d, set);
        }
    }

    void logical(node_id id, number d) {
        const bool is_or = tree_[id].operation == operation_kind::logical_or;
        const auto operands = tree_.children_of(id);
        std::vector<number> exits;
        expression(operands[0], d);
        for (const node_id operand : operands.subspan(1)) {
            exits.push_back(emit(opcode::decide, id, d, 0, is_or ? 1 : 0));
            expression(operand, d + 1);
            emit(opcode::combine, id, d, d, d + 1, is_or ? 1 : 0);
        }
        for (const number exit : exits)
            into_.code[exit].a = here();
    }

    void conditional(node_id id, number d) {
        const auto operands = tree_.children_of(id);
        expression(operands[0], d);
        const number branch = emit(opcode::branch, id, d);
        expression(operands[1], d);
        const number over = emit(opcode::jump, id, d);
        into_.code[branch].a = here();
        expression(operands[2], d);
        into_.code[branch].b = into_.code[over].a = here();
    }

    void loop(node_id id, number d) {
        const ast_node& node = tree_[id];
        const auto parts = tree_.children_of(id);
        const number variable = d + 1;
        const number first = into_.types.first_local[id];
        const bool two = !node.second_name.empty();
        expression(parts[0], d);
        local_register_[first] = variable;
        if (two)
            local_register_[first + 1] = variable + 1;
        const number above = variable + (two ? 2 : 1);
        if (is_of_optional(node.loop)) {
            const number unwrap = emit(opcode::unwrap, id, d);
            expression(parts[1], above);
            emit(node.loop == loop_kind::opt_map ? opcode::some : opcode::move, id, d, above);
            into_.code[unwrap].b = here();
            return;
        }
        into_.loops.push_back({node.loop, two, static_cast<std::uint16_t>(depth_),
                               static_cast<std::uint16_t>(std::min(variable, registers_max)), 0,
                               into_.turn_cost[id]});
        const number plan = static_cast<number>(into_.loops.size() - 1);
        into_.loop_states = std::max(into_.loop_states, ++depth_);
        emit(opcode::loop_begin, id, d, 0, 0, plan);
        const number next = emit(opcode::loop_next, id, d, 0, 0, plan);
        if (parts.size() > 2 || node.loop == loop_kind::filter) {
            expression(parts[1], above);
            emit(opcode::loop_filter, id, d, above, next, plan);
        }
        number gathered = variable;
        if (node.loop != loop_kind::filter) {
            gathered = above;
            expression(parts.back(), above);
        }
        emit(opcode::loop_take, id, d, gathered, 0, plan);
        emit(opcode::jump, id, d, next);
        --depth_;
        into_.loops[plan].exit = here();
        into_.registers = std::max(into_.registers, above + 1);
    }

    compiled& into_;
    const ast& tree_;
    std::vector<number> local_register_;
    number depth_ = 0;
};

} // namespace

diagnostics generate(compiled& into) {
    if (into.cost > into.limits.cost)
        return {{compile_errc::too_costly,
                 0,
                 static_cast<std::uint32_t>(into.tree->source.size()),
                 "one evaluation would cost " + std::to_string(into.cost) + "; " +
                     std::to_string(into.limits.cost) + " are the most",
                 {}}};
    if (!generator(into).run())
        return {{compile_errc::too_deep, 0, 0, "the expression needs too many registers", {}}};
    return {};
}

} // namespace tributary::cel
