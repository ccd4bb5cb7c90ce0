#pragma once

#include <tributary/abi/plugin.h>

/// The toys inside a test's own process, without a shared object. Each call gives the same descriptor again.
namespace toy {

inline constexpr const char* provider_id = "org.tributary.toy";
inline constexpr const char* projection_id = "org.tributary.toyfold";

const trb_plugin* provider_plugin() noexcept;
const trb_plugin* projection_plugin() noexcept;
/// The same plugin in its next release: fold_version 2 and other arithmetic.
const trb_plugin* next_projection_plugin() noexcept;

} // namespace toy
