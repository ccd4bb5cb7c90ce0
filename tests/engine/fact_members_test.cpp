// Goal: what a plugin writes into the C structs is what a fold reads from them, for every member of every
// kind. Method: each member gets a value of its own, is stated alone and then together with all others, goes
// through storage's text and comes back. The names of the members and the constants of the ABI are written
// down here once more.
#include <tributary/facts/fact.hpp>

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <memory_resource>
#include <string>
#include <vector>

#include "engine/fact_samples.hpp"

using namespace tributary;
using namespace tributary::facts;
using namespace tributary::facts::test;

namespace {

struct stated {
    unsigned bit;
    std::string json; ///< "name":value
};

std::string member(std::string_view name, std::string_view value) {
    return "\"" + std::string(name) + "\":" + std::string(value);
}
std::string word(std::string_view name) {
    return "\"" + std::string(name) + "\"";
}

/// Encodes, decodes and compares the body with what is expected.
void check_round_trip(std::int32_t kind, const void* body, const std::string& expected) {
    const auto encoded = encode_fact(fact(kind, "doc_1", body), "toy:a");
    BOOST_REQUIRE_MESSAGE(encoded.has_value(), encoded.error().text());
    BOOST_TEST(encoded->content == R"({"ids":["doc_1"],"parents":[],"claims":[],"body":)" + expected + "}");
    std::pmr::monotonic_buffer_resource arena;
    decoded_fact decoded;
    const auto read = decode_content(kind, encoded->content, arena, decoded);
    BOOST_REQUIRE_MESSAGE(read.has_value(), read.error().text());
    BOOST_REQUIRE(decoded.body != nullptr);
    BOOST_TEST(static_cast<const trb_body*>(decoded.body)->present ==
               static_cast<const trb_body*>(body)->present);
    BOOST_TEST(body_json(kind, decoded.body) == expected);
}

template <class Body> void check_members(std::int32_t kind, Body filled, const std::vector<stated>& members) {
    std::string all;
    std::uint64_t every = 0;
    for (const stated& one : members) {
        BOOST_TEST_CONTEXT(kind_name(kind) << " " << one.json) {
            filled.present = TRB_BIT(one.bit);
            check_round_trip(kind, &filled, "{" + one.json + "}");
        }
        every |= filled.present;
        all += (all.empty() ? "" : ",") + one.json;
    }
    filled.present = every;
    check_round_trip(kind, &filled, "{" + all + "}");
    filled.present = 0;
    check_round_trip(kind, &filled, "{}");
}

} // namespace

BOOST_AUTO_TEST_SUITE(members_of_facts)

BOOST_AUTO_TEST_CASE(customer) {
    auto made = body<trb_customer>();
    made.email = text("a@example.com");
    made.name = text("Ann");
    made.country = text("DE");
    made.created_at_ms = 5;
    made.deleted = 1;
    made.metadata = pairs;
    made.metadata_count = 2;
    made.avatar = text("https://example.com/a.png");
    check_members(TRB_KIND_CUSTOMER, made,
                  {{TRB_CUSTOMER_EMAIL, member("email", word("a@example.com"))},
                   {TRB_CUSTOMER_NAME, member("name", word("Ann"))},
                   {TRB_CUSTOMER_COUNTRY, member("country", word("DE"))},
                   {TRB_CUSTOMER_CREATED_AT, member("created_at_ms", "5")},
                   {TRB_CUSTOMER_DELETED, member("deleted", "1")},
                   {TRB_CUSTOMER_METADATA, member("metadata", pairs_json)},
                   {TRB_CUSTOMER_AVATAR, member("avatar", word("https://example.com/a.png"))}});
}

BOOST_AUTO_TEST_CASE(product) {
    auto made = body<trb_product>();
    made.name = text("Pro");
    made.active = 1;
    made.metadata = pairs;
    made.metadata_count = 2;
    check_members(TRB_KIND_PRODUCT, made,
                  {{TRB_PRODUCT_NAME, member("name", word("Pro"))},
                   {TRB_PRODUCT_ACTIVE, member("active", "1")},
                   {TRB_PRODUCT_METADATA, member("metadata", pairs_json)}});
}

