// Goal: no bytes crash the reader of requests, none are read differently when they arrive in other pieces,
// and whatever we accept a second, independent parser (Beast's) reads as the same request, if it does not
// refuse it. Method: seeded mutations of valid and of nearly valid requests, fed to the session without any
// socket. A failing round prints its seed.
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/test/unit_test.hpp>

#include <random>

#include "http/session.hpp"
#include "http/smuggling_samples.hpp"
#include "http/test_server.hpp"

namespace http = tributary::http;
namespace beast_http = boost::beast::http;
using namespace http::test;

namespace {

constexpr unsigned rounds = 20'000;
constexpr std::size_t valid_seeds = 7; // The first ones of seeds().

/// A session whose handler answers at once and keeps what it was asked.
struct bench final : http::responder_source {
    http::responder make_responder(std::uint64_t number) override {
        return [this, number](http::response answer) { under_test.complete(number, std::move(answer)); };
    }

    /// Feeds the bytes in pieces of at most `piece_max` bytes.
    void feed(std::string_view bytes, std::size_t piece_max, std::mt19937& chance) {
        while (!bytes.empty() && !under_test.finished()) {
            const std::size_t count = std::min<std::size_t>(
                bytes.size(), piece_max - chance() % std::min<std::size_t>(piece_max, 5));
            const auto room = under_test.prepare_input();
            const std::size_t taken = std::min(count, room.size());
            std::copy_n(bytes.data(), taken, room.data());
            under_test.commit_input(taken);
            bytes.remove_prefix(taken);
            under_test.process();
        }
    }

    std::vector<http::request> requests;
    std::unique_ptr<tributary::logger> log = tributary::make_null_logger();
    tributary::seeded_entropy random{1};
    http::server_setup setup{{.header_bytes_max = 2048, .body_bytes_max = 512},
                             [this](http::request&& message, const http::responder& respond) {
                                 message.request_id.clear(); // Given by chance, not by the bytes.
                                 requests.push_back(std::move(message));
                                 respond({});
                             },
                             {},
                             {},
                             *log};
    http::session_services services{setup, random};
    http::session under_test{services, *this, {"192.0.2.1", false, false}};
};

std::vector<std::string> seeds() {
    std::vector<std::string> all = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /l/summer?x=1&y=%20 HTTP/1.1\r\nHost: go.example.com:8080\r\nUser-Agent: x\r\nX-Request-Id: "
        "r\r\n\r\n",
        "POST /hook HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\nA: b\r\nA: c\r\n\r\n{\"a\":\"b\",1}x",
        "POST / HTTP/1.1\r\nHost: [::1]:80\r\nTransfer-Encoding: "
        "chunked\r\n\r\n4\r\nabcd\r\n2;e=1\r\nxy\r\n0\r\nT: u\r\n\r\n",
        "HEAD http://a/b?c HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n",
        "PUT / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
    };
    for (const auto& sample : smuggling_samples())
        all.push_back(sample.bytes);
    return all;
}

void mutate(std::string& bytes, std::mt19937& random) {
    static constexpr std::string_view dictionary[] = {"\r\n",
                                                      "\n",
                                                      "\r",
                                                      "\r\n\r\n",
                                                      " ",
                                                      "\t",
                                                      ":",
                                                      "0\r\n\r\n",
                                                      "Content-Length: 5\r\n",
                                                      "Content-Length: 0",
                                                      "Transfer-Encoding: chunked\r\n",
                                                      "chunked",
                                                      ", ",
                                                      "Host: a\r\n",
                                                      "HTTP/1.1",
                                                      "HTTP/1.0",
                                                      "%00",
                                                      "%2e%2e/",
                                                      "/../",
                                                      ";",
                                                      "ffffffffffffffff",
                                                      "-1",
                                                      "\xff",
                                                      "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                                                      "http://a",
                                                      "Connection: close\r\n"};
    const unsigned count = 1 + random() % 2;
    for (unsigned step = 0; step < count; ++step) {
        const std::size_t at = random() % (bytes.size() + 1);
        switch (random() % 5) {
        case 0: bytes.insert(at, dictionary[random() % std::size(dictionary)]); break;
        case 1: bytes.insert(at, 1, static_cast<char>(random() % 256)); break;
        case 2: bytes.erase(at, 1 + random() % 4); break;
        case 3:
            if (at < bytes.size())
                bytes[at] = static_cast<char>(bytes[at] ^ (1u << random() % 8));
            break;
        default: bytes.insert(at, bytes.substr(random() % (bytes.size() + 1), random() % 32)); break;
        }
    }
}

