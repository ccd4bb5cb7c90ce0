// Connecting an account with the real tool and the shipped plugin, against the fake API: from `connection
// add` to a webhook that is registered and removed again.
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <poll.h>
#include <pty.h>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

#include "app/cli/shop.hpp"
#include "fake_stripe/fake_stripe.hpp"

using namespace tributary;
using namespace tributary::test;

namespace {

std::string text(const boost::json::value& of) {
    return std::string(of.as_string());
}

bool contains(const std::string& whole, std::string_view part) {
    return whole.find(part) != std::string::npos;
}

struct connecting {
    fake_stripe::fake api;
    shop in;

    connecting() {
        in.environment["TRIBUTARY_PLUGINS_DIRECTORIES"] = TRIBUTARY_BINARY_DIR "/plugins";
        in.environment["TRIBUTARY_SERVER_PUBLIC_URL"] = "https://shop.example";
        in.environment["STRIPE_KEY"] = "rk_test_fake";
        api.generate("customers", 3);
    }

    std::vector<std::string> add(const std::string& realm = "stripe:acct_fake") const {
        return {"connection", "add",       "stripe",     "--realm",
                realm,        "--sandbox", "--settings", R"({"api_base":")" + api.base() + R"("})"};
    }
    std::vector<std::string> add_with_key() const {
        std::vector<std::string> all = add();
        all.insert(all.end(), {"--secret", "api_key=env:STRIPE_KEY"});
        return all;
    }
    /// Its id.
    std::string connect() const { return text(in.ask(add_with_key()).at("connection_id")); }
    bool found(const boost::json::value& report, std::string_view level, std::string_view code) const {
        for (const auto& each : report.at("findings").as_array())
            if (text(each.at("level")) == level && text(each.at("code")) == code)
                return true;
        return false;
    }
};

std::size_t longest_line(const std::string& all) {
    std::size_t longest = 0;
    std::istringstream lines(all);
    for (std::string line; std::getline(lines, line);)
        if (!contains(line, "https://") && !contains(line, "webhook URL") && !contains(line, "settings"))
            longest = std::max(longest, line.size());
    return longest;
}

/// Runs the tool at a terminal and types what is asked for. @return all that the terminal showed.
std::string at_a_terminal(const shop& in, const std::vector<std::string>& arguments,
                          const std::vector<std::string>& typed, int& status) {
    int terminal = -1;
    const pid_t child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        if (::chdir(in.directory().c_str()) != 0)
            ::_exit(99);
        std::vector<std::string> variables;
        for (const auto& [name, value] : in.environment)
            variables.push_back(name + "=" + value);
        std::vector<char*> environment;
        for (std::string& each : variables)
            environment.push_back(each.data());
        environment.push_back(nullptr);
        std::vector<std::string> copies = arguments;
        std::vector<char*> words{const_cast<char*>("tributary")};
        for (std::string& each : copies)
            words.push_back(each.data());
        words.push_back(nullptr);
        ::execve(TRIBUTARY_BINARY_DIR "/bin/tributary", words.data(), environment.data());
        ::_exit(99);
    }
    std::string shown;
    std::size_t answered = 0;
    char bytes[4096];
    for (pollfd waiting{terminal, POLLIN, 0}; ::poll(&waiting, 1, 60'000) > 0;) {
        const ssize_t count = ::read(terminal, bytes, sizeof bytes);
        if (count <= 0)
            break; // The child has gone.
        shown.append(bytes, static_cast<std::size_t>(count));
        if (answered < typed.size() && shown.ends_with("none): ")) {
            const std::string line = typed[answered++] + "\n";
            BOOST_REQUIRE(::write(terminal, line.data(), line.size()) == static_cast<ssize_t>(line.size()));
        }
    }
    ::close(terminal);
    int ended = 0;
    ::waitpid(child, &ended, 0);
    status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
    return shown;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(connect_an_account, connecting)

BOOST_AUTO_TEST_CASE(add_makes_a_connection_and_looks_at_once_whether_it_works) {
    const auto made = in.ask(add_with_key());
    BOOST_TEST(text(made.at("provider")) == "stripe");
    BOOST_TEST(text(made.at("environment")) == "sandbox");
    BOOST_TEST(text(made.at("check").at("status")) == "ok");
    BOOST_TEST(found(made.at("check"), "ok", "key_works"));
    BOOST_TEST(found(made.at("check"), "warn", "no_webhook"));
    BOOST_TEST(found(made.at("check"), "warn", "no_signing_secret"));
    BOOST_TEST(!contains(boost::json::serialize(made), "rk_test"));
}

BOOST_AUTO_TEST_CASE(its_report_is_for_a_person_and_ends_with_what_to_do_next) {
    const run_result added = in.run(add_with_key());
    BOOST_TEST(added.status == 0);
    BOOST_TEST(contains(added.out, "ok    rak_customer_read: may read customers [permission]"));
    BOOST_TEST(contains(added.out, "warn  https://shop.example/webhooks/con_"));
    BOOST_TEST(contains(added.out, "Next: let the provider deliver to https://shop.example/webhooks/con_"));
    BOOST_TEST(contains(added.out, "  tributary connection register con_"));
    BOOST_TEST(longest_line(added.out) <= 100u);
    BOOST_TEST(!contains(added.out + added.err, "rk_test"));
}

BOOST_AUTO_TEST_CASE(a_connection_whose_key_lacks_a_right_is_made_and_says_so) {
    api.deny("rak_invoice_read");
    const run_result added = in.run(add_with_key());
    BOOST_TEST(added.status == 1);
    BOOST_TEST(contains(added.out, "fail  rak_invoice_read: "));
    BOOST_TEST(contains(added.out, "1 problem"));
    BOOST_TEST(longest_line(added.out) <= 100u);
    BOOST_TEST(in.ask({"connection", "list"}).at("connections").as_array().size() == 1u);
}

BOOST_AUTO_TEST_CASE(without_a_key_it_is_made_and_says_what_that_means) {
    const auto made = in.ask(add());
    BOOST_TEST(found(made.at("check"), "note", "no_api_key"));
    BOOST_TEST(api.requests().empty());
}

BOOST_AUTO_TEST_CASE(a_key_of_the_wrong_kind_is_a_problem_that_never_shows_it) {
    in.environment["STRIPE_KEY"] = "pk_test_51abcdef";
    const run_result added = in.run(add_with_key());
    BOOST_TEST(added.status == 1);
    BOOST_TEST(contains(added.out, "[publishable_key]"));
    BOOST_TEST(!contains(added.out + added.err, "51abcdef"));
    BOOST_TEST(api.requests().empty());
}

BOOST_AUTO_TEST_CASE(a_key_that_stripe_refuses_is_a_problem) {
    in.environment["STRIPE_KEY"] = "rk_test_51unknown";
    const run_result added = in.run(add_with_key());
    BOOST_TEST(added.status == 1);
    BOOST_TEST(contains(added.out, "key_refused: Stripe does not accept the API key"));
    BOOST_TEST(!contains(added.out, "51unknown"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_a_connection_is_none) {
    std::vector<std::string> unknown = add();
    unknown[2] = "stripey";
    BOOST_TEST(in.run(unknown).status == 3);
    BOOST_TEST(in.run({"connection", "add"}).status == 2);
    BOOST_TEST(in.run({"connection", "add", "stripe"}).status == 2); // No realm.
    BOOST_TEST(in.ask({"connection", "list"}).at("connections").as_array().empty());
}

BOOST_AUTO_TEST_CASE(secrets_are_asked_for_at_a_terminal_and_not_shown) {
    int status = -1;
    const std::string shown = at_a_terminal(in, add(), {"rk_test_fake", "whsec_typed"}, status);
    BOOST_TEST(status == 0);
    BOOST_TEST(contains(shown, "Secret 'api_key' (not shown; nothing: none): "));
    BOOST_TEST(contains(shown, "Secret 'signing'"));
    BOOST_TEST(contains(shown, "[key_works]"));
    BOOST_TEST(!contains(shown, "rk_test_fake"));
    BOOST_TEST(!contains(shown, "whsec_typed"));
    BOOST_TEST(!contains(shown, "no_signing_secret"));
    BOOST_REQUIRE(!api.requests().empty());
    BOOST_TEST(api.requests().front().key == "rk_test_fake");
}

BOOST_AUTO_TEST_CASE(at_a_terminal_nothing_is_an_answer_and_what_was_given_is_not_asked_for) {
    int status = -1;
    const std::string shown = at_a_terminal(in, add_with_key(), {""}, status);
    BOOST_TEST(status == 0);
    BOOST_TEST(!contains(shown, "Secret 'api_key'"));
    BOOST_TEST(contains(shown, "Secret 'signing'"));
    BOOST_TEST(contains(shown, "[no_signing_secret]"));
}

BOOST_AUTO_TEST_CASE(a_webhook_is_registered_looked_at_and_removed) {
    const std::string id = connect();
    const run_result made = in.run({"connection", "register", id});
    BOOST_TEST(made.status == 0, made.out);
    BOOST_TEST(contains(made.out, "kept the secret 'signing'"));
    BOOST_TEST(contains(made.out, "[webhook_made]"));
    BOOST_TEST(!contains(made.out + made.err, "whsec_"));
    BOOST_TEST(contains(api.object("we_fake1"), "https://shop.example/webhooks/" + id));
    const auto checked = in.ask({"connection", "check", id});
    BOOST_TEST(found(checked, "ok", "webhook"));
    BOOST_TEST(!found(checked, "warn", "no_signing_secret"));
    BOOST_TEST(in.ask({"connection", "register", id}).at("kept").as_array().empty());
    BOOST_TEST(contains(in.run({"connection", "unregister", id}).out, "[webhook_removed]"));
    BOOST_TEST(api.object("we_fake1").empty());
    BOOST_TEST(contains(in.run({"connection", "unregister", id}).out, "[no_webhook]"));
}

BOOST_AUTO_TEST_CASE(without_the_right_the_report_says_how_to_register_by_hand) {
    const std::string id = connect();
    api.deny("rak_webhook_write");
    const run_result refused = in.run({"connection", "register", id});
    BOOST_TEST(refused.status == 1);
    BOOST_TEST(contains(refused.out, "note  invoice.paid [event]"));
    BOOST_TEST(contains(refused.out, "Developers > Webhooks"));
    BOOST_TEST(longest_line(refused.out) <= 100u);
    const auto shown = in.ask({"connection", "show", id});
    BOOST_TEST(shown.at("secrets").as_array().size() == 1u); // The key alone.
}

BOOST_AUTO_TEST_CASE(an_object_is_fetched_and_booked) {
    const std::string id = connect();
    const auto fetched = in.ask({"connection", "fetch", id, "cus_fake00001"});
    BOOST_TEST(text(fetched.at("requests").at(0).at("answer")) == "200");
    const auto records = in.ask({"inbox", "list"}).at("records").as_array();
    BOOST_REQUIRE(records.size() == 1u);
    const run_result wrong = in.run({"connection", "fetch", id, "nonsense"});
    BOOST_TEST(wrong.status == 3);
    BOOST_TEST(contains(wrong.err, "no id of an object"));
}

BOOST_AUTO_TEST_SUITE_END()
