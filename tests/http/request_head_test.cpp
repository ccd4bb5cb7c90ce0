#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "http/request_head.hpp"
#include "http/smuggling_samples.hpp"

namespace http = tributary::http;
namespace bdata = boost::unit_test::data;

namespace {

http::request_head accepted(std::string_view block) {
    http::request_head head;
    const auto refused = http::parse_request_head(block, head);
    BOOST_TEST_REQUIRE(!refused.has_value(), block << " refused: " << (refused ? refused->message : ""));
    return head;
}

int status_of(std::string_view block) {
    http::request_head head;
    const auto refused = http::parse_request_head(block, head);
    return refused ? refused->status : 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(request_head)

BOOST_AUTO_TEST_CASE(all_parts_of_a_request_are_kept_as_received) {
    const auto head = accepted("POST /a%20b/c?x=%41&y HTTP/1.1\r\nHOST: Go.Example.COM:8080\r\n"
                               "X-Two: first\r\nx-TWO:\tsecond \t\r\nContent-Length: 12\r\nEmpty:\r\n\r\n");
    const auto& message = head.message;
    BOOST_TEST(message.method == "POST");
    BOOST_TEST(message.target == "/a%20b/c?x=%41&y");
    BOOST_TEST(message.path == "/a b/c");
    BOOST_TEST(message.query == "x=%41&y");
    BOOST_TEST(message.authority == "Go.Example.COM:8080");
    BOOST_TEST(message.host == "go.example.com");
    BOOST_TEST_REQUIRE(message.headers.size() == 5u);
    BOOST_TEST(message.headers[1].name == "X-Two");
    BOOST_TEST(message.headers[1].value == "first");
    BOOST_TEST(message.headers[2].name == "x-TWO");
    BOOST_TEST(message.headers[2].value == "second");
    BOOST_TEST(message.headers[4].value == "");
    BOOST_TEST(head.content_length == 12u);
    BOOST_TEST(head.keep_alive);
    BOOST_TEST(!head.chunked);
}

BOOST_AUTO_TEST_CASE(the_connection_stays_open_as_the_version_and_the_client_say) {
    BOOST_TEST(accepted("GET / HTTP/1.1\r\nHost: a\r\n\r\n").keep_alive);
    BOOST_TEST(!accepted("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade , Close\r\n\r\n").keep_alive);
    BOOST_TEST(!accepted("GET / HTTP/1.0\r\n\r\n").keep_alive);
    BOOST_TEST(accepted("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").keep_alive);
    BOOST_TEST(!accepted("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n").keep_alive);
}

BOOST_AUTO_TEST_CASE(an_absolute_target_replaces_the_host) {
    const auto head = accepted("GET http://Real.example:81/x?y HTTP/1.1\r\nHost: other\r\n\r\n");
    BOOST_TEST(head.message.host == "real.example");
    BOOST_TEST(head.message.authority == "Real.example:81");
    BOOST_TEST(head.message.target == "/x?y");
    BOOST_TEST(head.message.path == "/x");
    BOOST_TEST(accepted("GET HTTPS://a?q HTTP/1.1\r\nHost: a\r\n\r\n").message.target == "/?q");
    BOOST_TEST(accepted("GET http://a HTTP/1.1\r\nHost: a\r\n\r\n").message.path == "/");
}

BOOST_AUTO_TEST_CASE(a_redirect_target_may_contain_a_url_and_raw_bytes) {
    BOOST_TEST(accepted("GET /to/http://x/y?u=http://z HTTP/1.1\r\nHost: a\r\n\r\n").message.path ==
               "/to/http://x/y");
    BOOST_TEST(accepted("GET /gr\xc3\xbc\xc3\x9f HTTP/1.1\r\nHost: a\r\n\r\n").message.path ==
               "/gr\xc3\xbc\xc3\x9f");
}

BOOST_DATA_TEST_CASE(what_two_parsers_could_read_differently_is_refused,
                     bdata::make(http::test::smuggling_samples()), sample) {
    if (!sample.in_head)
        return;
    http::head_scanner scanner;
    const auto state = scanner.scan(sample.bytes);
    if (state == http::head_scanner::state::malformed)
        return;
    BOOST_TEST_REQUIRE((state == http::head_scanner::state::complete), "the sample has no end");
    BOOST_TEST(status_of(std::string_view(sample.bytes).substr(0, scanner.size())) == sample.status);
}

BOOST_AUTO_TEST_CASE(too_many_fields_are_refused) {
    std::string block = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (int count = 0; count < 127; ++count)
        block += "a: b\r\n";
    BOOST_TEST(status_of(block + "\r\n") == 0);
    BOOST_TEST(status_of(block + "a: b\r\n\r\n") == 431);
}

BOOST_AUTO_TEST_CASE(the_end_of_a_head_is_found_wherever_its_bytes_are_split) {
    const std::string_view bytes = "GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n\r\nnext";
    using state = http::head_scanner::state;
    for (std::size_t first = 0; first <= bytes.size(); ++first) {
        for (std::size_t second = first; second <= bytes.size(); ++second) {
            http::head_scanner scanner;
            auto found = scanner.scan(bytes.substr(0, first));
            if (found == state::incomplete)
                found = scanner.scan(bytes.substr(0, second));
            if (found == state::incomplete)
                found = scanner.scan(bytes);
            BOOST_TEST_REQUIRE((found == state::complete));
            BOOST_TEST_REQUIRE(scanner.size() == bytes.size() - 4);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_bare_line_feed_is_noticed_at_once) {
    http::head_scanner scanner;
    BOOST_TEST((scanner.scan("GET / HTTP/1.1\n") == http::head_scanner::state::malformed));
}

BOOST_DATA_TEST_CASE(an_authority_is_a_host_with_an_optional_port,
                     bdata::make({"a", "a.b-c_d", "127.0.0.1", "a:0", "a:65535", "a:", "[::1]",
                                  "[fe80::1]:443"}),
                     text) {
    BOOST_TEST(http::is_authority(text));
}

BOOST_DATA_TEST_CASE(what_is_no_authority_is_refused,
                     bdata::make({"", ":80", "a:65536", "a:123456", "a:8x", "a b", "u@a", "a/b", "[::1", "[]",
                                  "[::1]x", "[fe80::1%25eth0]", "a,b", "a%20b", "::1"}),
                     text) {
    BOOST_TEST(!http::is_authority(text));
}

BOOST_AUTO_TEST_SUITE_END()
