// What the doctor says about a sound installation and about each thing that can be wrong.
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

#include "app/cli/shop.hpp"
#include "plugins/toy/toy_message.hpp"

using namespace tributary::test;
namespace fs = std::filesystem;

namespace {

/// "ok", "warn", "fail"; the worst when a check has several lines; empty when it has none.
std::string verdict(const boost::json::value& report, std::string_view check) {
    std::string worst;
    for (const auto& each : report.at("checks").as_array())
        if (std::string_view(each.at("check").as_string()).starts_with(check)) {
            const std::string_view is = each.at("verdict").as_string();
            if (worst.empty() || is == "fail" || (is == "warn" && worst == "ok"))
                worst = is;
        }
    return worst;
}

boost::json::value examine(const shop& in, int status) {
    const run_result done = in.run({"doctor", "--json"});
    BOOST_TEST(done.status == status, done.out << done.err);
    return done.json();
}

} // namespace

BOOST_AUTO_TEST_SUITE(doctor_command)

BOOST_AUTO_TEST_CASE(a_sound_installation_has_nothing_that_fails) {
    const shop in;
    const std::string id = in.connect();
    in.deliver(id, toy::payment("e1", "pay_1", 1'709'208'000'000, 1000).text());
    const auto report = examine(in, 0);
    BOOST_TEST(report.at("healthy").as_bool());
    for (const char* check :
         {"configuration", "database file", "disk space", "master key", "plugins", "integrity", "writing",
          "schema", "failed records", "waiting records", "held records", "pending records",
          "requests to providers", "folds of toyfold", "conflicts", "clock", "connections"})
        BOOST_TEST(verdict(report, check) == "ok", check);
    BOOST_TEST(verdict(report, "daemon") == "warn"); // None runs.
}

BOOST_AUTO_TEST_CASE(what_a_provider_says_in_unknown_words_is_shown_with_its_place) {
    const shop in;
    const std::string id = in.connect();
    BOOST_TEST(verdict(examine(in, 0), "drift") == "ok");
    in.deliver(id, toy::payment("e1", "pay_1", 1'709'208'000'000, 1000)
                       .line("drift", "payment.status 2027-01-01.fern half_paid")
                       .text());
    const auto report = examine(in, 0);
    BOOST_TEST(verdict(report, "drift") == "warn");
    std::string shown;
    for (const auto& each : report.at("checks").as_array())
        if (each.at("check").as_string() == "drift")
            shown += std::string(each.at("what").as_string()) + " -> " +
                     std::string(each.at("advice").as_string());
    for (const char* part : {"payment.status", "half_paid", "2027-01-01.fern", "1 record,", "inbox show 1"})
        BOOST_TEST((shown.find(part) != std::string::npos), part << " in " << shown);
}

BOOST_AUTO_TEST_CASE(a_configuration_that_is_wrong_fails) {
    const shop in;
    in.write("tributary.toml", "[server]\nlisen = 1\n");
    BOOST_TEST(verdict(examine(in, 1), "configuration") == "fail");
}

BOOST_AUTO_TEST_CASE(an_exposed_key_fails_and_the_data_is_looked_at_all_the_same) {
    const shop in;
    in.connect();
    fs::permissions(in.directory() / "tributary.key", fs::perms::group_read, fs::perm_options::add);
    const auto report = examine(in, 1);
    BOOST_TEST(verdict(report, "master key") == "fail");
    BOOST_TEST(verdict(report, "integrity") == "ok");
}

BOOST_AUTO_TEST_CASE(a_database_that_others_can_read_is_warned_of) {
    const shop in;
    fs::permissions(in.directory() / "tributary.db", fs::perms::others_read, fs::perm_options::add);
    BOOST_TEST(verdict(examine(in, 0), "database file") == "warn");
}

BOOST_AUTO_TEST_CASE(another_key_fails_at_the_connection_it_cannot_open) {
    const shop in, other;
    in.connect();
    in.write("tributary.key", other.read("tributary.key"));
    const auto report = examine(in, 1);
    BOOST_TEST(verdict(report, "master key") == "ok");
    BOOST_TEST(verdict(report, "connection con_") == "fail");
}

BOOST_AUTO_TEST_CASE(plugins_that_do_not_load_fail_and_so_do_connections_without_provider) {
    shop in;
    in.connect();
    fs::create_directory(in.directory() / "none");
    in.environment["TRIBUTARY_PLUGINS_DIRECTORIES"] = (in.directory() / "none").string();
    auto report = examine(in, 1);
    BOOST_TEST(verdict(report, "plugins") == "fail");
    BOOST_TEST(verdict(report, "connection con_") == "fail");
    in.write("none/broken.so", "no library");
    report = examine(in, 1);
    BOOST_TEST(verdict(report, "plugins") == "fail");
}

BOOST_AUTO_TEST_CASE(records_and_folds_that_failed_are_warned_of) {
    const shop in;
    const std::string id = in.connect();
    in.deliver(id, "event=e1\nkind=fail\nid=x\n");
    in.deliver(id, toy::item_text("customer", "e2", "cus_1")
                       .line("time", 1)
                       .line("customer", "cus_1")
                       .line("meta.poison", "1")
                       .text());
    const auto report = examine(in, 0);
    BOOST_TEST(verdict(report, "failed records") == "warn");
    BOOST_TEST(verdict(report, "folds of toyfold") == "warn");
}

BOOST_AUTO_TEST_CASE(a_connection_without_a_valid_secret_is_warned_of) {
    const shop in;
    in.ask({"connection", "create", "--provider", "toy", "--realm", "toy:1", "--sandbox"});
    BOOST_TEST(verdict(examine(in, 0), "connection con_") == "warn");
}

BOOST_AUTO_TEST_CASE(conflicting_claims_are_warned_of) {
    const shop in;
    const std::string id = in.connect();
    in.deliver(id, toy::identity("e1", "cus_1", "U1", 1000).text());
    in.deliver(id, toy::identity("e2", "cus_1", "U2", 2000).text());
    BOOST_TEST(verdict(examine(in, 0), "conflicts") == "warn");
}

BOOST_AUTO_TEST_CASE(a_damaged_database_fails) {
    const shop in;
    {
        std::fstream file(in.directory() / "tributary.db", std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(8192 + 200);
        file << std::string(20'000, '\x5a');
    }
    examine(in, 1);
}

BOOST_AUTO_TEST_CASE(an_absent_database_fails_and_is_not_made) {
    const shop in;
    for (const char* file : {"tributary.db", "tributary.db-wal", "tributary.db-shm"})
        fs::remove(in.directory() / file);
    BOOST_TEST(verdict(examine(in, 1), "database") == "fail");
    BOOST_TEST(!fs::exists(in.directory() / "tributary.db"));
}

BOOST_AUTO_TEST_SUITE_END()
