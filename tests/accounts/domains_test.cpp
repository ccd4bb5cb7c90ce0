#include <tributary/accounts/domains.hpp>
#include <tributary/accounts/limits.hpp>

#include "accounts/fixture.hpp"

using namespace tributary::accounts;
using namespace tributary::accounts::test;

BOOST_FIXTURE_TEST_SUITE(domains_of_workspaces, fixture)

BOOST_AUTO_TEST_CASE(an_added_domain_is_found_in_every_form) {
    const domain added = must(domains().add(1, environment::sandbox, "Go.Example.com:443"));
    BOOST_TEST(added.name == "go.example.com");
    const domain found = must(domains().find("GO.EXAMPLE.COM."));
    BOOST_TEST(found.workspace_id == 1);
    BOOST_TEST((found.environment == environment::sandbox));
    BOOST_TEST(found.created_at == time.now);
    BOOST_TEST(code_of(domains().find("other.example.com")) == accounts_errc::not_found);
    BOOST_TEST(code_of(domains().find("not a host")) == accounts_errc::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_domain_belongs_to_one_workspace_and_one_environment) {
    must(domains().add(1, environment::live, "go.example.com"));
    time.now += 5;
    BOOST_TEST(must(domains().add(1, environment::live, "go.example.com")).created_at == time.now - 5);
    BOOST_TEST(code_of(domains().add(2, environment::live, "go.example.com")) == accounts_errc::domain_taken);
    BOOST_TEST(code_of(domains().add(1, environment::sandbox, "go.example.com")) ==
               accounts_errc::domain_taken);
    BOOST_TEST(must(domains().list(2)).empty());
}

BOOST_AUTO_TEST_CASE(only_its_workspace_removes_a_domain) {
    must(domains().add(1, environment::live, "go.example.com"));
    BOOST_TEST(code_of(domains().remove(2, "go.example.com")) == accounts_errc::not_found);
    BOOST_TEST(must(domains().find("go.example.com")).workspace_id == 1);
    must(domains().remove(1, "Go.example.com."));
    BOOST_TEST(code_of(domains().find("go.example.com")) == accounts_errc::not_found);
    BOOST_TEST(code_of(domains().remove(1, "go.example.com")) == accounts_errc::not_found);
    must(domains().add(2, environment::live, "go.example.com"));
}

BOOST_AUTO_TEST_CASE(domains_are_listed_by_name) {
    must(domains().add(1, environment::live, "b.example"));
    must(domains().add(1, environment::live, "a.example"));
    must(domains().add(2, environment::live, "c.example"));
    const auto listed = must(domains().list(1));
    BOOST_TEST_REQUIRE(listed.size() == 2u);
    BOOST_TEST(listed[0].name == "a.example");
    BOOST_TEST(listed[1].name == "b.example");
}

BOOST_AUTO_TEST_CASE(a_workspace_has_a_greatest_number_of_domains) {
    must(session->begin());
    for (std::size_t index = 0; index < domains_per_workspace_max; ++index)
        must(domains().add(1, environment::live, "d" + std::to_string(index) + ".example"));
    must(session->commit());
    BOOST_TEST(code_of(domains().add(1, environment::live, "more.example")) == accounts_errc::too_many);
    BOOST_TEST(must(domains().add(1, environment::live, "d0.example")).name == "d0.example");
    must(domains().add(2, environment::live, "more.example"));
}

BOOST_AUTO_TEST_CASE(an_environment_that_does_not_exist_is_refused) {
    BOOST_TEST(code_of(domains().add(1, static_cast<environment>(3), "go.example.com")) ==
               accounts_errc::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
