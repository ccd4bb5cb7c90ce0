// The shipped module, driven by the host over the real HTTP client, against the fake API: what a person sees
// for each missing right, and for everything that can go wrong on the way.
#include <tributary/base/clock.hpp>
#include <tributary/base/entropy.hpp>
#include <tributary/base/metrics.hpp>
#include <tributary/engine/engine.hpp>
#include <tributary/plugins/plugin_set.hpp>

#include <boost/dll/shared_library.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "app/action_run.hpp"
#include "fake_stripe/fake_stripe.hpp"
#include "http/awaited_client.hpp"

using namespace tributary;
namespace fs = tributary::fake_stripe;
namespace bdata = boost::unit_test::data;

namespace {

constexpr const char* url = "https://shop.example/webhooks/con_1";

struct live {
    fs::fake api;
    http::test::awaited_client client;
    http::test::recording_logger log;
    system_clock time;
    seeded_entropy random{1};
    null_metrics counters;
    boost::dll::shared_library module{TRIBUTARY_STRIPE_FILE, boost::dll::load_mode::rtld_now};
    plugins::plugin_set plugins{log, time, random, counters};
    plugins::plugin_ptr stripe;
    connection_info connection;
    int patience_ms = 5'000;

    live() {
        auto added = plugins.add(module.get<const trb_plugin*() noexcept>(TRB_PLUGIN_ENTRY_NAME)(), "{}");
        BOOST_REQUIRE_MESSAGE(added, added.error().text());
        stripe = *added;
        connection.id = "con_1";
        connection.in.environment = TRB_SANDBOX;
        connection.provider = "stripe";
        connection.realm = "stripe:acct_fake";
        connection.settings = R"({"api_base":")" + api.base() + R"("})";
        connection.secrets = {{"api_key", secret_text("rk_test_fake")}, {"signing", secret_text("whsec_1")}};
        api.generate("customers", 3);
    }

    app::action_report run(std::int32_t action, const std::string& document = {}) {
        const auto fetch = [this](http::client_request request) {
            request.deadline_ms = patience_ms;
            return client.send(std::move(request));
        };
        auto report = app::run_action(*stripe, connection, {action, url, document, 0}, fetch);
        BOOST_REQUIRE_MESSAGE(report, report.error().text());
        return std::move(*report);
    }
    app::action_report check() { return run(TRB_ACTION_CHECK); }
    /// The next answer to a list that is probed, whatever it would have been.
    void spoil(fs::fault with) {
        with.path = "/v1/disputes";
        api.fail(std::move(with));
    }
};

const app::action_finding* find_about(const app::action_report& report, std::string_view code,
                                      std::string_view subject) {
    for (const app::action_finding& each : report.findings)
        if (each.code == code && each.subject == subject)
            return &each;
    return nullptr;
}

bool has(const app::action_report& report, std::string_view code) {
    return std::ranges::any_of(report.findings, [&](const auto& each) { return each.code == code; });
}

void expect_not_known(const app::action_report& report, std::string_view advice = "ask again in a minute") {
    BOOST_TEST(report.status == TRB_OK, report.message);
    BOOST_TEST(!has(report, "permission_missing"));
    const app::action_finding* unknown = find_about(report, "not_known", "rak_dispute_read");
    BOOST_REQUIRE(unknown != nullptr);
    BOOST_TEST(unknown->level == TRB_FINDING_WARNING);
    BOOST_TEST(unknown->advice.find(advice) != std::string::npos, unknown->advice);
    BOOST_TEST(find_about(report, "permission", "rak_event_read") != nullptr);
}

constexpr const char* rights[] = {"rak_customer_read",
                                  "rak_subscription_read",
                                  "rak_invoice_read",
                                  "rak_charge_read",
                                  "rak_payment_intent_read",
                                  "rak_checkout_session_read",
                                  "rak_dispute_read",
                                  "rak_product_read",
                                  "rak_plan_read",
                                  "rak_coupon_read",
                                  "rak_promotion_code_read",
                                  "rak_credit_note_read",
                                  "rak_balance_transaction_source_read",
                                  "rak_entitlement_read",
                                  "rak_event_read"};

} // namespace

BOOST_FIXTURE_TEST_SUITE(actions_over_http, live)

