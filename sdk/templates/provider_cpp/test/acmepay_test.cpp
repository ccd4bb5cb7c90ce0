// The plugin as a host meets it: through its C tables, with a host that is not there.
#include <tributary/testing/check.hpp>
#include <tributary/testing/plugin_under_test.hpp>

#include <string>

using namespace tributary::testing;

namespace {

struct world {
    plugin_under_test plugin{tributary_plugin_entry()};
    connection account{.secrets = {{"signing", "secret"}}};
    record sale =
        plugin.tell({.name = "sale", .signing_secret = "secret", .seed = 7}).deliveries.at(0).delivery;

    record signed_form(const std::string& body) const {
        record made{.body = body};
        made.headers.emplace_back("ACMEPAY-SIGNATURE", hex(hmac_sha256("secret", body)));
        return made;
    }
};

void a_sale_is_verified_and_becomes_a_payment() {
    const world in;
    const verified judged = in.plugin.verify(in.account, in.sale);
    REQUIRE(judged.accepted());
    CHECK(judged.items[0].dedupe_key == "evt_7");
    const normalised said = in.plugin.normalise(in.account, in.sale);
    REQUIRE(said.only(TRB_KIND_PAYMENT) != nullptr);
    CHECK(to_text(*said.only(TRB_KIND_PAYMENT)) == "payment pay_7\n"
                                                   "  version: 1700000000000 0\n"
                                                   "  source_rank: 1\n"
                                                   "  occurred_at_ms: 1700000000000\n"
                                                   "  claim: shared customer=cus_7\n"
                                                   "  claim: exclusive user=user_7\n"
                                                   "  .cash: 2400 EUR/2\n"
                                                   "  .paid_at_ms: 1700000000000\n"
                                                   "  .status: 2\n"
                                                   "  .total: 2400 EUR/2\n"
                                                   "  .total_without_tax: 2000 EUR/2\n");
}

void a_refund_names_its_payment() {
    const world in;
    const record refund =
        in.signed_form("event=evt_8&type=refund.settled&mode=test&id=ref_1&payment=pay_7&amount=1200"
                       "&currency=JPY&at=1700000001000");
    CHECK(in.plugin.verify(in.account, refund).accepted());
    const normalised said = in.plugin.normalise(in.account, refund);
    REQUIRE(said.only(TRB_KIND_REFUND) != nullptr);
    CHECK(said.only(TRB_KIND_REFUND)->parents == std::vector<std::string>{"pay_7"});
    CHECK(said.only(TRB_KIND_REFUND)->member("amount") == "1200 JPY/0");
}

void what_is_not_genuine_is_refused_with_a_word() {
    const world in;
    CHECK(in.plugin.verify(connection{}, in.sale).code == "signature_mismatch");
    CHECK(in.plugin.verify(connection{.secrets = {{"signing", ""}}}, in.sale).code == "signature_mismatch");
    CHECK(in.plugin.verify(in.account, record{.body = in.sale.body}).code == "no_signature");
    const connection live{.environment = TRB_LIVE, .secrets = in.account.secrets};
    CHECK(in.plugin.verify(live, in.sale).code == "wrong_environment");
}

void every_truncation_is_refused_or_read() {
    const world in;
    for (std::size_t size = 0; size < in.sale.body.size(); ++size) {
        const record part = in.signed_form(in.sale.body.substr(0, size));
        CHECK(in.plugin.verify(in.account, part).status != TRB_INTERNAL);
        CHECK(in.plugin.normalise(in.account, part).status != TRB_INTERNAL);
    }
    for (const char* odd : {"%", "a=%4", "a=%zz", "=", "a=1&a=2", "&"})
        CHECK(in.plugin.verify(in.account, in.signed_form(odd)).status == TRB_INVALID);
}

void an_event_that_is_not_read_is_a_note() {
    const world in;
    const normalised said = in.plugin.normalise(in.account, in.signed_form("type=payout.made"));
    CHECK(said.status == TRB_OK);
    CHECK(said.notes.size() == 1 && said.facts.empty());
}

} // namespace

int main() {
    a_sale_is_verified_and_becomes_a_payment();
    a_refund_names_its_payment();
    what_is_not_genuine_is_refused_with_a_word();
    every_truncation_is_refused_or_read();
    an_event_that_is_not_read_is_a_note();
    return finish();
}
