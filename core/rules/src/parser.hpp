#pragma once

#include <optional>

#include "ast.hpp"
#include "lexer.hpp"

namespace tributary::cel {

/// What parser.cpp, primary.cpp, literals.cpp and macros.cpp share: the tree that grows, and the first thing
/// that is wrong, after which every step gives `nothing`. For one source; not thread-safe.
class parser {
  public:
    parser(ast& tree, const compile_limits& limits) : tree_(tree), limits_(limits), lexer_(tree.source) {}

    /// The root of the whole source.
    result<node_id> run();

  private:
    static constexpr node_id nothing = 0xFFFFFFFF;

    // Grammar, loosest first.
    node_id expression();
    node_id any_of();
    node_id all_of();
    node_id relation();
    node_id sum();
    node_id product();
    node_id unary();

    node_id logical(std::string_view symbol, operation_kind operation, node_id (parser::*operand)());
    struct infix {
        std::string_view symbol;
        operation_kind operation;
    };
    node_id chain(std::span<const infix> operators, node_id (parser::*operand)());
    node_id signs(std::string_view symbol, operation_kind operation);

    // primary.cpp: what operators stand between.
    node_id postfix();
    node_id primary();
    node_id select_or_call(node_id receiver);
    node_id index(node_id receiver);
    node_id name_or_call();
    bool arguments(std::vector<node_id>& into);

    // literals.cpp
    node_id list_literal();
    node_id map_literal();
    node_id entry_after(bool optional, std::uint32_t begin);
    node_id number_literal(bool negative, std::uint32_t begin);
    node_id text_literal();

    // macros.cpp: `call` as a macro; nothing, without a failure, when it is none.
    node_id global_macro(const ast_node& call, std::span<const node_id> arguments);
    node_id member_macro(const ast_node& call, std::span<const node_id> arguments);
    node_id has_macro(const ast_node& call, node_id argument);
    node_id bind_macro(const ast_node& call, std::span<const node_id> arguments);
    node_id loop_macro(const ast_node& call, loop_kind loop, std::size_t variables,
                       std::span<const node_id> arguments);
    bool variable_name(node_id argument, std::string_view macro, std::string_view& name);

    // Tokens.
    void advance();
    bool take(std::string_view symbol);
    bool expect(std::string_view symbol, std::string_view purpose);
    std::string found() const;

    // Tree.
    node_id add(ast_node made, std::span<const node_id> children);
    node_id add(ast_node made, std::initializer_list<node_id> children) {
        return add(made, std::span<const node_id>(children.begin(), children.size()));
    }
    std::uint32_t last_end() const noexcept { return last_end_; }

    // Failure. Returns `nothing` so that a step can return it.
    bool failed() const noexcept { return why_.has_value(); }
    node_id fail(diagnostic why);
    node_id fail(compile_errc code, std::uint32_t begin, std::uint32_t end, std::string message,
                 std::string hint = {}) {
        return fail(diagnostic{code, begin, end, std::move(message), std::move(hint)});
    }

    /// One level deeper, as long as it lives; fails when that is too deep.
    class nested {
      public:
        explicit nested(parser& in) : in_(in) {
            if (++in_.nesting_ > in_.limits_.nesting)
                in_.fail(compile_errc::too_nested, in_.token_.begin, in_.token_.end,
                         "more than " + std::to_string(in_.limits_.nesting) +
                             " expressions within each other");
        }
        ~nested() { --in_.nesting_; }
        nested(const nested&) = delete;
        nested& operator=(const nested&) = delete;

      private:
        parser& in_;
    };

    ast& tree_;
    const compile_limits& limits_;
    lexer lexer_;
    token token_; ///< Looked at next.
    std::uint32_t last_end_ = 0;
    std::size_t nesting_ = 0;
    std::optional<diagnostic> why_;
};

} // namespace tributary::cel