BOOST_AUTO_TEST_CASE(click) {
    auto made = body<trb_click>();
    made.link_id = text("l1");
    made.url = text("u");
    made.referer = text("r");
    made.country = text("FR");
    made.device = text("d");
    made.browser = text("b");
    made.os = text("o");
    made.trigger = text("qr");
    made.visitor = text("v");
    check_members(TRB_KIND_CLICK, made,
                  {{TRB_CLICK_LINK_ID, member("link_id", word("l1"))},
                   {TRB_CLICK_URL, member("url", word("u"))},
                   {TRB_CLICK_REFERER, member("referer", word("r"))},
                   {TRB_CLICK_COUNTRY, member("country", word("FR"))},
                   {TRB_CLICK_DEVICE, member("device", word("d"))},
                   {TRB_CLICK_BROWSER, member("browser", word("b"))},
                   {TRB_CLICK_OS, member("os", word("o"))},
                   {TRB_CLICK_TRIGGER, member("trigger", word("qr"))},
                   {TRB_CLICK_VISITOR, member("visitor", word("v"))}});
}

BOOST_AUTO_TEST_CASE(lead) {
    auto made = body<trb_lead>();
    made.event_name = text("Sign up");
    made.quantity = 4;
    made.source = text("trial");
    made.metadata = pairs;
    made.metadata_count = 2;
    check_members(TRB_KIND_LEAD, made,
                  {{TRB_LEAD_EVENT_NAME, member("event_name", word("Sign up"))},
                   {TRB_LEAD_QUANTITY, member("quantity", "4")},
                   {TRB_LEAD_SOURCE, member("source", word("trial"))},
                   {TRB_LEAD_METADATA, member("metadata", pairs_json)}});
}

BOOST_AUTO_TEST_CASE(checkout) {
    auto made = body<trb_checkout>();
    made.status = TRB_CHECKOUT_COMPLETE;
    made.mode = text("setup");
    made.email = text("e");
    made.name = text("n");
    made.country = text("US");
    made.metadata = pairs;
    made.metadata_count = 2;
    check_members(TRB_KIND_CHECKOUT, made,
                  {{TRB_CHECKOUT_STATUS, member("status", "2")},
                   {TRB_CHECKOUT_MODE, member("mode", word("setup"))},
                   {TRB_CHECKOUT_EMAIL, member("email", word("e"))},
                   {TRB_CHECKOUT_NAME, member("name", word("n"))},
                   {TRB_CHECKOUT_COUNTRY, member("country", word("US"))},
                   {TRB_CHECKOUT_METADATA, member("metadata", pairs_json)}});
}

