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

/// Milliseconds of a clock that never jumps, since some moment: for measuring how long something takes, where
/// nothing that is stored depends on it.
std::int64_t steady_now_ms() noexcept;

} // namespace tributary
