#include <tributary/accounts/workspaces.hpp>

#include "accounts/fixture.hpp"

using namespace tributary;
using namespace tributary::accounts;
using namespace tributary::accounts::test;

BOOST_FIXTURE_TEST_SUITE(workspaces_of_a_daemon, fixture)

BOOST_AUTO_TEST_CASE(a_created_workspace_is_found_by_its_id_and_by_its_name) {
    const workspace made = must(workspaces().create("Acme \xc3\x9c"));
    BOOST_TEST(made.public_id.starts_with("ws_"));
    BOOST_TEST(made.public_id.size() == 29u);
    BOOST_TEST(made.workspace_id > 0);
    BOOST_TEST(made.created_at == time.now);
    for (const std::string& by : {made.public_id, made.name}) {
        const workspace found = must(workspaces().find(by));
        BOOST_TEST(found.workspace_id == made.workspace_id);
        BOOST_TEST(found.public_id == made.public_id);
        BOOST_TEST(found.name == "Acme \xc3\x9c");
    }
    BOOST_TEST(code_of(workspaces().find("acme")) == accounts_errc::not_found);
    BOOST_TEST(code_of(workspaces().find("")) == accounts_errc::not_found);
}

BOOST_AUTO_TEST_CASE(two_workspaces_cannot_have_one_name_nor_the_id_of_another_as_name) {
    const workspace made = must(workspaces().create("acme"));
    BOOST_TEST(code_of(workspaces().create("acme")) == accounts_errc::name_taken);
    BOOST_TEST(code_of(workspaces().create(made.public_id)) == accounts_errc::name_taken);
    BOOST_TEST(must(workspaces().list()).size() == 1u);
}

BOOST_AUTO_TEST_CASE(names_that_nobody_could_read_are_refused) {
    const std::vector<std::string> refused{"",
                                           " a",
                                           "a ",
                                           "a\nb",
                                           std::string("a\0b", 3),
                                           "\x7f",
                                           "a\xc2\x85",
                                           "\xe2\x80\xaegnp", // Right to left from here.
                                           "\xff",
                                           "\xc0\xaf", // Overlong.
                                           "\xe0\x80\xaf",
                                           "\xed\xa0\x80",     // A surrogate.
                                           "\xf4\x90\x80\x80", // Beyond the last character.
                                           "\xe2\x82",         // Cut.
                                           "a\x80",
                                           std::string(129, 'a')};
    for (const std::string& name : refused)
        BOOST_TEST(code_of(workspaces().create(name)) == accounts_errc::invalid_argument, name);
    BOOST_TEST(must(workspaces().list()).empty());
    must(workspaces().create(std::string(128, 'a')));
    must(workspaces().create("\xf0\x9f\x92\xb6 \xe2\x82\xac \xed\x9f\xbf \xf4\x8f\xbf\xbf"));
}

BOOST_AUTO_TEST_CASE(workspaces_are_listed_in_the_order_of_their_making) {
    must(workspaces().create("b"));
    must(workspaces().create("a"));
    const auto listed = must(workspaces().list());
    BOOST_TEST_REQUIRE(listed.size() == 2u);
    BOOST_TEST(listed[0].name == "b");
    BOOST_TEST(listed[1].name == "a");
}

BOOST_AUTO_TEST_CASE(each_workspace_has_its_own_click_key_which_stays) {
    const workspace a = must(workspaces().create("a"));
    const workspace b = must(workspaces().create("b"));
    const secret_text key = must(workspaces().open_click_key(a.workspace_id));
    BOOST_TEST(key.reveal().size() == 32u);
    BOOST_TEST(must(workspaces().open_click_key(a.workspace_id)).reveal() == key.reveal());
    BOOST_TEST(must(workspaces().open_click_key(b.workspace_id)).reveal() != key.reveal());
    BOOST_TEST(code_of(workspaces().open_click_key(99)) == accounts_errc::not_found);
}

BOOST_AUTO_TEST_CASE(a_click_key_moved_to_another_workspace_does_not_open) {
    const workspace a = must(workspaces().create("a"));
    const workspace b = must(workspaces().create("b"));
    constexpr storage::statement move{
        "test.move", "UPDATE workspace SET click_key = (SELECT click_key FROM workspace WHERE name = 'a')"};
    must(session->execute(move, {}));
    must(workspaces().open_click_key(a.workspace_id));
    BOOST_TEST(code_of(workspaces().open_click_key(b.workspace_id)) == accounts_errc::seal_broken);
}

BOOST_AUTO_TEST_SUITE_END()
