#include <tributary/config/load.hpp>

#include "config/fixture.hpp"

using namespace tributary::config;
using namespace tributary::config::test;

BOOST_AUTO_TEST_SUITE(plugin_tables)

BOOST_AUTO_TEST_CASE(a_table_becomes_a_json_object_of_the_same_types) {
    const configuration made = loaded(R"(
[plugin.acme]
text = "a\"\\\u0001\u00fc"
integer = -9223372036854775808
real = 0.5
whole = 2.0
yes = true
day = 1979-05-27
at = 1979-05-27T07:32:00Z
list = [1, "b", []]
empty = {}
[plugin.acme.inner]
"a key" = 1
)");
    BOOST_TEST(made.plugin_json("acme") ==
               R"({"at":"1979-05-27T07:32:00Z","day":"1979-05-27","empty":{},"inner":{"a key":1},)"
               R"("integer":-9223372036854775808,"list":[1,"b",[]],"real":0.5,)"
               "\"text\":\"a\\\"\\\\\\u0001\xc3\xbc\",\"whole\":2.0,\"yes\":true}");
    BOOST_TEST(made.plugin_json("other") == "{}");
}

BOOST_AUTO_TEST_CASE(numbers_that_json_cannot_say_are_refused) {
    BOOST_TEST(code_of("[plugin.acme]\na = inf") == config_errc::malformed);
    BOOST_TEST(code_of("[plugin.acme]\na = [{b = nan}]") == config_errc::malformed);
    BOOST_TEST(code_of("", {{"TRIBUTARY_PLUGIN_ACME_A", "[inf]"}}) == config_errc::malformed);
}

BOOST_AUTO_TEST_CASE(names_that_no_plugin_can_have_are_refused) {
    BOOST_TEST(code_of("[plugin.Acme]\na = 1") == config_errc::malformed);
    BOOST_TEST(code_of("[plugin.\"a.b\"]\na = 1") == config_errc::malformed);
    BOOST_TEST(code_of("[plugin.aaaaaaaaaaaaaaaaaaaaaaaaa]\na = 1") == config_errc::malformed);
    BOOST_TEST(code_of("[plugin]\nacme = 1") == config_errc::wrong_type);
}

BOOST_AUTO_TEST_CASE(the_environment_sets_single_keys) {
    const configuration made = loaded("[plugin.acme]\na = 1\nb = 2", {{"TRIBUTARY_PLUGIN_ACME_B", "3"},
                                                                      {"TRIBUTARY_PLUGIN_ACME_C_D", "text"},
                                                                      {"TRIBUTARY_PLUGIN_OTHER_X", "true"}});
    BOOST_TEST(made.plugin_json("acme") == R"({"a":1,"b":3,"c_d":"text"})");
    BOOST_TEST(made.plugin_json("other") == R"({"x":true})");
}

BOOST_AUTO_TEST_CASE(text_of_the_environment_keeps_being_text_unless_it_is_plainly_something_else) {
    const auto json = [](std::string text) {
        return std::string(loaded("", {{"TRIBUTARY_PLUGIN_A_K", std::move(text)}}).plugin_json("a"));
    };
    BOOST_TEST(json("") == R"({"k":""})");
    BOOST_TEST(json("0") == R"({"k":0})");
    BOOST_TEST(json("-5") == R"({"k":-5})");
    BOOST_TEST(json("007") == R"({"k":"007"})");
    BOOST_TEST(json("1.5") == R"({"k":"1.5"})");
    BOOST_TEST(json("\"7\"") == R"({"k":"7"})");
    BOOST_TEST(json("[1, 2]") == R"({"k":[1,2]})");
    BOOST_TEST(json("{a = 1}") == R"({"k":{"a":1}})");
    BOOST_TEST(json("1\nb = 2") == R"({"k":"1\u000ab = 2"})");
    BOOST_TEST(json("True") == R"({"k":"True"})");
    BOOST_TEST(json("99999999999999999999") == R"({"k":"99999999999999999999"})");
}

BOOST_AUTO_TEST_CASE(a_broken_value_in_the_environment_is_refused_and_not_shown) {
    for (const char* text : {"[1, hidden", "\"hidden", "hidden\xff"}) {
        const std::string found = refused("", {{"TRIBUTARY_PLUGIN_ACME_TOKEN", text}});
        BOOST_TEST(found.starts_with("environment variable TRIBUTARY_PLUGIN_ACME_TOKEN: "));
        BOOST_TEST(found.find("hidden") == std::string::npos);
    }
    BOOST_TEST(code_of("", {{"TRIBUTARY_PLUGIN_ACME", "1"}}) == config_errc::unknown_key);
    BOOST_TEST(code_of("", {{"TRIBUTARY_PLUGIN_ACME_", "1"}}) == config_errc::unknown_key);
    BOOST_TEST(code_of("", {{"TRIBUTARY_PLUGIN__A", "1"}}) == config_errc::unknown_key);
}

BOOST_AUTO_TEST_CASE(a_table_for_a_plugin_that_is_not_enabled_is_a_warning) {
    const configuration made =
        loaded("[plugins]\nenabled = [\"acme\"]\n[plugin.acme]\na = 1\n[plugin.acne]\nb = 1");
    BOOST_TEST_REQUIRE(made.warnings.size() == 1u);
    BOOST_TEST(made.warnings[0] ==
               "tributary.toml:6: 'plugin.acne' is set for a plugin that 'plugins.enabled' does not name");
    BOOST_TEST(loaded("[plugin.acne]\nb = 1").warnings.empty());
}

BOOST_AUTO_TEST_SUITE_END()
