// Stories told to the built daemon, which runs beside the tool on the same database.
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <fstream>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>

#include "app/cli/shop.hpp"
#include "plugins/toy/toy_message.hpp"

using namespace tributary::test;

namespace {

std::string text(const boost::json::value& of) {
    return std::string(of.as_string());
}

/// The built daemon in a shop's directory; ended with SIGTERM.
class daemon_process {
  public:
    explicit daemon_process(shop& in) {
        in.environment["TRIBUTARY_SERVER_LISTEN"] = "127.0.0.1:" + std::to_string(free_port());
        std::vector<std::string> variables;
        for (const auto& [name, value] : in.environment)
            variables.push_back(name + "=" + value);
        std::vector<char*> environment;
        for (std::string& each : variables)
            environment.push_back(each.data());
        environment.push_back(nullptr);
        std::string program = TRIBUTARY_BINARY_DIR "/bin/tributaryd";
        std::string option = "--config";
        std::string file = (in.directory() / "tributary.toml").string();
        char* arguments[] = {program.data(), option.data(), file.data(), nullptr};
        BOOST_REQUIRE(
            ::posix_spawn(&process_, program.c_str(), nullptr, nullptr, arguments, environment.data()) == 0);
        for (int attempt = 0; attempt < 200; ++attempt) {
            if (in.run({"api", "GET", "/nothing"}).out.find("404") != std::string::npos)
                return;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        BOOST_FAIL("the daemon does not answer");
    }
    ~daemon_process() {
        ::kill(process_, SIGTERM);
        int status = 0;
        ::waitpid(process_, &status, 0);
    }
    daemon_process(const daemon_process&) = delete;
    daemon_process& operator=(const daemon_process&) = delete;

  private:
    pid_t process_ = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(trigger_command)

BOOST_AUTO_TEST_CASE(stories_are_listed) {
    const shop in;
    const auto list = in.ask({"trigger", "toy", "--list"});
    BOOST_TEST(list.at("stories").as_array().size() == 3);
    BOOST_TEST(in.run({"trigger", "toyfold", "--list"}).status == 3);
    BOOST_TEST(in.run({"trigger", "acme", "--list"}).status == 3);
}

BOOST_AUTO_TEST_CASE(a_dry_run_is_the_same_for_the_same_seed_and_sends_nothing) {
    const shop in;
    in.connect();
    const std::vector<std::string> arguments{"trigger",   "toy",         "refund",     "--dry-run",  "--seed",
                                             "7",         "--at",        "2024-02-29", "--times",    "3",
                                             "--shuffle", "--duplicate", "--set",      "amount=2000"};
    const auto told = in.ask(arguments);
    BOOST_TEST(told.at("deliveries").as_array().size() == 18);
    BOOST_TEST((told == in.ask(arguments)));
    BOOST_TEST(in.ask({"inbox", "list"}).at("records").as_array().empty());
    for (const auto& each : told.at("expectations").as_array())
        if (text(each.at("name")) == "net")
            BOOST_TEST(each.at("value").as_int64() == 3000);
}

BOOST_AUTO_TEST_CASE(a_story_of_ones_own_comes_from_a_file) {
    const shop in;
    in.connect();
    const std::string file = (in.directory() / "my.story").string();
    const auto write = [&](const std::string& content) { std::ofstream(file, std::ios::binary) << content; };
    write("refund");
    const std::vector<std::string> common{"--dry-run", "--seed", "7", "--at", "2024-02-29"};
    const auto told = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), common.begin(), common.end());
        return arguments;
    };
    BOOST_TEST(
        (in.ask(told({"trigger", "toy", "--file", file})) == in.ask(told({"trigger", "toy", "refund"}))));
    BOOST_TEST(in.run(told({"trigger", "toy", "refund", "--file", file})).status == 2);
    BOOST_TEST(in.run(told({"trigger", "toy", "--file", file + ".none"})).status == 3);
    BOOST_TEST(in.run(told({"trigger", "toy"})).status == 2);
    write("no story of the toy");
    BOOST_TEST(in.run(told({"trigger", "toy", "--file", file})).status == 3);
    write("");
    BOOST_TEST(in.run(told({"trigger", "toy", "--file", file})).status == 2);
    write(std::string((1 << 20) + 1, 'x'));
    BOOST_TEST(in.run(told({"trigger", "toy", "--file", file})).status == 2);
}

