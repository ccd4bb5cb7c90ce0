#include "checker.hpp"

#include <algorithm>

namespace tributary::cel {
namespace {

/// More is not said: the rest mostly follows from the first.
constexpr std::size_t diagnostics_max = 20;

struct type_name_value {
    std::string_view name;
    type (*of)();
};
const type_name_value type_names[] = {
    {"bool", &type::boolean},
    {"int", &type::int64},
    {"uint", &type::uint64},
    {"double", &type::float64},
    {"string", &type::string},
    {"bytes", &type::bytes},
    {"null_type", &type::null},
    {"type", &type::any_type},
    {"list", [] { return type::list(type::dyn()); }},
    {"map", [] { return type::map(type::dyn(), type::dyn()); }},
    {"optional_type", [] { return type::optional(type::dyn()); }},
    {"google.protobuf.Timestamp", &type::timestamp},
    {"google.protobuf.Duration", &type::duration},
};

bool has_double(const type& of) {
    return of.is(type_kind::float64) || std::ranges::any_of(of.parameters(), has_double);
}

} // namespace

checker::checker(const ast& tree, const declarations& names, const compile_options& options,
                 call_context& constants)
    : tree_(tree), names_(names), options_(options), constants_(constants) {
    out_.types.resize(tree.nodes.size());
    out_.references.resize(tree.nodes.size());
    out_.first_local.resize(tree.nodes.size());
}

result<checked> check(const ast& tree, const declarations& names, const compile_options& options,
                      call_context& constants) {
    return checker(tree, names, options, constants).run();
}

result<checked> checker::run() {
    check(tree_.root);
    if (wrong_.empty())
        for (type& each : out_.types)
            each = types_.final(each);
    out_.result = out_.types[tree_.root];
    if (wrong_.empty())
        check_result();
    if (wrong_.empty() && options_.amount)
        check_no_double();
    if (!wrong_.empty()) {
        std::ranges::stable_sort(wrong_, {}, &diagnostic::begin);
        return std::move(wrong_);
    }
    return std::move(out_);
}

void checker::check_result() {
    if (options_.amount && !(out_.result == type::int64()))
        refuse(has_double(out_.result) ? compile_errc::double_in_amount : compile_errc::wrong_result,
               tree_[tree_.root], "an amount is an int of minor units, this gives " + out_.result.text(),
               out_.result.is(type_kind::dyn) ? "int(...) makes an int of it" : "");
    if (options_.result && !(*options_.result == out_.result) && !options_.result->is(type_kind::dyn))
        refuse(compile_errc::wrong_result, tree_[tree_.root],
               "the expression has to give " + options_.result->text() + ", it gives " + out_.result.text());
}

void checker::check_no_double() {
    for (node_id id = 0; id < tree_.nodes.size(); ++id)
        if (has_double(out_.types[id]) && std::ranges::none_of(tree_.children_of(id), [&](node_id child) {
                return has_double(out_.types[child]);
            }))
            refuse(compile_errc::double_in_amount, tree_[id], "a double in an amount",
                   "percentages are written as texts: pct(amount, \"12.5\")");
}

type checker::refuse(compile_errc code, const ast_node& at, std::string message, std::string hint) {
    return refuse_at(code, at.begin, at.end, std::move(message), std::move(hint));
}

type checker::refuse_at(compile_errc code, std::uint32_t begin, std::uint32_t end, std::string message,
                        std::string hint) {
    const bool limit = code >= compile_errc::too_long;
    if ((options_.check || limit) && wrong_.size() < diagnostics_max)
        wrong_.push_back({code, begin, end, std::move(message), std::move(hint)});
    return type::dyn();
}

const type& checker::check(node_id id) {
    type found = check_node(id);
    return out_.types[id] = std::move(found);
}

type checker::check_node(node_id id) {
    const ast_node& node = tree_[id];
    if (wrong_.size() >= diagnostics_max)
        return type::dyn(); // Enough is known to refuse it.
    switch (node.kind) {
    case node_kind::literal:
        switch (node.literal.kind()) {
        case value_kind::boolean: return type::boolean();
        case value_kind::int64: return type::int64();
        case value_kind::uint64: return type::uint64();
        case value_kind::float64: return type::float64();
        case value_kind::string: return type::string();
        case value_kind::bytes: return type::bytes();
        default: return type::null();
        }
    case node_kind::identifier: return check_identifier(id);
    case node_kind::select: return check_select(id);
    case node_kind::call: return check_call(id);
    case node_kind::operation: return check_operation(id);
    case node_kind::list: return check_list(id);
    case node_kind::map: return check_map(id);
    case node_kind::loop: return check_loop(id);
    case node_kind::bind: return check_bind(id);
    case node_kind::optional_entry: break; // Of element_type.
    }
    return type::dyn();
}

const checker::local_variable* checker::find_local(std::string_view name) const {
    for (auto each = locals_.rbegin(); each != locals_.rend(); ++each)
        if (each->name == name)
            return &*each;
    return nullptr;
}

std::string checker::qualified_name(node_id id, bool& rooted) const {
    std::vector<std::string_view> parts;
    for (;; id = tree_.child(id, 0)) {
        const ast_node& node = tree_[id];
        const bool is_name = node.kind == node_kind::identifier;
        if (!is_name &&
            (node.kind != node_kind::select || node.optional || (node.test_only && !parts.empty())))
            return {};
        parts.push_back(node.name);
        if (!is_name)
            continue;
        rooted = node.rooted;
        if (!rooted && find_local(node.name) != nullptr)
            return {};
        break;
    }
    std::string name(parts.back());
    for (auto part = parts.rbegin() + 1; part != parts.rend(); ++part)
        name.append(".").append(*part);
    return name;
}

void checker::undeclared(node_id id, const std::string& name) {
    out_.references[id].what = reference::kind::unknown_name;
    if (!options_.check)
        return;
    std::vector<std::string_view> known;
    for (const variable& each : names_.variables)
        known.push_back(each.name);
    for (const local_variable& each : locals_)
        known.push_back(each.name);
    const std::string_view nearest = nearest_name(name, known);
    std::string hint;
    if (!nearest.empty() && nearest != name) // A local variable is not found from the root.
        hint = "did you mean '" + std::string(nearest) + "'?";
    else if (known.empty())
        hint = "no variables are declared";
    refuse(compile_errc::undeclared_name, tree_[id], "'" + name + "' is not declared", std::move(hint));
}

std::optional<type> checker::check_name(node_id id, std::string_view name, bool rooted) {
    const bool test_only = tree_[id].test_only;
    if (const auto* slot = names_.find(names_.variable_numbers, name, rooted)) {
        out_.references[id] = {reference::kind::slot, *slot, nullptr, {}};
        return test_only ? type::boolean() : names_.variables[*slot].declared;
    }
    for (const type_name_value& each : type_names)
        if (each.name == name && !test_only) {
            out_.references[id] = {reference::kind::constant, 0, nullptr, value::type(each.name)};
            return type::type_of(each.of());
        }
    return {};
}

type checker::check_identifier(node_id id) {
    const ast_node& node = tree_[id];
    reference& refers = out_.references[id];
    if (!node.rooted)
        if (const local_variable* local = find_local(node.name)) {
            if (node.test_only)
                return refuse(compile_errc::wrong_types, node,
                              "'" + std::string(node.name) + "' is always there");
            refers = {reference::kind::local, local->number, nullptr, {}};
            return local->of;
        }
    if (const auto known = check_name(id, node.name, node.rooted))
        return *known;
    undeclared(id, std::string(node.name));
    return type::dyn();
}

type checker::check_select(node_id id) {
    const ast_node& node = tree_[id];
    bool rooted = false;
    if (const std::string name = node.optional ? std::string() : qualified_name(id, rooted); !name.empty()) {
        if (const auto known = check_name(id, name, rooted))
            return *known;
        // When no shorter name is declared either, the whole of it is what was meant.
        if (!names_.has_prefix(name, rooted)) {
            undeclared(id, name);
            return type::dyn();
        }
    }
    const node_id operand = tree_.child(id, 0);
    check(operand);
    type of = current(operand);
    const bool through_optional = of.is(type_kind::optional);
    if (through_optional)
        of = types_.resolve(of.parameters()[0]);
    if (of.is(type_kind::map) && !types_.assign(type::string(), of.parameters()[0]))
        return refuse(compile_errc::wrong_types, node, "the keys of " + of.text() + " are no names",
                      "ask with [...]");
    type held;
    if (of.is(type_kind::map))
        held = of.parameters()[1];
    else if (!of.is(type_kind::dyn) && !of.is(type_kind::variable))
        return refuse_at(compile_errc::wrong_types, node.place, node.end,
                         type_text(operand) + " has no fields");
    if (node.test_only)
        return type::boolean();
    return through_optional || node.optional ? type::optional(held) : held;
}

type checker::element_type(node_id element) {
    const ast_node& node = tree_[element];
    if (node.kind != node_kind::optional_entry)
        return check(element);
    const node_id inner = tree_.child(element, 0);
    check(inner);
    const type held = types_.fresh();
    if (!types_.assign(out_.types[inner], type::optional(held)))
        return refuse(compile_errc::wrong_types, node,
                      "what stands after '?' has to be an optional, found " + type_text(inner));
    return out_.types[element] = held;
}

type checker::check_list(node_id id) {
    type joined = types_.fresh();
    bool alike = true;
    bool first = true;
    for (const node_id element : tree_.children_of(id)) {
        const type of = element_type(element);
        if (first)
            joined = of;
        else
            alike = alike && types_.join(of, joined);
        first = false;
    }
    return type::list(alike ? joined : type::dyn());
}

type checker::check_map(node_id id) {
    const auto entries = tree_.children_of(id);
    if (entries.empty())
        return type::map(types_.fresh(), types_.fresh());
    type keys, held;
    bool keys_alike = true, held_alike = true;
    for (std::size_t i = 0; i < entries.size(); i += 2) {
        const type key = check(entries[i]);
        const type_kind kind = types_.resolve(key).kind();
        if (kind != type_kind::string && kind != type_kind::int64 && kind != type_kind::uint64 &&
            kind != type_kind::boolean && kind != type_kind::dyn && kind != type_kind::variable)
            refuse(compile_errc::wrong_types, tree_[entries[i]],
                   "a key is a string, an int, a uint or a bool, found " + type_text(entries[i]));
        const type of = element_type(entries[i + 1]);
        keys_alike = i == 0 ? (keys = key, true) : keys_alike && types_.join(key, keys);
        held_alike = i == 0 ? (held = of, true) : held_alike && types_.join(of, held);
    }
    return type::map(keys_alike ? keys : type::dyn(), held_alike ? held : type::dyn());
}

void checker::expect(node_id id, const type& wanted, std::string_view purpose) {
    if (!types_.assign(out_.types[id], wanted))
        refuse(compile_errc::wrong_types, tree_[id],
               std::string(purpose) + " has to be " + wanted.text() + ", found " + type_text(id));
}

std::string checker::type_text(node_id id) const {
    return types_.final(out_.types[id]).text();
}

type checker::check_bind(node_id id) {
    const ast_node& node = tree_[id];
    const type of = check(tree_.child(id, 0));
    out_.first_local[id] = out_.locals;
    locals_.push_back({node.name, of, out_.locals++});
    const type result = check(tree_.child(id, 1));
    locals_.pop_back();
    return result;
}

type checker::check_loop(node_id id) {
    const ast_node& node = tree_[id];
    const auto parts = tree_.children_of(id);
    check(parts[0]);
    const type range = current(parts[0]);
    const bool of_optional = is_of_optional(node.loop);
    const bool two = !node.second_name.empty();
    type first, second;
    if (of_optional && range.is(type_kind::optional))
        first = range.parameters()[0];
    else if (!of_optional && range.is(type_kind::list))
        first = two ? type::int64() : range.parameters()[0], second = range.parameters()[0];
    else if (!of_optional && range.is(type_kind::map))
        first = range.parameters()[0], second = range.parameters()[1];
    else if (!range.is(type_kind::dyn) && !range.is(type_kind::variable))
        refuse(compile_errc::wrong_types, tree_[parts[0]],
               of_optional ? "this needs an optional, found " + type_text(parts[0])
                           : "this goes through a list or a map, found " + type_text(parts[0]));
    if (!of_optional && ++loops_ > names_.options.compile.loops)
        refuse(compile_errc::too_many_loops, node,
               "more than " + std::to_string(names_.options.compile.loops) + " loops within each other");
    out_.first_local[id] = out_.locals;
    locals_.push_back({node.name, first, out_.locals++});
    if (two)
        locals_.push_back({node.second_name, second, out_.locals++});
    for (const node_id part : parts.subspan(1))
        check(part);
    locals_.resize(locals_.size() - (two ? 2 : 1));
    if (!of_optional)
        --loops_;
    return loop_result(id, range, first);
}

type checker::loop_result(node_id id, const type& range, const type& key) {
    const ast_node& node = tree_[id];
    const auto parts = tree_.children_of(id);
    if (parts.size() > 2)
        expect(parts[1], type::boolean(), "the condition");
    const type last = out_.types[parts.back()];
    switch (node.loop) {
    case loop_kind::all:
    case loop_kind::exists:
    case loop_kind::exists_one: expect(parts[1], type::boolean(), "the condition"); return type::boolean();
    case loop_kind::filter: expect(parts[1], type::boolean(), "the condition"); return type::list(key);
    case loop_kind::map: return type::list(last);
    case loop_kind::transform_map: return type::map(range.is(type_kind::dyn) ? type::dyn() : key, last);
    case loop_kind::opt_map: return type::optional(last);
    case loop_kind::opt_flat_map: {
        const type held = types_.fresh();
        if (!types_.assign(last, type::optional(held)))
            return refuse(compile_errc::wrong_types, tree_[parts[1]],
                          "optFlatMap() needs an optional here, found " + type_text(parts[1]));
        return type::optional(held);
    }
    }
    return type::dyn();
}

} // namespace tributary::cel
