#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>

#include "permissions.hpp"

// Goal: what docs/guide/connect-stripe.md says of rights and findings is what the plugin has and says.

using namespace tributary::stripe;

namespace {

std::string contents(const std::string& name) {
    std::ifstream file(TRIBUTARY_SOURCE_DIR "/" + name, std::ios::binary);
    BOOST_REQUIRE_MESSAGE(file, name);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(the_guide_connect_stripe)

BOOST_AUTO_TEST_CASE(lists_every_right_and_no_other) {
    std::vector<std::string> expected;
    for (const resource& each : resources())
        expected.push_back("| " + std::string(each.label) + " | `" + std::string(each.right) + "` | `" +
                           std::string(each.collection) + "` | " + (each.needed ? "yes " : "") + "| " +
                           std::string(each.unlocks) + " |");
    std::vector<std::string> found;
    std::istringstream lines(contents("docs/guide/connect-stripe.md"));
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("| ") && line.find(" | `rak_") != std::string::npos)
            found.push_back(line);
    BOOST_TEST(found == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(explains_every_finding_and_no_other) {
    // A finding's name is written once, where it is made.
    const std::regex made(
        "\\.code = \"([a-z_]+)\"|(?:sdk::(?:invalid|rejected|retry)|bad_settings)\\(\\s*\"([a-z_]+)\"");
    std::set<std::string> said{"by_hand", "bad_settings"};
    for (const char* name : {"actions_check", "actions_fetch", "actions_key", "actions_webhook", "api_answer",
                             "right_report", "webhook_endpoint"}) {
        const std::string source = contents("plugins/stripe/src/" + std::string(name) + ".cpp");
        for (std::sregex_iterator each(source.begin(), source.end(), made), end; each != end; ++each)
            said.insert((*each)[1].matched ? (*each)[1].str() : (*each)[2].str());
    }
    const std::string guide = contents("docs/guide/connect-stripe.md");
    const std::size_t from = guide.find("| name | what it means");
    const std::string table = guide.substr(from, guide.find("\n\n", from) - from);
    std::set<std::string> explained;
    std::istringstream lines(table);
    const std::regex word("`([a-z]+(?:_[a-z]+)*)`");
    for (std::string line; std::getline(lines, line);) {
        const std::string names = line.substr(0, line.find(" | "));
        for (std::sregex_iterator each(names.begin(), names.end(), word), end; each != end; ++each)
            explained.insert((*each)[1].str());
    }
    BOOST_TEST(explained == said, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_address_that_makes_a_key_ticks_every_right) {
    for (const resource& each : resources())
        BOOST_TEST(create_key_url().find("permissions%5B%5D=" + std::string(each.right)) !=
                   std::string::npos);
    BOOST_TEST(create_key_url().find("permissions%5B%5D=rak_webhook_write") != std::string::npos);
    BOOST_TEST(create_key_url().find(' ') == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
