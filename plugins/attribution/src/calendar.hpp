#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Times as the wire and the reward rules want them. All times are Unix milliseconds, UTC.
///
/// Thread-safety: pure functions.
namespace tributary::attribution {

inline constexpr std::int64_t day_ms = 86'400'000;

/// "2026-01-31T09:00:00.000Z". Years outside 0..9999 are clamped to that range.
std::string iso_utc(std::int64_t at_ms);

/// Reads a date or a date and time of ISO 8601: "2026-01-31", "2026-01-31T09:00:00.5Z", "...+02:00". A time
/// without zone is UTC. Nothing when it is none.
std::optional<std::int64_t> parse_iso_utc(std::string_view text);

/// Whole calendar months from `first_ms` to `later_ms`: the largest n for which first plus n months, clamped
/// to the end of its month, is not after later. From 31 January to 28 February is one month. Negative spans
/// give 0.
std::int64_t months_between(std::int64_t first_ms, std::int64_t later_ms);

} // namespace tributary::attribution
