#include <tributary/accounts/scope.hpp>

#include "accounts/fixture.hpp"

using namespace tributary::accounts;
using namespace tributary::accounts::test;

BOOST_AUTO_TEST_SUITE(key_scopes)

BOOST_AUTO_TEST_CASE(a_scope_allows_exactly_itself) {
    BOOST_TEST(scope_allows("links.read", "links.read"));
    BOOST_TEST(scope_allows("conversions.write links.read", "links.read"));
    BOOST_TEST(!scope_allows("links.read", "links.write"));
    BOOST_TEST(!scope_allows("links.read", "links"));
    BOOST_TEST(!scope_allows("links.read", "links.read.all"));
    BOOST_TEST(!scope_allows("links", "links.read"));
    BOOST_TEST(!scope_allows("", "links.read"));
    BOOST_TEST(!scope_allows(" ", "links.read"));
}

BOOST_AUTO_TEST_CASE(a_star_allows_everything_below_its_name) {
    BOOST_TEST(scope_allows("links.*", "links.read"));
    BOOST_TEST(scope_allows("links.*", "links.tags.read"));
    BOOST_TEST(!scope_allows("links.*", "links"));
    BOOST_TEST(!scope_allows("link.*", "linkage.read"));
    BOOST_TEST(!scope_allows("links.*", "domains.read"));
    BOOST_TEST(scope_allows("*", "links.read"));
    BOOST_TEST(scope_allows("a.b *", "anything"));
}

BOOST_AUTO_TEST_CASE(what_is_no_plain_name_is_never_allowed) {
    for (const char* wanted :
         {"", "*", "links.*", "links.", ".read", "links..read", "Links.read", "links read", "links.read\n"})
        BOOST_TEST(!scope_allows("* links.* links.read", wanted), wanted);
}

BOOST_AUTO_TEST_CASE(scopes_are_stored_sorted_and_once) {
    BOOST_TEST(must(join_scopes({"links.write", "*", "links.read", "links.write"})) ==
               "* links.read links.write");
}

BOOST_AUTO_TEST_CASE(malformed_too_many_and_no_scopes_are_refused) {
    for (const char* scope : {"", " ", "**", "links.*.read", "*.read", ".*", "links.", ".links", "a..b",
                              "LINKS.read", "a b", "links*", "l\xc3\xadnks"})
        BOOST_TEST(code_of(join_scopes({"links.read", scope})) == accounts_errc::invalid_argument, scope);
    BOOST_TEST(code_of(join_scopes({std::string(65, 'a')})) == accounts_errc::invalid_argument);
    BOOST_TEST(code_of(join_scopes({std::string(63, 'a') + ".*"})) == accounts_errc::invalid_argument);
    BOOST_TEST(must(join_scopes({std::string(64, 'a')})).size() == 64u);
    BOOST_TEST(code_of(join_scopes({})) == accounts_errc::invalid_argument);
    BOOST_TEST(code_of(join_scopes(std::vector<std::string>(33, "a"))) == accounts_errc::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
