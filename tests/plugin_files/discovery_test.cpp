#include <boost/test/unit_test.hpp>

#include "plugin_files/fixture.hpp"

using namespace tributary;
using namespace tributary::test;
using plugins::load_request;
using plugins::plugin_errc;

namespace {

load_request instance(std::string name, std::string id, std::vector<std::string> requirements = {}) {
    load_request made;
    made.name = std::move(name);
    made.plugin.says.id = std::move(id);
    made.plugin.says.requirements = std::move(requirements);
    return made;
}

std::string order_of(std::vector<load_request> requests) {
    std::string text;
    for (const load_request& one : plugins::start_order(std::move(requests)).value())
        text += one.name + " ";
    return text;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(finding_plugins, plugin_folder)

BOOST_AUTO_TEST_CASE(they_are_known_by_their_manifests_and_sorted) {
    copy("toyfold");
    copy("toy");
    const auto found = plugins::discover(std::vector{directory.path().string()}).value();
    BOOST_REQUIRE(found.plugins.size() == 2u);
    BOOST_TEST(found.plugins[0].says.short_name == "toy");
    BOOST_TEST((found.plugins[1].module == path("toyfold.so")));
    BOOST_TEST(found.not_taken.empty());
}

BOOST_AUTO_TEST_CASE(nothing_is_passed_over_in_silence) {
    copy("toy");
    fs::copy_file(path("toy.so"), path("bare.so"));
    write_file(path("broken.trbplugin.json"), "{");
    std::string elsewhere = read_file(path("toy.trbplugin.json"));
    write_file(path("other.trbplugin.json"), elsewhere);
    replace(elsewhere, "toy.so", "gone.so");
    write_file(path("gone.trbplugin.json"), elsewhere);
    const auto found = plugins::discover(std::vector{directory.path().string()}).value();
    BOOST_TEST(found.plugins.size() == 1u);
    std::string why;
    for (const plugins::passed_over& one : found.not_taken)
        why += one.path.filename().string() + ": " + one.why.text() + "\n";
    BOOST_TEST(found.not_taken.size() == 4u);
    BOOST_TEST(has_all(why, {"bare.so: plugin has no manifest",
                             "broken.trbplugin.json: plugin manifest cannot be read",
                             "other.trbplugin.json: plugin manifest cannot be read: 'file' is toy.so",
                             "gone.trbplugin.json: plugin not found"}));
}

BOOST_AUTO_TEST_CASE(the_first_folder_wins_and_the_other_is_named) {
    copy("toyfold");
    const auto found =
        plugins::discover(std::vector{std::string(TRIBUTARY_TOYS_NEXT), directory.path().string()}).value();
    BOOST_REQUIRE(found.plugins.size() == 1u);
    BOOST_TEST((found.plugins[0].module == fs::path(TRIBUTARY_TOYS_NEXT) / "toyfold.so"));
    BOOST_REQUIRE(found.not_taken.size() == 1u);
    BOOST_TEST((found.not_taken[0].why.code == plugin_errc::duplicate));
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_not_there_is_an_error) {
    BOOST_TEST((failure_of(plugins::discover(std::vector{std::string("/nowhere/at/all")})).code ==
                plugin_errc::not_found));
}

BOOST_AUTO_TEST_CASE(instances_start_after_what_they_require_else_by_name) {
    BOOST_TEST(order_of({instance("c", "id.c"), instance("a", "id.a", {"id.c"}), instance("b", "id.b")}) ==
               "c a b ");
    BOOST_TEST(order_of({instance("a", "id.a", {"id.b"}), instance("b", "id.b", {"id.c"}),
                         instance("c", "id.c")}) == "c b a ");
    // Every instance of what is required; services are no plugins.
    BOOST_TEST(order_of({instance("a", "id.a", {"id.z", "tributary.host.log/1"}), instance("y", "id.z"),
                         instance("z", "id.z")}) == "y z a ");
}

BOOST_AUTO_TEST_CASE(what_is_required_and_absent_and_circles_are_named) {
    const failure absent = failure_of(plugins::start_order({instance("a", "id.a", {"id.b"})}));
    BOOST_TEST((absent.code == plugin_errc::missing_plugin));
    BOOST_TEST(has_all(absent.text(), {"'a' requires 'id.b'"}));
    const failure circle =
        failure_of(plugins::start_order({instance("a", "id.a", {"id.b"}), instance("b", "id.b", {"id.a"})}));
    BOOST_TEST((circle.code == plugin_errc::circular));
    BOOST_TEST(
        (failure_of(plugins::start_order({instance("a", "id.a", {"id.a"})})).code == plugin_errc::circular));
}

BOOST_AUTO_TEST_SUITE_END()
