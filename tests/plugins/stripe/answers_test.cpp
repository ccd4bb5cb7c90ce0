#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "fetch.hpp"
#include "harness.hpp"

// Goal: what was asked of Stripe comes back as facts that join, page by page, without any memory in between.

namespace {

using namespace tributary::stripe;
using namespace tributary::stripe::testing;
namespace json = boost::json;

input delivered(std::string body) {
    input made;
    made.body = std::move(body);
    return made;
}
input answered(std::string body, std::string purpose, std::int64_t status = 200) {
    input made;
    made.body = std::move(body);
    made.purpose = std::move(purpose);
    made.http_status = status;
    made.received_at_ms = 1'700'000'200'500;
    return made;
}

std::string payment_list(const std::string& elements) {
    return R"({"object": "list", "url": "/v1/invoice_payments", "has_more": false, "data": [)" + elements +
           "]}";
}
std::string link_to(const std::string& invoice, const std::string& status = "paid") {
    return R"({"id": "inpay_1", "object": "invoice_payment", "invoice": ")" + invoice + R"(", "status": ")" +
           status +
           R"(", "payment": {"type": "payment_intent", "payment_intent": "pi_1"},
              "status_transitions": {"paid_at": 1700000000}})";
}

std::string lines_page(std::initializer_list<std::int64_t> amounts, bool more, const char* prefix) {
    json::array data;
    for (const std::int64_t amount : amounts)
        data.push_back(
            {{"id", prefix + std::to_string(data.size())}, {"object", "line_item"}, {"amount", amount}});
    return json::serialize(json::object{{"object", "list"}, {"has_more", more}, {"data", data}});
}

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_answers)

BOOST_AUTO_TEST_CASE(a_payment_of_an_invoice_is_joined_to_it) {
    const normalised result =
        plugin_under_test().normalise({answered(payment_list(link_to("in_1")), "invoice_payments:pi_1"),
                                       delivered(event("charge.succeeded", testdata("charge_basil.json")))});
    const captured_fact& fact = result.only(TRB_KIND_PAYMENT);
    BOOST_TEST((fact.same_as == std::vector<std::string>{"in_1", "pi_1"}));
    BOOST_TEST(!fact.states("status"));
    BOOST_TEST(fact.member("invoice") == "in_1");
    BOOST_TEST(fact.source_rank == 15);
}

BOOST_AUTO_TEST_CASE(a_payment_of_no_invoice_is_a_sale) {
    for (const std::string& list : {payment_list(""), payment_list(link_to("in_1", "canceled"))}) {
        const normalised result =
            plugin_under_test().normalise({answered(list, "invoice_payments:pi_1@acct_7")});
        const captured_fact& fact = result.only(TRB_KIND_PAYMENT);
        BOOST_TEST(fact.document == "standalone:pi_1");
        BOOST_TEST(fact.realm == "stripe:acct_7");
        BOOST_TEST((fact.same_as == std::vector<std::string>{"pi_1"}));
        BOOST_TEST(fact.member("status") == "2");
        BOOST_TEST(fact.member("cycle") == "1");
        BOOST_TEST(fact.source_time_ms == 1'700'000'200'500);
    }
}

BOOST_AUTO_TEST_CASE(when_and_for_how_much_is_left_to_what_asked) {
    const plugin_under_test plugin;
    const input answer = answered(payment_list(""), "invoice_payments:pi_1");
    const captured_fact alone = plugin.normalise({answer}).only(TRB_KIND_PAYMENT);
    BOOST_TEST(!alone.states("total"));
    for (const std::string& body :
         {event("charge.succeeded", testdata("charge_basil.json")),
          event("refund.created", R"({"id": "re_1", "object": "refund", "amount": 250, "charge": "ch_1",
              "created": 1700000500, "currency": "usd", "payment_intent": "pi_1", "status": "succeeded"})")}) {
        const captured_fact fact = plugin.normalise({answer, delivered(body)}).only(TRB_KIND_PAYMENT);
        BOOST_TEST((fact.members == alone.members));
        BOOST_TEST((fact.same_as == alone.same_as));
        BOOST_TEST(fact.occurred_at_ms == alone.occurred_at_ms);
    }
    const normalised charge = plugin.normalise(event("charge.succeeded", testdata("charge_basil.json")));
    BOOST_TEST(charge.only(TRB_KIND_PAYMENT).source_rank > alone.source_rank);
}

