// A plugin that was built against the frozen copy of the headers, in the host of today.
#include <tributary/base/clock.hpp>
#include <tributary/base/entropy.hpp>
#include <tributary/base/log.hpp>
#include <tributary/base/metrics.hpp>
#include <tributary/plugins/plugin_set.hpp>
#include <tributary/testing/provider.hpp>

#include <boost/test/unit_test.hpp>

using namespace tributary;
using namespace tributary::testing;

namespace {

class silent_logger final : public logger {
  public:
    void write_fields(log_level, std::string_view, const log_field*, std::size_t) override {}
};

/// What the test needs of a loaded plugin.
struct loaded {
    const trb_provider_v1* provider = nullptr;
    const trb_simulator_v1* simulator = nullptr;
    void* self = nullptr;
};

struct world {
    silent_logger log;
    system_clock time;
    seeded_entropy random{1};
    null_metrics counters;
    plugins::plugin_set set{log, time, random, counters};
    loaded probe = load();
    connection account{.secrets = {{"signing", "secret"}}};

    /// The one place that knows how a plugin is loaded.
    loaded load() {
        auto made = set.load(plugins::request_for(TRIBUTARY_PROBE).value());
        BOOST_REQUIRE_MESSAGE(made, "the plugin of the frozen headers does not load");
        return {(*made)->provider, (*made)->simulator, (*made)->self()};
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(old_plugin, world)

BOOST_AUTO_TEST_CASE(loads_and_has_its_extensions) {
    BOOST_TEST_REQUIRE(probe.provider != nullptr);
    BOOST_TEST_REQUIRE(probe.simulator != nullptr);
    BOOST_TEST(probe.provider->normaliser_version == 1u);
}

BOOST_AUTO_TEST_CASE(verifies_and_normalises_the_story_that_it_tells) {
    const told sale =
        tell(*probe.simulator, probe.self,
             {.name = "sale", .signing_secret = "secret", .seed = 7, .at_ms = 1'700'000'000'000});
    BOOST_TEST_REQUIRE(sale.deliveries.size() == 1u);
    BOOST_TEST(sale.expected.at("sales") == 1);
    const record& delivery = sale.deliveries[0].delivery;
    const verified judged = verify(*probe.provider, probe.self, account, {delivery});
    BOOST_TEST_REQUIRE(judged.accepted());
    BOOST_TEST(judged.items[0].dedupe_key == "evt_7");
    const normalised said = normalise(*probe.provider, probe.self, account, {delivery});
    BOOST_TEST_REQUIRE(said.facts.size() == 1u);
    BOOST_TEST(to_text(said.facts[0]) == "payment pay_7\n"
                                         "  version: 1700000000000 0\n"
                                         "  source_rank: 0\n"
                                         "  occurred_at_ms: 1700000000000\n"
                                         "  claim: exclusive user=user_7\n"
                                         "  .status: 2\n"
                                         "  .total: 1200 EUR/2\n");
}

BOOST_AUTO_TEST_CASE(says_why_it_refuses) {
    const verified unsigned_one = verify(*probe.provider, probe.self, account, {{.body = "sale e p u 1"}});
    BOOST_TEST(unsigned_one.status == TRB_REJECTED);
    BOOST_TEST(unsigned_one.code == "signature_mismatch");
    BOOST_TEST(normalise(*probe.provider, probe.self, account, {{.body = "sale e p u 1x"}}).status ==
               TRB_INVALID);
    BOOST_TEST(normalise(*probe.provider, probe.self, account, {{.body = "other e p u 1"}}).notes.size() ==
               1u);
    BOOST_TEST(reread(*probe.provider, probe.self, account, TRB_KIND_PAYMENT, "p").status == TRB_UNSUPPORTED);
}

BOOST_AUTO_TEST_SUITE_END()
