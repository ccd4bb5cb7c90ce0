// A behaviour of one's own: points for what was paid, in a small projection to be read and copied. README.md
// has the rules. fold() is a pure function of a history and a time; that the history is sorted, merged and
// complete, that it is folded again when something comes late, and that only differences are written is the
// host's concern.
#include <tributary/sdk/plugin.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <tuple>
#include <vector>

namespace loyalty {
namespace {

namespace sdk = tributary::sdk;
using sdk::view;

constexpr std::int64_t pending_ms = 14 * 86'400'000LL; // as long as somebody may send the goods back
constexpr std::int64_t gold_points = 500;

constexpr std::string_view schema = R"sql(
CREATE TABLE loyalty_entry (
    workspace_id BIGINT NOT NULL, environment BIGINT NOT NULL, row_id TEXT NOT NULL, subject_id TEXT NOT NULL,
    member TEXT NOT NULL, points BIGINT NOT NULL, state TEXT NOT NULL, paid_at_ms BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, environment, row_id));
CREATE INDEX loyalty_entry_by_member ON loyalty_entry (workspace_id, environment, member);
)sql";

std::string text(trb_str from) {
    return std::string(view(from));
}

/// A JSON string; the text is UTF-8, the host has checked that.
std::string quoted(std::string_view from) {
    std::string json = "\"";
    for (const char letter : from) {
        constexpr char digits[] = "0123456789abcdef";
        if (letter == '"' || letter == '\\')
            json.append(1, '\\').push_back(letter);
        else if (static_cast<unsigned char>(letter) < 0x20)
            json.append("\\u00").append({digits[letter >> 4 & 15], digits[letter & 15]});
        else
            json.push_back(letter);
    }
    return json + "\"";
}

/// One payment that counts.
struct entry {
    std::string id;
    std::int64_t net_minor = 0;
    std::uint32_t exponent = 0;
    std::int64_t paid_at_ms = 0;
    std::vector<std::string> ids;

    /// One point for each whole unit of the currency, whichever it is.
    std::int64_t points() const {
        std::int64_t unit = 1;
        for (std::uint32_t digit = 0; digit < exponent; ++digit)
            unit *= 10;
        return std::max<std::int64_t>(net_minor, 0) / unit;
    }
};

using facts = sdk::strided<trb_merged_fact>;

/// The shop's own user, else nobody: points without a member are given to nobody.
std::string member_of(const facts& history) {
    std::string member;
    for (const trb_merged_fact& fact : history)
        for (std::uint64_t index = 0; index < fact.claim_count; ++index)
            if (fact.claims[index].claim_class == TRB_CLAIM_EXCLUSIVE)
                member =
                    std::max(member, text(fact.claims[index].value)); // at most one; max() needs no order
    return member;
}

std::vector<entry> payments_of(const facts& history) {
    std::vector<entry> found;
    for (const trb_merged_fact& fact : history) {
        if (fact.kind != TRB_KIND_PAYMENT)
            continue;
        const auto& payment = sdk::body_as<trb_payment>(fact.body);
        const bool counts =
            sdk::states(payment, TRB_PAYMENT_STATUS) && payment.status == TRB_PAYMENT_SUCCEEDED &&
            sdk::states(payment, TRB_PAYMENT_TOTAL_WITHOUT_TAX) && payment.total_without_tax.exponent <= 4;
        if (!counts)
            continue;
        entry made{text(fact.id),
                   payment.total_without_tax.amount_minor,
                   payment.total_without_tax.exponent,
                   fact.occurred_at_ms,
                   {}};
        if (sdk::states(payment, TRB_PAYMENT_PAID_AT))
            made.paid_at_ms = payment.paid_at_ms;
        for (std::uint64_t index = 0; index < fact.id_count; ++index)
            made.ids.push_back(text(fact.ids[index]));
        found.push_back(std::move(made));
    }
    return found;
}

