#pragma once

#include "ast.hpp"
#include "names.hpp"
#include "unify.hpp"

namespace tributary::cel {

/// What a node of the tree refers to, beyond what the syntax says.
struct reference {
    enum class kind : std::uint8_t {
        none,
        slot,             ///< A declared variable, `number`; with test_only whether it is there.
        local,            ///< A variable of a loop or bind, `number`.
        constant,         ///< `constant`: a type's name, a literal that a function read.
        called,           ///< `declaration`, called with all children.
        namespaced,       ///< `declaration`; child 0 is part of its name.
        unknown_name,     ///< Only without checking: an error when it is reached.
        unknown_function, ///< The same.
    };
    kind what = kind::none;
    std::uint32_t number = 0;
    const function_declaration* declaration = nullptr;
    value constant = {};
};

/// A tree with its types and references, by node.
struct checked {
    std::vector<type> types;
    std::vector<reference> references;
    /// Of each loop and bind the number of its first local variable; a second one follows.
    std::vector<std::uint32_t> first_local;
    std::uint32_t locals = 0;
    type result;
};

/// Finds out what every name means and which type every part has.
///
/// @param constants keeps what literal arguments become (rates, tables of tiers); outlives the result.
/// @return everything that is wrong. Without options.check nothing is but what the syntax forbids.
/// @source cel-spec, Language Definition, "Gradual Type Checking", "Name Resolution".
result<checked> check(const ast& tree, const declarations& names, const compile_options& options,
                      call_context& constants);

/// The work behind check(), in three files: checker.cpp (structure and names), check_operation.cpp,
/// check_call.cpp.
class checker {
  public:
    checker(const ast& tree, const declarations& names, const compile_options& options,
            call_context& constants);
    result<checked> run();

  private:
    struct local_variable {
        std::string_view name;
        type of;
        std::uint32_t number;
    };

    const type& check(node_id id);
    type check_node(node_id id);
    /// What a whole name refers to: a variable or a type. Nothing when it is neither.
    std::optional<type> check_name(node_id id, std::string_view name, bool rooted);
    type check_identifier(node_id id);
    type check_select(node_id id);
    type check_list(node_id id);
    type check_map(node_id id);
    type check_loop(node_id id);
    type check_bind(node_id id);
    type loop_result(node_id id, const type& range, const type& key);
    void check_result();
    void check_no_double();

    type check_operation(node_id id);
    type check_logical(node_id id);
    type check_conditional(node_id id);
    type check_arithmetic(node_id id);
    type check_relation(node_id id);
    type check_equality(node_id id);
    type check_in(node_id id);
    type check_index(node_id id);
    type no_operator(node_id id);

    type check_call(node_id id);
    type check_function(node_id id, const function_declaration& called, bool member, std::size_t skipped);
    bool check_argument(node_id argument, const function_declaration& called, std::size_t number,
                        std::size_t arguments);
    bool read_rate(node_id argument);
    bool read_table(node_id argument);
    type choose_overload(node_id id, const function_declaration& called, bool member,
                         std::span<const node_id> arguments);
    type compute_now(node_id id, const function_declaration& called, std::span<const node_id> arguments,
                     type of);
    type unknown_function(node_id id, bool member, std::string_view qualified);

    type element_type(node_id element);
    void expect(node_id id, const type& wanted, std::string_view purpose);
    const local_variable* find_local(std::string_view name) const;
    /// "a.b.c" when the node is nothing but names and dots and does not begin with a local variable; empty
    /// otherwise.
    std::string qualified_name(node_id id, bool& rooted) const;
    void undeclared(node_id id, const std::string& name);
    std::string type_text(node_id id) const;
    type current(node_id id) const { return types_.resolve(out_.types[id]); }

    /// Keeps what is wrong; gives dyn, so that it is said once. Says nothing when types are not checked.
    type refuse(compile_errc code, const ast_node& at, std::string message, std::string hint = {});
    type refuse_at(compile_errc code, std::uint32_t begin, std::uint32_t end, std::string message,
                   std::string hint = {});

    const ast& tree_;
    const declarations& names_;
    const compile_options& options_;
    call_context& constants_;
    checked out_;
    unifier types_;
    std::vector<local_variable> locals_;
    std::size_t loops_ = 0;
    diagnostics wrong_;
};

} // namespace tributary::cel
