#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness.hpp"

/// A small model of the core: facts become things, as abi/fact.h describes.
namespace tributary::stripe::testing {

using fact = tributary::testing::captured_fact;

/// One payment, refund, customer ..., put together from all documents that share an id.
struct thing {
    std::int32_t kind = 0;
    std::set<std::string> ids;
    std::set<std::string> parents;
    std::set<std::string> claims;
    std::map<std::string, std::string> members; ///< As the author's kit copies them: "lines.0.net_minor".
    std::int64_t occurred_at_ms = 0;

    std::string member(const std::string& name) const;
    std::int64_t number(const std::string& name) const; ///< 0 when it is not stated; of money the amount.
    bool shares_an_id_with(const thing& other) const;
};

/// All that the plugin reads from a story's deliveries. None of them may be drift: the simulator writes what
/// the plugin knows, or one of them is wrong.
std::vector<fact> read_all(const plugin_under_test& plugin, const std::vector<told_delivery>& deliveries);

/// Of each document the newest version; then documents of a kind that share an id are one thing, the highest
/// source rank believed first, member by member. Of a subscription every version stays, oldest first.
std::vector<thing> merge(const std::vector<fact>& facts);

std::vector<thing> of_kind(const std::vector<thing>& things, std::int32_t kind);

/// What the stories promise, as the things have it: sales, net, refunded, disputes_open, disputes_lost.
std::map<std::string, std::int64_t> outcome_of(const std::vector<fact>& facts, const std::string& version);

/// The names of all stories that the plugin tells.
std::vector<std::string> all_stories();
/// The API version since which a story can be told, "" for all.
std::string first_version_of(const std::string& story);
/// A version of each generation, oldest first; the last is the newest.
const std::vector<std::string>& all_versions();

} // namespace tributary::stripe::testing
