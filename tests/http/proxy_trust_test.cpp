#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "http/proxy_trust.hpp"

namespace http = tributary::http;
namespace bdata = boost::unit_test::data;

namespace {

http::trusted_proxies trusting(const std::vector<std::string>& blocks) {
    return http::trusted_proxies::parse(blocks).value();
}

bool contains(const http::trusted_proxies& proxies, std::string_view address) {
    return proxies.contains(http::parse_ip(address).value());
}

} // namespace

BOOST_AUTO_TEST_SUITE(proxy_trust)

BOOST_AUTO_TEST_CASE(blocks_contain_what_their_prefix_says) {
    const auto proxies = trusting({"10.0.0.0/8", "192.168.1.7", "2001:db8::/33", "172.16.0.0/12"});
    BOOST_TEST(contains(proxies, "10.255.0.1"));
    BOOST_TEST(contains(proxies, "::ffff:10.1.2.3"));
    BOOST_TEST(!contains(proxies, "11.0.0.1"));
    BOOST_TEST(contains(proxies, "192.168.1.7"));
    BOOST_TEST(!contains(proxies, "192.168.1.6"));
    BOOST_TEST(contains(proxies, "2001:db8:7fff::1"));
    BOOST_TEST(!contains(proxies, "2001:db8:8000::1"));
    BOOST_TEST(contains(proxies, "172.31.0.1"));
    BOOST_TEST(!contains(proxies, "172.32.0.1"));
    BOOST_TEST(contains(trusting({"0.0.0.0/0"}), "8.8.8.8"));
    BOOST_TEST(!contains(trusting({"0.0.0.0/0"}), "2001::1"));
}

BOOST_DATA_TEST_CASE(what_is_no_block_is_refused_by_name,
                     bdata::make({"", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "::/129", "localhost",
                                  "10.0.0.0/8x", "10.0.0.0/-1"}),
                     text) {
    const auto parsed = http::trusted_proxies::parse({text});
    BOOST_TEST_REQUIRE(parsed.has_error());
    BOOST_TEST(parsed.error().text().find("\"" + std::string(text) + "\"") != std::string::npos);
}

struct forwarding {
    std::string_view fields; ///< Several fields are separated by '|'.
    std::string_view client;
};
std::ostream& operator<<(std::ostream& out, const forwarding& sample) {
    return out << sample.fields;
}

const forwarding forwardings[] = {
    {"", "10.0.0.1"},
    {"203.0.113.9", "203.0.113.9"},
    {"1.2.3.4, 203.0.113.9", "203.0.113.9"}, // The left one is whatever the client claimed.
    {"203.0.113.9, 10.0.0.2", "203.0.113.9"},
    {"203.0.113.9|10.0.0.2", "203.0.113.9"},
    {"10.0.0.3, 10.0.0.2", "10.0.0.3"},
    {"203.0.113.9, unknown, 10.0.0.2", "10.0.0.2"},
    {"203.0.113.9:5123", "203.0.113.9"},
    {"[2001:db8::1]:443", "2001:db8::1"},
    {"2001:db8::1", "2001:db8::1"},
    {"::ffff:203.0.113.9", "203.0.113.9"},
    {",,", "10.0.0.1"},
};

BOOST_DATA_TEST_CASE(the_client_is_the_first_from_the_right_that_is_no_proxy, bdata::make(forwardings),
                     sample) {
    std::vector<http::header> headers;
    for (std::string_view rest = sample.fields; !rest.empty();) {
        const std::size_t end = std::min(rest.find('|'), rest.size());
        headers.push_back({"x-forwarded-FOR", std::string(rest.substr(0, end))});
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    BOOST_TEST(trusting({"10.0.0.0/8"}).client_address("10.0.0.1", headers) == sample.client);
}

BOOST_AUTO_TEST_CASE(the_scheme_is_that_of_the_nearest_proxy_and_a_known_one) {
    using headers = std::vector<http::header>;
    BOOST_TEST(http::forwarded_scheme(headers{{"X-Forwarded-Proto", "HTTPS"}}) == "https");
    BOOST_TEST(http::forwarded_scheme(headers{{"X-Forwarded-Proto", "https, http"}}) == "http");
    BOOST_TEST(http::forwarded_scheme(headers{{"X-Forwarded-Proto", "gopher"}}) == "");
    BOOST_TEST(http::forwarded_scheme(headers{}) == "");
}

BOOST_DATA_TEST_CASE(internal_addresses_are_known,
                     bdata::make({"127.0.0.1", "10.1.1.1", "192.168.0.1", "172.20.0.1", "169.254.169.254",
                                  "0.0.0.0", "100.64.0.1", "::1", "::", "fe80::1", "fd00::1",
                                  "::ffff:127.0.0.1", "64:ff9b::7f00:1", "224.0.0.1", "255.255.255.255"}),
                     text) {
    BOOST_TEST(http::is_internal(http::parse_ip(text).value()));
}

BOOST_DATA_TEST_CASE(public_addresses_are_not_internal,
                     bdata::make({"8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "192.169.0.1"}),
                     text) {
    BOOST_TEST(!http::is_internal(http::parse_ip(text).value()));
}

BOOST_AUTO_TEST_SUITE_END()
