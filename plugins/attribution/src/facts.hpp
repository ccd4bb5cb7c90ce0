#pragma once

#include <tributary/sdk/plugin.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tributary::attribution {

/// A fact that a route tells the host. Texts are views: they must live until emit() returns.
struct fact_draft {
    std::int32_t kind = TRB_KIND_IDENTITY;
    std::string_view document_id;
    std::string_view realm;
    std::int64_t at_ms = 0;
    std::string_view user;  ///< Exclusive claim; empty: none.
    std::string_view click; ///< Hint; empty: none.
    std::string_view email; ///< Hint; empty: none.
    std::vector<std::string_view> parents;
    const void* body = nullptr;
};

/// What a command says.
struct command_draft {
    std::string_view action;
    std::string_view target;
    std::string_view partner_id;
    trb_money amount{};
    bool has_amount = false;
    std::vector<std::pair<std::string_view, std::string>> arguments;
};

/// The host's facts service inside one call. Lives as long as the call.
class fact_emitter {
  public:
    fact_emitter(const trb_host_facts_v1* service, trb_scope* scope) noexcept
        : service_(service), scope_(scope) {}

    /// @return TRB_CONFLICT when the idempotency key was used before: nothing is stored then.
    sdk::outcome emit(const fact_draft& draft, std::string_view idempotency_key = {}) const;
    sdk::outcome emit_command(fact_draft draft, const command_draft& command) const;
    /// Folds what was emitted so far, so that this call reads its own effects.
    sdk::outcome settle() const;

  private:
    const trb_host_facts_v1* service_;
    trb_scope* scope_;
};

/// Pairs as the C side wants them; the texts must outlive the result.
std::vector<trb_pair> pair_views(const std::vector<std::pair<std::string, std::string>>& pairs);

} // namespace tributary::attribution
