#include <tributary/base/crypto.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <numeric>

#include "scenario/story_world.hpp"

// Goal: what Stripe answers gives the same rows whichever delivery made the plugin ask, and what a later
// delivery says has changed is asked for again. The plugin runs as it is shipped, in the engine.

namespace tributary::test {
namespace {

constexpr const char* signing_secret = "toy-signing-secret"; // Every made-up connection has it.

using answers = std::map<std::string, http::response, std::less<>>;

http::response found(std::string body) {
    return {200, {}, std::move(body)};
}

/// @param seconds  before the clock of the tests.
std::string at(std::int64_t seconds) {
    return std::to_string(start_ms / 1000 - seconds);
}

std::string event(std::string_view type, std::int64_t seconds, std::string_view object) {
    static int number = 0;
    return R"({"id": "evt_)" + std::to_string(++number) + R"(", "object": "event", "type": ")" +
           std::string(type) + R"(", "created": )" + at(seconds) + R"(, "data": {"object": )" +
           std::string(object) + "}}";
}

const std::string buyer = R"("metadata": {"trb_id": "user_1", "trb_click": ")" + std::string(story_click) +
                          R"("}, "customer": "cus_1")";

std::string charge(std::string_view id, std::string_view state, std::string_view more = {}) {
    return R"({"id": ")" + std::string(id) + R"(", "object": "charge", "created": )" + at(800) +
           R"(, "amount": 2900, "currency": "usd", "payment_intent": "pi_1", )" + std::string(state) + ", " +
           buyer + std::string(more) + "}";
}
const std::string succeeded = R"("status": "succeeded", "paid": true, "captured": true)";
const std::string failed = R"("status": "failed", "paid": false, "captured": false)";

std::string intent() {
    return R"({"id": "pi_1", "object": "payment_intent", "created": )" + at(900) +
           R"(, "amount": 2900, "amount_received": 2900, "currency": "usd", "latest_charge": "ch_1",
              "status": "succeeded", )" +
           buyer + "}";
}

std::string refund() {
    return R"({"id": "re_1", "object": "refund", "amount": 900, "charge": "ch_1", "created": )" + at(600) +
           R"(, "currency": "usd", "payment_intent": "pi_1", "status": "succeeded"})";
}

std::string dispute() {
    return R"({"id": "du_1", "object": "dispute", "amount": 2900, "charge": "ch_1", "created": )" + at(500) +
           R"(, "currency": "usd", "payment_intent": "pi_1", "status": "won"})";
}

std::string session() {
    return R"({"id": "cs_1", "object": "checkout.session", "created": )" + at(900) +
           R"(, "amount_total": 2900, "currency": "usd", "mode": "payment", "payment_intent": "pi_1",
              "payment_status": "paid", "status": "complete", "invoice": null,
              "total_details": {"amount_tax": 0, "amount_discount": 0}, )" +
           buyer + "}";
}

std::string invoice() {
    return R"({"id": "in_1", "object": "invoice", "created": )" + at(900) +
           R"(, "status": "paid", "total": 2900, "total_excluding_tax": 2900, "amount_paid": 2900,
              "currency": "usd", "billing_reason": "subscription_create", "status_transitions": {"paid_at": )" +
           at(790) + R"(}, "lines": {"object": "list", "has_more": true, "data": [
                  {"id": "il_1", "object": "line_item", "amount": 900}]}, )" +
           buyer + "}";
}

std::string subscription(std::string_view status) {
    return R"({"id": "sub_1", "object": "subscription", "status": ")" + std::string(status) + R"(", )" +
           buyer + "}";
}

std::string thin_event(std::string_view id, std::string_view type, std::string_view object) {
    return R"({"id": ")" + std::string(id) + R"(", "object": "v2.core.event", "type": "v1.)" +
           std::string(type) + R"(", "created": "2023-11-14T22:00:00Z", "related_object": {"id": ")" +
           std::string(object) + R"("}})";
}

std::string list(std::string_view data, bool more = false) {
    return R"({"object": "list", "has_more": )" + std::string(more ? "true" : "false") + R"(, "data": [)" +
           std::string(data) + "]}";
}

