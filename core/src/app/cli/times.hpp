#pragma once

#include <tributary/base/clock.hpp>
#include <tributary/base/result.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace tributary::app::cli {

/// "2024-02-29T12:00:00.000Z": RFC 3339, UTC, always with milliseconds.
std::string time_text(time_ms at);
std::optional<std::string> time_text(const std::optional<time_ms>& at);

/// A point in time as a person writes it: "now"; "2024-02-29"; "2024-02-29T12:00:00Z", with a fraction or an
/// offset like "+01:00"; "90d", "+12h", "-30m", "10s" from now.
/// @errors cli_errc::usage.
result<time_ms> parse_time(std::string_view text, time_ms now);

} // namespace tributary::app::cli
