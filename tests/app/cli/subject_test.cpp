// Subjects, explanations and splits through the built tool.
#include <boost/test/unit_test.hpp>

#include "app/cli/shop.hpp"
#include "plugins/toy/toy_message.hpp"

using namespace tributary::test;

namespace {

constexpr std::int64_t noon = 1'709'208'000'000;

std::string text(const boost::json::value& of) {
    return std::string(of.as_string());
}

/// A shop where user U1, customer cus_1, paid 10.00 and got 2.50 back.
struct sold {
    shop in;
    std::string connection = in.connect();

    sold() {
        in.deliver(connection, toy::identity("e1", "cus_1", "U1", noon).text());
        in.deliver(connection,
                   toy::payment("e2", "pay_1", noon + 1000, 1000).line("customer", "cus_1").text());
        in.deliver(connection, toy::refund("e3", "re_1", "pay_1", noon + 2000, 250).text());
    }
};

const boost::json::value* row_of(const boost::json::value& shown, std::string_view table) {
    for (const auto& each : shown.at("rows").as_array())
        if (text(each.at("table")) == table)
            return &each;
    return nullptr;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(subject_commands, sold)

BOOST_AUTO_TEST_CASE(a_subject_is_found_by_each_of_its_names) {
    const auto shown = in.ask({"subject", "show", "--user", "U1"});
    const std::string subject = text(shown.at("subject_id"));
    BOOST_TEST(shown.at("facts").as_array().size() == 3);
    BOOST_TEST(text(shown.at("environment")) == "sandbox");
    const auto* payment = row_of(shown, "toyfold_payment");
    BOOST_TEST_REQUIRE(payment != nullptr);
    BOOST_TEST(text(payment->at("cells").at("net_minor")) == "750");
    const std::string row = text(payment->at("row_id"));
    for (const auto& name : {std::vector<std::string>{"--id", "cus_1"},
                             {"--id", "pay_1"},
                             {"--id", "re_1"},
                             {"--id", "cus_1", "--realm", "toy:acct_1"},
                             {"--subject", subject},
                             {"--row", row}}) {
        std::vector<std::string> arguments{"subject", "show"};
        arguments.insert(arguments.end(), name.begin(), name.end());
        BOOST_TEST(text(in.ask(arguments).at("subject_id")) == subject, name.back());
    }
}

BOOST_AUTO_TEST_CASE(a_history_is_told_in_order_with_its_records) {
    const auto shown = in.ask({"subject", "show", "--user", "U1"});
    const auto& facts = shown.at("facts").as_array();
    BOOST_TEST(text(facts[0].at("kind")) == "identity");
    BOOST_TEST(text(facts[1].at("kind")) == "payment");
    BOOST_TEST(text(facts[2].at("kind")) == "refund");
    BOOST_TEST(facts[1].at("inbox_ids").at(0).as_int64() == 2);
    BOOST_TEST(facts[1].at("body").is_object());
    const std::string human = in.run({"subject", "show", "--user", "U1"}).out;
    BOOST_TEST(human.find("x:user:U1") != std::string::npos);
    BOOST_TEST(human.find("2024-02-29T12:00:01.000Z  payment") != std::string::npos);
    BOOST_TEST(human.find("toyfold_payment") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(who_is_not_there_is_not_found_and_who_is_not_named_is_wrong_usage) {
    BOOST_TEST(in.run({"subject", "show", "--user", "nobody"}).status == 3);
    BOOST_TEST(in.run({"subject", "show", "--user", "U1", "--live"}).status == 3);
    BOOST_TEST(in.run({"subject", "show", "--id", "cus_1", "--realm", "toy:other"}).status == 3);
    BOOST_TEST(in.run({"subject", "show"}).status == 2);
    BOOST_TEST(in.run({"subject", "show", "--user", "U1", "--id", "cus_1"}).status == 2);
}

BOOST_AUTO_TEST_CASE(one_user_in_two_workspaces_must_be_told_apart) {
    in.ask({"workspace", "create", "other"});
    const auto made = in.ask({"connection", "create", "--workspace", "other", "--provider", "toy", "--realm",
                              "toy:acct_2", "--sandbox", "--secret", "signing=-"},
                             toy::test_secret);
    in.deliver(text(made.at("connection_id")), toy::identity("e1", "cus_1", "U1", noon).text());
    const run_result unclear = in.run({"subject", "show", "--user", "U1"});
    BOOST_TEST(unclear.status == 2);
    BOOST_TEST(unclear.err.find("several places") != std::string::npos);
    const auto other = in.ask({"subject", "show", "--user", "U1", "--workspace", "other"});
    BOOST_TEST(other.at("facts").as_array().size() == 1);
}

BOOST_AUTO_TEST_CASE(a_row_explains_itself_down_to_its_deliveries) {
    const auto shown = in.ask({"subject", "show", "--user", "U1"});
    const std::string row = text(row_of(shown, "toyfold_payment")->at("row_id"));
    const auto why = in.ask({"explain", row});
    BOOST_TEST(text(why.at("row").at("row_id")) == row);
    BOOST_TEST(text(why.at("steps").at(0).at("label")) == "cash");
    BOOST_TEST(text(why.at("steps").at(0).at("value")) == "1000");
    BOOST_TEST(text(why.at("steps").at(1).at("value")) == "250");
    // The payment, which a step names, and the refund, which is about it; not the login.
    BOOST_TEST(why.at("facts").as_array().size() == 2);
    BOOST_TEST(text(why.at("records").at(0).at("dedupe_key")) == "e2");
    BOOST_TEST(text(why.at("records").at(1).at("dedupe_key")) == "e3");
    const std::string human = in.run({"explain", row}).out;
    BOOST_TEST(human.find("half up") != std::string::npos);
    BOOST_TEST(in.run({"explain", "absent"}).status == 3);
}

BOOST_AUTO_TEST_CASE(a_row_without_steps_shows_the_whole_history) {
    const auto shown = in.ask({"subject", "show", "--user", "U1"});
    const auto why = in.ask({"explain", text(shown.at("subject_id"))});
    BOOST_TEST(why.at("steps").as_array().empty());
    BOOST_TEST(why.at("facts").as_array().size() == 3);
    BOOST_TEST(why.at("records").as_array().size() == 3);
}

BOOST_AUTO_TEST_CASE(a_wrong_joining_is_undone_for_ever) {
    // A payment that names a second customer joins both.
    in.deliver(connection, toy::payment("e4", "pay_9", noon + 3000, 100).line("customer", "cus_9").text());
    in.deliver(connection, toy::payment("e5", "pay_8", noon + 4000, 100)
                               .line("customer", "cus_9")
                               .line("parents", "pay_1")
                               .text());
    const std::string one = "s:toy:acct_1|customer|cus_1";
    const std::string nine = "s:toy:acct_1|customer|cus_9";
    BOOST_TEST(text(in.ask({"subject", "show", "--id", "cus_9"}).at("subject_id")) ==
               text(in.ask({"subject", "show", "--user", "U1"}).at("subject_id")));
    const auto split = in.ask({"subject", "split", "--claim", one, "--claim", nine});
    BOOST_TEST(split.at("apart").as_bool());
    BOOST_TEST(text(in.ask({"subject", "show", "--id", "cus_9"}).at("subject_id")) !=
               text(in.ask({"subject", "show", "--user", "U1"}).at("subject_id")));
    BOOST_TEST(
        in.run({"subject", "split", "--claim", one, "--claim", "s:toy:acct_1|customer|cus_0"}).status == 3);
    BOOST_TEST(in.run({"subject", "split", "--claim", one}).status == 2);
    BOOST_TEST(in.run({"subject", "split", "--claim", one, "--claim", one}).status == 2);
}

BOOST_AUTO_TEST_SUITE_END()