BOOST_AUTO_TEST_CASE(one_payment_of_two_invoices_joins_neither) {
    const normalised result = plugin_under_test().normalise(
        {answered(payment_list(link_to("in_1") + "," + link_to("in_2")), "invoice_payments:pi_1")});
    BOOST_TEST(result.status == TRB_INVALID);
    BOOST_TEST(result.code == "several_invoices");
}

BOOST_AUTO_TEST_CASE(an_error_for_an_answer_says_nothing) {
    const normalised result = plugin_under_test().normalise(
        {answered(R"({"error": {"message": "no permission"}})", "invoice_payments:pi_1", 403)});
    BOOST_TEST(result.status == TRB_OK);
    BOOST_TEST(result.facts.empty());
    BOOST_TEST((result.notes == std::vector<std::string>{"ignored"}));
}

BOOST_AUTO_TEST_CASE(pages_of_lines_are_told_together) {
    json::value invoice = json::parse(testdata("invoice_basil.json"));
    invoice.as_object()["shipping_cost"] = {{"amount_total", 70}, {"amount_tax", 20}};
    const input origin = delivered(event("invoice.paid", json::serialize(invoice)));
    const input first = answered(lines_page({100, 200}, true, "il_a"), "invoice_lines:in_new");
    const plugin_under_test plugin;

    const normalised page_1 = plugin.normalise({first, origin});
    BOOST_TEST(page_1.only(TRB_KIND_PAYMENT).member("lines_complete") == "0");
    BOOST_TEST(page_1.only(TRB_KIND_PAYMENT).lines.size() == 3u);
    BOOST_REQUIRE(page_1.wants.size() == 1u);
    BOOST_TEST(page_1.wants[0].url ==
               "https://api.stripe.com/v1/invoices/in_new/lines?limit=100&starting_after=il_a1");
    BOOST_TEST(page_1.wants[0].purpose == "invoice_lines:in_new/2");

    const input second = answered(lines_page({300}, false, "il_b"), page_1.wants[0].purpose);
    const normalised page_2 = plugin.normalise({second, first, origin});
    const captured_fact& fact = page_2.only(TRB_KIND_PAYMENT);
    BOOST_TEST(fact.document == "in_new:lines");
    BOOST_TEST((fact.same_as == std::vector<std::string>{"in_new"}));
    BOOST_TEST(fact.source_rank == 31);
    BOOST_TEST(fact.occurred_at_ms == 1'759'300'020'000);
    BOOST_TEST(fact.member("lines_complete") == "1");
    // Both came in one millisecond: the page that was asked for later is the newer telling all the same.
    BOOST_TEST(fact.source_time_ms == page_1.only(TRB_KIND_PAYMENT).source_time_ms);
    BOOST_TEST(fact.lifecycle_rank > page_1.only(TRB_KIND_PAYMENT).lifecycle_rank);
    BOOST_REQUIRE(fact.lines.size() == 4u);
    BOOST_TEST(fact.lines[0].net == 100);
    BOOST_TEST(fact.lines[2].net == 300);
    BOOST_TEST(fact.lines[3].net == 50);
    BOOST_TEST(page_2.wants.empty());

    BOOST_TEST(plugin.normalise({second, origin}).code == "no_origin");
    BOOST_TEST(plugin.normalise({second}).code == "no_origin");
}

BOOST_AUTO_TEST_CASE(lines_of_a_converted_session_are_converted_and_keep_their_sum) {
    json::value session = json::parse(testdata("session_payment.json"));
    session.as_object()["currency_conversion"] = {{"amount_total", 13003}, {"source_currency", "usd"}};
    const std::string page = R"({"object": "list", "has_more": false, "data": [
        {"id": "li_1", "amount_total": 3967, "amount_tax": 634, "quantity": 1, "price": {"id": "price_1",
            "product": "prod_1"}},
        {"id": "li_2", "amount_total": 3967, "amount_tax": 633, "quantity": 1, "price": {"id": "price_2",
            "product": "prod_2"}},
        {"id": "li_3", "amount_total": 3966, "amount_tax": 633, "quantity": 1, "price": {"id": "price_3",
            "product": "prod_3"}}]})";
    const normalised result = plugin_under_test().normalise(
        {answered(page, "session_lines:cs_test_1"),
         delivered(event("checkout.session.completed", json::serialize(session)))});
    const captured_fact& fact = result.only(TRB_KIND_PAYMENT);
    BOOST_TEST(fact.document == "cs_test_1:lines");
    BOOST_REQUIRE(fact.lines.size() == 3u);
    // 10000 * 13003 / 11900 = 10926.89
    BOOST_TEST(fact.lines[0].net + fact.lines[1].net + fact.lines[2].net == 10927);
    BOOST_TEST(fact.lines[2].product == "prod_3");
}

