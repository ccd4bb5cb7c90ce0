#include "identity/partition.hpp"

#include <tributary/base/ids.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace tributary::identity {
namespace {

/// Groups of claims that grow together; each knows its exclusive id and what it must stay apart from.
class claim_groups {
  public:
    explicit claim_groups(const std::vector<std::pair<std::string, std::string>>& never_join)
        : never_join_(never_join) {}

    std::size_t node_of(const std::string& claim, bool exclusive) {
        const auto [known, is_new] = index_.try_emplace(claim, parent_.size());
        if (is_new) {
            parent_.push_back(parent_.size());
            members_.push_back({claim});
            exclusive_.push_back(exclusive ? claim : std::string());
        }
        return known->second;
    }

    std::size_t find(std::size_t node) {
        while (parent_[node] != node)
            node = parent_[node] = parent_[parent_[node]];
        return node;
    }

    /// False when the two must stay apart.
    bool join(std::size_t left, std::size_t right) {
        left = find(left);
        right = find(right);
        if (left == right)
            return true;
        if (!exclusive_[left].empty() && !exclusive_[right].empty())
            return false; // Different groups cannot have the same one: a claim is one node.
        if (apart(left, right))
            return false;
        if (members_[left].size() < members_[right].size())
            std::swap(left, right);
        parent_[right] = left;
        members_[left].insert(members_[left].end(), members_[right].begin(), members_[right].end());
        members_[right].clear();
        if (exclusive_[left].empty())
            exclusive_[left] = exclusive_[right];
        return true;
    }

    std::string subject_of(std::size_t node) {
        const std::size_t root = find(node);
        const auto smallest = std::min_element(members_[root].begin(), members_[root].end());
        return subject_id_of(exclusive_[root], *smallest);
    }

    const std::map<std::string, std::size_t>& nodes() const { return index_; }

  private:
    bool apart(std::size_t left, std::size_t right) {
        return std::any_of(never_join_.begin(), never_join_.end(), [&](const auto& pair) {
            const auto first = index_.find(pair.first);
            const auto second = index_.find(pair.second);
            if (first == index_.end() || second == index_.end())
                return false;
            const std::size_t one = find(first->second);
            const std::size_t two = find(second->second);
            return (one == left && two == right) || (one == right && two == left);
        });
    }

    const std::vector<std::pair<std::string, std::string>>& never_join_;
    std::map<std::string, std::size_t> index_;
    std::vector<std::size_t> parent_;
    std::vector<std::vector<std::string>> members_;
    std::vector<std::string> exclusive_;
};

} // namespace

std::string subject_id_of(std::string_view exclusive, std::string_view smallest_claim) {
    return exclusive.empty() ? derived_id("s_", smallest_claim) : derived_id("u_", exclusive);
}

namespace {

using fact_order =
    std::tuple<int, std::int64_t, std::string_view, std::string_view, const std::vector<std::string>&>;

fact_order order_of(const node& fact) {
    return {fact.order, fact.occurred_at, fact.digest, fact.exclusive, fact.ids};
}

/// Facts about one thing, first in the fixed order first.
using unit = std::vector<const node*>;

std::vector<unit> make_units(const std::vector<node>& facts) {
    const std::vector<std::pair<std::string, std::string>> nothing;
    claim_groups by_id(nothing);
    for (const node& fact : facts)
        for (const std::string& id : fact.ids)
            by_id.join(by_id.node_of(fact.ids.front(), false), by_id.node_of(id, false));
    std::map<std::size_t, unit> grouped;
    for (const node& fact : facts)
        grouped[by_id.find(by_id.node_of(fact.ids.front(), false))].push_back(&fact);
    std::vector<unit> units;
    for (auto& [root, members] : grouped) {
        std::sort(members.begin(), members.end(),
                  [](const node* left, const node* right) { return order_of(*left) < order_of(*right); });
        units.push_back(std::move(members));
    }
    std::sort(units.begin(), units.end(), [](const unit& left, const unit& right) {
        return order_of(*left.front()) < order_of(*right.front());
    });
    return units;
}

} // namespace

partition_result partition(const std::vector<node>& facts,
                           const std::vector<std::pair<std::string, std::string>>& never_join) {
    claim_groups groups(never_join);
    std::map<const node*, std::size_t> anchor_of;
    std::vector<std::pair<std::size_t, std::string>> refused; // (anchor, claim)
    const auto give = [&](std::size_t anchor, const std::string& key, bool exclusive) {
        if (!groups.join(anchor, groups.node_of(key, exclusive)))
            refused.emplace_back(anchor, key);
    };
    const std::vector<unit> units = make_units(facts);
    // First everything gets the ids of its own documents: whoever else names a payment, it stays with its
    // documents, and so a refund that names it finds it.
    for (const unit& one : units) {
        const auto named =
            std::find_if(one.begin(), one.end(), [](const node* fact) { return !fact->exclusive.empty(); });
        const std::size_t anchor = named != one.end() ? groups.node_of((*named)->exclusive, true)
                                                      : groups.node_of(one.front()->ids.front(), false);
        for (const node* fact : one) {
            anchor_of[fact] = anchor;
            for (const std::string& id : fact->ids)
                give(anchor, id, false);
        }
    }
    for (const unit& one : units)
        for (const node* fact : one) {
            const std::size_t anchor = anchor_of.at(fact);
            if (!fact->exclusive.empty())
                give(anchor, fact->exclusive, true);
            for (const std::string& key : fact->joined)
                give(anchor, key, false);
        }

    partition_result done;
    done.subject_of.reserve(facts.size());
    for (const node& fact : facts)
        done.subject_of.push_back(groups.subject_of(anchor_of.at(&fact)));
    for (const auto& [claim, node_index] : groups.nodes())
        done.claims.emplace_back(claim, groups.subject_of(node_index));
    std::set<std::pair<std::string, std::string>> conflicts;
    for (const auto& [anchor, claim] : refused)
        conflicts.emplace(claim, groups.subject_of(anchor));
    done.conflicts.assign(conflicts.begin(), conflicts.end());
    return done;
}

} // namespace tributary::identity
