#include <tributary/facts/history.hpp>

#include <algorithm>
#include <cstring>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

namespace tributary::facts {
namespace {

std::string_view view(const trb_str& text) noexcept {
    return {text.data, static_cast<std::size_t>(text.size)};
}

auto version_of(const decoded_fact& fact) {
    return std::tuple(fact.source_time, fact.lifecycle_rank, fact.digest);
}

/// Sets of indices that grow together.
class union_find {
  public:
    explicit union_find(std::size_t count) : parent_(count) {
        std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    }
    std::size_t find(std::size_t index) {
        while (parent_[index] != index)
            index = parent_[index] = parent_[parent_[index]];
        return index;
    }
    void join(std::size_t left, std::size_t right) { parent_[find(left)] = find(right); }

  private:
    std::vector<std::size_t> parent_;
};

template <class T>
std::pair<const T*, std::uint64_t> copy(const std::vector<T>& from, std::pmr::memory_resource& arena) {
    if (from.empty())
        return {nullptr, 0};
    auto* to = static_cast<T*>(arena.allocate(from.size() * sizeof(T), alignof(T)));
    std::memcpy(static_cast<void*>(to), from.data(), from.size() * sizeof(T));
    return {to, from.size()};
}

trb_str keep(std::string_view text, std::pmr::memory_resource& arena) {
    auto* to = static_cast<char*>(arena.allocate(text.size() + 1, 1));
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
}

/// All tellings of one thing, in the order in which they are believed.
class group {
  public:
    explicit group(std::vector<const decoded_fact*> tellings) : tellings_(std::move(tellings)) {
        std::sort(tellings_.begin(), tellings_.end(),
                  [](const decoded_fact* left, const decoded_fact* right) {
                      // Document id last: two documents of equal rank and version must have a fixed order
                      // too.
                      return std::tuple(left->source_rank, version_of(*left), left->document_id,
                                        -left->inbox_id) > std::tuple(right->source_rank, version_of(*right),
                                                                      right->document_id, -right->inbox_id);
                  });
    }

    trb_merged_fact merge(std::pmr::memory_resource& arena) const {
        const decoded_fact& best = *tellings_.front();
        std::vector<const void*> bodies;
        trb_merged_fact merged{};
        merged.struct_size = sizeof merged;
        merged.kind = best.kind;
        merged.realm = {best.realm.data(), best.realm.size()};
        merged.occurred_at_ms = best.occurred_at;
        merged.historic = 1;
        for (const decoded_fact* fact : tellings_) {
            merged.source_time_ms = std::max(merged.source_time_ms, fact->source_time);
            merged.historic = merged.historic != 0 && fact->historic ? 1u : 0u;
            if (fact->body != nullptr)
                bodies.push_back(fact->body);
        }
        merged.body = merge_bodies(best.kind, bodies, arena);
        const auto by_text = [](const trb_str& left, const trb_str& right) {
            return view(left) < view(right);
        };
        std::tie(merged.ids, merged.id_count) = collect<trb_str>(arena, &decoded_fact::ids, by_text);
        std::tie(merged.parents, merged.parent_count) =
            collect<trb_str>(arena, &decoded_fact::parents, by_text);
        const auto by_claim = [](const trb_claim& left, const trb_claim& right) {
            return std::tuple(left.claim_class, view(left.name), view(left.value)) <
                   std::tuple(right.claim_class, view(right.name), view(right.value));
        };
        std::tie(merged.claims, merged.claim_count) =
            collect<trb_claim>(arena, &decoded_fact::claims, by_claim);
        merged.id = merged.ids[0];
        return merged;
    }

    std::vector<std::int64_t> sources() const {
        std::vector<std::int64_t> ids;
        for (const decoded_fact* fact : tellings_)
            ids.push_back(fact->inbox_id);
        std::sort(ids.begin(), ids.end());
        ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
        return ids;
    }

  private:
    /// The sorted union of one list of all tellings.
    template <class T, class Less>
    std::pair<const T*, std::uint64_t> collect(std::pmr::memory_resource& arena,
                                               std::span<const T> decoded_fact::*list, Less less) const {
        std::vector<T> all;
        for (const decoded_fact* fact : tellings_)
            all.insert(all.end(), (fact->*list).begin(), (fact->*list).end());
        std::sort(all.begin(), all.end(), less);
        const auto equal = [&](const T& left, const T& right) {
            return !less(left, right) && !less(right, left);
        };
        all.erase(std::unique(all.begin(), all.end(), equal), all.end());
        return copy(all, arena);
    }