const answers no_invoice{{"invoice_payments:pi_1", found(list(""))}};
const answers an_invoice{{"invoice_payments:pi_1", found(list(R"({"id": "inpay_1",
    "object": "invoice_payment", "invoice": "in_1", "status": "paid",
    "payment": {"type": "payment_intent", "payment_intent": "pi_1"}})"))},
                         {"invoice_lines:in_1", found(list(R"({"id": "il_1", "amount": 900},
                             {"id": "il_2", "amount": 1000})",
                                                           true))},
                         {"invoice_lines:in_1/2", found(list(R"({"id": "il_3", "amount": 1000})"))}};

enum class asked { at_once, at_the_end };

class shop {
  public:
    /// A workspace in which these were delivered.
    space after(const std::vector<std::string>& bodies, const answers& known, asked when) {
        const space in = story_.new_workspace();
        for (const std::string& body : bodies) {
            deliver(in, body);
            if (when == asked::at_once)
                answer(known);
        }
        answer(known);
        return in;
    }

    void deliver(space in, const std::string& body) {
        const std::string signed_at = std::to_string(start_ms / 1000);
        delivery raw;
        raw.connection_id = engine_world::connection_of(in);
        raw.received_at = start_ms;
        raw.method = "POST";
        raw.headers = {{"Stripe-Signature",
                        "t=" + signed_at + ",v1=" +
                            hex_encode(as_bytes(hmac_sha256(signing_secret, signed_at + "." + body)))}};
        raw.body = body;
        BOOST_REQUIRE_EQUAL(world().deliver(std::move(raw)).status, 200u);
    }

    void answer(const answers& known) {
        while (world().answer_wants(known) > 0)
            ;
    }

    /// The one sale: its state, its amount, and how many seconds before the clock of the tests it happened.
    std::string sale(space in) {
        return world().query(in, "SELECT status, amount, (" + std::to_string(start_ms) +
                                     " - created_at) / 1000 FROM attribution_sale WHERE workspace_id = $1 "
                                     "AND environment = $2");
    }

    engine_world& world() { return story_.world(); }

  private:
    story_world story_;
};

/// All orders of these deliveries, with the answers between them and after them, give the rows of the first.
/// @return the sale that they all have.
std::string sale_in_any_order(std::vector<std::string> bodies, const answers& known) {
    shop here;
    const space first = here.after(bodies, known, asked::at_once);
    const std::string rows = here.world().dump(first);
    std::vector<std::size_t> order(bodies.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    do {
        std::vector<std::string> shuffled;
        std::string shown;
        for (const std::size_t index : order) {
            shuffled.push_back(bodies[index]);
            shown += std::to_string(index) + " ";
        }
        for (const asked when : {asked::at_once, asked::at_the_end}) {
            const space in = here.after(shuffled, known, when);
            BOOST_REQUIRE_EQUAL(here.sale(in), here.sale(first));
            BOOST_REQUIRE_MESSAGE(here.world().dump(in) == rows,
                                  "the order " << shown << "gives other rows:\n"
                                               << here.world().dump(in) << "instead of\n"
                                               << rows);
        }
    } while (std::next_permutation(order.begin(), order.end()));
    return here.sale(first);
}

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_order)

BOOST_AUTO_TEST_CASE(a_sale_of_its_own_has_the_date_of_its_charge_whoever_asked) {
    const std::vector<std::string> bodies{
        event("charge.succeeded", 798, charge("ch_1", succeeded)), event("refund.created", 600, refund()),
        event("charge.dispute.closed", 400, dispute()),
        event("charge.refunded", 599, charge("ch_1", succeeded, R"(, "amount_refunded": 900)"))};
    BOOST_TEST(sale_in_any_order(bodies, no_invoice) == "paid|2900|800");
}

BOOST_AUTO_TEST_CASE(a_sale_of_its_own_has_the_date_of_its_payment_intent_whoever_asked) {
    BOOST_TEST(sale_in_any_order({event("charge.succeeded", 798, charge("ch_1", succeeded)),
                                  event("payment_intent.succeeded", 797, intent()),
                                  event("refund.created", 600, refund())},
                                 no_invoice) == "paid|2900|797");
}

