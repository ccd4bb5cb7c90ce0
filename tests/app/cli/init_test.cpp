// The built tool as a child process: what it makes first, and that it never overwrites.
#include <boost/test/unit_test.hpp>

#include <filesystem>

#include "app/cli/shop.hpp"

using namespace tributary::test;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(init)

BOOST_AUTO_TEST_CASE(everything_is_made_once_and_never_overwritten) {
    shop in(false);
    const auto first = in.ask({"init"});
    for (const auto& each : first.at("done").as_array())
        BOOST_TEST(each.at("state").as_string() == "made");
    BOOST_TEST(first.at("next").as_array().size() == 3);
    const std::string configuration = in.read("tributary.toml");
    const std::string key = in.read("tributary.key");

    const auto second = in.ask({"init"});
    for (const auto& each : second.at("done").as_array())
        BOOST_TEST(each.at("state").as_string() == "exists");
    BOOST_TEST(in.read("tributary.toml") == configuration);
    BOOST_TEST(in.read("tributary.key") == key);
    BOOST_TEST(in.ask({"workspace", "list"}).at("workspaces").as_array().size() == 1);
}

BOOST_AUTO_TEST_CASE(key_and_configuration_are_for_their_owner_only) {
    const shop in;
    for (const char* file : {"tributary.key", "tributary.toml"})
        BOOST_TEST(((fs::status(in.directory() / file).permissions() & fs::perms::mask) ==
                    (fs::perms::owner_read | fs::perms::owner_write)),
                   file);
}

BOOST_AUTO_TEST_CASE(a_configuration_that_is_there_is_obeyed) {
    shop in(false);
    in.write("tributary.toml", "[storage]\npath = \"other.db\"\n[secrets]\nkey_file = \"other.key\"\n");
    in.ask({"init"});
    BOOST_TEST(fs::exists(in.directory() / "other.db"));
    BOOST_TEST(fs::exists(in.directory() / "other.key"));
    BOOST_TEST(!fs::exists(in.directory() / "tributary.db"));
}

BOOST_AUTO_TEST_CASE(another_directory_is_made_and_named_in_the_next_commands) {
    shop in(false);
    const auto made = in.ask({"init", "--dir", "deep/down"});
    BOOST_TEST(fs::exists(in.directory() / "deep/down/tributary.db"));
    const std::string next(made.at("next").at(0).as_string());
    BOOST_TEST(next.find("deep/down/tributary.toml") != std::string::npos);
    BOOST_TEST(in.run({"workspace", "list", "--config", "deep/down/tributary.toml"}).status == 0);
}

BOOST_AUTO_TEST_CASE(a_lost_key_of_a_database_is_not_replaced) {
    shop in;
    fs::remove(in.directory() / "tributary.key");
    const run_result again = in.run({"init"});
    BOOST_TEST(again.status == 1);
    BOOST_TEST(again.err.find("put it back") != std::string::npos);
    BOOST_TEST(!fs::exists(in.directory() / "tributary.key"));
}

BOOST_AUTO_TEST_CASE(a_key_in_the_environment_needs_no_file) {
    shop in(false);
    in.environment["TRIBUTARY_SECRETS_KEY"] = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    const run_result made = in.run({"init"});
    BOOST_TEST_REQUIRE(made.status == 0, made.err);
    BOOST_TEST(!fs::exists(in.directory() / "tributary.key"));
    BOOST_TEST(in.run({"workspace", "list"}).status == 0);
}

BOOST_AUTO_TEST_SUITE_END()
