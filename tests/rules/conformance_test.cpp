// Cases as data: our own, always, and the public suite where it lies beside the tree.
#include <tributary/cel/conformance.hpp>
#include <tributary/cel/zone.hpp>

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "currencies.hpp"

using namespace tributary::cel;
using conformance::case_result;
using conformance::file_result;
using conformance::outcome;
using test::exponent_of;

namespace {

std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream all;
    all << file.rdbuf();
    return all.str();
}

std::vector<std::filesystem::path> case_files(const std::filesystem::path& in) {
    std::vector<std::filesystem::path> files;
    if (std::filesystem::is_directory(in))
        for (const auto& each : std::filesystem::directory_iterator(in))
            if (each.path().extension() == ".json")
                files.push_back(each.path());
    std::ranges::sort(files);
    return files;
}

/// Runs a file; every case that fails fails the test by name.
file_result run_all(const std::filesystem::path& path) {
    const zone_database zones;
    auto done = conformance::run_file(content_of(path), {&zones, &exponent_of});
    BOOST_TEST_REQUIRE(done.has_value(), path.string() << ": " << (done ? std::string() : done.error()));
    for (const case_result& each : done->cases)
        BOOST_TEST((each.came_to != outcome::failed), each.id << ": " << each.expression << "\n  expected "
                                                              << each.expected << "\n  got      "
                                                              << each.got);
    return *done;
}

case_result run_case(std::string_view text) {
    const zone_database zones;
    return conformance::run(boost::json::parse(text).as_object(), {&zones, &exponent_of});
}

struct judged {
    std::string_view text;
    outcome came_to;
    std::string_view got;
};
std::ostream& operator<<(std::ostream& to, const judged& of) {
    return to << of.text;
}

/// The runner itself: a runner that passes everything would prove nothing.
constexpr judged judgements[] = {
    {R"case({"id": "a", "expr": "1", "expect": {"value": {"int": "1"}}})case", outcome::passed, "1"},
    {R"case({"id": "a", "expr": "1", "expect": {"value": {"int": "2"}}})case", outcome::failed, "1"},
    {R"case({"id": "a", "expr": "1", "expect": {"value": {"uint": "1"}}})case", outcome::failed, "1"},
    {R"case({"id": "a", "expr": "1", "expect": {"value": {"double": "1"}}})case", outcome::failed, "1"},
    {R"case({"id": "a", "expr": "'1'", "expect": {"value": {"bytes": "MQ=="}}})case", outcome::failed,
     "\"1\""},
    {R"case({"id": "a", "expr": "0.0/0.0", "expect": {"value": {"double": "NaN"}}})case", outcome::passed,
     "double(\"NaN\")"},
    {R"case({"id": "a", "expr": "-0.0", "expect": {"value": {"double": "0.0"}}})case", outcome::passed,
     "-0.0"},
    {R"case({"id": "a", "expr": "[1, 2]", "expect": {"value": {"list": [{"int": "2"}, {"int": "1"}]}}})case",
     outcome::failed, "[1, 2]"},
    {R"case({"id": "a", "expr": "{1: 2, 3: 4}",
        "expect": {"value": {"map": [[{"int": "3"}, {"int": "4"}], [{"int": "1"}, {"int": "2"}]]}}})case",
     outcome::passed, "{1: 2, 3: 4}"},
    {R"case({"id": "a", "expr": "{1: 2}",
        "expect": {"value": {"map": [[{"uint": "1"}, {"int": "2"}]]}}})case",
     outcome::failed, "{1: 2}"},
    {R"case({"id": "a", "expr": "1 / 0", "expect": {"error": ["x"]}})case", outcome::passed,
     "error: divide by zero"},
    {R"case({"id": "a", "expr": "1 / 1", "expect": {"error": ["x"]}})case", outcome::failed, "1"},
    {R"case({"id": "a", "expr": "1 / 0", "expect": {"value": {"int": "0"}}})case", outcome::failed,
     "error: divide by zero"},
    {R"case({"id": "a", "expr": "1 +", "expect": {"value": {"int": "1"}}})case", outcome::failed,
     "refused: *"},
    {R"case({"id": "a", "expr": "1 + 'a'", "expect": {"error": ["x"]}})case", outcome::passed, "refused: *"},
    {R"case({"id": "a", "expr": "1 +", "expect": {"error": ["x"]}, "disable_check": true})case",
     outcome::failed, "refused: *"},
    {R"case({"id": "a", "expr": "1 + dyn('a')", "expect": {"error": ["x"]}, "disable_check": true})case",
     outcome::passed, "error: *"},
    {R"case({"id": "a", "expr": "[1]", "expect": {"deduced_type": {"list": "int"}}, "check_only": true})case",
     outcome::passed, "an expression of type list(int)"},
    {R"case({"id": "a", "expr": "[1]",
        "expect": {"deduced_type": {"list": "uint"}}, "check_only": true})case",
     outcome::failed, "an expression of type list(int)"},
    {R"case({"id": "a", "expr": "f(1)", "expect": {"deduced_type": "bool"}, "check_only": true, "type_env": [
        {"name": "f", "kind": "function", "overloads": [{"params": ["int"], "result": "bool"}]}]})case",
     outcome::passed, "an expression of type bool"},
    {R"case({"id": "a", "expr": "x", "bindings": {"x": {"value": {"int": "3"}}},
        "expect": {"value": {"int": "3"}}})case",
     outcome::passed, "3"},
    {R"case({"id": "a", "expr": "x.y + 1", "type_env": [{"name": "x.y", "kind": "ident", "type": "int"}],
        "bindings": {"x.y": {"value": {"int": "3"}}}, "expect": {"value": {"int": "4"}}})case",
     outcome::passed, "4"},
    {R"case({"id": "a", "expr": "x || true", "bindings": {"x": {"error": ["e"]}},
        "expect": {"value": {"bool": true}}})case",
     outcome::passed, "true"},
    {R"case({"id": "a", "expr": "x", "bindings": {"x": {"unknown": ["e"]}},
        "expect": {"value": {"bool": true}}})case",
     outcome::unsupported, "unknown values"},
    {R"case({"id": "a", "expr": "y", "container": "x", "bindings": {"x.y": {"value": {"int": "3"}}},
        "expect": {"value": {"int": "3"}}})case",
     outcome::passed, "3"},
    {R"case({"id": "a", "file": "network_ext", "expr": "ip('1.2.3.4')",
        "expect": {"value": {"bool": true}}})case",
     outcome::unsupported, "IP addresses *"},
    {R"case({"id": "a", "needs_protobuf": true, "expr": "M{}", "expect": {"value": {"message": {}}}})case",
     outcome::unsupported, "protobuf *"},
    {R"case({"id": "a", "expr": "1", "expect": {}})case", outcome::failed, "not readable: *"},
    {R"case({"id": "a", "expr": "1", "expect": {"value": {"int": 1.5}}})case", outcome::failed,
     "not readable: *"},
    {R"case({"id": "a", "expr": "1", "expect": {"value": {"nonsense": "1"}}})case", outcome::failed,
     "not readable: *"},
    {R"case({"id": "a", "expr": "1", "rounding": "up", "expect": {"value": {"int": "1"}}})case",
     outcome::failed, "not readable: *"},
};

