#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <set>

#include "merged_facts.hpp"

// Goal: a story means the same in the oldest shape and in the newest. Its deliveries are read in both, the
// facts are put together as abi/fact.h describes, and compared member by member. Where a version cannot say
// what another one says, the table below has it, with the reason.

namespace {

using namespace tributary::stripe;
using namespace tributary::stripe::testing;
namespace data = boost::unit_test::data;

constexpr const char* oldest = "2020-08-27";
constexpr const char* newest = "2026-10-28.endive";

struct exception_to_equality {
    std::string_view story; ///< "" for all.
    std::int32_t kind;
    std::string_view member; ///< "" for the thing as a whole.
    std::string_view reason;
};
std::ostream& operator<<(std::ostream& out, const exception_to_equality& one) {
    return out << one.story << " " << one.member;
}

constexpr exception_to_equality exceptions[] = {
    {"adaptive-pricing", TRB_KIND_PAYMENT, "refunded_total",
     "until 2025-03-31 the charge was in the buyer's currency: nothing was returned, in another currency"},
    {"promotion-code", TRB_KIND_REDEMPTION, "",
     "the discount of a single purchase is an object in old invoices only; new ones name its id"},
    {"coupon", TRB_KIND_REDEMPTION, "percent", "since 2025-09-30 a discount names its coupon, which says it"},
    {"coupon", TRB_KIND_REDEMPTION, "duration", "as percent"},
    {"", TRB_KIND_PAYMENT, "failure",
     "since 2025-03-31 a charge that fails does not name the invoice, and nothing else says why it failed"},
    {"", TRB_KIND_SUBSCRIPTION, "pause_reason", "told since 2026-10-28"},
};

bool is_excepted(const std::string& story, std::int32_t kind, std::string_view member) {
    return std::any_of(std::begin(exceptions), std::end(exceptions), [&](const exception_to_equality& one) {
        return (one.story.empty() || one.story == story) && one.kind == kind && one.member == member;
    });
}

/// A charge that failed, or a document that only links, may stand alone in one version, since invoices and
/// charges do not name each other any more: what states no status is no payment, and nothing of it is
/// compared.
std::vector<thing> telling_things(const std::string& story, const std::vector<fact>& facts) {
    std::vector<thing> things = merge(facts);
    std::erase_if(things, [&](const thing& one) {
        const bool stray = one.kind == TRB_KIND_PAYMENT && one.member("status") == "(unstated)";
        return stray || is_excepted(story, one.kind, "");
    });
    return things;
}

/// Everything that is said about a thing, by name.
std::map<std::string, std::string> said_of(const thing& one) {
    std::map<std::string, std::string> said = one.members;
    for (const std::string& claim : one.claims)
        said["claim " + claim] = "claimed";
    said["occurred_at"] = std::to_string(one.occurred_at_ms);
    return said;
}

void compare(const std::string& story, const thing& old, const thing& now) {
    const auto before = said_of(old);
    const auto after = said_of(now);
    std::set<std::string> names;
    for (const auto& [name, value] : before)
        names.insert(name);
    for (const auto& [name, value] : after)
        names.insert(name);
    for (const std::string& name : names) {
        if (is_excepted(story, old.kind, name))
            continue;
        const std::string left = before.contains(name) ? before.at(name) : "(unstated)";
        const std::string right = after.contains(name) ? after.at(name) : "(unstated)";
        BOOST_TEST(left == right, "kind " << old.kind << " " << *old.ids.begin() << ", " << name << ": in "
                                          << oldest << " " << left << ", in " << newest << " " << right);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_generations)

BOOST_DATA_TEST_CASE(the_oldest_and_the_newest_shape_say_the_same, data::make(all_stories()), story) {
    const std::map<std::string, std::string> parameters{
        {"click", "CLICK0123456789A"}, {"user", "user_1"}, {"tax", "19"}, {"quantity", "2"}};
    const std::string first = first_version_of(story);
    const plugin_under_test plugin;
    const auto old = telling_things(
        story, read_all(plugin, plugin.tell(story, parameters, first.empty() ? oldest : first).deliveries));
    auto now = telling_things(story, read_all(plugin, plugin.tell(story, parameters, newest).deliveries));
    BOOST_TEST(old.size() == now.size());
    BOOST_TEST_REQUIRE(!old.empty());
    std::map<std::string, std::size_t> seen; // Of a subscription's history: which version of it is next.
    for (const thing& one : old) {
        std::vector<thing> same;
        std::copy_if(now.begin(), now.end(), std::back_inserter(same),
                     [&](const thing& other) { return one.shares_an_id_with(other); });
        const bool history = one.kind == TRB_KIND_SUBSCRIPTION;
        const std::size_t index = history ? seen[*one.ids.begin()]++ : 0;
        if (same.size() <= index || (!history && same.size() != 1)) {
            BOOST_ERROR("kind " << one.kind << " " << *one.ids.begin() << " is " << same.size()
                                << " things in " << newest);
            continue;
        }
        compare(story, one, same[index]);
    }
}

BOOST_DATA_TEST_CASE(every_exception_is_needed, data::make(exceptions), one) {
    BOOST_TEST(!one.reason.empty());
    const plugin_under_test plugin;
    const auto told = [&](const char* version) {
        std::multiset<std::string> said;
        for (const std::string& story : all_stories())
            if ((one.story.empty() || one.story == story) && first_version_of(story) <= oldest)
                for (const thing& each :
                     of_kind(merge(read_all(plugin, plugin.tell(story, {}, version).deliveries)), one.kind))
                    said.insert(one.member.empty() ? *each.ids.begin()
                                                   : each.member(std::string(one.member)));
        return said;
    };
    BOOST_TEST((told(oldest) != told(newest)), "it is alike in both versions: the table lies");
}

BOOST_AUTO_TEST_SUITE_END()
