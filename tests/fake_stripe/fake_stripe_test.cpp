// Is the fake like Stripe where others lean on it? Over the real HTTP client, as they do.
#include <boost/json.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "fake_stripe/fake_stripe.hpp"
#include "http/awaited_client.hpp"

using namespace tributary;
using namespace tributary::fake_stripe;
namespace bdata = boost::unit_test::data;

namespace {

struct answered {
    int status = 0; ///< 0: none came
    boost::json::value body;
    std::vector<http::header> headers;
    http::client_errc failed{};

    std::string text(std::string_view path) const { return text_at(body, path); }
    std::vector<std::string> ids() const {
        std::vector<std::string> all;
        for (const auto& each : body.at("data").as_array())
            all.push_back(text_at(each, "id"));
        return all;
    }
};

struct with_fake {
    fake api;
    http::test::awaited_client client;
    std::string key = "rk_test_fake";
    std::string version = "2026-10-28.endive";
    std::string idempotency_key;

    answered ask(const std::string& method, const std::string& path, const std::string& body = {},
                 int deadline_ms = 10'000) {
        http::client_request request;
        request.method = method;
        request.url = api.base() + path;
        request.body = body;
        request.deadline_ms = deadline_ms;
        if (!key.empty())
            request.headers.push_back({"Authorization", "Bearer " + key});
        if (!version.empty())
            request.headers.push_back({"Stripe-Version", version});
        if (!idempotency_key.empty())
            request.headers.push_back({"Idempotency-Key", idempotency_key});
        const auto came = client.send(std::move(request));
        answered made;
        if (!came) {
            made.failed = static_cast<http::client_errc>(came.error().code.value());
            return made;
        }
        made.status = came->status;
        made.headers = came->headers;
        boost::json::error_code wrong;
        made.body = boost::json::parse(came->body, wrong);
        return made;
    }
    answered get(const std::string& path) { return ask("GET", path); }
};

std::string joined(const std::vector<std::string>& all) {
    std::string out;
    for (const std::string& each : all)
        out += (out.empty() ? "" : " ") + each;
    return out;
}

constexpr std::string_view shop = R"([
{"id":"cus_a","object":"customer","created":10,"email":"a@x.test"},
{"id":"cus_b","object":"customer","created":20,"email":"b@x.test"},
{"id":"cus_gone","object":"customer","created":30,"deleted":true,"email":"gone@x.test"},
{"id":"sub_a","object":"subscription","created":10,"customer":"cus_a","status":"active",
 "items":{"object":"list","data":[{"id":"si_1","current_period_start":10,"current_period_end":40}]}},
{"id":"sub_b","object":"subscription","created":20,"customer":"cus_a","status":"canceled"},
{"id":"sub_c","object":"subscription","created":30,"customer":"cus_b","status":"incomplete_expired"},
{"id":"in_a","object":"invoice","created":10,"customer":"cus_a","status":"paid",
 "parent":{"type":"subscription_details","subscription_details":{"subscription":"sub_a"}},
 "lines":{"object":"list","data":[{"id":"il_1"},{"id":"il_2"},{"id":"il_3"},{"id":"il_4"},{"id":"il_5"},
  {"id":"il_6"},{"id":"il_7"},{"id":"il_8"},{"id":"il_9"},{"id":"il_10"},{"id":"il_11"}]}},
{"id":"pi_a","object":"payment_intent","created":10,"customer":"cus_a","latest_charge":"ch_a"},
{"id":"ch_a","object":"charge","created":10,"customer":"cus_a","payment_intent":"pi_a","balance_transaction":"txn_a"},
{"id":"txn_a","object":"balance_transaction","created":10,"type":"charge","fee":59,"source":"ch_a"},
{"id":"inpay_a","object":"invoice_payment","created":10,"invoice":"in_a","status":"paid",
 "payment":{"type":"payment_intent","payment_intent":"pi_a"}},
{"id":"cs_a","object":"checkout.session","created":10,"customer":"cus_a","payment_intent":"pi_a",
 "line_items":{"object":"list","data":[{"id":"li_1"},{"id":"li_2"}]}},
{"id":"feat_1","object":"entitlements.feature","created":10,"lookup_key":"export"},
{"id":"ent_1","object":"entitlements.active_entitlement","customer":"cus_a","feature":"feat_1","lookup_key":"export"},
{"id":"evt_1","object":"event","created":10,"type":"invoice.paid"},
{"id":"evt_2","object":"event","created":20,"type":"charge.refunded"},
{"id":"evt_3","object":"event","created":30,"type":"charge.succeeded"},
{"id":"evt_v2","object":"v2.core.event","created":"2026-01-01T00:00:00Z","type":"v1.invoice.paid"}
])";

} // namespace

