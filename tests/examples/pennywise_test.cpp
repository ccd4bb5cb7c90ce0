// The example in C reads what strangers send. Every truncation and every changed byte of a genuine event is
// signed anew and given to it, in memory of exactly that size, so that the sanitizers see a step beyond the
// end. What it accepts it must also be able to normalise or refuse.
#include <tributary/abi/provider.h>
#include <tributary/sdk/base.hpp>
#include <tributary/testing/fake_host.hpp>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <memory>

namespace {

namespace bdata = boost::unit_test::data;
namespace sdk = tributary::sdk;
using sdk::view;

constexpr std::int64_t arrived_ms = 1760000000500;
constexpr std::string_view secret_text = "pwsec_1";
const std::string sale =
    R"({"id":"evt_1","type":"payment.succeeded","live":false,"created":1760000000000,"data":{)"
    R"("id":"pay_1","order":"ord_1","customer":"cus_1","amount":2900,"tax":400,"currency":"JPY",)"
    R"("paid_at":1760000000000,"metadata":{"user":"bob","click":"0123456789abcdef"},)"
    R"("lines":[{"id":"a \"quoted\" \u00e9"},[1,-2,null,true]]}})";
const std::string refund = R"({"id":"evt_2","type":"refund.succeeded","live":false,"created":1760000001000,)"
                           R"("data":{"id":"ref_1","payment":"pay_1","customer":"cus_1","amount":1450,)"
                           R"("currency":"USD","created":1760000001000,"reason":null}})";

std::string text(trb_str from) {
    return std::string(view(from));
}

struct told {
    trb_status status = TRB_OK;
    std::string code;
    std::string message;
    std::vector<std::string> items;
    std::map<std::string, std::string> fact; ///< Empty when there was none.
    std::string note;
};

void report(void* ctx, trb_str code, trb_str message, std::int64_t) noexcept {
    static_cast<told*>(ctx)->code = text(code);
    static_cast<told*>(ctx)->message = text(message);
}

std::string show(const trb_money& money) {
    return std::to_string(money.amount_minor) + " " + std::string(sdk::currency_of(money)) + "/" +
           std::to_string(money.exponent);
}

trb_status take_fact(void* ctx, const trb_fact* fact) noexcept {
    auto& into = static_cast<told*>(ctx)->fact;
    into["id"] = text(fact->document_id);
    into["at"] = std::to_string(fact->occurred_at_ms);
    for (std::uint64_t index = 0; index < fact->same_as_count; ++index)
        into["same_as"] += text(fact->same_as[index]);
    for (std::uint64_t index = 0; index < fact->parent_count; ++index)
        into["parents"] += text(fact->parents[index]);
    for (std::uint64_t index = 0; index < fact->claim_count; ++index)
        into["claims"] += std::to_string(fact->claims[index].claim_class) + text(fact->claims[index].name) +
                          "=" + text(fact->claims[index].value) + " ";
    if (fact->kind == TRB_KIND_PAYMENT) {
        const auto& payment = sdk::body_as<trb_payment>(fact->body);
        into["cash"] = show(payment.cash);
        into["without_tax"] = show(payment.total_without_tax);
    } else {
        const auto& body = sdk::body_as<trb_refund>(fact->body);
        into["amount"] = show(body.amount);
        into["reason"] = sdk::states(body, TRB_REFUND_REASON) ? text(body.reason) : "not told";
    }
    return TRB_OK;
}

struct fixture {
    fixture() : plugin(tributary_plugin_entry()) {
        BOOST_REQUIRE_EQUAL(plugin->create(host.get(), view("{}"), nullptr, &self), TRB_OK);
        BOOST_REQUIRE_EQUAL(plugin->start(self, nullptr), TRB_OK);
        table = static_cast<const trb_provider_v1*>(plugin->get_extension(view(TRB_EXT_PROVIDER)));
        connection.struct_size = sizeof connection;
        connection.environment = TRB_SANDBOX;
        connection.secrets = secrets;
        connection.secret_count = 2;
    }
    ~fixture() {
        plugin->stop(self);
        plugin->destroy(self);
    }

    static std::string sign(std::string_view body, std::string_view at_s = "1760000000",
                            std::string_view key = secret_text) {
        const std::string covered = std::string(at_s) + "." + std::string(body);
        std::uint8_t digest[32];
        char hex[64];
        const trb_host_crypto_v1& crypto = tributary::testing::crypto_service();
        crypto.hmac_sha256(view(key), view(covered), digest);
        crypto.hex_encode({reinterpret_cast<const char*>(digest), sizeof digest}, hex);
        return "t=" + std::string(at_s) + ",v1=" + std::string(hex, sizeof hex);
    }

