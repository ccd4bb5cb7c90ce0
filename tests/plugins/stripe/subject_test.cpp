#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "harness.hpp"
#include "tellers.hpp"

// Goal: customers, products and subscriptions are read as they stand in every generation of the API.

namespace {

using namespace tributary::stripe;
using namespace tributary::stripe::testing;
namespace json = boost::json;

normalised tell(std::string_view type, const std::string& object) {
    return plugin_under_test().normalise(event(type, object));
}

std::string subscription(std::initializer_list<std::pair<std::string_view, json::value>> members) {
    json::value object = json::parse(testdata("subscription_basil.json"));
    for (const auto& [name, value] : members)
        object.as_object()[name] = value;
    return json::serialize(object);
}

captured_fact updated(std::initializer_list<std::pair<std::string_view, json::value>> members) {
    return tell("customer.subscription.updated", subscription(members)).only(TRB_KIND_SUBSCRIPTION);
}

const std::string customer =
    R"({"id": "cus_1", "object": "customer", "address": {"country": "fr"}, "created": 1690000000,
    "email": " Ada@Example.COM ", "name": "Ada", "metadata": {"dubCustomerId": "u_old", "trb_id": "u_1",
            "dubClickId": "CLICK"}})";

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_subjects)

BOOST_AUTO_TEST_CASE(a_customer_claims_what_its_metadata_says) {
    const captured_fact fact = tell("customer.created", customer).only(TRB_KIND_CUSTOMER);
    BOOST_TEST(fact.document == "cus_1");
    BOOST_TEST(fact.claims.at("user") == "u_1");
    BOOST_TEST(fact.claims.at("click?") == "CLICK");
    BOOST_TEST(fact.claims.at("email?") == "ada@example.com");
    BOOST_TEST(fact.member("country") == "FR");
    BOOST_TEST(fact.member("deleted") == "0");
    BOOST_TEST(fact.occurred_at_ms == 1'690'000'000'000);
    BOOST_TEST(tell("customer.updated", customer).only(TRB_KIND_CUSTOMER).occurred_at_ms ==
               1'700'000'000'000);
}

BOOST_AUTO_TEST_CASE(a_deleted_customer_is_one_in_both_shapes) {
    BOOST_TEST(tell("customer.deleted", customer).only(TRB_KIND_CUSTOMER).member("deleted") == "1");
    const normalised stub =
        plugin_under_test().normalise({{.body = R"({"id": "cus_1", "object": "customer", "deleted": true})",
                                        .headers = {},
                                        .purpose = "reread:cus_1"}});
    BOOST_TEST(stub.only(TRB_KIND_CUSTOMER).member("deleted") == "1");
}

BOOST_AUTO_TEST_CASE(a_product_is_active_until_it_is_not) {
    const std::string product = R"({"id": "prod_1", "object": "product", "active": true, "name": "Pro"})";
    BOOST_TEST(tell("product.updated", product).only(TRB_KIND_PRODUCT).member("active") == "1");
    BOOST_TEST(tell("product.deleted", product).only(TRB_KIND_PRODUCT).member("active") == "0");
    BOOST_TEST(tell("product.updated", product).only(TRB_KIND_PRODUCT).member("name") == "Pro");
}

BOOST_AUTO_TEST_CASE(items_have_their_own_periods_and_prices) {
    const captured_fact fact = updated({});
    BOOST_TEST(fact.member("status") == "3");
    BOOST_TEST(fact.member("period_start") == "1759300001000");
    BOOST_TEST(fact.member("period_end") == "1790836000000");
    BOOST_TEST(fact.member("canceled_at") == "1759400000000");
    BOOST_TEST(fact.member("paused") == "1");
    BOOST_TEST(fact.claims.at("user") == "q_1");
    BOOST_TEST((fact.parents == std::vector<std::string>{"cus_1"}));
    BOOST_REQUIRE(fact.items.size() == 2u);
    BOOST_TEST(fact.items[0].product == "prod_month");
    BOOST_TEST(fact.items[0].quantity == 3);
    BOOST_TEST(fact.items[0].unit_amount == "1500 USD/2");
    BOOST_TEST(fact.items[1].unit_amount == "125 USD/5");
    BOOST_TEST(fact.items[1].metered);
    BOOST_TEST(fact.items[1].interval == "year");
}

BOOST_AUTO_TEST_CASE(a_scheduled_end_is_found_however_it_is_written) {
    BOOST_TEST(updated({}).member("cancel_at") == "1790836000000");
    BOOST_TEST(updated({{"cancel_at", 1780000000}, {"cancel_at_period_end", false}}).member("cancel_at") ==
               "1780000000000");
    BOOST_TEST(updated({{"cancel_at_period_end", false}}).member("cancel_at") == "0");
}

BOOST_AUTO_TEST_CASE(statuses_are_mapped_and_unknown_ones_state_nothing) {
    BOOST_TEST(updated({{"status", "incomplete"}}).member("status") == "1");
    BOOST_TEST(updated({{"status", "incomplete_expired"}}).member("status") == "7");
    BOOST_TEST(updated({{"status", "trialing"}}).member("status") == "2");
    BOOST_TEST(updated({{"status", "past_due"}}).member("status") == "4");
    BOOST_TEST(updated({{"status", "unpaid"}}).member("status") == "5");
    BOOST_TEST(updated({{"status", "paused"}}).member("status") == "6");
    BOOST_TEST(!updated({{"status", "a word of 2031"}}).states("status"));
    const captured_fact deleted = tell("customer.subscription.deleted", subscription({{"status", "active"}}))
                                      .only(TRB_KIND_SUBSCRIPTION);
    BOOST_TEST(deleted.member("status") == "7");
}

BOOST_AUTO_TEST_CASE(the_oldest_shape_has_one_plan_and_one_period) {
    const captured_fact fact =
        tell("customer.subscription.updated", R"({"id": "sub_1", "object": "subscription",
        "current_period_end": 1702592000, "current_period_start": 1700000000, "customer": "cus_1",
            "status": "active",
        "pause_collection": null, "quantity": 2,
        "plan": {"id": "plan_1", "amount": 900, "currency": "eur", "interval": "month",
            "interval_count": 3, "product": "prod_1",
                 "usage_type": "licensed"}})")
            .only(TRB_KIND_SUBSCRIPTION);
    BOOST_TEST(fact.member("period_end") == "1702592000000");
    BOOST_TEST(fact.member("paused") == "0");
    BOOST_REQUIRE(fact.items.size() == 1u);
    BOOST_TEST(fact.items[0].product == "prod_1");
    BOOST_TEST(fact.items[0].price == "plan_1");
    BOOST_TEST(fact.items[0].quantity == 2);
    BOOST_TEST(fact.items[0].unit_amount == "900 EUR/2");
}

BOOST_AUTO_TEST_SUITE_END()
