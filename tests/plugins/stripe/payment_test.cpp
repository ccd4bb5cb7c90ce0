#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

#include "harness.hpp"
#include "tellers.hpp"

// Goal: sessions, charges and payment intents tell one sale between them, never two and never too early.

namespace {

using namespace tributary::stripe;
using namespace tributary::stripe::testing;
namespace json = boost::json;

using members = std::initializer_list<std::pair<std::string_view, json::value>>;

std::string changed(const std::string& name, members replaced) {
    json::value object = json::parse(testdata(name));
    for (const auto& [member, value] : replaced)
        object.as_object()[member] = value;
    return json::serialize(object);
}
std::string session(members replaced = {}) {
    return changed("session_payment.json", replaced);
}
std::string charge(members replaced = {}) {
    return changed("charge_basil.json", replaced);
}

normalised tell(std::string_view type, const std::string& object, const std::string& settings = "{}") {
    return plugin_under_test().normalise({{.body = event(type, object), .headers = {}, .purpose = {}}},
                                         settings);
}

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_session)

BOOST_AUTO_TEST_CASE(a_paid_session_is_a_sale) {
    const normalised result = tell("checkout.session.completed", session());
    const captured_fact& fact = result.only(TRB_KIND_PAYMENT);
    BOOST_TEST(fact.document == "cs_test_1");
    BOOST_TEST(fact.source_rank == 20);
    BOOST_TEST((fact.same_as == std::vector<std::string>{"pi_1"}));
    BOOST_TEST(fact.parents.empty());
    BOOST_TEST(fact.occurred_at_ms == 1'700'000'000'000); // The event's time: it was paid then.
    BOOST_TEST(fact.member("status") == "2");
    BOOST_TEST(fact.member("paid_at") == "1700000000000");
    BOOST_TEST(fact.member("cash") == "11900 EUR/2");
    BOOST_TEST(fact.member("total") == "11900 EUR/2");
    BOOST_TEST(fact.member("tax") == "1900 EUR/2");
    BOOST_TEST(fact.member("without_tax") == "10000 EUR/2");
    BOOST_TEST(fact.member("discount") == "500 EUR/2");
    BOOST_TEST(fact.member("cycle") == "1");
    BOOST_TEST(fact.member("country") == "DE");
    BOOST_TEST(fact.member("event_name") == "Purchase");
    BOOST_TEST(fact.member("email") == "guest@example.com");
    BOOST_TEST(!fact.states("presentment"));
    BOOST_TEST(fact.metadata.at("note") == "kept");
}

BOOST_AUTO_TEST_CASE(a_guest_is_known_by_click_user_and_email) {
    const captured_fact fact = tell("checkout.session.completed", session()).only(TRB_KIND_PAYMENT);
    BOOST_TEST(fact.claims.at("click?") == "CLICK0123456789A");
    BOOST_TEST(fact.claims.at("user") == "user_7");
    BOOST_TEST(fact.claims.at("email?") == "guest@example.com");
}

BOOST_AUTO_TEST_CASE(ids_that_many_share_join_nobody) {
    for (const captured_fact& fact :
         tell("checkout.session.completed", session({{"customer", "cus_1"}})).facts)
        for (const auto& ids : {fact.same_as, fact.parents})
            BOOST_TEST((std::find(ids.begin(), ids.end(), "plink_shared_by_all") == ids.end()));
}

BOOST_AUTO_TEST_CASE(a_completed_session_is_also_a_checkout) {
    const captured_fact fact = tell("checkout.session.completed", session()).only(TRB_KIND_CHECKOUT);
    BOOST_TEST(fact.document == "checkout:cs_test_1");
    BOOST_TEST(fact.member("status") == "2");
    BOOST_TEST(fact.member("mode") == "payment");
    BOOST_TEST(fact.claims.at("click?") == "CLICK0123456789A");
    BOOST_TEST((fact.parents == std::vector<std::string>{"cs_test_1"}));
}