    told verify(std::string_view body, std::vector<std::string> signatures) const {
        std::vector<trb_pair> headers;
        for (const std::string& one : signatures)
            headers.push_back({view("pennywise-SIGNATURE"), view(one)});
        told into;
        const trb_verify_sink sink{sizeof(trb_verify_sink),
                                   0,
                                   &into,
                                   [](void* ctx, const trb_item* item) noexcept {
                                       static_cast<told*>(ctx)->items.push_back(text(item->dedupe_key) + " " +
                                                                                text(item->event_type));
                                   },
                                   nullptr,
                                   nullptr};
        const trb_error_sink error{sizeof(trb_error_sink), 0, &into, &report};
        trb_record record = delivery(body);
        record.headers = headers.data();
        record.header_count = headers.size();
        into.status = table->verify(self, &connection, &record, 1, sizeof record, &sink, &error);
        return into;
    }
    told verify(std::string_view body) const { return verify(body, {sign(body)}); }

    told normalise(std::string_view body) const {
        told into;
        const trb_fact_sink sink{
            sizeof(trb_fact_sink),
            0,
            &into,
            &take_fact,
            nullptr,
            [](void* ctx, trb_str code, trb_str) noexcept { static_cast<told*>(ctx)->note = text(code); }};
        const trb_error_sink error{sizeof(trb_error_sink), 0, &into, &report};
        const trb_record record = delivery(body);
        into.status = table->normalise(self, &connection, &record, 1, sizeof record, &sink, &error);
        return into;
    }

    static trb_record delivery(std::string_view body) {
        trb_record record{};
        record.struct_size = sizeof record;
        record.source = TRB_RECORD_DELIVERY;
        record.received_at_ms = arrived_ms;
        record.body = view(body);
        record.authentic = 1;
        return record;
    }

    tributary::testing::fake_host host;
    const trb_plugin* plugin;
    const trb_provider_v1* table = nullptr;
    void* self = nullptr;
    trb_secret secrets[2] = {{view("signing"), view("")}, {view("signing"), view(secret_text)}};
    trb_connection connection{};
};

