#include <tributary/accounts/domains.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include "accounts/fixture.hpp"

namespace bdata = boost::unit_test::data;
using namespace tributary::accounts;
using namespace tributary::accounts::test;

BOOST_AUTO_TEST_SUITE(host_names)

BOOST_DATA_TEST_CASE(a_host_has_one_form,
                     bdata::make({"go.example.com", "GO.Example.COM", "go.example.com.", "go.example.com:443",
                                  "Go.example.com.:80", "localhost", "LOCALHOST:8080",
                                  "xn--bcher-kva.example", "1.example", "a-b.c2", "9.9.9.a"}) ^
                         bdata::make({"go.example.com", "go.example.com", "go.example.com", "go.example.com",
                                      "go.example.com", "localhost", "localhost", "xn--bcher-kva.example",
                                      "1.example", "a-b.c2", "9.9.9.a"}),
                     host, form) {
    BOOST_TEST(must(normalise_host(host)) == form);
    BOOST_TEST(must(normalise_host(form)) == form);
}

BOOST_DATA_TEST_CASE(what_is_no_host_is_refused,
                     bdata::make({"",
                                  ".",
                                  "..",
                                  "go",
                                  ".go.example",
                                  "go..example",
                                  "go.example..",
                                  "-go.example",
                                  "go-.example",
                                  "go.example-",
                                  "go_x.example",
                                  "go example.com",
                                  " go.example",
                                  "go.example ",
                                  "go.example\n",
                                  "go.example/x",
                                  "user@go.example",
                                  "https://go.example",
                                  "go.example:",
                                  "go.example:x",
                                  "go.example:80:80",
                                  "go.example:65536",
                                  "go.example:-1",
                                  "go.example:+1",
                                  ":80",
                                  "127.0.0.1",
                                  "127.0.0.1:80",
                                  "[::1]",
                                  "[::1]:80",
                                  "::1",
                                  "1",
                                  "example.123",
                                  "b\xc3\xbc"
                                  "cher.example",
                                  "*.example.com",
                                  "go.example,com",
                                  "%67o.example"}),
                     host) {
    BOOST_TEST(code_of(normalise_host(host)) == accounts_errc::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_zero_byte_does_not_end_a_host) {
    BOOST_TEST(code_of(normalise_host(std::string_view("a.example\0.evil", 15))) ==
               accounts_errc::invalid_argument);
}

BOOST_AUTO_TEST_CASE(labels_have_63_characters_and_names_253) {
    const std::string label(63, 'a');
    const std::string longest = label + "." + label + "." + label + "." + label.substr(0, 61);
    BOOST_TEST(longest.size() == 253u);
    BOOST_TEST(must(normalise_host(longest + ".")) == longest);
    BOOST_TEST(code_of(normalise_host(longest + "a")) == accounts_errc::invalid_argument);
    BOOST_TEST(code_of(normalise_host(label + "a.example")) == accounts_errc::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_host_that_is_not_ascii_gets_told_how_to_write_it) {
    const auto refused = normalise_host("b\xc3\xbc"
                                        "cher.example");
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().detail.find("xn--") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