BOOST_AUTO_TEST_CASE(money_that_has_not_come_is_pending) {
    const normalised pending = tell("checkout.session.completed", session({{"payment_status", "unpaid"}}));
    BOOST_TEST(pending.only(TRB_KIND_PAYMENT).member("status") == "1");
    BOOST_TEST(!pending.only(TRB_KIND_PAYMENT).states("cash"));
    BOOST_TEST(pending.wants.empty());
    const normalised failed =
        tell("checkout.session.async_payment_failed", session({{"payment_status", "unpaid"}}));
    BOOST_TEST(failed.only(TRB_KIND_PAYMENT).member("status") == "3");
    const normalised unknown =
        tell("checkout.session.completed", session({{"payment_status", "a word of 2031"}}));
    BOOST_TEST(unknown.only(TRB_KIND_PAYMENT).member("status") == "1");
    const normalised came = tell("checkout.session.async_payment_succeeded", session());
    BOOST_TEST(came.only(TRB_KIND_PAYMENT).member("status") == "2");
}

BOOST_AUTO_TEST_CASE(free_expired_and_setup_sessions_are_no_sale) {
    const normalised free = tell("checkout.session.completed",
                                 session({{"amount_total", 0}, {"payment_status", "no_payment_required"}}));
    BOOST_REQUIRE(free.facts.size() == 1u);
    BOOST_TEST(free.facts[0].kind == TRB_KIND_CHECKOUT);
    const normalised expired = tell("checkout.session.expired", session({{"status", "expired"}}));
    BOOST_REQUIRE(expired.facts.size() == 1u);
    BOOST_TEST(expired.facts[0].member("status") == "3");
    const normalised setup =
        tell("checkout.session.completed",
             session({{"amount_total", nullptr}, {"currency", nullptr}, {"mode", "setup"}}));
    BOOST_REQUIRE(setup.facts.size() == 1u);
    BOOST_TEST(setup.facts[0].kind == TRB_KIND_CHECKOUT);
}

BOOST_AUTO_TEST_CASE(old_adaptive_pricing_is_converted_exactly) {
    const captured_fact fact = tell("checkout.session.completed", session({{"currency_conversion",
                                                                            {{"amount_subtotal", 10926},
                                                                             {"amount_total", 13003},
                                                                             {"fx_rate", "0.9152"},
                                                                             {"source_currency", "usd"}}}}))
                                   .only(TRB_KIND_PAYMENT);
    BOOST_TEST(fact.member("total") == "13003 USD/2");
    BOOST_TEST(fact.member("cash") == "13003 USD/2");
    BOOST_TEST(fact.member("tax") == "2076 USD/2"); // 1900 * 13003 / 11900 = 2076.11
    BOOST_TEST(fact.member("without_tax") == "10927 USD/2");
    BOOST_TEST(fact.member("discount") == "546 USD/2");
    BOOST_TEST(fact.member("presentment") == "11900 EUR/2");
}

BOOST_AUTO_TEST_CASE(new_adaptive_pricing_is_in_our_currency_already) {
    const captured_fact fact =
        tell("checkout.session.completed",
             session(
                 {{"presentment_details", {{"presentment_amount", 1990}, {"presentment_currency", "jpy"}}}}))
            .only(TRB_KIND_PAYMENT);
    BOOST_TEST(fact.member("total") == "11900 EUR/2");
    BOOST_TEST(fact.member("presentment") == "1990 JPY/0");
}

BOOST_AUTO_TEST_CASE(the_lines_of_a_session_without_invoice_are_asked_for) {
    const normalised result = tell("checkout.session.completed", session());
    BOOST_REQUIRE(result.wants.size() == 1u);
    BOOST_TEST(result.wants[0].url ==
               "https://api.stripe.com/v1/checkout/sessions/cs_test_1/line_items?limit=100");
    BOOST_TEST(tell("checkout.session.completed", session({{"invoice", "in_1"}})).wants.empty());
}

BOOST_AUTO_TEST_CASE(expanded_lines_are_read) {
    const normalised result =
        tell("checkout.session.completed",
             session({{"line_items",
                       {{"object", "list"},
                        {"has_more", false},
                        {"data", json::array{{{"id", "li_1"},
                                              {"amount_total", 11900},
                                              {"amount_tax", 1900},
                                              {"amount_discount", 500},
                                              {"quantity", 2},
                                              {"price", {{"id", "price_1"}, {"product", "prod_1"}}}}}}}}}));
    const captured_fact& fact = result.only(TRB_KIND_PAYMENT);
    BOOST_REQUIRE(fact.lines.size() == 1u);
    BOOST_TEST(fact.lines[0].net == 10000);
    BOOST_TEST(fact.lines[0].product == "prod_1");
    BOOST_TEST(fact.lines[0].quantity == 2);
    BOOST_TEST(result.wants.empty());
}

