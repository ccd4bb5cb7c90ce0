#pragma once

#include <tributary/sdk/plugin.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What people set up, as a fold sees it.
namespace tributary::attribution {

inline constexpr std::string_view default_group_id = "default";
inline constexpr std::string_view default_currency = "USD";

struct link_entry {
    std::string id;
    std::string domain;
    std::string key;
    std::string partner_id; ///< Empty: a link without partner.
};

struct partner_entry {
    std::string id;
    std::string name;
    std::string email;
    std::string image;
    std::string country;
};

struct program_entry {
    std::string currency{default_currency};
    /// Does a click also attribute what its customer bought before it?
    bool earlier_sales = true;
};

enum class reward_event { sale, lead };
enum class reward_type { flat, percentage };

/// One dated reward of a group.
struct reward_terms {
    std::string id;
    std::string group_id;
    reward_event event = reward_event::sale;
    reward_type type = reward_type::percentage;
    std::int64_t amount_minor = 0; ///< Flat: minor units of `currency` per sale, or per unit of a lead.
    std::int64_t rate_bps = 0;     ///< Percentage: basis points, 0..10000.
    std::string currency;
    std::optional<std::int64_t> max_duration_months; ///< Nothing: for ever. 0: the first sale only.
    std::int64_t effective_from_ms = 0;
    std::optional<std::int64_t> effective_to_ms; ///< The first moment at which they no longer apply.
};

/// Reads the registers through the fold's lookup and keeps the answers for the rest of this fold.
///
/// Dated ones (membership, terms) are asked as of `horizon_ms`, the time of the last thing in the history
/// that can earn something: a later change does not concern this subject. The others are asked without limit.
/// Not thread-safe.
class catalogue {
  public:
    catalogue(sdk::fold_sink from, std::int64_t horizon_ms) : from_(from), horizon_ms_(horizon_ms) {}

    const program_entry& program();
    /// Null when there is no such link. The pointer is valid as long as the catalogue.
    const link_entry* find_link(std::string_view id);
    const partner_entry* find_partner(std::string_view id);
    /// The partner's group at that time; the default group when none was chosen by then.
    std::string group_of(std::string_view partner_id, std::int64_t at_ms);
    /// The terms of a group for an event at that time: among those in force the one that started last.
    const reward_terms* find_terms(std::string_view group_id, reward_event event, std::int64_t at_ms);

  private:
    struct membership {
        std::int64_t effective_from_ms;
        std::string group_id;
    };
    const std::vector<reward_terms>& terms_of(std::string_view group_id);

    sdk::fold_sink from_;
    std::int64_t horizon_ms_;
    std::optional<program_entry> program_;
    std::map<std::string, std::optional<link_entry>, std::less<>> links_;
    std::map<std::string, std::optional<partner_entry>, std::less<>> partners_;
    std::map<std::string, std::vector<membership>, std::less<>> memberships_;
    std::map<std::string, std::vector<reward_terms>, std::less<>> terms_;
};

} // namespace tributary::attribution
