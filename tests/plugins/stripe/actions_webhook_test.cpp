#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "actions_bench.hpp"
#include "events.hpp"

// Goal: registering twice makes one endpoint, a secret is kept when there is one, and whoever may not write
// learns how to do it by hand.

using namespace tributary::stripe;
using namespace tributary::stripe::testing;

namespace {

struct webhook_bench : actions_bench {
    static constexpr const char* made =
        R"({"id":"we_new","object":"webhook_endpoint","url":"x","status":"enabled","secret":"whsec_FRESH"})";

    void listed(const std::string& elements) {
        instead(api("webhook_endpoints?limit=100"), 200, page_of(elements));
    }
    /// The last request, which wrote.
    const tributary::testing::captured_request& written() const { return http.requests().back(); }
    std::vector<std::string> events_of(const std::string& form) const {
        std::vector<std::string> names;
        const std::string field = "enabled_events%5B%5D=";
        for (std::size_t at = form.find(field); at != std::string::npos; at = form.find(field, at + 1))
            names.push_back(form.substr(at + field.size(), form.find('&', at) - at - field.size()));
        return names;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(register_a_webhook, webhook_bench)

BOOST_AUTO_TEST_CASE(an_endpoint_is_made_and_its_secret_is_kept) {
    listed("");
    http.answer("POST", api("webhook_endpoints"), 200, made);
    const auto report = register_it();
    BOOST_REQUIRE_MESSAGE(report, report.message);
    BOOST_REQUIRE(report.kept.size() == 2u);
    BOOST_TEST(report.kept[1].name == "webhook_endpoint"); // Whose secret it is.
    BOOST_TEST(report.kept[0].name == "signing");
    BOOST_TEST(report.kept[0].value == "whsec_FRESH");
    BOOST_TEST(report.finding("webhook_made") != nullptr);
    BOOST_TEST(shown(report).find("FRESH") == std::string::npos);
    const std::string& form = written().body;
    BOOST_TEST(form.starts_with("url=https%3A%2F%2Fshop.example%2Fwebhooks%2Fcon_1&"));
    BOOST_TEST(form.find("api_version=2025-09-30.clover") != std::string::npos);
    const std::vector<std::string> events = events_of(form);
    BOOST_TEST(std::ranges::equal(events, needed_events()));
    BOOST_TEST(written().header("Content-Type") == "application/x-www-form-urlencoded");
    BOOST_TEST(written().header("Idempotency-Key").starts_with("tributary-con_1-"));
}

BOOST_AUTO_TEST_CASE(the_same_answers_give_the_same_idempotency_key_and_others_another) {
    const auto key_after = [](const std::string& elements) {
        webhook_bench bench;
        bench.listed(elements);
        bench.http.answer("POST", api("webhook_endpoints"), 200, made);
        BOOST_REQUIRE(bench.register_it());
        return bench.written().header("Idempotency-Key");
    };
    BOOST_TEST(key_after("") == key_after(""));
    // Whoever removes and registers anew has seen another list: the old answer must not come again.
    BOOST_TEST(key_after("") != key_after(endpoint("we_9", "https://other.example/")));
}

BOOST_AUTO_TEST_CASE(one_that_is_there_is_left_as_it_is) {
    const auto report = register_it();
    BOOST_REQUIRE_MESSAGE(report, report.message);
    BOOST_TEST(find_about(report, "webhook", "we_1") != nullptr);
    BOOST_TEST(report.kept.empty());
    BOOST_TEST(http.requests().size() == 1u);
    BOOST_TEST(report.finding("secret_not_known") == nullptr);
}

BOOST_AUTO_TEST_CASE(one_that_is_there_does_not_tell_its_secret_again) {
    with.secrets.pop_back();
    const auto report = register_it();
    BOOST_REQUIRE(report.finding("secret_not_known") != nullptr);
    BOOST_TEST(report.finding("secret_not_known")->level == TRB_FINDING_PROBLEM);
    BOOST_TEST(report.finding("secret_not_known")->advice.find("secret add con_1 signing=-") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_secret_that_belongs_to_another_endpoint_is_told) {
    // The answer that made we_1 was lost on its way: what is kept is the secret of one that is gone.
    with.settings = R"({"webhook_endpoint":"we_gone"})";
    const auto report = register_it();
    BOOST_REQUIRE(report.finding("secret_of_other") != nullptr);
    BOOST_TEST(report.finding("secret_of_other")->level == TRB_FINDING_PROBLEM);
    BOOST_TEST(report.finding("secret_of_other")->message.find("we_gone") != std::string::npos);
    with.settings = R"({"webhook_endpoint":"we_1"})";
    BOOST_TEST(register_it().finding("secret_of_other") == nullptr);
}

BOOST_AUTO_TEST_CASE(one_that_delivers_is_left_to_deliver_beside_one_that_is_disabled) {
    listed(endpoint("we_2", url, "disabled") + "," + endpoint("we_1", url));
    const auto report = register_it();
    BOOST_REQUIRE_MESSAGE(report, report.message);
    BOOST_TEST(find_about(report, "webhook", "we_1") != nullptr);
    BOOST_TEST(http.requests().size() == 1u); // Nothing was written.
}

BOOST_AUTO_TEST_CASE(one_that_is_disabled_or_lacks_events_is_completed_and_keeps_its_own) {
    listed(endpoint("we_1", url, "disabled", R"("invoice.paid","payout.paid")"));
    http.answer("POST", api("webhook_endpoints/we_1"), 200, endpoint("we_1", url));
    const auto report = register_it();
    BOOST_REQUIRE_MESSAGE(report, report.message);
    BOOST_TEST(report.finding("webhook_completed") != nullptr);
    BOOST_TEST(written().body.starts_with("disabled=false&"));
    std::vector<std::string> events = events_of(written().body);
    BOOST_TEST(events.size() == needed_events().size() + 1);
    BOOST_TEST(events[1] == "payout.paid"); // Somebody else's need.
    std::ranges::sort(events);
    BOOST_TEST((std::ranges::adjacent_find(events) == events.end()));
    BOOST_TEST(written().header("Idempotency-Key").empty()); // Said twice, it is the same.
}

BOOST_AUTO_TEST_CASE(without_a_key_or_the_right_it_is_said_how_to_do_it_by_hand) {
    const auto judge = [](const tributary::testing::finished_action& report) {
        BOOST_TEST(report.status == TRB_UNSUPPORTED);
        BOOST_TEST(report.message.find("Developers > Webhooks") != std::string::npos);
        BOOST_TEST(report.message.find(url) != std::string::npos);
        BOOST_TEST(report.message.find("secret add con_1 signing=-") != std::string::npos);
        std::vector<std::string> listed;
        for (const auto& each : report.findings)
            if (each.code == "event")
                listed.push_back(each.message);
        BOOST_TEST(std::ranges::equal(listed, needed_events()));
        BOOST_TEST(report.kept.empty());
    };
    webhook_bench none;
    none.set_key("");
    judge(none.register_it());
    BOOST_TEST(none.http.requests().empty());
    webhook_bench publishable;
    publishable.set_key("pk_test_1");
    judge(publishable.register_it());
    webhook_bench reads_nothing;
    reads_nothing.instead(api("webhook_endpoints?limit=100"), 403, lacks("rak_webhook_read"));
    judge(reads_nothing.register_it());
    webhook_bench reads_only;
    reads_only.listed("");
    reads_only.http.answer("POST", api("webhook_endpoints"), 403, lacks("rak_webhook_write"));
    const auto report = reads_only.register_it();
    judge(report);
    BOOST_TEST(report.message.find("rak_webhook_write") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_stripe_refuses_is_told_in_its_words_and_nothing_is_kept) {
    listed("");
    http.answer("POST", api("webhook_endpoints"), 400, error_body("Invalid URL: URL must be HTTPS."));
    const auto report = register_it();
    BOOST_TEST(report.status == TRB_INVALID);
    BOOST_TEST(report.message.find("URL must be HTTPS") != std::string::npos);
    BOOST_TEST(report.kept.empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_is_to_be_tried_again) {
    instead(api("webhook_endpoints?limit=100"), 503, "");
    BOOST_TEST(register_it().status == TRB_RETRY);
    webhook_bench late;
    late.listed("");
    late.http.answer("POST", api("webhook_endpoints"), 429, error_body("slow down"));
    BOOST_TEST(late.register_it().status == TRB_RETRY);
    webhook_bench refused;
    refused.instead(api("webhook_endpoints?limit=100"), 401, error_body("Invalid API Key provided"));
    BOOST_TEST(refused.register_it().status == TRB_REJECTED);
}

BOOST_AUTO_TEST_CASE(an_answer_without_secret_is_a_problem) {
    listed("");
    http.answer("POST", api("webhook_endpoints"), 200, R"({"id":"we_new"})");
    const auto report = register_it();
    BOOST_TEST(report.finding("no_secret") != nullptr);
    BOOST_TEST(report.kept.empty());
}

BOOST_AUTO_TEST_CASE(without_a_url_nothing_is_made) {
    const auto report = http.run_action(plugin, with, {.what = TRB_ACTION_REGISTER});
    BOOST_TEST(report.status == TRB_INVALID);
    BOOST_TEST(http.requests().empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(remove_a_webhook, webhook_bench)

BOOST_AUTO_TEST_CASE(every_endpoint_that_delivers_here_is_deleted_and_no_other) {
    listed(endpoint("we_1", url) + "," + endpoint("we_2", "https://other.example/") + "," +
           endpoint("we_3", url));
    http.answer("DELETE", api("webhook_endpoints/we_1"), 200, R"({"id":"we_1","deleted":true})");
    http.answer("DELETE", api("webhook_endpoints/we_3"), 404, error_body("No such webhook endpoint"));
    const auto report = remove();
    BOOST_REQUIRE_MESSAGE(report, report.message);
    BOOST_TEST(find_about(report, "webhook_removed", "we_1") != nullptr);
    BOOST_TEST(find_about(report, "webhook_removed", "we_3") != nullptr); // Gone meanwhile is gone.
    BOOST_TEST(http.requests().size() == 3u);
}

BOOST_AUTO_TEST_CASE(an_endpoint_whose_id_would_be_another_address_is_left_alone) {
    listed(endpoint("we_1/../../charges", url) + "," + endpoint("", url));
    const auto report = remove();
    BOOST_REQUIRE_MESSAGE(report, report.message);
    BOOST_TEST(report.finding("webhook_removed") == nullptr);
    BOOST_TEST(http.requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(nothing_that_delivers_here_is_fine) {
    listed("");
    const auto report = remove();
    BOOST_REQUIRE_MESSAGE(report, report.message);
    BOOST_TEST(report.finding("no_webhook")->level == TRB_FINDING_GOOD);
}

BOOST_AUTO_TEST_CASE(whoever_may_not_delete_learns_how_to_do_it_by_hand) {
    http.answer("DELETE", api("webhook_endpoints/we_1"), 403, lacks("rak_webhook_write"));
    const auto report = remove();
    BOOST_TEST(report.status == TRB_UNSUPPORTED);
    BOOST_TEST(report.message.find("Delete") != std::string::npos);
    BOOST_TEST(report.findings.empty()); // Events are of no use here.
    set_key("");
    BOOST_TEST(remove().status == TRB_UNSUPPORTED);
}

BOOST_AUTO_TEST_SUITE_END()
