// Is the ABI what tests/abi/layout.txt says? A plugin that was built yesterday relies on every number in it.
//
// The compiler's view of the structs and the constants of the headers are written as text and compared with
// the golden file. While the ABI is a draft a difference only has to be looked at and accepted; once it is
// frozen, the golden file may only grow at the end of a struct.
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>

#include "abi/layout_listing.hpp"

namespace {

namespace listing = tributary::abi_test;
namespace fs = std::filesystem;

const fs::path source_directory = TRIBUTARY_SOURCE_DIR;

std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The headers, sorted by name so that the listing has one order.
std::vector<fs::path> headers() {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(source_directory / "sdk/include/tributary/abi"))
        if (entry.path().extension() == ".h")
            found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
}

/// "constant TRB_OK 0", for each plain constant of each header.
std::string constants() {
    std::string text;
    const std::regex constant("#define (TRB_[A-Z0-9_]+) +([^/\\n\\\\]*[^/ \\n\\\\])");
    for (const fs::path& header : headers()) {
        const std::string source = read_file(header);
        for (std::sregex_iterator at(source.begin(), source.end(), constant), end; at != end; ++at)
            text += "constant " + (*at)[1].str() + " " + (*at)[2].str() + "\n";
    }
    return text;
}

/// The first line in which they differ, for a message that says where to look.
std::string first_difference(const std::string& golden, const std::string& current) {
    std::istringstream left(golden);
    std::istringstream right(current);
    std::string expected;
    std::string found;
    for (int line = 1;; ++line) {
        const bool has_expected = static_cast<bool>(std::getline(left, expected));
        const bool has_found = static_cast<bool>(std::getline(right, found));
        if (!has_expected && !has_found)
            return "none";
        if (has_expected != has_found || expected != found)
            return "line " + std::to_string(line) + ": the golden file has '" +
                   (has_expected ? expected : "") + "', the headers give '" + (has_found ? found : "") + "'";
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(abi_layout)

BOOST_AUTO_TEST_CASE(is_what_the_golden_file_says) {
    const fs::path golden = source_directory / "tests/abi/layout.txt";
    const std::string current = listing::to_text(listing::list_structs()) + constants();
    if (std::getenv("TRIBUTARY_UPDATE_ABI_LAYOUT") != nullptr) {
        std::ofstream(golden, std::ios::binary) << current;
        BOOST_TEST_MESSAGE("written: " << golden.string());
    }
    const std::string expected = read_file(golden);
    BOOST_TEST((expected == current),
               "The ABI is not what tests/abi/layout.txt says ("
                   << first_difference(expected, current)
                   << "). Plugins that were built before will not fit. If that is meant: raise TRB_ABI_MINOR "
                      "(as long "
                      "as the ABI is a draft), run this test with TRIBUTARY_UPDATE_ABI_LAYOUT=1, read the "
                      "difference "
                      "that version control shows, and commit it together with the headers.");
}

BOOST_AUTO_TEST_CASE(lists_every_struct_of_the_headers) {
    std::set<std::string> listed;
    for (const listing::struct_layout& each : listing::list_structs())
        BOOST_TEST(listed.insert(each.name).second, each.name << " is listed twice");
    const std::regex definition("typedef struct (trb_[a-z0-9_]+) \\{");
    std::set<std::string> defined;
    for (const fs::path& header : headers()) {
        const std::string source = read_file(header);
        for (std::sregex_iterator at(source.begin(), source.end(), definition), end; at != end; ++at)
            defined.insert((*at)[1].str());
    }
    BOOST_TEST(defined.size() > 40u); // Else the expression above no longer fits the headers.
    BOOST_TEST(listed == defined, boost::test_tools::per_element());
}

// Padding that nobody wrote would hold bytes that nobody set. This also proves that the listing forgets no
// member.
BOOST_AUTO_TEST_CASE(has_no_hidden_padding_and_lists_every_member) {
    for (const listing::struct_layout& each : listing::list_structs()) {
        std::uint64_t end = 0;
        for (const listing::member_layout& member : each.members) {
            BOOST_TEST(member.offset == end, each.name << "." << member.name << " is at " << member.offset
                                                       << ", what comes before it ends at " << end);
            end = member.offset + member.size;
        }
        BOOST_TEST(each.size == end, each.name << " is longer than its members");
    }
}

// Structs that a newer header may lengthen say how long they are. Those that are passed by value or in bare
// arrays never grow.
BOOST_AUTO_TEST_CASE(starts_with_struct_size_wherever_a_struct_may_grow) {
    const std::set<std::string> frozen{"trb_str",   "trb_money",  "trb_pair",
                                       "trb_claim", "trb_secret", "trb_cell"};
    for (const listing::struct_layout& each : listing::list_structs())
        if (!frozen.contains(each.name)) {
            BOOST_TEST(each.members.front().name == "struct_size", each.name);
            BOOST_TEST(each.members.front().size == 4u, each.name);
        }
}

BOOST_AUTO_TEST_SUITE_END()
