#include <boost/json/parse.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "harness.hpp"
#include "signature.hpp"

// Goal: what Stripe's own client accepts is accepted, and nothing else; every refusal names its reason.

namespace {

using namespace tributary::stripe;
using namespace tributary::stripe::testing;
namespace json = boost::json;
namespace data = boost::unit_test::data;

const std::string secret = "whsec_test_secret";
const std::string body = "{\n  \"id\": \"evt_test_webhook\",\n  \"object\": \"event\"\n}";
constexpr std::int64_t signed_at_s = 1'700'000'000;

std::string header_for(const std::string& text, const std::string& key = secret,
                       std::int64_t at_s = signed_at_s) {
    return sign(text, key, at_s, tributary::testing::crypto_service());
}

input delivery(std::string text, std::string header) {
    input made;
    made.body = std::move(text);
    made.headers = {{"Content-Type", "application/json"}, {"stripe-signature", std::move(header)}};
    return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_signature)

BOOST_AUTO_TEST_CASE(known_vectors_are_signed_to_the_letter) {
    BOOST_TEST(header_for(body, secret, 12345) ==
               "t=12345,v1=2672d138c9a412830f3bfe2ecc5bfb3277cf6f5b49d0119d77dd6cb64da1257e");
    BOOST_TEST(header_for(body, secret, 1234567890) ==
               "t=1234567890,v1=45969f456b3331a0f76e237ed33423d5f758908f1f0432d30e7d45ba89bb9edd");
    BOOST_TEST(header_for("{\r\n  \"id\": \"evt_test_webhook\",\r\n  \"object\": \"event\"\r\n}") ==
               "t=1700000000,v1=9699643a59d7f944696bac7db1885c77c2607a27eefd28f0017a966ac1f247d8");
}

BOOST_AUTO_TEST_CASE(official_verdicts_are_reproduced) {
    const auto folder = shared_fixtures();
    if (!folder) {
        BOOST_TEST_MESSAGE("skipped: ../shared/fixtures/stripe is not there");
        return;
    }
    const plugin_under_test plugin;
    const json::value cases = json::parse(read_file(*folder / "signature_cases.json"));
    BOOST_TEST(cases.as_array().size() == 25u);
    for (const json::value& one : cases.as_array()) {
        const std::string name(one.at("name").as_string());
        input given =
            delivery(std::string(one.at("payload").as_string()), std::string(one.at("header").as_string()));
        given.received_at_ms = one.at("received_at").as_int64() * 1000;
        const std::vector<std::string> secrets{std::string(one.at("secret").as_string())};
        const std::string as_official =
            R"({"future_skew_s": -1, "tolerance_s": )" + std::to_string(one.at("tolerance").as_int64()) + "}";
        const verified official = plugin.verify(given, secrets, as_official);
        const bool accept = one.at("official_client").as_string() == "accept";
        BOOST_TEST((official.verdict == TRB_ITEM_ACCEPTED) == accept, name << ": " << official.reason);
        // By default one case differs: a time far in the future is refused.
        const verified strict = plugin.verify(given, secrets);
        if (name == "future_timestamp")
            BOOST_TEST(strict.reason == "timestamp_in_future");
        else
            BOOST_TEST((strict.verdict == TRB_ITEM_ACCEPTED) == accept, name << ": " << strict.reason);
    }
}

BOOST_AUTO_TEST_CASE(a_genuine_event_is_accepted_under_its_id) {
    const verified result = plugin_under_test().verify(delivery(body, header_for(body)), {secret});
    BOOST_TEST(result.verdict == TRB_ITEM_ACCEPTED);
    BOOST_TEST(result.key == "evt_test_webhook");
}

BOOST_AUTO_TEST_CASE(any_active_secret_and_any_v1_will_do) {
    const plugin_under_test plugin;
    const std::string header = header_for(body, "whsec_new") + "," + header_for(body).substr(13);
    BOOST_TEST(plugin.verify(delivery(body, header), {"whsec_other", secret}).verdict == TRB_ITEM_ACCEPTED);
    BOOST_TEST(plugin.verify(delivery(body, header), {"whsec_new"}).verdict == TRB_ITEM_ACCEPTED);
    BOOST_TEST(plugin.verify(delivery(body, header), {"whsec_other"}).reason == "signature_mismatch");
}

struct refusal {
    const char* name;
    const char* header; ///< "@" stands for the right one.
    const char* text;   ///< "@" stands for the right one.
    const char* reason;
};
std::ostream& operator<<(std::ostream& out, const refusal& one) {
    return out << one.name;
}

const refusal refusals[] = {
    {"empty body", "@", "", "empty_body"},
    {"empty header", "", "@", "no_signature_header"},
    {"no time", "v1=4f1c", "@", "no_timestamp"},
    {"time beyond 64 bits", "t=99999999999999999999,v1=4f1c", "@", "no_timestamp"},
    {"no signature", "t=1700000000", "@", "no_v1_signature"},
    {"only the test scheme", "t=1700000000,v0=4f1c", "@", "no_v1_signature"},
    {"cut signature", "t=1700000000,v1=4f1c", "@", "signature_mismatch"},
    {"empty signature", "t=1700000000,v1=", "@", "signature_mismatch"},
    {"a byte more", "@", "{\n  \"id\": \"evt_test_webhook\",\n  \"object\": \"event\"\n}\n",
     "signature_mismatch"},
    {"a byte less", "@", "{\n  \"id\": \"evt_test_webhook\",\n  \"object\": \"event\"\n",
     "signature_mismatch"},
    {"another id", "@", "{\n  \"id\": \"evt_test_webhooc\",\n  \"object\": \"event\"\n}",
     "signature_mismatch"},
    {"written anew", "@", "{\"id\":\"evt_test_webhook\",\"object\":\"event\"}", "signature_mismatch"},
};

BOOST_DATA_TEST_CASE(tampering_is_refused_with_its_reason, data::make(refusals), one) {
    const std::string header = std::string(one.header) == "@" ? header_for(body) : one.header;
    const std::string text = std::string(one.text) == "@" ? body : one.text;
    const verified result = plugin_under_test().verify(delivery(text, header), {secret});
    BOOST_TEST(result.verdict == TRB_ITEM_REJECTED);
    BOOST_TEST(result.reason == one.reason);
    BOOST_TEST(result.detail.find(secret) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_changed_bit_anywhere_is_noticed) {
    const plugin_under_test plugin;
    const std::string header = header_for(body);
    for (std::size_t at = 0; at < body.size(); ++at) {
        std::string changed = body;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        BOOST_TEST(plugin.verify(delivery(changed, header), {secret}).reason == "signature_mismatch");
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_tells_a_stranger_nothing_of_the_right_signature) {
    const std::string right = header_for(body);
    const std::string digits = right.substr(right.find("v1=") + 3);
    const verified result =
        plugin_under_test().verify(delivery(body, "t=1700000000,v1=" + std::string(64, '0')), {secret});
    BOOST_TEST(result.reason == "signature_mismatch");
    for (std::size_t at = 0; at + 4 <= digits.size(); ++at)
        BOOST_TEST((result.detail.find(digits.substr(at, 4)) == std::string::npos));
}

BOOST_AUTO_TEST_CASE(age_is_judged_by_the_time_of_receipt) {
    const plugin_under_test plugin;
    const auto reason = [&](std::int64_t received_at_ms, const std::string& settings = "{}") {
        input given = delivery(body, header_for(body));
        given.received_at_ms = received_at_ms;
        return plugin.verify(given, {secret}, settings).reason;
    };
    BOOST_TEST(reason(signed_at_s * 1000 + 300'999) == "");
    BOOST_TEST(reason(signed_at_s * 1000 + 301'000) == "stale_timestamp");
    BOOST_TEST(reason(signed_at_s * 1000 - 300'000) == "");
    BOOST_TEST(reason(signed_at_s * 1000 - 301'000) == "timestamp_in_future");
    BOOST_TEST(reason(signed_at_s * 1000 + 11'000, R"({"tolerance_s": 10})") == "stale_timestamp");
    BOOST_TEST(reason(signed_at_s * 1000 + 900'000'000, R"({"tolerance_s": 0})") == "");
}

// Found by tests/fuzz.
BOOST_AUTO_TEST_CASE(a_time_has_one_sign_at_most) {
    const plugin_under_test plugin;
    const std::string signature = header_for(body, secret, -5).substr(std::string("t=-5").size());
    input given = delivery(body, "t=+-5" + signature);
    given.received_at_ms = 0;
    BOOST_TEST(plugin.verify(given, {secret}).reason == "no_timestamp");
    given = delivery(body, "t=-5" + signature);
    given.received_at_ms = 0;
    BOOST_TEST(plugin.verify(given, {secret}).reason == "");
}

BOOST_AUTO_TEST_CASE(a_repeated_header_is_refused) {
    input given = delivery(body, header_for(body));
    given.headers.push_back({"STRIPE-SIGNATURE", header_for(body)});
    BOOST_TEST(plugin_under_test().verify(given, {secret}).reason == "repeated_signature_header");
}

BOOST_AUTO_TEST_CASE(blank_secrets_sign_nothing) {
    const plugin_under_test plugin;
    BOOST_TEST(plugin.verify(delivery(body, header_for(body, "")), {""}).reason == "no_secret");
    BOOST_TEST(plugin.verify(delivery(body, header_for(body, " ")), {" "}).reason == "no_secret");
    BOOST_TEST(plugin.verify(delivery(body, header_for(body)), {}).reason == "no_secret");
    BOOST_TEST(plugin.verify(delivery(body, header_for(body)), {"", secret}).reason == "");
}

BOOST_AUTO_TEST_CASE(the_detail_hints_at_the_usual_mistakes) {
    const plugin_under_test plugin;
    const auto detail = [&](const std::string& text, const std::string& key) {
        return plugin.verify(delivery(text, header_for(body)), {key}).detail;
    };
    // Whoever called reads it: what the secrets look like is not told.
    BOOST_TEST(detail(body, secret + "\n") == detail(body, "sk_test_1"));
    BOOST_TEST(detail("{\"id\":\"evt_1\"}", secret).find("one line") != std::string::npos);
    BOOST_TEST(detail("{\r\n}", secret).find("CR LF") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(modes_are_never_mixed) {
    const plugin_under_test plugin;
    const auto reason = [&](const std::string& text, std::int32_t environment) {
        return plugin.verify(delivery(text, header_for(text)), {secret}, "{}", environment).reason;
    };
    const std::string live = R"({"id": "evt_1", "object": "event", "livemode": true})";
    const std::string test = R"({"id": "evt_1", "object": "event", "livemode": false})";
    BOOST_TEST(reason(live, TRB_LIVE) == "");
    BOOST_TEST(reason(test, TRB_SANDBOX) == "");
    BOOST_TEST(reason(live, TRB_SANDBOX) == "wrong_environment");
    BOOST_TEST(reason(test, TRB_LIVE) == "wrong_environment");
}

BOOST_AUTO_TEST_CASE(a_genuine_body_that_cannot_be_read_is_invalid) {
    const plugin_under_test plugin;
    const auto code = [&](const std::string& text) {
        const verified result = plugin.verify(delivery(text, header_for(text)), {secret});
        BOOST_TEST(result.status == TRB_INVALID);
        return result.code;
    };
    BOOST_TEST(code(R"({"id": "evt_1", "object": "event")") == "malformed_json");
    BOOST_TEST(code("{\"id\": \"\xff\", \"object\": \"event\"}") == "malformed_json");
    BOOST_TEST(code(std::string(40, '[') + std::string(40, ']')) == "malformed_json");
    BOOST_TEST(code("[]") == "not_an_object");
    BOOST_TEST(code(R"({"id": "in_1", "object": "invoice"})") == "not_an_event");
    BOOST_TEST(code(R"({"object": "event"})") == "no_event_id");
}

BOOST_AUTO_TEST_CASE(repeated_members_are_tolerated_and_the_last_counts) {
    const std::string text = R"({"id": "evt_1", "id": "evt_2", "object": "event"})";
    BOOST_TEST(plugin_under_test().verify(delivery(text, header_for(text)), {secret}).key == "evt_2");
}

BOOST_AUTO_TEST_CASE(a_thin_event_has_the_key_of_its_snapshot) {
    const plugin_under_test plugin;
    const std::string thin =
        R"({"id": "evt_thin", "object": "v2.core.event", "type": "v1.invoice.paid",
            "snapshot_event": "evt_1"})";
    BOOST_TEST(plugin.verify(delivery(thin, header_for(thin)), {secret}).key == "evt_1");
    const std::string alone = R"({"id": "evt_thin", "object": "v2.core.event", "snapshot_event": null})";
    BOOST_TEST(plugin.verify(delivery(alone, header_for(alone)), {secret}).key == "evt_thin");
}

BOOST_AUTO_TEST_CASE(wrong_settings_keep_the_delivery_at_stripe) {
    const plugin_under_test plugin;
    for (const char* settings :
         {"[]", R"({"tolerance_s": "300"})", R"({"tolerance_s": -1})", R"({"user_metadata_keys": "user_id"})",
          R"({"client_reference_is_user": 1})"}) {
        const verified result = plugin.verify(delivery(body, header_for(body)), {secret}, settings);
        BOOST_TEST(result.status == TRB_INTERNAL, settings);
        BOOST_TEST(result.code == "bad_settings", settings);
    }
}

BOOST_AUTO_TEST_SUITE_END()
