// Is the ABI what tests/abi/layout.txt says? A plugin that was built yesterday relies on every number in it.
//
// The compiler's view of the structs and the constants of the headers are written as text and compared with
// the golden file, struct by struct and as prefixes: a struct may have got members at its end, nothing else
// may have moved. layout_mutations.sh breaks the headers and looks whether this is seen.
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <regex>
#include <set>

#include "abi/layout_text.hpp"

namespace {

namespace listing = tributary::abi_test;
namespace fs = std::filesystem;

const fs::path source_directory = TRIBUTARY_SOURCE_DIR;
const fs::path headers = source_directory / "sdk/include/tributary/abi";

std::string current() {
    return listing::to_text(listing::list_structs(), headers);
}

} // namespace

BOOST_AUTO_TEST_SUITE(abi_layout)

BOOST_AUTO_TEST_CASE(plugins_of_the_golden_file_still_fit) {
    const std::string golden = listing::read_file(source_directory / "tests/abi/layout.txt");
    for (const std::string& change : listing::breaking_changes(golden, current()))
        BOOST_ERROR(change);
    BOOST_TEST((listing::version_of_listing(golden) == listing::version_of_headers(headers)),
               "tests/abi/layout.txt is of draft " << listing::version_of_listing(golden).text()
                                                   << ": run scripts/update-abi-golden and commit what it "
                                                      "writes together with the headers");
}

BOOST_AUTO_TEST_CASE(the_frozen_copy_of_this_draft_still_fits) {
    const fs::path copy = source_directory / "sdk/abi-frozen" / listing::version_of_headers(headers).text();
    BOOST_TEST_REQUIRE(fs::exists(copy / "layout.txt"),
                       copy << " is missing: run scripts/update-abi-golden --freeze");
    for (const std::string& change :
         listing::breaking_changes(listing::read_file(copy / "layout.txt"), current()))
        BOOST_ERROR("plugins that were built with " << copy.filename() << " no longer fit: " << change);
}

BOOST_AUTO_TEST_CASE(a_golden_file_is_replaced_by_appends_or_by_a_new_draft) {
    const std::string golden = "abi 0.2\ntrb_a size 8 align 4\n  0 +4 struct_size: unsigned int\n"
                               "  4 +4 x: int\nconstant TRB_OK 0\n";
    std::string longer = golden;
    longer.replace(longer.find("constant"), 0, "  8 +4 y: int\n  12 +4 z: int\n");
    longer.replace(longer.find("size 8"), 6, "size 16");
    const auto draft = [](std::string text, const std::string& version) {
        return text.replace(4, 3, version);
    };
    BOOST_TEST(listing::objections(golden, golden, true).empty());
    BOOST_TEST(listing::objections(golden, longer + "constant TRB_NEW 1\n", true).empty());
    BOOST_TEST(!listing::objections(longer, golden, false).empty());
    BOOST_TEST(listing::objections(longer, draft(golden, "0.3"), false).empty());
    BOOST_TEST(!listing::objections(longer, draft(golden, "0.3"), true).empty());
    BOOST_TEST(!listing::objections(draft(longer, "1.0"), draft(golden, "1.1"), false).empty());
    BOOST_TEST(!listing::objections(golden, draft(golden, "0.1"), false).empty());
}

BOOST_AUTO_TEST_CASE(lists_every_struct_of_the_headers) {
    std::set<std::string> listed;
    for (const listing::struct_layout& each : listing::list_structs())
        BOOST_TEST(listed.insert(each.name).second, each.name << " is listed twice");
    const std::regex definition("typedef struct (trb_[a-z0-9_]+) \\{");
    std::set<std::string> defined;
    for (const fs::path& header : listing::headers_in(headers)) {
        const std::string source = listing::read_file(header);
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
