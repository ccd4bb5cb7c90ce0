#include <boost/test/unit_test.hpp>
#include <sodium.h>

#include <chrono>
#include <thread>

#include "fault/daemon_process.hpp"
#include "fault/daemon_setup.hpp"
#include "fault/plugin_directory.hpp"
#include "plugins/toy/toy_message.hpp"

// A plugin in the daemon's process that takes too long: it alone is put aside. One that never comes back ends
// the process, and what it did that over is given up after some starts.

namespace tributary::test {
namespace {

struct world {
    temporary_directory directory;
    prepared_database prepared;
    std::unique_ptr<daemon_process> daemon;

    world() {
        BOOST_TEST_REQUIRE(sodium_init() >= 0);
        prepared = prepare_database(directory.path(), "toy", "toy:a", toy::test_secret);
        auto environment = daemon_environment(directory.path(), TRIBUTARY_TOYS);
        environment["TRIBUTARY_PLUGINS_DEADLINE"] = "200ms";
        daemon = std::make_unique<daemon_process>(directory.path(), environment);
        daemon->start();
    }

    int deliver(const std::string& body) {
        post_connection connection(daemon->port());
        return connection.post("/webhooks/" + prepared.connection,
                               std::string(toy::signature_header) + ": " + toy::sign(body), body);
    }
    int pay(const std::string& name) {
        return deliver(toy::payment("evt_" + name, "pay_" + name, 1'700'000'000'000, 1000).text());
    }
    int sleep(int ms) {
        return deliver(toy::item_text()
                           .line("event", "s" + std::to_string(ms))
                           .line("kind", "sleep")
                           .line("ms", ms)
                           .text());
    }
    std::string plugins() {
        post_connection connection(daemon->admin_port());
        connection.get("/plugins");
        return connection.answer();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(a_plugin_that_takes_too_long, world)

BOOST_AUTO_TEST_CASE(is_put_into_quarantine_and_comes_back_with_a_reload) {
    BOOST_TEST(pay("before") == 200);
    BOOST_TEST(sleep(400) == 200); // It is stored before it is worked on.
    int status = 200;
    for (int attempt = 0; attempt < 100 && status == 200; ++attempt) {
        status = pay("during" + std::to_string(attempt));
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    BOOST_TEST(status == 503);
    BOOST_TEST(plugins().find("quarantined") != std::string::npos);
    BOOST_TEST(plugins().find("normalise took") != std::string::npos);
    post_connection admin(daemon->admin_port());
    BOOST_TEST(admin.post("/plugins/toy/reload", "Tributary-Command: reload", "") == 200);
    BOOST_TEST(plugins().find("quarantined") == std::string::npos);
    BOOST_TEST(pay("after") == 200);
    BOOST_TEST(daemon->stop() == 0);
    const database_reader reader(directory.path());
    BOOST_TEST(reader.number("SELECT COUNT(*) FROM inbox WHERE state <> 2") == 0); // Nothing waits any more.
    BOOST_TEST(reader.number("SELECT COUNT(*) FROM toyfold_payment") ==
               reader.number("SELECT COUNT(*) FROM inbox WHERE dedupe_key LIKE 'evt_%'"));
}

BOOST_AUTO_TEST_CASE(and_never_comes_back_ends_the_process_until_its_record_is_given_up) {
    BOOST_TEST(sleep(3'600'000) == 200);
    int ends = 0;
    while (true) {
        int status = 0;
        try {
            status = daemon->wait(2);
        } catch (const std::runtime_error&) {
            break; // It stays.
        }
        BOOST_TEST(status == 75);
        BOOST_TEST(daemon->log().find("event=plugin_stuck") != std::string::npos);
        BOOST_REQUIRE(++ends < 10);
        daemon->start();
    }
    BOOST_TEST(ends == 6); // Once while it was new, then as often as engine_options::interrupted_max says.
    BOOST_TEST(pay("after") == 200);
    BOOST_TEST(daemon->stop() == 0);
    const database_reader reader(directory.path());
    BOOST_TEST(reader.number("SELECT COUNT(*) FROM inbox WHERE state = 3") == 1);
    BOOST_TEST(reader.number("SELECT COUNT(*) FROM toyfold_payment") == 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tributary::test
