#include <boost/test/unit_test.hpp>

#include "validator/delivery.hpp"

using namespace tributary::validator;

BOOST_AUTO_TEST_SUITE(fixtures)

BOOST_AUTO_TEST_CASE(a_request_is_read_with_either_line_end_and_its_body_kept_byte_for_byte) {
    for (const std::string end : {"\n", "\r\n"}) {
        const auto read = parse_request("PUT /a/b?x=1&y HTTP/1.1" + end + "Content-Type: text/plain" + end +
                                        "X-Empty:" + end + end + "line\r\nline\n\n");
        BOOST_REQUIRE(read.has_value());
        BOOST_TEST(read->method == "PUT");
        BOOST_TEST(read->path == "/a/b");
        BOOST_TEST(read->query == "x=1&y");
        BOOST_REQUIRE(read->headers.size() == 2u);
        BOOST_TEST(read->headers[0].second == "text/plain");
        BOOST_TEST(read->headers[1].second == "");
        BOOST_TEST(read->body == "line\r\nline\n\n");
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_request_is_refused) {
    for (const char* raw : {"", "POST", "\n\n", "POST / HTTP/1.1\n", "POST / HTTP/1.1\nA: b\n", " / x\n\n",
                            "POST / HTTP/1.1\n: b\n\n", "POST / HTTP/1.1\nnothing\n\n"})
        BOOST_TEST(!parse_request(raw), raw);
}

BOOST_AUTO_TEST_SUITE_END()
