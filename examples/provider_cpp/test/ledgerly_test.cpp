// Ledgerly as a host meets it: through its C tables, with a host and an API that are not there.
#include <tributary/testing/check.hpp>
#include <tributary/testing/scripted_http.hpp>

#include <string>

using namespace tributary::testing;

namespace {

const std::string api = "https://api.ledgerly.example/v1";
const std::string hook = "https://shop.example/webhooks/con_1";

struct world {
    plugin_under_test plugin{tributary_plugin_entry()};
    connection account{.secrets = {{"signing", "new"}, {"api_key", "key_1"}}};
    scripted_http ledgerly;

    std::vector<record> deliveries(const std::string& name, pairs parameters = {}) const {
        std::vector<record> made;
        for (told_delivery& each :
             plugin
                 .tell(
                     {.name = name, .signing_secret = "new", .parameters = std::move(parameters), .seed = 7})
                 .deliveries)
            made.push_back(std::move(each.delivery));
        return made;
    }
};

void a_sale_that_is_told_is_verified_and_becomes_a_payment() {
    const world in;
    const told story =
        in.plugin.tell({.name = "sale", .signing_secret = "new", .parameters = {{"user", "bob"}}});
    REQUIRE(story.deliveries.size() == 1);
    CHECK(story.expected.at("sales") == 1);
    const record& delivery = story.deliveries[0].delivery;
    const verified judged = in.plugin.verify(in.account, delivery);
    REQUIRE(judged.accepted());
    CHECK(judged.items[0].dedupe_key == "evt_pay_1");
    CHECK(judged.items[0].event_type == "payment.settled");

    const normalised said = in.plugin.normalise(in.account, delivery);
    const captured_fact* const payment = said.only(TRB_KIND_PAYMENT);
    REQUIRE(payment != nullptr);
    CHECK(to_text(*payment) == "payment pay_1\n"
                               "  version: 1700000000000 0\n"
                               "  source_rank: 1\n"
                               "  occurred_at_ms: 1700000000000\n"
                               "  claim: exclusive user=bob\n"
                               "  claim: shared customer=cus_1\n"
                               "  .cash: 2400 EUR/2\n"
                               "  .paid_at_ms: 1700000000000\n"
                               "  .status: 2\n"
                               "  .tax: 400 EUR/2\n"
                               "  .total: 2400 EUR/2\n"
                               "  .total_without_tax: 2000 EUR/2\n");
}

void a_refund_names_its_payment() {
    const world in;
    const std::vector<record> told = in.deliveries("refunded");
    REQUIRE(told.size() == 2);
    const normalised said = in.plugin.normalise(in.account, told[1]);
    const captured_fact* const refund = said.only(TRB_KIND_REFUND);
    REQUIRE(refund != nullptr);
    CHECK(refund->parents == std::vector<std::string>{"pay_7"});
    CHECK(refund->member("amount") == "1200 EUR/2");
    CHECK(!refund->states("reason"));
}

void what_is_not_genuine_is_refused_with_a_word() {
    const world in;
    const record genuine = in.deliveries("sale")[0];
    const auto refused = [&](const record& delivery, const connection& with) {
        return in.plugin.verify(with, delivery).code;
    };
    record changed = genuine;
    changed.body[changed.body.find("2400")] = '9';
    CHECK(refused(changed, in.account) == "signature_mismatch");
    CHECK(refused(genuine, connection{}) == "signature_mismatch");
    CHECK(refused(genuine, connection{.secrets = {{"signing", ""}}}) == "signature_mismatch");
    record bare = genuine;
    bare.headers.clear();
    CHECK(refused(bare, in.account) == "no_signature");
    record twice = genuine;
    twice.headers.push_back(twice.headers.back());
    CHECK(refused(twice, in.account) == "no_signature");
    record late = genuine;
    late.received_at_ms += 301'000;
    CHECK(refused(late, in.account) == "stale_timestamp");
    CHECK(refused(genuine, connection{.environment = TRB_LIVE, .secrets = in.account.secrets}) ==
          "wrong_environment");
    // A rolled secret: the older one is still good for a while.
    CHECK(in.plugin.verify(connection{.secrets = {{"signing", "old"}, {"signing", "new"}}}, genuine)
              .accepted());
}

void a_truncated_delivery_neither_crashes_nor_passes() {
    const world in;
    const record whole = in.deliveries("refunded")[0];
    for (std::size_t size = 0; size < whole.body.size(); ++size) {
        record part = whole;
        part.body.resize(size);
        CHECK(in.plugin.verify(in.account, part).status == TRB_REJECTED);
        CHECK(in.plugin.normalise(in.account, part).status == TRB_INVALID);
    }
}

void what_is_not_read_is_a_note() {
    const world in;
    const normalised said =
        in.plugin.normalise(in.account, record{.body = R"({"id":"e","object":{"kind":"payout"}})"});
    CHECK(said.status == TRB_OK);
    CHECK(said.facts.empty());
    REQUIRE(said.notes.size() == 1);
    CHECK(said.notes[0].first == "unsupported");
    // An event of tomorrow books nothing, whatever it is about.
    record tomorrow = in.deliveries("sale")[0];
    tomorrow.body.replace(tomorrow.body.find("payment.settled"), 15, "dispute.settled");
    const normalised unknown = in.plugin.normalise(in.account, tomorrow);
    CHECK(unknown.status == TRB_OK);
    CHECK(unknown.facts.empty());
    CHECK(unknown.notes.at(0).first == "unsupported");
    CHECK(in.plugin.normalise(in.account, answer("fetch pay_1", 404, "{}")).notes.at(0).first == "ignored");
}

void check_says_what_the_key_may_and_what_more_would_unlock() {
    world in;
    in.ledgerly.answer("GET", api + "/account", 200,
                       R"({"id":"acct_1","mode":"live","permissions":["payments:read","customers:read"]})");
    const finished_action done = in.ledgerly.run_action(in.plugin, in.account, {.what = TRB_ACTION_CHECK});
    CHECK(done.status == TRB_OK);
    CHECK(in.ledgerly.requests().at(0).header("Authorization") == "Bearer key_1");
    REQUIRE(done.finding("permission_missing") != nullptr);
    CHECK(done.finding("permission_missing")->subject == "webhooks:write");
    REQUIRE(done.finding("wrong_environment") != nullptr);
    CHECK(done.finding("wrong_environment")->level == TRB_FINDING_PROBLEM);

    scripted_http refusing;
    refusing.answer("GET", api + "/account", 401, "{}");
    CHECK(refusing.run_action(in.plugin, in.account, {.what = TRB_ACTION_CHECK}).status == TRB_REJECTED);
    scripted_http silent;
    CHECK(silent.run_action(in.plugin, in.account, {.what = TRB_ACTION_CHECK}).retry_after_ms == 60'000);
}

void registering_keeps_the_secret_and_removing_finds_the_webhook() {
    world in;
    in.ledgerly.answer("GET", api + "/webhooks", 200, R"({"data":[]})");
    in.ledgerly.answer("GET", api + "/webhooks", 200, R"({"data":[{"id":"wh_1","url":")" + hook + R"("}]})");
    in.ledgerly.answer("POST", api + "/webhooks", 201, R"({"id":"wh_1","secret":"fresh"})");
    in.ledgerly.answer("DELETE", api + "/webhooks/wh_1", 204, "");
    const action reg{.what = TRB_ACTION_REGISTER, .target_url = hook};
    const finished_action made = in.ledgerly.run_action(in.plugin, in.account, reg);
    REQUIRE(made.kept.size() == 1);
    CHECK(made.kept[0].name == "signing");
    CHECK(made.kept[0].value == "fresh");
    CHECK(in.ledgerly.run_action(in.plugin, in.account, reg).finding("registered_already") != nullptr);
    const action remove{.what = TRB_ACTION_REMOVE, .target_url = hook};
    CHECK(in.ledgerly.run_action(in.plugin, in.account, remove).finding("removed") != nullptr);
    CHECK(in.ledgerly.requests().back().method == "DELETE");
    const action other{.what = TRB_ACTION_REMOVE, .target_url = "https://other.example/"};
    CHECK(in.ledgerly.run_action(in.plugin, in.account, other).finding("not_registered") != nullptr);
}

void a_fetched_object_says_what_its_webhook_said() {
    world in;
    const record delivery = in.deliveries("sale")[0];
    const std::size_t start = delivery.body.find("{\"amount\"");
    REQUIRE(start != std::string::npos);
    const std::string object = delivery.body.substr(start, delivery.body.rfind("},\"type\"") + 1 - start);
    in.ledgerly.answer("GET", api + "/payments/pay_7", 200, object);
    const finished_action done =
        in.ledgerly.run_action(in.plugin, in.account, {.what = TRB_ACTION_FETCH, .document_id = "pay_7"});
    REQUIRE(done.fetched.size() == 1);
    const normalised fetched = in.plugin.normalise(in.account, done.fetched);
    const normalised delivered = in.plugin.normalise(in.account, delivery);
    REQUIRE(fetched.facts.size() == 1 && delivered.facts.size() == 1);
    CHECK(to_text(fetched.facts[0]) == to_text(delivered.facts[0]));
    const action strange{.what = TRB_ACTION_FETCH, .document_id = "pay_7/../../account"};
    CHECK(in.ledgerly.run_action(in.plugin, in.account, strange).status == TRB_INVALID);
}

void a_backfill_reads_both_streams_page_by_page() {
    world in;
    const std::string period = "?limit=100&until=2000&from=1000";
    const auto customer = [](const char* id) {
        return R"({"kind":"customer","id":")" + std::string(id) +
               R"(","email":"a@b.example","created_at":1500,"updated_at":1500})";
    };
    in.ledgerly.answer("GET", api + "/customers" + period, 200,
                       R"({"more":true,"data":[)" + customer("cus_1") + "," + customer("cus_2") + "]}");
    in.ledgerly.answer("GET", api + "/customers" + period + "&after=cus_2", 200,
                       R"({"more":false,"data":[)" + customer("cus_3") + "]}");
    in.ledgerly.answer("GET", api + "/payments" + period, 200, R"({"more":false,"data":[]})");
    const finished_backfill done =
        in.ledgerly.run_backfill(in.plugin, in.account, {.from_ms = 1000, .until_ms = 2000});
    CHECK(done.status == TRB_OK);
    CHECK(done.progress.at("customers") == 1500);
    REQUIRE(done.records.size() == 3);
    std::size_t facts = 0;
    for (const record& page : done.records)
        facts += in.plugin.normalise(in.account, page).facts.size();
    CHECK(facts == 3);
    in.ledgerly.answer("GET", api + "/customers?limit=100&until=5", 200, "no JSON");
    CHECK(in.ledgerly.run_backfill(in.plugin, in.account, {.until_ms = 5}).code == "malformed_page");
}

void a_configuration_that_nobody_reads_is_refused() {
    fake_host host;
    CHECK(plugin_under_test::try_create(tributary_plugin_entry(), host, R"({"key":1})").code ==
          "unknown_key");
}

} // namespace

int main() {
    a_sale_that_is_told_is_verified_and_becomes_a_payment();
    a_refund_names_its_payment();
    what_is_not_genuine_is_refused_with_a_word();
    a_truncated_delivery_neither_crashes_nor_passes();
    what_is_not_read_is_a_note();
    check_says_what_the_key_may_and_what_more_would_unlock();
    registering_keeps_the_secret_and_removing_finds_the_webhook();
    a_fetched_object_says_what_its_webhook_said();
    a_backfill_reads_both_streams_page_by_page();
    a_configuration_that_nobody_reads_is_refused();
    return finish();
}
