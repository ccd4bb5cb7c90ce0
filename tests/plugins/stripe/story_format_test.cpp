#include <boost/json/parse.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <set>

#include "merged_facts.hpp"
#include "simulator/library.hpp"
#include "simulator/story_file.hpp"
#include "simulator/verbs.hpp"

// Goal: whoever writes a story is told what is wrong with it, where, and what was probably meant; and the
// page that describes the format tells the truth.

namespace {

using namespace tributary::stripe;
using namespace tributary::stripe::testing;
namespace data = boost::unit_test::data;

std::string story_of(const std::string& steps, const std::string& expect = "{}") {
    return R"({"name": "mine", "summary": "of my own", "steps": [)" + steps + R"(], "expect": )" + expect +
           "}";
}

struct refused {
    std::string story;
    std::string message;
};
std::ostream& operator<<(std::ostream& out, const refused& one) {
    return out << one.message;
}

const refused bad_files[] = {
    {"[", "story: this is no JSON: incomplete JSON"},
    {"[]", "story: a story is an object"},
    {"{}", "story: the member 'name' is missing"},
    {R"({"name": 7})", "story: 'name' is a text of up to 200 characters"},
    {R"({"name": "My Story"})", "story: 'name' consists of up to 64 small letters, digits and dashes"},
    {R"({"name": "a"})", "story a: the member 'summary' is missing"},
    {R"({"name": "a", "sumary": "b"})", "story a: there is no member 'sumary'; did you mean 'summary'?"},
    {R"({"name": "a", "summary": ""})", "story a: 'summary' is a text of up to 200 characters"},
    {R"({"name": "a", "summary": "b", "since": "new"})", "story a: 'since': an API version is a date"},
    {R"({"name": "a", "summary": "b", "parameters": []})", "story a: 'parameters' is an object"},
    {R"({"name": "a", "summary": "b", "parameters": {"amount": true}})",
     "story a: the parameter amount is a text or an integer"},
    {R"({"name": "a", "summary": "b", "parameters": {"amount": 0}})",
     "story a: the parameter amount must be an integer from 1 to 99999999"},
    {R"({"name": "a", "summary": "b", "parameters": {"amuont": 1}})",
     "story a: there is no parameter 'amuont'; did you mean 'amount'?"},
    {R"({"name": "a", "summary": "b"})", "story a: 'steps' is an array of one to 100 steps"},
    {R"({"name": "a", "summary": "b", "steps": []})", "story a: 'steps' is an array of one to 100 steps"},
    {R"({"name": "a", "summary": "b", "steps": ["checkout"]})",
     "story a, step 1: a step is an object with one member: the verb and its options"},
    {R"({"name": "a", "summary": "b", "steps": [{"wait": "1d"}, {"wait": 1, "refund": {}}]})",
     "story a, step 2: a step is an object with one member: the verb and its options"},
    {R"({"name": "a", "summary": "b", "steps": [{"checkout": {}}]})",
     "story a: the member 'expect' is missing"},
    {story_of(R"({"checkout": {}})", "[]"), "story mine: 'expect' is an object of up to 50 members"},
    {story_of(R"({"checkout": {}})", R"({"net": true})"),
     "story mine: what is expected of 'net' is an expression"},
    {story_of(R"({"checkout": {}})", R"({"net": "amount +"})"),
     "story mine, expect net: column 9: a number, a name or '(' is missing"},
    {story_of(R"({"checkout": {}})", R"({"net": "nett"})"),
     "story mine, expect net: column 1: there is no name 'nett'; did you mean 'net'?"},
};

const refused bad_steps[] = {
    {R"({"chekout": {}})", "step 1 (chekout): there is no verb 'chekout'; did you mean 'checkout'?"},
    {R"({"checkout": []})", "step 1 (checkout): the options are an object"},
    {R"({"checkout": {"gest": true}})",
     "step 1 (checkout): there is no option 'gest'; did you mean 'guest'?"},
    {R"({"checkout": {"guest": "yes"}})", "step 1 (checkout): guest, column 1: there is no name 'yes'"},
    {R"({"checkout": {"payment": "payed"}})", "payment cannot be 'payed'; did you mean 'paid'? (paid, later"},
    {R"({"checkout": {"payment": 1}})", "payment is one of paid, later, fails, abandoned"},
    {R"({"checkout": {"payment": "fails", "invoice": true}})",
     "a checkout that is not paid makes no invoice"},
    {R"({"checkout": {"items": []}})", "items is an array of one to 20 objects"},
    {R"({"checkout": {"items": [{}, 7]}})", "step 1 (checkout), items 2: the options are an object"},
    {R"({"checkout": {"items": [{"amount": -1}]}})", "items 1: amount is -1, it must be from 0 to"},
    {R"({"checkout": {"items": [{"amount": 1.5}]}})", "items 1: amount: this is an integer or an expression"},
    {R"({"checkout": {"items": [{"interval": "year"}]}})", "items 1: there is no option 'interval'"},
    {R"({"checkout": {"items": [{"product": ""}]}})", "product is a text of up to 200 characters"},
    {R"({"checkout": {"coupon": {}}})", "coupon: a coupon takes off either percent or amount"},
    {R"({"checkout": {"coupon": {"percent": 10, "amount": 10}}})", "takes off either percent or amount"},
    {R"({"checkout": {"promotion_code": "X"}})", "a promotion_code needs the coupon that it stands for"},
    {R"({"checkout": {"presentment": {"currency": "eur"}}})",
     "needs a currency of three letters and an amount"},
    {R"({"checkout": {"settles_in": "2 days"}})", "settles_in, column 3: 'd' is not expected here"},
    {R"({"checkout": {}}, {"wait": "-1d"})", "step 2 (wait): a span of time is from 0 to ten years"},
    {R"({"wait": {}})", "step 1 (wait): this is a span of time such as 14d, or an expression of seconds"},
    {R"({"wait": "9999999d"})", "step 1 (wait): a span of time is from 0 to ten years"},
    {R"({"repeat": {"times": 2}})", "step 1 (repeat): 'steps' is an array of one to 100 steps"},
    {R"({"repeat": {"times": 101, "steps": [{"wait": 1}]}})", "times is 101, it must be from 0 to 100"},
    {R"({"repeat": {"times": 2, "steps": [{"wait": 1}, {"refund": {}}]}})",
     "step 1 (repeat), step 2 (refund): nothing was paid yet"},
    {R"({"repeat": {"times": 100, "steps": [{"repeat": {"times": 100, "steps": [{"wait": 1}]}}]}})",
     "a story takes at most 1000 steps"},
    {R"({"repeat": {"steps": [{"repeat": {"steps": [{"repeat": {"steps": [{"repeat": {"steps":
        [{"wait": 1}]}}]}}]}}]}})",
     "repetitions are nested too deeply"},
    {R"({"repeat": {"times": 60, "steps": [{"checkout": {}}, {"checkout": {}}]}})",
     "the story has too many events"},
    {R"({"customer": {"change": "updated"}})", "there is no customer yet"},
    {R"({"refund": {}})", "step 1 (refund): nothing was paid yet"},
    {R"({"checkout": {}}, {"refund": {"amount": "total + 1"}})", "amount is 2901, it must be from 1 to 2900"},
    {R"({"checkout": {}}, {"refund": {}}, {"refund": {}})", "all of the latest payment was returned already"},
    {R"({"checkout": {"presentment": {"currency": "dkk", "amount": 9}}}, {"refund": {}})",
     "what was paid in another currency cannot be refunded in a story"},
    {R"({"dispute": {}})", "nothing was paid yet"},
    {R"({"checkout": {"guest": true}}, {"subscribe": {}})", "a guest has no subscription"},
    {R"({"checkout": {"guest": true}}, {"invoice": {}})", "a guest gets no invoice"},
    {R"({"subscribe": {"payment": "fails"}})", "a first payment that fails needs 'by': 'api'"},
    {R"({"subscribe": {"payment_method": false}})", "only a trial begins without a payment method"},
    {R"({"renew": {}})", "there is no subscription yet"},
    {R"({"subscribe": {}}, {"cancel": {}}, {"renew": {}})", "the subscription is canceled"},
    {R"({"subscribe": {}}, {"renew": {"paid": false}})", "what is not paid fails at least once"},
    {R"({"subscribe": {}}, {"trial_will_end": {}})", "the subscription is active"},
    {R"({"subscribe": {}}, {"change": {}})", "a change needs the new items"},
    {R"({"subscribe": {}}, {"change": {"items": [{}], "when": "renewal", "credit": 1}})",
     "a proration needs a change within a period"},
    {R"({"subscribe": {}}, {"cancel": {"in": "3d"}})", "'in' belongs to 'when': 'at'"},
    {R"({"subscribe": {}}, {"undo_cancel": {}})", "no cancellation is planned"},
    {R"({"subscribe": {}}, {"end": {}})", "no cancellation is planned"},
    {R"({"subscribe": {}}, {"resume": {}})", "nothing is paused"},
    {R"({"subscribe": {}}, {"pause": {}}, {"pause": {}})", "collection is paused already"},
    {R"({"subscribe": {}}, {"pause": {"what": "subscription", "behavior": "void"}})",
     "behavior and resumes_in belong to 'what': 'collection'"},
    {R"({"pay": {}})", "there is no invoice yet"},
    {R"({"invoice": {}}, {"void": {}}, {"pay": {}})", "the latest invoice is void"},
    {R"({"invoice": {}}, {"pay": {"amount": 1}}, {"void": {}})", "paid in part cannot be voided"},
    {R"({"invoice": {}}, {"pay": {"amount": 1, "out_of_band": true}})", "paid at once, all of it"},
    {R"({"invoice": {}}, {"uncollectible": {}}, {"uncollectible": {}})", "is uncollectible already"},
    {R"({"checkout": {}}, {"credit_note": {}})", "a credit note needs an invoice"},
    {R"({"invoice": {}}, {"pay": {}}, {"refund": {}}, {"credit_note": {}})",
     "there is less left to credit: 0"},
    {R"({"event": {"type": "ping"}})", "an event needs its type and its object"},
    {R"({"event": {"type": "ping", "object": {"a": "$custmer"}}})", "'$custmer'; did you mean '$customer'?"},
    {R"({"event": {"type": "ping", "object": {"a": {"$": "1 +"}}}})", "object, column 4"},
    {R"({"event": {"type": "ping", "object": {"a": 1}, "since": "new"}})", "an API version is a date"},
};

