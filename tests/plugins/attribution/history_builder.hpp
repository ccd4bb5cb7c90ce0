#pragma once

#include <tributary/sdk/plugin.hpp>

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::attribution::testing {

inline constexpr std::int64_t day = 86'400'000;

struct claim_draft {
    std::int32_t claim_class;
    std::string_view name;
    std::string_view value;
};

/// A merged fact under construction. Texts are kept by the builder.
class fact_draft {
  public:
    fact_draft(class history_builder& in, std::int32_t kind, std::string_view id, std::int64_t at_ms);
    fact_draft(const fact_draft&) = delete;
    fact_draft& operator=(const fact_draft&) = delete;

    fact_draft& user(std::string_view id);
    fact_draft& clicked(std::string_view click_id);
    fact_draft& about(std::string_view parent_id);
    fact_draft& also_known_as(std::string_view id);
    fact_draft& in_realm(std::string_view name);
    fact_draft& historic();
    fact_draft& changed_at(std::int64_t source_time_ms);
    /// A payment's line, with its net amount.
    fact_draft& line(std::string_view id, std::int64_t net_minor);
    /// A command's argument.
    fact_draft& argument(std::string_view name, std::string_view value);

    trb_payment payment{};
    trb_refund refund{};
    trb_dispute dispute{};
    trb_lead lead{};
    trb_click click{};
    trb_customer customer{};
    trb_checkout checkout{};
    trb_command command{};
    trb_subscription subscription{};

    trb_merged_fact& finish();
    const trb_merged_fact& fact() const { return fact_; }

  private:
    class history_builder& in_;
    trb_merged_fact fact_{};
    std::vector<trb_str> ids_;
    std::vector<trb_str> parents_;
    std::vector<trb_claim> claims_;
    std::vector<trb_line> lines_;
    std::vector<trb_pair> arguments_;
};

/// Makes histories by hand, in the form in which the host hands them to a fold.
class history_builder {
  public:
    explicit history_builder(std::string_view subject = "u_1") : subject_(subject) {}
    history_builder(const history_builder&) = delete;
    history_builder& operator=(const history_builder&) = delete;

    fact_draft& click(std::string_view id, std::int64_t at_ms, std::string_view link_id);
    fact_draft& customer(std::string_view id, std::int64_t at_ms, std::string_view name = {},
                         std::string_view email = {});
    fact_draft& identity(std::string_view id, std::int64_t at_ms);
    fact_draft& lead(std::string_view id, std::int64_t at_ms, std::string_view event_name = "Sign up");
    fact_draft& checkout(std::string_view id, std::int64_t at_ms,
                         std::int64_t status = TRB_CHECKOUT_COMPLETE);
    /// A payment that succeeded; without tax when `net` equals `total`.
    fact_draft& payment(std::string_view id, std::int64_t at_ms, std::int64_t cash, std::int64_t total,
                        std::int64_t net, std::string_view currency = "USD", std::uint32_t exponent = 2);
    fact_draft& refund(std::string_view id, std::int64_t at_ms, std::string_view payment_id,
                       std::int64_t amount, std::int64_t status = TRB_REFUND_SUCCEEDED);
    fact_draft& dispute(std::string_view id, std::int64_t at_ms, std::string_view payment_id,
                        std::int64_t amount, std::int64_t status);
    fact_draft& command(std::string_view id, std::int64_t at_ms, std::int64_t sequence,
                        std::string_view action, std::string_view target, std::string_view partner,
                        std::string_view payment_id);
    /// A payment of a commission; `ordinal` and type as the routes write them.
    fact_draft& pay(std::string_view id, std::int64_t at_ms, std::int64_t sequence, std::string_view target,
                    std::string_view partner, std::string_view payment_id, std::int64_t amount,
                    std::string_view ordinal = "0");

    /// The history, sorted as the host sorts. Valid until the builder changes.
    const trb_history& build();

    /// Keeps a text as long as the builder lives.
    trb_str keep(std::string_view text);

  private:
    fact_draft& add(std::int32_t kind, std::string_view id, std::int64_t at_ms);

    std::string subject_;
    std::deque<std::string> texts_;
    std::deque<fact_draft> drafts_;
    std::vector<trb_merged_fact> facts_;
    trb_history history_{};
};

} // namespace tributary::attribution::testing