BOOST_AUTO_TEST_CASE(payment) {
    auto made = body<trb_payment>();
    made.status = TRB_PAYMENT_SUCCEEDED;
    made.paid_at_ms = 21;
    made.cash = money(101);
    made.total = money(102, "EUR");
    made.total_without_tax = money(103, "JPY", 0);
    made.tax = money(104, "KWD", 3);
    made.discount = money(105);
    made.credit_spent = money(106);
    made.fee = money(-107);
    made.refunded_total = money(108);
    made.refunded_total_at_ms = 22;
    made.presentment = money(INT64_MAX, "BHD", 3);
    made.cycle = TRB_CYCLE_RENEWAL;
    made.subscription_id = text("sub_1");
    made.lines = lines;
    made.line_count = 2;
    made.line_stride = sizeof(trb_line);
    made.lines_complete = 1;
    made.country = text("GB");
    made.email = text("p@example.com");
    made.metadata = pairs;
    made.metadata_count = 2;
    made.invoice_id = text("in_1");
    made.processor = text("acme");
    made.event_name = text("Upgrade");
    made.out_of_band = 1;
    made.net = money(109);
    made.discounts = discounts;
    made.discount_count = 2;
    made.discount_stride = sizeof(trb_discount);
    made.attempts = 3;
    made.next_attempt_at_ms = 23;
    made.failure = text("card_declined");
    made.remaining = money(110);
    check_members(TRB_KIND_PAYMENT, made,
                  {{TRB_PAYMENT_STATUS, member("status", "2")},
                   {TRB_PAYMENT_PAID_AT, member("paid_at_ms", "21")},
                   {TRB_PAYMENT_CASH, member("cash", R"([101,"USD",2])")},
                   {TRB_PAYMENT_TOTAL, member("total", R"([102,"EUR",2])")},
                   {TRB_PAYMENT_TOTAL_WITHOUT_TAX, member("total_without_tax", R"([103,"JPY",0])")},
                   {TRB_PAYMENT_TAX, member("tax", R"([104,"KWD",3])")},
                   {TRB_PAYMENT_DISCOUNT, member("discount", R"([105,"USD",2])")},
                   {TRB_PAYMENT_CREDIT_SPENT, member("credit_spent", R"([106,"USD",2])")},
                   {TRB_PAYMENT_FEE, member("fee", R"([-107,"USD",2])")},
                   {TRB_PAYMENT_REFUNDED_TOTAL, member("refunded_total", R"([108,"USD",2])")},
                   {TRB_PAYMENT_REFUNDED_TOTAL_AT, member("refunded_total_at_ms", "22")},
                   {TRB_PAYMENT_PRESENTMENT, member("presentment", R"([9223372036854775807,"BHD",3])")},
                   {TRB_PAYMENT_CYCLE, member("cycle", "3")},
                   {TRB_PAYMENT_SUBSCRIPTION_ID, member("subscription_id", word("sub_1"))},
                   {TRB_PAYMENT_LINES, member("lines", lines_json)},
                   {TRB_PAYMENT_LINES_COMPLETE, member("lines_complete", "1")},
                   {TRB_PAYMENT_COUNTRY, member("country", word("GB"))},
                   {TRB_PAYMENT_EMAIL, member("email", word("p@example.com"))},
                   {TRB_PAYMENT_METADATA, member("metadata", pairs_json)},
                   {TRB_PAYMENT_INVOICE_ID, member("invoice_id", word("in_1"))},
                   {TRB_PAYMENT_PROCESSOR, member("processor", word("acme"))},
                   {TRB_PAYMENT_EVENT_NAME, member("event_name", word("Upgrade"))},
                   {TRB_PAYMENT_OUT_OF_BAND, member("out_of_band", "1")},
                   {TRB_PAYMENT_NET, member("net", R"([109,"USD",2])")},
                   {TRB_PAYMENT_DISCOUNTS, member("discounts", discounts_json)},
                   {TRB_PAYMENT_ATTEMPTS, member("attempts", "3")},
                   {TRB_PAYMENT_NEXT_ATTEMPT_AT, member("next_attempt_at_ms", "23")},
                   {TRB_PAYMENT_FAILURE, member("failure", word("card_declined"))},
                   {TRB_PAYMENT_REMAINING, member("remaining", R"([110,"USD",2])")}});
}

BOOST_AUTO_TEST_CASE(refund) {
    auto made = body<trb_refund>();
    made.status = TRB_REFUND_FAILED;
    made.amount = money(7);
    made.reason = text("fraud");
    made.created_at_ms = INT64_MIN;
    made.out_of_band = 1;
    made.lines = lines;
    made.line_count = 2;
    made.line_stride = sizeof(trb_line);
    check_members(TRB_KIND_REFUND, made,
                  {{TRB_REFUND_STATUS, member("status", "3")},
                   {TRB_REFUND_AMOUNT, member("amount", R"([7,"USD",2])")},
                   {TRB_REFUND_REASON, member("reason", word("fraud"))},
                   {TRB_REFUND_CREATED_AT, member("created_at_ms", "-9223372036854775808")},
                   {TRB_REFUND_LINES, member("lines", lines_json)},
                   {TRB_REFUND_OUT_OF_BAND, member("out_of_band", "1")}});
}

BOOST_AUTO_TEST_CASE(dispute) {
    auto made = body<trb_dispute>();
    made.status = TRB_DISPUTE_LOST;
    made.amount = money(8, "CLF", 4);
    made.reason = text("unrecognised");
    check_members(TRB_KIND_DISPUTE, made,
                  {{TRB_DISPUTE_STATUS, member("status", "4")},
                   {TRB_DISPUTE_AMOUNT, member("amount", R"([8,"CLF",4])")},
                   {TRB_DISPUTE_REASON, member("reason", word("unrecognised"))}});
}

