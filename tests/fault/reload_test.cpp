#include <boost/test/unit_test.hpp>
#include <sodium.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <map>
#include <thread>

#include "fault/daemon_process.hpp"
#include "fault/daemon_setup.hpp"
#include "fault/plugin_directory.hpp"
#include "plugins/toy/toy_message.hpp"

// A plugin is replaced while requests of every kind run through it: none fails, none is lost.

namespace tributary::test {
namespace {

constexpr std::int64_t amount = 1000;
constexpr const char* reload_header = "Tributary-Command: reload";

struct world {
    temporary_directory directory;
    std::filesystem::path plugins = directory.path() / "plugins";
    prepared_database prepared;
    std::map<std::string, std::string> environment;
    std::unique_ptr<daemon_process> daemon;

    world() {
        BOOST_TEST_REQUIRE(sodium_init() >= 0);
        prepared = prepare_database(directory.path(), "toy", "toy:a", toy::test_secret);
        install_plugin(plugins, "toy", TRIBUTARY_TOYS);
        install_plugin(plugins, "toyfold", TRIBUTARY_TOYS);
        environment = daemon_environment(directory.path(), plugins.string());
        daemon = std::make_unique<daemon_process>(directory.path(), environment);
        daemon->start();
    }

    std::string reload(const std::string& name, const std::string& header = reload_header) {
        post_connection connection(daemon->admin_port());
        const int status = connection.post("/plugins/" + name + "/reload", header, "");
        const std::string& answer = connection.answer();
        return std::to_string(status) + " " + answer.substr(answer.find("\r\n\r\n") + 4);
    }
};

/// Counts answers by status, of as many requests as fit between start and stop.
class load {
  public:
    template <class Request> load(std::uint16_t port, Request request) {
        thread_ = std::thread([this, port, request] {
            post_connection connection(port);
            while (!stop_) {
                const int status = request(connection, next_++);
                ++answers_[status];
                if (status == 0)
                    return;
            }
        });
    }
    std::map<int, int> stop() {
        stop_ = true;
        thread_.join();
        return answers_;
    }

  private:
    std::atomic<bool> stop_{false};
    int next_ = 0;
    std::map<int, int> answers_;
    std::thread thread_;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(reloading_under_load, world)

BOOST_AUTO_TEST_CASE(drops_no_request_and_books_everything_once) {
    const std::string webhook = "/webhooks/" + prepared.connection;
    const auto deliver = [&](const std::string& prefix) {
        return [&webhook, prefix](post_connection& connection, int number) {
            const std::string id = prefix + std::to_string(number);
            const std::string body =
                toy::payment("evt_" + id, "pay_" + id, 1'700'000'000'000 + number, amount)
                    .line("user", "u" + std::to_string(number % 20))
                    .text();
            return connection.post(webhook, std::string(toy::signature_header) + ": " + toy::sign(body),
                                   body);
        };
    };
    const auto call = [&](post_connection& connection, int number) {
        const std::string body = toy::item_text()
                                     .line("key", "EUR")
                                     .line("value", 100 + number % 7)
                                     .line("effective_from", 1)
                                     .text();
        return connection.post("/toy/rate", "Authorization: Bearer " + prepared.api_key, body);
    };
    load first(daemon->port(), deliver("a"));
    load second(daemon->port(), deliver("b"));
    load third(daemon->port(), call);
    constexpr int reloads = 12;
    for (int round = 0; round < reloads; ++round) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        install_plugin(plugins, "toyfold", round % 2 == 0 ? TRIBUTARY_TOYS_NEXT : TRIBUTARY_TOYS);
        const std::string done = reload(round % 3 == 2 ? "toy" : "toyfold");
        BOOST_TEST(done.starts_with("200 "), done);
    }
    install_plugin(plugins, "toyfold", TRIBUTARY_TOYS_NEXT);
    BOOST_TEST(reload("toyfold").starts_with("200 "));
    std::int64_t accepted = 0;
    for (load* one : {&first, &second}) {
        const auto answers = one->stop();
        BOOST_REQUIRE_EQUAL(answers.size(), 1u);
        BOOST_TEST(answers.begin()->first == 200);
        accepted += answers.begin()->second;
    }
    const auto calls = third.stop();
    BOOST_REQUIRE_EQUAL(calls.size(), 1u);
    BOOST_TEST(calls.begin()->first == 200);
    BOOST_TEST(daemon->stop() == 0);
    BOOST_TEST_MESSAGE(accepted << " deliveries, " << calls.begin()->second << " calls, " << reloads + 1
                                << " reloads");
    BOOST_TEST(accepted > 100);

