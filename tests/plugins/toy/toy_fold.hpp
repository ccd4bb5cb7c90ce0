#pragma once

#include <tributary/sdk/plugin.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace toy {

namespace sdk = tributary::sdk;

/// Index into toy_projection_base::tables().
enum class table : std::uint32_t { payment, subscription, subject };

/// Kind of the lookup into toyfold_rate; its key is a currency.
inline constexpr std::string_view rate_lookup = "toy_rate";

/// One fold of one history. Made for one call.
class folding {
  public:
    folding(const trb_history& history, std::int64_t now_ms, sdk::fold_sink into,
            std::int64_t reserve_percent)
        : history_(history), facts_(history.facts, history.fact_count, history.fact_stride), now_ms_(now_ms),
          into_(into), reserve_percent_(reserve_percent) {}

    /// @errors internal, when a customer's metadata says poison=1.
    sdk::outcome run();

  private:
    /// What the refunds and disputes of one payment come to.
    struct returned {
        std::int64_t minor = 0;
        std::int64_t refunds_pending = 0;
        std::int64_t disputes_open = 0;
    };

    bool poisoned() const;
    returned returned_from(const trb_merged_fact& payment) const;
    std::optional<std::int64_t> rate_bps(std::string_view currency, std::int64_t at_ms) const;
    void collect();
    void fold_payment(const trb_merged_fact& fact);
    void tell_payment(const trb_merged_fact& fact, const trb_money& cash, std::int64_t net_minor);
    void fold_subscriptions();
    void fold_subject();

    const trb_history& history_;
    sdk::strided<trb_merged_fact> facts_;
    std::int64_t now_ms_;
    sdk::fold_sink into_;
    std::int64_t reserve_percent_;

    std::string user_;
    std::string clicks_; ///< Link ids with commas between them, in the order of the history.
    std::string first_link_;
    std::string currency_;
    std::map<std::string, std::int64_t> totals_; ///< By "USD/2".
    std::map<std::string, const trb_merged_fact*>
        subscriptions_;          ///< Newest version by realm and smallest id.
    std::int64_t net_minor_ = 0; ///< Of the payments in the currency of the first.
    std::int64_t payments_ = 0;
    std::int64_t refunds_ = 0;
    std::int64_t leads_ = 0;
    std::int64_t commands_ = 0;
};

} // namespace toy