BOOST_FIXTURE_TEST_SUITE(fake_api, with_fake)

BOOST_AUTO_TEST_CASE(a_client_pages_through_hundreds_and_sees_each_object_once_newest_first) {
    api.generate("customers", 250);
    std::vector<std::string> seen;
    std::string after;
    for (int page = 1; page <= 3; ++page) {
        const answered got = get("/v1/customers?limit=100" + after);
        BOOST_REQUIRE(got.status == 200);
        BOOST_TEST(got.text("url") == "/v1/customers");
        BOOST_TEST(got.text("has_more") == (page < 3 ? "true" : "false"));
        for (const std::string& id : got.ids())
            seen.push_back(id);
        after = "&starting_after=" + seen.back();
    }
    BOOST_REQUIRE(seen.size() == 250u);
    BOOST_TEST(seen.front() == "cus_fake00250");
    BOOST_TEST(std::ranges::is_sorted(seen, std::ranges::greater()));
    const answered back = get("/v1/customers?limit=2&ending_before=cus_fake00247");
    BOOST_TEST(joined(back.ids()) == "cus_fake00249 cus_fake00248"); // Next to the cursor.
    BOOST_TEST(back.text("has_more") == "true");
    BOOST_TEST(get("/v1/customers").ids().size() == 10u);
}

struct filtered {
    const char* query;
    const char* expected;
};
std::ostream& operator<<(std::ostream& out, const filtered& of) {
    return out << of.query;
}
constexpr filtered filtered_lists[] = {
    {"customers", "cus_b cus_a"}, // Deleted ones are in no list.
    {"customers?email=a@x.test", "cus_a"},
    {"customers?created[gt]=10", "cus_b"},
    {"customers?created[gte]=10&created[lt]=20", "cus_a"},
    {"customers?created[lte]=20", "cus_b cus_a"},
    {"customers?created=20", "cus_b"},
    {"subscriptions", "sub_c sub_a"}, // Canceled ones only for who asks.
    {"subscriptions?status=all", "sub_c sub_b sub_a"},
    {"subscriptions?status=canceled", "sub_b"},
    {"subscriptions?status=ended", "sub_c sub_b"},
    {"subscriptions?customer=cus_a&status=all", "sub_b sub_a"},
    {"invoices?subscription=sub_a", "in_a"},
    {"invoices?status=open", ""},
    {"invoice_payments?payment[type]=payment_intent&payment[payment_intent]=pi_a", "inpay_a"},
    {"invoice_payments?payment%5Btype%5D=payment_intent&payment%5Bpayment_intent%5D=pi_b", ""},
    {"invoice_payments?invoice=in_a", "inpay_a"},
    {"charges?payment_intent=pi_a", "ch_a"},
    {"charges?customer=cus_b", ""},
    {"balance_transactions?source=ch_a&type=charge", "txn_a"},
    {"checkout/sessions?payment_intent=pi_a", "cs_a"},
    {"checkout/sessions/cs_a/line_items?limit=1", "li_1"},
    {"checkout/sessions/cs_a/line_items?starting_after=li_1", "li_2"},
    {"invoices/in_a/lines?limit=100&starting_after=il_9", "il_10 il_11"},
    {"events?type=invoice.paid", "evt_1"},
    {"events?type=charge.*", "evt_3 evt_2"},
    {"events?types[]=invoice.paid&types[]=charge.succeeded", "evt_3 evt_1"},
    {"events?types[0]=charge.refunded", "evt_2"},
    {"entitlements/features", "feat_1"},
    {"entitlements/active_entitlements?customer=cus_a", "ent_1"},
    {"entitlements/active_entitlements?customer=cus_b", ""},
    {"disputes", ""},
};

BOOST_DATA_TEST_CASE(lists_are_filtered_as_at_stripe, bdata::make(filtered_lists), each) {
    api.put(shop);
    const answered got = get("/v1/" + std::string(each.query));
    BOOST_REQUIRE(got.status == 200);
    BOOST_TEST(joined(got.ids()) == each.expected);
}

