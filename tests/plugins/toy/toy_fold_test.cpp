// The toy projection on histories made by hand, through its C table.
#include <boost/test/unit_test.hpp>

#include <deque>
#include <map>

#include "plugins/toy/toy_host.hpp"
#include "plugins/toy/toy_plugins.hpp"

namespace {

namespace sdk = tributary::sdk;

/// A history of facts whose ids are their document ids.
class history {
  public:
    trb_merged_fact& add(std::int32_t kind, const char* id, std::int64_t at_ms, const void* body) {
        ids_.push_back(sdk::view(id));
        trb_merged_fact fact{};
        fact.struct_size = sizeof fact;
        fact.kind = kind;
        fact.id = sdk::view(id);
        fact.ids = &ids_.back();
        fact.id_count = 1;
        fact.occurred_at_ms = at_ms;
        fact.body = body;
        return facts_.emplace_back(fact);
    }
    void pay(const char* id, std::int64_t at_ms, std::int64_t minor) {
        trb_payment& body = payments_.emplace_back();
        body.struct_size = sizeof body;
        body.present = TRB_BIT(TRB_PAYMENT_STATUS) | TRB_BIT(TRB_PAYMENT_CASH);
        body.status = TRB_PAYMENT_SUCCEEDED;
        body.cash = sdk::make_money(minor, "USD", 2);
        add(TRB_KIND_PAYMENT, id, at_ms, &body);
    }
    void refund(const char* id, const char* payment, std::int64_t at_ms, std::int64_t minor) {
        trb_refund& body = refunds_.emplace_back();
        body.struct_size = sizeof body;
        body.status = TRB_REFUND_SUCCEEDED;
        body.amount = sdk::make_money(minor, "USD", 2);
        ids_.push_back(sdk::view(payment));
        trb_merged_fact& fact = add(TRB_KIND_REFUND, id, at_ms, &body);
        fact.parents = &ids_[ids_.size() - 2];
        fact.parent_count = 1;
    }
    trb_history view() const {
        return {sizeof(trb_history), TRB_LIVE,      sdk::view("ws_1"),      sdk::view("sub_1"),
                facts_.data(),       facts_.size(), sizeof(trb_merged_fact)};
    }

  private:
    std::deque<trb_str> ids_;
    std::deque<trb_payment> payments_;
    std::deque<trb_refund> refunds_;
    std::vector<trb_merged_fact> facts_;
};

/// What a fold said, as text.
struct folded {
    std::map<std::string, std::string> rows; ///< "table/id" and the cells with spaces between them.
    std::vector<std::string> messages;
    std::int64_t measured = 0;
    std::int64_t wake_at_ms = 0;
    std::int64_t rate_from_ms = INT64_MAX;
    trb_status status = TRB_OK;
};

folded& at(void* ctx) {
    return *static_cast<folded*>(ctx);
}

void keep_row(void* ctx, const trb_row* row) noexcept {
    std::string cells;
    for (std::uint64_t index = 0; index < row->cell_count; ++index) {
        const trb_cell& cell = row->cells[index];
        cells += cell.type == TRB_CELL_INTEGER ? std::to_string(cell.integer)
                 : cell.type == TRB_CELL_TEXT  ? "'" + std::string(sdk::view(cell.text)) + "'"
                                               : "NULL";
        cells += ' ';
    }
    at(ctx).rows[std::to_string(row->table) + "/" + std::string(sdk::view(row->id))] = cells;
}

/// 20 % from rate_from_ms on.
trb_status find_rate(void* ctx, trb_str, trb_str, std::int64_t, trb_lookup_row_fn row_fn,
                     void* row_ctx) noexcept {
    if (at(ctx).rate_from_ms == INT64_MAX)
        return TRB_NOT_FOUND;
    const trb_cell cells[] = {sdk::cell(at(ctx).rate_from_ms), sdk::cell(2000)};
    row_fn(row_ctx, cells, 2);
    return TRB_OK;
}

folded fold(const trb_plugin* plugin, const history& of, std::int64_t now_ms,
            std::int64_t rate_from_ms = INT64_MAX) {
    const toy::crypto_host host;
    void* self = nullptr;
    BOOST_REQUIRE_EQUAL(plugin->create(host.get(), sdk::view("{}"), nullptr, &self), TRB_OK);
    const auto* table =
        static_cast<const trb_projection_v1*>(plugin->get_extension(sdk::view(TRB_EXT_PROJECTION)));
    folded into;
    into.rate_from_ms = rate_from_ms;
    const trb_fold_sink sink{
        sizeof sink,
        0,
        &into,
        &keep_row,
        [](void* ctx, const trb_measure* measure) noexcept {
            if (sdk::view(measure->name) == "toy.net")
                at(ctx).measured += measure->value;
        },
        [](void* ctx, const trb_message* message) noexcept {
            at(ctx).messages.push_back(std::string(sdk::view(message->kind)) + " " +
                                       std::string(sdk::view(message->body)));
        },
        [](void* ctx, std::int64_t wake_at_ms) noexcept { at(ctx).wake_at_ms = wake_at_ms; },
        [](void*, const trb_trace_step*) noexcept {},
        &find_rate};
    const trb_history view = of.view();
    into.status = table->fold(self, &view, now_ms, &sink, nullptr);
    plugin->destroy(self);
    return into;
}

} // namespace

