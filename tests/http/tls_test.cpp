// Goal: the client talks to whom it means to and to nobody else; the server speaks TLS 1.2 and up.
// Method: our server with certificates of every fault, made for the test.
#include <boost/test/unit_test.hpp>

#include "http/awaited_client.hpp"
#include "http/certificates.hpp"
#include "http/raw_connection.hpp"

namespace http = tributary::http;
using namespace http::test;
using http::client_errc;

namespace {

struct authority {
    certificate_store store;
    certificate_store::files ca = store.make_authority("ca");
};

http::server_options with_tls(const certificate_store::files& files) {
    http::server_options options;
    options.tls_certificate_file = files.certificate;
    options.tls_key_file = files.key;
    return options;
}

http::client_request get(std::uint16_t port, const std::string& host = "localhost") {
    http::client_request request;
    request.deadline_ms = 60'000;
    request.url = "https://" + host + ":" + std::to_string(port) + "/x";
    return request;
}

/// What a client that trusts the CA says about such a certificate.
tributary::result<http::response> outcome_of(authority& trusted, const certificate_request& wanted,
                                             const std::string& host = "localhost") {
    running_server server(echo, with_tls(trusted.store.make_certificate("server", wanted, trusted.ca)));
    awaited_client client({.ca_file = trusted.ca.certificate, .plain_http_hosts = {}});
    return client.send(get(server.port(), host));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_tls, authority)

BOOST_AUTO_TEST_CASE(a_certificate_of_the_given_ca_for_the_host_is_accepted) {
    const auto by_name = outcome_of(*this, {.alternative_name = "DNS:localhost"});
    BOOST_TEST_REQUIRE(by_name.has_value());
    BOOST_TEST(by_name->body == "GET /x? []");
    BOOST_TEST(outcome_of(*this, {.alternative_name = "IP:127.0.0.1"}, "127.0.0.1").has_value());
}

BOOST_AUTO_TEST_CASE(a_certificate_for_another_host_is_refused) {
    const auto other_name = outcome_of(*this, {.alternative_name = "DNS:elsewhere.example"});
    BOOST_TEST_REQUIRE(other_name.has_error());
    BOOST_TEST(other_name.error().code == client_errc::tls_failed);
    BOOST_TEST(other_name.error().detail.find("hostname mismatch") != std::string::npos);
    const auto other_address = outcome_of(*this, {.alternative_name = "IP:127.0.0.2"}, "127.0.0.1");
    BOOST_TEST_REQUIRE(other_address.has_error());
    BOOST_TEST(other_address.error().detail.find("IP address mismatch") != std::string::npos);
    // A name does not vouch for an address, even if the name would resolve to it.
    BOOST_TEST(outcome_of(*this, {.alternative_name = "DNS:localhost"}, "127.0.0.1").has_error());
}

BOOST_AUTO_TEST_CASE(an_expired_or_future_certificate_is_refused) {
    const auto expired =
        outcome_of(*this, {.alternative_name = "DNS:localhost", .valid_from_days = -10, .valid_to_days = -1});
    BOOST_TEST_REQUIRE(expired.has_error());
    BOOST_TEST(expired.error().code == client_errc::tls_failed);
    BOOST_TEST(expired.error().detail.find("expired") != std::string::npos);
    const auto future =
        outcome_of(*this, {.alternative_name = "DNS:localhost", .valid_from_days = 1, .valid_to_days = 2});
    BOOST_TEST_REQUIRE(future.has_error());
    BOOST_TEST(future.error().code == client_errc::tls_failed);
}

BOOST_AUTO_TEST_CASE(a_certificate_of_another_ca_is_refused) {
    const auto other = store.make_authority("other");
    running_server server(
        echo, with_tls(store.make_certificate("server", {.alternative_name = "DNS:localhost"}, ca)));
    awaited_client client({.ca_file = other.certificate, .plain_http_hosts = {}});
    const auto refused = client.send(get(server.port()));
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().code == client_errc::tls_failed);
    awaited_client of_the_system({.ca_file = "", .plain_http_hosts = {}});
    BOOST_TEST(of_the_system.failure_of(get(server.port())) == client_errc::tls_failed);
    BOOST_TEST(server.under_test.statistics().requests == 0u);
}