struct refused {
    const char* path;
    int status;
    const char* code;
    const char* says;
};
std::ostream& operator<<(std::ostream& out, const refused& of) {
    return out << of.path;
}
constexpr refused refused_requests[] = {
    {"/v1/customers?limit=0", 400, "parameter_invalid_integer", "between 1 and 100"},
    {"/v1/customers?limit=101", 400, "parameter_invalid_integer", "between 1 and 100"},
    {"/v1/customers?limit=ten", 400, "parameter_invalid_integer", "Invalid integer"},
    {"/v1/customers?subscription=sub_a", 400, "parameter_unknown", "unknown parameter: subscription"},
    {"/v1/customers?starting_after=cus_none", 400, "resource_missing", "cus_none"},
    {"/v1/customers?starting_after=cus_a&ending_before=cus_b", 400, "", "both"},
    {"/v1/customers/cus_none", 404, "resource_missing", "No such customer: 'cus_none'"},
    {"/v1/checkout/sessions/cs_none", 404, "resource_missing", "No such checkout session"},
    {"/v1/invoices/in_none/lines", 404, "resource_missing", "No such invoice"},
    {"/v1/entitlements/active_entitlements", 400, "parameter_missing", "customer"},
    {"/v1/no_such_thing", 404, "", "Unrecognized request URL (GET: /v1/no_such_thing)"},
    {"/v3/customers", 404, "", "Unrecognized request URL"},
};

BOOST_DATA_TEST_CASE(what_stripe_refuses_is_refused_with_its_words, bdata::make(refused_requests), each) {
    api.put(shop);
    const answered got = get(each.path);
    BOOST_TEST(got.status == each.status);
    BOOST_TEST(got.text("error.type") == "invalid_request_error");
    BOOST_TEST(got.text("error.code") == each.code);
    BOOST_TEST(got.text("error.message").find(each.says) != std::string::npos, got.text("error.message"));
}

BOOST_AUTO_TEST_CASE(single_objects_are_read_and_expanded) {
    api.put(shop);
    BOOST_TEST(get("/v1/customers/cus_a").text("email") == "a@x.test");
    const answered gone = get("/v1/customers/cus_gone");
    BOOST_TEST(gone.text("deleted") == "true");
    BOOST_TEST(gone.text("email").empty());
    BOOST_TEST(get("/v1/charges/ch_a?expand[]=balance_transaction").text("balance_transaction.fee") == "59");
    BOOST_TEST(get("/v1/charges?expand[]=data.balance_transaction").text("data.0.balance_transaction.fee") ==
               "59");
    BOOST_TEST(get("/v1/payment_intents/pi_a?expand[]=latest_charge.balance_transaction")
                   .text("latest_charge.balance_transaction.fee") == "59");
    BOOST_TEST(get("/v1/invoices/in_a?expand[]=payments").text("payments.data.0.id") == "inpay_a");
    BOOST_TEST(get("/v1/invoices/in_a").text("payments").empty());
    const answered invoice = get("/v1/invoices/in_a");
    BOOST_TEST(invoice.text("lines.has_more") == "true");
    BOOST_TEST(invoice.body.at("lines").at("data").as_array().size() == 10u);
    BOOST_TEST(get("/v1/checkout/sessions/cs_a").text("line_items").empty());
    BOOST_TEST(get("/v1/checkout/sessions/cs_a?expand[0]=line_items").text("line_items.data.1.id") == "li_2");
    BOOST_TEST(get("/v1/events/evt_1").text("type") == "invoice.paid");
    BOOST_TEST(get("/v2/core/events/evt_v2").text("object") == "v2.core.event");
}

BOOST_AUTO_TEST_CASE(an_older_version_has_its_own_shape_and_a_text_that_is_no_version_is_refused) {
    api.put(shop);
    version = "2025-02-24.acacia";
    answered invoice = get("/v1/invoices/in_a");
    BOOST_TEST(invoice.text("subscription") == "sub_a");
    BOOST_TEST(invoice.text("charge") == "ch_a");
    BOOST_TEST(invoice.text("payment_intent") == "pi_a");
    BOOST_TEST(invoice.text("paid") == "true");
    BOOST_TEST(invoice.text("parent").empty());
    BOOST_TEST(get("/v1/charges/ch_a").text("invoice") == "in_a");
    BOOST_TEST(get("/v1/subscriptions/sub_a").text("current_period_end") == "40");
    BOOST_TEST(std::string(http::find_header(invoice.headers, "stripe-version")) == version);
    version = "2025-03-31.basil";
    invoice = get("/v1/invoices/in_a");
    BOOST_TEST(invoice.text("subscription").empty());
    BOOST_TEST(get("/v1/charges/ch_a").text("invoice").empty());
    version = "yesterday";
    BOOST_TEST(get("/v1/invoices/in_a").status == 400);
}

