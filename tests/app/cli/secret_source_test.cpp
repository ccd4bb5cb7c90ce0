#include <boost/test/unit_test.hpp>

#include <sstream>

#include "app/cli/context.hpp"
#include "app/cli/errors.hpp"
#include "app/cli/secret_source.hpp"

using namespace tributary;
using namespace tributary::app::cli;

namespace {

struct fixture {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    context with{.in = in, .out = out, .err = err, .environment = {{"SIGNING", "from-environment"}}};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(secret_sources, fixture)

BOOST_AUTO_TEST_CASE(a_secret_comes_from_standard_input_without_its_line_feed) {
    in.str("whsec_1\r\n");
    const auto read = read_secrets(with, {"signing=-"});
    BOOST_REQUIRE(read);
    BOOST_TEST((*read)[0].name == "signing");
    BOOST_TEST((*read)[0].value.reveal() == "whsec_1");
    BOOST_TEST(err.str().empty());
}

BOOST_AUTO_TEST_CASE(a_secret_comes_from_the_environment) {
    const auto read = read_secrets(with, {"signing=env:SIGNING"});
    BOOST_REQUIRE(read);
    BOOST_TEST((*read)[0].value.reveal() == "from-environment");
}

BOOST_AUTO_TEST_CASE(a_secret_in_the_arguments_is_taken_with_a_warning_that_does_not_repeat_it) {
    const auto read = read_secrets(with, {"signing=whsec_=x"});
    BOOST_REQUIRE(read);
    BOOST_TEST((*read)[0].value.reveal() == "whsec_=x");
    BOOST_TEST(err.str().find("signing=@FILE") != std::string::npos);
    BOOST_TEST(err.str().find("whsec_") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(sources_that_give_nothing_are_refused) {
    for (const char* wrong : {"signing", "=x", "signing=", "signing=env:ABSENT", "signing=-"}) {
        const auto read = read_secrets(with, {wrong});
        BOOST_REQUIRE_MESSAGE(!read, wrong);
        BOOST_TEST((read.error().code == cli_errc::usage), wrong);
    }
    BOOST_TEST(!read_secrets(with, {"signing=@/nonexistent/secret"}));
}

BOOST_AUTO_TEST_CASE(standard_input_serves_one_secret) {
    in.str("a");
    BOOST_TEST(!read_secrets(with, {"signing=-", "api_key=-"}));
}

BOOST_AUTO_TEST_SUITE_END()