std::string replaced(std::string_view what, std::string_view with) {
    std::string body = sale;
    body.replace(body.find(what), what.size(), with);
    return body;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(pennywise, fixture)

BOOST_AUTO_TEST_CASE(reads_a_payment) {
    BOOST_TEST(verify(sale).items == std::vector<std::string>{"evt_1 payment.succeeded"},
               boost::test_tools::per_element());
    told said = normalise(sale);
    BOOST_TEST(said.status == TRB_OK, said.message);
    BOOST_TEST(said.fact["id"] == "pay_1");
    BOOST_TEST(said.fact["same_as"] == "ord_1");
    BOOST_TEST(said.fact["at"] == "1760000000000");
    BOOST_TEST(said.fact["cash"] == "2900 JPY/0");
    BOOST_TEST(said.fact["without_tax"] == "2500 JPY/0");
    BOOST_TEST(said.fact["claims"] == "2customer=cus_1 1user=bob 3click=0123456789abcdef ");
}

BOOST_AUTO_TEST_CASE(reads_a_refund) {
    told said = normalise(refund);
    BOOST_TEST(said.status == TRB_OK, said.message);
    BOOST_TEST(said.fact["parents"] == "pay_1");
    BOOST_TEST(said.fact["amount"] == "1450 USD/2");
    BOOST_TEST(said.fact["reason"] == "not told");
    BOOST_TEST(said.fact["claims"] == "2customer=cus_1 ");
}

BOOST_AUTO_TEST_CASE(notes_what_it_does_not_read) {
    BOOST_TEST(normalise(R"({"id":"evt_3","type":"payout.made","live":false})").note == "unsupported");
}

BOOST_AUTO_TEST_CASE(rejects_what_is_not_genuine) {
    const std::string good = sign(sale);
    const auto refusal = [&](std::vector<std::string> signatures) {
        const told said = verify(sale, std::move(signatures));
        BOOST_TEST(said.status == TRB_REJECTED);
        BOOST_TEST(said.items.empty());
        return said.code;
    };
    BOOST_TEST(refusal({}) == "no_signature");
    BOOST_TEST(refusal({good, good}) == "repeated_signature");
    for (std::size_t size = 0; size < good.size(); ++size)
        BOOST_TEST(refusal({std::string(good, 0, size)}) == "no_signature");
    BOOST_TEST(refusal({good + "0"}) == "no_signature");
    BOOST_TEST(refusal({sign(sale, "1760000000", "")}) == "signature_mismatch"); // The first secret is empty.
    BOOST_TEST(refusal({sign(sale, "1760000000", "pwsec_2")}) == "signature_mismatch");
    BOOST_TEST(refusal({sign(sale + " ")}) == "signature_mismatch");
    BOOST_TEST(refusal({sign(sale, "1759999699")}) == "stale_timestamp");
    BOOST_TEST(refusal({sign(sale, "1760000301")}) == "stale_timestamp");
    BOOST_TEST(refusal({sign(sale, "999999999999999")}) == "stale_timestamp");
    BOOST_TEST(verify(sale, {sign(sale, "1759999700")}).status == TRB_OK);
    const std::string live = replaced("false", "true");
    BOOST_TEST(verify(live).code == "wrong_environment");
    BOOST_TEST(verify(live).status == TRB_REJECTED);
}

const std::vector<std::string> malformed{
    "",
    " ",
    "[]",
    "null",
    sale + ",",
    sale + "x",
    replaced("2900", "02900"),
    replaced("2900", "29.5"),
    replaced("2900", "29e2"),
    replaced("2900", "+2900"),
    replaced("2900", "NaN"),
    replaced("\"tax\"", "\"amount\""),   // A name twice.
    replaced("\"tax\"", "\"t\\u0061\""), // A name with an escape.
    replaced("null,true]", "null,true,]"),
    replaced("null,true]", "null true]"),
    replaced("null,true]", "null,true"),
    replaced("bob", "b\nb"),
    replaced("bob", "b\\qb"),
    replaced("evt_1", ""),
    replaced("evt_1", "evt 1"),
    replaced("evt_1", "evt_\\u0031"),
    replaced("evt_1", std::string(65, 'e')),
    replaced("false", "0"),
    replaced("false", "null"),
    replaced("{\"user\"", std::string(8, '[') + "1" + std::string(8, ']') + ",\"more\":{\"user\""),
    replaced("null,true]",
             [] {
                 std::string many = "1";
                 for (int count = 0; count < 64; ++count)
                     many += ",1";
                 return many + "]";
             }()),
    std::string(65537, ' '),
    std::string(60000, '['),
};
BOOST_DATA_TEST_CASE(finds_malformed_what_is_not_an_event, bdata::make(malformed), body) {
    const told said = verify(body);
    BOOST_TEST(said.status == TRB_INVALID);
    BOOST_TEST(said.items.empty());
    BOOST_TEST(!said.code.empty());
}

const std::vector<std::string> unusable{
    replaced("2900", "-2900"),
    replaced("2900", "399"),
    replaced("2900", "\"2900\""),
    replaced("2900", "1234567890123456"),
    replaced("2900", "null"),
    replaced("JPY", "XXX"),
    replaced("JPY", "jpy"),
    replaced("pay_1", ""),
    replaced("{\"user\":\"bob\"", "[{\"user\":\"bob\"}],\"more\":{\"user\":\"bob\""),
    replaced("bob", "b\\u00f6b"),
    replaced("\"data\":{", "\"data\":1,\"more\":{"),
    replaced("\"bob\"", "17"),
};
BOOST_DATA_TEST_CASE(makes_no_fact_of_what_it_cannot_read, bdata::make(unusable), body) {
    BOOST_TEST(verify(body).status ==
               TRB_OK); // It is genuine, and stays for the day when the plugin is mended.
    const told said = normalise(body);
    BOOST_TEST(said.status == TRB_INVALID);
    BOOST_TEST(said.fact.empty());
    BOOST_TEST(said.message.find('\'') != std::string::npos, said.message);
}

BOOST_AUTO_TEST_CASE(stays_within_every_truncation_and_every_changed_byte) {
    std::size_t accepted = 0;
    const auto give = [&](const std::string& body) {
        const auto exact = std::make_unique<char[]>(body.size());
        std::copy(body.begin(), body.end(), exact.get());
        const std::string_view given(exact.get(), body.size());
        const told verdict = verify(given);
        BOOST_REQUIRE(verdict.status == TRB_OK || verdict.status == TRB_INVALID ||
                      verdict.code == "wrong_environment");
        accepted += verdict.items.size();
        const told said = normalise(given);
        BOOST_REQUIRE(said.status == TRB_OK || (said.status == TRB_INVALID && said.fact.empty()));
    };
    for (const std::string& whole : {sale, refund}) {
        for (std::size_t size = 1; size < whole.size(); ++size)
            give(whole.substr(0, size));
        BOOST_TEST(accepted == 0u); // No truncation is an event.
        for (std::size_t at = 0; at < whole.size(); ++at)
            for (const char byte : std::string_view("\0\"\\{}[]:,0-e \x7f\xff", 16)) {
                std::string changed = whole;
                changed[at] = byte;
                give(changed);
            }
        BOOST_TEST(accepted > 100u); // Else the changes broke everything, and tested little.
        accepted = 0;
    }
}

BOOST_AUTO_TEST_CASE(refuses_settings_that_it_does_not_have) {
    told into;
    const trb_error_sink error{sizeof(trb_error_sink), 0, &into, &report};
    void* other = nullptr;
    BOOST_TEST(plugin->create(host.get(), view(R"({"colour":"red"})"), &error, &other) == TRB_INVALID);
    BOOST_TEST(into.code == "unknown_key");
}

BOOST_AUTO_TEST_SUITE_END()
