// Histories made by hand, and what follows from them.
#include <tributary/sdk/base.hpp>
#include <tributary/testing/check.hpp>
#include <tributary/testing/plugin_under_test.hpp>

using namespace tributary::testing;
namespace sdk = tributary::sdk;

namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t start_ms = 1'700'000'000'000;
const trb_claim bob{TRB_CLAIM_EXCLUSIVE, 0, TRB_STR("user"), TRB_STR("bob \"b\"")};

trb_payment paid(std::int64_t minor, std::uint32_t exponent = 2,
                 std::int64_t status = TRB_PAYMENT_SUCCEEDED) {
    trb_payment made{};
    made.present = TRB_BIT(TRB_PAYMENT_STATUS) | TRB_BIT(TRB_PAYMENT_TOTAL_WITHOUT_TAX);
    made.status = status;
    made.total_without_tax = sdk::make_money(minor, exponent == 0 ? "JPY" : "EUR", exponent);
    return made;
}
trb_refund refunded(std::int64_t minor, std::int64_t status = TRB_REFUND_SUCCEEDED) {
    trb_refund made{};
    made.present = TRB_BIT(TRB_REFUND_STATUS) | TRB_BIT(TRB_REFUND_AMOUNT);
    made.status = status;
    made.amount = sdk::make_money(minor, "EUR", 2);
    return made;
}

struct world {
    plugin_under_test plugin{tributary_plugin_entry()};
    history told;

    world& pay(const char* id, std::int64_t at_ms, const trb_payment& body) {
        told.add(TRB_KIND_PAYMENT,
                 {.occurred_at_ms = at_ms, .ids = {id, std::string("order_of_") + id}, .claims = {bob}},
                 body);
        return *this;
    }
    world& refund(const char* id, const char* of, const trb_refund& body) {
        told.add(TRB_KIND_REFUND, {.occurred_at_ms = start_ms + day_ms, .ids = {id}, .parents = {of}}, body);
        return *this;
    }
};

void points_wait_for_two_weeks_and_are_then_earned() {
    world in;
    in.pay("pay_1", start_ms, paid(1999));
    const folded early = in.plugin.fold(in.told, start_ms + day_ms);
    REQUIRE(early.rows.size() == 1);
    CHECK(early.faults.empty());
    CHECK(early.rows[0].cell("member") == "bob \"b\"");
    CHECK(early.rows[0].cell("points") == "19");
    CHECK(early.rows[0].cell("state") == "pending");
    CHECK(early.measures.empty());
    CHECK(early.wake_at_ms == start_ms + 14 * day_ms);
    const folded late = in.plugin.fold(in.told, start_ms + 14 * day_ms);
    CHECK(late.rows.at(0).cell("state") == "earned");
    CHECK(late.sum("loyalty.points") == 19);
    CHECK(!late.wake_at_ms.has_value());
    // Nothing changes between wake times.
    CHECK(in.plugin.fold(in.told, start_ms + 99 * day_ms).rows == late.rows);
}

void a_refund_takes_its_points_back_by_any_id_of_its_payment() {
    world in;
    in.pay("pay_1", start_ms, paid(2000)).refund("ref_1", "order_of_pay_1", refunded(550));
    in.refund("ref_2", "pay_1", refunded(9900, TRB_REFUND_PENDING)).refund("ref_3", "other", refunded(9900));
    CHECK(in.plugin.fold(in.told, start_ms).rows.at(0).cell("points") == "14");
    in.refund("ref_4", "pay_1", refunded(9900));
    CHECK(in.plugin.fold(in.told, start_ms).rows.at(0).cell("points") == "0");
}

void only_what_is_known_to_be_paid_counts() {
    world in;
    in.pay("pay_1", start_ms, paid(2000, 2, TRB_PAYMENT_PENDING)).pay("pay_2", start_ms, trb_payment{});
    in.pay("pay_3", start_ms, paid(2000, 0));
    const folded result = in.plugin.fold(in.told, start_ms);
    REQUIRE(result.rows.size() == 1);
    CHECK(result.rows[0].cell("points") == "2000"); // yen have no decimals
}

void nobody_gets_points_without_a_user() {
    world in;
    in.told.add(TRB_KIND_PAYMENT, {.occurred_at_ms = start_ms, .ids = {"pay_1"}}, paid(2000));
    CHECK(in.plugin.fold(in.told, start_ms).rows.empty());
}

void gold_is_told_once_by_the_payment_that_crosses_the_line() {
    world in;
    in.pay("pay_1", start_ms, paid(30'000))
        .pay("pay_2", start_ms + 1, paid(30'000))
        .pay("pay_3", start_ms + 2, paid(90'000));
    CHECK(in.plugin.fold(in.told, start_ms + 14 * day_ms).messages.empty());
    const folded gold = in.plugin.fold(in.told, start_ms + 15 * day_ms);
    REQUIRE(gold.messages.size() == 1);
    CHECK(gold.messages[0].kind == "loyalty.gold");
    CHECK(gold.messages[0].body == R"({"member":"bob \"b\"","payment":"pay_2"})");
}

} // namespace

int main() {
    points_wait_for_two_weeks_and_are_then_earned();
    a_refund_takes_its_points_back_by_any_id_of_its_payment();
    only_what_is_known_to_be_paid_counts();
    nobody_gets_points_without_a_user();
    gold_is_told_once_by_the_payment_that_crosses_the_line();
    return finish();
}
