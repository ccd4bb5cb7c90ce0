#include "merged_facts.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <tuple>

#include "json_path.hpp"
#include "simulator/library.hpp"

namespace tributary::stripe::testing {
namespace {

auto version_of(const captured_fact& fact) {
    return std::pair(fact.source_time_ms, fact.lifecycle_rank);
}

bool believed_before(const captured_fact& left, const captured_fact& right) {
    return std::tuple(left.source_rank, version_of(left)) > std::tuple(right.source_rank, version_of(right));
}

/// The newest version of each document but subscriptions, of which every version counts.
std::vector<captured_fact> newest_of(const std::vector<captured_fact>& facts) {
    std::map<std::tuple<std::int32_t, std::string, std::int64_t, std::int32_t>, captured_fact> kept;
    for (const captured_fact& fact : facts) {
        const bool history = fact.kind == TRB_KIND_SUBSCRIPTION;
        const std::tuple key(fact.kind, fact.document, history ? fact.source_time_ms : 0,
                             history ? fact.lifecycle_rank : 0);
        auto [at, added] = kept.try_emplace(key, fact);
        if (!added && version_of(fact) > version_of(at->second))
            at->second = fact;
    }
    std::vector<captured_fact> newest;
    for (auto& [key, fact] : kept)
        newest.push_back(std::move(fact));
    return newest;
}

thing thing_of(std::vector<captured_fact> documents) {
    std::stable_sort(documents.begin(), documents.end(), believed_before);
    thing made;
    made.kind = documents.front().kind;
    made.occurred_at_ms = documents.front().occurred_at_ms;
    for (const captured_fact& one : documents) {
        for (const std::string& id : one.ids())
            made.ids.insert(id);
        made.parents.insert(one.parents.begin(), one.parents.end());
        made.members.insert(one.members.begin(), one.members.end());
        made.claims.insert(one.claims.begin(), one.claims.end());
        made.metadata.insert(one.metadata.begin(), one.metadata.end());
        if (made.lines.empty())
            made.lines = one.lines;
        if (made.items.empty())
            made.items = one.items;
    }
    return made;
}

/// Documents of one kind, put together wherever they share an id.
std::vector<std::vector<captured_fact>> groups_of(const std::vector<captured_fact>& documents) {
    std::vector<std::pair<std::set<std::string>, std::vector<captured_fact>>> groups;
    for (const captured_fact& fact : documents) {
        std::set<std::string> ids;
        for (const std::string& id : fact.ids())
            ids.insert(std::to_string(fact.kind) + "/" + id);
        std::vector<captured_fact> group{fact};
        for (auto at = groups.begin(); at != groups.end();) {
            if (std::none_of(ids.begin(), ids.end(), [&](const auto& id) { return at->first.contains(id); })) {
                ++at;
                continue;
            }
            ids.insert(at->first.begin(), at->first.end());
            group.insert(group.end(), at->second.begin(), at->second.end());
            at = groups.erase(at);
        }
        groups.emplace_back(std::move(ids), std::move(group));
    }
    std::vector<std::vector<captured_fact>> made;
    for (auto& [ids, group] : groups)
        made.push_back(std::move(group));
    return made;
}

} // namespace

std::string thing::member(const std::string& name) const {
    const auto found = members.find(name);
    return found == members.end() ? "(unstated)" : found->second;
}

std::int64_t thing::number(const std::string& name) const {
    return members.contains(name) ? std::stoll(members.at(name)) : 0;
}

bool thing::shares_an_id_with(const thing& other) const {
    return kind == other.kind &&
           std::any_of(ids.begin(), ids.end(), [&](const std::string& id) { return other.ids.contains(id); });
}

std::vector<captured_fact> read_all(const plugin_under_test& plugin,
                                    const std::vector<told_delivery>& deliveries) {
    std::vector<captured_fact> facts;
    for (const told_delivery& delivery : deliveries) {
        const normalised result = plugin.normalise(delivery.body);
        BOOST_TEST(result.status == TRB_OK, delivery.type << ": " << result.code);
        facts.insert(facts.end(), result.facts.begin(), result.facts.end());
    }
    return facts;
}

std::vector<thing> merge(const std::vector<captured_fact>& facts) {
    std::vector<captured_fact> documents;
    std::vector<captured_fact> histories;
    for (captured_fact& fact : newest_of(facts))
        (fact.kind == TRB_KIND_SUBSCRIPTION ? histories : documents).push_back(std::move(fact));
    std::vector<thing> things;
    for (std::vector<captured_fact>& group : groups_of(documents))
        things.push_back(thing_of(std::move(group)));
    std::stable_sort(histories.begin(), histories.end(), [](const auto& left, const auto& right) {
        return version_of(left) < version_of(right);
    });
    for (captured_fact& version : histories)
        things.push_back(thing_of({std::move(version)}));
    return things;
}

std::vector<thing> of_kind(const std::vector<thing>& things, std::int32_t kind) {
    std::vector<thing> found;
    std::copy_if(things.begin(), things.end(), std::back_inserter(found),
                 [kind](const thing& one) { return one.kind == kind; });
    return found;
}

std::map<std::string, std::int64_t> outcome_of(const std::vector<captured_fact>& facts) {
    const std::vector<thing> things = merge(facts);
    std::map<std::string, std::int64_t> found{
        {"sales", 0}, {"net", 0}, {"refunded", 0}, {"disputes_open", 0}, {"disputes_lost", 0}};
    std::int64_t told_by_charges = 0;
    for (const thing& payment : of_kind(things, TRB_KIND_PAYMENT)) {
        told_by_charges += payment.number("refunded");
        if (payment.member("status") != "2")
            continue;
        ++found["sales"];
        found["net"] += payment.number("without_tax");
    }
    for (const thing& refund : of_kind(things, TRB_KIND_REFUND))
        if (refund.member("status") == "2")
            found["refunded"] += refund.number("amount");
    // Between 2022-11-15 and 2024-10-28 refunds have no document in any webhook: the charge alone tells them.
    found["refunded"] = std::max(found["refunded"], told_by_charges);
    for (const thing& dispute : of_kind(things, TRB_KIND_DISPUTE)) {
        found["disputes_open"] += dispute.member("status") == "2" ? 1 : 0;
        found["disputes_lost"] += dispute.member("status") == "4" ? 1 : 0;
    }
    return found;
}

std::vector<std::string> all_stories() {
    std::vector<std::string> names;
    for (const trb_story& story : stripe_plugin::stories())
        names.emplace_back(sdk::view(story.name));
    return names;
}

std::string first_version_of(const std::string& story) {
    for (const simulated::shipped_story& one : simulated::shipped_stories())
        if (one.name == story) {
            const boost::json::value file = boost::json::parse(one.definition);
            return std::string(stripe::text(file, "since"));
        }
    return {};
}

const std::vector<std::string>& all_versions() {
    static const std::vector<std::string> versions{
        "2020-08-27",       "2022-11-15",       "2023-10-16",        "2024-10-28.acacia", "2025-02-24.acacia",
        "2025-03-31.basil", "2025-05-28.basil", "2025-09-30.clover", "2026-03-25.dahlia", "2026-10-28.endive"};
    return versions;
}

} // namespace tributary::stripe::testing
