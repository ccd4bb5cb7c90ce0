#include <tributary/cel/json.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <numeric>

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

/// Insertions, deletions, replacements that make one of the other.
std::size_t edit_distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= left.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const std::size_t replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row[right.size()];
}

/// Names longer than this are not compared: the work grows with the product of the lengths.
constexpr std::size_t compared_bytes_max = 100;

} // namespace

std::string_view nearest_name(std::string_view name, std::span<const variable> variables) {
    std::string_view nearest;
    if (name.size() > compared_bytes_max)
        return nearest;
    std::size_t least = name.size() / 3 + 2; // Beyond that it is another word.
    for (const variable& each : variables) {
        if (each.name.size() > compared_bytes_max)
            continue;
        const std::size_t distance = edit_distance(name, each.name);
        if (distance < least) {
            least = distance;
            nearest = each.name;
        }
    }
    return nearest;
}

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
    for (std::string& path : unknown_members(input, variables)) {
        const std::string_view nearest = nearest_name(path, variables);
        std::string hint = nearest.empty() ? std::string() : "did you mean '" + std::string(nearest) + "'?";
        done.unknown.push_back({std::move(path), "is no variable", std::move(hint)});
    }
    return done;
}

} // namespace tributary::cel
