#include <boost/test/unit_test.hpp>

#include <array>

#include "harness.hpp"
#include "tellers.hpp"

// Goal: refunds and disputes wait beside the payment that they are about, with the right status.

namespace {

using namespace tributary::stripe;
using namespace tributary::stripe::testing;

normalised tell(std::string_view type, const std::string& object) {
    return plugin_under_test().normalise(event(type, object));
}

std::string refund(const std::string& status) {
    return R"({"id": "re_1", "object": "refund", "amount": 250, "charge": "ch_1", "created": 1700000500,
            "currency": "usd",
        "payment_intent": "pi_1", "reason": "requested_by_customer", "status": )" +
           status + "}";
}
std::string dispute(const std::string& status) {
    return R"({"id": "du_1", "object": "dispute", "amount": 1000, "charge": {"id": "ch_1",
            "object": "charge"},
        "created": 1700000600, "currency": "usd", "payment_intent": "pi_1", "reason": "fraudulent",
            "status": ")" +
           status + "\"}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_returns)

BOOST_AUTO_TEST_CASE(a_refund_names_its_payment) {
    const normalised result = tell("refund.created", refund("\"succeeded\""));
    const captured_fact& fact = result.only(TRB_KIND_REFUND);
    BOOST_TEST(fact.document == "re_1");
    BOOST_TEST((fact.parents == std::vector<std::string>{"ch_1", "pi_1"}));
    BOOST_TEST(fact.member("status") == "2");
    BOOST_TEST(fact.member("amount") == "250 USD/2");
    BOOST_TEST(fact.member("reason") == "requested_by_customer");
    BOOST_TEST(fact.occurred_at_ms == 1'700'000'500'000);
    BOOST_REQUIRE(result.wants.size() == 1u);
    BOOST_TEST(result.wants[0].purpose == "invoice_payments:pi_1");
}

BOOST_AUTO_TEST_CASE(every_status_of_a_refund_is_known) {
    constexpr std::array<std::array<const char*, 2>, 7> expected{{{"\"succeeded\"", "2"},
                                                                  {"\"pending\"", "1"},
                                                                  {"\"requires_action\"", "1"},
                                                                  {"\"failed\"", "3"},
                                                                  {"\"canceled\"", "4"},
                                                                  {"\"a word of 2031\"", "1"},
                                                                  {"null", "2"}}};
    for (const auto& [status, code] : expected)
        BOOST_TEST(tell("refund.updated", refund(status)).only(TRB_KIND_REFUND).member("status") == code,
                   status);
}

BOOST_AUTO_TEST_CASE(refunds_inside_an_old_charge_are_facts_of_their_own) {
    const normalised result = tell("charge.refunded", R"({"id": "ch_1", "object": "charge", "amount": 1500,
        "amount_captured": 1500, "amount_refunded": 500, "captured": true, "created": 1700000000,
            "currency": "usd",
        "customer": "cus_1", "invoice": "in_1", "paid": true, "payment_intent": "pi_1", "status": "succeeded",
        "refunds": {"object": "list", "has_more": false, "data": [
            {"id": "re_1", "object": "refund", "amount": 300, "created": 1700000400, "currency": "usd",
            "status": "succeeded"},
            {"id": "re_2", "object": "refund", "amount": 200, "created": 1700000500, "currency": "usd",
            "status": "pending"}]}})");
    const captured_fact& payment = result.only(TRB_KIND_PAYMENT);
    BOOST_TEST(payment.member("refunded") == "500 USD/2");
    BOOST_TEST(payment.member("refunded_at") == "1700000000000");
    BOOST_REQUIRE(result.document("re_1") != nullptr);
    BOOST_REQUIRE(result.document("re_2") != nullptr);
    BOOST_TEST((result.document("re_1")->parents == std::vector<std::string>{"ch_1", "pi_1"}));
    BOOST_TEST(result.document("re_2")->member("status") == "1");
}

BOOST_AUTO_TEST_CASE(the_same_refund_told_by_itself_and_by_its_charge_is_the_same_fact) {
    const normalised alone = tell("refund.created", refund("\"succeeded\""));
    const normalised inside = tell("charge.refunded", R"({"id": "ch_1", "object": "charge", "amount": 1000,
        "amount_refunded": 250, "captured": true, "created": 1700000000, "currency": "usd",
            "invoice": null, "paid": true,
        "payment_intent": "pi_1", "status": "succeeded", "refunds": {"data": [)" +
                                                          refund("\"succeeded\"") + "]}}");
    const captured_fact& left = alone.only(TRB_KIND_REFUND);
    const captured_fact& right = inside.only(TRB_KIND_REFUND);
    BOOST_TEST(left.document == right.document);
    BOOST_TEST((left.members == right.members));
    BOOST_TEST((left.parents == right.parents));
    BOOST_TEST(left.occurred_at_ms == right.occurred_at_ms);
}

BOOST_AUTO_TEST_CASE(every_status_of_a_dispute_is_known) {
    constexpr std::array<std::array<const char*, 2>, 11> expected{{{"warning_needs_response", "1"},
                                                                   {"warning_under_review", "1"},
                                                                   {"warning_closed", "1"},
                                                                   {"prevented", "1"},
                                                                   {"needs_response", "2"},
                                                                   {"under_review", "2"},
                                                                   {"appeal_needs_response", "2"},
                                                                   {"appeal_under_review", "2"},
                                                                   {"a word of 2031", "2"},
                                                                   {"won", "3"},
                                                                   {"lost", "4"}}};
    for (const auto& [status, code] : expected)
        BOOST_TEST(tell("charge.dispute.updated", dispute(status)).only(TRB_KIND_DISPUTE).member("status") ==
                       code,
                   status);
}

BOOST_AUTO_TEST_CASE(all_events_of_a_dispute_tell_one_document) {
    std::int32_t rank = 0;
    for (const char* type :
         {"charge.dispute.created", "charge.dispute.updated", "charge.dispute.funds_withdrawn",
          "charge.dispute.funds_reinstated", "charge.dispute.closed"}) {
        const captured_fact fact = tell(type, dispute("needs_response")).only(TRB_KIND_DISPUTE);
        BOOST_TEST(fact.document == "du_1");
        BOOST_TEST((fact.parents == std::vector<std::string>{"ch_1", "pi_1"}));
        BOOST_TEST(fact.lifecycle_rank > rank, type);
        BOOST_TEST(fact.occurred_at_ms == 1'700'000'600'000);
        rank = fact.lifecycle_rank;
    }
}

BOOST_AUTO_TEST_CASE(early_warnings_are_inquiries) {
    const captured_fact fact =
        tell("radar.early_fraud_warning.created",
             R"({"id": "issfr_1", "charge": "ch_1", "fraud_type": "made_with_stolen_card"})")
            .only(TRB_KIND_DISPUTE);
    BOOST_TEST(fact.member("status") == "1"); // Which changes nothing.
    BOOST_TEST(fact.all.at("reason") == "made_with_stolen_card");
    BOOST_TEST((fact.parents == std::vector<std::string>{"ch_1"}));
}

BOOST_AUTO_TEST_SUITE_END()
