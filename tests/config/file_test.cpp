#include <tributary/config/load.hpp>

#include <filesystem>

#include "config/fixture.hpp"

using namespace tributary;
using namespace tributary::config;
using namespace tributary::config::test;

BOOST_AUTO_TEST_SUITE(configuration_file)

BOOST_AUTO_TEST_CASE(no_file_and_no_environment_give_the_defaults) {
    const auto made = load_configuration(std::nullopt, {});
    BOOST_REQUIRE(made.has_value());
    BOOST_TEST(made->server.listen.text() == "127.0.0.1:8080");
    BOOST_TEST(made->admin.listen.text() == "127.0.0.1:9090");
    BOOST_TEST(made->server.body_bytes_max == 1024u * 1024);
    BOOST_TEST(made->storage.path == "tributary.db");
    BOOST_TEST((made->storage.durability == durability::full));
    BOOST_TEST((made->log.level == log_level::info));
    BOOST_TEST(made->origin("server.listen") == "default");
    BOOST_TEST(made->warnings.empty());
}

BOOST_AUTO_TEST_CASE(every_key_of_every_section_is_read) {
    const configuration made = loaded(R"(
[server]
listen = "[::1]:80"
threads = 4
header_bytes_max = "64KiB"
body_bytes_max = 2000000
connections_max = 10
header_timeout = "500ms"
body_timeout = "1m"
idle_timeout = "90s"
response_timeout = "2s"
shutdown_grace = "0s"
tls_certificate = "/etc/cert.pem"
tls_key = "/etc/key.pem"
trusted_proxies = ["10.0.0.0/8", "::1", "192.168.1.1"]
public_url = "https://pay.example.com/base/"
[admin]
listen = "0.0.0.0:1"
[storage]
path = "/var/lib/tributary/tributary.db"
durability = "relaxed"
[secrets]
key_file = "/etc/tributary/key"
old_key_files = ["/etc/tributary/key.2024"]
[log]
level = "debug"
format = "json"
[plugins]
directories = ["a", "b"]
enabled = ["stripe", "attribution"]
[engine]
batch_max = 1
batch_wait = "200us"
refused_kept = 0
pending_max = 7
)");
    BOOST_TEST(made.server.listen.host == "::1");
    BOOST_TEST(made.server.listen.port == 80);
    BOOST_TEST(made.server.threads == 4u);
    BOOST_TEST(made.server.header_bytes_max == 65536u);
    BOOST_TEST(made.server.body_bytes_max == 2'000'000u);
    BOOST_TEST(made.server.connections_max == 10u);
    BOOST_TEST(made.server.header_timeout_ms == 500);
    BOOST_TEST(made.server.body_timeout_ms == 60'000);
    BOOST_TEST(made.server.idle_timeout_ms == 90'000);
    BOOST_TEST(made.server.response_timeout_ms == 2000);
    BOOST_TEST(made.server.shutdown_grace_ms == 0);
    BOOST_TEST(made.server.tls_certificate == "/etc/cert.pem");
    BOOST_TEST(made.server.tls_key == "/etc/key.pem");
    BOOST_TEST(made.server.trusted_proxies.size() == 3u);
    BOOST_TEST(made.server.public_url == "https://pay.example.com/base");
    BOOST_TEST(made.admin.listen.text() == "0.0.0.0:1");
    BOOST_TEST(made.storage.path == "/var/lib/tributary/tributary.db");
    BOOST_TEST((made.storage.durability == durability::relaxed));
    BOOST_TEST(made.secrets.key_file == "/etc/tributary/key");
    BOOST_TEST(made.secrets.old_key_files.size() == 1u);
    BOOST_TEST((made.log.level == log_level::debug));
    BOOST_TEST((made.log.format == log_format::json));
    BOOST_TEST(made.plugins.directories.size() == 2u);
    BOOST_TEST(made.plugins.enabled.at(1) == "attribution");
    BOOST_TEST(made.engine.batch_max == 1u);
    BOOST_TEST(made.engine.batch_wait_us == 200);
    BOOST_TEST(made.engine.refused_kept == 0u);
    BOOST_TEST(made.engine.pending_max == 7u);
    BOOST_TEST(made.origin("server.listen") == "tributary.toml:3");
}

BOOST_AUTO_TEST_CASE(an_unknown_key_is_named_with_its_line_and_the_nearest_key) {
    BOOST_TEST(refused("[server]\n\nlisen = \"127.0.0.1:1\"\n") ==
               "tributary.toml:3: unknown key 'server.lisen'; did you mean 'server.listen'?\n");
}

BOOST_AUTO_TEST_CASE(a_key_in_the_wrong_section_leads_to_the_right_one) {
    BOOST_TEST(refused("[server]\ndurability = \"full\"") ==
               "tributary.toml:2: unknown key 'server.durability'; did you mean 'storage.durability'?\n");
    BOOST_TEST(refused("pending_max = 3") ==
               "tributary.toml:1: unknown key 'pending_max'; did you mean 'engine.pending_max'?\n");
}

BOOST_AUTO_TEST_CASE(a_key_like_no_other_gets_no_suggestion) {
    BOOST_TEST(refused("[server]\nzzz = 1") == "tributary.toml:2: unknown key 'server.zzz'\n");
}

BOOST_AUTO_TEST_CASE(a_key_in_a_table_below_a_section_is_unknown) {
    BOOST_TEST(refused("[server.tls]\nkey = \"a\"") ==
               "tributary.toml:2: unknown key 'server.tls.key'; did you mean 'server.tls_key'?\n");
    BOOST_TEST(refused("[server.tls]\n") == "tributary.toml:1: unknown key 'server.tls'\n");
}

BOOST_AUTO_TEST_CASE(an_unknown_section_is_named_with_the_nearest_section) {
    BOOST_TEST(refused("[serber]") == "tributary.toml:1: unknown section 'serber'; did you mean 'server'?\n");
    BOOST_TEST(refused("[serber]\nlisten = 3") ==
               "tributary.toml:2: unknown key 'serber.listen'; did you mean 'server.listen'?\n");
}

BOOST_AUTO_TEST_CASE(an_empty_section_asks_for_nothing) {
    BOOST_TEST(loaded("[server]\n[plugin]\n[engine]").origins.empty());
}

BOOST_AUTO_TEST_CASE(a_section_written_as_a_value_is_refused) {
    BOOST_TEST(refused("server = 3") == "tributary.toml:1: 'server' is a section: write [server]\n");
    BOOST_TEST(code_of("plugin = 3") == config_errc::wrong_type);
}

BOOST_AUTO_TEST_CASE(all_problems_are_reported_in_the_order_of_the_file_and_then_of_the_environment) {
    BOOST_TEST(
        refused("[storage]\npath = 3\n[log]\nlevel = \"loud\"\n[engine]\nbatch_max = 0\nbatch_mx = 1\n",
                {{"TRIBUTARY_SERVER_THREADS", "none"}}) ==
        "tributary.toml:2: 'storage.path' must be text, not a number\n"
        "tributary.toml:4: 'log.level' must be debug, info, warn or error, not \"loud\"\n"
        "tributary.toml:6: 'engine.batch_max' must be 1 to 10000, not 0\n"
        "tributary.toml:7: unknown key 'engine.batch_mx'; did you mean 'engine.batch_max'?\n"
        "environment variable TRIBUTARY_SERVER_THREADS: 'server.threads' is \"none\": expected a whole "
        "number\n");
}

BOOST_AUTO_TEST_CASE(a_text_that_is_not_toml_is_refused_with_line_and_column) {
    const outcome out = load("[server]\nlisten = = 3\n");
    BOOST_REQUIRE(!out);
    BOOST_TEST_REQUIRE(out.error().all.size() == 1u);
    BOOST_TEST(out.error().all[0].code == config_errc::syntax);
    BOOST_TEST(out.error().all[0].where == "tributary.toml:2:10");
    BOOST_TEST(!out.error().all[0].message.empty());
    BOOST_TEST(code_of("a = 1\na = 2") == config_errc::syntax);
    BOOST_TEST(code_of("[server]\nlisten = \"\xff\"") == config_errc::syntax);
    BOOST_TEST(code_of("a = " + std::string(100'000, '[')) == config_errc::syntax);
}

BOOST_AUTO_TEST_CASE(a_syntax_error_does_not_show_the_value_that_it_stands_in) {
    BOOST_TEST(refused("[plugin.acme]\ntoken = sk_live_hidden\n").find("hidden") == std::string::npos);
    BOOST_TEST(refused("[plugin.acme]\ntoken = \"sk_live_hidden\" hidden\n").find("hidden") ==
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_absent_a_directory_or_too_long_is_refused) {
    const directory at;
    const auto absent = load_configuration(at.path("absent.toml"), {});
    BOOST_REQUIRE(!absent);
    BOOST_TEST(absent.error().all.at(0).code == config_errc::unreadable);
    BOOST_TEST(absent.error().all.at(0).where == at.path("absent.toml").string());
    const auto folder = load_configuration(at.path(""), {});
    BOOST_REQUIRE(!folder);
    BOOST_TEST(folder.error().all.at(0).code == config_errc::unreadable);
    const auto longer = load_configuration(at.write("long.toml", std::string(1024 * 1024 + 1, '#')), {});
    BOOST_REQUIRE(!longer);
    BOOST_TEST(longer.error().all.at(0).code == config_errc::unreadable);
    BOOST_TEST(load_configuration(at.write("longest.toml", std::string(1024 * 1024, '#')), {}).has_value());
}

BOOST_AUTO_TEST_CASE(a_certificate_needs_its_key_and_a_key_its_certificate) {
    BOOST_TEST(refused("[server]\ntls_certificate = \"a\"") ==
               "tributary.toml:2: 'server.tls_certificate' is set without 'server.tls_key'\n");
    BOOST_TEST(refused("", {{"TRIBUTARY_SERVER_TLS_KEY", "a"}}) ==
               "TRIBUTARY_SERVER_TLS_KEY: 'server.tls_key' is set without 'server.tls_certificate'\n");
}

BOOST_AUTO_TEST_CASE(both_listeners_at_one_address_are_refused_unless_the_system_chooses_the_port) {
    BOOST_TEST(code_of("[admin]\nlisten = \"127.0.0.1:8080\"") == config_errc::conflict);
    BOOST_TEST(
        loaded("[server]\nlisten = \"127.0.0.1:0\"\n[admin]\nlisten = \"127.0.0.1:0\"").admin.listen.port ==
        0);
}

BOOST_AUTO_TEST_CASE(the_master_key_itself_may_not_stand_in_the_file) {
    const std::string found = refused("[secrets]\nkey = \"c2VjcmV0\"");
    BOOST_TEST(found.find("environment only") != std::string::npos);
    BOOST_TEST(found.find("c2VjcmV0") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(two_master_keys_and_old_keys_without_one_of_today_are_refused) {
    BOOST_TEST(code_of("[secrets]\nkey_file = \"a\"", {{"TRIBUTARY_SECRETS_KEY", "b"}}) ==
               config_errc::conflict);
    BOOST_TEST(code_of("[secrets]\nold_key_files = [\"a\"]") == config_errc::conflict);
}

BOOST_AUTO_TEST_CASE(the_systemd_credential_is_the_key_when_nothing_else_is) {
    const directory at;
    const environment_map environment{{"CREDENTIALS_DIRECTORY", at.path("").string()}};
    BOOST_TEST(loaded("", environment).secrets.key_file.empty());

    at.write("tributary-key", "k");
    const configuration made = loaded("", environment);
    BOOST_TEST(made.secrets.key_file == at.path("tributary-key").string());
    BOOST_TEST(made.secrets.credentials_directory == at.path("").string());
    BOOST_TEST(made.origin("secrets.key_file") == "systemd credential");

    const configuration named = loaded("[secrets]\nkey_file = \"/mine\"", environment);
    BOOST_TEST(named.secrets.key_file == "/mine");
    BOOST_TEST(named.origin("secrets.key_file") == "tributary.toml:2");
}

BOOST_AUTO_TEST_SUITE_END()
