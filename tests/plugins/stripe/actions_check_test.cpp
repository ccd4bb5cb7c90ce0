#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "actions_bench.hpp"
#include "events.hpp"

// Goal: a person who connects an account is told by name what is missing and what it would unlock; silence is
// never taken for a refusal, and nothing secret is shown.

using namespace tributary::stripe;
using namespace tributary::stripe::testing;
namespace bdata = boost::unit_test::data;

namespace {

struct by_right {
    std::string right;
    std::string collections;
    bool needed = false;
};
std::ostream& operator<<(std::ostream& out, const by_right& of) {
    return out << of.right;
}

std::vector<by_right> all_rights() {
    std::vector<by_right> all;
    for (const resource& each : resources()) {
        if (all.empty() || all.back().right != each.right)
            all.push_back({std::string(each.right), {}, false});
        all.back().collections += (all.back().collections.empty() ? "" : ", ") + std::string(each.collection);
        all.back().needed = all.back().needed || each.needed;
    }
    return all;
}

struct bad_key {
    const char* key;
    const char* code;
    const char* advice;
};
std::ostream& operator<<(std::ostream& out, const bad_key& of) {
    return out << of.key;
}
constexpr bad_key bad_keys[] = {
    {"pk_test_51abcSECRET", "publishable_key", "restricted key"},
    {"whsec_abcSECRET", "signing_secret_as_key", "'signing'"},
    {"hunter2SECRET", "not_a_key", "copy the whole key"},
    {"rk_test_51abcSECRET\n", "not_a_key", "copy the whole key"},
    {"rk_live_51abcSECRET", "wrong_environment", "key of the sandbox"},
    {"sk_live_51abcSECRET", "wrong_environment", "key of the sandbox"},
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(check_a_connection, actions_bench)

BOOST_AUTO_TEST_CASE(a_restricted_key_that_may_all_is_good_in_every_line) {
    const auto report = check();
    BOOST_REQUIRE_MESSAGE(report, report.message);
    for (const auto& each : report.findings)
        BOOST_TEST(each.level == TRB_FINDING_GOOD, each.code << " " << each.message);
    for (const by_right& each : all_rights())
        BOOST_TEST(find_about(report, "permission", each.right) != nullptr, each.right);
    BOOST_TEST(find_about(report, "account", "acct_own") != nullptr);
    BOOST_TEST(find_about(report, "webhook", "we_1") != nullptr);
    for (const auto& asked : http.requests()) {
        BOOST_TEST(asked.method == "GET");
        BOOST_TEST(asked.header("Authorization") == "Bearer rk_test_51abcdefSECRET0001");
        BOOST_TEST(asked.header("Stripe-Version") == "2025-09-30.clover");
    }
}

BOOST_DATA_TEST_CASE(a_missing_right_is_told_by_name_with_what_it_unlocks, bdata::make(all_rights()), each) {
    actions_bench bench;
    for (const resource& of : resources())
        if (of.right == each.right)
            bench.instead(list(std::string(of.collection)), 403, lacks(each.right));
    const auto report = bench.check();
    BOOST_REQUIRE_MESSAGE(report, report.message);
    const auto* missing = find_about(report, "permission_missing", each.right);
    BOOST_REQUIRE(missing != nullptr);
    BOOST_TEST(missing->level == (each.needed ? TRB_FINDING_PROBLEM : TRB_FINDING_WARNING));
    BOOST_TEST(missing->message.find("Having the '" + each.right + "' permission") != std::string::npos);
    for (const resource& of : resources())
        if (of.right == each.right)
            BOOST_TEST(missing->advice.find(of.unlocks) != std::string::npos);
    BOOST_TEST(std::ranges::count_if(report.findings,
                                     [](const auto& one) { return one.code == "permission_missing"; }) == 1);
    BOOST_TEST(shown(report).find("0001") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_right_that_stripe_calls_otherwise_is_told_in_stripes_words) {
    instead(list("balance_transactions"), 403, lacks("rak_balance_read"));
    const auto report = check();
    BOOST_TEST(find_about(report, "permission_missing", "rak_balance_read") != nullptr);
    BOOST_TEST(find_about(report, "permission_missing", "rak_balance_transaction_source_read") == nullptr);
}

BOOST_AUTO_TEST_CASE(of_two_lists_under_one_right_one_may_be_refused) {
    instead(list("refunds"), 403, lacks("rak_charge_read"));
    const auto report = check();
    BOOST_TEST(find_about(report, "permission_missing", "rak_charge_read")->advice.find("returned") !=
               std::string::npos);
    BOOST_TEST(find_about(report, "permission", "rak_charge_read")->message == "may read charges");
}

BOOST_AUTO_TEST_CASE(of_two_lists_under_one_right_each_is_told_in_its_own_words) {
    instead(list("charges"), 500, error_body("sorry"));
    instead(list("refunds"), 403, lacks("rak_charge_read"));
    const auto report = check();
    BOOST_TEST(
        find_about(report, "permission_missing", "rak_charge_read")->message.starts_with("The provided key"));
    BOOST_TEST(find_about(report, "not_known", "rak_charge_read")->message ==
               "whether charges may be read is not known: sorry");
}

BOOST_AUTO_TEST_CASE(a_refusal_that_names_no_right_is_no_missing_right) {
    instead(list("charges"), 403, error_body("This key does not allow requests from your IP address."));
    const auto report = check();
    BOOST_TEST(report.finding("permission_missing") == nullptr);
    BOOST_REQUIRE(report.finding("forbidden") != nullptr);
    BOOST_TEST(report.finding("forbidden")->message.find("IP address") != std::string::npos);
    BOOST_TEST(report.finding("forbidden")->level == TRB_FINDING_PROBLEM);
}

struct no_answer {
    std::int64_t status;
    const char* body;
};
std::ostream& operator<<(std::ostream& out, const no_answer& of) {
    return out << of.status << " " << of.body;
}
constexpr no_answer no_answers[] = {
    {429, R"({"error":{"message":"slow down","code":"rate_limit"}})"},
    {400, R"({"error":{"message":"slow down","code":"rate_limit"}})"},
    {409, R"({"error":{"message":"locked","code":"lock_timeout"}})"},
    {500, R"({"error":{"message":"sorry"}})"},
    {503, "<html>"},
    {302, ""},
    {0, "timed out"},
    {200, "<html>Please log in</html>"},
    {200, R"({"object":"list","data":[)"},
    {200, "[]"},
};

BOOST_DATA_TEST_CASE(what_is_no_answer_leaves_the_right_not_known_and_never_missing, bdata::make(no_answers),
                     each) {
    actions_bench bench;
    bench.instead(list("disputes"), each.status, each.body);
    const auto report = bench.check();
    BOOST_REQUIRE_MESSAGE(report, report.message);
    BOOST_TEST(report.finding("permission_missing") == nullptr);
    const auto* unknown = find_about(report, "not_known", "rak_dispute_read");
    BOOST_REQUIRE(unknown != nullptr);
    BOOST_TEST(unknown->level == TRB_FINDING_WARNING);
    BOOST_TEST(unknown->advice.find("ask again") != std::string::npos);
    BOOST_TEST(find_about(report, "permission", "rak_event_read") != nullptr); // Those after it were asked.
}

BOOST_AUTO_TEST_CASE(whoever_is_silent_is_not_asked_nineteen_times) {
    for (const resource& each : resources())
        instead(list(std::string(each.collection)), 0, "timed out");
    const auto report = check();
    BOOST_REQUIRE_MESSAGE(report, report.message);
    BOOST_TEST(http.requests().size() == 4u); // The account, and three lists.
    BOOST_TEST(report.finding("permission") == nullptr);
    BOOST_TEST(find_about(report, "not_known", "rak_event_read") != nullptr);
    BOOST_TEST(report.finding("webhook_not_known") != nullptr);
}

BOOST_AUTO_TEST_CASE(when_nothing_answers_at_all_the_check_is_to_be_repeated) {
    http = {};
    const auto report = check();
    BOOST_TEST(report.status == TRB_RETRY);
    BOOST_TEST(report.message.find("ask again") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_key_that_is_refused_is_told_once) {
    instead(api("account"), 401, error_body("Invalid API Key provided: rk_test_******0001"));
    const auto report = check();
    BOOST_TEST(report.status == TRB_REJECTED);
    BOOST_TEST(report.code == "key_refused");
    BOOST_TEST(report.message.find("Invalid API Key provided: rk_test_***") != std::string::npos);
    BOOST_TEST(report.message.find("0001") == std::string::npos);
    BOOST_TEST(http.requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_key_that_is_rolled_in_the_middle_is_refused_too) {
    instead(list("invoices"), 401,
            error_body("Expired API Key provided: rk_test_******0001", "api_key_expired"));
    BOOST_TEST(check().status == TRB_REJECTED);
}

BOOST_DATA_TEST_CASE(a_key_that_cannot_work_is_told_before_anything_is_sent, bdata::make(bad_keys), each) {
    actions_bench bench;
    bench.set_key(each.key);
    const auto report = bench.check();
    BOOST_REQUIRE_MESSAGE(report, report.message);
    BOOST_REQUIRE(report.finding(each.code) != nullptr);
    BOOST_TEST(report.finding(each.code)->level == TRB_FINDING_PROBLEM);
    BOOST_TEST(report.finding(each.code)->advice.find(each.advice) != std::string::npos);
    BOOST_TEST(bench.http.requests().empty());
    BOOST_TEST(shown(report).find("SECRET") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_sandbox_key_on_a_live_connection_is_told_too) {
    with.environment = TRB_LIVE;
    const auto report = check();
    BOOST_REQUIRE(report.finding("wrong_environment") != nullptr);
    BOOST_TEST(report.finding("wrong_environment")->advice.find("rk_live_") != std::string::npos);
    BOOST_TEST(http.requests().empty());
}

BOOST_AUTO_TEST_CASE(a_secret_key_works_and_is_too_wide) {
    set_key("sk_test_51abcSECRET");
    const auto report = check();
    BOOST_REQUIRE(report.finding("secret_key") != nullptr);
    BOOST_TEST(report.finding("secret_key")->level == TRB_FINDING_WARNING);
    for (const resource& each : resources())
        BOOST_TEST(report.finding("secret_key")->advice.find(each.right) != std::string::npos, each.right);
    BOOST_TEST(report.finding("key_works") != nullptr);
    BOOST_TEST(shown(report).find("SECRET") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_a_key_it_is_said_what_works_and_what_does_not) {
    set_key("");
    const auto report = check();
    BOOST_REQUIRE_MESSAGE(report, report.message);
    BOOST_REQUIRE(report.finding("no_api_key") != nullptr);
    BOOST_TEST(report.finding("no_api_key")->level == TRB_FINDING_NOTE);
    BOOST_TEST(http.requests().empty());
}

BOOST_AUTO_TEST_CASE(the_newest_key_is_the_one_that_counts) {
    with.secrets = {{"api_key", "pk_test_old"}, {"api_key", "rk_test_new"}, {"signing", "whsec_1"}};
    BOOST_TEST(check().finding("key_works") != nullptr);
    BOOST_TEST(http.requests().front().header("Authorization") == "Bearer rk_test_new");
}

BOOST_AUTO_TEST_CASE(the_account_is_compared_with_the_realm_and_never_needed) {
    with.realm = "stripe:acct_other";
    BOOST_TEST(check().finding("other_account") != nullptr);
    // A restricted key mostly may not read its account, and the refusal names it.
    instead(api("account"), 403, lacks("rak_accounts_kyc_basic_read"));
    auto report = check();
    BOOST_REQUIRE(report.finding("other_account") != nullptr);
    BOOST_TEST(report.finding("other_account")->message.find("acct_own") != std::string::npos);
    BOOST_TEST(report.finding("permission_missing") == nullptr);
    with.realm = "stripe:acct_own";
    BOOST_TEST(find_about(check(), "account", "acct_own") != nullptr);
    actions_bench silent;
    silent.instead(api("account"), 500, "{}");
    report = silent.check();
    BOOST_TEST(report.finding("account_not_known") != nullptr);
    BOOST_TEST(report.finding("permission") != nullptr);
}

BOOST_AUTO_TEST_CASE(objects_of_the_other_environment_are_told) {
    instead(list("customers"), 200, page_of(R"({"id":"cus_1","livemode":true})"));
    const auto report = check();
    BOOST_REQUIRE(report.finding("wrong_environment") != nullptr);
    BOOST_TEST(report.finding("wrong_environment")->level == TRB_FINDING_PROBLEM);
    BOOST_TEST(report.finding("wrong_environment")->subject == "customers");
}

BOOST_AUTO_TEST_CASE(settings_that_cannot_be_read_are_told) {
    with.settings = R"({"api_base":"http://example.com"})";
    const auto report = check();
    BOOST_TEST(report.status == TRB_INVALID);
    BOOST_TEST(report.code == "bad_settings");
}

BOOST_AUTO_TEST_CASE(a_missing_signing_secret_is_told_and_one_that_cannot_be_right_too) {
    with.secrets.pop_back();
    BOOST_TEST(check().finding("no_signing_secret") != nullptr);
    with.secrets.push_back({"signing", "secret SECRET"});
    const auto report = check();
    BOOST_TEST(report.finding("signing_secret_form") != nullptr);
    BOOST_TEST(shown(report).find("SECRET") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(check_the_webhook_endpoint, actions_bench)

BOOST_AUTO_TEST_CASE(none_that_delivers_here_is_told) {
    instead(api("webhook_endpoints?limit=100"), 200,
            page_of(endpoint("we_9", "https://shop.example/webhooks/con_9")));
    const auto report = check();
    BOOST_REQUIRE(report.finding("no_webhook") != nullptr);
    BOOST_TEST(report.finding("no_webhook")->subject == url);
    BOOST_TEST(report.finding("no_webhook")->advice.find("connection register con_1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(it_is_found_on_a_later_page_and_with_a_slash_at_its_end) {
    instead(api("webhook_endpoints?limit=100"), 200, page_of(endpoint("we_9", "https://x.example/"), true));
    http.answer("GET", api("webhook_endpoints?limit=100&starting_after=we_9"), 200,
                page_of(endpoint("we_1", std::string(url) + "/")));
    BOOST_TEST(find_about(check(), "webhook", "we_1") != nullptr);
}

BOOST_AUTO_TEST_CASE(a_disabled_one_and_one_that_lacks_events_are_told) {
    instead(api("webhook_endpoints?limit=100"), 200,
            page_of(endpoint("we_1", url, "disabled", R"("invoice.paid")")));
    const auto report = check();
    BOOST_REQUIRE(report.finding("webhook_disabled") != nullptr);
    BOOST_TEST(report.finding("webhook_disabled")->level == TRB_FINDING_PROBLEM);
    const auto* lacking = report.finding("webhook_lacks_events");
    BOOST_REQUIRE(lacking != nullptr);
    BOOST_TEST(lacking->message.find("refund.created") != std::string::npos);
    BOOST_TEST(lacking->message.find("invoice.paid,") == std::string::npos);
    BOOST_TEST(report.finding("webhook") == nullptr);
}

struct versioned {
    const char* version;
    int level; ///< 0: not mentioned
};
std::ostream& operator<<(std::ostream& out, const versioned& of) {
    return out << of.version;
}
constexpr versioned versions[] = {
    {R"("2025-09-30.clover")", 0},
    {"null", TRB_FINDING_NOTE},
    {R"("2020-08-27")", TRB_FINDING_NOTE},
    {R"("2026-10-28.endive")", TRB_FINDING_NOTE},
    {R"("2019-12-03")", TRB_FINDING_WARNING},
    {R"("2027-03-31.fennel")", TRB_FINDING_WARNING},
};

BOOST_DATA_TEST_CASE(the_version_that_it_is_pinned_to_is_judged, bdata::make(versions), each) {
    actions_bench bench;
    bench.instead(api("webhook_endpoints?limit=100"), 200,
                  page_of(endpoint("we_1", url, "enabled", R"("*")", each.version)));
    const auto report = bench.check();
    const auto* told = report.finding("webhook_version");
    BOOST_TEST((told == nullptr ? 0 : told->level) == each.level);
    BOOST_TEST(report.finding("webhook") != nullptr);
}

BOOST_AUTO_TEST_CASE(an_address_that_stripe_will_not_deliver_to_is_told) {
    const auto report = http.run_action(
        plugin, with, {.what = TRB_ACTION_CHECK, .target_url = "http://127.0.0.1:8080/webhooks/con_1"});
    BOOST_REQUIRE(report.finding("url_not_https") != nullptr);
    BOOST_TEST(report.finding("url_not_https")->advice.find("public_url") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(when_nobody_knows_where_deliveries_go_endpoints_are_not_looked_at) {
    const auto report = http.run_action(plugin, with, {.what = TRB_ACTION_CHECK});
    BOOST_REQUIRE_MESSAGE(report, report.message);
    BOOST_TEST(report.finding("webhook") == nullptr);
    BOOST_TEST(report.finding("no_webhook") == nullptr);
    BOOST_TEST(report.finding("webhook_not_known") == nullptr);
    BOOST_TEST(report.finding("url_not_https") == nullptr);
}

BOOST_AUTO_TEST_CASE(two_that_deliver_here_are_a_note) {
    instead(api("webhook_endpoints?limit=100"), 200,
            page_of(endpoint("we_1", url) + "," + endpoint("we_2", url)));
    BOOST_TEST(check().finding("several_webhooks") != nullptr);
}

BOOST_AUTO_TEST_CASE(a_key_that_may_not_look_and_an_answer_that_does_not_come_say_nothing_about_it) {
    instead(api("webhook_endpoints?limit=100"), 403, lacks("rak_webhook_read"));
    auto report = check();
    BOOST_REQUIRE(find_about(report, "webhook_not_known", "rak_webhook_read") != nullptr);
    BOOST_TEST(report.finding("no_webhook") == nullptr);
    actions_bench other;
    other.instead(api("webhook_endpoints?limit=100"), 503, "");
    report = other.check();
    BOOST_REQUIRE(report.finding("webhook_not_known") != nullptr);
    BOOST_TEST(report.finding("webhook_not_known")->level == TRB_FINDING_WARNING);
    BOOST_TEST(report.finding("no_webhook") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
