#include "parser.hpp"

namespace tributary::cel {
namespace {

struct loop_name {
    std::string_view name;
    loop_kind loop;
    std::size_t variables;
    std::size_t arguments_min; ///< Without the receiver.
    std::size_t arguments_max;
};

// With the same number of arguments the first one whose first arguments are names is meant: x.map(a, b, c)
// has one variable, x.exists(a, b, c) two.
constexpr loop_name loops[] = {
    {"all", loop_kind::all, 1, 2, 2},
    {"all", loop_kind::all, 2, 3, 3},
    {"exists", loop_kind::exists, 1, 2, 2},
    {"exists", loop_kind::exists, 2, 3, 3},
    {"exists_one", loop_kind::exists_one, 1, 2, 2},
    {"exists_one", loop_kind::exists_one, 2, 3, 3},
    {"existsOne", loop_kind::exists_one, 1, 2, 2},
    {"existsOne", loop_kind::exists_one, 2, 3, 3},
    {"map", loop_kind::map, 1, 2, 3},
    {"filter", loop_kind::filter, 1, 2, 2},
    {"transformList", loop_kind::map, 2, 3, 4},
    {"transformMap", loop_kind::transform_map, 2, 3, 4},
    {"optMap", loop_kind::opt_map, 1, 2, 2},
    {"optFlatMap", loop_kind::opt_flat_map, 1, 2, 2},
};

} // namespace

node_id parser::global_macro(const ast_node& call, std::span<const node_id> arguments) {
    if (call.name == "has" && arguments.size() == 1 && !call.rooted)
        return has_macro(call, arguments[0]);
    return nothing;
}

node_id parser::has_macro(const ast_node& call, node_id argument) {
    if (argument == nothing)
        return nothing;
    ast_node& selected = tree_.nodes[argument];
    const bool names_something = selected.kind == node_kind::select || selected.kind == node_kind::identifier;
    if (!names_something || selected.test_only)
        return fail(compile_errc::syntax, selected.begin, selected.end,
                    "has() asks for a variable or a field, as in has(a.b)",
                    selected.kind == node_kind::operation && selected.operation == operation_kind::index
                        ? "whether a map has a key is asked with: key in map"
                        : "");
    selected.test_only = true;
    selected.begin = call.begin;
    selected.end = call.end;
    return argument;
}

node_id parser::member_macro(const ast_node& call, std::span<const node_id> arguments) {
    const ast_node& receiver = tree_.nodes[arguments[0]];
    if (receiver.kind == node_kind::identifier && receiver.name == "cel" && call.name == "bind" &&
        arguments.size() == 4)
        return bind_macro(call, arguments);
    for (const loop_name& each : loops)
        if (each.name == call.name && arguments.size() - 1 >= each.arguments_min &&
            arguments.size() - 1 <= each.arguments_max)
            return loop_macro(call, each.loop, each.variables, arguments);
    return nothing;
}

bool parser::variable_name(node_id argument, std::string_view macro, std::string_view& name) {
    const ast_node& given = tree_.nodes[argument];
    if (given.kind != node_kind::identifier || given.rooted) {
        fail(compile_errc::syntax, given.begin, given.end,
             std::string(macro) + "() needs a plain name here, for what it goes through");
        return false;
    }
    name = given.name;
    return true;
}

node_id parser::bind_macro(const ast_node& call, std::span<const node_id> arguments) {
    ast_node made{.kind = node_kind::bind};
    made.begin = call.begin;
    made.end = call.end;
    made.place = call.place;
    if (!variable_name(arguments[1], "cel.bind", made.name))
        return nothing;
    return add(made, arguments.subspan(2));
}

node_id parser::loop_macro(const ast_node& call, loop_kind loop, std::size_t variables,
                           std::span<const node_id> arguments) {
    ast_node made{.kind = node_kind::loop, .loop = loop};
    made.begin = call.begin;
    made.end = call.end;
    made.place = call.place;
    if (!variable_name(arguments[1], call.name, made.name))
        return nothing;
    if (variables == 2) {
        if (!variable_name(arguments[2], call.name, made.second_name))
            return nothing;
        if (made.name == made.second_name)
            return fail(compile_errc::syntax, tree_.nodes[arguments[2]].begin, tree_.nodes[arguments[2]].end,
                        "the two variables have the same name");
    }
    std::vector<node_id> children = {arguments[0]};
    children.insert(children.end(), arguments.begin() + 1 + static_cast<std::ptrdiff_t>(variables),
                    arguments.end());
    return add(made, children);
}

} // namespace tributary::cel
