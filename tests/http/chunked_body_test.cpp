#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "http/chunked_body.hpp"

namespace http = tributary::http;
namespace bdata = boost::unit_test::data;
using state = http::chunked_decoder::state;

namespace {

constexpr std::string_view sample =
    "4\r\nabcd\r\n0A;name=\"value\";x\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\nGET /";
constexpr std::string_view sample_body = "abcd0123456789";

state decode(std::string_view bytes, std::size_t body_bytes_max) {
    http::chunked_decoder decoder(body_bytes_max);
    std::string body;
    return decoder.feed(bytes, body);
}

} // namespace

BOOST_AUTO_TEST_SUITE(chunked_body)

BOOST_AUTO_TEST_CASE(chunks_are_joined_wherever_their_bytes_are_split) {
    for (std::size_t first = 0; first <= sample.size(); ++first) {
        for (std::size_t second = first; second <= sample.size(); ++second) {
            http::chunked_decoder decoder(100);
            std::string body;
            std::string_view left;
            auto now = state::incomplete;
            for (const auto piece :
                 {sample.substr(0, first), sample.substr(first, second - first), sample.substr(second)}) {
                left = now == state::incomplete ? piece : left;
                if (now == state::incomplete)
                    now = decoder.feed(left, body);
            }
            BOOST_TEST_REQUIRE((now == state::complete));
            BOOST_TEST_REQUIRE(body == sample_body);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_follows_the_body_is_left_for_the_next_request) {
    http::chunked_decoder decoder(100);
    std::string body;
    std::string_view bytes = sample;
    BOOST_TEST((decoder.feed(bytes, body) == state::complete));
    BOOST_TEST(bytes == "GET /");
}

BOOST_AUTO_TEST_CASE(the_limit_counts_all_chunks_and_holds_before_the_data_comes) {
    BOOST_TEST((decode("4\r\nabcd\r\n6\r\n", 10) == state::incomplete));
    BOOST_TEST((decode("4\r\nabcd\r\n7\r\n", 10) == state::too_large));
    BOOST_TEST((decode("fffffffffffffff\r\n", 10) == state::too_large));
    BOOST_TEST((decode("1\r\n", 0) == state::too_large));
    BOOST_TEST((decode("0\r\n\r\n", 0) == state::complete));
}

BOOST_AUTO_TEST_CASE(extensions_are_bounded_over_the_whole_body) {
    std::string bytes;
    for (int count = 0; count < 100; ++count)
        bytes += "1;" + std::string(200, 'x') + "\r\na\r\n";
    BOOST_TEST((decode(bytes, 1000) == state::malformed));
    BOOST_TEST((decode(bytes.substr(0, bytes.size() / 2), 1000) == state::incomplete));
}

BOOST_DATA_TEST_CASE(what_is_no_chunk_is_refused_without_waiting_for_more,
                     bdata::make({"g\r\n", "-1\r\n", "3 \r\n", ";x\r\n", "\r\n", "1\n", "1\r\nab", "1\r\na\n",
                                  "1\r\na\rb", "0\r\n \r\n", "0\r\nX\r\n", "0\r\nX : a\r\n",
                                  "1000000000000000\r\n"}),
                     bytes) {
    BOOST_TEST((decode(bytes, 100) == state::malformed));
}

BOOST_AUTO_TEST_SUITE_END()