BOOST_AUTO_TEST_CASE(subscription) {
    auto made = body<trb_subscription>();
    made.status = TRB_SUBSCRIPTION_PAUSED;
    made.items = items;
    made.item_count = 1;
    made.item_stride = sizeof(trb_subscription_item);
    made.period_start_ms = 31;
    made.period_end_ms = 32;
    made.trial_start_ms = 33;
    made.trial_end_ms = 34;
    made.cancel_at_ms = 35;
    made.canceled_at_ms = 36;
    made.ended_at_ms = 37;
    made.collection_paused = 1;
    made.metadata = pairs;
    made.metadata_count = 2;
    made.resumes_at_ms = 38;
    made.pause_reason = text("pause_requested");
    made.cancel_reason = text("payment_failed");
    made.discounts = discounts;
    made.discount_count = 2;
    made.discount_stride = sizeof(trb_discount);
    check_members(TRB_KIND_SUBSCRIPTION, made,
                  {{TRB_SUBSCRIPTION_STATUS, member("status", "6")},
                   {TRB_SUBSCRIPTION_ITEMS, member("items", items_json)},
                   {TRB_SUBSCRIPTION_PERIOD_START, member("period_start_ms", "31")},
                   {TRB_SUBSCRIPTION_PERIOD_END, member("period_end_ms", "32")},
                   {TRB_SUBSCRIPTION_TRIAL_START, member("trial_start_ms", "33")},
                   {TRB_SUBSCRIPTION_TRIAL_END, member("trial_end_ms", "34")},
                   {TRB_SUBSCRIPTION_CANCEL_AT, member("cancel_at_ms", "35")},
                   {TRB_SUBSCRIPTION_CANCELED_AT, member("canceled_at_ms", "36")},
                   {TRB_SUBSCRIPTION_ENDED_AT, member("ended_at_ms", "37")},
                   {TRB_SUBSCRIPTION_COLLECTION_PAUSED, member("collection_paused", "1")},
                   {TRB_SUBSCRIPTION_METADATA, member("metadata", pairs_json)},
                   {TRB_SUBSCRIPTION_RESUMES_AT, member("resumes_at_ms", "38")},
                   {TRB_SUBSCRIPTION_PAUSE_REASON, member("pause_reason", word("pause_requested"))},
                   {TRB_SUBSCRIPTION_CANCEL_REASON, member("cancel_reason", word("payment_failed"))},
                   {TRB_SUBSCRIPTION_DISCOUNTS, member("discounts", discounts_json)}});
}

BOOST_AUTO_TEST_CASE(grant) {
    auto made = body<trb_grant>();
    made.product_id = text("pro");
    made.starts_at_ms = 41;
    made.ends_at_ms = 42;
    made.revoked = 1;
    check_members(TRB_KIND_GRANT, made,
                  {{TRB_GRANT_PRODUCT_ID, member("product_id", word("pro"))},
                   {TRB_GRANT_STARTS_AT, member("starts_at_ms", "41")},
                   {TRB_GRANT_ENDS_AT, member("ends_at_ms", "42")},
                   {TRB_GRANT_REVOKED, member("revoked", "1")}});
}

BOOST_AUTO_TEST_CASE(command) {
    auto made = body<trb_command>();
    made.action = text("toy.pay");
    made.target = text("row_1");
    made.beneficiary = text("partner_1");
    made.amount = money(500);
    made.arguments = pairs;
    made.argument_count = 2;
    made.sequence = 9;
    check_members(TRB_KIND_COMMAND, made,
                  {{TRB_COMMAND_ACTION, member("action", word("toy.pay"))},
                   {TRB_COMMAND_TARGET, member("target", word("row_1"))},
                   {TRB_COMMAND_BENEFICIARY, member("beneficiary", word("partner_1"))},
                   {TRB_COMMAND_AMOUNT, member("amount", R"([500,"USD",2])")},
                   {TRB_COMMAND_ARGUMENTS, member("arguments", pairs_json)},
                   {TRB_COMMAND_SEQUENCE, member("sequence", "9")}});
}

BOOST_AUTO_TEST_CASE(an_identity_has_no_body) {
    const auto encoded = encode_fact(fact(TRB_KIND_IDENTITY, "doc_1"), "toy:a");
    BOOST_REQUIRE(encoded.has_value());
    std::pmr::monotonic_buffer_resource arena;
    decoded_fact decoded;
    BOOST_REQUIRE(decode_content(TRB_KIND_IDENTITY, encoded->content, arena, decoded).has_value());
    BOOST_TEST(decoded.body == nullptr);
}

