#include <tributary/config/load.hpp>

#include <cstdlib>

#include "config/fixture.hpp"

using namespace tributary;
using namespace tributary::config;
using namespace tributary::config::test;

BOOST_AUTO_TEST_SUITE(configuration_environment)

BOOST_AUTO_TEST_CASE(a_variable_wins_over_the_file) {
    const configuration made =
        loaded("[server]\nthreads = 2\n[log]\nlevel = \"warn\"", {{"TRIBUTARY_SERVER_THREADS", "3"}});
    BOOST_TEST(made.server.threads == 3u);
    BOOST_TEST(made.origin("server.threads") == "TRIBUTARY_SERVER_THREADS");
    BOOST_TEST((made.log.level == log_level::warn));
    BOOST_TEST(made.origin("log.level") == "tributary.toml:4");
}

BOOST_AUTO_TEST_CASE(every_type_can_be_given_as_text) {
    const configuration made = loaded("", {{"TRIBUTARY_SERVER_LISTEN", "0.0.0.0:80"},
                                           {"TRIBUTARY_SERVER_BODY_BYTES_MAX", "2MiB"},
                                           {"TRIBUTARY_SERVER_HEADER_BYTES_MAX", "2048"},
                                           {"TRIBUTARY_SERVER_IDLE_TIMEOUT", "5s"},
                                           {"TRIBUTARY_SERVER_TRUSTED_PROXIES", "10.0.0.0/8, ::1"},
                                           {"TRIBUTARY_STORAGE_DURABILITY", "relaxed"},
                                           {"TRIBUTARY_PLUGINS_ENABLED", ""},
                                           {"TRIBUTARY_SECRETS_KEY", "k"}});
    BOOST_TEST(made.server.listen.text() == "0.0.0.0:80");
    BOOST_TEST(made.server.body_bytes_max == 2u * 1024 * 1024);
    BOOST_TEST(made.server.header_bytes_max == 2048u);
    BOOST_TEST(made.server.idle_timeout_ms == 5000);
    BOOST_TEST(made.server.trusted_proxies == (std::vector<std::string>{"10.0.0.0/8", "::1"}),
               boost::test_tools::per_element());
    BOOST_TEST((made.storage.durability == durability::relaxed));
    BOOST_TEST(made.plugins.enabled.empty());
    BOOST_TEST(made.secrets.key.reveal() == "k");
}

BOOST_AUTO_TEST_CASE(a_variable_that_holds_nonsense_is_refused) {
    BOOST_TEST(code_of("", {{"TRIBUTARY_SERVER_THREADS", "3 "}}) == config_errc::malformed);
    BOOST_TEST(code_of("", {{"TRIBUTARY_SERVER_THREADS", ""}}) == config_errc::malformed);
    BOOST_TEST(code_of("", {{"TRIBUTARY_SERVER_THREADS", "0"}}) == config_errc::out_of_range);
    BOOST_TEST(code_of("", {{"TRIBUTARY_PLUGINS_ENABLED", "stripe,"}}) == config_errc::malformed);
    BOOST_TEST(code_of("", {{"TRIBUTARY_PLUGINS_ENABLED", ","}}) == config_errc::malformed);
}

BOOST_AUTO_TEST_CASE(a_value_can_be_read_from_a_file) {
    const directory at;
    const std::string path = at.write("url", "https://pay.example.com\n").string();
    const configuration made = loaded("", {{"TRIBUTARY_SERVER_PUBLIC_URL_FILE", path}});
    BOOST_TEST(made.server.public_url == "https://pay.example.com");
    BOOST_TEST(made.origin("server.public_url") == "TRIBUTARY_SERVER_PUBLIC_URL_FILE");
}

BOOST_AUTO_TEST_CASE(a_value_given_twice_or_in_an_absent_or_endless_file_is_refused) {
    const directory at;
    BOOST_TEST(code_of("", {{"TRIBUTARY_LOG_LEVEL_FILE", at.write("level", "info").string()},
                            {"TRIBUTARY_LOG_LEVEL", "info"}}) == config_errc::conflict);
    BOOST_TEST(code_of("", {{"TRIBUTARY_LOG_LEVEL_FILE", at.path("absent").string()}}) ==
               config_errc::unreadable);
    BOOST_TEST(code_of("", {{"TRIBUTARY_LOG_LEVEL_FILE", "/dev/zero"}}) == config_errc::unreadable);
    BOOST_TEST(code_of("", {{"TRIBUTARY_LOG_LEVEL_FILE", at.write("two", "info\n\n").string()}}) ==
               config_errc::malformed);
}