BOOST_AUTO_TEST_CASE(https_to_a_plain_server_fails_in_tls) {
    running_server plain;
    awaited_client client({.ca_file = ca.certificate, .plain_http_hosts = {}});
    BOOST_TEST(client.failure_of(get(plain.port())) == client_errc::tls_failed);
}

BOOST_AUTO_TEST_CASE(the_deadline_covers_the_handshake) {
    const raw_listener silent;
    awaited_client client({.ca_file = ca.certificate, .plain_http_hosts = {}});
    auto request = get(silent.port());
    request.deadline_ms = 100;
    BOOST_TEST(client.failure_of(std::move(request)) == client_errc::timed_out);
}

BOOST_AUTO_TEST_CASE(a_missing_ca_file_is_an_error_at_once) {
    BOOST_CHECK_THROW(awaited_client client({.ca_file = "/nowhere.pem", .plain_http_hosts = {}}),
                      boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(the_server_tells_the_scheme_and_carries_large_bodies_both_ways) {
    running_server server(
        [](http::request&& message, const http::responder& respond) {
            respond({200, {{"Scheme", message.scheme}}, message.body + message.body});
        },
        with_tls(store.make_certificate("server", {.alternative_name = "DNS:localhost"}, ca)));
    awaited_client client({.ca_file = ca.certificate, .plain_http_hosts = {}});
    auto request = get(server.port());
    request.method = "POST";
    request.body = std::string(1024 * 1024, 'x');
    const auto answer = client.send(std::move(request));
    BOOST_TEST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->body.size() == 2u * 1024 * 1024);
    BOOST_TEST(http::find_header(answer->headers, "Scheme") == "https");
    BOOST_TEST(server.eventually([](const auto& now) { return now.connections_open == 0; }));
}

BOOST_AUTO_TEST_CASE(a_handshake_that_never_ends_is_cut_off_and_so_is_plain_text) {
    auto options = with_tls(store.make_certificate("server", {.alternative_name = "DNS:localhost"}, ca));
    options.header_timeout_ms = 100;
    running_server server(echo, options);
    raw_connection silent(server.port());
    raw_connection plain(server.port());
    plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    BOOST_TEST(silent.ends_within(30'000));
    BOOST_TEST(plain.read_to_end().find("HTTP/1.1") == std::string::npos);
    BOOST_TEST(server.under_test.statistics().requests == 0u);
}

BOOST_AUTO_TEST_CASE(stopping_a_tls_server_finishes_what_is_in_flight) {
    held_requests held;
    running_server server(
        [&](http::request&& message, http::responder respond) {
            held.hold(std::move(message), std::move(respond));
        },
        with_tls(store.make_certificate("server", {.alternative_name = "DNS:localhost"}, ca)));
    awaited_client client({.ca_file = ca.certificate, .plain_http_hosts = {}});
    auto outcome = client.start(get(server.port()));
    BOOST_TEST_REQUIRE(held.wait_for(1));
    std::thread stopping([&] { server.under_test.stop(60'000); });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    held.answer(0, text_response("done"));
    const auto answer = outcome.get();
    stopping.join();
    BOOST_TEST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->body == "done");
}

BOOST_AUTO_TEST_CASE(unusable_certificate_files_are_named) {
    recording_logger log;
    tributary::seeded_entropy random(1);
    http::server missing(with_tls({"/nowhere.pem", ca.key}), echo, log, random);
    BOOST_TEST(missing.start().error().text().find("/nowhere.pem") != std::string::npos);
    const auto other = store.make_authority("other");
    http::server mismatched(with_tls({ca.certificate, other.key}), echo, log, random);
    BOOST_TEST(mismatched.start().error().text().find(other.key) != std::string::npos);
    http::server half({.tls_certificate_file = ca.certificate}, echo, log, random);
    BOOST_TEST(half.start().has_error());
}

BOOST_AUTO_TEST_SUITE_END()
