#include <tributary/base/crypto.hpp>

#include <boost/test/unit_test.hpp>
#include <sodium.h>

#include <chrono>
#include <ctime>
#include <string>

#include "fault/daemon_process.hpp"
#include "fault/daemon_setup.hpp"

// Bad input gets a clear answer with the right status, one log line without secrets, and changes nothing;
// what can be kept is kept. Through the real daemon with the plugins that are shipped.

namespace tributary::test {
namespace {

constexpr const char* secret = "whsec_test_of_bad_input";

struct running_daemon {
    running_daemon()
        : prepared(prepare_database(directory.path(), "stripe", "stripe:acct_1", secret)),
          daemon(directory.path(), daemon_environment(directory.path(), TRIBUTARY_PLUGIN_FILES)) {
        BOOST_TEST_REQUIRE(sodium_init() >= 0);
        daemon.start();
    }

    static std::string sign(const std::string& body, const std::string& with = secret) {
        const std::string time = std::to_string(std::time(nullptr));
        return "Stripe-Signature: t=" + time +
               ",v1=" + hex_encode(as_bytes(hmac_sha256(with, time + "." + body)));
    }

    int post(const std::string& body, const std::string& header) {
        return post_to("/webhooks/" + prepared.connection, body, header);
    }
    int post_to(const std::string& path, const std::string& body, const std::string& header) {
        return post_connection(daemon.port()).post(path, header, body);
    }
    /// Stops the daemon, so that everything that follows from what was sent is there.
    database_reader finished() {
        BOOST_TEST(daemon.stop() == 0);
        BOOST_TEST(daemon.log().find(secret) == std::string::npos);
        BOOST_TEST(daemon.log().find(prepared.api_key) == std::string::npos);
        return database_reader(directory.path());
    }

    temporary_directory directory;
    prepared_database prepared;
    daemon_process daemon;
};

/// A paid charge in the shape of 2020, which stands for itself.
std::string charge(const std::string& event, const std::string& amount, const std::string& currency = "usd") {
    return R"({"id":")" + event +
           R"(","object":"event","api_version":"2020-08-27","created":1700000000,"livemode":true,)" +
           R"("type":"charge.succeeded","data":{"object":{"id":"ch_)" + event +
           R"(","object":"charge","amount":)" + amount + R"(,"amount_captured":)" + amount +
           R"(,"amount_refunded":0,"captured":true,"created":1700000000,"currency":")" + currency +
           R"(","customer":"cus_1","invoice":null,"livemode":true,"metadata":{},"paid":true,"payment_intent":"pi_)" +
           event + R"(","refunded":false,"status":"succeeded"}}})";
}

std::string nested(int depth) {
    return R"({"id":"evt_deep","object":"event","x":)" + std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']') + "}";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(bad_input, running_daemon)

BOOST_AUTO_TEST_CASE(that_is_not_genuine_is_refused_and_kept_for_whoever_debugs_it) {
    const std::string body = charge("evt_1", "1000");
    BOOST_TEST(post(body, sign(body, "whsec_of_somebody_else")) == 401);
    BOOST_TEST(post(body, "Stripe-Signature: t=1,v1=00") == 401);
    BOOST_TEST(post(body, "X-Nothing: 1") == 401);
    BOOST_TEST(post(body + " ", sign(body)) == 401);
    BOOST_TEST(post_to("/webhooks/con_NOBODY", body, sign(body)) == 404);
    const database_reader reader = finished();
    BOOST_TEST(reader.number("SELECT COUNT(*) FROM inbox") == 0);
    BOOST_TEST(reader.number("SELECT COUNT(*) FROM refused") == 4);
    BOOST_TEST(daemon.log().find("event=delivery_refused") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(that_cannot_be_read_is_answered_400_and_changes_nothing) {
    const std::string whole = charge("evt_1", "1000");
    for (const std::string& body :
         {whole.substr(0, whole.size() / 2), std::string("not json"), nested(100'000),
          std::string("\xff\xfe{}"), whole.substr(0, 20) + "\xc3\x28" + whole.substr(20)})
        BOOST_TEST(post(body, sign(body)) == 400, body.substr(0, 30));
    const database_reader reader = finished();
    BOOST_TEST(reader.number("SELECT COUNT(*) FROM inbox") == 0);
    BOOST_TEST(reader.number("SELECT COUNT(*) FROM fact") == 0);
}

BOOST_AUTO_TEST_CASE(that_is_too_large_is_answered_413) {
    const std::string body(2 * 1024 * 1024, 'x');
    const int status = post(body, sign(body));
    BOOST_TEST((status == 413 || status == 0)); // 0: the server closed while we were still sending.
    BOOST_TEST(finished().number("SELECT COUNT(*) FROM inbox") == 0);
}

BOOST_AUTO_TEST_CASE(that_is_genuine_and_wrong_is_kept_as_failed_with_its_reason_and_books_nothing) {
    for (const auto& [event, amount, currency] :
         {std::tuple("evt_huge", "92233720368547758070", "usd"), std::tuple("evt_fraction", "10.5", "usd"),
          std::tuple("evt_currency", "1000", "zzz")}) {
        const std::string body = charge(event, amount, currency);
        BOOST_TEST(post(body, sign(body)) == 200, event);
    }
    const std::string good = charge("evt_good", "1000");
    BOOST_TEST(post(good, sign(good)) == 200);
    const database_reader reader = finished();
    BOOST_TEST(reader.number("SELECT COUNT(*) FROM inbox") == 4);
    BOOST_TEST(reader.number("SELECT COUNT(*) FROM inbox WHERE state = 3") == 3);
    const std::string reasons = reader.text("SELECT reason FROM inbox WHERE state = 3");
    BOOST_TEST(reasons.find("amount_out_of_range") != std::string::npos, reasons);
    BOOST_TEST(reasons.find("unknown_currency") != std::string::npos, reasons);
    BOOST_TEST(reader.number("SELECT COUNT(*) FROM attribution_sale") == 1);
    BOOST_TEST(daemon.log().find("event=normalise_failed") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(to_the_api_gets_the_status_that_fits) {
    BOOST_TEST(post_to("/track/sale", "{}", "Accept: */*") == 401);
    BOOST_TEST(post_to("/track/sale", "{}", "Authorization: Basic x") == 400);
    BOOST_TEST(post_to("/track/sale", "{}", "Authorization: Bearer trb_live_wrong") == 401);
    const std::string key = "Authorization: Bearer " + prepared.api_key;
    BOOST_TEST(post_to("/track/sale", "{", key) == 400);
    BOOST_TEST(post_to("/track/sale", "{}", key) == 422);
    BOOST_TEST(post_to("/track/lead", R"({"clickId":"nobody","eventName":"x","customerExternalId":"u"})",
                       key) == 404);
    BOOST_TEST(post_to("/no/such/path", "{}", key) == 404);
    BOOST_TEST(post_to("/commissions", "{}", key) == 405);
    const database_reader reader = finished();
    BOOST_TEST(reader.number("SELECT COUNT(*) FROM inbox") == 0);
    BOOST_TEST(reader.number("SELECT COUNT(*) FROM fact") == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tributary::test
