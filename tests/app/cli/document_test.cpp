#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "app/cli/document.hpp"

using namespace tributary::app::cli;

BOOST_AUTO_TEST_SUITE(documents)

BOOST_AUTO_TEST_CASE(a_document_is_printed_indented_with_its_members_in_order) {
    document made = document::record();
    made.set("z", 1)
        .set("a", document::texts({"x", "y"}))
        .set("none", document())
        .set("empty", document::list());
    made.set("yes", true);
    BOOST_TEST(made.json() == "{\n  \"z\": 1,\n  \"a\": [\n    \"x\",\n    \"y\"\n  ],\n  \"none\": null,\n"
                              "  \"empty\": [],\n  \"yes\": true\n}\n");
}

BOOST_AUTO_TEST_CASE(text_that_is_hostile_gives_valid_json) {
    const std::string hostile("\"\\\x01\x1b[2J\n\xff\xc3(\xed\xa0\x80 \xc3\xa9\0end", 23);
    const auto parsed = boost::json::parse(document(hostile).json());
    BOOST_TEST(std::string_view(parsed.as_string()).starts_with("\"\\\x01\x1b[2J\n"));
    BOOST_TEST(std::string_view(parsed.as_string()).find("\xc3\xa9") != std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(json_from_outside_is_kept_digit_by_digit) {
    document made = document::record();
    made.set("body",
             document::json_text(R"({"amount":1.10,"big":12345678901234567890123,"text":"a{,}:b\"c"})"));
    BOOST_TEST(made.json() ==
               "{\n  \"body\": {\n    \"amount\": 1.10,\n    \"big\": 12345678901234567890123,\n"
               "    \"text\": \"a{,}:b\\\"c\"\n  }\n}\n");
}

BOOST_AUTO_TEST_CASE(what_is_no_json_becomes_a_text) {
    for (const char* text : {"{", "[1,]", "", "{} {}", "nul"}) {
        const document made = document::json_text(text);
        BOOST_TEST(boost::json::parse(made.json()).is_string(), text);
    }
}

BOOST_AUTO_TEST_CASE(cells_say_in_one_word_what_a_value_is) {
    BOOST_TEST(document().cell() == "-");
    BOOST_TEST(document("").cell() == "-");
    BOOST_TEST(document(true).cell() == "yes");
    BOOST_TEST(document(-5).cell() == "-5");
    BOOST_TEST(document::texts({"a", "b"}).cell() == "a, b");
    BOOST_TEST(document(std::optional<std::string>()).is_null());
    BOOST_TEST(document(std::optional<std::string>("x")).cell() == "x");
}

BOOST_AUTO_TEST_CASE(nothing_printed_can_steer_a_terminal) {
    BOOST_TEST(printable("a\x1b[31mb\x7f\rc\n\td") == "a\\x1b[31mb\\x7f\\x0dc\n\td");
    BOOST_TEST(printable("\xc2\x9b"
                         "31m") == "\\xc2\\x9b31m");
    BOOST_TEST(printable("\xff\xfe") == "\\xff\\xfe");
    BOOST_TEST(printable("\xe2\x82\xac 5") == "\xe2\x82\xac 5");
}

BOOST_AUTO_TEST_CASE(a_body_is_indented_only_when_it_is_json) {
    BOOST_TEST(readable_body("{\"a\":[]}") == "{\n  \"a\": []\n}");
    BOOST_TEST(readable_body("kind=payment\n") == "kind=payment\n");
}

BOOST_AUTO_TEST_SUITE_END()