bool matches(std::string_view text, std::string_view pattern) {
    return pattern.ends_with('*') ? text.starts_with(pattern.substr(0, pattern.size() - 1)) : text == pattern;
}

} // namespace

BOOST_AUTO_TEST_SUITE(cel_conformance)

BOOST_AUTO_TEST_CASE(the_runner_tells_passed_from_failed) {
    for (const judged& each : judgements) {
        const case_result done = run_case(each.text);
        BOOST_TEST((done.came_to == each.came_to), each << ": got " << done.got);
        BOOST_TEST(matches(done.got, each.got), each << ": got " << done.got);
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_file_of_cases_is_refused) {
    for (const std::string_view text : {"", "{}", "[1]", "[{}]", R"([{"id": "a"}])", "[", "nonsense"})
        BOOST_TEST(conformance::run_file(text, {}).has_error(), text);
    const auto empty = conformance::run_file("[]", {});
    BOOST_TEST_REQUIRE(empty.has_value());
    BOOST_TEST(empty->cases.empty());
}

BOOST_AUTO_TEST_CASE(our_own_cases_pass) {
    const auto files = case_files(TRIBUTARY_SOURCE_DIR "/tests/rules/cases");
    BOOST_TEST(files.size() >= 5);
    std::size_t passed = 0;
    for (const auto& path : files) {
        const file_result done = run_all(path);
        BOOST_TEST(done.count(outcome::unsupported) == 0, path.string());
        passed += done.count(outcome::passed);
    }
    BOOST_TEST_MESSAGE(passed << " cases of our own passed");
    BOOST_TEST(passed >= 150);
}

BOOST_AUTO_TEST_CASE(the_public_suite_passes) {
    const auto files = case_files(TRIBUTARY_SOURCE_DIR "/../shared/conformance/cel");
    if (files.empty()) {
        BOOST_TEST_MESSAGE("skipped: ../shared/conformance/cel is not there");
        return;
    }
    std::size_t passed = 0;
    for (const auto& path : files) {
        const file_result done = run_all(path);
        passed += done.count(outcome::passed);
        // Nothing but the two extensions that are left out may be passed over.
        if (path.stem() != "network_ext" && path.stem() != "block_ext")
            BOOST_TEST(done.count(outcome::unsupported) == 0, path.string());
    }
    BOOST_TEST_MESSAGE(passed << " cases of the public suite passed");
    BOOST_TEST(passed > 1000);
}

BOOST_AUTO_TEST_SUITE_END()
