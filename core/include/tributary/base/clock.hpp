#pragma once

#include <cstdint>

namespace tributary {

/// Unix milliseconds, UTC.
using time_ms = std::int64_t;

/// Wall clock. Injected everywhere, so that a simulation decides what time it is.
///
/// Implementations are thread-safe.
class clock {
  public:
    virtual ~clock() = default;
    virtual time_ms now_ms() const = 0;
};

/// The machine's clock.
class system_clock final : public clock {
  public:
    time_ms now_ms() const override;
};

} // namespace tributary