BOOST_AUTO_TEST_CASE(a_key_that_may_all_is_good_and_nothing_is_changed) {
    const app::action_report report = check();
    BOOST_REQUIRE(report.status == TRB_OK);
    BOOST_TEST(has(report, "key_works"));
    BOOST_TEST(has(report, "no_webhook"));
    for (const char* right : rights)
        BOOST_TEST(find_about(report, "permission", right) != nullptr, right);
    for (const fs::logged_request& each : api.requests()) {
        BOOST_TEST(each.method == "GET");
        BOOST_TEST(each.status == 200, each.path);
        BOOST_TEST(each.key == "rk_test_fake");
        BOOST_TEST(each.api_version == "2025-09-30.clover");
    }
}

BOOST_DATA_TEST_CASE(each_missing_right_is_told_by_its_name, bdata::make(rights), right) {
    live with;
    with.api.deny(right);
    const app::action_report report = with.check();
    const app::action_finding* missing = find_about(report, "permission_missing", right);
    BOOST_REQUIRE(missing != nullptr);
    BOOST_TEST(missing->message.find("does not have the required permissions") != std::string::npos);
    BOOST_TEST(missing->advice.find("It unlocks: ") != std::string::npos);
    BOOST_TEST(find_about(report, "permission", right) == nullptr);
    BOOST_TEST(std::ranges::count_if(
                   report.findings, [](const auto& each) { return each.code == "permission_missing"; }) == 1);
}

BOOST_AUTO_TEST_CASE(all_rights_may_be_missing_at_once_and_the_account_is_known_all_the_same) {
    for (const char* right : rights)
        api.deny(right);
    api.deny("rak_accounts_kyc_basic_read");
    api.deny("rak_webhook_read");
    const app::action_report report = check();
    BOOST_REQUIRE(report.status == TRB_OK);
    for (const char* right : rights)
        BOOST_TEST(find_about(report, "permission_missing", right) != nullptr, right);
    BOOST_TEST(find_about(report, "account", "acct_fake") != nullptr);
    BOOST_TEST(find_about(report, "webhook_not_known", "rak_webhook_read") != nullptr);
}

