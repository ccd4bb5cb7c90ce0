// Plugins that are right pass; manifests and fixtures are compared.
#include <tributary/base/crypto.hpp>

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "validator/check_run.hpp"

using namespace tributary::test;

namespace {

std::string file_digest(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    return tributary::hex_encode(tributary::as_bytes(tributary::sha256(bytes)));
}

std::string signature(const std::string& body) {
    return tributary::hex_encode(tributary::as_bytes(tributary::hmac_sha256("secret_of_the_fixture", body)));
}

constexpr const char* connection =
    R"({"realm":"bad:acct_1","secrets":[{"name":"signing","value":"secret_of_the_fixture"}],"received_at_ms":1})";

/// A folder with one genuine delivery of the bad provider, and one that is forged.
void write_fixtures(const scratch_folder& into) {
    const std::string body = R"({"type":"payment","id":"evt_1","amount":500,"currency":"JPY"})";
    into.write("connection.json", connection);
    into.write("sale.http", "POST / HTTP/1.1\r\nX-Signature: " + signature(body) + "\r\n\r\n" + body);
    into.write("forged.http", "POST /?a=1 HTTP/1.1\nX-Signature: " + signature("x") + "\n\n" + body);
}

constexpr const char* provider = "bad-plugins/bad_provider_none.so";

} // namespace

BOOST_AUTO_TEST_SUITE(good_plugins)

BOOST_AUTO_TEST_CASE(the_plugins_of_this_tree_pass) {
    for (const std::string plugin :
         {"test-plugins/toy.so", "test-plugins/toyfold.so", "plugins/stripe.so", "plugins/attribution.so"}) {
        if (!std::filesystem::exists(std::filesystem::path(TRIBUTARY_BINARY_DIR) / plugin))
            continue; // Built without the bundled plugins.
        const check_result found = check_plugin(plugin);
        BOOST_TEST(found.status == 0, plugin);
        for (const auto& [id, why] : found.failures)
            BOOST_ERROR(plugin << " " << id << " " << why);
        BOOST_TEST(found.document.at("summary").at("passed").as_int64() > 30, plugin);
    }
}

BOOST_AUTO_TEST_CASE(every_test_has_a_line_in_the_reference_and_nothing_else_has) {
    std::ifstream page(TRIBUTARY_SOURCE_DIR "/docs/reference/plugin-check.md");
    std::vector<std::string> described;
    for (std::string line; std::getline(page, line);)
        if (line.starts_with("| `") && line.find('.') < line.find('`', 3) && !line.starts_with("| `FILE"))
            described.push_back(line.substr(3, line.find('`', 3) - 3));
    const check_result list = check_plugin(provider, {"--list"});
    std::vector<std::string> known;
    for (const auto& each : list.document.at("tests").as_array())
        known.emplace_back(each.at("test").as_string());
    std::ranges::sort(known);
    std::ranges::sort(described);
    BOOST_TEST(known == described, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(fixtures_take_the_place_of_the_simulator_and_are_compared) {
    const scratch_folder in;
    write_fixtures(in);
    const std::string folder = in.path().string();
    BOOST_TEST(check_plugin(provider, {"--testdata", folder}).failed_ids() == "");
    // Nothing is expected yet; then what is said now.
    const std::vector<std::string> compare{"--testdata", folder, "--only", "fixtures"};
    BOOST_TEST(check_plugin(provider, compare).document.at("summary").at("skipped").as_int64() == 1);
    check_plugin(provider, {"--testdata", folder, "--only", "fixtures", "--update"});
    BOOST_TEST(check_plugin(provider, compare).document.at("summary").at("passed").as_int64() == 1);
    auto expected = boost::json::parse(in.read("sale.expected.json"));
    BOOST_TEST(expected.at("verify").at("items").at(0).at("verdict").as_string() == "accepted");
    const auto& cash = expected.at("normalise").at(0).at("facts").at(0).at("content").at("body").at("cash");
    BOOST_TEST(boost::json::serialize(cash) == R"([500,"JPY",0])");
    BOOST_TEST(
        boost::json::parse(in.read("forged.expected.json")).at("verify").at("items").at(0).at("verdict") ==
        "rejected");

    expected.at("normalise").at(0).at("facts").at(0).as_object()["source_time"] = 7;
    in.write("sale.expected.json", boost::json::serialize(expected));
    const check_result found = check_plugin(provider, compare);
    BOOST_TEST(found.status == 1);
    BOOST_TEST(found.failures.at("normaliser.fixtures") ==
               "failed: sale.http: $.normalise[0].facts[0].source_time is 1 instead of 7");
}

BOOST_AUTO_TEST_CASE(a_fixture_that_cannot_be_read_is_named) {
    const scratch_folder in;
    in.write("odd.http", "POST / HTTP/1.1\r\nno colon\r\n\r\n{}");
    const check_result found =
        check_plugin(provider, {"--testdata", in.path().string(), "--only", "^provider.accepts$"});
    BOOST_TEST(found.failures.at("provider.accepts").find("odd.http: a line of its head is no header") !=
               std::string::npos);
    in.write("odd.http", "POST / HTTP/1.1\r\n\r\n{}");
    in.write("odd.connection.json", R"({"relm":"bad:1"})");
    const check_result unknown =
        check_plugin(provider, {"--testdata", in.path().string(), "--only", "^provider.accepts$"});
    BOOST_TEST(unknown.failures.at("provider.accepts").find("unknown member relm") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_manifest_is_compared_with_the_file_and_the_descriptor) {
    const scratch_folder in;
    const auto module = in.path() / "acme.so";
    std::filesystem::copy_file(std::filesystem::path(TRIBUTARY_BINARY_DIR) / provider, module);
    const auto relative = std::filesystem::relative(module, TRIBUTARY_BINARY_DIR).string();
    boost::json::object manifest{{"manifest", 1},
                                 {"id", "org.example.bad"},
                                 {"short_name", "bad"},
                                 {"version", "1.0.0"},
                                 {"vendor", "tributary tests"},
                                 {"abi", "0.2"},
                                 {"extensions", {"tributary.simulator/1", "tributary.provider/1"}},
                                 {"requires", boost::json::array()},
                                 {"file", "acme.so"},
                                 {"sha256", file_digest(module)}};
    const auto look = [&] {
        in.write("acme.trbplugin.json", boost::json::serialize(manifest));
        return check_plugin(relative, {"--only", "^file"});
    };
    BOOST_TEST(look().document.at("summary").at("passed").as_int64() == 6);
    manifest["version"] = "1.0.1";
    BOOST_TEST(look().failures["file.manifest"] ==
               "failed: version: the manifest says '1.0.1', the module says '1.0.0'");
    manifest["version"] = "1.0.0";
    manifest["extensions"] = {"tributary.provider/1"};
    BOOST_TEST(look().failures["file.manifest"].find(
                   "extensions: the manifest says 'tributary.provider/1'") != std::string::npos);
    std::ofstream(module, std::ios::app) << "x"; // Built anew, the manifest forgotten.
    const std::string why = look().failures["file.manifest"];
    BOOST_TEST(why.find(std::string(manifest["sha256"].as_string())) != std::string::npos);
    BOOST_TEST(why.find(file_digest(module)) != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