BOOST_AUTO_TEST_CASE(price) {
    auto made = body<trb_price>();
    made.product_id = text("prod_1");
    made.name = text("Yearly");
    made.active = 1;
    made.unit_amount = money(5, "USD", 15);
    made.unpriced = text("tiered");
    made.interval = text("year");
    made.interval_count = 2;
    made.metered = 1;
    made.tax_inclusive = 1;
    made.metadata = pairs;
    made.metadata_count = 2;
    check_members(TRB_KIND_PRICE, made,
                  {{TRB_PRICE_PRODUCT_ID, member("product_id", word("prod_1"))},
                   {TRB_PRICE_NAME, member("name", word("Yearly"))},
                   {TRB_PRICE_ACTIVE, member("active", "1")},
                   {TRB_PRICE_UNIT_AMOUNT, member("unit_amount", R"([5,"USD",15])")},
                   {TRB_PRICE_UNPRICED, member("unpriced", word("tiered"))},
                   {TRB_PRICE_INTERVAL, member("interval", word("year"))},
                   {TRB_PRICE_INTERVAL_COUNT, member("interval_count", "2")},
                   {TRB_PRICE_METERED, member("metered", "1")},
                   {TRB_PRICE_TAX_INCLUSIVE, member("tax_inclusive", "1")},
                   {TRB_PRICE_METADATA, member("metadata", pairs_json)}});
}

BOOST_AUTO_TEST_CASE(coupon_and_promotion_code) {
    auto coupon = body<trb_coupon>();
    coupon.name = text("Autumn");
    coupon.active = 1;
    coupon.percent = text("12.5");
    coupon.amount_off = money(500);
    coupon.duration = text("repeating");
    coupon.months = 3;
    coupon.metadata = pairs;
    coupon.metadata_count = 2;
    check_members(TRB_KIND_COUPON, coupon,
                  {{TRB_COUPON_NAME, member("name", word("Autumn"))},
                   {TRB_COUPON_ACTIVE, member("active", "1")},
                   {TRB_COUPON_PERCENT, member("percent", word("12.5"))},
                   {TRB_COUPON_AMOUNT_OFF, member("amount_off", R"([500,"USD",2])")},
                   {TRB_COUPON_DURATION, member("duration", word("repeating"))},
                   {TRB_COUPON_MONTHS, member("months", "3")},
                   {TRB_COUPON_METADATA, member("metadata", pairs_json)}});
    auto code = body<trb_promotion_code>();
    code.code = text("SAVE20");
    code.coupon_id = text("coupon_1");
    code.active = 1;
    code.expires_at_ms = 51;
    code.metadata = pairs;
    code.metadata_count = 2;
    check_members(TRB_KIND_PROMOTION_CODE, code,
                  {{TRB_PROMOTION_CODE_CODE, member("code", word("SAVE20"))},
                   {TRB_PROMOTION_CODE_COUPON_ID, member("coupon_id", word("coupon_1"))},
                   {TRB_PROMOTION_CODE_ACTIVE, member("active", "1")},
                   {TRB_PROMOTION_CODE_EXPIRES_AT, member("expires_at_ms", "51")},
                   {TRB_PROMOTION_CODE_METADATA, member("metadata", pairs_json)}});
}

BOOST_AUTO_TEST_CASE(redemption) {
    auto made = body<trb_redemption>();
    made.coupon_id = text("c");
    made.promotion_code_id = text("p");
    made.subscription_id = text("s");
    made.starts_at_ms = 61;
    made.ends_at_ms = 62;
    made.percent = text("20");
    made.amount_off = money(9);
    made.duration = text("once");
    made.months = 4;
    made.ended = 1;
    check_members(TRB_KIND_REDEMPTION, made,
                  {{TRB_REDEMPTION_COUPON_ID, member("coupon_id", word("c"))},
                   {TRB_REDEMPTION_PROMOTION_CODE_ID, member("promotion_code_id", word("p"))},
                   {TRB_REDEMPTION_SUBSCRIPTION_ID, member("subscription_id", word("s"))},
                   {TRB_REDEMPTION_STARTS_AT, member("starts_at_ms", "61")},
                   {TRB_REDEMPTION_ENDS_AT, member("ends_at_ms", "62")},
                   {TRB_REDEMPTION_PERCENT, member("percent", word("20"))},
                   {TRB_REDEMPTION_AMOUNT_OFF, member("amount_off", R"([9,"USD",2])")},
                   {TRB_REDEMPTION_DURATION, member("duration", word("once"))},
                   {TRB_REDEMPTION_MONTHS, member("months", "4")},
                   {TRB_REDEMPTION_ENDED, member("ended", "1")}});
}

