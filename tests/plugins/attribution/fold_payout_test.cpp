// What comes after a sale: refunds, disputes, decisions of people, payouts and what follows a payout.
#include <boost/test/unit_test.hpp>

#include "folded.hpp"

using namespace tributary::attribution::testing;

namespace {

constexpr std::int64_t sale_at = 10 * day;

/// A sale of 100.00 that earned 20.00.
struct story : history_builder {
    story() {
        click("click_1", day, "link_1");
        payment("in_1", sale_at, 10'000, 10'000, 10'000).user("user_1").also_known_as("pi_1");
    }
    std::string first_id() { return folded_now().commissions().at(0).id; }
    folded folded_now() { return fold(*this, one_partner().percentage("rw_1", 2'000)); }
    /// Pays row 0 as the route does.
    fact_draft& pay_first(std::int64_t amount, std::int64_t sequence = 1) {
        return pay("cmd_" + std::to_string(sequence), 20 * day, sequence, first_id(), "pn_1", "in_1", amount)
            .argument("amount", "10000")
            .argument("created", std::to_string(sale_at))
            .argument("rule_hash", "abc");
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(refunds)

BOOST_AUTO_TEST_CASE(a_partial_refund_leaves_the_commission_on_what_remains) {
    story history;
    history.refund("re_1", 11 * day, "pi_1", 3'333);
    folded result = history.folded_now();
    BOOST_TEST(result.commissions().at(0)["earnings"] == "1333"); // 1333.4
    BOOST_TEST(result.commissions().at(0)["status"] == "pending");
    BOOST_TEST(result.sales().at(0)["returned"] == "3333");
}

BOOST_AUTO_TEST_CASE(a_partial_refund_is_taken_off_every_line_and_rounded_there) {
    history_builder history;
    history.click("click_1", day, "link_1");
    history.payment("in_1", sale_at, 1'000, 1'000, 1'000).line("a", 333).line("b", 667);
    history.refund("re_1", 11 * day, "in_1", 500);
    folded result = fold(history, one_partner().percentage("rw_1", 1'000));
    // a: 333 / 2 * 10 % = 16.65 -> 17, b: 667 / 2 * 10 % = 33.35 -> 33.
    BOOST_TEST(result.commissions().at(0)["earnings"] == "50");
    BOOST_TEST(result.commissions().at(0)["inputs"].find("\"earned\":17") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(everything_refunded_is_refunded_and_earns_nothing) {
    story history;
    history.refund("re_1", 11 * day, "in_1", 4'000);
    history.refund("re_2", 12 * day, "in_1", 6'000);
    folded result = history.folded_now();
    BOOST_TEST(result.commissions().at(0)["status"] == "refunded");
    BOOST_TEST(result.commissions().at(0)["earnings"] == "0");
    BOOST_TEST(result.sales().at(0)["status"] == "refunded");
    BOOST_TEST(!result.measures.contains({"commissions", "link_1", "USD"}));
}

BOOST_AUTO_TEST_CASE(more_refunded_than_paid_is_all_of_it) {
    story history;
    history.refund("re_1", 11 * day, "in_1", 99'999);
    BOOST_TEST(history.folded_now().sales().at(0)["returned"] == "10000");
}

BOOST_AUTO_TEST_CASE(a_pending_refund_holds_the_commission_and_a_failed_one_gives_it_back) {
    story history;
    fact_draft& refund = history.refund("re_1", 11 * day, "in_1", 10'000, TRB_REFUND_PENDING);
    folded pending = history.folded_now();
    BOOST_TEST(pending.commissions().at(0)["status"] == "hold");
    BOOST_TEST(pending.commissions().at(0)["reason"] == "refund_pending");
    refund.refund.status = TRB_REFUND_FAILED;
    folded failed = history.folded_now();
    BOOST_TEST(failed.commissions().at(0)["status"] == "pending");
    BOOST_TEST(failed.commissions().at(0)["earnings"] == "2000");
    refund.refund.status = TRB_REFUND_CANCELED;
    BOOST_TEST(history.folded_now().commissions().at(0)["earnings"] == "2000");
}

BOOST_AUTO_TEST_CASE(a_refund_without_status_is_pending) {
    story history;
    history.refund("re_1", 11 * day, "in_1", 100).refund.present &= ~(1ull << TRB_REFUND_STATUS);
    BOOST_TEST(history.folded_now().commissions().at(0)["reason"] == "refund_pending");
}

BOOST_AUTO_TEST_CASE(a_refund_in_another_currency_holds_the_commission) {
    story history;
    history.refund("re_1", 11 * day, "in_1", 100).refund.amount = tributary::sdk::make_money(100, "EUR", 2);
    BOOST_TEST(history.folded_now().commissions().at(0)["status"] == "hold");
}

BOOST_AUTO_TEST_CASE(refunds_that_only_the_payments_total_tells_count_once) {
    story history;
    fact_draft& payment = history.payment("in_2", sale_at + 1, 10'000, 10'000, 10'000);
    payment.payment.present |= (1ull << TRB_PAYMENT_REFUNDED_TOTAL) | (1ull << TRB_PAYMENT_REFUNDED_TOTAL_AT);
    payment.payment.refunded_total = tributary::sdk::make_money(5'000, "USD", 2);
    payment.payment.refunded_total_at_ms = 15 * day;
    BOOST_TEST(history.folded_now().sales().at(1)["returned"] == "5000");
    history.refund("re_1", 12 * day, "in_2", 3'000); // Among the 5,000.
    BOOST_TEST(history.folded_now().sales().at(1)["returned"] == "5000");
    history.refund("re_2", 16 * day, "in_2", 1'000); // After it.
    BOOST_TEST(history.folded_now().sales().at(1)["returned"] == "6000");
}

BOOST_AUTO_TEST_CASE(a_refund_that_does_not_say_when_it_was_made_is_taken_for_told_already) {
    // A credit note vouches for a refund days after the charge's total told of it: it is the same money.
    story history;
    fact_draft& payment = history.payment("in_2", sale_at + 1, 10'000, 10'000, 10'000);
    payment.payment.present |= (1ull << TRB_PAYMENT_REFUNDED_TOTAL) | (1ull << TRB_PAYMENT_REFUNDED_TOTAL_AT);
    payment.payment.refunded_total = tributary::sdk::make_money(3'000, "USD", 2);
    payment.payment.refunded_total_at_ms = 15 * day;
    fact_draft& refund = history.refund("re_1", 18 * day, "in_2", 3'000);
    refund.refund.present &= ~TRB_BIT(TRB_REFUND_CREATED_AT);
    BOOST_TEST(history.folded_now().sales().at(1)["returned"] == "3000");
}

BOOST_AUTO_TEST_CASE(money_returned_outside_the_provider_is_in_no_total_of_its) {
    story history;
    fact_draft& payment = history.payment("in_2", sale_at + 1, 10'000, 10'000, 10'000);
    payment.payment.present |= (1ull << TRB_PAYMENT_REFUNDED_TOTAL) | (1ull << TRB_PAYMENT_REFUNDED_TOTAL_AT);
    payment.payment.refunded_total = tributary::sdk::make_money(3'000, "USD", 2);
    payment.payment.refunded_total_at_ms = 15 * day;
    fact_draft& refund = history.refund("cn_1:elsewhere", 12 * day, "in_2", 2'000);
    refund.refund.present |= TRB_BIT(TRB_REFUND_OUT_OF_BAND);
    refund.refund.out_of_band = 1;
    BOOST_TEST(history.folded_now().sales().at(1)["returned"] == "5000");
}

BOOST_AUTO_TEST_CASE(a_refund_that_failed_after_the_total_was_told_is_not_missed_in_it) {
    story history;
    fact_draft& payment = history.payment("in_2", sale_at + 1, 10'000, 10'000, 10'000);
    payment.payment.present |= (1ull << TRB_PAYMENT_REFUNDED_TOTAL) | (1ull << TRB_PAYMENT_REFUNDED_TOTAL_AT);
    payment.payment.refunded_total = tributary::sdk::make_money(3'000, "USD", 2);
    payment.payment.refunded_total_at_ms = 15 * day;
    fact_draft& refund = history.refund("re_1", 12 * day, "in_2", 3'000, TRB_REFUND_FAILED);
    refund.changed_at(16 * day);
    BOOST_TEST(history.folded_now().sales().at(1)["returned"] == "0");
    refund.changed_at(14 * day); // It had failed by then: the total speaks of another refund.
    BOOST_TEST(history.folded_now().sales().at(1)["returned"] == "3000");
}

BOOST_AUTO_TEST_CASE(a_refund_of_another_realm_is_about_something_else) {
    story history;
    history.refund("re_1", 11 * day, "in_1", 10'000).in_realm("acme:acct_2");
    BOOST_TEST(history.folded_now().commissions().at(0)["earnings"] == "2000");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(disputes)

BOOST_AUTO_TEST_CASE(an_open_dispute_holds_a_won_one_releases_a_lost_one_refunds) {
    story history;
    fact_draft& dispute = history.dispute("dp_1", 11 * day, "in_1", 10'000, TRB_DISPUTE_OPEN);
    folded open = history.folded_now();
    BOOST_TEST(open.commissions().at(0)["status"] == "hold");
    BOOST_TEST(open.commissions().at(0)["reason"] == "dispute_open");
    dispute.dispute.status = TRB_DISPUTE_WON;
    folded won = history.folded_now();
    BOOST_TEST(won.commissions().at(0)["status"] == "pending");
    BOOST_TEST(won.commissions().at(0)["earnings"] == "2000");
    dispute.dispute.status = TRB_DISPUTE_LOST;
    folded lost = history.folded_now();
    BOOST_TEST(lost.commissions().at(0)["status"] == "refunded");
    BOOST_TEST(lost.commissions().at(0)["earnings"] == "0");
}

BOOST_AUTO_TEST_CASE(an_inquiry_changes_nothing) {
    story history;
    const auto before = history.folded_now().commissions().at(0).text;
    history.dispute("dp_1", 11 * day, "in_1", 10'000, TRB_DISPUTE_INQUIRY);
    BOOST_TEST((history.folded_now().commissions().at(0).text == before));
}

BOOST_AUTO_TEST_CASE(what_is_refunded_and_then_lost_is_not_taken_twice) {
    story history;
    history.refund("re_1", 11 * day, "in_1", 10'000);
    history.dispute("dp_1", 12 * day, "in_1", 10'000, TRB_DISPUTE_LOST);
    BOOST_TEST(history.folded_now().sales().at(0)["returned"] == "10000");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(payouts)

BOOST_AUTO_TEST_CASE(what_was_paid_keeps_its_id_and_amount_for_ever) {
    story history;
    const std::string id = history.first_id();
    history.pay_first(2'000);
    folded result = fold(history, one_partner()); // Even without any terms.
    BOOST_REQUIRE(result.commissions().size() == 2u);
    BOOST_TEST(result.commissions()[0].id == id);
    BOOST_TEST(result.commissions()[0]["status"] == "paid");
    BOOST_TEST(result.commissions()[0]["earnings"] == "2000");
    BOOST_TEST(result.commissions()[0]["amount"] == "10000");
    BOOST_TEST(result.commissions()[0]["rule_hash"] == "abc");
    BOOST_TEST(result.commissions()[0]["paid_at"] == std::to_string(20 * day));
    BOOST_TEST(result.commissions()[0]["payout_id"] == "po_1");
}

BOOST_AUTO_TEST_CASE(paid_in_full_leaves_no_open_row) {
    story history;
    history.pay_first(2'000);
    BOOST_TEST(history.folded_now().commissions().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_refund_after_the_payout_becomes_a_negative_pending_row) {
    story history;
    history.pay_first(2'000);
    history.refund("re_1", 30 * day, "in_1", 5'000);
    folded result = history.folded_now();
    BOOST_REQUIRE(result.commissions().size() == 2u);
    BOOST_TEST(result.commissions()[0]["earnings"] == "2000");
    const folded_row& open = result.commissions()[1];
    BOOST_TEST(open["earnings"] == "-1000");
    BOOST_TEST(open["status"] == "pending");
    BOOST_TEST(open["reason"] == "money_returned");
    BOOST_TEST(open["ordinal"] == "1");
    BOOST_TEST(open["amount"] == "0");
    BOOST_TEST(open["created_at"] == std::to_string(30 * day));
    BOOST_TEST(open.id != result.commissions()[0].id);
}

BOOST_AUTO_TEST_CASE(a_full_refund_after_the_payout_takes_back_exactly_what_was_paid) {
    story history;
    history.pay_first(2'000);
    history.refund("re_1", 30 * day, "in_1", 10'000);
    BOOST_TEST(history.folded_now().commissions().at(1)["earnings"] == "-2000");
}

BOOST_AUTO_TEST_CASE(the_negative_row_is_settled_by_a_payment_of_its_own) {
    story history;
    history.pay_first(2'000);
    history.refund("re_1", 30 * day, "in_1", 10'000);
    const std::string open = history.folded_now().commissions().at(1).id;
    history.pay("cmd_2", 40 * day, 2, open, "pn_1", "in_1", -2'000, "1");
    folded result = history.folded_now();
    BOOST_REQUIRE(result.commissions().size() == 2u);
    BOOST_TEST(result.commissions()[1].id == open);
    BOOST_TEST(result.commissions()[1]["status"] == "paid");
    BOOST_TEST((result.measures.at({"commissions", "link_1", "USD"})) == 0);
}

BOOST_AUTO_TEST_CASE(a_refund_that_fails_after_all_is_owed_again) {
    story history;
    history.pay_first(2'000);
    fact_draft& refund = history.refund("re_1", 30 * day, "in_1", 10'000);
    const std::string open = history.folded_now().commissions().at(1).id;
    history.pay("cmd_2", 40 * day, 2, open, "pn_1", "in_1", -2'000, "1");
    refund.refund.status = TRB_REFUND_FAILED;
    folded result = history.folded_now();
    BOOST_REQUIRE(result.commissions().size() == 3u);
    BOOST_TEST(result.commissions()[2]["earnings"] == "2000");
    BOOST_TEST(result.commissions()[2]["status"] == "pending");
}

BOOST_AUTO_TEST_CASE(a_negative_row_that_no_refund_explains_waits_for_a_person) {
    story history;
    history.pay_first(3'000); // More than the terms give.
    folded held = history.folded_now();
    BOOST_TEST(held.commissions().at(1)["earnings"] == "-1000");
    BOOST_TEST(held.commissions().at(1)["status"] == "hold");
    BOOST_TEST(held.commissions().at(1)["reason"] == "needs_approval");
    history.command("cmd_9", 30 * day, 9, "attribution.mark", held.commissions().at(1).id, "pn_1", "in_1")
        .argument("status", "pending")
        .argument("ordinal", "1");
    folded approved = history.folded_now();
    BOOST_TEST(approved.commissions().at(1)["status"] == "pending");
    BOOST_TEST(approved.commissions().at(1)["reason"] == "approved");
}

BOOST_AUTO_TEST_CASE(another_partner_who_was_paid_keeps_it_and_the_correction_is_held) {
    story history;
    history.pay("cmd_1", 20 * day, 1, "cm_old", "pn_old", "in_1", 2'000);
    folded result = history.folded_now();
    BOOST_REQUIRE(result.commissions().size() == 3u);
    BOOST_TEST(result.commissions()[0]["partner_id"] == "pn_1");
    BOOST_TEST(result.commissions()[0]["earnings"] == "2000");
    BOOST_TEST(result.commissions()[1].id == "cm_old");
    BOOST_TEST(result.commissions()[1]["earnings"] == "2000");
    BOOST_TEST(result.commissions()[2]["partner_id"] == "pn_old");
    BOOST_TEST(result.commissions()[2]["earnings"] == "-2000");
    BOOST_TEST(result.commissions()[2]["status"] == "hold");
}

BOOST_AUTO_TEST_CASE(a_payment_whose_sale_is_not_here_is_still_a_constant) {
    history_builder history;
    history.pay("cmd_1", 20 * day, 1, "cm_x", "pn_1", "in_gone", 500);
    folded result = fold(history, one_partner());
    BOOST_REQUIRE(result.commissions().size() == 2u);
    BOOST_TEST(result.commissions()[0]["earnings"] == "500");
    BOOST_TEST(result.commissions()[1]["earnings"] == "-500");
    BOOST_TEST(result.commissions()[1]["source_ids"] == "[\"in_gone\"]");
}

BOOST_AUTO_TEST_CASE(a_row_paid_twice_is_two_payments) {
    story history;
    const std::string id = history.first_id();
    history.pay("cmd_1", 20 * day, 1, id, "pn_1", "in_1", 2'000);
    history.pay("cmd_2", 21 * day, 2, id, "pn_1", "in_1", 2'000);
    folded result = history.folded_now();
    BOOST_REQUIRE(result.commissions().size() == 3u);
    BOOST_TEST(result.commissions()[0].id != result.commissions()[1].id);
    BOOST_TEST(result.commissions()[2]["earnings"] == "-2000");
    BOOST_TEST(result.commissions()[2]["status"] == "hold");
}

BOOST_AUTO_TEST_CASE(a_mark_takes_a_row_out_of_its_payout_and_a_later_one_counts) {
    story history;
    const std::string id = history.first_id();
    history.command("cmd_1", 20 * day, 1, "attribution.process", id, "pn_1", "in_1")
        .argument("payout", "po_1");
    BOOST_TEST(history.folded_now().commissions().at(0)["payout_id"] == "po_1");
    history.command("cmd_2", 21 * day, 2, "attribution.mark", id, "pn_1", "in_1")
        .argument("status", "duplicate");
    folded marked = history.folded_now();
    BOOST_TEST(marked.commissions().at(0)["status"] == "duplicate");
    BOOST_TEST(marked.commissions().at(0)["payout_id"] == "NULL");
    history.command("cmd_3", 22 * day, 3, "attribution.mark", id, "pn_1", "in_1")
        .argument("status", "pending");
    folded again = history.folded_now();
    BOOST_TEST(again.commissions().at(0)["status"] == "pending");
    BOOST_TEST(again.commissions().at(0)["payout_id"] == "NULL");
}

BOOST_AUTO_TEST_CASE(commands_count_in_the_order_in_which_they_were_accepted_not_in_that_of_their_ids) {
    story history;
    const std::string id = history.first_id();
    history.command("cmd_z", 20 * day, 1, "attribution.mark", id, "pn_1", "in_1").argument("status", "fraud");
    history.command("cmd_a", 20 * day, 2, "attribution.mark", id, "pn_1", "in_1")
        .argument("status", "pending");
    BOOST_TEST(history.folded_now().commissions().at(0)["status"] == "pending");
}

BOOST_AUTO_TEST_CASE(a_dispute_takes_a_processed_row_out_until_it_is_won) {
    story history;
    history.command("cmd_1", 20 * day, 1, "attribution.process", history.first_id(), "pn_1", "in_1")
        .argument("payout", "po_1");
    fact_draft& dispute = history.dispute("dp_1", 21 * day, "in_1", 10'000, TRB_DISPUTE_OPEN);
    folded open = history.folded_now();
    BOOST_TEST(open.commissions().at(0)["status"] == "hold");
    BOOST_TEST(open.commissions().at(0)["payout_id"] == "NULL");
    dispute.dispute.status = TRB_DISPUTE_WON;
    BOOST_TEST(history.folded_now().commissions().at(0)["status"] == "processed");
}

BOOST_AUTO_TEST_CASE(terms_made_better_afterwards_pay_the_difference) {
    story history;
    history.pay_first(2'000);
    folded result = fold(history, one_partner().percentage("rw_1", 2'000).percentage("rw_2", 2'500, 5 * day));
    BOOST_REQUIRE(result.commissions().size() == 2u);
    BOOST_TEST(result.commissions()[1]["earnings"] == "500");
    BOOST_TEST(result.commissions()[1]["status"] == "pending");
}

BOOST_AUTO_TEST_CASE(a_lead_that_was_paid_is_not_paid_again) {
    history_builder history;
    history.click("click_1", day, "link_1");
    history.lead("lead:user_1:sign-up", 3 * day).user("user_1");
    const register_set registers = one_partner().flat("rw_l", "lead", 300);
    const std::string id = fold(history, registers).commissions().at(0).id;
    history.pay("cmd_1", 20 * day, 1, id, "pn_1", "lead:user_1:sign-up", 300).argument("type", "lead");
    folded result = fold(history, registers);
    BOOST_REQUIRE(result.commissions().size() == 1u);
    BOOST_TEST(result.commissions()[0].id == id);
    BOOST_TEST(result.commissions()[0]["status"] == "paid");
}

BOOST_AUTO_TEST_SUITE_END()