BOOST_AUTO_TEST_CASE(lines_of_a_session_leave_its_date_to_the_session) {
    const plugin_under_test plugin;
    const std::string told = event("checkout.session.completed", testdata("session_payment.json"));
    const normalised lines = plugin.normalise(
        {answered(lines_page({100}, false, "li_"), "session_lines:cs_test_1"), delivered(told)});
    BOOST_TEST(lines.only(TRB_KIND_PAYMENT).source_rank <
               plugin.normalise(told).only(TRB_KIND_PAYMENT).source_rank);
}

BOOST_AUTO_TEST_CASE(documents_are_read_anew_by_the_prefix_of_their_id) {
    const plugin_under_test plugin;
    const auto url = [&](const std::string& id) {
        const normalised result = plugin.reread(id);
        BOOST_REQUIRE(result.wants.size() == 1u);
        return result.wants[0].url;
    };
    BOOST_TEST(url("in_1") == "https://api.stripe.com/v1/invoices/in_1");
    BOOST_TEST(url("inpay_1") == "https://api.stripe.com/v1/invoice_payments/inpay_1");
    BOOST_TEST(url("checkout:cs_1") == "https://api.stripe.com/v1/checkout/sessions/cs_1");
    BOOST_TEST(url("price:price_1") == "https://api.stripe.com/v1/prices/price_1");
    BOOST_TEST(url("du_1") == "https://api.stripe.com/v1/disputes/du_1");
    BOOST_TEST(url("pyr_1") == "https://api.stripe.com/v1/refunds/pyr_1");
    BOOST_TEST(plugin.reread("in_1").wants[0].purpose == "reread:in_1");
    for (const char* id : {"standalone:pi_1", "in_1:lines", "", "issfr_1", "in_1/../x"})
        BOOST_TEST(plugin.reread(id).status == TRB_UNSUPPORTED, id);
}

BOOST_AUTO_TEST_CASE(a_bare_object_is_as_new_as_its_answer) {
    const normalised result =
        plugin_under_test().normalise({answered(testdata("invoice_basil.json"), "reread:in_new")});
    const captured_fact& fact = result.only(TRB_KIND_PAYMENT);
    BOOST_TEST(fact.source_time_ms == 1'700'000'200'500);
    BOOST_TEST(fact.member("status") == "2");
    BOOST_TEST(fact.occurred_at_ms == 1'759'300'020'000);
}

BOOST_AUTO_TEST_CASE(a_thin_event_is_followed_to_its_snapshot) {
    const plugin_under_test plugin;
    const normalised result = plugin.normalise(
        R"({"id": "evt_t", "object": "v2.core.event", "type": "v1.invoice.paid",
            "created": "2026-11-01T00:00:00Z",
            "context": "acct_7", "snapshot_event": "evt_1", "related_object": {"id": "in_1",
            "type": "invoice", "url": "/v1/invoices/in_1"}})");
    BOOST_REQUIRE(result.wants.size() == 1u);
    BOOST_TEST(result.wants[0].url == "https://api.stripe.com/v1/events/evt_1");
    BOOST_TEST(result.wants[0].purpose == "event:evt_1@acct_7");
    BOOST_TEST(result.wants[0].headers.at("Stripe-Account") == "acct_7");
    const normalised fetched = plugin.normalise(
        {answered(event("invoice.paid", testdata("invoice_basil.json")), "event:evt_1@acct_7")});
    BOOST_TEST(fetched.only(TRB_KIND_PAYMENT).realm == "stripe:acct_7");
    BOOST_TEST(fetched.only(TRB_KIND_PAYMENT).source_time_ms == 1'700'000'000'000);
    const normalised object = plugin.normalise(
        R"({"id": "evt_t", "object": "v2.core.event", "type": "v1.invoice.paid",
            "related_object": {"id": "in_1"}})");
    BOOST_REQUIRE(object.wants.size() == 1u);
    BOOST_TEST(object.wants[0].url == "https://api.stripe.com/v1/invoices/in_1");
    BOOST_TEST(object.wants[0].purpose == "thin:evt_t");
    const normalised other = plugin.normalise(
        R"({"id": "evt_t", "object": "v2.core.event", "type": "v1.billing.meter.error_report_triggered"})");
    BOOST_TEST(other.wants.empty());
    BOOST_TEST((other.notes == std::vector<std::string>{"unsupported"}));
}