    const database_reader reader(directory.path());
    BOOST_TEST(reader.number("SELECT COUNT(*) FROM toyfold_payment") == accepted);
    BOOST_TEST(reader.number("SELECT SUM(net_minor) FROM toyfold_payment") ==
               accepted * (amount - amount / 10)); // The next release takes a tenth.
    BOOST_TEST(reader.number("SELECT COUNT(*) FROM inbox WHERE state <> 2") == 0);
    BOOST_TEST(reader.number("SELECT COUNT(*) FROM derivation WHERE fold_version <> 2") == 0);
    // Each old generation has ended.
    std::size_t ended = 0;
    const std::string log = daemon->log();
    for (std::size_t at = 0; (at = log.find("event=plugin_stopped", at)) != std::string::npos; ++at)
        ++ended;
    BOOST_TEST(ended == reloads + 1u + 2u);
}

BOOST_AUTO_TEST_CASE(a_module_that_is_refused_leaves_the_running_one_alone) {
    std::ofstream(plugins / "toyfold.so", std::ios::app) << "x"; // In place: but only behind what is mapped.
    const std::string refused = reload("toyfold");
    BOOST_TEST(refused.starts_with("409 "), refused);
    BOOST_TEST(refused.find("SHA-256") != std::string::npos);
    BOOST_TEST(reload("nobody").starts_with("404 "));
    BOOST_TEST(reload("toyfold", "X: y").starts_with("403 ")); // A page in a browser cannot send the header.
    post_connection connection(daemon->port());
    const std::string body = toy::payment("e1", "p1", 1'700'000'000'000, amount).text();
    BOOST_TEST(connection.post("/webhooks/" + prepared.connection,
                               std::string(toy::signature_header) + ": " + toy::sign(body), body) == 200);
    BOOST_TEST(daemon->stop() == 0);
    BOOST_TEST(database_reader(directory.path()).number("SELECT COUNT(*) FROM toyfold_payment") == 1);
}

BOOST_AUTO_TEST_CASE(keeps_nobody_from_asking_how_the_daemon_is) {
    const std::string body =
        toy::item_text().line("event", "s").line("kind", "sleep").line("ms", 2500).text();
    post_connection provider(daemon->port());
    BOOST_TEST(provider.post("/webhooks/" + prepared.connection,
                             std::string(toy::signature_header) + ": " + toy::sign(body), body) == 200);
    std::string done; // It waits for the writer, which is in the plugin.
    std::thread reloading([&] { done = reload("toy"); });
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    const auto before = std::chrono::steady_clock::now();
    for (int index = 0; index < 4; ++index) {
        post_connection operators(daemon->admin_port());
        BOOST_TEST(operators.get("/healthz") == 200);
    }
    BOOST_TEST((std::chrono::steady_clock::now() - before < std::chrono::milliseconds(1000)));
    reloading.join();
    BOOST_TEST(done.starts_with("200 "), done);
    BOOST_TEST(daemon->stop() == 0);
}

BOOST_AUTO_TEST_CASE(leaves_its_copy_alone_when_another_daemon_starts_on_the_database) {
    const auto copies = [&] {
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(directory.path()))
            count += entry.path().string().find(".plugins/") != std::string::npos ? 1u : 0u;
        return count;
    };
    BOOST_TEST(reload("toyfold").starts_with("200 "));
    BOOST_TEST(copies() == 1u);
    {
        daemon_process another(directory.path(), environment);
        another.start();
        BOOST_TEST(copies() == 1u);
    }
    BOOST_TEST(daemon->stop() == 0);
    daemon->start();
    BOOST_TEST(copies() == 0u);
}

BOOST_AUTO_TEST_CASE(is_not_for_a_page_whose_name_has_become_this_address) {
    const std::string header(reload_header);
    BOOST_TEST(reload("toy", header + "\r\nOrigin: http://example.com").starts_with("403 "));
    BOOST_TEST(reload("toy", header + "\r\nSec-Fetch-Site: same-origin").starts_with("403 "));
    BOOST_TEST(reload("toy", header).starts_with("200 "));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tributary::test
