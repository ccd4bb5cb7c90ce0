// The fold's rules, one by one, on histories made by hand: who brought the customer, what a sale is, what it
// earns.
#include <boost/test/unit_test.hpp>

#include "fold.hpp"
#include "folded.hpp"

using namespace tributary::attribution::testing;

namespace {

/// A customer who clicked on link_1 on day 1 and paid 100.00 on day 10.
struct story : history_builder {
    story() {
        click("click_1", day, "link_1");
        checkout("cs_1", 2 * day).clicked("click_1").user("user_1");
    }
    fact_draft& hundred(std::string_view id = "in_1", std::int64_t at_ms = 10 * day) {
        return payment(id, at_ms, 10'000, 10'000, 10'000);
    }
};

register_set twenty_percent() {
    return one_partner().percentage("rw_1", 2'000);
}

} // namespace

BOOST_AUTO_TEST_SUITE(attribution)

BOOST_AUTO_TEST_CASE(a_sale_after_a_click_earns_the_links_partner_a_share) {
    story history;
    history.hundred();
    folded result = fold(history, twenty_percent());
    BOOST_REQUIRE(result.commissions().size() == 1u);
    const folded_row& row = result.commissions()[0];
    BOOST_TEST(row["partner_id"] == "pn_1");
    BOOST_TEST(row["earnings"] == "2000");
    BOOST_TEST(row["status"] == "pending");
    BOOST_TEST(row["currency"] == "USD");
    BOOST_TEST(row["created_at"] == std::to_string(10 * day));
    BOOST_TEST(row["rule_hash"].size() == 64u);
    BOOST_TEST(result.sales().at(0)["reason"] == "attributed");
    BOOST_TEST(result.customer()["external_id"] == "user_1");
    BOOST_TEST(result.customer()["sale_amount"] == "10000");
    BOOST_TEST(result.customer()["partner_id"] == "pn_1");
}

BOOST_AUTO_TEST_CASE(every_row_has_as_many_cells_as_its_table_has_columns) {
    story history;
    history.hundred();
    history.lead("lead:a", 3 * day);
    folded result = fold(history, twenty_percent());
    BOOST_TEST(result.tables.size() == 4u);
    for (const auto& [table, rows] : result.tables)
        for (const folded_row& row : rows) {
            const std::string cells = row["cells"];
            BOOST_TEST(cells.substr(0, cells.find('/')) == cells.substr(cells.find('/') + 1), table);
        }
}

BOOST_AUTO_TEST_CASE(the_earliest_click_whose_link_exists_wins) {
    history_builder history;
    history.click("click_0", day, "link_gone");
    history.click("click_1", 2 * day, "link_2");
    history.click("click_2", 3 * day, "link_1");
    history.payment("in_1", 10 * day, 100, 100, 100);
    folded result = fold(history, twenty_percent().link("link_2", "pn_2").partner("pn_2"));
    BOOST_TEST(result.commissions().at(0)["partner_id"] == "pn_2");
    BOOST_TEST(result.customer()["click_id"] == "click_1");
}

BOOST_AUTO_TEST_CASE(of_two_clicks_at_one_moment_the_smaller_id_wins) {
    history_builder history;
    history.click("b", day, "link_1");
    history.click("a", day, "link_2");
    history.payment("in_1", 10 * day, 100, 100, 100);
    folded result = fold(history, twenty_percent().link("link_2", "pn_2").partner("pn_2"));
    BOOST_TEST(result.customer()["link_id"] == "link_2");
}

BOOST_AUTO_TEST_CASE(a_sale_without_click_is_kept_as_unlinked_and_earns_nothing) {
    history_builder history;
    history.payment("in_1", 10 * day, 100, 100, 100).user("user_1");
    folded result = fold(history, twenty_percent());
    BOOST_TEST(result.commissions().empty());
    BOOST_TEST(result.sales().at(0)["reason"] == "unlinked");
    BOOST_TEST(result.sales().at(0)["status"] == "paid");
    BOOST_TEST(result.customer()["sales"] == "1");
}

BOOST_AUTO_TEST_CASE(a_click_that_becomes_known_later_attributes_the_old_sale) {
    history_builder before;
    before.payment("in_1", 10 * day, 100, 100, 100).user("user_1");
    history_builder after;
    after.payment("in_1", 10 * day, 100, 100, 100).user("user_1");
    after.identity("identity:user_1", 20 * day).clicked("click_1").user("user_1");
    after.click("click_1", day, "link_1");
    BOOST_TEST(fold(before, twenty_percent()).commissions().size() == 0u);
    folded result = fold(after, twenty_percent());
    BOOST_TEST(result.commissions().size() == 1u);
    BOOST_TEST(result.sales().at(0)["reason"] == "attributed");
}

BOOST_AUTO_TEST_CASE(
    a_link_that_appears_later_attributes_the_old_sale_because_it_is_looked_up_without_limit) {
    story history;
    history.hundred();
    folded result = fold(history, register_set());
    BOOST_TEST(result.sales().at(0)["reason"] == "unlinked");
    BOOST_TEST((result.lookups.at({"link", "link_1"})) == INT64_MAX);
}

BOOST_AUTO_TEST_CASE(a_click_after_the_sale_counts_unless_the_programme_says_otherwise) {
    const auto build = [](history_builder& history) {
        history.payment("in_1", 10 * day, 100, 100, 100).user("user_1");
        history.click("click_1", 11 * day, "link_1");
    };
    history_builder counted;
    build(counted);
    BOOST_TEST(fold(counted, twenty_percent()).commissions().size() == 1u);
    history_builder refused;
    build(refused);
    folded result = fold(refused, twenty_percent().program("USD", false));
    BOOST_TEST(result.commissions().empty());
    BOOST_TEST(result.sales().at(0)["reason"] == "click_after_sale");
}

BOOST_AUTO_TEST_CASE(a_customer_without_user_id_is_known_by_the_click) {
    history_builder history;
    history.click("click_1", day, "link_1");
    history.checkout("cs_1", 2 * day).clicked("click_1");
    BOOST_TEST(fold(history, twenty_percent()).customer()["external_id"] == "click_1");
    history_builder stranger;
    stranger.customer("cus_1", day, "Ann", "ann@example.com");
    BOOST_TEST(fold(stranger, register_set()).customer()["external_id"] == "");
}

BOOST_AUTO_TEST_CASE(a_link_without_partner_counts_the_sale_and_earns_nothing) {
    story history;
    history.hundred();
    folded result = fold(history, register_set().link("link_1", "").percentage("rw_1", 2'000));
    BOOST_TEST(result.commissions().empty());
    BOOST_TEST(result.sales().at(0)["reason"] == "link_without_partner");
    BOOST_TEST((result.measures.at({"sales", "link_1", ""})) == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(sales)

BOOST_AUTO_TEST_CASE(the_base_is_cash_without_tax_and_spent_credit_is_no_cash) {
    story history;
    // 119.00 billed, 100.00 of it without tax, 59.50 paid with money, the rest with credit.
    history.payment("in_1", 10 * day, 5'950, 11'900, 10'000);
    folded result = fold(history, twenty_percent());
    BOOST_TEST(result.sales().at(0)["base"] == "5000");
    BOOST_TEST(result.commissions().at(0)["earnings"] == "1000");
}

BOOST_AUTO_TEST_CASE(the_base_is_rounded_half_up) {
    story history;
    history.payment("in_1", 10 * day, 1, 2, 1); // 0.5
    BOOST_TEST(fold(history, twenty_percent()).sales().at(0)["base"] == "1");
}

BOOST_AUTO_TEST_CASE(each_line_is_rounded_by_itself_on_its_share_of_the_base) {
    story history;
    history.payment("in_1", 10 * day, 100, 100, 100).line("a", 1).line("b", 1).line("c", 1);
    // Bases 34, 33, 33; ten percent: 3.4, 3.3, 3.3.
    folded result = fold(history, one_partner().percentage("rw_1", 1'000));
    BOOST_TEST(result.commissions().at(0)["earnings"] == "9");
    BOOST_TEST(result.commissions().at(0)["inputs"].find("\"base\":34") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(lines_that_the_source_kept_to_itself_are_one_more_line) {
    story history;
    fact_draft& payment = history.payment("in_1", 10 * day, 1'000, 1'000, 1'000).line("a", 400);
    payment.payment.present |= 1ull << TRB_PAYMENT_LINES_COMPLETE;
    payment.payment.lines_complete = 0;
    folded result = fold(history, twenty_percent());
    BOOST_TEST(result.commissions().at(0)["inputs"].find("\"base\":600") != std::string::npos);
    BOOST_TEST(result.commissions().at(0)["earnings"] == "200");
}

BOOST_AUTO_TEST_CASE(a_payment_whose_status_nobody_stated_is_shown_and_not_paid) {
    story history;
    history.hundred().payment.present &= ~(1ull << TRB_PAYMENT_STATUS);
    folded result = fold(history, twenty_percent());
    BOOST_TEST(result.sales().at(0)["status"] == "unconfirmed");
    BOOST_TEST(result.sales().at(0)["reason"] == "not_yet_confirmed");
    BOOST_TEST(result.commissions().empty());
    BOOST_TEST(result.customer()["sales"] == "0");
    BOOST_TEST(!result.measures.contains({"sales", "link_1", ""}));
}

BOOST_AUTO_TEST_CASE(an_unknown_status_is_never_success) {
    story history;
    history.hundred().payment.status = 77;
    folded result = fold(history, twenty_percent());
    BOOST_TEST(result.sales().at(0)["reason"] == "payment_pending");
}

BOOST_AUTO_TEST_CASE(failed_payments_and_trials_are_no_sales) {
    story history;
    history.payment("in_0", 3 * day, 0, 0, 0);
    history.hundred("in_1").payment.status = TRB_PAYMENT_FAILED;
    history.payment("in_2", 4 * day, 0, 10'000, 10'000); // All credit.
    folded result = fold(history, twenty_percent());
    BOOST_TEST(result.sales().empty());
    BOOST_TEST(result.commissions().empty());
    BOOST_TEST(result.customer()["sales"] == "0");
}

BOOST_AUTO_TEST_CASE(without_any_word_on_tax_all_is_net_and_the_inputs_say_so) {
    story history;
    history.hundred().payment.present &= ~(1ull << TRB_PAYMENT_TOTAL_WITHOUT_TAX);
    folded result = fold(history, twenty_percent());
    BOOST_TEST(result.commissions().at(0)["earnings"] == "2000");
    BOOST_TEST(result.commissions().at(0)["inputs"].find("\"taxKnown\":false") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(amounts_in_different_units_are_not_mixed) {
    story history;
    history.hundred().payment.total_without_tax = tributary::sdk::make_money(10'000, "EUR", 2);
    folded result = fold(history, twenty_percent());
    BOOST_TEST(result.sales().at(0)["reason"] == "currency_unclear");
    BOOST_TEST(result.commissions().empty());
}

BOOST_AUTO_TEST_CASE(absurd_amounts_are_shown_and_not_paid) {
    story history;
    history.payment("in_1", 10 * day, INT64_MAX, INT64_MAX, INT64_MAX);
    folded result = fold(history, twenty_percent());
    BOOST_TEST(result.sales().at(0)["reason"] == "amount_out_of_range");
    BOOST_TEST(result.commissions().empty());
}

BOOST_AUTO_TEST_CASE(another_currency_waits_for_a_rate_and_keeps_its_own_amount) {
    story history;
    history.payment("in_1", 10 * day, 10'000, 10'000, 10'000, "EUR", 2);
    folded result = fold(history, twenty_percent());
    const folded_row& row = result.commissions().at(0);
    BOOST_TEST(row["status"] == "hold");
    BOOST_TEST(row["reason"] == "no_rate");
    BOOST_TEST(row["earnings"] == "0");
    BOOST_TEST(row["currency"] == "EUR");
    BOOST_TEST(row["amount"] == "10000");
    BOOST_TEST(result.sales().at(0)["currency"] == "EUR");
    BOOST_TEST(result.sales().at(0)["amount"] == "NULL");
    BOOST_TEST(result.customer()["sale_amount"] == "0");
}

BOOST_AUTO_TEST_CASE(other_decimals_of_the_same_currency_are_no_other_currency) {
    story history;
    history.payment("in_1", 10 * day, 123'456, 123'456, 123'456, "USD", 3); // 123.456
    folded result = fold(history, twenty_percent());
    BOOST_TEST(result.sales().at(0)["amount"] == "12346");
    BOOST_TEST(result.commissions().at(0)["earnings"] == "2469");
}

BOOST_AUTO_TEST_CASE(history_older_than_the_connection_is_kept_and_earns_nothing) {
    story history;
    history.hundred().historic();
    folded result = fold(history, twenty_percent());
    BOOST_TEST(result.commissions().empty());
    BOOST_TEST(result.sales().at(0)["reason"] == "historic");
    for (const folded_message& message : result.messages)
        BOOST_TEST(message.kind != "sale.created");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(rewards)

BOOST_AUTO_TEST_CASE(terms_are_read_as_of_the_sale) {
    story history;
    history.hundred("in_1", 10 * day);
    history.hundred("in_2", 20 * day);
    folded result =
        fold(history, one_partner().percentage("rw_1", 1'000).percentage("rw_2", 3'000, 15 * day));
    BOOST_REQUIRE(result.commissions().size() == 2u);
    BOOST_TEST(result.commissions()[0]["earnings"] == "1000");
    BOOST_TEST(result.commissions()[1]["earnings"] == "3000");
    BOOST_TEST((result.lookups.at({"terms", "default"})) == 20 * day);
}

BOOST_AUTO_TEST_CASE(terms_that_start_after_the_sale_earn_nothing) {
    story history;
    history.hundred();
    folded result = fold(history, one_partner().percentage("rw_1", 1'000, 10 * day + 1));
    BOOST_TEST(result.commissions().empty());
    BOOST_TEST(result.sales().at(0)["reason"] == "no_terms");
}

BOOST_AUTO_TEST_CASE(a_membership_counts_from_its_day_on) {
    story history;
    history.hundred("in_1", 10 * day);
    history.hundred("in_2", 20 * day);
    folded result = fold(history, one_partner()
                                      .percentage("rw_1", 1'000)
                                      .percentage("rw_vip", 5'000, 0, -1, "grp_vip")
                                      .membership("pn_1", "grp_vip", 15 * day));
    BOOST_TEST(result.commissions().at(0)["group_id"] == "default");
    BOOST_TEST(result.commissions().at(0)["earnings"] == "1000");
    BOOST_TEST(result.commissions().at(1)["group_id"] == "grp_vip");
    BOOST_TEST(result.commissions().at(1)["earnings"] == "5000");
}

BOOST_AUTO_TEST_CASE(a_flat_reward_is_paid_once_per_sale_and_whole_while_money_remains) {
    story history;
    history.hundred().line("a", 5'000).line("b", 5'000);
    BOOST_TEST(fold(history, one_partner().flat("rw_1", "sale", 700)).commissions().at(0)["earnings"] ==
               "700");
    history.refund("re_1", 11 * day, "in_1", 9'999);
    BOOST_TEST(fold(history, one_partner().flat("rw_1", "sale", 700)).commissions().at(0)["earnings"] ==
               "700");
    history.refund("re_2", 12 * day, "in_1", 1);
    folded result = fold(history, one_partner().flat("rw_1", "sale", 700));
    BOOST_TEST(result.commissions().at(0)["earnings"] == "0");
    BOOST_TEST(result.commissions().at(0)["status"] == "refunded");
}

BOOST_AUTO_TEST_CASE(a_maximum_of_zero_months_pays_the_first_sale_only) {
    story history;
    history.hundred("in_1", 10 * day);
    history.hundred("in_2", 11 * day);
    folded result = fold(history, one_partner().percentage("rw_1", 1'000, 0, 0));
    BOOST_TEST(result.commissions().size() == 1u);
    BOOST_TEST(result.sales().at(1)["reason"] == "one_time");
}

BOOST_AUTO_TEST_CASE(a_maximum_of_months_ends_with_the_calendar_month) {
    const std::int64_t january_31 = 30 * day;
    const std::int64_t february_28 = 58 * day;
    story history;
    history.hundred("in_1", january_31);
    history.hundred("in_2", february_28 - 1);
    history.hundred("in_3", february_28);
    folded result = fold(history, one_partner().percentage("rw_1", 1'000, 0, 1));
    BOOST_TEST(result.commissions().size() == 2u);
    BOOST_TEST(result.sales().at(2)["reason"] == "max_duration");
}

BOOST_AUTO_TEST_CASE(a_first_commission_marked_as_fraud_ends_all_later_ones) {
    story history;
    history.hundred("in_1", 10 * day);
    history.hundred("in_2", 11 * day);
    history.command("cmd_1", 12 * day, 1, "attribution.mark", "cm_x", "pn_1", "in_1")
        .argument("status", "fraud");
    folded result = fold(history, twenty_percent());
    BOOST_REQUIRE(result.commissions().size() == 1u);
    BOOST_TEST(result.commissions()[0]["status"] == "fraud");
    BOOST_TEST(result.sales().at(1)["reason"] == "first_commission_fraud");
}

BOOST_AUTO_TEST_CASE(a_reward_that_rounds_to_nothing_is_no_commission) {
    story history;
    history.payment("in_1", 10 * day, 2, 2, 2);
    folded result = fold(history, twenty_percent());
    BOOST_TEST(result.commissions().empty());
    BOOST_TEST(result.sales().at(0)["reason"] == "no_reward");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(leads)

BOOST_AUTO_TEST_CASE(a_checkout_with_a_click_is_a_lead_and_earns_the_lead_reward) {
    story history;
    folded result = fold(history, one_partner().flat("rw_l", "lead", 300));
    BOOST_TEST(result.leads().at(0)["event_name"] == "Sign up");
    BOOST_TEST(result.commissions().at(0)["type"] == "lead");
    BOOST_TEST(result.commissions().at(0)["earnings"] == "300");
    BOOST_TEST((result.measures.at({"leads", "link_1", ""})) == 1);
}

BOOST_AUTO_TEST_CASE(an_open_checkout_is_no_lead) {
    history_builder history;
    history.click("click_1", day, "link_1");
    history.checkout("cs_1", 2 * day, TRB_CHECKOUT_OPEN).clicked("click_1");
    BOOST_TEST(fold(history, one_partner()).leads().empty());
}

BOOST_AUTO_TEST_CASE(a_reported_lead_before_the_checkout_is_the_only_one) {
    story history;
    history.lead("lead:user_1:sign-up", 2 * day).clicked("click_1");
    folded result = fold(history, one_partner().flat("rw_l", "lead", 300));
    BOOST_TEST(result.leads().size() == 1u);
    BOOST_TEST(result.commissions().size() == 1u);
}

BOOST_AUTO_TEST_CASE(there_is_one_lead_commission_per_partner_and_customer) {
    story history;
    history.lead("lead:user_1:sign-up", 3 * day);
    history.lead("lead:user_1:demo", 4 * day, "Demo");
    folded result = fold(history, one_partner().flat("rw_l", "lead", 300));
    BOOST_TEST(result.leads().size() == 3u);
    BOOST_TEST(result.commissions().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_quantity_multiplies_the_lead_reward) {
    history_builder history;
    history.click("click_1", day, "link_1");
    fact_draft& lead = history.lead("lead:user_1:trial", 3 * day, "Started Trial");
    lead.lead.present |= 1ull << TRB_LEAD_QUANTITY;
    lead.lead.quantity = 4;
    folded result = fold(history, one_partner().flat("rw_l", "lead", 300));
    BOOST_TEST(result.commissions().at(0)["earnings"] == "1200");
    BOOST_TEST(result.commissions().at(0)["quantity"] == "4");
}

BOOST_AUTO_TEST_CASE(the_lead_of_a_direct_sale_earns_nothing_and_leaves_it_to_a_real_one) {
    history_builder history;
    history.click("click_1", day, "link_1");
    fact_draft& direct = history.lead("lead:user_1:direct", 3 * day, "Direct");
    direct.lead.present |= 1ull << TRB_LEAD_SOURCE;
    direct.lead.source = history.keep("direct");
    const register_set registers = one_partner().flat("rw_l", "lead", 300);
    BOOST_TEST(fold(history, registers).commissions().empty());
    history.lead("lead:user_1:sign-up", 4 * day);
    BOOST_TEST(fold(history, registers).commissions().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(messages)

BOOST_AUTO_TEST_CASE(lead_sale_and_commission_are_told_with_business_keys) {
    story history;
    history.hundred();
    folded result = fold(history, twenty_percent().flat("rw_l", "lead", 300));
    std::map<std::string, int> kinds;
    for (const folded_message& message : result.messages) {
        ++kinds[message.kind];
        BOOST_TEST(message.money == (message.kind != "lead.created"));
    }
    BOOST_TEST(kinds["lead.created"] == 1);
    BOOST_TEST(kinds["sale.created"] == 1);
    BOOST_TEST(kinds["commission.created"] == 2);
}

BOOST_AUTO_TEST_CASE(being_put_into_a_payout_and_paid_does_not_change_what_was_told) {
    story history;
    history.hundred();
    folded before = fold(history, twenty_percent());
    const std::string id = before.commissions().at(0).id;
    history.command("cmd_1", 12 * day, 1, "attribution.process", id, "pn_1", "in_1")
        .argument("payout", "po_1");
    folded processed = fold(history, twenty_percent());
    BOOST_TEST(processed.commissions().at(0)["status"] == "processed");
    history.pay("cmd_2", 13 * day, 2, id, "pn_1", "in_1", 2'000)
        .argument("amount", "10000")
        .argument("created", std::to_string(10 * day));
    folded paid = fold(history, twenty_percent());
    BOOST_TEST(paid.commissions().at(0)["status"] == "paid");
    const auto told = [](folded& of) {
        std::string body;
        for (const folded_message& message : of.messages)
            if (message.kind == "commission.created")
                body = message.key + message.body;
        return body;
    };
    BOOST_TEST(told(before) == told(processed));
    BOOST_TEST(told(before) == told(paid));
}

BOOST_AUTO_TEST_CASE(an_explanation_is_given_when_asked_for_and_only_then) {
    story history;
    history.hundred();
    BOOST_TEST(fold(history, twenty_percent()).trace.empty());
    const folded result = fold(history, twenty_percent(), true);
    const auto has = [&](std::string_view start) {
        return std::ranges::any_of(result.trace,
                                   [&](const std::string& step) { return step.starts_with(start); });
    };
    BOOST_TEST(has("base: 10000 without tax * 10000 cash / 10000 total = 10000 USD, half up"));
    BOOST_TEST(has("rule: {\"id\":\"rw_1\""));
    BOOST_TEST(has("rounding: half up"));
    BOOST_TEST(has("due: 2000"));
}

BOOST_AUTO_TEST_CASE(a_fold_of_the_same_history_gives_the_same_rows_twice) {
    story history;
    history.hundred();
    folded first = fold(history, twenty_percent());
    folded second = fold(history, twenty_percent());
    BOOST_TEST(first.commissions().at(0).id == second.commissions().at(0).id);
    BOOST_TEST((first.commissions().at(0).text == second.commissions().at(0).text));
}

BOOST_AUTO_TEST_CASE(a_history_of_nothing_but_commands_and_refunds_is_no_customer) {
    history_builder history;
    history.refund("re_1", day, "in_9", 100);
    history.click("click_1", day, "link_1");
    folded result = fold(history, twenty_percent());
    BOOST_TEST(result.tables.empty());
}

BOOST_AUTO_TEST_SUITE_END()