BOOST_AUTO_TEST_CASE(some_of_the_lines_do_not_stand_in_the_way_of_all_of_them) {
    const normalised result =
        tell("checkout.session.completed",
             session({{"line_items",
                       {{"has_more", true}, {"data", json::array{{{"id", "li_1"}, {"amount_total", 9}}}}}}}));
    BOOST_TEST(result.only(TRB_KIND_PAYMENT).lines.empty());
    BOOST_TEST(!result.only(TRB_KIND_PAYMENT).states("lines_complete"));
    BOOST_TEST(result.wants.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_reference_is_a_user_only_when_the_connection_says_so) {
    const std::string body =
        session({{"client_reference_id", "u_1"}, {"metadata", json::object{{"user_id", "u_2"}}}});
    BOOST_TEST(!tell("checkout.session.completed", body).facts[0].claims.contains("user"));
    BOOST_TEST(tell("checkout.session.completed", body, R"({"client_reference_is_user": true})")
                   .facts[0]
                   .claims.at("user") == "u_1");
    BOOST_TEST(tell("checkout.session.completed", body, R"({"user_metadata_keys": ["user_id"]})")
                   .facts[0]
                   .claims.at("user") == "u_2");
    // A click in the reference is no user, whatever the connection says.
    const std::string click = session({{"metadata", json::object{}}});
    BOOST_TEST(!tell("checkout.session.completed", click, R"({"client_reference_is_user": true})")
                    .facts[0]
                    .claims.contains("user"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(stripe_charge)

BOOST_AUTO_TEST_CASE(a_charge_that_cannot_know_its_invoice_states_no_status_and_asks) {
    const normalised result = tell("charge.succeeded", charge());
    const captured_fact& fact = result.only(TRB_KIND_PAYMENT);
    BOOST_TEST(!fact.states("status"));
    BOOST_TEST(!fact.states("cycle"));
    BOOST_TEST(fact.member("total") == "11900 EUR/2"); // An invoice that is told is believed before it.
    BOOST_TEST(fact.member("without_tax") == "11900 EUR/2");
    BOOST_TEST(fact.member("cash") == "11900 EUR/2");
    BOOST_TEST(fact.member("country") == "DE");
    BOOST_TEST(fact.member("refunded") == "0 EUR/2");
    BOOST_TEST(fact.member("presentment") == "12900 USD/2");
    BOOST_TEST(!fact.states("fee"));
    BOOST_TEST((fact.same_as == std::vector<std::string>{"pi_1"}));
    BOOST_REQUIRE(result.wants.size() == 1u);
    BOOST_TEST(result.wants[0].purpose == "invoice_payments:pi_1");
    BOOST_TEST(result.wants[0].url ==
               "https://api.stripe.com/v1/invoice_payments?payment%5Btype%5D=payment_intent"
               "&payment%5Bpayment_intent%5D=pi_1");
    BOOST_TEST(result.wants[0].headers.at("Stripe-Version") == "2025-09-30.clover");
    BOOST_TEST(!result.wants[0].headers.contains("Stripe-Account"));
}

BOOST_AUTO_TEST_CASE(a_charge_that_says_it_has_no_invoice_is_a_sale_of_its_own) {
    const normalised result = tell("charge.succeeded", charge({{"invoice", nullptr}}));
    const captured_fact& fact = result.only(TRB_KIND_PAYMENT);
    BOOST_TEST(fact.member("status") == "2");
    BOOST_TEST(fact.member("without_tax") == "11900 EUR/2");
    BOOST_TEST(fact.member("cycle") == "1");
    BOOST_TEST(result.wants.empty());
}

BOOST_AUTO_TEST_CASE(a_charge_of_an_invoice_leaves_the_bill_to_the_invoice) {
    const captured_fact fact = tell("charge.succeeded", charge({{"invoice", "in_1"}})).only(TRB_KIND_PAYMENT);
    BOOST_TEST(fact.member("status") == "2");
    BOOST_TEST(!fact.states("total"));
    BOOST_TEST(!fact.states("without_tax"));
    BOOST_TEST(fact.member("invoice") == "in_1");
}

BOOST_AUTO_TEST_CASE(money_that_is_only_reserved_or_refused_is_not_cash) {
    const captured_fact reserved =
        tell("charge.succeeded", charge({{"invoice", nullptr}, {"captured", false}, {"amount_captured", 0}}))
            .only(TRB_KIND_PAYMENT);
    BOOST_TEST(reserved.member("status") == "1");
    BOOST_TEST(!reserved.states("cash"));
    const captured_fact refused =
        tell("charge.failed", charge({{"invoice", nullptr}, {"status", "failed"}, {"paid", false}}))
            .only(TRB_KIND_PAYMENT);
    BOOST_TEST(refused.member("status") == "3");
    BOOST_TEST(!refused.states("cash"));
    const captured_fact settled =
        tell("charge.succeeded", charge({{"invoice", nullptr}})).only(TRB_KIND_PAYMENT);
    BOOST_TEST(reserved.source_rank < settled.source_rank);
    BOOST_TEST(refused.source_rank < settled.source_rank);
    const normalised unlinked = tell("charge.failed", charge({{"status", "failed"}, {"paid", false}}));
    BOOST_TEST(unlinked.wants.empty());
    // Another try of the same payment may succeed, and does not say so either: failed would be all that is
    // known.
    BOOST_TEST(!unlinked.only(TRB_KIND_PAYMENT).states("status"));
    const captured_fact partly =
        tell("charge.captured", charge({{"invoice", nullptr}, {"amount_captured", 5000}}))
            .only(TRB_KIND_PAYMENT);
    BOOST_TEST(partly.member("cash") == "5000 EUR/2");
}

BOOST_AUTO_TEST_CASE(an_expanded_balance_transaction_tells_the_fee) {
    const captured_fact fact =
        tell("charge.updated",
             charge({{"balance_transaction", {{"id", "txn_1"}, {"fee", 88}, {"currency", "usd"}}}}))
            .only(TRB_KIND_PAYMENT);
    BOOST_TEST(fact.member("fee") == "88 USD/2");
    BOOST_TEST(!tell("charge.updated", charge({{"balance_transaction", "txn_1"}}))
                    .only(TRB_KIND_PAYMENT)
                    .states("fee"));
}

BOOST_AUTO_TEST_CASE(a_payment_intent_follows_the_same_rule) {
    const std::string bare =
        R"({"id": "pi_1", "object": "payment_intent", "amount": 500, "amount_received": 500,
        "created": 1690000000, "currency": "usd", "customer": "cus_1", "latest_charge": "ch_1",
            "status": "succeeded")";
    const normalised unsaid = tell("payment_intent.succeeded", bare + "}");
    BOOST_TEST(!unsaid.only(TRB_KIND_PAYMENT).states("status"));
    BOOST_TEST(unsaid.wants.size() == 1u);
    const normalised alone = tell("payment_intent.succeeded", bare + R"(, "invoice": null})");
    BOOST_TEST(alone.only(TRB_KIND_PAYMENT).member("status") == "2");
    BOOST_TEST((alone.only(TRB_KIND_PAYMENT).same_as == std::vector<std::string>{"ch_1"}));
    BOOST_TEST(alone.only(TRB_KIND_PAYMENT).source_rank == 15);
    BOOST_TEST(alone.wants.empty());
}

BOOST_AUTO_TEST_CASE(a_connected_account_is_a_realm_of_its_own_and_is_asked_by_name) {
    const normalised result = plugin_under_test().normalise(
        event("charge.succeeded", charge(), 1'700'000'000, R"("account": "acct_7", )"));
    BOOST_TEST(result.only(TRB_KIND_PAYMENT).realm == "stripe:acct_7");
    BOOST_REQUIRE(result.wants.size() == 1u);
    BOOST_TEST(result.wants[0].headers.at("Stripe-Account") == "acct_7");
    BOOST_TEST(result.wants[0].purpose == "invoice_payments:pi_1@acct_7");
}

BOOST_AUTO_TEST_CASE(ids_that_are_no_ids_are_never_put_into_an_address) {
    for (const char* id : {"pi_1/../../x", "pi_1?x=1", "pi_1 ", "pi_\n1", "pi_1@acct_2"})
        BOOST_TEST(tell("charge.succeeded", charge({{"payment_intent", id}})).wants.empty(), id);
    const normalised result = plugin_under_test().normalise(
        event("charge.succeeded", charge(), 1'700'000'000, R"("account": "acct_7\r\nX: y", )"));
    BOOST_TEST(result.wants.empty());
}

BOOST_AUTO_TEST_SUITE_END()