BOOST_AUTO_TEST_CASE(what_is_captured_later_is_part_of_the_sale_whoever_asked) {
    BOOST_TEST(sale_in_any_order(
                   {event("charge.captured", 798, charge("ch_1", succeeded, R"(, "amount_captured": 900)")),
                    event("charge.captured", 700, charge("ch_1", succeeded, R"(, "amount_captured": 2900)")),
                    event("refund.created", 600, refund())},
                   no_invoice) == "paid|2900|800");
}

BOOST_AUTO_TEST_CASE(an_attempt_that_failed_before_the_api_was_upgraded_is_no_doubt_about_the_sale) {
    BOOST_TEST(sale_in_any_order({event("charge.failed", 850, charge("ch_0", failed, R"(, "invoice": null)")),
                                  event("charge.succeeded", 798, charge("ch_1", succeeded)),
                                  event("refund.created", 600, refund())},
                                 no_invoice) == "paid|2900|800");
}

BOOST_AUTO_TEST_CASE(an_attempt_that_failed_and_is_touched_later_is_no_doubt_about_the_sale) {
    BOOST_TEST(
        sale_in_any_order({event("charge.succeeded", 798, charge("ch_1", succeeded, R"(, "invoice": null)")),
                           event("charge.updated", 700, charge("ch_0", failed, R"(, "invoice": null)"))},
                          {}) == "paid|2900|800");
}

BOOST_AUTO_TEST_CASE(a_sale_with_an_invoice_has_the_date_of_the_invoice_whoever_asked) {
    BOOST_TEST(
        sale_in_any_order({event("charge.succeeded", 798, charge("ch_1", succeeded)),
                           event("refund.created", 600, refund()), event("invoice.paid", 789, invoice()),
                           event("invoice.payment_succeeded", 788, invoice())},
                          an_invoice) == "paid|2900|790");
}

BOOST_AUTO_TEST_CASE(a_session_that_is_told_twice_has_the_date_of_the_later_telling_whichever_asked) {
    const answers known{{"session_lines:cs_1", found(list(R"({"id": "li_1", "amount_total": 2900})"))},
                        {"invoice_payments:pi_1", found(list(""))}};
    BOOST_TEST(sale_in_any_order({event("checkout.session.completed", 797, session()),
                                  event("checkout.session.completed", 795, session()),
                                  event("charge.succeeded", 798, charge("ch_1", succeeded))},
                                 known) == "paid|2900|795");
}

BOOST_AUTO_TEST_CASE(lines_are_asked_for_only_as_long_as_the_answer_can_be_read) {
    shop here;
    answers pages;
    for (int page = 1; page <= 12; ++page)
        pages.emplace("invoice_lines:in_1" + (page == 1 ? "" : "/" + std::to_string(page)),
                      found(list(R"({"id": "il_)" + std::to_string(page) + R"(", "amount": 1})", true)));
    const space in = here.after({event("invoice.paid", 789, invoice())}, pages, asked::at_once);
    BOOST_TEST(here.world().number(in, "SELECT COUNT(*) FROM fact WHERE workspace_id = $1 AND environment = "
                                       "$2 AND document_id = 'in_1:lines'") == 8);
    BOOST_TEST(!here.world().log.errors.contains("normalise_failed"));
}

BOOST_AUTO_TEST_CASE(every_thin_event_reads_its_object_anew) {
    shop here;
    const space in = here.after(
        {thin_event("evt_a", "customer.subscription.active", "sub_1")},
        {{"thin:evt_a", found(subscription("active"))}, {"reread:sub_1", found(subscription("active"))}},
        asked::at_once);
    here.world().time.now += 60'000;
    here.deliver(in, thin_event("evt_b", "customer.subscription.past_due", "sub_1"));
    here.answer({{"thin:evt_b", found(subscription("past_due"))}});
    BOOST_TEST(here.world().number(in, "SELECT COUNT(*) FROM fact WHERE workspace_id = $1 AND environment = "
                                       "$2 AND document_id = 'sub_1'") == 2);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tributary::test
