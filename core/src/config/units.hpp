#pragma once

#include <tributary/base/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace tributary::config {

/// "1MiB", "64KiB", "10MB", "512B", "4096": bytes. @errors malformed; out_of_range past 2^63 - 1.
result<std::int64_t> parse_size(std::string_view text);
/// The greatest binary unit that divides it: 1048576 is "1MiB", 1000 is "1000".
std::string size_text(std::int64_t bytes);

/// "200us", "500ms", "10s", "5m", "2h", "1d", in units of `unit_us`. @errors malformed, also when it is finer
/// than the unit; out_of_range past 2^63 - 1.
result<std::int64_t> parse_duration(std::string_view text, std::int64_t unit_us);
/// The greatest unit that divides it; nothing is "0s".
std::string duration_text(std::int64_t count, std::int64_t unit_us);

} // namespace tributary::config
