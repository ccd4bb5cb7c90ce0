#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "ast.hpp"
#include "text.hpp"

namespace tributary::cel {
namespace {

/// How tightly an expression binds; more is tighter.
enum precedence : int { conditional, disjunction, conjunction, relation, sum, product, sign, postfix };

int precedence_of(const ast_node& node) {
    if (node.kind == node_kind::literal) {
        // A negative number reads as a sign before a number.
        const bool negative =
            (node.literal.is(value_kind::int64) && node.literal.as_int64() < 0) ||
            (node.literal.is(value_kind::float64) && std::signbit(node.literal.as_float64()));
        return negative ? sign : postfix;
    }
    if (node.kind != node_kind::operation)
        return postfix;
    switch (node.operation) {
    case operation_kind::conditional: return conditional;
    case operation_kind::logical_or: return disjunction;
    case operation_kind::logical_and: return conjunction;
    case operation_kind::logical_not:
    case operation_kind::negate: return sign;
    case operation_kind::add:
    case operation_kind::subtract: return sum;
    case operation_kind::multiply:
    case operation_kind::divide:
    case operation_kind::modulo: return product;
    case operation_kind::index:
    case operation_kind::optional_index: return postfix;
    default: return relation;
    }
}

constexpr char hex_digits[] = "0123456789abcdef";

void print_octet(std::string& to, unsigned char octet) {
    to += "\\x";
    to += hex_digits[octet >> 4];
    to += hex_digits[octet & 15];
}

void print_text(std::string& to, std::string_view text, bool is_bytes) {
    to += is_bytes ? "b\"" : "\"";
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        switch (c) {
        case '"': to += "\\\""; break;
        case '\\': to += "\\\\"; break;
        case '\n': to += "\\n"; break;
        case '\r': to += "\\r"; break;
        case '\t': to += "\\t"; break;
        default:
            if (octet < 0x20 || octet == 0x7F || (is_bytes && octet > 0x7F))
                print_octet(to, octet);
            else
                to += c;
        }
    }
    to += '"';
}

void print_number(std::string& to, double number) {
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    const std::string_view text(digits.data(), static_cast<std::size_t>(end.ptr - digits.data()));
    to += text;
    if (text.find_first_of(".e") == std::string_view::npos)
        to += ".0";
}

bool is_plain_name(std::string_view name) {
    if (name == "true" || name == "false" || name == "null" || name == "in" ||
        (name[0] >= '0' && name[0] <= '9'))
        return false;
    return std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

class printer {
  public:
    explicit printer(const ast& tree) : tree_(tree) {}

    /// With brackets when the expression binds less than `least`.
    void print(node_id id, int least) {
        const ast_node& node = tree_[id];
        const bool bracketed = precedence_of(node) < least;
        if (bracketed)
            text_ += '(';
        print_bare(id, node);
        if (bracketed)
            text_ += ')';
    }
    std::string take() { return std::move(text_); }

  private:
    void print_bare(node_id id, const ast_node& node) {
        switch (node.kind) {
        case node_kind::literal: print_literal(text_, node.literal); break;
        case node_kind::identifier: print_name(node); break;
        case node_kind::select: print_select(id, node); break;
        case node_kind::call: print_call(id, node); break;
        case node_kind::operation: print_operation(id, node); break;
        case node_kind::list: print_all(tree_.children_of(id), "[", "]"); break;
        case node_kind::map: print_map(id); break;
        case node_kind::optional_entry:
            text_ += '?';
            print(tree_.child(id, 0), conditional);
            break;
        case node_kind::loop: print_loop(id, node); break;
        case node_kind::bind:
            text_ += "cel.bind(";
            text_ += node.name;
            print_all(tree_.children_of(id), ", ", ")");
            break;
        }
    }

    void print_name(const ast_node& node) {
        if (node.test_only)
            text_ += "has(";
        if (node.rooted)
            text_ += '.';
        text_ += node.name;
        if (node.test_only)
            text_ += ')';
    }

    void print_all(std::span<const node_id> all, std::string_view before, std::string_view after) {
        text_ += before;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (i > 0)
                text_ += ", ";
            print(all[i], conditional);
        }
        text_ += after;
    }

    void print_select(node_id id, const ast_node& node) {
        if (node.test_only)
            text_ += "has(";
        print(tree_.child(id, 0), postfix);
        text_ += node.optional ? ".?" : ".";
        if (is_plain_name(node.name))
            text_ += node.name;
        else
            text_ += "`" + std::string(node.name) + "`";
        if (node.test_only)
            text_ += ')';
    }

    void print_call(node_id id, const ast_node& node) {
        std::span<const node_id> arguments = tree_.children_of(id);
        if (node.member) {
            print(arguments[0], postfix);
            text_ += '.';
            arguments = arguments.subspan(1);
        }
        print_name(node);
        print_all(arguments, "(", ")");
    }

    void print_map(node_id id) {
        const auto entries = tree_.children_of(id);
        text_ += '{';
        for (std::size_t i = 0; i < entries.size(); i += 2) {
            if (i > 0)
                text_ += ", ";
            const bool optional = tree_[entries[i + 1]].kind == node_kind::optional_entry;
            if (optional)
                text_ += '?';
            print(entries[i], conditional);
            text_ += ": ";
            print(optional ? tree_.child(entries[i + 1], 0) : entries[i + 1], conditional);
        }
        text_ += '}';
    }

    void print_operation(node_id id, const ast_node& node) {
        const auto operands = tree_.children_of(id);
        switch (node.operation) {
        case operation_kind::conditional:
            print(operands[0], disjunction);
            text_ += " ? ";
            print(operands[1], disjunction);
            text_ += " : ";
            print(operands[2], conditional);
            return;
        case operation_kind::logical_not:
        case operation_kind::negate: print_sign(node, operands[0]); return;
        case operation_kind::index:
        case operation_kind::optional_index:
            print(operands[0], postfix);
            text_ += node.operation == operation_kind::index ? "[" : "[?";
            print(operands[1], conditional);
            text_ += ']';
            return;
        default: break;
        }
        // Left-associative: what stands on the right needs brackets at the same level. && and || are flat.
        const int own = precedence_of(node);
        const bool flat = own == disjunction || own == conjunction;
        for (std::size_t i = 0; i < operands.size(); ++i) {
            if (i > 0) {
                text_ += ' ';
                text_ += symbol_of(node.operation);
                text_ += ' ';
            }
            print(operands[i], i == 0 && !flat ? own : own + 1);
        }
    }

    void print_sign(const ast_node& node, node_id operand) {
        const ast_node& of = tree_[operand];
        text_ += node.operation == operation_kind::negate ? '-' : '!';
        // A sign of the same kind may follow; a positive number would take the sign into itself.
        const bool same = of.kind == node_kind::operation && of.operation == node.operation;
        const bool number = of.kind == node_kind::literal && node.operation == operation_kind::negate &&
                            (of.literal.is(value_kind::int64) || of.literal.is(value_kind::float64));
        const bool follows = same || (number && precedence_of(of) == sign);
        if (number && !follows)
            text_ += '(';
        print(operand, follows ? sign : postfix);
        if (number && !follows)
            text_ += ')';
    }

    void print_loop(node_id id, const ast_node& node) {
        const auto parts = tree_.children_of(id);
        print(parts[0], postfix);
        text_ += '.';
        text_ += name_of(node);
        text_ += '(';
        text_ += node.name;
        if (!node.second_name.empty()) {
            text_ += ", ";
            text_ += node.second_name;
        }
        print_all(parts.subspan(1), ", ", ")");
    }

    static std::string_view name_of(const ast_node& node) {
        const bool two = !node.second_name.empty();
        switch (node.loop) {
        case loop_kind::all: return "all";
        case loop_kind::exists: return "exists";
        case loop_kind::exists_one: return two ? "existsOne" : "exists_one";
        case loop_kind::map: return two ? "transformList" : "map";
        case loop_kind::filter: return "filter";
        case loop_kind::transform_map: return "transformMap";
        case loop_kind::opt_map: return "optMap";
        case loop_kind::opt_flat_map: return "optFlatMap";
        }
        return "";
    }

    const ast& tree_;
    std::string text_;
};

} // namespace

