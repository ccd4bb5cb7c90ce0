#include <algorithm>
#include <functional>

#include "compiled.hpp"
#include "operators.hpp"
#include "short_text.hpp"

namespace tributary::cel {
namespace {

/// Computes what no variable and no event can change. What fails is left to the evaluation, which may never
/// reach it.
class folding {
  public:
    folding(compiled& into) : into_(into), tree_(*into.tree) {}

    void run() {
        for (node_id id = 0; id < tree_.nodes.size(); ++id) // Children come before their parents.
            into_.folded[id] = constant_at(id);
    }

  private:
    value constant_at(node_id id) {
        const ast_node& node = tree_[id];
        const reference& refers = into_.types.references[id];
        if (refers.what == reference::kind::constant)
            return refers.constant;
        if (node.kind == node_kind::literal)
            return node.literal;
        const value computed = compute(id, node, refers);
        // What an amount refuses is refused where it is evaluated, if it is.
        const bool refused =
            computed.is_error() || (into_.may_be_double(id) && computed.is(value_kind::float64));
        return refused ? value() : computed;
    }

    value compute(node_id id, const ast_node& node, const reference& refers) {
        const bool is_call = node.kind == node_kind::call;
        const std::size_t skipped = refers.what == reference::kind::namespaced ? 1 : 0;
        if (!gather(tree_.children_of(id).subspan(skipped)))
            return {};
        call_context& with = into_.reading;
        if (is_call && refers.declaration != nullptr && refers.declaration->pure)
            return with.charge(refers.declaration->cost) ? refers.declaration->implementation(with, given_)
                                                         : call_context::cost_exhausted();
        if (node.kind == node_kind::list)
            return make_list(with, given_, {});
        if (node.kind == node_kind::map)
            return make_map_value(with, given_, {});
        if (node.kind == node_kind::select && refers.what == reference::kind::none)
            return select(with, given_[0], value::string(node.name), node.optional, node.test_only);
        if (node.kind != node_kind::operation)
            return {};
        switch (node.operation) {
        case operation_kind::conditional:
        case operation_kind::logical_and:
        case operation_kind::logical_or: return {};
        case operation_kind::logical_not: return logical_not(given_[0]);
        case operation_kind::negate: return negate(given_[0]);
        default: return apply(node.operation, with, given_[0], given_[1]);
        }
    }

    /// @return false when one is not constant.
    bool gather(std::span<const node_id> children) {
        given_.clear();
        for (const node_id child : children) {
            if (into_.folded[child].is(value_kind::absent) || tree_[child].kind == node_kind::optional_entry)
                return false;
            given_.push_back(into_.folded[child]);
        }
        return true;
    }

    compiled& into_;
    const ast& tree_;
    std::vector<value> given_;
};

bool makes_set(const value& constant) {
    if (!constant.is(value_kind::list) || constant.as_list().empty())
        return false;
    const value_kind kind = constant.as_list()[0].kind();
    return (kind == value_kind::string || kind == value_kind::int64) &&
           std::ranges::all_of(constant.as_list(), [&](const value& each) { return each.is(kind); });
}

bool precedes(const value& left, const value& right) noexcept {
    return left.is(value_kind::string) ? left.as_text() < right.as_text()
                                       : left.as_int64() < right.as_int64();
}

constant_set make_set(list_view elements) {
    /// Up to so many, looking at each is as quick.
    constexpr std::size_t unsorted_max = 8;
    constant_set made{elements[0].kind(), elements, {}};
    if (elements.size() <= unsorted_max)
        return made;
    made.sorted.assign(elements.begin(), elements.end());
    std::ranges::sort(made.sorted, precedes);
    return made;
}

} // namespace

bool constant_set::has(const value& asked) const noexcept {
    if (asked.is(kind))
        return has_kind(asked);
    // Of another kind is only a number that equals one of another type.
    return std::ranges::any_of(elements, [&](const value& each) { return equal(each, asked); });
}

bool constant_set::has_kind(const value& asked) const noexcept {
    if (!sorted.empty())
        return std::ranges::binary_search(sorted, asked, precedes);
    if (kind == value_kind::int64) {
        for (const value& each : elements)
            if (each.as_int64() == asked.as_int64())
                return true;
        return false;
    }
    const std::string_view text = asked.as_text();
    for (const value& each : elements)
        if (same_text(each.as_text(), text))
            return true;
    return false;
}

void fold(compiled& into) {
    folding(into).run();
    for (node_id id = 0; id < into.tree->nodes.size(); ++id) {
        const ast_node& node = (*into.tree)[id];
        if (node.kind != node_kind::operation || node.operation != operation_kind::in)
            continue;
        const value& list = into.folded[into.tree->child(id, 1)];
        if (!makes_set(list))
            continue;
        into.sets.push_back(make_set(list.as_list()));
        into.set_of[id] = static_cast<std::uint32_t>(into.sets.size());
    }
}

void measure(compiled& into) {
    std::vector<std::uint64_t> costs(into.tree->nodes.size());
    for (node_id id = 0; id < costs.size(); ++id) {
        const ast_node& node = (*into.tree)[id];
        const auto children = into.tree->children_of(id);
        if (!into.folded[id].is(value_kind::absent))
            continue;
        const reference& refers = into.types.references[id];
        costs[id] = refers.declaration != nullptr ? std::max<std::uint32_t>(1, refers.declaration->cost) : 1;
        if (refers.what == reference::kind::slot)
            continue;
        if (node.kind == node_kind::operation && node.operation == operation_kind::conditional) {
            costs[id] += costs[children[0]] + std::max(costs[children[1]], costs[children[2]]);
        } else if (node.kind == node_kind::loop && !is_of_optional(node.loop)) {
            into.turn_cost[id] = 1;
            for (const node_id part : children.subspan(1))
                into.turn_cost[id] += costs[part];
            costs[id] += costs[children[0]];
        } else {
            for (const node_id child : children)
                costs[id] += costs[child];
        }
    }
    into.cost = costs[into.tree->root];
}

} // namespace tributary::cel