    std::vector<const decoded_fact*> tellings_;
};

/// Groups facts that describe one thing.
std::vector<std::vector<const decoded_fact*>> group_facts(std::span<const decoded_fact> facts) {
    union_find sets(facts.size());
    std::map<std::tuple<std::int32_t, std::string_view, std::string_view>, std::size_t> owner;
    std::map<std::tuple<std::string_view, std::string_view, std::int64_t, std::int32_t, std::string_view>,
             std::size_t>
        told;
    for (std::size_t index = 0; index < facts.size(); ++index) {
        const decoded_fact& fact = facts[index];
        if (fact.kind == TRB_KIND_SUBSCRIPTION) {
            // Every version is history: only repetitions of the same telling fall together.
            const auto [known, is_new] = told.try_emplace(
                {fact.realm, fact.document_id, fact.source_time, fact.lifecycle_rank, fact.digest}, index);
            if (!is_new)
                sets.join(index, known->second);
            continue;
        }
        for (const trb_str& id : fact.ids) {
            const auto [known, is_new] = owner.try_emplace({fact.kind, fact.realm, view(id)}, index);
            if (!is_new)
                sets.join(index, known->second);
        }
    }
    std::map<std::size_t, std::vector<const decoded_fact*>> groups;
    for (std::size_t index = 0; index < facts.size(); ++index)
        groups[sets.find(index)].push_back(&facts[index]);
    std::vector<std::vector<const decoded_fact*>> list;
    for (auto& [root, tellings] : groups)
        list.push_back(std::move(tellings));
    return list;
}

using document_key = std::tuple<std::int32_t, std::string_view, std::string_view>; // kind, realm, document id
using version_key = std::pair<std::int64_t, std::int32_t>; // source time, lifecycle rank

/// Versions that two tellings of one document share although their bodies differ. Of a document whose newest
/// version is believed, only a tie of that one leaves a doubt: a newer telling settles the older ones.
std::set<std::pair<document_key, version_key>> find_tied_versions(std::span<const decoded_fact> facts) {
    std::map<document_key, std::map<version_key, std::set<std::string_view>>> digests;
    for (const decoded_fact& fact : facts)
        digests[{fact.kind, fact.realm, fact.document_id}][{fact.source_time, fact.lifecycle_rank}].insert(
            fact.digest);
    std::set<std::pair<document_key, version_key>> tied;
    for (const auto& [document, versions] : digests)
        for (const auto& [version, bodies] : versions) {
            const bool counts =
                std::get<0>(document) == TRB_KIND_SUBSCRIPTION || version == versions.rbegin()->first;
            if (counts && bodies.size() > 1)
                tied.emplace(document, version);
        }
    return tied;
}

/// A thing of a history, and what puts those in order that happened at once.
struct entry {
    trb_merged_fact fact;
    std::vector<std::int64_t> sources;
    std::int32_t lifecycle_rank = 0; ///< subscriptions
    std::string_view digest;         ///< subscriptions

    auto order() const {
        // What follows the id only separates what would otherwise have no fixed order: versions of one
        // moment.
        return std::tuple(fact.occurred_at_ms, view(fact.ids[0]), fact.kind, view(fact.realm),
                          fact.source_time_ms, lifecycle_rank, digest);
    }
};

/// Each version of a subscription is a thing of its own, so its id names the version too.
trb_str version_id(const entry& of, std::pmr::memory_resource& arena) {
    std::string id(view(of.fact.ids[0]));
    id += "@" + std::to_string(of.fact.source_time_ms) + "." + std::to_string(of.lifecycle_rank) + ".";
    id += hex_encode(of.digest.substr(0, 4));
    return keep(id, arena);
}

} // namespace

merged_history merge_history(std::span<const decoded_fact> facts, std::pmr::memory_resource& arena) {
    std::vector<entry> entries;
    merged_history history;
    const auto tied = find_tied_versions(facts);
    for (const auto& [document, version] : tied) {
        const auto& [kind, realm, id] = document;
        history.ties.push_back({kind, std::string(realm), std::string(id), version.first});
    }
    for (auto& tellings : group_facts(facts)) {
        const bool doubtful = std::any_of(tellings.begin(), tellings.end(), [&](const decoded_fact* one) {
            return tied.contains(
                {{one->kind, one->realm, one->document_id}, {one->source_time, one->lifecycle_rank}});
        });
        const decoded_fact& any =
            *tellings.front(); // Tellings of one version of a subscription are all the same.
        const bool versioned = any.kind == TRB_KIND_SUBSCRIPTION;
        entry made{{}, {}, versioned ? any.lifecycle_rank : 0, versioned ? any.digest : std::string_view()};
        const group one(std::move(tellings));
        made.fact = one.merge(arena);
        made.sources = one.sources();
        made.fact.ambiguous = doubtful ? 1u : 0u;
        if (versioned)
            made.fact.id = version_id(made, arena);
        entries.push_back(std::move(made));
    }
    std::sort(entries.begin(), entries.end(),
              [](const entry& left, const entry& right) { return left.order() < right.order(); });
    history.facts.reserve(entries.size());
    for (entry& made : entries) {
        history.facts.push_back(made.fact);
        history.sources.push_back(std::move(made.sources));
    }
    return history;
}

} // namespace tributary::facts
