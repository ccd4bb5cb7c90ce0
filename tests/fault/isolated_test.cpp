#include <boost/test/unit_test.hpp>
#include <sodium.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <set>
#include <thread>

#include "fault/daemon_process.hpp"
#include "fault/daemon_setup.hpp"
#include "plugins/toy/toy_message.hpp"

// A provider in a process of its own, in a whole daemon: what ends it costs its own deliveries a second try,
// and nobody else anything.

namespace tributary::test {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t amount = 1000;

struct world {
    temporary_directory directory;
    prepared_database prepared;
    std::unique_ptr<daemon_process> daemon;

    world() {
        BOOST_TEST_REQUIRE(sodium_init() >= 0);
        prepared = prepare_database(directory.path(), "toy", "toy:a", toy::test_secret);
        auto environment = daemon_environment(directory.path(), TRIBUTARY_TOYS);
        environment["TRIBUTARY_PLUGIN_TOY_ISOLATION"] = "process";
        environment["TRIBUTARY_PLUGINS_DEADLINE"] = "300ms";
        daemon = std::make_unique<daemon_process>(directory.path(), environment);
        daemon->start();
    }

    int deliver(post_connection& connection, const std::string& body) {
        return connection.post("/webhooks/" + prepared.connection,
                               std::string(toy::signature_header) + ": " + toy::sign(body), body);
    }
    static std::string payment(const std::string& id) {
        return toy::payment("evt_" + id, "pay_" + id, 1'700'000'000'000, amount)
            .line("user", "u" + id)
            .text();
    }
    std::string plugins() {
        post_connection connection(daemon->admin_port());
        connection.get("/plugins");
        return connection.answer();
    }
    /// Of the toy; 0: it has none at the moment.
    pid_t process() {
        const std::string text = plugins();
        const std::size_t at = text.find("\"condition\":\"process ");
        return at == std::string::npos ? 0 : std::atoi(text.c_str() + at + 21);
    }
    /// Stops the daemon when nothing waits any more.
    void finish() {
        const database_reader reader(directory.path());
        for (int attempt = 0; attempt < 400; ++attempt) {
            if (reader.number("SELECT COUNT(*) FROM inbox WHERE state NOT IN (2, 3)") == 0)
                break;
            std::this_thread::sleep_for(milliseconds(50));
        }
        BOOST_TEST(daemon->stop() == 0);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(an_isolated_provider, world)

BOOST_AUTO_TEST_CASE(that_is_killed_again_and_again_loses_nothing_and_disturbs_nobody) {
    std::atomic<bool> stop{false};
    std::set<std::string> accepted;
    int refused = 0;
    std::thread sender([&] {
        post_connection connection(daemon->port());
        for (int number = 0; !stop; ++number) {
            const std::string id = std::to_string(number);
            const int status = deliver(connection, payment(id));
            BOOST_REQUIRE(status == 200 || status == 503);
            if (status == 200)
                accepted.insert(id);
            else
                ++refused;
            std::this_thread::sleep_for(milliseconds(1));
        }
    });
    std::set<int> answers;
    std::thread caller([&] {
        post_connection connection(daemon->port());
        const std::string body =
            toy::item_text().line("key", "EUR").line("value", 100).line("effective_from", 1).text();
        while (!stop)
            answers.insert(connection.post("/toy/rate", "Authorization: Bearer " + prepared.api_key, body));
    });
    std::set<pid_t> killed;
    for (int round = 0; round < 8; ++round) {
        std::this_thread::sleep_for(milliseconds(150));
        if (const pid_t child = process();
            child > 0 && ::kill(child, round % 2 == 0 ? SIGKILL : SIGSEGV) == 0)
            killed.insert(child);
    }
    std::this_thread::sleep_for(milliseconds(500));
    stop = true;
    sender.join();
    caller.join();
    finish();
    BOOST_TEST_MESSAGE(accepted.size()
                       << " accepted, " << refused << " refused, " << killed.size() << " processes");
    BOOST_TEST(killed.size() >= 3u);
    BOOST_TEST(accepted.size() > 20u);
    BOOST_TEST((answers == std::set<int>{200}));
    const database_reader reader(directory.path());
    for (const std::string& id : accepted)
        BOOST_REQUIRE_EQUAL(reader.number("SELECT COUNT(*) FROM inbox WHERE dedupe_key = $1", "evt_" + id),
                            1);
    const auto stored = static_cast<std::int64_t>(accepted.size());
    BOOST_TEST(reader.number("SELECT COUNT(*) FROM toyfold_payment") == stored);
    BOOST_TEST(reader.number("SELECT SUM(net_minor) FROM toyfold_payment") == stored * amount);
    BOOST_TEST(reader.number("SELECT COUNT(*) FROM inbox WHERE state <> 2") == 0);
}

BOOST_AUTO_TEST_CASE(that_never_comes_back_over_one_delivery_gives_that_one_up_and_books_the_others) {
    post_connection connection(daemon->port());
    BOOST_TEST(
        deliver(
            connection,
            toy::item_text().line("event", "endless").line("kind", "sleep").line("ms", 3'600'000).text()) ==
        200);
    int booked = 0;
    for (int number = 0; number < 20; ++number) {
        booked += deliver(connection, payment(std::to_string(number))) == 200 ? 1 : 0;
        std::this_thread::sleep_for(milliseconds(100));
    }
    finish();
    BOOST_TEST(booked > 0);
    const database_reader reader(directory.path());
    BOOST_TEST(reader.text("SELECT dedupe_key FROM inbox WHERE state = 3") == "endless\n");
    BOOST_TEST(reader.number("SELECT COUNT(*) FROM toyfold_payment") == booked);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tributary::test
