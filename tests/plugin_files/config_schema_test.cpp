#include <boost/test/unit_test.hpp>

#include "plugin_files/fixture.hpp"

using namespace tributary;
using namespace tributary::test;

namespace {

constexpr std::string_view schema =
    R"({"type":"object","additionalProperties":false,"required":["file"],"properties":{
    "file":{"type":"string","minLength":1,"maxLength":8},
    "limit":{"type":"integer","minimum":1,"maximum":10},
    "mode":{"enum":["fast","safe"]},
    "ratio":{"type":"number","minimum":0.25,"maximum":2},
    "on":{"type":"boolean"},
    "kinds":{"type":"array","items":{"type":"string"}},
    "nested":{"type":"object","properties":{"deep":{"type":"integer"}},"required":["deep"]}}})";

} // namespace

BOOST_AUTO_TEST_SUITE(settings_of_plugins)

BOOST_AUTO_TEST_CASE(what_the_schema_allows_passes) {
    for (const std::string_view config :
         {R"({"file":"a"})",
          R"({"file":"a","limit":10,"mode":"safe","ratio":1,"on":true,"kinds":[],"nested":{"deep":1}})",
          R"({"file":"12345678","kinds":["a","b"],"ratio":0.5})"})
        BOOST_TEST(plugins::check_config(schema, config).has_value(), config);
    BOOST_TEST(plugins::check_config("", R"({"anything":[1]})").has_value());
    BOOST_TEST(plugins::check_config("{}", R"({"anything":[1]})").has_value());
}

BOOST_AUTO_TEST_CASE(what_it_does_not_is_refused_with_the_key_and_what_is_allowed) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"{}", "'file' is missing"},
        {R"({"file":1})", "'file' must be of type string"},
        {R"({"file":""})", "'file' has 0 characters, at least 1 are needed"},
        {R"({"file":"123456789"})", "'file' has 9 characters, at most 8 are allowed"},
        {R"({"file":"a","limit":0})", "'limit' is 0, at least 1 is allowed"},
        {R"({"file":"a","limit":11})", "'limit' is 11, at most 10 is allowed"},
        {R"({"file":"a","limit":18446744073709551615})", "'limit' is 18446744073709551615, at most 10"},
        {R"({"file":"a","ratio":0.2})", "at least 2.5E-1 is allowed"},
        {R"({"file":"a","ratio":2.5})", "at most 2 is allowed"},
        {R"({"file":"a","ratio":3})", "'ratio' is 3, at most 2 is allowed"},
        {R"({"file":"a","limit":1.5})", "'limit' must be of type integer"},
        {R"({"file":"a","mode":"slow"})", R"('mode' must be one of ["fast","safe"])"},
        {R"({"file":"a","on":"yes"})", "'on' must be of type boolean"},
        {R"({"file":"a","kinds":["a",1]})", "'kinds[1]' must be of type string"},
        {R"({"file":"a","nested":{}})", "'nested.deep' is missing"},
        {R"({"file":"a","nested":{"deep":"x"}})", "'nested.deep' must be of type integer"},
        {R"({"file":"a","flie":1})", "'flie' is not a setting of this plugin; known are: file, limit"},
    };
    for (const auto& [config, says] : cases) {
        const failure why = failure_of(plugins::check_config(schema, config));
        BOOST_TEST((why.code == plugins::plugin_errc::bad_config));
        BOOST_TEST(why.detail.find(says) != std::string::npos, why.detail << " does not say " << says);
    }
}

BOOST_AUTO_TEST_CASE(a_text_that_may_be_a_secret_is_not_repeated) {
    const failure why = failure_of(plugins::check_config(schema, R"({"file":"very-secret-indeed"})"));
    BOOST_TEST(why.text().find("very") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