BOOST_AUTO_TEST_CASE(keys_are_judged_as_stripe_judges_them) {
    api.put(shop);
    key = "";
    BOOST_TEST(get("/v1/customers").status == 401);
    key = "rk_test_somebodyelses";
    const answered wrong = get("/v1/customers");
    BOOST_TEST(wrong.status == 401);
    BOOST_TEST(wrong.text("error.message").find("rk_test_*********lses") != std::string::npos);
    key = "pk_test_fake";
    BOOST_TEST(get("/v1/customers").status == 400);
    key = "rk_test_fake";
    api.deny("rak_customer_read");
    const answered denied = get("/v1/customers");
    BOOST_TEST(denied.status == 403);
    BOOST_TEST(denied.text("error.message") ==
               "The provided key 'rk_test_****' does not have the required permissions for this endpoint on "
               "account 'acct_fake'. Having the 'rak_customer_read' permission would allow this request to "
               "continue.");
    BOOST_TEST(get("/v1/charges").status == 200);
    key = "sk_test_fake"; // May everything.
    BOOST_TEST(get("/v1/customers").status == 200);
    key = "rk_test_fake";
    api.allow("rak_customer_read");
    BOOST_TEST(get("/v1/customers").status == 200);
    BOOST_TEST(get("/v1/account").text("id") == "acct_fake");
}

BOOST_AUTO_TEST_CASE(a_webhook_endpoint_lives_and_tells_its_secret_once) {
    const answered made = ask(
        "POST", "/v1/webhook_endpoints",
        "url=https%3A%2F%2Fshop.test%2Fhook&enabled_events[]=invoice.paid&enabled_events[]=charge.refunded&"
        "api_version=2025-09-30.clover&description=ours");
    BOOST_REQUIRE(made.status == 200);
    BOOST_TEST(made.text("secret").starts_with("whsec_"));
    BOOST_TEST(made.text("url") == "https://shop.test/hook");
    const std::string path = "/v1/webhook_endpoints/" + made.text("id");
    BOOST_TEST(get(path).text("secret").empty());
    BOOST_TEST(get("/v1/webhook_endpoints").text("data.0.enabled_events.1") == "charge.refunded");
    const answered changed = ask("POST", path, "enabled_events[0]=*&disabled=true");
    BOOST_TEST(changed.text("status") == "disabled");
    BOOST_TEST(changed.text("enabled_events.0") == "*");
    BOOST_TEST(ask("POST", path, "api_version=2020-08-27").status == 400); // It stays what it was made with.
    BOOST_TEST(ask("DELETE", path).text("deleted") == "true");
    BOOST_TEST(ask("DELETE", path).status == 404);
    BOOST_TEST(get("/v1/webhook_endpoints").ids().empty());
}

BOOST_AUTO_TEST_CASE(a_webhook_endpoint_that_lacks_something_is_refused) {
    for (const char* form :
         {"enabled_events[]=invoice.paid", "url=https://shop.test/hook", "url=shop.test&enabled_events[]=*",
          "url=https://shop.test&enabled_events[]=paid",
          "url=https://shop.test&enabled_events[]=*&colour=red"})
        BOOST_TEST(ask("POST", "/v1/webhook_endpoints", form).status == 400, form);
    api.deny("rak_webhook_write");
    BOOST_TEST(ask("POST", "/v1/webhook_endpoints", "url=https://shop.test&enabled_events[]=*").status ==
               403);
    BOOST_TEST(get("/v1/webhook_endpoints").status == 200);
}

BOOST_AUTO_TEST_CASE(an_idempotency_key_gives_its_answer_again_and_takes_no_other_request) {
    const std::string form = "url=https://shop.test/hook&enabled_events[]=*";
    idempotency_key = "key 1";
    const answered first = ask("POST", "/v1/webhook_endpoints", form);
    const answered again = ask("POST", "/v1/webhook_endpoints", form);
    BOOST_TEST(again.text("id") == first.text("id"));
    BOOST_TEST(again.text("secret") == first.text("secret"));
    BOOST_TEST(std::string(http::find_header(again.headers, "idempotency-key")) == "key 1");
    const answered other = ask("POST", "/v1/webhook_endpoints", form + "&description=other");
    BOOST_TEST(other.status == 400);
    BOOST_TEST(other.text("error.type") == "idempotency_error");
    idempotency_key = "key 2";
    BOOST_TEST(ask("POST", "/v1/webhook_endpoints", form).text("id") != first.text("id"));
}

