#include <tributary/http/message.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace http = tributary::http;
namespace bdata = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(http_message)

BOOST_AUTO_TEST_CASE(a_header_is_found_without_regard_to_case_and_the_first_one_wins) {
    const std::vector<http::header> headers = {{"X-Sign", "one"}, {"x-sign", "two"}, {"Empty", ""}};
    BOOST_TEST(http::find_header(headers, "X-SIGN") == "one");
    BOOST_TEST(http::find_header(headers, "Empty") == "");
    BOOST_TEST(http::find_header(headers, "X-Sig") == "");
}

struct decoding {
    std::string_view text;
    bool plus_is_space;
    bool well_formed;
    std::string_view decoded;
};
std::ostream& operator<<(std::ostream& out, const decoding& sample) {
    return out << sample.text;
}

const decoding decodings[] = {
    {"/plain", false, true, "/plain"},
    {"a%20b", false, true, "a b"},
    {"a+b", false, true, "a+b"},
    {"a+b", true, true, "a b"},
    {"%2B", true, true, "+"},
    {"%c3%A4", false, true, "\xc3\xa4"},
    {"", false, true, ""},
    {"%", false, false, "%"},
    {"%4", false, false, "%4"},
    {"%4g", false, false, "%4g"},
    {"%%41", false, false, "%A"},
    {"a%zz+b", true, false, "a%zz b"},
};

BOOST_DATA_TEST_CASE(percent_escapes_are_decoded_or_reported, bdata::make(decodings), sample) {
    std::string out = "left over";
    BOOST_TEST(http::percent_decode(sample.text, sample.plus_is_space, out) == sample.well_formed);
    BOOST_TEST(out == sample.decoded);
}

BOOST_AUTO_TEST_CASE(a_query_becomes_pairs_in_order_and_keeps_malformed_escapes) {
    const auto pairs = http::parse_query("a=1&b&&c=x+y%21&a=2&bad=%zz&=e&d==");
    const std::vector<std::pair<std::string, std::string>> expected = {
        {"a", "1"}, {"b", ""}, {"c", "x y!"}, {"a", "2"}, {"bad", "%zz"}, {"", "e"}, {"d", "="}};
    BOOST_REQUIRE_EQUAL(pairs.size(), expected.size());
    for (std::size_t index = 0; index < pairs.size(); ++index) {
        BOOST_TEST(pairs[index].name == expected[index].first);
        BOOST_TEST(pairs[index].value == expected[index].second);
    }
    BOOST_TEST(http::parse_query("").empty());
    BOOST_TEST(http::parse_query("&&").empty());
}

BOOST_AUTO_TEST_CASE(an_error_is_valid_json_whatever_its_texts_contain) {
    using namespace std::string_literals;
    const std::string odd = "quote\" back\\slash\n\x01\0end \xc3\xa4 \xf0\x9f\x98\x80"s;
    const auto answer = http::error_response(404, "not_found", odd, "req_1");
    BOOST_TEST(answer.status == 404);
    BOOST_TEST(http::find_header(answer.headers, "content-type") == "application/json");
    const auto parsed = boost::json::parse(answer.body);
    const auto& error = parsed.at("error").as_object();
    BOOST_TEST(std::string_view(error.at("code").as_string()) == "not_found");
    BOOST_TEST(std::string_view(error.at("message").as_string()) == odd);
    BOOST_TEST(std::string_view(error.at("request_id").as_string()) == "req_1");
}

BOOST_DATA_TEST_CASE(bytes_that_are_not_utf8_are_replaced,
                     bdata::make({"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80",
                                  "\xe2\x82"}),
                     broken) {
    const auto answer = http::error_response(400, "bad", std::string("<") + broken + ">");
    const auto parsed = boost::json::parse(answer.body); // Refuses what is not UTF-8.
    const std::string_view message = parsed.at("error").at("message").as_string();
    BOOST_TEST(message.starts_with("<\xef\xbf\xbd"));
    BOOST_TEST(message.ends_with(">"));
}

BOOST_AUTO_TEST_SUITE_END()