/// The first block of JSON on the page that describes the format.
std::string example_of_the_page() {
    const std::string page =
        read_file(std::filesystem::path(TRIBUTARY_SOURCE_DIR) / "docs" / "reference" / "stories.md");
    const std::size_t begin = page.find("```json\n") + 8;
    return page.substr(begin, page.find("```", begin) - begin);
}

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_story_format)

BOOST_DATA_TEST_CASE(a_file_that_is_no_story_is_refused, data::make(bad_files), one) {
    const told_story told = plugin_under_test().tell_file(one.story);
    BOOST_TEST(told.status == TRB_INVALID);
    BOOST_TEST(told.code == "bad_story");
    BOOST_TEST(told.message.starts_with(one.message), told.message);
}

BOOST_DATA_TEST_CASE(a_step_that_cannot_be_is_refused, data::make(bad_steps), one) {
    const told_story told = plugin_under_test().tell_file(story_of(one.story));
    BOOST_TEST(told.code == "bad_story");
    BOOST_TEST(told.message.starts_with("story mine, step "), told.message);
    BOOST_TEST(told.message.find(one.message) != std::string::npos, told.message);
}

BOOST_AUTO_TEST_CASE(what_a_version_does_not_have_is_refused_in_it) {
    const plugin_under_test plugin;
    const std::string part = story_of(R"({"invoice": {}}, {"pay": {"amount": 1}})");
    BOOST_TEST(plugin.tell_file(part, {}, "2025-05-28.basil").status == TRB_OK);
    BOOST_TEST(plugin.tell_file(part, {}, "2025-03-31.basil").message.ends_with("since API 2025-05-28 only"));
    const std::string pause = story_of(R"({"subscribe": {}}, {"pause": {"what": "subscription"}})");
    BOOST_TEST(plugin.tell_file(pause, {}, "2026-10-28.endive").status == TRB_OK);
    BOOST_TEST(
        plugin.tell_file(pause, {}, "2026-03-25.dahlia").message.ends_with("since API 2026-10-28 only"));
    const std::string late = R"({"name": "a", "summary": "b", "since": "2023-10-16", "expect": {},
                                 "steps": [{"checkout": {}}]})";
    BOOST_TEST(plugin.tell_file(late, {}, "2023-10-16").status == TRB_OK);
    BOOST_TEST(plugin.tell_file(late, {}, "2022-11-15").code == "bad_api_version");
}

