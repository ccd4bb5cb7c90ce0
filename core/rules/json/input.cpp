#include <tributary/cel/json.hpp>

#include <boost/json.hpp>

#include <algorithm>

#include "names.hpp"

namespace tributary::cel {
namespace {

namespace json = boost::json;

/// "sale.amount" as one member, or "amount" in "sale"; the longest first part wins.
const json::value* find_member(const json::object& in, std::string_view name) {
    if (const json::value* whole = in.if_contains(name))
        return whole;
    for (std::size_t dot = name.rfind('.'); dot != std::string_view::npos && dot > 0;
         dot = name.rfind('.', dot - 1)) {
        const json::value* outer = in.if_contains(name.substr(0, dot));
        if (outer == nullptr || !outer->is_object())
            continue;
        if (const json::value* found = find_member(outer->get_object(), name.substr(dot + 1)))
            return found;
    }
    return nullptr;
}

bool is_taken(std::string_view path, std::span<const variable> variables) {
    return std::ranges::any_of(variables, [&](const variable& each) { return each.name == path; });
}

/// Does a variable's name go on after this path?
bool leads_on(std::string_view path, std::span<const variable> variables) {
    return std::ranges::any_of(variables, [&](const variable& each) {
        return each.name.size() > path.size() && each.name.starts_with(path) && each.name[path.size()] == '.';
    });
}

/// Recurses at most once for each dot of the longest name.
void collect_unknown(const json::object& in, const std::string& before, std::span<const variable> variables,
                     std::vector<std::string>& into) {
    for (const auto& [key, held] : in) {
        const std::string path = before + std::string(key);
        if (is_taken(path, variables))
            continue;
        if (held.is_object() && leads_on(path, variables))
            collect_unknown(held.get_object(), path + ".", variables, into);
        else
            into.push_back(path);
    }
}

} // namespace

std::vector<std::string> unknown_members(const boost::json::object& input,
                                         std::span<const variable> variables) {
    std::vector<std::string> found;
    collect_unknown(input, {}, variables, found);
    return found;
}

filled fill(activation& slots, std::span<const variable> variables, const boost::json::object& input,
            arena& memory) {
    filled done;
    for (std::size_t i = 0; i < variables.size(); ++i) {
        const auto slot = static_cast<slot_id>(i);
        const json::value* given = find_member(input, variables[i].name);
        if (given == nullptr) {
            done.missing.push_back(slot);
            continue;
        }
        const json_result<value> made = from_json(*given, variables[i].declared, memory, variables[i].name);
        if (made)
            slots.set(slot, *made);
        else
            done.problems.push_back(made.error());
    }
    std::vector<std::string_view> names;
    for (const variable& each : variables)
        names.push_back(each.name);
    for (std::string& path : unknown_members(input, variables)) {
        const std::string_view nearest = nearest_name(path, names);
        std::string hint = nearest.empty() ? std::string() : "did you mean '" + std::string(nearest) + "'?";
        done.unknown.push_back({std::move(path), "is no variable", std::move(hint)});
    }
    return done;
}

} // namespace tributary::cel