BOOST_AUTO_TEST_SUITE(toy_projection_folds)

BOOST_AUTO_TEST_CASE(subtracts_what_was_returned) {
    history of;
    of.pay("pay_1", 10, 1000);
    of.refund("re_1", "pay_1", 20, 300);
    of.pay("pay_2", 30, 500);
    const folded out = fold(toy::projection_plugin(), of, 100);
    BOOST_TEST(out.rows.at("0/pay_1") == "2 1000 300 700 'USD' 2 NULL 0 0 0 0 0 ");
    BOOST_TEST(out.rows.at("2/sub_1") == "NULL 2 1 0 0 1200 'USD' 'USD/2:1200' '' ");
    BOOST_TEST(out.measured == 1200);
    BOOST_TEST(out.messages.front() ==
               "toy.payment {\"payment\":\"pay_1\",\"net\":700,\"currency\":\"USD\"}");
}

BOOST_AUTO_TEST_CASE(takes_the_rate_that_held_at_the_payment) {
    history of;
    of.pay("pay_1", 10, 1003);
    BOOST_TEST(fold(toy::projection_plugin(), of, 100, 10).rows.at("0/pay_1") ==
               "2 1003 0 1003 'USD' 2 2000 201 0 0 0 0 "); // 200.6, half up
    BOOST_TEST(fold(toy::projection_plugin(), of, 100, 11).rows.at("0/pay_1") ==
               "2 1003 0 1003 'USD' 2 NULL 0 0 0 0 0 ");
}

BOOST_AUTO_TEST_CASE(keeps_a_tenth_back_in_its_next_release) {
    history of;
    of.pay("pay_1", 10, 1000);
    BOOST_TEST(fold(toy::next_projection_plugin(), of, 100).rows.at("0/pay_1") ==
               "2 1000 0 900 'USD' 2 NULL 0 0 0 0 0 ");
}

BOOST_AUTO_TEST_CASE(wakes_at_the_end_of_a_period_and_then_says_lapsed) {
    trb_subscription body{};
    body.struct_size = sizeof body;
    body.present = TRB_BIT(TRB_SUBSCRIPTION_STATUS) | TRB_BIT(TRB_SUBSCRIPTION_PERIOD_END);
    body.status = TRB_SUBSCRIPTION_ACTIVE;
    body.period_end_ms = 50;
    history of;
    of.add(TRB_KIND_SUBSCRIPTION, "sub_9", 10, &body);
    const folded before = fold(toy::projection_plugin(), of, 49);
    BOOST_TEST(before.rows.at("1//sub_9") == "3 50 0 ");
    BOOST_TEST(before.wake_at_ms == 50);
    BOOST_TEST(before.messages.empty());
    const folded after = fold(toy::projection_plugin(), of, 50);
    BOOST_TEST(after.rows.at("1//sub_9") == "3 50 1 ");
    BOOST_TEST(after.wake_at_ms == 0);
    BOOST_TEST(after.messages.size() == 1u);
}

BOOST_AUTO_TEST_CASE(fails_for_a_poisoned_customer) {
    const trb_pair poison{sdk::view("poison"), sdk::view("1")};
    trb_customer body{};
    body.struct_size = sizeof body;
    body.present = TRB_BIT(TRB_CUSTOMER_METADATA);
    body.metadata = &poison;
    body.metadata_count = 1;
    history of;
    of.pay("pay_1", 10, 1000);
    of.add(TRB_KIND_CUSTOMER, "cus_1", 5, &body);
    const folded out = fold(toy::projection_plugin(), of, 100);
    BOOST_TEST(out.status == TRB_INTERNAL);
    BOOST_TEST(out.rows.empty());
}

BOOST_AUTO_TEST_SUITE_END()
