#pragma once

#include <cstdint>

#include "request.hpp"

namespace tributary::attribution {

/// From when on a term is to apply: `effectiveFrom`, now when absent.
///
/// A past moment changes what was earned already: it is refused unless `retroactive` is true. A minute of
/// grace covers clocks that differ; it is moved to now, so that nothing in the past changes.
/// @source design, "Terms ... a past effective_from needs --retroactive".
inline std::int64_t read_effective_from(body_reader& body, std::int64_t now_ms) {
    constexpr std::int64_t grace_ms = 60'000;
    const bool retroactive = body.boolean("retroactive").value_or(false);
    const std::int64_t from_ms = body.time("effectiveFrom").value_or(now_ms);
    if (from_ms >= now_ms || retroactive)
        return from_ms;
    if (from_ms < now_ms - grace_ms)
        body.fail(unprocessable("custom", "effectiveFrom",
                                "lies in the past: commissions on earlier sales would change."
                                " Say \"retroactive\": true if that is intended."));
    return now_ms;
}

} // namespace tributary::attribution
