#include <tributary/facts/history.hpp>

#include <algorithm>
#include <cstring>
#include <map>
#include <numeric>
#include <tuple>

namespace tributary::facts {
namespace {

std::string_view view(const trb_str& text) noexcept { return {text.data, static_cast<std::size_t>(text.size)}; }

auto version_of(const decoded_fact& fact) {
    return std::tuple(fact.source_time, fact.lifecycle_rank, fact.digest);
}

/// Same telling of the same document, perhaps through two deliveries.
bool same_telling(const decoded_fact& left, const decoded_fact& right) {
    return left.document_id == right.document_id && version_of(left) == version_of(right);
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

template <class T> std::pair<const T*, std::uint64_t> copy(const std::vector<T>& from, std::pmr::memory_resource& arena) {
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
        std::sort(tellings_.begin(), tellings_.end(), [](const decoded_fact* left, const decoded_fact* right) {
            // Document id last: two documents of equal rank and version must have a fixed order too.
            return std::tuple(left->source_rank, version_of(*left), left->document_id, -left->inbox_id) >
                   std::tuple(right->source_rank, version_of(*right), right->document_id, -right->inbox_id);
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
        const auto by_text = [](const trb_str& left, const trb_str& right) { return view(left) < view(right); };
        std::tie(merged.ids, merged.id_count) = collect<trb_str>(arena, &decoded_fact::ids, by_text);
        std::tie(merged.parents, merged.parent_count) = collect<trb_str>(arena, &decoded_fact::parents, by_text);
        const auto by_claim = [](const trb_claim& left, const trb_claim& right) {
            return std::tuple(left.claim_class, view(left.name), view(left.value)) <
                   std::tuple(right.claim_class, view(right.name), view(right.value));
        };
        std::tie(merged.claims, merged.claim_count) = collect<trb_claim>(arena, &decoded_fact::claims, by_claim);
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
        const auto equal = [&](const T& left, const T& right) { return !less(left, right) && !less(right, left); };
        all.erase(std::unique(all.begin(), all.end(), equal), all.end());
        return copy(all, arena);
    }

    std::vector<const decoded_fact*> tellings_;
};

/// Groups facts that describe one thing.
std::vector<std::vector<const decoded_fact*>> group_facts(std::span<const decoded_fact> facts) {
    union_find sets(facts.size());
    std::map<std::tuple<std::int32_t, std::string_view, std::string_view>, std::size_t> owner;
    for (std::size_t index = 0; index < facts.size(); ++index) {
        const decoded_fact& fact = facts[index];
        if (fact.kind == TRB_KIND_SUBSCRIPTION) {
            // Every version is history: only repetitions of the same telling fall together.
            for (std::size_t other = 0; other < index; ++other)
                if (facts[other].kind == fact.kind && facts[other].realm == fact.realm &&
                    same_telling(facts[other], fact))
                    sets.join(index, other);
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

/// Documents of which two tellings have the same version and different bodies.
std::vector<tie> find_ties(std::span<const decoded_fact> facts) {
    using version_key = std::tuple<std::int32_t, std::string_view, std::string_view, std::int64_t, std::int32_t>;
    std::map<version_key, std::string_view> first;
    std::vector<tie> ties;
    for (const decoded_fact& fact : facts) {
        const version_key key{fact.kind, fact.realm, fact.document_id, fact.source_time, fact.lifecycle_rank};
        const auto [known, is_new] = first.try_emplace(key, fact.digest);
        if (!is_new && known->second != fact.digest)
            ties.push_back({fact.kind, std::string(fact.realm), std::string(fact.document_id)});
    }
    return ties;
}

bool is_tied(const trb_merged_fact& fact, const std::vector<tie>& ties) {
    return std::any_of(ties.begin(), ties.end(), [&](const tie& one) {
        return one.kind == fact.kind && one.realm == view(fact.realm) &&
               std::any_of(fact.ids, fact.ids + fact.id_count,
                           [&](const trb_str& id) { return view(id) == one.document_id; });
    });
}

} // namespace

merged_history merge_history(std::span<const decoded_fact> facts, std::pmr::memory_resource& arena) {
    struct entry {
        trb_merged_fact fact;
        std::vector<std::int64_t> sources;
    };
    std::vector<entry> entries;
    merged_history history;
    history.ties = find_ties(facts);
    for (auto& tellings : group_facts(facts)) {
        const bool versioned = tellings.front()->kind == TRB_KIND_SUBSCRIPTION;
        const group one(std::move(tellings));
        entry made{one.merge(arena), one.sources()};
        made.fact.ambiguous = is_tied(made.fact, history.ties) ? 1u : 0u;
        if (versioned)
            made.fact.id = keep(std::string(view(made.fact.id)) + "@" + std::to_string(made.fact.source_time_ms), arena);
        entries.push_back(std::move(made));
    }
    std::sort(entries.begin(), entries.end(), [](const entry& left, const entry& right) {
        // Realm, kind and source time only separate what would otherwise have no fixed order.
        const auto key = [](const entry& of) {
            return std::tuple(of.fact.occurred_at_ms, view(of.fact.id), of.fact.kind, view(of.fact.realm),
                              of.fact.source_time_ms);
        };
        return key(left) < key(right);
    });
    history.facts.reserve(entries.size());
    for (entry& made : entries) {
        history.facts.push_back(made.fact);
        history.sources.push_back(std::move(made.sources));
    }
    return history;
}

} // namespace tributary::facts