void print_literal(std::string& to, const value& literal) {
    switch (literal.kind()) {
    case value_kind::boolean: to += literal.as_boolean() ? "true" : "false"; break;
    case value_kind::int64: to += std::to_string(literal.as_int64()); break;
    case value_kind::uint64: to += std::to_string(literal.as_uint64()) + "u"; break;
    case value_kind::float64: print_number(to, literal.as_float64()); break;
    case value_kind::string: print_text(to, literal.as_text(), false); break;
    case value_kind::bytes: print_text(to, literal.as_text(), true); break;
    default: to += "null"; break;
    }
}

std::string print(const ast& tree, node_id at) {
    printer work(tree);
    work.print(at, conditional);
    return work.take();
}

std::string_view symbol_of(operation_kind operation) noexcept {
    switch (operation) {
    case operation_kind::logical_or: return "||";
    case operation_kind::logical_and: return "&&";
    case operation_kind::less: return "<";
    case operation_kind::less_equal: return "<=";
    case operation_kind::greater: return ">";
    case operation_kind::greater_equal: return ">=";
    case operation_kind::equal: return "==";
    case operation_kind::not_equal: return "!=";
    case operation_kind::in: return "in";
    case operation_kind::add: return "+";
    case operation_kind::subtract: return "-";
    case operation_kind::multiply: return "*";
    case operation_kind::divide: return "/";
    case operation_kind::modulo: return "%";
    default: return "";
    }
}

} // namespace tributary::cel