bool same(const http::request& left, const http::request& right) {
    const auto same_field = [](const http::header& a, const http::header& b) {
        return a.name == b.name && a.value == b.value;
    };
    return left.method == right.method && left.target == right.target && left.path == right.path &&
           left.query == right.query && left.body == right.body && left.authority == right.authority &&
           left.host == right.host && left.scheme == right.scheme &&
           left.remote_address == right.remote_address &&
           std::ranges::equal(left.headers, right.headers, same_field);
}

/// Reads the requests off the front as Beast does, as far as it can.
std::vector<beast_http::request<beast_http::string_body>> read_with_beast(std::string_view bytes) {
    std::vector<beast_http::request<beast_http::string_body>> all;
    while (!bytes.empty()) {
        if (bytes.starts_with("\r\n"))
            bytes.remove_prefix(2); // We take one empty line there, as RFC 9112, 2.2 wants; Beast does not.
        beast_http::request_parser<beast_http::string_body> parser;
        parser.eager(true);
        parser.header_limit(4096);
        boost::system::error_code error;
        const std::size_t taken = parser.put(boost::asio::buffer(bytes), error);
        if (error || !parser.is_done())
            break;
        bytes.remove_prefix(taken);
        all.push_back(parser.release());
    }
    return all;
}

/// How often a field with this name, in any case, and this value is there.
std::ptrdiff_t occurrences(const http::request& message, const http::header& wanted) {
    return std::ranges::count_if(message.headers, [&](const http::header& each) {
        return boost::beast::iequals(each.name, wanted.name) && each.value == wanted.value;
    });
}

std::ptrdiff_t occurrences(const beast_http::request<beast_http::string_body>& message,
                           const http::header& wanted) {
    // A trailer is a field for Beast and dropped by us, so that it may have more, never fewer.
    const auto count = std::ranges::count_if(message, [&](const auto& each) {
        return boost::beast::iequals(each.name_string(), wanted.name) && each.value() == wanted.value;
    });
    return count;
}

} // namespace

BOOST_AUTO_TEST_SUITE(request_fuzz)

BOOST_AUTO_TEST_CASE(mutated_requests_are_read_the_same_in_any_pieces_and_as_another_parser_reads_them) {
    const auto samples = seeds();
    unsigned accepted = 0;
    unsigned compared = 0;
    unsigned refused = 0;
    for (unsigned seed = 0; seed < rounds; ++seed) {
        std::mt19937 random(seed);
        // Half of them begin as valid requests, or hardly any would still be one after its mutation.
        std::string bytes = samples[random() % (random() % 2 == 0 ? valid_seeds : samples.size())];
        mutate(bytes, random);
        BOOST_TEST_CONTEXT("seed " << seed << "\n" << bytes) {
            bench whole;
            bench pieces;
            whole.feed(bytes, bytes.size() + 5, random);
            pieces.feed(bytes, 5, random);
            BOOST_TEST_REQUIRE(std::ranges::equal(whole.requests, pieces.requests, same));
            BOOST_TEST_REQUIRE(whole.under_test.finished() == pieces.under_test.finished());

            const auto other = read_with_beast(bytes);
            const std::size_t both = std::min(other.size(), whole.requests.size());
            for (std::size_t index = 0; index < both; ++index) {
                const auto& ours = whole.requests[index];
                const auto& theirs = other[index];
                BOOST_TEST_REQUIRE(ours.method == theirs.method_string());
                BOOST_TEST_REQUIRE(
                    theirs.target().ends_with(ours.target == "/" ? "" : ours.target.substr(1)));
                BOOST_TEST_REQUIRE(ours.body == theirs.body());
                for (const auto& field : ours.headers)
                    BOOST_TEST_REQUIRE(occurrences(theirs, field) >= occurrences(ours, field));
                BOOST_TEST_REQUIRE(ours.body.size() <= 512u);
                BOOST_TEST_REQUIRE(ours.path.starts_with('/'));
                BOOST_TEST_REQUIRE(!ours.path.ends_with("/.."));
            }
            accepted += static_cast<unsigned>(whole.requests.size());
            compared += static_cast<unsigned>(both);
            refused += whole.under_test.finished() ? 1 : 0;
        }
    }
    // A fuzzer that only ever sees one kind of outcome tests nothing.
    BOOST_TEST(accepted > rounds / 20);
    BOOST_TEST(refused > rounds / 10);
    // To refuse is not to read differently, but when the other refuses much, there is little comparison.
    BOOST_TEST(compared > accepted / 100 * 98);
}

BOOST_AUTO_TEST_SUITE_END()