BOOST_AUTO_TEST_CASE(limits_hold_for_size_and_depth) {
    const plugin_under_test plugin;
    const std::string story = story_of(R"({"checkout": {}})");
    BOOST_TEST(plugin.tell_file(story + std::string(64 * 1024 - story.size(), ' ')).status == TRB_OK);
    BOOST_TEST(plugin.tell_file(story + std::string(64 * 1024, ' ')).message ==
               "story: a story has at most 65536 bytes");
    std::string deep = "1";
    for (int depth = 0; depth < 24; ++depth)
        deep = "[" + deep + "]";
    BOOST_TEST(
        plugin.tell_file(story_of(R"({"event": {"type": "a", "object": {"a": )" + deep + "}}}")).code ==
        "bad_story");
}

BOOST_AUTO_TEST_CASE(a_definition_goes_before_a_name) {
    const plugin_under_test plugin;
    const told_story mine = plugin.tell("refund-full", {}, {}, 7, story_of(R"({"checkout": {}})"));
    BOOST_TEST(mine.deliveries.size() < plugin.tell("refund-full").deliveries.size());
    const told_story missing = plugin.tell("refund-ful");
    BOOST_TEST(missing.status == TRB_NOT_FOUND);
    BOOST_TEST(missing.message == "there is no story 'refund-ful'; did you mean 'refund-full'?");
}

