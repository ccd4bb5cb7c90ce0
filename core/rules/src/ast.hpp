#pragma once

#include <tributary/cel/arena.hpp>
#include <tributary/cel/error.hpp>
#include <tributary/cel/limits.hpp>
#include <tributary/cel/value.hpp>

#include <string>
#include <vector>

namespace tributary::cel {

enum class node_kind : std::uint8_t {
    literal,        ///< A constant: `literal`.
    identifier,     ///< `name`; `rooted` when it began with a dot.
    select,         ///< child 0 . `name`; `optional` for .?name, `test_only` inside has().
    call,           ///< `name` of the children; `member` when child 0 stood before the dot.
    operation,      ///< `operation` of the children.
    list,           ///< Children are its elements.
    map,            ///< Children are keys and values in turn.
    optional_entry, ///< child 0, an element or a map's value after '?': left out when the optional has none.
    loop,           ///< A macro that iterates; see loop_kind.
    bind,           ///< cel.bind(`name`, child 0, child 1)
};

enum class operation_kind : std::uint8_t {
    conditional, ///< child 0 ? child 1 : child 2
    logical_or,  ///< Of two or more.
    logical_and, ///< Of two or more.
    logical_not,
    negate,
    less,
    less_equal,
    greater,
    greater_equal,
    equal,
    not_equal,
    in,
    add,
    subtract,
    multiply,
    divide,
    modulo,
    index,          ///< child 0 [ child 1 ]
    optional_index, ///< child 0 [? child 1 ]
};

/// Macros that bind one or two variables to what their receiver (child 0) holds. With two variables the first
/// is the index or key, the second the element or value.
enum class loop_kind : std::uint8_t {
    all,        ///< child 1 predicate
    exists,     ///< child 1 predicate
    exists_one, ///< child 1 predicate
    map,        ///< child 1 result; or child 1 predicate, child 2 result. With two variables: transformList.
    filter,     ///< child 1 predicate
    transform_map, ///< As map, into a map with the keys of the receiver; two variables.
    opt_map,       ///< child 1 of the value of an optional, as an optional
    opt_flat_map,  ///< child 1, an optional itself
};

/// Those that have no turns: the value of an optional, or none.
constexpr bool is_of_optional(loop_kind loop) noexcept {
    return loop == loop_kind::opt_map || loop == loop_kind::opt_flat_map;
}

using node_id = std::uint32_t;

struct ast_node {
    node_kind kind = node_kind::literal;
    operation_kind operation = operation_kind::conditional;
    loop_kind loop = loop_kind::all;
    bool rooted = false;
    bool member = false;
    bool optional = false;
    bool test_only = false;
    std::uint32_t begin = 0; ///< Of the whole expression, in the source.
    std::uint32_t end = 0;
    std::uint32_t place = 0; ///< What an error points at: the operator, the name of the function.
    std::uint32_t first = 0; ///< Of its children, in ast::children.
    std::uint32_t count = 0;
    std::uint32_t depth = 1;
    std::string_view name = {};
    std::string_view second_name = {}; ///< Of a loop with two variables; empty for one.
    value literal = {};
};

/// A parsed source: nodes that refer to each other by number, children before their parents. Owns all texts
/// in it.
struct ast {
    explicit ast(std::string given) : source(std::move(given)), memory(source.size() * 4 + 4096) {}

    std::string source;
    arena memory; ///< Texts of literals and names.
    std::vector<ast_node> nodes;
    std::vector<node_id> children;
    node_id root = 0;

    const ast_node& operator[](node_id id) const { return nodes[id]; }
    std::span<const node_id> children_of(node_id id) const {
        return std::span<const node_id>(children).subspan(nodes[id].first, nodes[id].count);
    }
    node_id child(node_id id, std::size_t number) const { return children[nodes[id].first + number]; }
};

/// Reads a source, with macros expanded into loops and binds.
/// @return the tree, or one diagnostic: syntax, invalid_utf8, bad_literal, unsupported, or one of the limits.
/// @source cel-spec, Language Definition, "Syntax" and "Macros". Thread-safe.
result<std::unique_ptr<ast>> parse(std::string source, const compile_limits& limits);

/// The expression at a node in canonical form: one blank around operators, brackets only where they are
/// needed, texts in double quotes, macros as they are written. Equal trees have equal texts, and parsing the
/// text gives an equal tree.
std::string print(const ast& tree, node_id at);

/// Appends a bool, number, string, bytes or null as print() writes it; null for all other values.
void print_literal(std::string& to, const value& literal);

/// "&&", "+" and so on; "" for those that are no infix operators.
std::string_view symbol_of(operation_kind operation) noexcept;

} // namespace tributary::cel
