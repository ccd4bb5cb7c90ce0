// The module as a host loads it. The test kit does not care in which language a plugin is written.
//   ferrous_test <ferrous.so>
#include <tributary/testing/plugin_under_test.hpp>

#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>

using namespace tributary::testing;

namespace {

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            std::fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);                   \
            std::exit(1);                                                                                    \
        }                                                                                                    \
    } while (false)

const trb_plugin* load(const char* path) {
    void* const module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (module == nullptr) {
        std::fprintf(stderr, "%s\n", dlerror());
        std::exit(1);
    }
    return reinterpret_cast<trb_plugin_entry_fn>(dlsym(module, TRB_PLUGIN_ENTRY_NAME))();
}

void judge(const trb_plugin* descriptor) {
    const plugin_under_test plugin(descriptor);
    const connection account{.secrets = {{"signing", ""}, {"signing", "secret"}}};
    const told sale = plugin.tell({.name = "sale", .signing_secret = "secret", .seed = 7});
    CHECK(sale.deliveries.size() == 1);
    const record& delivery = sale.deliveries[0].delivery;
    const verified judged = plugin.verify(account, delivery);
    CHECK(judged.accepted());
    CHECK(judged.items[0].dedupe_key == "evt_7");
    const normalised said = plugin.normalise(account, delivery);
    CHECK(said.only(TRB_KIND_PAYMENT) != nullptr);
    CHECK(to_text(*said.only(TRB_KIND_PAYMENT)) == "payment pay_7\n"
                                                   "  version: 1700000000000 0\n"
                                                   "  source_rank: 0\n"
                                                   "  occurred_at_ms: 1700000000000\n"
                                                   "  claim: shared customer=cus_7\n"
                                                   "  claim: exclusive user=user_7\n"
                                                   "  .paid_at_ms: 1700000000000\n"
                                                   "  .status: 2\n"
                                                   "  .total: 2400 EUR/2\n"
                                                   "  .total_without_tax: 2000 EUR/2\n");
    CHECK(plugin.verify(connection{}, delivery).code == "signature_mismatch");
    CHECK(plugin.verify(connection{.environment = TRB_LIVE, .secrets = account.secrets}, delivery).code ==
          "wrong_environment");
    CHECK(plugin.verify(account, record{.body = delivery.body}).code == "no_signature");
    CHECK(plugin.tell({.name = "other"}).status == TRB_NOT_FOUND);
    CHECK(plugin.normalise(account, record{.body = "type=payout"}).notes.size() == 1);
    for (std::size_t size = 0; size < delivery.body.size(); ++size)
        for (const char odd : {'\0', '%', '&', '\xff'}) {
            record part = delivery;
            part.body.resize(size);
            part.body.push_back(odd);
            CHECK(plugin.verify(account, part).status == TRB_REJECTED);
            CHECK(plugin.normalise(account, part).status != TRB_INTERNAL); // no panic
        }
    fake_host host;
    CHECK(plugin_under_test::try_create(descriptor, host, R"({"x":1})").code == "unknown_key");
}

} // namespace

int main(int count, char** arguments) {
    if (count != 2)
        return 2;
    judge(load(arguments[1]));
    std::fprintf(stderr, "all is well\n");
}
