// The routes on the plugin's own tables in SQLite, with a small host around them (workbench.hpp).
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "request.hpp"
#include "support/query_plan.hpp"
#include "workbench.hpp"

using namespace tributary::attribution;
using namespace tributary::attribution::testing;
namespace json = boost::json;

namespace {

json::value parsed(const answered& answer) {
    BOOST_REQUIRE_MESSAGE(static_cast<bool>(answer.outcome), answer.outcome.message());
    return json::parse(answer.body);
}

std::string text_at(const json::value& value, std::string_view pointer) {
    const json::value& found = value.at_pointer(json::string_view(pointer.data(), pointer.size()));
    return found.is_string() ? std::string(found.as_string()) : json::serialize(found);
}

std::string error_of(const answered& answer) {
    return std::to_string(answer.status) + " " + text_at(parsed(answer), "/error/code") + " " +
           text_at(parsed(answer), "/error/message");
}

/// A workspace with a partner, his link and twenty percent.
struct shop : workbench {
    std::string partner_id;
    std::string link_id;

    shop() {
        const answered partner = call("POST", "/partners", R"({"email":"Jane@Example.com","name":"Jane"})");
        BOOST_REQUIRE_MESSAGE(partner.status == 201, partner.body);
        partner_id = text_at(parsed(partner), "/id");
        const answered link = call(
            "POST", "/links",
            R"({"url":"https://shop.example/?a=1","domain":"go.example.com","key":"Jane","partnerId":")" +
                partner_id + "\"}");
        BOOST_REQUIRE_MESSAGE(link.status == 200, link.body);
        link_id = text_at(parsed(link), "/id");
        const answered reward =
            call("POST", "/rewards", R"({"event":"sale","type":"percentage","rateBps":2000})");
        BOOST_REQUIRE_MESSAGE(reward.status == 201, reward.body);
        now_ms += day;
    }
    std::string click() {
        const std::string location = visit("/jane").headers["location"];
        const std::size_t at = location.find("dub_id=");
        BOOST_REQUIRE(at != std::string::npos);
        return location.substr(at + 7, 16);
    }
    answered sale(std::string_view user, std::string_view invoice, std::int64_t amount,
                  std::string_view click_id = {}) {
        return call("POST", "/track/sale",
                    "{\"customerExternalId\":\"" + std::string(user) +
                        "\",\"amount\":" + std::to_string(amount) + ",\"invoiceId\":\"" +
                        std::string(invoice) + "\",\"clickId\":\"" + std::string(click_id) + "\"}");
    }
    /// The n-th newest commission.
    json::value commission(std::size_t index = 0) {
        return parsed(call("GET", "/commissions")).as_array().at(index);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(redirects)

BOOST_AUTO_TEST_CASE(a_visit_is_sent_on_with_its_click_and_remembered_in_a_cookie) {
    shop bench;
    answered answer = bench.visit("/jane?utm_source=x");
    BOOST_TEST(answer.status == 302);
    const std::string cookie = answer.headers["set-cookie"];
    BOOST_TEST(cookie.starts_with("dub_id_go.example.com_jane="));
    BOOST_TEST(cookie.ends_with("; Path=/jane; Max-Age=3600"));
    const std::string id = cookie.substr(27, 16);
    BOOST_TEST(answer.headers["location"] ==
               "https://shop.example/?a=1&via=Jane&dub_id=" + id + "&utm_source=x");
    BOOST_TEST(answer.headers["x-tributary-click"] == "recorded");
    BOOST_TEST(bench.clicks_recorded() == 1u);
}

BOOST_AUTO_TEST_CASE(keys_are_found_in_any_case_and_the_same_visitor_counts_once_an_hour) {
    shop bench;
    bench.visit("/JANE");
    bench.visit("/jane");
    BOOST_TEST(bench.clicks_recorded() == 1u);
    bench.now_ms += 3'600'000;
    bench.visit("/jane");
    BOOST_TEST(bench.clicks_recorded() == 2u);
}

BOOST_AUTO_TEST_CASE(a_cookie_counts_when_the_click_was_recorded_here_and_not_when_it_is_made_up) {
    shop bench;
    const std::string id = bench.click();
    bench.now_ms += 3'000'000;
    answered again = bench.visit("/jane", {{"Cookie", "dub_id_go.example.com_jane=" + id}});
    BOOST_TEST(again.headers["x-tributary-click"] == "none; reason=repeated");
    BOOST_TEST(again.headers["location"].find("dub_id=" + id) != std::string::npos);
    answered forged = bench.visit("/jane", {{"Cookie", "dub_id_go.example.com_jane=AAAAAAAAAAAAAAAA"}});
    BOOST_TEST(forged.headers["location"].find("AAAAAAAAAAAAAAAA") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(bots_heads_and_those_who_do_not_want_to_be_counted_are_sent_on_without_click) {
    shop bench;
    answered bot = bench.call("GET", "/~/jane", "", {{"User-Agent", "curl/8.5.0"}});
    BOOST_TEST(bot.status == 302);
    BOOST_TEST(bot.headers["x-tributary-click"] == "none; reason=bot:curl/");
    BOOST_TEST(bot.headers["location"] == "https://shop.example/?a=1&via=Jane");
    answered head = bench.call("HEAD", "/~/jane", "", {{"User-Agent", "Mozilla/5.0 Firefox/128.0"}});
    BOOST_TEST(head.headers["x-tributary-click"] == "none; reason=head");
    answered asked = bench.visit("/jane?dub-no-track=1");
    BOOST_TEST(asked.headers["x-tributary-click"] == "none; reason=no_track");
    BOOST_TEST(asked.headers["location"].find("dub-no-track") == std::string::npos);
    BOOST_TEST(bench.clicks_recorded() == 0u);
    BOOST_TEST(!asked.headers.contains("set-cookie"));
}

BOOST_AUTO_TEST_CASE(a_click_that_cannot_be_kept_is_not_passed_on) {
    shop bench;
    bench.clicks_fail = true;
    answered answer = bench.visit("/jane");
    BOOST_TEST(answer.status == 302);
    BOOST_TEST(answer.headers["x-tributary-click"] == "none; reason=not_recorded");
    BOOST_TEST(answer.headers["location"].find("dub_id") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(unknown_disabled_and_expired_links_lead_nowhere_else) {
    shop bench;
    BOOST_TEST(bench.visit("/nobody").status == 404);
    bench.call("PATCH", "/links/" + bench.link_id, R"({"disabled":true})");
    BOOST_TEST(bench.visit("/jane").status == 404);
    bench.call("PATCH", "/links/" + bench.link_id, R"({"disabled":false,"expiresAt":"2020-01-01"})");
    BOOST_TEST(bench.visit("/jane").status == 410);
    bench.call("PATCH", "/links/" + bench.link_id, R"({"expiredUrl":"https://shop.example/late"})");
    answered late = bench.visit("/jane?x=1");
    BOOST_TEST(late.status == 302);
    BOOST_TEST(late.headers["location"] == "https://shop.example/late");
    BOOST_TEST(bench.clicks_recorded() == 0u);
}

BOOST_AUTO_TEST_CASE(a_link_that_tracks_no_conversions_counts_and_adds_nothing) {
    shop bench;
    bench.call("POST", "/links",
               R"({"url":"https://plain.example","domain":"go.example.com","key":"plain"})");
    answered answer = bench.visit("/plain");
    BOOST_TEST(answer.headers["location"] == "https://plain.example");
    BOOST_TEST(bench.clicks_recorded() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(links)

BOOST_AUTO_TEST_CASE(a_link_carries_every_member_that_the_client_library_requires) {
    shop bench;
    const json::value link = parsed(bench.call("GET", "/links/info?domain=go.example.com&key=jane"));
    for (const char* name :
         {"id",          "domain",      "key",        "url",          "trackConversion", "externalId",
          "tenantId",    "programId",   "partnerId",  "archived",     "expiresAt",       "expiredUrl",
          "disabledAt",  "password",    "proxy",      "title",        "description",     "image",
          "video",       "rewrite",     "doIndex",    "ios",          "android",         "geo",
          "publicStats", "tags",        "folderId",   "webhookIds",   "comments",        "shortLink",
          "qrCode",      "utm_source",  "utm_medium", "utm_campaign", "utm_term",        "utm_content",
          "userId",      "workspaceId", "clicks",     "leads",        "conversions",     "sales",
          "saleAmount",  "lastClicked", "createdAt",  "updatedAt",    "tagId",           "projectId"})
        BOOST_TEST(link.as_object().contains(name), name);
    BOOST_TEST(text_at(link, "/shortLink") == "https://go.example.com/Jane");
    BOOST_TEST(text_at(link, "/createdAt") == "2026-01-31T09:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_refused_with_the_clients_words) {
    shop bench;
    const auto post = [&](std::string body) { return error_of(bench.call("POST", "/links", body)); };
    BOOST_TEST(post("{") ==
               "400 bad_request Invalid JSON format in request body. Please ensure the request body is "
               "valid JSON.");
    BOOST_TEST(post(R"({"domain":"go.example.com"})") ==
               "422 unprocessable_entity invalid_type: url: url is required.");
    BOOST_TEST(post(R"j({"url":"javascript:alert(1)","domain":"go.example.com"})j") ==
               "422 unprocessable_entity custom: url: Invalid destination URL");
    BOOST_TEST(post(R"({"url":"https://a.example"})") ==
               "422 unprocessable_entity invalid_type: domain: domain is required.");
    BOOST_TEST(post(R"({"url":"https://a.example","domain":"evil.example"})") ==
               "403 forbidden Domain does not belong to workspace.");
    BOOST_TEST(post(R"({"url":"https://a.example","domain":"go.example.com","key":"JANE"})") ==
               "409 conflict Duplicate key: This short link already exists.");
    BOOST_TEST(
        post(R"({"url":"https://a.example","domain":"go.example.com","key":"x.php"})").starts_with("422 "));
    BOOST_TEST(post(R"({"url":"https://a.example","domain":"go.example.com","partnerId":"pn_x"})")
                   .starts_with("404 "));
}

BOOST_AUTO_TEST_CASE(lists_go_forward_by_cursor_until_an_empty_page_and_back_again) {
    shop bench;
    std::vector<std::string> ids{bench.link_id};
    for (int index = 0; index < 4; ++index) {
        ++bench.now_ms;
        ids.insert(ids.begin(),
                   text_at(parsed(bench.call("POST", "/links",
                                             R"({"url":"https://a.example","domain":"go.example.com"})")),
                           "/id"));
    }
    std::vector<std::string> seen;
    std::string cursor;
    for (int pages = 0; pages < 10; ++pages) {
        const json::value page = parsed(bench.call("GET", "/links?pageSize=2" + cursor));
        if (page.as_array().empty())
            break;
        for (const json::value& link : page.as_array())
            seen.push_back(text_at(link, "/id"));
        cursor = "&page=1&startingAfter=" + seen.back();
    }
    BOOST_TEST(seen == ids, boost::test_tools::per_element());
    const json::value before = parsed(bench.call("GET", "/links?pageSize=2&endingBefore=" + ids[3]));
    BOOST_TEST(text_at(before, "/0/id") == ids[1]);
    BOOST_TEST(text_at(before, "/1/id") == ids[2]);
    BOOST_TEST(text_at(parsed(bench.call("GET", "/links?page=2&pageSize=2")), "/0/id") == ids[2]);
    BOOST_TEST(
        error_of(bench.call("GET", "/links?startingAfter=link_x")) ==
        "422 unprocessable_entity custom: startingAfter: Invalid cursor: the provided ID does not exist.");
    BOOST_TEST(error_of(bench.call("GET", "/links?page=1001")).find("Page is too big") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(tracking)

BOOST_AUTO_TEST_CASE(a_lead_makes_the_customer_and_told_again_it_is_the_same_lead) {
    shop bench;
    const std::string click = bench.click();
    const std::string body =
        "{\"clickId\":\"" + click +
        "\",\"eventName\":\"Sign Up\",\"customerExternalId\":\"user_1\",\"customerName\":\"Ann\","
        "\"customerEmail\":\"Ann@Example.com\",\"customerAvatar\":null,\"mode\":\"async\"}";
    const json::value first = parsed(bench.call("POST", "/track/lead", body));
    BOOST_TEST(text_at(first, "/click/id") == click);
    BOOST_TEST(text_at(first, "/link/id") == bench.link_id);
    BOOST_TEST(text_at(first, "/customer/externalId") == "user_1");
    BOOST_TEST(text_at(first, "/customer/email") == "ann@example.com");
    const json::value second = parsed(bench.call("POST", "/track/lead", body));
    BOOST_TEST(text_at(second, "/link") == "null");
    BOOST_TEST(bench.one("SELECT COUNT(*) FROM attribution_lead") == "1");
    const json::value customer =
        parsed(bench.call("GET", "/customers/ext_user_1?includeExpandedFields=true"));
    BOOST_TEST(text_at(customer, "/partner/id") == bench.partner_id);
    BOOST_TEST(text_at(customer, "/link/id") == bench.link_id);
}

BOOST_AUTO_TEST_CASE(a_refused_lead_does_not_use_up_its_key) {
    shop bench;
    const std::string unknown =
        R"({"clickId":"AAAAAAAAAAAAAAAA","eventName":"Sign up","customerExternalId":"user_1"})";
    BOOST_TEST(error_of(bench.call("POST", "/track/lead", unknown)) ==
               "404 not_found Click event not found for clickId: AAAAAAAAAAAAAAAA");
    const json::value told =
        parsed(bench.call("POST", "/track/lead",
                          "{\"clickId\":\"" + bench.click() +
                              "\",\"eventName\":\"Sign up\",\"customerExternalId\":\"user_1\"}"));
    BOOST_TEST(text_at(told, "/link/id") == bench.link_id);
}

BOOST_AUTO_TEST_CASE(a_lead_without_click_needs_a_customer_who_has_one) {
    shop bench;
    const std::string bare = R"({"eventName":"Demo","customerExternalId":"user_1"})";
    BOOST_TEST(error_of(bench.call("POST", "/track/lead", bare))
                   .starts_with("400 bad_request The `clickId` property"));
    bench.call("POST", "/track/lead",
               "{\"clickId\":\"" + bench.click() +
                   "\",\"eventName\":\"Sign up\",\"customerExternalId\":\"user_1\",\"mode\":\"deferred\"}");
    BOOST_TEST(bench.one("SELECT COUNT(*) FROM attribution_lead") == "0");
    BOOST_TEST(bench.one("SELECT COUNT(*) FROM attribution_customer") == "1");
    BOOST_TEST(bench.call("POST", "/track/lead", bare).status == 200);
    BOOST_TEST(bench.one("SELECT event_name FROM attribution_lead") == "Demo");
}

BOOST_AUTO_TEST_CASE(a_sale_earns_a_commission_and_its_invoice_counts_once) {
    shop bench;
    const std::string click = bench.click();
    const json::value first = parsed(bench.sale("user_1", "inv_1", 10'000, click));
    BOOST_TEST(text_at(first, "/sale/amount") == "10000");
    BOOST_TEST(text_at(first, "/sale/currency") == "usd");
    BOOST_TEST(text_at(first, "/sale/invoiceId") == "inv_1");
    BOOST_TEST(text_at(first, "/eventName") == "Purchase");
    BOOST_TEST(text_at(first, "/customer/externalId") == "user_1");
    BOOST_TEST(bench.sale("user_1", "inv_1", 99, click).body == json::serialize(first));
    const json::value commissions = parsed(bench.call("GET", "/commissions"));
    BOOST_REQUIRE(commissions.as_array().size() == 1u);
    BOOST_TEST(text_at(commissions, "/0/earnings") == "2000");
    BOOST_TEST(text_at(commissions, "/0/partner/name") == "Jane");
    BOOST_TEST(text_at(commissions, "/0/customer/externalId") == "user_1");
    BOOST_TEST(text_at(commissions, "/0/invoiceId") == "inv_1");
    const json::value link = parsed(bench.call("GET", "/links/" + bench.link_id));
    BOOST_TEST(text_at(link, "/sales") == "1");
    BOOST_TEST(text_at(link, "/saleAmount") == "10000");
    BOOST_TEST(text_at(link, "/leads") == "1");
    BOOST_TEST(text_at(link, "/conversions") == "1");
}

BOOST_AUTO_TEST_CASE(a_sale_of_nobody_or_of_nothing_is_answered_with_nulls_and_recorded_nowhere) {
    shop bench;
    BOOST_TEST(bench.sale("user_1", "inv_1", 100).body ==
               R"({"eventName":"Purchase","customer":null,"sale":null})");
    BOOST_TEST(bench.sale("user_1", "inv_1", 0, bench.click()).body ==
               R"({"eventName":"Purchase","customer":null,"sale":null})");
    BOOST_TEST(bench.one("SELECT COUNT(*) FROM attribution_sale") == "0");
    BOOST_TEST(error_of(bench.call("POST", "/track/sale", R"({"customerExternalId":"u","amount":1.5})")) ==
               "422 unprocessable_entity invalid_type: amount: Invalid input: expected int");
    BOOST_TEST(error_of(bench.call("POST", "/track/sale", R"({"customerExternalId":"u","amount":-1})"))
                   .starts_with("422 unprocessable_entity too_small: amount:"));
    BOOST_TEST(error_of(bench.call("POST", "/track/sale", R"({"amount":1})")) ==
               "422 unprocessable_entity invalid_type: customerExternalId: customerExternalId is required.");
}

BOOST_AUTO_TEST_CASE(a_known_customer_keeps_the_first_click_and_a_named_lead_must_exist) {
    shop bench;
    bench.sale("user_1", "inv_1", 100, bench.click());
    bench.now_ms += 7'200'000;
    bench.sale("user_1", "inv_2", 100, bench.click());
    BOOST_TEST(bench.one("SELECT COUNT(DISTINCT click_id) FROM attribution_sale") == "1");
    BOOST_TEST(error_of(bench.call("POST", "/track/sale",
                                   R"({"customerExternalId":"user_1","amount":5,"leadEventName":"Nothing"})"))
                   .starts_with("404 not_found Lead event not found for externalId: user_1"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(money)

BOOST_AUTO_TEST_CASE(a_partner_is_paid_and_what_was_paid_stays) {
    shop bench;
    bench.sale("user_1", "inv_1", 10'000, bench.click());
    const answered payout =
        bench.call("POST", "/payouts", "{\"partnerId\":\"" + bench.partner_id + "\",\"paid\":true}");
    BOOST_REQUIRE_MESSAGE(payout.status == 201, payout.body);
    BOOST_TEST(text_at(parsed(payout), "/amount") == "2000");
    BOOST_TEST(text_at(parsed(payout), "/status") == "completed");
    const json::value paid = bench.commission();
    BOOST_TEST(text_at(paid, "/status") == "paid");
    BOOST_TEST(text_at(paid, "/payoutId") == text_at(parsed(payout), "/id"));
    BOOST_TEST(error_of(bench.call("PATCH", "/commissions/" + text_at(paid, "/id"), R"({"status":"fraud"})"))
                   .starts_with("400 bad_request"));
    // The whole amount goes back: a negative commission follows.
    bench.now_ms += day;
    bench.tell("refund", {"/sale:inv_1"},
               [&](history_builder& into) { into.refund("re_1", bench.now_ms, "sale:inv_1", 10'000); });
    BOOST_TEST(text_at(bench.commission(0), "/earnings") == "-2000");
    BOOST_TEST(text_at(bench.commission(1), "/earnings") == "2000");
    BOOST_TEST(
        error_of(bench.call("POST", "/payouts", "{\"partnerId\":\"" + bench.partner_id + "\"}")) ==
        "400 bad_request Nothing to pay out: the balance is -2000; money that was taken back waits for later "
        "commissions.");
    // The next sale is paid less what was taken back.
    bench.sale("user_1", "inv_2", 20'000);
    const answered next =
        bench.call("POST", "/payouts", "{\"partnerId\":\"" + bench.partner_id + "\",\"paid\":true}");
    BOOST_TEST(text_at(parsed(next), "/amount") == "2000");
    BOOST_TEST(parsed(bench.call("GET", "/payouts")).as_array().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_payout_can_be_prepared_and_paid_later) {
    shop bench;
    bench.sale("user_1", "inv_1", 10'000, bench.click());
    const json::value prepared = parsed(bench.call(
        "POST", "/payouts", "{\"commissionIds\":[\"" + text_at(bench.commission(), "/id") + "\"]}"));
    BOOST_TEST(text_at(prepared, "/status") == "pending");
    BOOST_TEST(text_at(bench.commission(), "/status") == "processed");
    const json::value paid = parsed(
        bench.call("POST", "/payouts", "{\"payoutId\":\"" + text_at(prepared, "/id") + "\",\"paid\":true}"));
    BOOST_TEST(text_at(paid, "/status") == "completed");
    BOOST_TEST(text_at(paid, "/amount") == "2000");
    BOOST_TEST(text_at(bench.commission(), "/status") == "paid");
}

BOOST_AUTO_TEST_CASE(commissions_wait_for_the_holding_period) {
    shop bench;
    BOOST_TEST(bench.call("PATCH", "/programs", R"({"holdingPeriodDays":30})").status == 200);
    bench.sale("user_1", "inv_1", 10'000, bench.click());
    const std::string body = "{\"partnerId\":\"" + bench.partner_id + "\"}";
    BOOST_TEST(bench.call("POST", "/payouts", body).status == 400);
    bench.now_ms += 30 * day;
    BOOST_TEST(bench.call("POST", "/payouts", body).status == 201);
}

BOOST_AUTO_TEST_CASE(a_person_can_mark_a_commission_and_take_it_back) {
    shop bench;
    bench.sale("user_1", "inv_1", 10'000, bench.click());
    const std::string path = "/commissions/" + text_at(bench.commission(), "/id");
    BOOST_TEST(text_at(parsed(bench.call("PATCH", path, R"({"status":"fraud"})")), "/status") == "fraud");
    BOOST_TEST(error_of(bench.call("PATCH", path, R"({"status":"fraud"})")).starts_with("400 bad_request"));
    BOOST_TEST(text_at(parsed(bench.call("PATCH", path, R"({"status":"pending"})")), "/status") == "pending");
    BOOST_TEST(
        error_of(bench.call("PATCH", path, R"({"status":"paid"})")).starts_with("422 unprocessable_entity"));
    BOOST_TEST(
        error_of(bench.call("PATCH", path, R"({"earnings":5})")).starts_with("422 unprocessable_entity"));
    const json::value detailed = parsed(bench.call("GET", path));
    BOOST_TEST(text_at(detailed, "/rule/rateBps") == "2000");
    BOOST_TEST(text_at(detailed, "/inputs/base") == "10000");
}

BOOST_AUTO_TEST_CASE(the_published_client_never_reads_hold) {
    shop bench;
    bench.call("POST", "/track/sale",
               "{\"customerExternalId\":\"user_1\",\"amount\":100,\"currency\":\"eur\",\"clickId\":\"" +
                   bench.click() + "\"}");
    BOOST_TEST(text_at(bench.commission(), "/status") == "hold");
    BOOST_TEST(text_at(bench.commission(), "/reason") == "no_rate");
    const json::value seen = parsed(
        bench.call("GET", "/commissions", "", {{"user-agent", "speakeasy-sdk/typescript 0.72.1 2.0 dub"}}));
    BOOST_TEST(text_at(seen, "/0/status") == "pending");
}

BOOST_AUTO_TEST_CASE(terms_in_the_past_need_to_be_said_twice_and_then_pay_for_old_sales) {
    shop bench;
    bench.sale("user_1", "inv_1", 10'000, bench.click());
    const std::string past =
        R"("event":"sale","type":"percentage","rateBps":3000,"effectiveFrom":"2026-01-01")";
    BOOST_TEST(error_of(bench.call("POST", "/rewards", "{" + past + "}"))
                   .starts_with("422 unprocessable_entity custom: effectiveFrom: lies in the past"));
    BOOST_TEST(bench.call("POST", "/rewards", "{" + past + ",\"retroactive\":true}").status == 201);
    // The earlier terms started later: they stay in force for this sale.
    BOOST_TEST(text_at(bench.commission(), "/earnings") == "2000");
}

BOOST_AUTO_TEST_CASE(rewards_are_whole_numbers_of_one_kind) {
    shop bench;
    const auto post = [&](std::string body) { return error_of(bench.call("POST", "/rewards", body)); };
    BOOST_TEST(post(R"({"event":"lead","type":"percentage","rateBps":1})").starts_with("400 "));
    BOOST_TEST(post(R"({"event":"sale","type":"percentage","rateBps":10001})").starts_with("422 "));
    BOOST_TEST(post(R"({"event":"sale","type":"percentage"})").starts_with("422 "));
    BOOST_TEST(post(R"({"event":"sale","type":"flat","amountInCents":5,"rateBps":1})").starts_with("422 "));
    BOOST_TEST(
        post(R"({"event":"sale","type":"flat","amountInCents":5,"currency":"EUR"})").starts_with("422 "));
    BOOST_TEST(post(R"({"event":"click","type":"flat","amountInCents":5})").starts_with("422 "));
    BOOST_TEST(
        post(R"({"event":"sale","type":"flat","amountInCents":5,"groupId":"grp_x"})").starts_with("404 "));
    BOOST_TEST(error_of(bench.call("PATCH", "/programs", R"({"currency":"EUR"})")).starts_with("409 "));
}

BOOST_AUTO_TEST_CASE(a_partner_moves_into_a_group_and_earns_by_its_terms_from_then_on) {
    shop bench;
    const std::string group =
        text_at(parsed(bench.call("POST", "/groups", R"({"name":"Very Important"})")), "/id");
    BOOST_TEST(error_of(bench.call("POST", "/groups", R"({"name":"very important"})")).starts_with("409 "));
    BOOST_TEST(bench
                   .call("POST", "/rewards",
                         R"({"event":"sale","type":"flat","amountInCents":5,"groupId":")" + group + "\"}")
                   .status == 201);
    bench.sale("user_1", "inv_1", 10'000, bench.click());
    bench.now_ms += day;
    BOOST_TEST(
        bench.call("PATCH", "/partners/" + bench.partner_id, "{\"groupId\":\"" + group + "\"}").status ==
        200);
    bench.sale("user_1", "inv_2", 10'000);
    BOOST_TEST(text_at(bench.commission(0), "/earnings") == "5");
    BOOST_TEST(text_at(bench.commission(1), "/earnings") == "2000");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(shapes)

BOOST_AUTO_TEST_CASE(a_partner_carries_every_member_that_the_client_library_requires) {
    shop bench;
    const answered again = bench.call("POST", "/partners", R"({"email":"jane@example.com"})");
    BOOST_TEST(again.status == 201);
    BOOST_TEST(text_at(parsed(again), "/id") == bench.partner_id);
    const json::value partner = parsed(bench.call("GET", "/partners")).as_array().at(0);
    for (const char* name : {"id",
                             "name",
                             "username",
                             "email",
                             "image",
                             "country",
                             "companyName",
                             "networkStatus",
                             "defaultPayoutMethod",
                             "paypalEmail",
                             "stripeConnectId",
                             "payoutsEnabledAt",
                             "identityVerifiedAt",
                             "programId",
                             "partnerId",
                             "tenantId",
                             "createdAt",
                             "status",
                             "links",
                             "totalCommissions",
                             "totalClicks",
                             "totalLeads",
                             "totalConversions",
                             "totalSales",
                             "totalSaleAmount",
                             "netRevenue"})
        BOOST_TEST(partner.as_object().contains(name), name);
    BOOST_TEST(partner.at("links").as_array().size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_hosts_own_errors_get_the_same_shape) {
    workbench bench;
    tributary::testing::fake_host host;
    attribution_plugin plugin{tributary::sdk::host(host.get())};
    tributary::sdk::reply reply;
    BOOST_TEST(plugin.render_error(401, "no_key", "Missing Authorization header.", reply));
    BOOST_TEST(reply.status == 401);
    BOOST_TEST(reply.body == R"({"error":{"code":"unauthorized","message":"Missing Authorization header.",)"
                             R"("doc_url":"docs/reference/errors.md#unauthorized"}})");
}

BOOST_AUTO_TEST_CASE(a_setting_that_does_not_exist_is_named) {
    tributary::testing::fake_host host;
    std::unique_ptr<attribution_plugin> made;
    const auto done = attribution_plugin::create(tributary::sdk::host(host.get()), R"({"colour":1})", made);
    BOOST_TEST(done.status() == TRB_INVALID);
    BOOST_TEST(done.message().find("colour") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_statement_of_the_plugin_walks_through_a_workspace) {
    shop bench;
    bench.sale("user_1", "inv_1", 10'000, bench.click());
    bench.call("POST", "/track/lead", R"({"eventName":"Demo","customerExternalId":"user_1"})");
    for (const char* list :
         {"/customers", "/commissions", "/links", "/partners", "/payouts", "/rewards", "/groups"})
        for (const char* query : {"", "?sortOrder=asc", "?page=2"})
            bench.call("GET", std::string(list) + query);
    for (const char* filtered : {"/customers?email=a",
                                 "/customers?externalId=a",
                                 "/customers?linkId=a",
                                 "/customers?partnerId=a",
                                 "/customers?country=DE",
                                 "/commissions?partnerId=a",
                                 "/commissions?customerId=a",
                                 "/commissions?payoutId=a",
                                 "/commissions?invoiceId=a",
                                 "/commissions?status=paid",
                                 "/commissions?type=sale",
                                 "/commissions?groupId=a",
                                 "/commissions?sortBy=amount",
                                 "/commissions?sortBy=amount&partnerId=a&status=paid",
                                 "/commissions?start=2026-01-01&end=2026-02-01",
                                 "/commissions?tenantId=a",
                                 "/links?domain=a",
                                 "/links?partnerId=a",
                                 "/links?tenantId=a",
                                 "/links?externalId=a",
                                 "/links/info?externalId=a",
                                 "/links/ext_a",
                                 "/partners?email=a",
                                 "/partners?tenantId=a",
                                 "/partners?groupId=a",
                                 "/partners?status=a",
                                 "/payouts?partnerId=a",
                                 "/payouts?status=a",
                                 "/rewards?groupId=a",
                                 "/rewards?event=sale",
                                 "/programs"})
        bench.call("GET", filtered);
    bench.call("PATCH", "/programs", R"({"currency":"EUR"})");
    bench.call("PATCH", "/links/" + bench.link_id, R"({"comments":"x"})");
    const std::string balance = "{\"partnerId\":\"" + bench.partner_id + "\"}";
    const json::value payout = parsed(bench.call("POST", "/payouts", balance));
    bench.call("POST", "/payouts", "{\"payoutId\":\"" + text_at(payout, "/id") + "\",\"paid\":true}");
    const std::set<std::string> all = bench.statements();
    std::set<std::string> own;
    for (const std::string& sql : all)
        if (!sql.starts_with("DELETE FROM attribution_")) // The workbench's way to fold everything anew.
            own.insert(sql);
    BOOST_TEST(own.size() > 40u);
    for (const std::string& weak : tributary::test::weak_plans(bench.session(), own))
        BOOST_ERROR(weak);
}

BOOST_AUTO_TEST_SUITE_END()
