#pragma once

#include <tributary/sdk/plugin.hpp>

#include "identifiers.hpp"

namespace tributary::attribution {

/// Raise it when the same history gives other rows.
inline constexpr std::uint32_t attribution_fold_version = 2;

/// Customer, leads, sales and commissions that follow from one customer's history, with their measures and
/// messages.
///
/// Pure: reads nothing but the history and what it looks up; no row depends on the current time.
/// Thread-safe.
void fold_history(const trb_history& history, sdk::fold_sink into, const fingerprints& hash);

} // namespace tributary::attribution
