#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "http/response_writer.hpp"

namespace http = tributary::http;
namespace bdata = boost::unit_test::data;

namespace {

std::string written(const http::response& answer, http::response_framing framing = {}) {
    framing.request_id = "r1";
    framing.date = "D";
    framing.server_name = "t";
    std::string out;
    http::append_response(out, answer, framing);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(response_writer)

BOOST_AUTO_TEST_CASE(an_answer_is_framed_by_the_server_alone) {
    const http::response answer{
        201, {{"A", "b"}, {"content-length", "999"}, {"Transfer-Encoding", "chunked"}, {"A", "c"}}, "body"};
    BOOST_TEST(written(answer) == "HTTP/1.1 201 Created\r\nServer: t\r\nDate: D\r\nA: b\r\nA: c\r\n"
                                  "X-Request-Id: r1\r\nContent-Length: 4\r\n\r\nbody");
}

BOOST_AUTO_TEST_CASE(head_gets_the_length_and_no_body) {
    const auto text = written({200, {}, "body"}, {.head_only = true});
    BOOST_TEST(text.ends_with("Content-Length: 4\r\n\r\n"));
}

BOOST_DATA_TEST_CASE(some_statuses_have_neither_body_nor_length, bdata::make({204, 304}), status) {
    const auto text = written({status, {}, "body"});
    BOOST_TEST(text.find("Content-Length") == std::string::npos);
    BOOST_TEST(text.ends_with("\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(the_client_learns_whether_the_connection_stays_open) {
    BOOST_TEST(written({}).find("Connection") == std::string::npos);
    BOOST_TEST(written({}, {.keep_alive = false}).find("Connection: close\r\n") != std::string::npos);
    BOOST_TEST(written({}, {.http_1_0 = true}).find("Connection: keep-alive\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_would_break_the_framing_is_not_sendable) {
    BOOST_TEST(http::is_sendable({200, {{"Location", "/a?b"}}, "\r\n"}));
    BOOST_TEST(!http::is_sendable({200, {{"Location", "/a\r\nSet-Cookie: b"}}, ""}));
    BOOST_TEST(!http::is_sendable({200, {{"Location", std::string("\0", 1)}}, ""}));
    BOOST_TEST(!http::is_sendable({200, {{"A b", "c"}}, ""}));
    BOOST_TEST(!http::is_sendable({200, {{"", "c"}}, ""}));
    BOOST_TEST(!http::is_sendable({101, {}, ""}));
    BOOST_TEST(!http::is_sendable({600, {}, ""}));
}

BOOST_AUTO_TEST_CASE(the_date_has_the_form_of_the_rfc) {
    http::date_text date;
    BOOST_TEST(date.at(784'111'777) == "Sun, 06 Nov 1994 08:49:37 GMT"); // RFC 9110, 5.6.7
    BOOST_TEST(date.at(784'111'778) == "Sun, 06 Nov 1994 08:49:38 GMT");
}

BOOST_AUTO_TEST_SUITE_END()
