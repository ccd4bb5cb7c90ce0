#include <algorithm>
#include <unordered_map>

#include "checker.hpp"
#include "functions.hpp"
#include "hints.hpp"

namespace tributary::cel {
namespace {

bool is_text(const ast_node& node) {
    return node.kind == node_kind::literal && node.literal.is(value_kind::string);
}
bool is_int(const ast_node& node) {
    return node.kind == node_kind::literal && node.literal.is(value_kind::int64);
}

bool has_dyn(const type& of) {
    return of.is(type_kind::dyn) || std::ranges::any_of(of.parameters(), has_dyn);
}

/// Replaces the parameters of one signature by variables of one call.
class instantiation {
  public:
    explicit instantiation(unifier& types) : types_(types) {}

    type of(const type& declared) {
        if (declared.is(type_kind::parameter)) {
            const auto known = variables_.try_emplace(std::string(declared.name())).first;
            if (!known->second)
                known->second = types_.fresh();
            return *known->second;
        }
        if (declared.parameters().empty())
            return declared;
        std::vector<type> inner;
        for (const type& each : declared.parameters())
            inner.push_back(of(each));
        return type::with_parameters(declared, std::move(inner));
    }

  private:
    unifier& types_;
    std::unordered_map<std::string, std::optional<type>> variables_;
};

std::string list_of_types(std::span<const type> all) {
    std::string text = "(";
    for (const type& each : all)
        text += (text.size() > 1 ? ", " : "") + each.text();
    return text + ")";
}

std::string signature_text(const function_declaration& called, const overload& one) {
    std::span<const type> parameters = one.parameters;
    std::string text;
    if (one.member) {
        text = parameters[0].text() + ".";
        parameters = parameters.subspan(1);
    }
    return text + called.name + list_of_types(parameters);
}

/// Does any signature with so many parameters have one of this kind in this place?
bool takes(const function_declaration& called, std::size_t arguments, std::size_t number, type_kind kind,
           std::string_view name = {}) {
    return std::ranges::any_of(called.overloads, [&](const overload& each) {
        return each.parameters.size() == arguments && each.parameters[number].is(kind) &&
               each.parameters[number].name() == name;
    });
}

} // namespace

type checker::check_call(node_id id) {
    const ast_node& node = tree_[id];
    if (!node.member) {
        if (const auto* found = names_.find(names_.function_numbers, node.name, node.rooted))
            return check_function(id, names_.functions[*found], false, 0);
        return unknown_function(id, false, node.name);
    }
    bool rooted = false;
    std::string name = qualified_name(tree_.child(id, 0), rooted);
    if (!name.empty()) {
        name.append(".").append(node.name);
        if (const auto* found = names_.find(names_.function_numbers, name, rooted))
            return check_function(id, names_.functions[*found], false, 1);
    }
    const auto own = names_.function_numbers.find(node.name);
    const bool known = own != names_.function_numbers.end();
    const bool receiver_known = name.empty() || names_.has_prefix(name, rooted);
    // A misspelt namespace is told as a function that there is not, not as a variable.
    if (!known && !receiver_known)
        return unknown_function(id, false, name);
    check(tree_.child(id, 0));
    if (known)
        return check_function(id, names_.functions[own->second], true, 0);
    return unknown_function(id, true, node.name);
}

type checker::unknown_function(node_id id, bool member, std::string_view qualified) {
    const ast_node& node = tree_[id];
    out_.references[id].what = reference::kind::unknown_function;
    const std::uint32_t begin = node.member && qualified == node.name ? node.place : node.begin;
    const std::uint32_t end = node.place + static_cast<std::uint32_t>(node.name.size());
    const std::string message = "there is no function '" + std::string(qualified) + "'";
    // What a macro calls names in its arguments are not looked for: that would be said as well.
    if (is_macro(qualified))
        return refuse_at(compile_errc::undeclared_function, begin, end, message,
                         "this macro takes other arguments; see the language's page");
    for (const node_id argument : tree_.children_of(id).subspan(node.member ? 1 : 0))
        check(argument);
    if (!options_.check)
        return type::dyn();
    std::vector<std::string_view> known(std::begin(macro_names), std::end(macro_names));
    for (const function_declaration& each : names_.functions)
        if (std::ranges::any_of(each.overloads, [&](const overload& one) { return one.member == member; }))
            known.push_back(each.name);
    if (const std::string_view hint = hint_for_function(qualified); !hint.empty())
        return refuse_at(compile_errc::undeclared_function, begin, end, message, std::string(hint));
    const std::string_view nearest = nearest_name(qualified, known);
    return refuse_at(compile_errc::undeclared_function, begin, end, message,
                     nearest.empty() ? std::string() : "did you mean '" + std::string(nearest) + "'?");
}

type checker::check_function(node_id id, const function_declaration& called, bool member,
                             std::size_t skipped) {
    const auto arguments = tree_.children_of(id).subspan(skipped);
    out_.references[id] = {
        skipped > 0 ? reference::kind::namespaced : reference::kind::called, 0, &called, {}};
    bool readable = true;
    for (std::size_t i = member ? 1 : 0; i < arguments.size(); ++i) {
        if (!check_argument(arguments[i], called, i, arguments.size()))
            readable = false;
    }
    if (!readable)
        return type::dyn();
    const type of = choose_overload(id, called, member, arguments);
    return called.compiled && wrong_.empty() ? compute_now(id, called, arguments, of) : of;
}

/// @return false when the argument is one that has to be read now, and cannot.
bool checker::check_argument(node_id argument, const function_declaration& called, std::size_t number,
                             std::size_t arguments) {
    const ast_node& node = tree_[argument];
    if (is_text(node) && takes(called, arguments, number, type_kind::rate))
        return read_rate(argument);
    if (node.kind == node_kind::list && takes(called, arguments, number, type_kind::opaque, "tiers")) {
        if (read_table(argument))
            return true;
        if (options_.check)
            return false;
        // It is a list as any other then, and the code for it needs to know what is in it.
    }
    check(argument);
    const bool takes_rate = takes(called, arguments, number, type_kind::rate);
    if (takes_rate && (current(argument).is(type_kind::int64) || current(argument).is(type_kind::float64))) {
        refuse(compile_errc::wrong_types, node, "a rate is a text, found " + type_text(argument),
               "20 percent is written \"20\", a fifth of a percent \"0.2\"");
        return false;
    }
    if (takes_rate && current(argument).is(type_kind::string)) {
        refuse(compile_errc::not_a_constant, node,
               "a rate has to be written out, or be a variable of type rate",
               "where it depends on something, choose between two calls, or take bps()");
        return false;
    }
    if (number >= called.literals.size())
        return true;
    const literal_parameter& literal = called.literals[number];
    if (!is_text(node)) {
        if (literal.required)
            refuse(compile_errc::not_a_constant, node,
                   "argument " + std::to_string(number + 1) + " of " + called.name +
                       "() has to be written out as a text");
        return !literal.required;
    }
    if (literal.read == nullptr)
        return true;
    const value read = literal.read(constants_, node.literal.as_text());
    if (read.is_error()) {
        refuse(compile_errc::bad_constant, node, std::string(read.error_detail()));
        return false;
    }
    out_.references[argument] = {reference::kind::constant, 0, nullptr, read};
    return true;
}

bool checker::read_rate(node_id argument) {
    const ast_node& node = tree_[argument];
    out_.types[argument] = type::rate();
    const auto rate = parse_rate(node.literal.as_text());
    if (!rate) {
        refuse(
            compile_errc::bad_constant, node, "this is no rate",
            "a rate is a percentage as a decimal with up to eight digits after the point, such as \"12.5\"");
        return false;
    }
    out_.references[argument] = {reference::kind::constant, 0, nullptr,
                                 value::rate(rate->digits, rate->scale)};
    return true;
}

/// [[from, "rate"], ...] with ascending ints and literal rates.
bool checker::read_table(node_id argument) {
    const auto rows = tree_.children_of(argument);
    const auto steps = constants_.memory().make_array<tier_step>(rows.size());
    const auto table = constants_.memory().make_array<tier_table>(1);
    const std::string hint = "a table of tiers is written [[0, \"20\"], [21, \"25\"]]";
    if (rows.empty() || steps.data() == nullptr || table.data() == nullptr) {
        refuse(compile_errc::bad_constant, tree_[argument], "this table of tiers is empty or too large",
               hint);
        return false;
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto row = tree_.children_of(rows[i]);
        if (tree_[rows[i]].kind != node_kind::list || row.size() != 2 || !is_int(tree_[row[0]]) ||
            !is_text(tree_[row[1]])) {
            refuse(compile_errc::bad_constant, tree_[rows[i]], "a step of a table is an int and a rate",
                   hint);
            return false;
        }
        if (!read_rate(row[1]))
            return false;
        const value& rate = out_.references[row[1]].constant;
        steps[i] = {tree_[row[0]].literal.as_int64(), {rate.rate_digits(), rate.rate_scale()}};
        if (i > 0 && steps[i].from <= steps[i - 1].from) {
            refuse(compile_errc::bad_constant, tree_[row[0]], "the steps of a table have to ascend", hint);
            return false;
        }
    }
    table[0].steps = steps;
    out_.types[argument] = type::opaque("tiers");
    out_.references[argument] = {reference::kind::constant, 0, nullptr,
                                 value::opaque(table.data(), tier_table_tag)};
    return true;
}

type checker::choose_overload(node_id id, const function_declaration& called, bool member,
                              std::span<const node_id> arguments) {
    // With every type known the first signature that fits is meant; an unknown one may turn out to be any of
    // them.
    const bool known = std::ranges::none_of(arguments, [&](node_id each) { return has_dyn(current(each)); });
    std::vector<type> given_types;
    for (const node_id argument : arguments)
        given_types.push_back(out_.types[argument]);
    std::optional<type> found;
    for (const overload& each : called.overloads) {
        if (each.member != member || each.parameters.size() != arguments.size())
            continue;
        instantiation fresh(types_);
        std::vector<type> wanted;
        for (const type& parameter : each.parameters)
            wanted.push_back(fresh.of(parameter));
        if (!types_.assign_all(given_types, wanted))
            continue;
        const type gives = fresh.of(each.result);
        if (known)
            return gives;
        found = !found || types_.resolve(*found) == types_.resolve(gives) ? gives : type::dyn();
    }
    if (found)
        return *found;
    std::string given = "(";
    for (std::size_t i = member ? 1 : 0; i < arguments.size(); ++i)
        given += (given.size() > 1 ? ", " : "") + type_text(arguments[i]);
    given = (member ? type_text(arguments[0]) + "." : std::string()) + called.name + given + ")";
    constexpr std::size_t shown_max = 4;
    std::string hint;
    for (std::size_t i = 0; i < std::min(shown_max, called.overloads.size()); ++i)
        hint += (i == 0 ? "there is " : ", ") + signature_text(called, called.overloads[i]);
    if (called.overloads.size() > shown_max)
        hint += ", ...";
    const ast_node& node = tree_[id];
    return refuse_at(compile_errc::wrong_types, node.member && member ? node.place : node.begin, node.end,
                     "there is no " + given, std::move(hint));
}

type checker::compute_now(node_id id, const function_declaration& called, std::span<const node_id> arguments,
                          type of) {
    std::vector<value> given;
    for (const node_id argument : arguments) {
        const reference& refers = out_.references[argument];
        if (refers.what != reference::kind::constant && tree_[argument].kind != node_kind::literal)
            return refuse(compile_errc::not_a_constant, tree_[argument],
                          "the arguments of " + called.name + "() have to be written out");
        given.push_back(refers.what == reference::kind::constant ? refers.constant : tree_[argument].literal);
    }
    const value computed = called.implementation(constants_, given);
    if (computed.is_error())
        return refuse(compile_errc::bad_constant, tree_[id],
                      computed.error_detail().empty() ? std::string(text_of(computed.error_code()))
                                                      : std::string(computed.error_detail()));
    out_.references[id] = {reference::kind::constant, 0, nullptr, computed};
    return of;
}

} // namespace tributary::cel
