// The inbox through the built tool: deliveries come in through the engine, as the daemon takes them.
#include <boost/test/unit_test.hpp>

#include "app/cli/shop.hpp"
#include "plugins/toy/toy_message.hpp"

using namespace tributary::test;

namespace {

constexpr std::int64_t noon = 1'709'208'000'000; // 2024-02-29T12:00:00Z

std::string text(const boost::json::value& of) {
    return std::string(of.as_string());
}

} // namespace

BOOST_AUTO_TEST_SUITE(inbox_commands)

BOOST_AUTO_TEST_CASE(records_are_listed_newest_first_and_by_pages) {
    const shop in;
    const std::string id = in.connect();
    for (const char* event : {"e1", "e2", "e3"})
        BOOST_TEST_REQUIRE(
            in.deliver(id, toy::payment(event, std::string("pay_") + event, noon, 1000).text()) == 200);
    const auto page = in.ask({"inbox", "list", "--limit", "2"});
    BOOST_TEST_REQUIRE(page.at("records").as_array().size() == 2);
    BOOST_TEST(text(page.at("records").at(0).at("dedupe_key")) == "e3");
    BOOST_TEST(text(page.at("records").at(0).at("state")) == "done");
    const std::string before = std::to_string(page.at("next_before").as_int64());
    const auto rest = in.ask({"inbox", "list", "--connection", id, "--before", before});
    BOOST_TEST_REQUIRE(rest.at("records").as_array().size() == 1);
    BOOST_TEST(text(rest.at("records").at(0).at("dedupe_key")) == "e1");
    BOOST_TEST(rest.at("next_before").is_null());
    BOOST_TEST(in.run({"inbox", "list", "--connection", "con_absent"}).status == 3);
}

BOOST_AUTO_TEST_CASE(a_record_is_shown_whole_with_the_facts_it_gave) {
    const shop in;
    const std::string id = in.connect();
    const std::string body = toy::payment("e1", "pay_1", noon, 1000).text();
    in.deliver(id, body);
    const auto shown = in.ask({"inbox", "show", "1"});
    BOOST_TEST(text(shown.at("body")) == body);
    BOOST_TEST(text(shown.at("connection_id")) == id);
    BOOST_TEST(text(shown.at("headers").at(0).at("name")) == "Toy-Signature");
    BOOST_TEST(text(shown.at("environment")) == "sandbox");
    BOOST_TEST_REQUIRE(shown.at("facts").as_array().size() == 1);
    BOOST_TEST(text(shown.at("facts").at(0).at("kind")) == "payment");
    BOOST_TEST(text(shown.at("facts").at(0).at("document_id")) == "pay_1");
    BOOST_TEST(shown.at("facts").at(0).at("content").is_object());
    const run_result human = in.run({"inbox", "show", "1"});
    BOOST_TEST(human.out.find("amount=1000 USD 2") != std::string::npos);
    BOOST_TEST(human.out.find("2024-02-29T12:00:00.000Z") != std::string::npos);
    BOOST_TEST(in.run({"inbox", "show", "99"}).status == 3);
    BOOST_TEST(in.run({"inbox", "show", "0"}).status == 2);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_are_shown_as_base64_and_steer_no_terminal) {
    const shop in;
    const std::string id = in.connect();
    in.deliver(id, "event=e1\nkind=unknown\nmeta.x=\x1b[2J\xff\n");
    const auto shown = in.ask({"inbox", "show", "1"});
    BOOST_TEST(shown.as_object().contains("body_base64"));
    BOOST_TEST(in.run({"inbox", "show", "1"}).out.find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_was_refused_is_listed_with_its_reason) {
    const shop in;
    const std::string id = in.connect();
    BOOST_TEST(in.deliver(id, "event=e1\nkind=unknown\n", false) == 401);
    const auto refused = in.ask({"inbox", "list", "--refused"});
    BOOST_TEST_REQUIRE(refused.at("refused").as_array().size() == 1);
    BOOST_TEST(text(refused.at("refused").at(0).at("connection_id")) == id);
    BOOST_TEST(text(refused.at("refused").at(0).at("reason")) == "signature_mismatch");
    BOOST_TEST(in.ask({"inbox", "list"}).at("records").as_array().empty());
}

BOOST_AUTO_TEST_CASE(failed_records_are_replayed_and_those_that_fail_again_end_with_1) {
    const shop in;
    const std::string id = in.connect();
    in.deliver(id, "event=e1\nkind=fail\nid=x\n");
    in.deliver(id, toy::payment("e2", "pay_2", noon, 500).text());
    run_result again = in.run({"inbox", "replay", "--failed", "--json"});
    BOOST_TEST(again.status == 1);
    const auto replayed = again.json();
    BOOST_TEST_REQUIRE(replayed.at("replayed").as_array().size() == 1);
    BOOST_TEST(text(replayed.at("replayed").at(0).at("before")) == "failed");
    BOOST_TEST(text(replayed.at("replayed").at(0).at("state")) == "failed");

    const auto fine = in.ask({"inbox", "replay", "2"});
    BOOST_TEST(text(fine.at("replayed").at(0).at("state")) == "done");
    BOOST_TEST(fine.at("replayed").at(0).at("facts").as_int64() == 1); // Replaced, not told twice.
    BOOST_TEST(in.run({"inbox", "replay", "77"}).status == 3);
    BOOST_TEST(in.run({"inbox", "replay"}).status == 2);
    BOOST_TEST(in.run({"inbox", "replay", "2", "--failed"}).status == 2);
    BOOST_TEST(in.run({"inbox", "replay", "2x"}).status == 2);
}

BOOST_AUTO_TEST_SUITE_END()
