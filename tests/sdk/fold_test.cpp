// The test kit's fold: what goes in is sorted as a host sorts it, what comes out is named by table and
// column.
#include <tributary/sdk/plugin.hpp>
#include <tributary/testing/plugin_under_test.hpp>

#include <boost/test/unit_test.hpp>

using namespace tributary::testing;
namespace sdk = tributary::sdk;

namespace {

/// A row per fact with its id and its place; looks up the rate of each.
class counting final : public sdk::plugin, public sdk::projection {
  public:
    static constexpr std::string_view short_name = "counting";
    static constexpr std::string_view version = "0.1.0";
    static constexpr std::string_view vendor = "tests";
    static constexpr std::string_view projection_name = "counting";
    static constexpr std::uint32_t fold_version = 1;

    static sdk::outcome create(sdk::host, std::string_view, std::unique_ptr<counting>& made) {
        made = std::make_unique<counting>();
        return {};
    }
    static std::span<const trb_table> tables() noexcept {
        static constexpr std::array<trb_str, 3> columns{
            {TRB_STR_INIT("place"), TRB_STR_INIT("rate"), TRB_STR_INIT("note")}};
        static constexpr std::array<trb_table, 1> all{
            {{sizeof(trb_table), 0, TRB_STR_INIT("counting_thing"), columns.data(), columns.size()}}};
        return all;
    }
    static std::span<const trb_lookup_source> lookups() noexcept { return {}; }

    sdk::outcome fold(const trb_history& history, std::int64_t now_ms, sdk::fold_sink into) const override {
        std::int64_t place = 0;
        for (const trb_merged_fact& fact :
             sdk::strided(history.facts, history.fact_count, history.fact_stride)) {
            const std::string id(sdk::view(fact.id));
            trb_cell rate = sdk::cell();
            into.lookup("rate", id, INT64_MAX, [&](sdk::cells found) { rate = found[0]; });
            const std::array<trb_cell, 3> cells{sdk::cell(++place), rate, sdk::cell("text")};
            into.row(id == "bad" ? 7 : 0, id, cells);
            into.trace(0, id, "place", std::to_string(place));
            into.wake_at(fact.occurred_at_ms + now_ms);
            into.measure("things", {}, {}, fact.occurred_at_ms, 1);
        }
        return {};
    }
};

struct world {
    plugin_under_test plugin{sdk::exporter<counting>::entry("org.example.counting")};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(sdk_fold, world)

BOOST_AUTO_TEST_CASE(a_history_is_sorted_by_time_and_id) {
    history told;
    told.add({.occurred_at_ms = 2, .ids = {"c"}}).add({.occurred_at_ms = 1, .ids = {"b"}});
    told.add(TRB_KIND_PAYMENT, {.occurred_at_ms = 1, .ids = {"a", "0"}}, trb_payment{});
    const folded result = plugin.fold(told, 10, {{{"rate", "a"}, {{sdk::cell(5)}}}});
    BOOST_TEST_REQUIRE(result.rows.size() == 3u);
    BOOST_TEST(result.faults.empty());
    BOOST_TEST(result.rows[0].id == "a");
    BOOST_TEST(result.rows[0].cell("rate") == "5");
    BOOST_TEST(result.rows[1].id == "b");
    BOOST_TEST(!result.rows[1].cells.contains("rate"));
    BOOST_TEST(result.rows[2].cell("place") == "3");
    BOOST_TEST(result.of_table("counting_thing").size() == 3u);
    BOOST_TEST(result.sum("things") == 3);
    BOOST_TEST(result.wake_at_ms.value() == 11);
    BOOST_TEST(result.looked_up.size() == 3u);
    BOOST_TEST(result.trace.at(2).value == "3");
}

BOOST_AUTO_TEST_CASE(a_row_of_no_table_is_a_fault) {
    history told;
    told.add({.occurred_at_ms = 2, .ids = {"bad"}});
    BOOST_TEST(plugin.fold(told, 0).faults.size() == 1u);
}

BOOST_AUTO_TEST_CASE(nothing_follows_from_nothing) {
    const folded result = plugin.fold(history{}, 0);
    BOOST_TEST(result.status == TRB_OK);
    BOOST_TEST(result.rows.empty());
    BOOST_TEST(!result.wake_at_ms.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
