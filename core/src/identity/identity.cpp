#include <tributary/identity/identity.hpp>
#include <tributary/storage/storage.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <memory_resource>
#include <tuple>

#include "identity/identity.sql.hpp"
#include "identity/partition.hpp"

namespace tributary::identity {
namespace {

using storage::blob;
using storage::row;
using storage::value;

std::string_view view(const trb_str& text) noexcept {
    return {text.data, static_cast<std::size_t>(text.size)};
}

/// The claims of a fact as keys.
result<node> make_node(std::int32_t kind, std::string_view realm, std::int64_t occurred_at,
                       std::string_view digest, std::string_view content) {
    std::pmr::monotonic_buffer_resource arena;
    facts::decoded_fact decoded;
    TRIBUTARY_TRY(facts::decode_content(kind, content, arena, decoded));
    node made;
    made.order = kind == TRB_KIND_COMMAND                                 ? 0
                 : kind == TRB_KIND_CUSTOMER || kind == TRB_KIND_IDENTITY ? 1
                                                                          : 2;
    made.occurred_at = occurred_at;
    made.digest = digest;
    for (const trb_str& id : decoded.ids)
        made.ids.push_back(shared_key(realm, "id", view(id)));
    for (const trb_str& parent : decoded.parents)
        made.joined.push_back(shared_key(realm, "id", view(parent)));
    for (const trb_claim& claim : decoded.claims) {
        if (claim.claim_class == TRB_CLAIM_EXCLUSIVE)
            made.exclusive = exclusive_key(view(claim.name), view(claim.value));
        else if (claim.claim_class == TRB_CLAIM_SHARED)
            made.joined.push_back(shared_key(realm, view(claim.name), view(claim.value)));
    }
    return made;
}

result<node> make_node(const new_fact& fact) {
    return make_node(fact.said.kind, fact.said.realm, fact.said.occurred_at, as_bytes(fact.said.digest),
                     fact.said.content);
}

/// All keys of a node, sorted, each once.
std::vector<std::string> keys_of(const node& of) {
    std::vector<std::string> keys = of.ids;
    keys.insert(keys.end(), of.joined.begin(), of.joined.end());
    if (!of.exclusive.empty())
        keys.push_back(of.exclusive);
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

struct holder {
    std::string subject_id;
    bool contested = false;
};

/// Who holds some claims.
struct held_claims {
    std::map<std::string, holder> by_claim;
    bool kept_apart = false; ///< one of the claims must never join another
};

/// One run of the assignment, against one space.
class assignment {
  public:
    assignment(storage::session& writer, space in, std::set<subject_key>& dirty)
        : writer_(writer), in_(in), dirty_(dirty) {}

    result<void> add(const new_fact& fact) {
        TRIBUTARY_TRY_ASSIGN(named, make_node(fact));
        const std::vector<std::string> keys = keys_of(named);
        TRIBUTARY_TRY_ASSIGN(held, holders(keys));
        TRIBUTARY_TRY_ASSIGN(simple, simple_subject(named, keys, held));
        if (simple.empty()) {
            // Stored under no subject first: the recomputation finds it there and gives it one.
            TRIBUTARY_TRY(insert_fact(fact, {}));
            return recompute({std::string()}, keys);
        }
        std::vector<std::string_view> fresh;
        for (const std::string& key : keys)
            if (!held.by_claim.contains(key))
                fresh.push_back(key);
        TRIBUTARY_TRY(save_claims(fresh, simple, false));
        TRIBUTARY_TRY(insert_fact(fact, simple));
        mark(simple);
        return {};
    }

    result<void> remove_record(std::int64_t inbox_id) {
        std::set<std::string> seeds;
        std::vector<std::string> named; // Others may have been in conflict with these facts alone.
        result<void> failed;
        TRIBUTARY_TRY(writer_.query(
            sql::facts_of_record, std::array{value(in_.workspace), value(inbox_id)}, [&](const row& from) {
                mark(*seeds.emplace(from.text(0)).first);
                auto made = make_node(static_cast<std::int32_t>(from.integer(1)), from.text(2),
                                      from.integer(3), from.text(4), from.text(5));
                if (!made)
                    failed = made.error();
                else
                    for (std::string& key : keys_of(*made))
                        named.push_back(std::move(key));
            }));
        TRIBUTARY_TRY(std::move(failed));
        if (seeds.empty())
            return {};
        TRIBUTARY_TRY(
            writer_.execute(sql::delete_facts_of_record, std::array{value(in_.workspace), value(inbox_id)}));
        return recompute(std::move(seeds), named);
    }

    /// Computes the subjects of everything that hangs together with the seeds and the claims anew.
    result<void> recompute(std::set<std::string> seeds, const std::vector<std::string>& named_claims) {
        std::vector<std::pair<std::string, std::string>> apart;
        TRIBUTARY_TRY(close_over(seeds, named_claims, apart));
        std::vector<node> nodes;
        nodes.reserve(stored_.size());
        for (const stored& one : stored_)
            nodes.push_back(one.fact);
        const partition_result done = partition(nodes, apart);
        seeds.erase(std::string());
        TRIBUTARY_TRY(write_claims(done, apart, seeds));
        TRIBUTARY_TRY(write_conflicts(done, seeds));
        for (std::size_t index = 0; index < stored_.size(); ++index) {
            const std::string& subject = done.subject_of[index];
            if (subject == stored_[index].subject_id)
                continue;
            mark(stored_[index].subject_id);
            mark(subject);
            TRIBUTARY_TRY(writer_.execute(
                sql::move_fact, std::array{value(std::string_view(subject)), value(stored_[index].row)}));
        }
        return {};
    }

  private:
    struct stored {
        std::int64_t row = 0;
        std::string subject_id;
        node fact;
    };

    std::array<value, 3> scoped(const std::string& text) const {
        return {value(in_.workspace), value(in_.environment), value(std::string_view(text))};
    }

    void mark(const std::string& subject) {
        if (!subject.empty())
            dirty_.insert({in_, subject});
    }

    /// Runs a statement over keys, eight at a time.
    result<void> query_keys(const storage::statement& what, const std::vector<std::string>& keys,
                            const storage::row_function& each) {
        for (std::size_t at = 0; at < keys.size(); at += sql::claims_at_once) {
            std::array<value, 2 + sql::claims_at_once> parameters{value(in_.workspace),
                                                                  value(in_.environment)};
            for (std::size_t place = 0; place < sql::claims_at_once; ++place)
                parameters[2 + place] = std::string_view(keys[at + place < keys.size() ? at + place : at]);
            TRIBUTARY_TRY(writer_.query(what, parameters, each));
        }
        return {};
    }

    result<held_claims> holders(const std::vector<std::string>& keys) {
        held_claims held;
        TRIBUTARY_TRY(query_keys(sql::holders, keys, [&](const row& from) {
            if (from.text(1).empty())
                held.kept_apart = true;
            else
                held.by_claim[std::string(from.text(0))] = {std::string(from.text(1)), from.integer(2) != 0};
        }));
        return held;
    }

    /// The subject that a fact belongs to when nothing has to be moved; empty: recompute.
    result<std::string> simple_subject(const node& named, const std::vector<std::string>& keys,
                                       const held_claims& held) {
        if (held.kept_apart)
            return std::string();
        if (held.by_claim.empty())
            return subject_id_of(named.exclusive, keys.front());
        const std::string& subject = held.by_claim.begin()->second.subject_id;
        for (const auto& [claim, by] : held.by_claim)
            if (by.contested || by.subject_id != subject)
                return std::string();
        if (!named.exclusive.empty() && !held.by_claim.contains(named.exclusive))
            return std::string(); // A first user id renames the subject, a second one is a conflict.
        if (has_exclusive(subject) || held.by_claim.size() == keys.size())
            return subject;
        // Named after its smallest claim: a smaller one renames it.
        std::string smallest;
        TRIBUTARY_TRY(writer_.query(sql::smallest_claim, scoped(subject),
                                    [&](const row& from) { smallest = from.text(0); }));
        return keys.front() < smallest ? std::string() : subject;
    }

    /// Reads the facts of all subjects that hang together with `subjects` and the claims, adds those
    /// subjects, and what must stay apart among them.
    result<void> close_over(std::set<std::string>& subjects, const std::vector<std::string>& named_claims,
                            std::vector<std::pair<std::string, std::string>>& apart) {
        stored_.clear();
        std::vector<std::string> open(subjects.begin(), subjects.end());
        std::set<std::string> seen_claims;
        const auto add = [&](std::string subject) {
            if (subjects.insert(subject).second)
                open.push_back(std::move(subject));
        };
        const auto follow = [&](const std::vector<std::string>& keys) -> result<void> {
            std::vector<std::string> fresh;
            for (const std::string& key : keys)
                if (seen_claims.insert(key).second)
                    fresh.push_back(key);
            TRIBUTARY_TRY_ASSIGN(held, holders(fresh));
            for (auto& [claim, by] : held.by_claim)
                add(std::move(by.subject_id));
            if (held.kept_apart)
                TRIBUTARY_TRY(query_keys(sql::never_joined, fresh, [&](const row& from) {
                    apart.emplace_back(from.text(0), from.text(1));
                }));
            return query_keys(sql::claimants, fresh,
                              [&](const row& from) { add(std::string(from.text(0))); });
        };
        TRIBUTARY_TRY(follow(named_claims));
        while (!open.empty()) {
            const std::string subject = std::move(open.back());
            open.pop_back();
            const std::size_t before = stored_.size();
            TRIBUTARY_TRY(read_facts(subject));
            std::vector<std::string> keys;
            for (std::size_t index = before; index < stored_.size(); ++index)
                for (std::string& key : keys_of(stored_[index].fact))
                    keys.push_back(std::move(key));
            TRIBUTARY_TRY(follow(keys));
        }
        return {};
    }

    result<void> read_facts(const std::string& subject) {
        result<void> failed;
        TRIBUTARY_TRY(writer_.query(sql::facts_of_subject, scoped(subject), [&](const row& from) {
            auto made = make_node(static_cast<std::int32_t>(from.integer(1)), from.text(2), from.integer(3),
                                  from.text(4), from.text(5));
            if (made)
                stored_.push_back({from.integer(0), subject, std::move(*made)});
            else
                failed = made.error();
        }));
        return failed;
    }

    /// Writes what differs from the claims that the subjects hold.
    result<void> write_claims(const partition_result& done,
                              const std::vector<std::pair<std::string, std::string>>& apart,
                              const std::set<std::string>& subjects) {
        // Every claim of a subject that takes part in a conflict is marked: facts that name one are not
        // simple.
        std::map<std::string_view, std::string_view> holder_of;
        for (const auto& [claim, subject] : done.claims)
            holder_of.emplace(claim, subject);
        std::set<std::string_view> contested;
        for (const auto& [claim, subject] : done.conflicts) {
            contested.insert(subject);
            contested.insert(holder_of.at(claim));
        }
        for (const auto& [claim, other] : apart)
            if (const auto held = holder_of.find(claim); held != holder_of.end())
                contested.insert(held->second);
        std::map<std::string, holder> before;
        for (const std::string& subject : subjects)
            TRIBUTARY_TRY(writer_.query(sql::claims_with_flag, scoped(subject), [&](const row& from) {
                before[std::string(from.text(0))] = {subject, from.integer(1) != 0};
            }));
        for (const auto& [claim, by] : before)
            if (!holder_of.contains(claim))
                TRIBUTARY_TRY(writer_.execute(sql::delete_claim, scoped(claim)));
        std::map<std::pair<std::string_view, bool>, std::vector<std::string_view>> changed;
        for (const auto& [claim, subject] : done.claims) {
            const auto known = before.find(claim);
            const bool doubtful = contested.contains(subject);
            if (known == before.end() || known->second.subject_id != subject ||
                known->second.contested != doubtful)
                changed[{subject, doubtful}].push_back(claim);
        }
        for (const auto& [holder_and_doubt, claims] : changed)
            TRIBUTARY_TRY(save_claims(claims, holder_and_doubt.first, holder_and_doubt.second));
        return {};
    }

    result<void> write_conflicts(const partition_result& done, const std::set<std::string>& subjects) {
        std::set<std::pair<std::string, std::string>> before; // (claim, subject)
        for (const std::string& subject : subjects)
            TRIBUTARY_TRY(writer_.query(sql::conflicting_claims, scoped(subject),
                                        [&](const row& from) { before.emplace(from.text(0), subject); }));
        const std::set<std::pair<std::string, std::string>> after(done.conflicts.begin(),
                                                                  done.conflicts.end());
        const auto write = [&](const storage::statement& what, const auto& conflict) {
            return writer_.execute(what, std::array{value(in_.workspace), value(in_.environment),
                                                    value(std::string_view(conflict.first)),
                                                    value(std::string_view(conflict.second))});
        };
        for (const auto& one : before)
            if (!after.contains(one))
                TRIBUTARY_TRY(write(sql::delete_conflict, one));
        for (const auto& one : after)
            if (!before.contains(one))
                TRIBUTARY_TRY(write(sql::insert_conflict, one));
        return {};
    }

    /// One statement for all of them: "... VALUES ($1, $2, $3, $4, $5), ($1, $2, $6, $4, $5), ...".
    result<void> save_claims(std::span<const std::string_view> claims, std::string_view subject,
                             bool contested) {
        constexpr std::size_t at_once = 100;
        for (; claims.size() > at_once; claims = claims.subspan(at_once))
            TRIBUTARY_TRY(save_claims(claims.first(at_once), subject, contested));
        if (claims.empty())
            return {};
        std::vector<value> parameters{value(in_.workspace), value(in_.environment), value(claims.front()),
                                      value(subject), value(std::int64_t{contested})};
        std::string text(sql::save_claims_head);
        for (const std::string_view claim : claims.subspan(1)) {
            parameters.emplace_back(claim);
            text += ", ($1, $2, $" + std::to_string(parameters.size()) + ", $4, $5)";
        }
        text += sql::save_claims_tail;
        TRIBUTARY_TRY(writer_.execute({"identity.save_claims", text}, parameters));
        return {};
    }

    result<void> insert_fact(const new_fact& fact, std::string_view subject) {
        const facts::stored_fact& said = fact.said;
        TRIBUTARY_TRY(writer_.execute(
            sql::insert_fact,
            std::array{value(in_.workspace), value(in_.environment), value(subject), value(fact.inbox_id),
                       value(std::string_view(fact.connection_id)), value(fact.normaliser_version),
                       value(std::int64_t{said.kind}), value(std::string_view(said.realm)),
                       value(std::string_view(said.document_id)), value(said.source_time),
                       value(std::int64_t{said.lifecycle_rank}), value(std::int64_t{said.source_rank}),
                       value(said.occurred_at), value(blob{as_bytes(said.digest)}),
                       value(std::string_view(said.content))}));
        return {};
    }

    storage::session& writer_;
    space in_;
    std::set<subject_key>& dirty_;
    std::vector<stored> stored_;
};

result<std::vector<conflict>> read_conflicts(storage::session& reader, const storage::statement& what,
                                             space in, std::string_view subject_id) {
    std::vector<conflict> list;
    TRIBUTARY_TRY(reader.query(
        what, std::array{value(in.workspace), value(in.environment), value(subject_id)},
        [&](const row& from) {
            list.push_back({std::string(from.text(0)), std::string(from.text(1)), std::string(from.text(2))});
        }));
    return list;
}

} // namespace

std::string exclusive_key(std::string_view name, std::string_view value_text) {
    std::string key = "x:";
    key += name;
    key += ':';
    key += value_text;
    return key;
}

std::string shared_key(std::string_view realm, std::string_view name, std::string_view value_text) {
    std::string key = "s:";
    key += realm;
    key += '|';
    key += name;
    key += '|';
    key += value_text;
    return key;
}

result<void> assign(storage::session& writer, space in, const std::vector<new_fact>& facts,
                    std::int64_t replaced, std::set<subject_key>& dirty) {
    assignment run(writer, in, dirty);
    if (replaced != 0)
        TRIBUTARY_TRY(run.remove_record(replaced));
    for (const new_fact& fact : facts)
        TRIBUTARY_TRY(run.add(fact));
    return {};
}

result<void> never_join(storage::session& writer, space in, std::string_view claim, std::string_view other,
                        time_ms now_ms, std::set<subject_key>& dirty) {
    for (const auto& [left, right] : {std::pair(claim, other), std::pair(other, claim)})
        TRIBUTARY_TRY(
            writer.execute(sql::insert_never_join, std::array{value(in.workspace), value(in.environment),
                                                              value(left), value(right), value(now_ms)}));
    return assignment(writer, in, dirty).recompute({}, {std::string(claim), std::string(other)});
}

result<std::string> find_subject(storage::session& reader, space in, std::string_view claim) {
    std::string subject;
    TRIBUTARY_TRY(reader.query(sql::find_holder,
                               std::array{value(in.workspace), value(in.environment), value(claim)},
                               [&](const row& from) { subject = from.text(0); }));
    return subject;
}

result<std::vector<conflict>> conflicts_of(storage::session& reader, space in, std::string_view subject_id) {
    TRIBUTARY_TRY_ASSIGN(list, read_conflicts(reader, sql::conflicts_of, in, subject_id));
    TRIBUTARY_TRY_ASSIGN(against, read_conflicts(reader, sql::conflicts_against, in, subject_id));
    list.insert(list.end(), against.begin(), against.end());
    return list;
}

result<std::vector<std::string>> claims_of(storage::session& reader, space in, std::string_view subject_id) {
    std::vector<std::string> claims;
    TRIBUTARY_TRY(reader.query(sql::claims_of,
                               std::array{value(in.workspace), value(in.environment), value(subject_id)},
                               [&](const row& from) { claims.emplace_back(from.text(0)); }));
    return claims;
}

} // namespace tributary::identity
