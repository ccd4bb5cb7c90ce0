#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include "config/address.hpp"
#include "config/fixture.hpp"
#include "config/units.hpp"

namespace bdata = boost::unit_test::data;
using namespace tributary::config;
using namespace tributary::config::test;

BOOST_AUTO_TEST_SUITE(configuration_values)

BOOST_DATA_TEST_CASE(sizes_are_read_with_their_unit,
                     bdata::make({"0", "4096", "512B", "64KiB", "1MiB", "2GiB", "10kB", "10KB", "10MB",
                                  "1GB"}) ^
                         bdata::make({0L, 4096L, 512L, 65536L, 1048576L, 2147483648L, 10'000L, 10'000L,
                                      10'000'000L, 1'000'000'000L}),
                     text, bytes) {
    BOOST_TEST(parse_size(text).value() == bytes);
}

BOOST_DATA_TEST_CASE(what_is_no_size_is_refused,
                     bdata::make({"", "MiB", "-1", "+1", "1.5MiB", "1 MiB", "1mib", "0x10", "1TiB", "1KiB "}),
                     text) {
    BOOST_TEST(parse_size(text).error().code == config_errc::malformed);
}

BOOST_DATA_TEST_CASE(sizes_beyond_63_bits_are_refused,
                     bdata::make({"9223372036854775808", "8589934592GiB", "99999999999999999999999"}), text) {
    BOOST_TEST(parse_size(text).error().code == config_errc::out_of_range);
}

BOOST_DATA_TEST_CASE(durations_are_read_with_their_unit,
                     bdata::make({"0s", "500ms", "10s", "5m", "2h", "1d", "3000us"}) ^
                         bdata::make({0L, 500L, 10'000L, 300'000L, 7'200'000L, 86'400'000L, 3L}),
                     text, milliseconds) {
    BOOST_TEST(parse_duration(text, 1000).value() == milliseconds);
}

BOOST_DATA_TEST_CASE(what_is_no_duration_is_refused,
                     bdata::make({"", "10", "s", "-1s", "1.5s", "1 s", "10S", "1w", "1m30s", "1500us"}),
                     text) {
    BOOST_TEST(parse_duration(text, 1000).error().code == config_errc::malformed);
}

BOOST_AUTO_TEST_CASE(durations_beyond_63_bits_are_refused) {
    BOOST_TEST(parse_duration("9223372036854775807d", 1000).error().code == config_errc::out_of_range);
}

BOOST_AUTO_TEST_CASE(quantities_are_written_in_the_greatest_unit_that_loses_nothing) {
    BOOST_TEST(size_text(1024 * 1024) == "1MiB");
    BOOST_TEST(size_text(1536) == "1536");
    BOOST_TEST(size_text(0) == "0");
    BOOST_TEST(duration_text(90'000, 1000) == "90s");
    BOOST_TEST(duration_text(60'000, 1000) == "1m");
    BOOST_TEST(duration_text(1, 1) == "1us");
    BOOST_TEST(duration_text(0, 1) == "0s");
}

BOOST_DATA_TEST_CASE(literal_addresses_with_a_port_can_be_listened_on,
                     bdata::make({"127.0.0.1:8080", "0.0.0.0:0", "[::1]:1", "[2001:db8::1]:65535"}), text) {
    const auto parsed = parse_listen_address(text);
    BOOST_REQUIRE(parsed.has_value());
    BOOST_TEST(parsed->text() == text);
}

BOOST_DATA_TEST_CASE(other_listen_addresses_are_refused,
                     bdata::make({"",
                                  ":",
                                  "127.0.0.1",
                                  ":8080",
                                  "8080",
                                  "127.0.0.1:",
                                  "127.0.0.1:65536",
                                  "127.0.0.1:-1",
                                  "127.0.0.1:+1",
                                  "127.0.0.1:80 ",
                                  "256.0.0.1:80",
                                  "1.2.3:80",
                                  "localhost:80",
                                  "*:80",
                                  "::1:80",
                                  "[::1]",
                                  "[127.0.0.1]:80",
                                  "[::1]:99999",
                                  "[::g]:80",
                                  "[]:80"}),
                     text) {
    BOOST_TEST(parse_listen_address(text).error().code == config_errc::malformed);
}

BOOST_DATA_TEST_CASE(networks_are_addresses_with_or_without_a_prefix,
                     bdata::make({"10.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "1.2.3.4/32", "::1", "fd00::/8",
                                  "::/128"}),
                     text) {
    BOOST_TEST(is_network(text));
}

BOOST_DATA_TEST_CASE(other_networks_are_refused,
                     bdata::make({"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "::/129",
                                  "example.com", "10.0.0.0/8/8", "10.0.0.0 /8"}),
                     text) {
    BOOST_TEST(!is_network(text));
}

BOOST_DATA_TEST_CASE(
    public_urls_lose_their_last_slash,
    bdata::make({"https://pay.example.com", "https://pay.example.com/", "http://127.0.0.1:8080/",
                 "https://[::1]:8443/a/b//", "http://localhost:1"}) ^
        bdata::make({"https://pay.example.com", "https://pay.example.com", "http://127.0.0.1:8080",
                     "https://[::1]:8443/a/b", "http://localhost:1"}),
    text, kept) {
    BOOST_TEST(parse_public_url(text).value() == kept);
}

BOOST_DATA_TEST_CASE(
    other_public_urls_are_refused,
    bdata::make({"pay.example.com", "ftp://a.example", "https://", "https:///a", "https://a b",
                 "https://u@a.example", "https://a.example?x", "https://a.example/#x", "https://a.example:0",
                 "https://a.example:", "https://a.example:99999", "https://.a", "https://a..b",
                 "HTTPS://a.example", "https://[::1", "https://b\xc3\xbc.example", "https://a.example/\n"}),
    text) {
    BOOST_TEST(parse_public_url(text).error().code == config_errc::malformed);
}

BOOST_DATA_TEST_CASE(
    values_of_a_wrong_type_are_refused,
    bdata::make({"[server]\nlisten = 8080", "[server]\nthreads = \"4\"", "[server]\nthreads = 1.0",
                 "[server]\nthreads = true", "[server]\nidle_timeout = 10", "[server]\nbody_bytes_max = true",
                 "[server]\ntrusted_proxies = \"::1\"", "[server]\ntrusted_proxies = [\"::1\", 1]",
                 "[log]\nlevel = 2", "[log]\nlevel = [\"info\"]", "[storage]\npath = 1979-05-27",
                 "[plugins]\nenabled = [[\"stripe\"]]", "[server]\nlisten = [1, 2]"}),
    text) {
    BOOST_TEST(code_of(text) == config_errc::wrong_type);
}

BOOST_DATA_TEST_CASE(values_out_of_their_range_are_refused,
                     bdata::make({"[server]\nthreads = 0", "[server]\nthreads = 257",
                                  "[server]\nthreads = -1", "[server]\nheader_bytes_max = 1023",
                                  "[server]\nheader_bytes_max = \"2MiB\"",
                                  "[server]\nbody_bytes_max = \"2GiB\"", "[server]\nidle_timeout = \"0s\"",
                                  "[server]\nidle_timeout = \"61m\"", "[engine]\nbatch_wait = \"1001ms\"",
                                  "[engine]\npending_max = 9223372036854775807", "[storage]\npath = \"\""}),
                     text) {
    BOOST_TEST(code_of(text) == config_errc::out_of_range);
}

BOOST_AUTO_TEST_CASE(the_range_is_told_in_the_units_of_the_option) {
    BOOST_TEST(refused("[server]\nidle_timeout = \"2h\"\nbody_bytes_max = 1") ==
               "tributary.toml:2: 'server.idle_timeout' must be 1ms to 1h, not \"2h\"\n"
               "tributary.toml:3: 'server.body_bytes_max' must be 1KiB to 1GiB, not 1\n");
}

BOOST_DATA_TEST_CASE(malformed_values_are_refused,
                     bdata::make({"[storage]\ndurability = \"Full\"", "[storage]\ndurability = \"\"",
                                  "[storage]\npath = \"a\\u0000b\"", "[plugins]\nenabled = [\"Stripe\"]",
                                  "[plugins]\nenabled = [\"\"]", "[plugins]\nenabled = [\"a\", \"a\"]",
                                  "[plugins]\ndirectories = [\"\"]",
                                  "[server]\ntrusted_proxies = [\"proxy\"]",
                                  "[server]\nidle_timeout = \"10\"", "[plugins]\nenabled = [\"a_b\"]"}),
                     text) {
    BOOST_TEST(code_of(text) == config_errc::malformed);
}

BOOST_AUTO_TEST_CASE(lists_and_paths_have_a_greatest_length) {
    std::string list = "[plugins]\ndirectories = [";
    for (int index = 0; index < 65; ++index)
        list += "\"" + std::to_string(index) + "\",";
    BOOST_TEST(code_of(list + "]") == config_errc::out_of_range);
    BOOST_TEST(code_of("[storage]\npath = \"" + std::string(4096, 'a') + "\"") == config_errc::out_of_range);
    BOOST_TEST(loaded("[storage]\npath = \"" + std::string(4095, 'a') + "\"").storage.path.size() == 4095u);
}

BOOST_AUTO_TEST_SUITE_END()
