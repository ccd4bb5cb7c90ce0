#include <boost/test/unit_test.hpp>
#include <sodium.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "fault/daemon_process.hpp"
#include "fault/daemon_setup.hpp"
#include "plugins/toy/toy_message.hpp"

// Promises 1 and 4: what was answered 2xx is there after kill -9, exactly once, and all that follows from it;
// no hand is needed to start again. The journal of acknowledged deliveries is the test's own.

namespace tributary::test {
namespace {

using std::chrono::milliseconds;

constexpr int rounds = 30;
constexpr int senders = 4;
constexpr std::int64_t amount = 1000;

/// Sends payments one after another until it is told to stop or the daemon is gone; notes what was
/// acknowledged.
class sender {
  public:
    sender(int number, std::string path) : number_(number), path_(std::move(path)) {}

    void run(std::uint16_t port, const std::atomic<bool>& stop) {
        post_connection connection(port);
        while (!stop) {
            const std::string id = "evt_" + std::to_string(number_) + "_" + std::to_string(next_);
            const std::string body = toy::payment(id, "pay_" + id, 1'700'000'000'000 + next_, amount)
                                         .line("user", "u" + std::to_string(next_ % 20))
                                         .text();
            const int status =
                connection.post(path_, std::string(toy::signature_header) + ": " + toy::sign(body), body);
            if (status == 0)
                return; // Unknown whether it was stored: the same delivery comes again in the next round.
            BOOST_REQUIRE_EQUAL(status, 200);
            acknowledged_.insert(id);
            ++next_;
        }
    }
    const std::set<std::string>& acknowledged() const { return acknowledged_; }

  private:
    int number_;
    std::string path_;
    std::int64_t next_ = 0;
    std::set<std::string> acknowledged_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(a_daemon_that_is_killed)

BOOST_AUTO_TEST_CASE(has_every_acknowledged_delivery_exactly_once_and_what_follows_from_it) {
    BOOST_TEST_REQUIRE(sodium_init() >= 0);
    const temporary_directory directory;
    const prepared_database prepared = prepare_database(directory.path(), "toy", "toy:a", toy::test_secret);
    const std::string connection = prepared.connection;
    daemon_process daemon(directory.path(), daemon_environment(directory.path(), TRIBUTARY_TOY_DIRECTORY));
    std::vector<sender> sending;
    for (int index = 0; index < senders; ++index)
        sending.emplace_back(index, "/webhooks/" + connection);
    std::mt19937 random(9);
    for (int round = 0; round < rounds; ++round) {
        daemon.start();
        std::atomic<bool> stop{false};
        std::vector<std::thread> threads;
        for (sender& one : sending)
            threads.emplace_back([&] { one.run(daemon.port(), stop); });
        std::this_thread::sleep_for(milliseconds(30 + random() % 120));
        daemon.kill_hard();
        stop = true;
        for (std::thread& one : threads)
            one.join();
    }
    daemon.start();
    BOOST_TEST(daemon.stop() == 0); // A graceful stop finishes the work that follows from what was stored.

    std::size_t acknowledged = 0;
    const database_reader reader(directory.path());
    for (const sender& one : sending)
        for (const std::string& id : one.acknowledged()) {
            ++acknowledged;
            BOOST_REQUIRE_EQUAL(reader.number("SELECT COUNT(*) FROM inbox WHERE dedupe_key = $1", id), 1);
        }
    BOOST_TEST_MESSAGE("acknowledged " << acknowledged << " deliveries in " << rounds << " rounds");
    BOOST_TEST(acknowledged > 100u);
    const std::int64_t stored = reader.number("SELECT COUNT(*) FROM inbox");
    BOOST_TEST(stored >= static_cast<std::int64_t>(acknowledged)); // Some were stored and never answered.
    BOOST_TEST(reader.number("SELECT COUNT(*) FROM inbox WHERE state <> 2") == 0);
    BOOST_TEST(reader.number("SELECT COUNT(*) FROM toyfold_payment") == stored);
    BOOST_TEST(reader.number("SELECT SUM(net_minor) FROM toyfold_payment") == stored * amount);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tributary::test