BOOST_AUTO_TEST_CASE(faults_hit_the_next_requests_to_their_path_and_then_all_is_well) {
    api.put(shop);
    api.fail({.kind = fault_kind::too_many,
              .path = "/v1/customers",
              .times = 2,
              .retry_after = "7",
              .should_retry = "true"});
    BOOST_TEST(get("/v1/charges").status == 200);
    for (int round = 0; round < 2; ++round) {
        const answered got = get("/v1/customers");
        BOOST_TEST(got.status == 429);
        BOOST_TEST(std::string(http::find_header(got.headers, "retry-after")) == "7");
        BOOST_TEST(std::string(http::find_header(got.headers, "stripe-should-retry")) == "true");
    }
    BOOST_TEST(get("/v1/customers").status == 200);
    api.fail({.kind = fault_kind::too_many});
    BOOST_TEST(std::string(http::find_header(get("/v1/customers").headers, "retry-after")).empty());
    api.fail({.kind = fault_kind::error});
    BOOST_TEST(get("/v1/customers").status == 500);
    api.fail({.kind = fault_kind::down});
    BOOST_TEST(get("/v1/customers").status == 503);
    api.fail({.kind = fault_kind::not_json});
    answered got = get("/v1/customers");
    BOOST_TEST(got.status == 200);
    BOOST_TEST(got.body.is_null());
    api.fail({.kind = fault_kind::truncated});
    got = get("/v1/customers");
    BOOST_TEST(got.status == 200);
    BOOST_TEST(got.body.is_null());
}

BOOST_AUTO_TEST_CASE(the_wire_can_be_slow_cut_or_closed) {
    api.put(shop);
    api.fail({.kind = fault_kind::slow, .delay_ms = 30'000});
    BOOST_TEST(ask("GET", "/v1/customers", {}, 300).failed == http::client_errc::timed_out);
    api.fail({.kind = fault_kind::slow, .delay_ms = 100});
    BOOST_TEST(get("/v1/customers").status == 200);
    api.fail({.kind = fault_kind::cut});
    BOOST_TEST(get("/v1/customers").failed == http::client_errc::malformed);
    api.fail({.kind = fault_kind::closed});
    BOOST_TEST(get("/v1/customers").status == 0);
    BOOST_TEST(get("/v1/customers").status == 200);
}

BOOST_AUTO_TEST_CASE(what_was_asked_is_known_afterwards) {
    get("/v1/customers?limit=3");
    const std::vector<logged_request> seen = api.requests();
    BOOST_REQUIRE(seen.size() == 1u);
    BOOST_TEST(seen[0].method == "GET");
    BOOST_TEST(seen[0].path == "/v1/customers");
    BOOST_TEST(seen[0].query == "limit=3");
    BOOST_TEST(seen[0].key == "rk_test_fake");
    BOOST_TEST(seen[0].api_version == "2026-10-28.endive");
    BOOST_TEST(seen[0].status == 200);
    api.forget_requests();
    BOOST_TEST(api.requests().empty());
}

BOOST_AUTO_TEST_CASE(other_processes_steer_it_over_its_control_routes) {
    BOOST_TEST(ask("POST", "/_fake/objects", std::string(shop)).status == 200);
    BOOST_TEST(ask("POST", "/_fake/permissions", R"({"deny":["rak_charge_read"]})").status == 200);
    BOOST_TEST(
        ask("POST", "/_fake/faults", R"({"kind":"429","path":"/v1/customers","retry_after":"3"})").status ==
        200);
    BOOST_TEST(get("/v1/charges").status == 403);
    BOOST_TEST(get("/v1/customers").status == 429);
    BOOST_TEST(joined(get("/v1/customers").ids()) == "cus_b cus_a");
    BOOST_TEST(get("/_fake/requests").body.as_array().size() == 3u); // Control is not logged.
    ask("DELETE", "/_fake/requests");
    BOOST_TEST(get("/_fake/requests").body.as_array().empty());
    BOOST_TEST(ask("POST", "/_fake/faults", R"({"kind":"boom"})").status == 400);
    BOOST_TEST(ask("POST", "/_fake/objects", R"({"id":"x","object":"unicorn"})").status == 400);
    BOOST_TEST(ask("POST", "/_fake/objects", "no JSON").status == 400);
    BOOST_TEST(get("/_fake/other").status == 404);
}

BOOST_AUTO_TEST_SUITE_END()
