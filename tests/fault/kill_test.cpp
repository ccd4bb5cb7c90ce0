#include "fault/daemon_process.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include <boost/test/unit_test.hpp>

#include <sodium.h>

#include <tributary/accounts/connections.hpp>
#include <tributary/accounts/key_file.hpp>
#include <tributary/accounts/workspaces.hpp>
#include <tributary/base/entropy.hpp>
#include <tributary/storage/storage.hpp>

#include "plugins/toy/toy_message.hpp"

// Promises 1 and 4: what was answered 2xx is there after kill -9, exactly once, and all that follows from it; no hand is
// needed to start again. The journal of acknowledged deliveries is the test's own.

namespace tributary::test {
namespace {

using std::chrono::milliseconds;

constexpr int rounds = 30;
constexpr int senders = 4;
constexpr std::int64_t amount = 1000;

template <class T> T must(result<T> from) {
    if (!from)
        throw std::runtime_error(from.error().text());
    return std::move(from).value();
}

/// A database with a workspace and a toy connection. @return the connection's id.
std::string prepare(const std::filesystem::path& directory) {
    system_clock time;
    system_entropy random;
    const auto key = directory / "master.key";
    BOOST_REQUIRE(accounts::generate_key_file(key, random).has_value());
    accounts::key_sources sources;
    sources.key_file = key.string();
    const accounts::secret_box box = must(accounts::load_secret_box(sources));
    storage::sqlite_options options;
    options.path = (directory / "tributary.db").string();
    const auto database = must(storage::open_sqlite(options));
    const auto writer = must(database->open_writer());
    must(storage::migrate(*database, *writer, "core", storage::core_migrations(), time.now_ms()));
    const auto workspace = must(accounts::workspaces(*writer, time, random, box).create("kill"));
    accounts::connections connections(*writer, time, random, box);
    accounts::new_connection wanted;
    wanted.workspace_id = workspace.workspace_id;
    wanted.provider = "toy";
    wanted.realm = "toy:a";
    wanted.notify_from = 0;
    const auto made = must(connections.create(wanted));
    must(connections.add_secret(workspace.workspace_id, made.connection_id, "signing", secret_text(toy::test_secret)));
    return made.connection_id;
}

/// Sends payments one after another until it is told to stop or the daemon is gone; notes what was acknowledged.
class sender {
  public:
    sender(int number, std::string path) : number_(number), path_(std::move(path)) {}

    void run(std::uint16_t port, const std::atomic<bool>& stop) {
        post_connection connection(port);
        while (!stop) {
            const std::string id = "evt_" + std::to_string(number_) + "_" + std::to_string(next_);
            const std::string body =
                toy::payment(id, "pay_" + id, 1'700'000'000'000 + next_, amount).line("user", "u" + std::to_string(next_ % 20)).text();
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

std::int64_t number(storage::session& reader, const std::string& sql, std::string_view parameter = {}) {
    std::int64_t found = -1;
    const storage::value value(parameter);
    const auto done = reader.query({"test", sql}, parameter.empty() ? std::span<const storage::value>() : std::span(&value, 1),
                                   [&](const storage::row& from) { found = from.integer(0); });
    if (!done)
        throw std::runtime_error(done.error().text());
    return found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_daemon_that_is_killed)

BOOST_AUTO_TEST_CASE(has_every_acknowledged_delivery_exactly_once_and_what_follows_from_it) {
    BOOST_TEST_REQUIRE(sodium_init() >= 0);
    const temporary_directory directory;
    const std::string connection = prepare(directory.path());
    daemon_process daemon(directory.path(), {{"TRIBUTARY_SERVER_LISTEN", "127.0.0.1:0"},
                                             {"TRIBUTARY_ADMIN_LISTEN", "127.0.0.1:0"},
                                             {"TRIBUTARY_STORAGE_PATH", (directory.path() / "tributary.db").string()},
                                             {"TRIBUTARY_SECRETS_KEY_FILE", (directory.path() / "master.key").string()},
                                             {"TRIBUTARY_PLUGINS_DIRECTORIES", TRIBUTARY_TOY_DIRECTORY}});
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
    const auto database = must(storage::open_sqlite({(directory.path() / "tributary.db").string(), 5000, true, {}}));
    const auto reader = must(database->open_reader());
    for (const sender& one : sending)
        for (const std::string& id : one.acknowledged()) {
            ++acknowledged;
            BOOST_REQUIRE_EQUAL(number(*reader, "SELECT COUNT(*) FROM inbox WHERE dedupe_key = $1", id), 1);
        }
    BOOST_TEST_MESSAGE("acknowledged " << acknowledged << " deliveries in " << rounds << " rounds");
    BOOST_TEST(acknowledged > 100u);
    const std::int64_t stored = number(*reader, "SELECT COUNT(*) FROM inbox");
    BOOST_TEST(stored >= static_cast<std::int64_t>(acknowledged)); // Some were stored and never answered.
    BOOST_TEST(number(*reader, "SELECT COUNT(*) FROM inbox WHERE state <> 2") == 0);
    BOOST_TEST(number(*reader, "SELECT COUNT(*) FROM toyfold_payment") == stored);
    BOOST_TEST(number(*reader, "SELECT SUM(net_minor) FROM toyfold_payment") == stored * amount);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tributary::test
