#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <numeric>

#include "harness.hpp"
#include "tellers.hpp"

// Goal: an invoice of any API generation gives the same payment, to the cent and line by line.

namespace {

using namespace tributary::stripe;
using namespace tributary::stripe::testing;
namespace json = boost::json;

std::int64_t net_of(const captured_fact& fact) {
    return std::accumulate(fact.lines.begin(), fact.lines.end(), std::int64_t{0},
                           [](std::int64_t total, const captured_line& line) { return total + line.net; });
}

/// The basil invoice with some members replaced.
std::string changed(std::initializer_list<std::pair<std::string_view, json::value>> members) {
    json::value invoice = json::parse(testdata("invoice_basil.json"));
    for (const auto& [name, value] : members)
        invoice.as_object()[name] = value;
    return json::serialize(invoice);
}

captured_fact paid(const std::string& invoice, std::string_view type = "invoice.paid") {
    return plugin_under_test().normalise(event(type, invoice)).only(TRB_KIND_PAYMENT);
}

bool has(const std::vector<std::string>& ids, std::string_view id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_invoice)

BOOST_AUTO_TEST_CASE(a_basil_invoice_is_read_from_the_new_paths) {
    const captured_fact fact = paid(testdata("invoice_basil.json"));
    BOOST_TEST(fact.document == "in_new");
    BOOST_TEST(fact.source_rank == 30);
    BOOST_TEST(fact.source_time_ms == 1'700'000'000'000);
    BOOST_TEST(fact.occurred_at_ms == 1'759'300'020'000);
    BOOST_TEST(fact.member("status") == "2");
    BOOST_TEST(fact.member("paid_at") == "1759300020000");
    BOOST_TEST(fact.member("cash") == "3270 USD/2");
    BOOST_TEST(fact.member("total") == "3270 USD/2");
    BOOST_TEST(fact.member("without_tax") == "3000 USD/2");
    BOOST_TEST(fact.member("tax") == "270 USD/2");
    BOOST_TEST(fact.member("discount") == "1000 USD/2");
    BOOST_TEST(fact.member("credit") == "0 USD/2");
    BOOST_TEST(fact.member("cycle") == "3");
    BOOST_TEST(fact.member("subscription") == "sub_1");
    BOOST_TEST(fact.member("invoice") == "in_new");
    BOOST_TEST(fact.member("country") == "US");
    BOOST_TEST(fact.member("event_name") == "Invoice paid");
    BOOST_TEST(fact.member("lines_complete") == "1");
    BOOST_TEST(!fact.states("fee"));
    BOOST_REQUIRE(fact.lines.size() == 1u);
    BOOST_TEST(fact.lines[0].product == "prod_seat");
    BOOST_TEST(fact.lines[0].price == "price_seat");
    BOOST_TEST(fact.lines[0].quantity == 4);
    BOOST_TEST(fact.lines[0].net == 3000);
    BOOST_TEST(fact.lines[0].tax == 270);
    BOOST_TEST(fact.lines[0].discount == 1000);
}

BOOST_AUTO_TEST_CASE(it_names_its_payments_but_not_the_canceled_ones) {
    const captured_fact fact = paid(testdata("invoice_basil.json"));
    BOOST_TEST(has(fact.same_as, "pi_1"));
    BOOST_TEST(has(fact.same_as, "inpay_1"));
    BOOST_TEST(!has(fact.same_as, "pi_given_up"));
    BOOST_TEST((fact.parents == std::vector<std::string>{"sub_1", "cus_1"}));
}

BOOST_AUTO_TEST_CASE(metadata_is_merged_with_the_invoice_last) {
    const captured_fact fact = paid(testdata("invoice_basil.json"));
    BOOST_TEST(fact.metadata.at("plan") == "invoice wins");
    BOOST_TEST(fact.claims.at("user") == "user_42");
    BOOST_TEST(fact.claims.at("email?") == "ada@example.com");
    BOOST_TEST(fact.member("email") == "Ada@Example.com");
}

BOOST_AUTO_TEST_CASE(a_2020_invoice_is_read_from_the_old_paths) {
    const captured_fact fact = paid(testdata("invoice_2020.json"));
    BOOST_TEST(fact.member("status") == "2");
    BOOST_TEST(fact.member("total") == "10700 EUR/2");
    BOOST_TEST(fact.member("without_tax") == "9000 EUR/2");
    BOOST_TEST(fact.member("tax") == "1700 EUR/2");
    BOOST_TEST(fact.member("cycle") == "4");
    BOOST_TEST(fact.member("subscription") == "sub_1");
    BOOST_TEST(fact.member("out_of_band") == "0");
    BOOST_TEST((fact.same_as == std::vector<std::string>{"pi_1", "ch_1"}));
    BOOST_REQUIRE(fact.lines.size() == 2u);
    BOOST_TEST(fact.lines[0].net == -1000);
    BOOST_TEST(fact.lines[0].proration);
    BOOST_TEST(fact.lines[1].net == 10000);
    BOOST_TEST(fact.lines[1].product == "prod_pro");
    BOOST_TEST(fact.lines[1].price == "plan_pro");
    BOOST_TEST(net_of(fact) == 9000);
}

BOOST_AUTO_TEST_CASE(a_real_body_with_both_shapes_sums_up_to_the_cent) {
    const auto folder = shared_fixtures();
    if (!folder) {
        BOOST_TEST_MESSAGE("skipped: ../shared/fixtures/stripe is not there");
        return;
    }
    const captured_fact fact = paid(read_file(*folder / "pay-rails" / "invoice.json"));
    BOOST_TEST(fact.member("status") == "2");
    BOOST_TEST(fact.member("cash") == "24512 USD/2");
    BOOST_TEST(fact.member("without_tax") == "22707 USD/2");
    BOOST_TEST(fact.member("tax") == "1805 USD/2");
    BOOST_TEST(fact.member("discount") == "3393 USD/2");
    BOOST_TEST(fact.member("cycle") == "1");
    BOOST_TEST(fact.member("event_name") == "Purchase");
    BOOST_REQUIRE(fact.lines.size() == 2u);
    BOOST_TEST(fact.lines[0].net == 15660);
    BOOST_TEST(fact.lines[1].net == 7047);
    BOOST_TEST(net_of(fact) == 22707);
    BOOST_TEST(has(fact.same_as, "pi_3RFFrjKXBGcbgpbZ0mAQxeI1"));
    BOOST_TEST(has(fact.same_as, "ch_3RFFrjKXBGcbgpbZ0g57Qovb"));
    BOOST_TEST(fact.occurred_at_ms == 1'744'986'363'000);
}

BOOST_AUTO_TEST_CASE(only_a_paid_invoice_is_a_sale) {
    const auto status = [](const char* word, std::string_view type) {
        const bool nothing_came = std::string_view(word) != "paid";
        return paid(nothing_came ? changed({{"status", word}, {"amount_paid", 0}})
                                 : changed({{"status", word}}),
                    type)
            .member("status");
    };
    BOOST_TEST(status("draft", "invoice.updated") == "1");
    BOOST_TEST(status("open", "invoice.finalized") == "1");
    BOOST_TEST(status("open", "invoice.payment_failed") == "3");
    BOOST_TEST(status("uncollectible", "invoice.marked_uncollectible") == "3");
    BOOST_TEST(status("void", "invoice.voided") == "4");
    BOOST_TEST(status("a word of 2031", "invoice.updated") == "1");
    BOOST_TEST(status("paid", "invoice.updated") == "2");
    BOOST_TEST(paid(changed({{"status", "open"}, {"paid", true}}), "invoice.updated").member("status") ==
               "2");
}

BOOST_AUTO_TEST_CASE(a_part_that_was_paid_is_a_sale_of_that_part) {
    const auto partly = [](const char* word, std::string_view type) {
        return paid(changed({{"status", word}, {"amount_paid", 700}, {"amount_remaining", 1300}}), type);
    };
    for (const char* word : {"open", "uncollectible"}) {
        const captured_fact fact = partly(word, "invoice.updated");
        BOOST_TEST(fact.member("status") == "2", word);
        BOOST_TEST(fact.all.at("cash").starts_with("700 "), word);
        BOOST_TEST(fact.all.at("remaining").starts_with("1300 "), word);
        BOOST_TEST(!fact.states("paid_at"), word);
    }
    BOOST_TEST(partly("void", "invoice.voided").member("status") == "4");
    BOOST_TEST(partly("draft", "invoice.updated").member("status") == "1");
    BOOST_TEST(partly("a word of 2031", "invoice.updated").member("status") == "1");
}

BOOST_AUTO_TEST_CASE(tries_and_what_is_owed_are_told) {
    const captured_fact fact = paid(changed({{"status", "open"},
                                             {"amount_paid", 0},
                                             {"attempt_count", 2},
                                             {"next_payment_attempt", 1'700'086'400},
                                             {"amount_remaining", 2000}}),
                                    "invoice.payment_failed");
    BOOST_TEST(fact.all.at("attempts") == "2");
    BOOST_TEST(fact.all.at("next_attempt_at_ms") == "1700086400000");
    BOOST_TEST(fact.all.at("remaining").starts_with("2000 "));
    const captured_fact last = paid(changed({{"status", "open"},
                                             {"amount_paid", 0},
                                             {"attempt_count", 4},
                                             {"next_payment_attempt", nullptr}}),
                                    "invoice.payment_failed");
    BOOST_TEST(last.all.at("next_attempt_at_ms") == "0");
}

BOOST_AUTO_TEST_CASE(an_invoice_of_nothing_is_no_sale) {
    const plugin_under_test plugin;
    for (const std::int64_t total : {0, -500}) {
        const normalised result =
            plugin.normalise(event("invoice.paid", changed({{"total", total}, {"amount_paid", 0}})));
        BOOST_TEST(result.status == TRB_OK);
        BOOST_TEST(result.facts.empty());
        BOOST_TEST((result.notes == std::vector<std::string>{"ignored"}));
    }
}

BOOST_AUTO_TEST_CASE(spent_credit_is_told_apart_from_cash) {
    const captured_fact both = paid(changed(
        {{"starting_balance", -1000}, {"ending_balance", 0}, {"amount_due", 2270}, {"amount_paid", 2270}}));
    BOOST_TEST(both.member("cash") == "2270 USD/2");
    BOOST_TEST(both.member("credit") == "1000 USD/2");
    BOOST_TEST(both.member("total") == "3270 USD/2");
    const captured_fact unknown_balance =
        paid(changed({{"starting_balance", -1000}, {"ending_balance", nullptr}, {"amount_paid", 2270}}));
    BOOST_TEST(unknown_balance.member("credit") == "1000 USD/2");
    // A credit note before payment makes the bill smaller: that is no account credit.
    const captured_fact credit_note = paid(changed(
        {{"ending_balance", nullptr}, {"amount_paid", 2270}, {"pre_payment_credit_notes_amount", 1000}}));
    BOOST_TEST(credit_note.member("credit") == "0 USD/2");
    // A balance that the customer owes is no credit either.
    BOOST_TEST(paid(changed({{"starting_balance", 500}, {"ending_balance", 500}})).member("credit") ==
               "0 USD/2");
}

BOOST_AUTO_TEST_CASE(money_outside_stripe_counts_as_cash_in_old_and_new_bodies) {
    const captured_fact old =
        paid(changed({{"paid_out_of_band", true}, {"amount_paid", 0}, {"ending_balance", nullptr}}));
    BOOST_TEST(old.member("out_of_band") == "1");
    BOOST_TEST(old.member("cash") == "3270 USD/2");
    BOOST_TEST(old.member("credit") == "0 USD/2");
    const captured_fact fresh = paid(changed({{"amount_paid_off_stripe", 3270}}));
    BOOST_TEST(fresh.member("out_of_band") == "1");
    BOOST_TEST(fresh.member("cash") == "3270 USD/2");
}

BOOST_AUTO_TEST_CASE(shipping_is_a_line_of_its_own) {
    const captured_fact fact = paid(
        changed({{"total_excluding_tax", 3500},
                 {"total", 3865},
                 {"shipping_cost", {{"amount_subtotal", 500}, {"amount_tax", 95}, {"amount_total", 595}}}}));
    BOOST_REQUIRE(fact.lines.size() == 2u);
    BOOST_TEST(fact.lines[1].id == "shipping");
    BOOST_TEST(fact.lines[1].net == 500);
    BOOST_TEST(fact.lines[1].product == "");
    BOOST_TEST(net_of(fact) == 3500);
}

BOOST_AUTO_TEST_CASE(billing_credits_are_taken_off_the_lines_unless_the_total_says_otherwise) {
    json::value invoice = json::parse(testdata("invoice_basil.json"));
    invoice.at("lines").at("data").at(0).as_object()["pretax_credit_amounts"] = {
        {{"amount", 1000}, {"discount", "di_1"}, {"type", "discount"}},
        {{"amount", 400}, {"type", "credit_balance_transaction"}}};
    BOOST_TEST(net_of(paid(json::serialize(invoice))) == 3000); // The total does not know of the credit.
    invoice.as_object()["total_excluding_tax"] = 2600;
    invoice.as_object()["total"] = 2834;
    BOOST_TEST(net_of(paid(json::serialize(invoice))) == 2600);
}

BOOST_AUTO_TEST_CASE(the_first_invoice_of_a_subscription_says_so) {
    const captured_fact first = paid(changed({{"billing_reason", "subscription_create"}}));
    BOOST_TEST(first.member("cycle") == "2");
    BOOST_TEST(first.member("event_name") == "Subscription creation");
    BOOST_TEST(paid(changed({{"billing_reason", "manual"}})).member("cycle") == "1");
    BOOST_TEST(paid(changed({{"billing_reason", "a reason of 2031"}})).member("cycle") == "1");
}

BOOST_AUTO_TEST_CASE(lines_beyond_ten_are_asked_for_once_money_is_there) {
    json::value invoice = json::parse(testdata("invoice_basil.json"));
    invoice.at("lines").as_object()["has_more"] = true;
    const plugin_under_test plugin;
    const normalised result = plugin.normalise(event("invoice.paid", json::serialize(invoice)));
    BOOST_TEST(result.only(TRB_KIND_PAYMENT).member("lines_complete") == "0");
    BOOST_REQUIRE(result.wants.size() == 1u);
    BOOST_TEST(result.wants[0].url == "https://api.stripe.com/v1/invoices/in_new/lines?limit=100");
    BOOST_TEST(result.wants[0].purpose == "invoice_lines:in_new");
    BOOST_TEST(result.wants[0].headers.at("Authorization") == "Bearer {secret:api_key}");
    invoice.as_object()["status"] = "open";
    BOOST_TEST(plugin.normalise(event("invoice.finalized", json::serialize(invoice))).wants.empty());
}

BOOST_AUTO_TEST_CASE(a_forecast_has_no_id_and_is_left_alone) {
    const normalised result =
        plugin_under_test().normalise(event("invoice.upcoming", R"({"object": "invoice", "total": 5})"));
    BOOST_TEST(result.status == TRB_OK);
    BOOST_TEST(result.facts.empty());
}

BOOST_AUTO_TEST_SUITE_END()