BOOST_AUTO_TEST_CASE(the_file_of_the_master_key_stays_a_path) {
    // TRIBUTARY_SECRETS_KEY_FILE is both the variable of secrets.key_file and the _FILE form of secrets.key.
    // The first reading is right: only a path lets the permissions of the file be checked.
    const directory at;
    const std::string path = at.write("key", "k").string();
    const configuration made = loaded("", {{"TRIBUTARY_SECRETS_KEY_FILE", path}});
    BOOST_TEST(made.secrets.key_file == path);
    BOOST_TEST(made.secrets.key.empty());
}

BOOST_AUTO_TEST_CASE(a_misspelt_variable_is_named_with_the_nearest_one) {
    BOOST_TEST(refused("", {{"TRIBUTARY_SERVER_LISEN", "x"}}) ==
               "environment variable TRIBUTARY_SERVER_LISEN: is no setting; did you mean "
               "TRIBUTARY_SERVER_LISTEN?\n");
    BOOST_TEST(
        refused("", {{"TRIBUTARY_STORGE_PATH", "x"}}) ==
        "environment variable TRIBUTARY_STORGE_PATH: is no setting; did you mean TRIBUTARY_STORAGE_PATH?\n");
    BOOST_TEST(code_of("", {{"TRIBUTARY_ENGINE_ZZZZZZZZZZZZZZZZ", "x"}}) == config_errc::unknown_key);
}

BOOST_AUTO_TEST_CASE(a_variable_of_something_else_is_ignored_with_a_warning) {
    const configuration made =
        loaded("", {{"TRIBUTARY_CLIENT_COLOUR", "red"}, {"HOME", "/"}, {"TRIBUTARYX", "1"}});
    BOOST_TEST_REQUIRE(made.warnings.size() == 1u);
    BOOST_TEST(made.warnings[0] == "environment variable TRIBUTARY_CLIENT_COLOUR: is no setting; ignored");
    BOOST_TEST(loaded("", {{"TRIBUTARY_CONFIG", "x.toml"}}).warnings.empty());
    BOOST_TEST(loaded("", {{"TRIBUTARY_API_KEY", "x"}}).warnings.empty()); // The command line tool's.
    for (const char* of_a_client : {"TRIBUTARY_URL", "TRIBUTARY_SERVER", "TRIBUTARY_TOKEN", "TRIBUTARY_"})
        BOOST_TEST(loaded("", {{of_a_client, "x"}}).warnings.size() == 1u, of_a_client);
}

BOOST_AUTO_TEST_CASE(variables_that_kubernetes_makes_for_services_are_ignored) {
    const configuration made = loaded("", {{"TRIBUTARY_ADMIN_PORT", "tcp://10.0.0.1:9090"},
                                           {"TRIBUTARY_ADMIN_PORT_9090_TCP", "tcp://10.0.0.1:9090"},
                                           {"TRIBUTARY_ADMIN_PORT_9090_TCP_PROTO", "tcp"},
                                           {"TRIBUTARY_ADMIN_PORT_9090_TCP_PORT", "9090"},
                                           {"TRIBUTARY_ADMIN_PORT_9090_TCP_ADDR", "10.0.0.1"},
                                           {"TRIBUTARY_ADMIN_SERVICE_HOST", "10.0.0.1"},
                                           {"TRIBUTARY_ADMIN_SERVICE_PORT", "9090"},
                                           {"TRIBUTARY_ADMIN_SERVICE_PORT_METRICS", "9090"},
                                           {"TRIBUTARY_SERVICE_HOST", "10.0.0.1"},
                                           {"TRIBUTARY_PORT", "tcp://10.0.0.1:9090"}});
    BOOST_TEST(made.origins.empty());
    BOOST_TEST(made.warnings.empty());
    BOOST_TEST(code_of("", {{"TRIBUTARY_SERVER_PORT", "8080"}}) == config_errc::unknown_key);
}

BOOST_AUTO_TEST_CASE(the_environment_of_the_process_can_be_read) {
    BOOST_REQUIRE(setenv("TRIBUTARY_TEST_OF_ENVIRONMENT", "a=b", 1) == 0);
    const environment_map environment = process_environment();
    unsetenv("TRIBUTARY_TEST_OF_ENVIRONMENT");
    BOOST_REQUIRE(environment.contains("TRIBUTARY_TEST_OF_ENVIRONMENT"));
    BOOST_TEST(environment.at("TRIBUTARY_TEST_OF_ENVIRONMENT") == "a=b");
}

BOOST_AUTO_TEST_SUITE_END()