BOOST_AUTO_TEST_CASE(a_wrong_key_is_rejected_in_stripes_words_without_the_key) {
    connection.secrets = {{"api_key", secret_text("rk_test_51abcdWRONG")}};
    const app::action_report report = check();
    BOOST_TEST(report.status == TRB_REJECTED);
    BOOST_TEST(report.message.find("Invalid API Key provided: rk_test_***") != std::string::npos);
    BOOST_TEST(report.message.find("RONG") == std::string::npos);
    BOOST_TEST(api.requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(too_many_requests_leave_a_right_not_known) {
    spoil({.kind = fs::fault_kind::too_many});
    expect_not_known(check());
    spoil({.kind = fs::fault_kind::too_many, .retry_after = "17", .should_retry = "true"});
    expect_not_known(check(), "ask again in 17 s");
    spoil({.kind = fs::fault_kind::too_many, .retry_after = "Wed, 21 Oct 2026 07:28:00 GMT"});
    expect_not_known(check());
    spoil({.kind = fs::fault_kind::too_many, .retry_after = "99999999999999999999"});
    expect_not_known(check());
}

BOOST_AUTO_TEST_CASE(stripes_own_failures_leave_a_right_not_known) {
    spoil({.kind = fs::fault_kind::error});
    expect_not_known(check());
    spoil({.kind = fs::fault_kind::down, .retry_after = "3"});
    expect_not_known(check(), "ask again in 3 s");
}

BOOST_AUTO_TEST_CASE(what_happens_to_an_answer_on_its_way_leaves_a_right_not_known) {
    for (const fs::fault_kind kind :
         {fs::fault_kind::cut, fs::fault_kind::closed, fs::fault_kind::not_json, fs::fault_kind::truncated}) {
        spoil({.kind = kind});
        expect_not_known(check());
    }
    patience_ms = 400;
    spoil({.kind = fs::fault_kind::slow, .delay_ms = 30'000});
    expect_not_known(check());
}

BOOST_AUTO_TEST_CASE(when_stripe_cannot_be_reached_it_is_to_be_tried_again) {
    connection.settings = R"({"api_base":"http://127.0.0.1:1"})";
    const app::action_report report = check();
    BOOST_TEST(report.status == TRB_RETRY);
    BOOST_TEST(report.requests == 3u);
}

BOOST_AUTO_TEST_CASE(a_secret_key_may_all_and_a_restricted_one_that_is_live_is_of_another_environment) {
    api.deny("rak_customer_read");
    connection.secrets = {{"api_key", secret_text("sk_test_fake")}};
    const app::action_report wide = check();
    BOOST_TEST(has(wide, "secret_key"));
    BOOST_TEST(!has(wide, "permission_missing"));
    connection.in.environment = TRB_LIVE;
    BOOST_TEST(has(check(), "wrong_environment"));
}

BOOST_AUTO_TEST_CASE(a_webhook_is_made_once_completed_and_removed) {
    connection.secrets.pop_back();
    const app::action_report made = run(TRB_ACTION_REGISTER);
    BOOST_REQUIRE_MESSAGE(made.status == TRB_OK, made.message);
    BOOST_REQUIRE(made.keeps.size() == 2u);
    BOOST_TEST(made.keeps[0].name == "signing");
    BOOST_TEST(std::string(made.keeps[0].value.reveal()).starts_with("whsec_fake"));
    BOOST_TEST(api.requests().back().idempotency_key.starts_with("tributary-con_1-"));
    connection.secrets.emplace_back("signing", made.keeps[0].value);
    const app::action_report again = run(TRB_ACTION_REGISTER);
    BOOST_TEST(again.status == TRB_OK);
    BOOST_TEST(again.keeps.empty());
    BOOST_TEST(has(again, "webhook"));
    BOOST_TEST(has(check(), "webhook"));
    // Somebody disables it and takes events away.
    api.put(R"({"id":"we_fake1","object":"webhook_endpoint","url":")" + std::string(url) +
            R"(","status":"disabled","enabled_events":["invoice.paid"],"api_version":null})");
    const app::action_report broken = check();
    BOOST_TEST(has(broken, "webhook_disabled"));
    BOOST_TEST(has(broken, "webhook_lacks_events"));
    BOOST_TEST(has(run(TRB_ACTION_REGISTER), "webhook_completed"));
    BOOST_TEST(has(check(), "webhook"));
    BOOST_TEST(has(run(TRB_ACTION_REMOVE), "webhook_removed"));
    BOOST_TEST(has(run(TRB_ACTION_REMOVE), "no_webhook"));
    // The old answer of the idempotency key must not come again: that endpoint is gone.
    const app::action_report anew = run(TRB_ACTION_REGISTER);
    BOOST_REQUIRE(anew.keeps.size() == 2u);
    BOOST_TEST(std::string(anew.keeps[0].value.reveal()) != std::string(made.keeps[0].value.reveal()));
    BOOST_TEST(has(check(), "webhook"));
}

BOOST_AUTO_TEST_CASE(whoever_may_not_write_webhooks_is_told_how_to_do_it_by_hand) {
    api.deny("rak_webhook_write");
    const app::action_report report = run(TRB_ACTION_REGISTER);
    BOOST_TEST(report.status == TRB_UNSUPPORTED);
    BOOST_TEST(report.message.find("rak_webhook_write") != std::string::npos);
    BOOST_TEST(has(report, "event"));
    BOOST_TEST(report.keeps.empty());
}

BOOST_AUTO_TEST_CASE(an_object_is_fetched_with_what_belongs_to_it) {
    api.put(R"([{"id":"ch_1","object":"charge","created":1,"balance_transaction":"txn_1","livemode":false},
                {"id":"txn_1","object":"balance_transaction","created":1,"fee":59}])");
    const auto requests = app::requests_of_fetch(*stripe, connection, {TRB_ACTION_FETCH, {}, "ch_1", 0});
    BOOST_REQUIRE(requests);
    BOOST_REQUIRE(requests->size() == 1u);
    http::client_request asked;
    asked.url = requests->front().url;
    asked.headers = {{"Authorization", "Bearer rk_test_fake"}};
    const auto answer = client.send(std::move(asked));
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->body.find("\"fee\":59") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
