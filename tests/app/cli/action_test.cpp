// What a person asks of a provider once: connection check, register, unregister, fetch.
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "app/cli/shop.hpp"
#include "http/test_server.hpp"
#include "plugins/toy/toy_message.hpp"

using namespace tributary;
using namespace tributary::test;

namespace {

std::string text(const boost::json::value& of) {
    return std::string(of.as_string());
}

/// A shop with a connection to a toy whose API is here.
struct shop_with_api {
    std::string rights = "payments refunds";
    std::vector<std::string> seen; ///< "GET /rights Bearer key_1"
    http::test::running_server api{[this](http::request&& asked, const http::responder& respond) {
        seen.push_back(asked.method + " " + asked.path + " " +
                       std::string(asked.header_value("Authorization")) +
                       (asked.body.empty() ? "" : " " + asked.body));
        if (asked.header_value("Authorization") != "Bearer key_1")
            return respond(http::test::text_response("no", 401));
        if (asked.path == "/rights")
            return respond(http::test::text_response(rights));
        if (asked.path == "/webhooks")
            return respond(http::test::text_response("whsec_made"));
        if (asked.path == "/documents/pay_7")
            return respond(
                http::test::text_response(toy::payment("", "pay_7", 1'709'208'000'000, 700).text()));
        respond(http::test::text_response("none", 404));
    }};
    shop in;
    std::string connection = connect("key_1");

    std::string connect(const std::string& key) {
        return text(in.ask({"connection", "create", "--provider", "toy", "--realm", "toy:acct_1", "--sandbox",
                            "--notify-from", "2020-01-01", "--secret", "api_key=-", "--settings",
                            R"({"api":"http://127.0.0.1:)" + std::to_string(api.port()) + R"("})"},
                           key)
                        .at("connection_id"));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(actions, shop_with_api)

BOOST_AUTO_TEST_CASE(check_reports_what_works_and_what_is_missing) {
    auto report = in.ask({"connection", "check", connection});
    BOOST_TEST(text(report.at("status")) == "ok");
    BOOST_TEST(report.at("findings").as_array().size() == 1u);
    BOOST_TEST(seen.front() == "GET /rights Bearer key_1"); // The secret was put in when it was sent.
    rights = "payments";
    const run_result missing = in.run({"connection", "check", connection, "--json"});
    BOOST_TEST(missing.status == 1);
    report = missing.json();
    BOOST_TEST(text(report.at("findings").at(1).at("level")) == "fail");
    BOOST_TEST(text(report.at("findings").at(1).at("subject")) == "refunds:read");
    BOOST_TEST(in.run({"connection", "check", connection}).out.find("so that returned money is known") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(credentials_that_are_refused_are_said_so) {
    const run_result refused = in.run({"connection", "check", connect("key_2")});
    BOOST_TEST(refused.status == 1);
    BOOST_TEST(refused.out.find("bad_key: the toy answered 401") != std::string::npos);
    BOOST_TEST(refused.out.find("key_2") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(register_keeps_what_the_provider_hands_out) {
    const auto done =
        in.ask({"connection", "register", connection, "--url", "https://shop.example/webhooks/x"});
    BOOST_TEST(seen.back() == "POST /webhooks Bearer key_1 https://shop.example/webhooks/x");
    BOOST_TEST(done.at("kept").as_array().size() == 2u);
    const auto shown = in.ask({"connection", "show", connection});
    BOOST_TEST(boost::json::serialize(shown).find("whsec_made") == std::string::npos);
    bool sealed = false;
    for (const auto& secret : shown.at("secrets").as_array())
        sealed = sealed || text(secret.at("name")) == "signing";
    BOOST_TEST(sealed);
    BOOST_TEST(boost::json::serialize(shown.at("settings")).find("we_1") != std::string::npos);
    // What was registered signs deliveries from now on.
    const std::string body = toy::payment("e1", "p1", 1'709'208'000'000, 1).text();
    BOOST_TEST(in.deliver(connection, body) == 401); // Signed with the tests' own secret.
}

BOOST_AUTO_TEST_CASE(what_a_plugin_does_not_offer_is_told_with_its_words) {
    const run_result none = in.run({"connection", "unregister", connection});
    BOOST_TEST(none.status == 1);
    BOOST_TEST(none.out.find("removed by hand") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(fetch_books_what_the_object_says_and_the_same_again_changes_nothing) {
    const auto fetched = in.ask({"connection", "fetch", connection, "pay_7", "--kind", "payment"});
    BOOST_TEST(text(fetched.at("requests").at(0).at("answer")) == "200");
    const auto subject = in.ask({"subject", "show", "--id", "pay_7", "--sandbox"});
    BOOST_TEST(boost::json::serialize(subject).find("\"pay_7\"") != std::string::npos);
    in.ask({"connection", "fetch", connection, "pay_7"});
    BOOST_TEST(in.ask({"inbox", "list"}).at("records").as_array().size() == 1u);
    const std::string rebuilt = boost::json::serialize(in.ask({"rebuild", "--from-inbox"}));
    BOOST_TEST(rebuilt.find("\"differs\":true") == std::string::npos);
    BOOST_TEST(rebuilt.find("\"records\":1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_object_that_is_not_there_and_a_kind_that_is_none_are_refused) {
    const run_result absent = in.run({"connection", "fetch", connection, "pay_8"});
    BOOST_TEST(absent.status == 1);
    BOOST_TEST(absent.out.find("404") != std::string::npos);
    BOOST_TEST(in.ask({"inbox", "list"}).at("records").as_array().empty());
    const run_result wrong = in.run({"connection", "fetch", connection, "pay_7", "--kind", "paiment"});
    BOOST_TEST(wrong.status == 2);
    BOOST_TEST(wrong.err.find("there is: ") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
