#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "actions_bench.hpp"
#include "settings.hpp"

// Goal: an id leads to its object and to what belongs to it, and the key goes nowhere but to Stripe.

using namespace tributary::stripe;
using namespace tributary::stripe::testing;
namespace bdata = boost::unit_test::data;

namespace {

struct of_id {
    const char* id;
    const char* path;
};
std::ostream& operator<<(std::ostream& out, const of_id& of) {
    return out << of.id;
}
constexpr of_id known_ids[] = {
    {"cus_1", "customers/cus_1"},
    {"in_1", "invoices/in_1?expand%5B%5D=payments"},
    {"inpay_1", "invoice_payments/inpay_1"},
    {"ch_1", "charges/ch_1?expand%5B%5D=balance_transaction"},
    {"py_1", "charges/py_1?expand%5B%5D=balance_transaction"},
    {"pi_1", "payment_intents/pi_1?expand%5B%5D=latest_charge.balance_transaction"},
    {"cs_test_1", "checkout/sessions/cs_test_1?expand%5B%5D=line_items"},
    {"sub_1", "subscriptions/sub_1?expand%5B%5D=items.data.price.tiers&expand%5B%5D=discounts"},
    {"sub_sched_1", "subscription_schedules/sub_sched_1"},
    {"re_1", "refunds/re_1?expand%5B%5D=balance_transaction"},
    {"pyr_1", "refunds/pyr_1?expand%5B%5D=balance_transaction"},
    {"dp_1", "disputes/dp_1"},
    {"du_1", "disputes/du_1"},
    {"prod_1", "products/prod_1"},
    {"price_1", "prices/price_1?expand%5B%5D=tiers"},
    {"promo_1", "promotion_codes/promo_1"},
    {"cn_1", "credit_notes/cn_1"},
    {"txn_1", "balance_transactions/txn_1"},
    {"evt_1", "events/evt_1"},
};

struct base_case {
    const char* base;
    bool good;
};
std::ostream& operator<<(std::ostream& out, const base_case& of) {
    return out << of.base;
}
constexpr base_case bases[] = {
    {"https://api.stripe.com", true},
    {"https://proxy.example:8443", true},
    {"http://127.0.0.1:8111", true},
    {"http://localhost", true},
    {"http://[::1]:8111", true},
    {"https://[2001:db8::1]", true},
    {"http://api.stripe.com", false}, // The key would be readable on the way.
    {"http://127.0.0.1.example.com", false},
    {"http://localhost.example.com:80", false},
    {"http://10.0.0.1:8111", false},
    {"https://", false},
    {"https://user:pass@example.com", false},
    {"https://example.com/v1", false},
    {"https://example.com?x=1", false},
    {"https://example.com:", false},
    {"https://example.com:8x", false},
    {"ftp://example.com", false},
    {"example.com", false},
    {"", false},
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(fetch_an_object, actions_bench)

BOOST_DATA_TEST_CASE(the_id_says_where_the_object_is, bdata::make(known_ids), each) {
    actions_bench bench;
    bench.http.answer("GET", api(each.path), 200, "{}");
    const auto done =
        bench.http.run_action(bench.plugin, bench.with, {.what = TRB_ACTION_FETCH, .document_id = each.id});
    BOOST_REQUIRE_MESSAGE(done, done.message);
    BOOST_REQUIRE(done.fetched.size() == 1u);
    BOOST_TEST(done.fetched[0].http_status == 200);
    BOOST_TEST(done.fetched[0].purpose == "reread:" + std::string(each.id));
}

BOOST_DATA_TEST_CASE(what_is_no_id_of_stripes_is_refused,
                     bdata::make({"", "pay_1", "cus", "cus_", "cus_1/../charges", "cus_1?limit=1", "cus_1 ",
                                  "CUS_1", "whsec_1", "we_1"}),
                     id) {
    actions_bench bench;
    const auto done =
        bench.http.run_action(bench.plugin, bench.with, {.what = TRB_ACTION_FETCH, .document_id = id});
    BOOST_TEST(done.status == TRB_INVALID);
    BOOST_TEST(done.code == "not_an_id");
    BOOST_TEST(bench.http.requests().empty());
}

BOOST_AUTO_TEST_CASE(a_key_that_cannot_work_fetches_nothing) {
    for (const char* key : {"", "pk_test_1", "rk_live_1"}) {
        set_key(key);
        const auto done = http.run_action(plugin, with, {.what = TRB_ACTION_FETCH, .document_id = "cus_1"});
        BOOST_TEST(done.status == TRB_REJECTED, key);
    }
    BOOST_TEST(http.requests().empty());
}

BOOST_AUTO_TEST_CASE(requests_go_to_the_base_that_is_set) {
    with.settings = R"({"api_base":"http://127.0.0.1:8111"})";
    http.answer("GET", "http://127.0.0.1:8111/v1/customers/cus_1", 200, "{}");
    BOOST_TEST(
        http.run_action(plugin, with, {.what = TRB_ACTION_FETCH, .document_id = "cus_1"}).fetched.size() ==
        1u);
    const auto reread = plugin.reread(with, TRB_KIND_CUSTOMER, "cus_1");
    BOOST_REQUIRE(reread.wants.size() == 1u);
    BOOST_TEST(reread.wants[0].url == "http://127.0.0.1:8111/v1/customers/cus_1");
    const auto told = plugin.normalise(
        with,
        tributary::testing::record{
            .body =
                R"({"id":"evt_1","object":"v2.core.event","type":"v1.invoice.paid","snapshot_event":"evt_2",
                              "created":"2026-01-01T00:00:00Z"})"});
    BOOST_REQUIRE(told.wants.size() == 1u);
    BOOST_TEST(told.wants[0].url == "http://127.0.0.1:8111/v1/events/evt_2");
    BOOST_TEST(told.wants[0].header("Authorization") == "Bearer {secret:api_key}");
    BOOST_TEST(told.wants[0].header("Stripe-Version") == "2025-09-30.clover");
}

BOOST_DATA_TEST_CASE(a_base_is_https_or_this_machine, bdata::make(bases), each) {
    settings read;
    const auto done = parse_settings(R"({"api_base":")" + std::string(each.base) + R"("})", read);
    BOOST_TEST(bool(done) == each.good, done.message());
    if (each.good)
        BOOST_TEST(read.api_base == each.base);
}

BOOST_AUTO_TEST_CASE(a_base_that_is_no_text_is_refused) {
    settings read;
    BOOST_TEST(!bool(parse_settings(R"({"api_base":8111})", read)));
    BOOST_TEST(bool(parse_settings("{}", read)));
    BOOST_TEST(read.api_base == "https://api.stripe.com");
}

BOOST_AUTO_TEST_SUITE_END()
