// Each way in which a module can be wrong has its own refusal, which names what was found and what was
// expected.
#include <boost/test/unit_test.hpp>

#include "plugin_files/fixture.hpp"

using namespace tributary;
using namespace tributary::test;
using plugins::plugin_errc;

namespace {

struct refusal_case {
    const char* fault;
    plugin_errc code;
    std::vector<std::string_view> says;
};

const refusal_case cases[] = {
    {"no_entry", plugin_errc::no_entry, {"odd_no_entry.so", "1 other exported"}},
    {"exports", plugin_errc::wrong_exports, {"2 exported symbols", "expected 1", "oops"}},
    {"nothing", plugin_errc::not_a_plugin, {"the entry returned nothing"}},
    {"tiny_descriptor", plugin_errc::not_a_plugin, {"struct_size is 4", "expected at least"}},
    {"magic", plugin_errc::not_a_plugin, {"0x4b434142", "expected 0x54524231"}},
    {"major", plugin_errc::wrong_abi, {"the plugin has 7.", "this host expects 0."}},
    {"short_descriptor", plugin_errc::bad_descriptor, {"struct_size is 64", "expected at least"}},
    {"null_function", plugin_errc::bad_descriptor, {"start is null", "expected a function"}},
    {"service", plugin_errc::missing_service, {"tributary.host.teleport/1"}},
    {"missing_extension",
     plugin_errc::bad_extension,
     {"tributary.simulator/1", "get_extension does not know it"}},
    {"short_table",
     plugin_errc::bad_extension,
     {"tributary.simulator/1", "struct_size is 16", "expected at least"}},
    {"null_table_function", plugin_errc::bad_extension, {"tributary.simulator/1", "tell is null"}},
    {"will_not_start", plugin_errc::create_failed, {"oddity", "no_mood: not today"}},
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(refused_modules, plugin_folder)

BOOST_AUTO_TEST_CASE(each_says_what_was_found_and_what_was_expected) {
    for (const refusal_case& one : cases) {
        const failure why = failure_of(set.load(request(odd(one.fault))));
        BOOST_TEST((why.code == one.code), one.fault << ": " << why.text());
        for (const std::string_view part : one.says)
            BOOST_TEST(why.text().find(part) != std::string::npos,
                       one.fault << ": '" << part << "' is not in '" << why.text() << "'");
        BOOST_TEST(set.all().empty());
    }
}

BOOST_AUTO_TEST_CASE(the_same_module_without_a_fault_is_loaded) {
    const auto loaded = set.load(request(odd("none")));
    BOOST_REQUIRE(loaded.has_value());
    BOOST_TEST((*loaded)->simulator != nullptr);
    BOOST_TEST((*loaded)->version() == "1.0.0");
}

BOOST_AUTO_TEST_CASE(a_manifest_that_says_something_else_is_named_with_both_values) {
    const std::pair<std::string_view, std::string_view> lies[] = {
        {R"("version":"1.0.0")", R"("version":"2.0.0")"},
        {R"("vendor":"tests")", R"("vendor":"somebody")"},
        {R"("id":"org.tributary.odd")", R"("id":"org.tributary.even")"},
        {R"(["tributary.simulator/1"])", R"(["tributary.provider/1"])"},
        {R"("requires":[])", R"("requires":["tributary.host.log/1"])"},
    };
    odd("none");
    const fs::path manifest = path("odd_none.trbplugin.json");
    const std::string truth = read_file(manifest);
    for (const auto& [said, lie] : lies) {
        std::string text = truth;
        replace(text, said, lie);
        write_file(manifest, text);
        const failure why =
            failure_of(set.load(request({plugins::read_manifest(manifest).value(), path("odd_none.so")})));
        BOOST_TEST((why.code == plugin_errc::manifest_differs), why.text());
        BOOST_TEST(has_all(why.text(), {"the manifest says '", "the module says '"}));
    }
}

BOOST_AUTO_TEST_SUITE_END()
