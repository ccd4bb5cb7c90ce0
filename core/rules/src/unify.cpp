#include "unify.hpp"

namespace tributary::cel {

type unifier::fresh() {
    bindings_.emplace_back();
    return type::variable(static_cast<std::uint32_t>(bindings_.size() - 1));
}

void unifier::bind(std::uint32_t variable, type to) {
    trail_.push_back({variable, bindings_[variable]});
    bindings_[variable] = {true, std::move(to)};
}

bool unifier::assign(const type& from, const type& to) {
    return assign_all({&from, 1}, {&to, 1});
}

bool unifier::assign_all(std::span<const type> from, std::span<const type> to) {
    trail_.clear();
    bool fits = from.size() == to.size();
    for (std::size_t i = 0; fits && i < from.size(); ++i)
        fits = try_assign(from[i], to[i]);
    if (fits)
        return true;
    for (auto each = trail_.rbegin(); each != trail_.rend(); ++each)
        bindings_[each->variable] = std::move(each->before);
    return false;
}

bool unifier::join(const type& other, type& into) {
    if (!assign(other, into) && !assign(into, other))
        return false;
    into = general(into, other);
    return true;
}

bool unifier::try_assign(const type& from, const type& to) {
    if (from.is(type_kind::variable) && to.is(type_kind::variable) && from.number() == to.number())
        return true;
    if (to.is(type_kind::variable))
        return assign_variable(to, from, true);
    if (from.is(type_kind::variable))
        return assign_variable(from, to, false);
    if (from.is(type_kind::dyn)) {
        forget(to);
        return true;
    }
    if (to.is(type_kind::dyn))
        return true;
    if (from.is(type_kind::null) &&
        (to.is(type_kind::timestamp) || to.is(type_kind::duration) || to.is(type_kind::opaque)))
        return true;
    if (from.kind() != to.kind() || from.name() != to.name())
        return false;
    const auto given = from.parameters();
    const auto wanted = to.parameters();
    if (from.is(type_kind::type)) // Types are compared by name at run time, whatever they are types of.
        return true;
    if (given.size() != wanted.size())
        return false;
    for (std::size_t i = 0; i < given.size(); ++i)
        if (!try_assign(given[i], wanted[i]))
            return false;
    return true;
}

void unifier::forget(const type& in) {
    if (in.is(type_kind::variable)) {
        if (bindings_[in.number()].known)
            forget(bindings_[in.number()].to);
        else
            bind(in.number(), type::dyn());
    }
    for (const type& each : in.parameters())
        forget(each);
}

bool unifier::assign_variable(const type& variable, const type& other, bool variable_is_target) {
    const std::uint32_t number = variable.number();
    if (!bindings_[number].known) {
        if (occurs(number, other))
            return resolve(other) == variable;
        bind(number, other);
        return true;
    }
    const type known = bindings_[number].to;
    if (!(variable_is_target ? try_assign(other, known) : try_assign(known, other)))
        return false;
    type wider = general(known, other);
    if (!occurs(number, wider) && !(wider == known))
        bind(number, std::move(wider));
    return true;
}

bool unifier::occurs(std::uint32_t variable, const type& in) const {
    if (in.is(type_kind::variable)) {
        if (in.number() == variable)
            return true;
        return bindings_[in.number()].known && occurs(variable, bindings_[in.number()].to);
    }
    for (const type& each : in.parameters())
        if (occurs(variable, each))
            return true;
    return false;
}

type unifier::general(const type& left, const type& right) const {
    if (left.is(type_kind::variable))
        return bindings_[left.number()].known ? general(bindings_[left.number()].to, right) : right;
    if (right.is(type_kind::variable))
        return bindings_[right.number()].known ? general(left, bindings_[right.number()].to) : left;
    if (left.is(type_kind::dyn) || right.is(type_kind::dyn))
        return type::dyn();
    if (left.is(type_kind::null))
        return right;
    const auto of_left = left.parameters();
    const auto of_right = right.parameters();
    if (left.kind() != right.kind() || of_left.size() != of_right.size() || of_left.empty())
        return left;
    std::vector<type> both;
    for (std::size_t i = 0; i < of_left.size(); ++i)
        both.push_back(general(of_left[i], of_right[i]));
    return type::with_parameters(left, std::move(both));
}

type unifier::map_variables(const type& of, bool unknown_is_dyn) const {
    if (of.is(type_kind::variable)) {
        if (bindings_[of.number()].known)
            return map_variables(bindings_[of.number()].to, unknown_is_dyn);
        return unknown_is_dyn ? type::dyn() : of;
    }
    if (of.parameters().empty())
        return of;
    std::vector<type> mapped;
    for (const type& each : of.parameters())
        mapped.push_back(map_variables(each, unknown_is_dyn));
    return type::with_parameters(of, std::move(mapped));
}

type unifier::resolve(const type& of) const {
    return map_variables(of, false);
}
type unifier::final(const type& of) const {
    return map_variables(of, true);
}

} // namespace tributary::cel