BOOST_AUTO_TEST_CASE(a_story_needs_a_sandbox_connection_with_a_secret) {
    const shop in;
    BOOST_TEST(in.run({"trigger", "toy", "one-time"}).status == 3);
    const auto live =
        in.ask({"connection", "create", "--provider", "toy", "--realm", "toy:1", "--secret", "signing=-"},
               toy::test_secret);
    const run_result refused =
        in.run({"trigger", "toy", "one-time", "--connection", text(live.at("connection_id"))});
    BOOST_TEST(refused.status == 2);
    BOOST_TEST(refused.err.find("live") != std::string::npos);
    const auto bare = in.ask({"connection", "create", "--provider", "toy", "--realm", "toy:2", "--sandbox"});
    BOOST_TEST(
        in.run({"trigger", "toy", "one-time", "--connection", text(bare.at("connection_id"))}).status == 1);
    in.connect("toy:3");
    BOOST_TEST(in.run({"trigger", "toy", "one-time"}).status == 2); // Which of the two?
    const std::string id = in.connect("toy:4");
    BOOST_TEST(in.run({"trigger", "toy", "no-story", "--connection", id}).status == 3);
    BOOST_TEST(in.run({"trigger", "toy", "one-time", "--connection", id, "--set", "amount=x"}).status == 2);
    BOOST_TEST(in.run({"trigger", "toy", "one-time", "--connection", id, "--set", "amount"}).status == 2);
    BOOST_TEST(in.run({"trigger", "toy", "one-time", "--connection", id, "--seed", "-1"}).status == 2);
}

BOOST_AUTO_TEST_CASE(a_story_is_told_to_the_daemon_shuffled_and_doubled_and_books_what_it_expects) {
    shop in;
    in.connect();
    const daemon_process running(in);
    const auto told = in.ask({"trigger", "toy", "refund", "--times", "2", "--shuffle", "--duplicate", "--set",
                              "amount=2000", "--set", "user=U1"});
    for (const auto& each : told.at("deliveries").as_array())
        BOOST_TEST(each.at("status").as_int64() == 200);
    BOOST_TEST(in.ask({"inbox", "list"}).at("records").as_array().size() == 6); // Doubled ones are dropped.

    const auto key = in.ask({"key", "create", "--name", "reader", "--scope", "toy.read", "--sandbox"});
    in.environment["TRIBUTARY_API_KEY"] = text(key.at("key"));
    std::string totals;
    for (int attempt = 0; attempt < 100 && totals.find("net=2000") == std::string::npos; ++attempt) {
        totals = in.run({"api", "GET", "/toy/totals/U1"}).out;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    BOOST_TEST(totals.starts_with("200\n"), totals);
    BOOST_TEST(totals.find("net=2000") != std::string::npos, totals);
    BOOST_TEST(in.run({"api", "GET", "/toy/totals/U1", "--key", "trb_test_wrong"}).status == 1);
    BOOST_TEST(in.run({"api", "GET", "/nothing"}).status == 3);

    const run_result refused = in.run({"rebuild"});
    BOOST_TEST(refused.status == 1);
    BOOST_TEST(refused.err.find("stop it first") != std::string::npos);
    const run_result report = in.run({"doctor"});
    BOOST_TEST(report.out.find("daemon: answers") != std::string::npos, report.out);
    const run_result beside = in.run({"rebuild", "--while-running"});
    BOOST_TEST(beside.out.find("Nothing differs") != std::string::npos, beside.out << beside.err);
}

BOOST_AUTO_TEST_CASE(without_a_daemon_a_story_fails_in_one_line) {
    shop in;
    in.connect();
    in.environment["TRIBUTARY_SERVER_LISTEN"] = "127.0.0.1:" + std::to_string(free_port());
    const run_result done = in.run({"trigger", "toy", "one-time"});
    BOOST_TEST(done.status == 1);
    BOOST_TEST(done.err.starts_with("tributary: "));
}

BOOST_AUTO_TEST_SUITE_END()
