// Goal: a body that holds what no host keeps (texts with a NUL, ids and claims beyond any size, more names of
// one payment than a fact may have) or a currency of the past costs that one statement and not the whole
// sale. Found by tests/fuzz.
#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "harness.hpp"

using namespace tributary::stripe::testing;

namespace {

const std::string invoice_head = R"({"id": "in_1", "object": "invoice", "status": "paid", "currency": "usd",
    "total": 1000, "amount_paid": 1000, "created": 1700000000)";

normalised paid_invoice(const std::string& more) {
    return plugin_under_test().normalise(event("invoice.paid", invoice_head + more + "}"));
}

} // namespace

BOOST_AUTO_TEST_SUITE(oversized)

BOOST_AUTO_TEST_CASE(an_id_beyond_255_characters_is_no_id) {
    const normalised told = paid_invoice(R"(, "charge": ")" + std::string(256, 'x') + R"(", "customer": ")" +
                                         std::string(255, 'c') + "\"");
    const captured_fact& sale = told.only(TRB_KIND_PAYMENT);
    BOOST_TEST(sale.same_as.empty());
    BOOST_REQUIRE(sale.parents.size() == 1u);
    BOOST_TEST(sale.parents[0] == std::string(255, 'c'));
}

BOOST_AUTO_TEST_CASE(an_object_whose_own_id_is_none_is_refused) {
    const normalised told = plugin_under_test().normalise(
        event("customer.created", R"({"id": ")" + std::string(256, 'x') + R"(", "object": "customer"})"));
    BOOST_TEST(told.status == TRB_INVALID);
    BOOST_TEST(told.code == "no_object_id");
    BOOST_TEST(told.facts.empty());
}

BOOST_AUTO_TEST_CASE(a_text_with_a_nul_is_as_good_as_none) {
    const normalised told = paid_invoice(
        R"(, "customer_email": "a\u0000@example.com", "metadata": {"trb_id": "bob\u0000", "a\u0000": "b", "kept": "yes"})");
    const captured_fact& sale = told.only(TRB_KIND_PAYMENT);
    BOOST_TEST(!sale.states("email"));
    BOOST_TEST(sale.claims.empty());
    BOOST_TEST(sale.metadata.size() == 1u);
    BOOST_TEST(sale.metadata.contains("kept"));
}

BOOST_AUTO_TEST_CASE(a_claim_beyond_512_bytes_is_left_out_and_said_so) {
    const normalised told = paid_invoice(R"(, "metadata": {"trb_id": ")" + std::string(513, 'u') +
                                         R"(", "trb_click": ")" + std::string(512, 'k') + "\"}");
    const captured_fact& sale = told.only(TRB_KIND_PAYMENT);
    BOOST_TEST(!sale.claims.contains("user"));
    BOOST_TEST(sale.claims.at("click?") == std::string(512, 'k'));
    BOOST_TEST(std::count(told.notes.begin(), told.notes.end(), "ignored") == 1);
    BOOST_TEST(paid_invoice(R"(, "metadata": {"trb_id": "bob"})").notes.empty());
}

BOOST_AUTO_TEST_CASE(an_invoice_of_many_payments_names_as_many_as_a_fact_may) {
    std::string payments;
    for (int number = 0; number < 40; ++number)
        payments += (number == 0 ? "" : ", ") + (R"({"id": "inpay_)" + std::to_string(number) + "\"}");
    const normalised told = paid_invoice(R"(, "payments": {"data": [)" + payments + "]}");
    BOOST_TEST(told.only(TRB_KIND_PAYMENT).same_as.size() == 32u);
}

BOOST_AUTO_TEST_CASE(a_long_type_is_shown_up_to_a_whole_character) {
    const normalised told = plugin_under_test().normalise(
        event(std::string(99, 'x') + "\xc3\xa9" + ".of_another_family", R"({"id": "x_1"})"));
    BOOST_TEST(told.status == TRB_OK);
    BOOST_REQUIRE(told.note_texts.size() == 1u);
    BOOST_TEST(told.note_texts[0].find("\xc3") == std::string::npos);
    BOOST_TEST(told.note_texts[0].find(std::string(99, 'x')) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_currency_that_was_retired_since_is_one_that_the_host_keeps) {
    for (const char* code : {"hrk", "eek", "ltl", "lvl", "mro", "std", "vef", "byr", "zwl"}) {
        const normalised told = plugin_under_test().normalise(event(
            "charge.succeeded", R"({"id": "ch_1", "object": "charge", "status": "succeeded", "amount": 100,
                "invoice": null, "currency": ")" +
                                    std::string(code) + "\"}"));
        BOOST_TEST(told.facts.size() == 1u, code << ": " << told.code);
    }
}

BOOST_AUTO_TEST_CASE(a_request_is_asked_only_under_a_purpose_that_the_host_keeps) {
    const std::string charge = R"({"id": "ch_)" + std::string(252, 'x') + R"(", "object": "charge",
        "status": "succeeded", "amount": 100, "currency": "usd", "created": 1700000000})";
    const std::string account = R"("account": "acct_)" + std::string(250, 'y') + "\", ";
    const normalised told =
        plugin_under_test().normalise(event("charge.succeeded", charge, 1'700'000'000, account));
    BOOST_TEST(told.status == TRB_OK);
    for (const captured_want& want : told.wants)
        BOOST_TEST(want.purpose.size() <= 512u);
}

BOOST_AUTO_TEST_SUITE_END()