BOOST_AUTO_TEST_CASE(every_thin_event_asks_for_its_object_under_a_name_of_its_own) {
    const plugin_under_test plugin;
    const auto purpose = [&](const std::string& event_id, const std::string& object_id) {
        const normalised result = plugin.normalise(R"({"id": ")" + event_id + R"(", "object": "v2.core.event",
            "type": "v1.customer.subscription.past_due", "context": "acct_7",
            "related_object": {"id": ")" + object_id +
                                                   R"("}})");
        return result.wants.empty() ? std::string() : result.wants[0].purpose;
    };
    BOOST_TEST(purpose("evt_a", "sub_1") == "thin:evt_a@acct_7");
    BOOST_TEST(purpose("evt_b", "sub_1") == "thin:evt_b@acct_7");
    BOOST_TEST(purpose("evt_b/2", "sub_1") == "");
    BOOST_TEST(purpose("evt_b", "sub_1/x") == "");
    const normalised answer =
        plugin.normalise({answered(testdata("subscription_basil.json"), purpose("evt_b", "sub_1"))});
    BOOST_TEST(answer.only(TRB_KIND_SUBSCRIPTION).realm == "stripe:acct_7");
}

BOOST_AUTO_TEST_CASE(what_is_not_authentic_books_nothing) {
    input hint = delivered(event("invoice.paid", testdata("invoice_basil.json")));
    hint.authentic = false;
    const normalised result = plugin_under_test().normalise({hint});
    BOOST_TEST(result.status == TRB_OK);
    BOOST_TEST(result.facts.empty());
}

BOOST_AUTO_TEST_CASE(faulty_events_are_named) {
    const plugin_under_test plugin;
    BOOST_TEST(plugin.normalise("{").code == "malformed_json");
    BOOST_TEST(plugin.normalise(R"({"object": "event", "type": "invoice.paid", "created": 1})").code ==
               "no_object");
    BOOST_TEST(
        plugin.normalise(R"({"object": "event", "type": "invoice.paid", "data": {"object": {}}})").code ==
        "no_event_time");
    BOOST_TEST(
        plugin
            .normalise(
                R"({"object": "event", "type": "invoice.paid", "created": -1, "data": {"object": {}}})")
            .code == "no_event_time");
    BOOST_TEST(plugin.normalise(event("customer.created", "{}")).code == "no_object_id");
    BOOST_TEST(plugin.normalise(event("checkout.session.completed", "{}")).code == "no_object_id");
    BOOST_TEST(plugin.normalise(event("coupon.created", "{}")).code == "no_object_id");
    BOOST_TEST(plugin.normalise(event("invoice.paid", testdata("charge_basil.json"))).code == "wrong_object");
    const normalised unsupported = plugin.normalise(event("payout.paid", R"({"id": "po_1"})"));
    BOOST_TEST(unsupported.status == TRB_OK);
    BOOST_TEST((unsupported.notes == std::vector<std::string>{"unsupported"}));
    const normalised unknown = plugin.normalise(R"({"object": "fish"})");
    BOOST_TEST((unknown.notes == std::vector<std::string>{"unsupported"}));
}

BOOST_AUTO_TEST_CASE(purposes_are_taken_apart_as_they_were_made) {
    const purpose_parts parts = parse_purpose("invoice_lines:in_1/12@acct_7");
    BOOST_TEST(parts.what == "invoice_lines");
    BOOST_TEST(parts.id == "in_1");
    BOOST_TEST(parts.page == 12u);
    BOOST_TEST(parts.account == "acct_7");
    BOOST_TEST(parse_purpose("").what == "");
    BOOST_TEST(parse_purpose("reread:cs_1").page == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