BOOST_AUTO_TEST_CASE(defaults_of_a_story_give_way_to_what_is_asked_for) {
    const plugin_under_test plugin;
    const std::string story = R"({"name": "a", "summary": "b", "parameters": {"amount": 700, "tax": "10"},
        "steps": [{"checkout": {}}], "expect": {"net": "net", "total": "total", "seven": 7}})";
    const std::map<std::string, std::int64_t> own{{"net", 700}, {"total", 770}, {"seven", 7}};
    BOOST_TEST((plugin.tell_file(story).expected == own));
    const std::map<std::string, std::int64_t> asked{{"net", 1000}, {"total", 1100}, {"seven", 7}};
    BOOST_TEST((plugin.tell_file(story, {{"amount", "500"}, {"quantity", "2"}}).expected == asked));
}

BOOST_AUTO_TEST_CASE(an_event_written_by_hand_names_what_is_there_and_is_sent_by_its_versions) {
    const plugin_under_test plugin;
    const std::string story = story_of(R"({"subscribe": {}}, {"event": {"type": "customer.updated",
        "since": "2022-11-15", "before": "2025-03-31", "previous": {"email": "$email"},
        "object": {"id": "$customer", "subscription": "$subscription", "half": {"$": "total / 2"},
                   "list": ["$invoice", "$charge", "plain"], "now": "$now"}}}, {"renew": {}})");
    const auto sent = [&](const char* version) {
        for (const told_delivery& each : plugin.tell_file(story, {}, version).deliveries)
            if (each.type == "customer.updated")
                return each.body;
        return std::string();
    };
    BOOST_TEST(sent("2020-08-27").empty());
    BOOST_TEST(sent("2025-03-31.basil").empty());
    const auto body = boost::json::parse(sent("2022-11-15"));
    BOOST_TEST(text(body, "data.object.id").starts_with("cus_"));
    BOOST_TEST(text(body, "data.object.subscription").starts_with("sub_"));
    BOOST_TEST(integer(body, "data.object.half").value() == 1450);
    BOOST_TEST(text(body, "data.object.list.0").starts_with("in_"));
    BOOST_TEST(text(body, "data.object.list.1").starts_with("ch_"));
    BOOST_TEST(text(body, "data.object.list.2") == "plain");
    BOOST_TEST(integer(body, "data.object.now").value() == integer(body, "created").value());
    BOOST_TEST(text(body, "data.previous_attributes.email").find('@') != std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(a_wait_takes_time_unless_the_story_is_in_a_hurry) {
    const plugin_under_test plugin;
    const std::string story = story_of(R"({"checkout": {}}, {"wait": "36h"}, {"refund": {}})");
    const auto lasts_s = [&](const std::map<std::string, std::string>& parameters) {
        const auto told = plugin.tell_file(story, parameters).deliveries;
        return (told.back().at_ms - told.front().at_ms) / 1000;
    };
    BOOST_TEST(lasts_s({}) == lasts_s({{"interval_s", "0"}}) + 36 * 3600);
}

BOOST_AUTO_TEST_CASE(whatever_is_handed_over_is_told_or_refused) {
    const plugin_under_test plugin;
    std::uint64_t state = 7;
    const auto random = [&](std::size_t below) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::size_t>(state >> 33) % below;
    };
    constexpr std::string_view odd = "{}[]\",:0-9$*()tfnx\\";
    std::size_t told = 0;
    for (const simulated::shipped_story& one : simulated::shipped_stories())
        for (int round = 0; round < 60; ++round) {
            std::string changed(one.definition);
            for (std::size_t times = random(3) + 1; times > 0; --times) {
                const std::size_t at = random(changed.size());
                if (random(3) == 0)
                    changed.erase(at, random(6) + 1);
                else
                    changed[at] = odd[random(odd.size())];
            }
            const told_story result = plugin.tell_file(changed);
            BOOST_TEST((result.status == TRB_OK || result.status == TRB_INVALID), result.message);
            told += result.status == TRB_OK ? 1 : 0;
        }
    BOOST_TEST(told > 0u);
}

