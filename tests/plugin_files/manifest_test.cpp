#include <boost/test/unit_test.hpp>

#include "plugin_files/fixture.hpp"

using namespace tributary;
using namespace tributary::test;
using plugins::plugin_errc;

namespace {

const std::string good =
    R"({"manifest":1,"id":"com.example.acme","short_name":"acme","version":"1.2.3","vendor":"Acme","abi":"0.2",)"
    R"("extensions":["tributary.provider/1"],"requires":["tributary.host.crypto/1"],)"
    R"("config_schema":{"type":"object"},"file":"acme.so",)"
    R"("sha256":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","later":true})";

std::string with(std::string_view what, std::string_view by) {
    std::string text = good;
    BOOST_REQUIRE(text.find(what) != std::string::npos);
    replace(text, what, by);
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(manifests)

BOOST_AUTO_TEST_CASE(one_is_read_whole_and_what_a_later_host_adds_is_passed_over) {
    const auto read = plugins::parse_manifest(good);
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read->id == "com.example.acme");
    BOOST_TEST(read->short_name == "acme");
    BOOST_TEST(read->version == "1.2.3");
    BOOST_TEST(read->vendor == "Acme");
    BOOST_TEST(read->abi_major == 0u);
    BOOST_TEST(read->abi_minor == 2u);
    BOOST_TEST(read->has("tributary.provider/1"));
    BOOST_TEST(!read->has("tributary.provider/2"));
    BOOST_TEST(read->requirements.size() == 1u);
    BOOST_TEST(read->config_schema == R"({"type":"object"})");
    BOOST_TEST(read->file == "acme.so");
}

BOOST_AUTO_TEST_CASE(a_malformed_one_is_refused_with_the_member_and_what_it_must_be) {
    const std::pair<std::string, std::string_view> cases[] = {
        {"", "not a JSON object"},
        {"[]", "not a JSON object"},
        {good.substr(0, 100), "not a JSON object"},
        {with(R"("manifest":1)", R"("manifest":2)"), "'manifest' must be 1: 2"},
        {with(R"("manifest":1,)", ""), "'manifest' must be 1: it is missing"},
        {with(R"("id":"com.example.acme")", R"("id":7)"), "'id' must be a text"},
        {with(R"("id":"com.example.acme",)", ""), "'id' is missing"},
        {with(R"("version":"1.2.3")", R"("version":"")"), "'version' must be a text that is not empty"},
        {with(R"("abi":"0.2")", R"("abi":"two")"), "'abi' must be two numbers"},
        {with(R"("abi":"0.2")", R"("abi":"0.2x")"), "'abi' must be two numbers"},
        {with(R"("abi":"0.2")", R"("abi":"0.-2")"), "'abi' must be two numbers"},
        {with(R"(["tributary.provider/1"])", "{}"), "'extensions' must be a list of texts"},
        {with(R"(["tributary.provider/1"])", "[1]"), "'extensions' must be a list of texts"},
        {with(R"("file":"acme.so")", R"("file":"../acme.so")"), "'file' must be the name of a file"},
        {with("0123456789abcdef0123", "0123456789ABCDEF0123"), "'sha256' must be 64 lower-case"},
        {with("0123456789abcdef0123", ""), "'sha256' must be 64 lower-case"},
        {with(R"({"type":"object"})", "[]"), "'config_schema' must be an object"},
    };
    for (const auto& [text, says] : cases) {
        const failure why = failure_of(plugins::parse_manifest(text));
        BOOST_TEST((why.code == plugin_errc::bad_manifest));
        BOOST_TEST(why.detail.find(says) != std::string::npos, why.detail << " does not say " << says);
    }
}

BOOST_AUTO_TEST_CASE(it_lies_beside_its_module) {
    BOOST_TEST((plugins::manifest_path("/a/b.c/acme.so") == fs::path("/a/b.c/acme.trbplugin.json")));
    BOOST_TEST((failure_of(plugins::read_manifest("/nowhere/acme.trbplugin.json")).code ==
                plugin_errc::no_manifest));
}

BOOST_AUTO_TEST_CASE(a_huge_one_is_not_read_to_its_end) {
    const plugin_folder in;
    write_file(in.path("big.trbplugin.json"), std::string(2'000'000, ' '));
    BOOST_TEST(has_all(failure_of(plugins::read_manifest(in.path("big.trbplugin.json"))).text(),
                       {"larger than 1 MiB"}));
}

BOOST_AUTO_TEST_SUITE_END()
