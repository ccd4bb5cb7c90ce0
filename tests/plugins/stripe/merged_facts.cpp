#include "merged_facts.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <tuple>

#include "json_path.hpp"
#include "simulator/library.hpp"

namespace tributary::stripe::testing {
namespace {

auto version_of(const fact& one) {
    return std::pair(one.source_time_ms, one.lifecycle_rank);
}

bool believed_before(const fact& left, const fact& right) {
    return std::tuple(left.source_rank, version_of(left)) > std::tuple(right.source_rank, version_of(right));
}

std::set<std::string> ids_of(const fact& one) {
    std::set<std::string> ids(one.same_as.begin(), one.same_as.end());
    ids.insert(one.document_id);
    return ids;
}

/// The newest version of each document but subscriptions, of which every version counts.
std::vector<fact> newest_of(const std::vector<fact>& facts) {
    std::map<std::tuple<std::int32_t, std::string, std::int64_t, std::int32_t>, fact> kept;
    for (const fact& one : facts) {
        const bool history = one.kind == TRB_KIND_SUBSCRIPTION;
        const std::tuple key(one.kind, one.document_id, history ? one.source_time_ms : 0,
                             history ? one.lifecycle_rank : 0);
        auto [at, added] = kept.try_emplace(key, one);
        if (!added && version_of(one) > version_of(at->second))
            at->second = one;
    }
    std::vector<fact> newest;
    for (auto& [key, one] : kept)
        newest.push_back(std::move(one));
    return newest;
}

/// What a member is called as a whole: all lines together are one member.
std::string whole_of(const std::string& member) {
    return member.substr(0, member.find('.'));
}

thing thing_of(std::vector<fact> documents) {
    std::stable_sort(documents.begin(), documents.end(), believed_before);
    thing made;
    made.kind = documents.front().kind;
    made.occurred_at_ms = documents.front().occurred_at_ms;
    std::set<std::string> stated;
    for (const fact& one : documents) {
        made.ids.merge(ids_of(one));
        made.parents.insert(one.parents.begin(), one.parents.end());
        made.claims.insert(one.claims.begin(), one.claims.end());
        std::set<std::string> here;
        for (const auto& [name, value] : one.members) {
            if (stated.contains(whole_of(name)))
                continue;
            made.members[name] = value;
            here.insert(whole_of(name));
        }
        stated.merge(here);
    }
    return made;
}

/// Documents of one kind, put together wherever they share an id.
std::vector<std::vector<fact>> groups_of(const std::vector<fact>& documents) {
    std::vector<std::pair<std::set<std::string>, std::vector<fact>>> groups;
    for (const fact& one : documents) {
        std::set<std::string> ids = ids_of(one);
        std::vector<fact> group{one};
        for (auto at = groups.begin(); at != groups.end();) {
            const bool shares =
                at->second.front().kind == one.kind &&
                std::any_of(ids.begin(), ids.end(), [&](const auto& id) { return at->first.contains(id); });
            if (!shares) {
                ++at;
                continue;
            }
            ids.insert(at->first.begin(), at->first.end());
            group.insert(group.end(), at->second.begin(), at->second.end());
            at = groups.erase(at);
        }
        groups.emplace_back(std::move(ids), std::move(group));
    }
    std::vector<std::vector<fact>> made;
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

std::vector<fact> read_all(const plugin_under_test& plugin, const std::vector<told_delivery>& deliveries) {
    std::vector<fact> facts;
    for (const told_delivery& delivery : deliveries) {
        const tributary::testing::normalised result = plugin.read(delivery.body);
        BOOST_TEST(result.status == TRB_OK, delivery.type << ": " << result.code);
        for (const auto& [code, text] : result.notes)
            BOOST_TEST(code != TRB_NOTE_DRIFT, delivery.type << ": " << text);
        facts.insert(facts.end(), result.facts.begin(), result.facts.end());
    }
    return facts;
}

std::vector<thing> merge(const std::vector<fact>& facts) {
    std::vector<fact> documents;
    std::vector<fact> histories;
    for (fact& one : newest_of(facts))
        (one.kind == TRB_KIND_SUBSCRIPTION ? histories : documents).push_back(std::move(one));
    std::vector<thing> things;
    for (std::vector<fact>& group : groups_of(documents))
        things.push_back(thing_of(std::move(group)));
    std::stable_sort(histories.begin(), histories.end(), [](const auto& left, const auto& right) {
        return version_of(left) < version_of(right);
    });
    for (fact& version : histories)
        things.push_back(thing_of({std::move(version)}));
    return things;
}

std::vector<thing> of_kind(const std::vector<thing>& things, std::int32_t kind) {
    std::vector<thing> found;
    std::copy_if(things.begin(), things.end(), std::back_inserter(found),
                 [kind](const thing& one) { return one.kind == kind; });
    return found;
}

std::map<std::string, std::int64_t> outcome_of(const std::vector<fact>& facts, const std::string& version) {
    const std::vector<thing> things = merge(facts);
    std::map<std::string, std::int64_t> found{
        {"sales", 0}, {"net", 0}, {"refunded", 0}, {"disputes_open", 0}, {"disputes_lost", 0}};
    std::int64_t told_by_charges = 0;
    for (const thing& payment : of_kind(things, TRB_KIND_PAYMENT)) {
        told_by_charges += payment.number("refunded_total");
        if (payment.member("status") != "2")
            continue;
        ++found["sales"];
        found["net"] += payment.number("total_without_tax");
    }
    for (const thing& refund : of_kind(things, TRB_KIND_REFUND))
        if (refund.member("status") == "2")
            found["refunded"] += refund.number("amount");
    // Between 2022-11-15 and 2024-10-28 refunds have no document in any webhook: the charge alone tells them.
    if (version >= "2022-11-15" && version < "2024-10-28")
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
        "2020-08-27",        "2022-11-15",       "2023-10-16",       "2024-10-28.acacia",
        "2025-02-24.acacia", "2025-03-31.basil", "2025-05-28.basil", "2025-09-30.clover",
        "2026-03-25.dahlia", "2026-10-28.endive"};
    return versions;
}

} // namespace tributary::stripe::testing
