#include "engine/odd_plugin.hpp"

#include <tributary/sdk/plugin.hpp>

namespace tributary::test {

namespace {

class odd_projection final : public sdk::plugin, public sdk::projection {
  public:
    static constexpr std::string_view short_name = "odd";
    static constexpr std::string_view version = "1.0.0";
    static constexpr std::string_view vendor = "tributary tests";
    static constexpr std::string_view projection_name = "odd";
    static constexpr std::uint32_t fold_version = 1;

    static sdk::outcome create(sdk::host, std::string_view, std::unique_ptr<odd_projection>& made) {
        made = std::make_unique<odd_projection>();
        return {};
    }
    static std::span<const trb_migration> migrations() {
        static const trb_migration steps[] = {sdk::migration(1, R"sql(
CREATE TABLE odd_count (workspace_id BIGINT NOT NULL, environment BIGINT NOT NULL, row_id TEXT NOT NULL,
    subject_id TEXT NOT NULL, facts BIGINT CHECK (facts < 1000), PRIMARY KEY (workspace_id, environment, row_id)))sql")};
        return steps;
    }
    static std::span<const trb_table> tables() {
        static const trb_str columns[] = {sdk::view("facts")};
        static const trb_table list[] = {{sizeof(trb_table), 0, sdk::view("odd_count"), columns, 1}};
        return list;
    }
    static std::span<const trb_lookup_source> lookups() { return {}; }

    sdk::outcome fold(const trb_history& history, std::int64_t, sdk::fold_sink into) const override {
        constexpr std::string_view no_text = "\xff";
        const std::string_view oddity = asked_for(history);
        trb_cell count = sdk::cell(history.fact_count);
        if (oddity == "cell")
            count.type = 7;
        if (oddity == "constraint")
            count = sdk::cell(std::int64_t{5000});
        into.row(0, oddity == "row" ? no_text : sdk::view(history.subject_id), {&count, 1});
        if (oddity == "message")
            into.message("odd", no_text, 0, "{}", false);
        if (oddity == "measure")
            into.measure("odd", no_text, {}, 0, 1);
        if (oddity == "reserved")
            into.measure("clicks", {}, {}, 0, 1);
        if (oddity == "past")
            into.wake_at(1);
        return {};
    }

  private:
    static std::string_view asked_for(const trb_history& history) {
        for (const trb_merged_fact& fact :
             sdk::strided<trb_merged_fact>(history.facts, history.fact_count, history.fact_stride)) {
            if (fact.kind != TRB_KIND_CUSTOMER)
                continue;
            const auto& customer = sdk::body_as<trb_customer>(fact.body);
            for (std::uint64_t at = 0; at < customer.metadata_count; ++at)
                if (sdk::view(customer.metadata[at].name) == "odd")
                    return sdk::view(customer.metadata[at].value);
        }
        return {};
    }
};

/// Its next release, which answers as a plugin whose process is down does.
class odd_projection_down final : public sdk::plugin, public sdk::projection {
  public:
    static constexpr std::string_view short_name = odd_projection::short_name;
    static constexpr std::string_view version = "2.0.0";
    static constexpr std::string_view vendor = odd_projection::vendor;
    static constexpr std::string_view projection_name = odd_projection::projection_name;
    static constexpr std::uint32_t fold_version = 2;

    static sdk::outcome create(sdk::host, std::string_view, std::unique_ptr<odd_projection_down>& made) {
        made = std::make_unique<odd_projection_down>();
        return {};
    }
    static std::span<const trb_migration> migrations() { return odd_projection::migrations(); }
    static std::span<const trb_table> tables() { return odd_projection::tables(); }
    static std::span<const trb_lookup_source> lookups() { return {}; }
    sdk::outcome fold(const trb_history&, std::int64_t, sdk::fold_sink) const override {
        return sdk::retry("plugin_down", "its process is down");
    }
};

} // namespace

const trb_plugin* odd_plugin(bool down) noexcept {
    if (down)
        return sdk::exporter<odd_projection_down>::entry("org.tributary.odd");
    return sdk::exporter<odd_projection>::entry("org.tributary.odd");
}

} // namespace tributary::test