/// What was given back takes its points with it, whichever came first.
void take_refunds(const facts& history, std::vector<entry>& payments) {
    for (const trb_merged_fact& fact : history) {
        if (fact.kind != TRB_KIND_REFUND)
            continue;
        const auto& refund = sdk::body_as<trb_refund>(fact.body);
        if (!sdk::states(refund, TRB_REFUND_STATUS) || refund.status != TRB_REFUND_SUCCEEDED ||
            !sdk::states(refund, TRB_REFUND_AMOUNT))
            continue;
        for (entry& payment : payments)
            for (std::uint64_t index = 0; index < fact.parent_count; ++index)
                if (std::find(payment.ids.begin(), payment.ids.end(), view(fact.parents[index])) !=
                    payment.ids.end()) {
                    payment.net_minor -= refund.amount.amount_minor;
                    break;
                }
    }
}

class loyalty final : public sdk::plugin, public sdk::projection {
  public:
    static constexpr std::string_view short_name = "loyalty";
    static constexpr std::string_view version = "0.1.0";
    static constexpr std::string_view vendor = "the tributary authors";
    static constexpr std::string_view projection_name = "loyalty";
    static constexpr std::uint32_t fold_version = 1; // raise it when the same history gives other rows

    static sdk::outcome create(sdk::host, std::string_view config, std::unique_ptr<loyalty>& made) {
        if (config != "{}")
            return sdk::invalid("unknown_key", "there is nothing to configure in [plugin.loyalty]");
        made = std::make_unique<loyalty>();
        return {};
    }
    static std::span<const trb_migration> migrations() noexcept {
        static const std::array<trb_migration, 1> steps{{sdk::migration(1, schema)}};
        return steps;
    }
    static std::span<const trb_table> tables() noexcept {
        static constexpr std::array<trb_str, 4> columns{{TRB_STR_INIT("member"), TRB_STR_INIT("points"),
                                                         TRB_STR_INIT("state"), TRB_STR_INIT("paid_at_ms")}};
        static constexpr std::array<trb_table, 1> all{
            {{sizeof(trb_table), 0, TRB_STR_INIT("loyalty_entry"), columns.data(), columns.size()}}};
        return all;
    }
    static std::span<const trb_lookup_source> lookups() noexcept { return {}; }

    sdk::outcome fold(const trb_history& history, std::int64_t now_ms, sdk::fold_sink into) const override {
        const facts all(history.facts, history.fact_count, history.fact_stride);
        const std::string member = member_of(all);
        std::vector<entry> payments = payments_of(all);
        take_refunds(all, payments);
        if (member.empty())
            return {};
        // In the order in which they are earned: the message below is about the one that crosses the line.
        std::sort(payments.begin(), payments.end(), [](const entry& left, const entry& right) {
            return std::tie(left.paid_at_ms, left.id) < std::tie(right.paid_at_ms, right.id);
        });
        std::int64_t earned = 0;
        for (const entry& payment : payments)
            earned = tell(payment, member, earned, now_ms, into);
        return {};
    }

  private:
    /// @return points earned so far, this one included.
    static std::int64_t tell(const entry& payment, const std::string& member, std::int64_t earned,
                             std::int64_t now_ms, sdk::fold_sink into) {
        const std::int64_t points = payment.points();
        const std::int64_t earned_at_ms = payment.paid_at_ms + pending_ms;
        const bool waits = now_ms < earned_at_ms;
        const std::array<trb_cell, 4> cells{sdk::cell(member), sdk::cell(points),
                                            sdk::cell(waits ? "pending" : "earned"),
                                            sdk::cell(payment.paid_at_ms)};
        into.row(0, payment.id, cells);
        if (into.tracing())
            into.trace(0, payment.id, "points",
                       std::to_string(points) + " for whole units without tax, less refunds", payment.id);
        if (waits) {
            into.wake_at(earned_at_ms); // The host folds again then: no row contains the present.
            return earned;
        }
        into.measure("loyalty.points", member, {}, earned_at_ms, points);
        if (earned < gold_points && earned + points >= gold_points)
            into.message("loyalty.gold", member, earned_at_ms,
                         "{\"member\":" + quoted(member) + ",\"payment\":" + quoted(payment.id) + "}", false);
        return earned + points;
    }
};

} // namespace
} // namespace loyalty

TRIBUTARY_PLUGIN(loyalty::loyalty)
