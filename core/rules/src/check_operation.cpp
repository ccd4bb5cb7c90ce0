#include "checker.hpp"

namespace tributary::cel {
namespace {

bool unknown(const type& of) {
    return of.is(type_kind::dyn) || of.is(type_kind::variable);
}

bool is_number(const type& of) {
    return of.is(type_kind::int64) || of.is(type_kind::uint64) || of.is(type_kind::float64);
}

bool is_time(const type& of) {
    return of.is(type_kind::timestamp) || of.is(type_kind::duration);
}

/// Does `operation` take two values of this type, and give one?
bool closed_under(operation_kind operation, const type& of) {
    if (is_number(of))
        return operation != operation_kind::modulo || !of.is(type_kind::float64);
    if (operation == operation_kind::add)
        return of.is(type_kind::string) || of.is(type_kind::bytes) || of.is(type_kind::duration);
    return operation == operation_kind::subtract && of.is(type_kind::duration);
}

} // namespace

type checker::check_operation(node_id id) {
    const ast_node& node = tree_[id];
    for (const node_id operand : tree_.children_of(id))
        check(operand);
    switch (node.operation) {
    case operation_kind::conditional: return check_conditional(id);
    case operation_kind::logical_or:
    case operation_kind::logical_and:
    case operation_kind::logical_not: return check_logical(id);
    case operation_kind::negate: {
        const type of = current(tree_.child(id, 0));
        if (unknown(of) || of.is(type_kind::int64) || of.is(type_kind::float64))
            return of;
        return no_operator(id);
    }
    case operation_kind::less:
    case operation_kind::less_equal:
    case operation_kind::greater:
    case operation_kind::greater_equal: return check_relation(id);
    case operation_kind::equal:
    case operation_kind::not_equal: return check_equality(id);
    case operation_kind::in: return check_in(id);
    case operation_kind::index:
    case operation_kind::optional_index: return check_index(id);
    default: return check_arithmetic(id);
    }
}

type checker::no_operator(node_id id) {
    const ast_node& node = tree_[id];
    const auto operands = tree_.children_of(id);
    const std::string left = type_text(operands[0]);
    std::string hint;
    if (operands.size() == 1)
        return refuse_at(compile_errc::wrong_types, node.place, node.end, "there is no '-' for " + left);
    const std::string right = type_text(operands[1]);
    const type of_left = current(operands[0]), of_right = current(operands[1]);
    if (is_number(of_left) && is_number(of_right) && closed_under(node.operation, of_right))
        hint =
            "numbers are not converted by themselves: " + right + "(...) makes a " + right + " of the other";
    return refuse(compile_errc::wrong_types, node,
                  "there is no '" + std::string(symbol_of(node.operation)) + "' for " + left + " and " +
                      right,
                  std::move(hint));
}

type checker::check_logical(node_id id) {
    const ast_node& node = tree_[id];
    const std::string purpose = node.operation == operation_kind::logical_not
                                    ? "what '!' negates"
                                    : "each side of '" + std::string(symbol_of(node.operation)) + "'";
    for (const node_id operand : tree_.children_of(id))
        if (!types_.assign(out_.types[operand], type::boolean()))
            refuse(compile_errc::wrong_types, tree_[operand],
                   purpose + " has to be bool, found " + type_text(operand),
                   node.operation == operation_kind::logical_or && tree_[operand].kind == node_kind::literal
                       ? "one of several is asked with: x in [a, b]"
                       : "");
    return type::boolean();
}

type checker::check_conditional(node_id id) {
    const auto operands = tree_.children_of(id);
    expect(operands[0], type::boolean(), "what stands before '?'");
    type both = out_.types[operands[1]];
    if (!types_.join(out_.types[operands[2]], both))
        return refuse_at(compile_errc::wrong_types, tree_[operands[1]].begin, tree_[operands[2]].end,
                         "the two sides of ':' have different types: " + type_text(operands[1]) + " and " +
                             type_text(operands[2]));
    return both;
}

type checker::check_arithmetic(node_id id) {
    const operation_kind operation = tree_[id].operation;
    const auto operands = tree_.children_of(id);
    const type left = current(operands[0]), right = current(operands[1]);
    const bool adds = operation == operation_kind::add;
    if (left.is(type_kind::list) && (right.is(type_kind::list) || unknown(right)) && adds) {
        type both = left;
        return types_.join(right, both) && both.is(type_kind::list) ? both : type::list(type::dyn());
    }
    if (right.is(type_kind::list) && unknown(left) && adds)
        return type::list(type::dyn());
    if (left == right && closed_under(operation, left))
        return left;
    if (unknown(left) && unknown(right))
        return type::dyn();
    if (unknown(left) || unknown(right)) {
        const type& known = unknown(left) ? right : left;
        // With a time the other side may be either, and the result depends on which.
        if (is_time(known) && (adds || operation == operation_kind::subtract))
            return type::dyn();
        return closed_under(operation, known) ? known : no_operator(id);
    }
    const bool with_duration = right.is(type_kind::duration);
    if (left.is(type_kind::timestamp) && with_duration && (adds || operation == operation_kind::subtract))
        return left;
    if (left.is(type_kind::duration) && right.is(type_kind::timestamp) && adds)
        return right;
    if (left.is(type_kind::timestamp) && right.is(type_kind::timestamp) &&
        operation == operation_kind::subtract)
        return type::duration();
    return no_operator(id);
}

type checker::check_relation(node_id id) {
    const auto operands = tree_.children_of(id);
    const type left = current(operands[0]), right = current(operands[1]);
    const auto ordered = [](const type& of) {
        return is_number(of) || is_time(of) || of.is(type_kind::boolean) || of.is(type_kind::string) ||
               of.is(type_kind::bytes);
    };
    const bool fits =
        unknown(left) || unknown(right) || left == right || (is_number(left) && is_number(right));
    if (!fits || !(unknown(left) || ordered(left)) || !(unknown(right) || ordered(right)))
        no_operator(id);
    return type::boolean();
}

type checker::check_equality(node_id id) {
    const auto operands = tree_.children_of(id);
    type both = out_.types[operands[0]];
    if (!types_.join(out_.types[operands[1]], both))
        refuse(compile_errc::wrong_types, tree_[id],
               "these are never equal: " + type_text(operands[0]) + " and " + type_text(operands[1]),
               current(operands[0]).is(type_kind::null) || current(operands[1]).is(type_kind::null)
                   ? "whether there is a value is asked with has()"
                   : "");
    return type::boolean();
}

type checker::check_in(node_id id) {
    const auto operands = tree_.children_of(id);
    const type container = current(operands[1]);
    if (container.is(type_kind::list) || container.is(type_kind::map)) {
        type element = container.parameters()[0];
        if (!types_.join(out_.types[operands[0]], element))
            refuse(compile_errc::wrong_types, tree_[id],
                   type_text(operands[0]) + " is never in " + type_text(operands[1]));
    } else if (!unknown(container)) {
        refuse(compile_errc::wrong_types, tree_[operands[1]],
               "after 'in' stands a list or a map, found " + type_text(operands[1]),
               container.is(type_kind::string) ? "whether a text has a part is asked with contains()" : "");
    }
    return type::boolean();
}

type checker::check_index(node_id id) {
    const auto operands = tree_.children_of(id);
    const bool asks = tree_[id].operation == operation_kind::optional_index;
    type container = current(operands[0]);
    const bool through_optional = container.is(type_kind::optional);
    if (through_optional)
        container = types_.resolve(container.parameters()[0]);
    type held;
    if (container.is(type_kind::list)) {
        expect(operands[1], type::int64(), "the index of a list");
        held = container.parameters()[0];
    } else if (container.is(type_kind::map)) {
        // Numbers find each other across types, as in the map itself.
        const type key = types_.resolve(container.parameters()[0]);
        if (!(is_number(key) && is_number(current(operands[1]))) &&
            !types_.assign(out_.types[operands[1]], key))
            refuse(compile_errc::wrong_types, tree_[operands[1]],
                   "the keys are " + types_.final(key).text() + ", found " + type_text(operands[1]));
        held = container.parameters()[1];
    } else if (!unknown(container)) {
        return refuse(compile_errc::wrong_types, tree_[id],
                      "only a list or a map has elements, found " + type_text(operands[0]));
    }
    return asks || through_optional ? type::optional(held) : held;
}

} // namespace tributary::cel