BOOST_AUTO_TEST_CASE(schedule) {
    auto made = body<trb_schedule>();
    made.subscription_id = text("s");
    made.active = 1;
    made.change_at_ms = 71;
    made.items = priced_items;
    made.item_count = 2;
    made.item_stride = sizeof(trb_subscription_item);
    made.ends_at_ms = 72;
    check_members(TRB_KIND_SCHEDULE, made,
                  {{TRB_SCHEDULE_SUBSCRIPTION_ID, member("subscription_id", word("s"))},
                   {TRB_SCHEDULE_ACTIVE, member("active", "1")},
                   {TRB_SCHEDULE_CHANGE_AT, member("change_at_ms", "71")},
                   {TRB_SCHEDULE_ITEMS, member("items", priced_items_json)},
                   {TRB_SCHEDULE_ENDS_AT, member("ends_at_ms", "72")}});
}

BOOST_AUTO_TEST_CASE(an_older_plugin_s_shorter_items_are_read_as_far_as_they_go) {
    // As the struct was in the first release of this draft: up to interval_count.
    constexpr std::size_t size = offsetof(trb_subscription_item, amount);
    std::vector<char> two(2 * size);
    std::memcpy(two.data(), &items[0], size);
    std::memcpy(two.data() + size, &priced_items[0], size);
    auto made = body<trb_subscription>(TRB_BIT(TRB_SUBSCRIPTION_ITEMS));
    made.items = reinterpret_cast<const trb_subscription_item*>(two.data());
    made.item_count = 2;
    made.item_stride = size;
    const auto encoded = encode_fact(fact(TRB_KIND_SUBSCRIPTION, "s", &made), "toy:a");
    BOOST_REQUIRE_MESSAGE(encoded.has_value(), encoded.error().text());
    BOOST_TEST(encoded->content.find(R"(["si_1","prod_1","price_1","month",5,3,1,[1999,"JPY",0]],)"
                                     R"(["si_2","prod_2","price_2","year",7,1,0,[5,"USD",14]])") !=
               std::string::npos);
    made.item_stride = size - 8;
    BOOST_TEST(!encode_fact(fact(TRB_KIND_SUBSCRIPTION, "s", &made), "toy:a").has_value());
}

BOOST_AUTO_TEST_CASE(a_price_may_have_more_decimals_than_an_amount) {
    auto made = body<trb_payment>(TRB_BIT(TRB_PAYMENT_CASH));
    made.cash = money(1, "USD", 5);
    BOOST_TEST(!encode_fact(fact(TRB_KIND_PAYMENT, "p", &made), "toy:a").has_value());
    auto price = body<trb_price>(TRB_BIT(TRB_PRICE_UNIT_AMOUNT));
    price.unit_amount = money(1, "USD", 16);
    BOOST_TEST(!encode_fact(fact(TRB_KIND_PRICE, "p", &price), "toy:a").has_value());
}

BOOST_AUTO_TEST_CASE(lines_come_back_through_their_struct) {
    auto made = body<trb_payment>(TRB_BIT(TRB_PAYMENT_LINES));
    made.lines = lines;
    made.line_count = 2;
    made.line_stride = sizeof(trb_line);
    const auto encoded = encode_fact(fact(TRB_KIND_PAYMENT, "p", &made), "toy:a");
    BOOST_REQUIRE(encoded.has_value());
    std::pmr::monotonic_buffer_resource arena;
    decoded_fact decoded;
    BOOST_REQUIRE(decode_content(TRB_KIND_PAYMENT, encoded->content, arena, decoded).has_value());
    const auto& payment = *static_cast<const trb_payment*>(decoded.body);
    BOOST_REQUIRE(payment.line_count == 2u);
    BOOST_TEST(payment.line_stride == sizeof(trb_line));
    BOOST_TEST(payment.lines[0].tax_minor == 171);
    BOOST_TEST(payment.lines[0].proration == 1u);
    BOOST_TEST(payment.lines[1].net_minor == -50);
}

BOOST_AUTO_TEST_SUITE_END()