BOOST_AUTO_TEST_CASE(amounts_at_the_limit_do_not_overflow) {
    const plugin_under_test plugin;
    const std::string most = R"({"amount": 1000000000000, "quantity": 10000})";
    for (const std::string& version : all_versions()) {
        const told_story told = plugin.tell_file(
            story_of(R"({"checkout": {"items": [)" + most + "," + most + R"(], "coupon": {"percent": 1},
                "presentment": {"currency": "dkk", "amount": 1000000000000}}})"),
            {{"tax", "100"}, {"product", "p"}}, version);
        BOOST_TEST(told.status == TRB_OK, told.message);
    }
    BOOST_TEST(plugin.tell_file(story_of(R"({"catalogue": {}})"), {{"product", "p"}}).status == TRB_OK);
}

BOOST_AUTO_TEST_CASE(the_page_has_an_example_that_is_told_and_names_every_verb) {
    const plugin_under_test plugin;
    const std::string example = example_of_the_page();
    for (const std::string& version : all_versions()) {
        const told_story told = plugin.tell_file(example, {}, version);
        BOOST_REQUIRE_MESSAGE(told.status == TRB_OK, told.message);
        const auto outcome = outcome_of(read_all(plugin, told.deliveries), version);
        for (const auto& [name, value] : told.expected)
            BOOST_TEST(outcome.at(name) == value, version << " " << name << ": " << outcome.at(name));
    }
    const std::string page =
        read_file(std::filesystem::path(TRIBUTARY_SOURCE_DIR) / "docs" / "reference" / "stories.md");
    for (const simulated::verb& one : simulated::all_verbs())
        BOOST_TEST(page.find("`" + std::string(one.name) + "`") != std::string::npos, one.name);
}

BOOST_AUTO_TEST_CASE(every_shipped_story_is_named_after_its_file_and_has_a_name_of_its_own) {
    std::set<std::string_view> names;
    for (const simulated::shipped_story& one : simulated::shipped_stories()) {
        simulated::story_file story;
        BOOST_TEST(bool(simulated::parse_story(one.definition, story)));
        BOOST_TEST(story.name == one.name);
        BOOST_TEST(story.summary == one.summary);
        BOOST_TEST(names.insert(one.name).second);
        BOOST_TEST(read_file(std::filesystem::path(TRIBUTARY_SOURCE_DIR) / "plugins" / "stripe" / "stories" /
                             (std::string(one.name) + ".json")) == one.definition);
    }
}

BOOST_AUTO_TEST_SUITE_END()
