// Fuzzing finds, says how to find it again, and keeps the input.
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "validator/check_run.hpp"

using namespace tributary::test;

BOOST_AUTO_TEST_SUITE(fuzzing)

BOOST_AUTO_TEST_CASE(a_crash_is_found_and_found_again_with_the_same_seed) {
    const scratch_folder in;
    const std::vector<std::string> arguments{"--fuzz", "20", "--seed", "3"};
    const check_result first =
        check_plugin("bad-plugins/bad_provider_null_when_truncated.so", arguments, in.path());
    BOOST_TEST(first.status == 1);
    const std::string message(first.document.at("message").as_string());
    BOOST_TEST(message.find("follows a null pointer, seed 3 batch 0 iteration ") != std::string::npos,
               message);
    const std::filesystem::path saved(std::string(first.document.at("saved").as_string()));
    BOOST_REQUIRE(std::filesystem::exists(saved));
    const std::string input = in.read(saved.filename().string());
    BOOST_TEST(input.starts_with("POST / HTTP/1.1\r\n"));
    BOOST_TEST(!input.ends_with('}'));
    std::filesystem::remove(saved);
    const check_result again =
        check_plugin("bad-plugins/bad_provider_null_when_truncated.so", arguments, in.path());
    BOOST_TEST(again.document.at("message").as_string() == first.document.at("message").as_string());
    BOOST_TEST(in.read(saved.filename().string()) == input);
}

BOOST_AUTO_TEST_CASE(a_hang_is_found_with_its_input) {
    const scratch_folder in;
    const check_result found = check_plugin("bad-plugins/bad_provider_endless_when_truncated.so",
                                            {"--fuzz", "20", "--timeout", "2"}, in.path());
    BOOST_TEST(found.status == 1);
    BOOST_TEST(
        std::string(found.document.at("message").as_string()).starts_with("no end within 2000 ms, seed 1"));
    BOOST_TEST(!std::filesystem::is_empty(in.path()));
}

BOOST_AUTO_TEST_CASE(a_changed_body_that_is_accepted_is_found) {
    const scratch_folder in;
    const check_result found =
        check_plugin("bad-plugins/bad_provider_accepts_anything.so", {"--fuzz", "20"}, in.path());
    BOOST_TEST(found.status == 1);
    BOOST_TEST(std::string(found.document.at("message").as_string()).find("accepts a changed body") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_good_plugin_is_fed_thousands_and_lives) {
    const scratch_folder in;
    const check_result found = check_plugin("bad-plugins/bad_provider_none.so", {"--fuzz", "1"}, in.path());
    BOOST_TEST(found.status == 0);
    BOOST_TEST(found.document.at("executions").as_int64() >= 2000);
    BOOST_TEST(std::filesystem::is_empty(in.path()));
}

BOOST_AUTO_TEST_CASE(a_plugin_without_deliveries_cannot_be_fuzzed) {
    BOOST_TEST(check_plugin("bad-plugins/bad_projection_none.so", {"--fuzz", "1"}).status == 1);
}

BOOST_AUTO_TEST_SUITE_END()
