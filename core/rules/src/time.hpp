#pragma once

#include <tributary/cel/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace tributary::cel {

class zone;

inline constexpr std::int64_t timestamp_seconds_min = -62'135'596'800; ///< 0001-01-01T00:00:00Z
inline constexpr std::int64_t timestamp_seconds_max = 253'402'300'799; ///< 9999-12-31T23:59:59Z

/// A day and time of day by the proleptic Gregorian calendar.
struct civil_time {
    std::int64_t year = 1970;
    int month = 1; ///< 1 to 12
    int day = 1;   ///< 1 to 31
    int hour = 0;
    int minute = 0;
    int second = 0;
};
/// Of seconds counted from 1970-01-01T00:00:00, in whatever zone they count.
civil_time civil_of(std::int64_t seconds) noexcept;
std::int64_t seconds_of(const civil_time& when) noexcept;
/// Days from 1970-01-01 to a date.
std::int64_t days_of(std::int64_t year, int month, int day) noexcept;
int days_in_month(std::int64_t year, int month) noexcept;

/// 0 for Sunday to 6 for Saturday, of days counted from 1970-01-01.
int weekday_of(std::int64_t days) noexcept;

/// Seconds ahead of UTC: "+hh:mm", "-hh:mm" or "hh:mm", at most 23:59. @return nothing for other text.
std::optional<std::int32_t> parse_utc_offset(std::string_view text) noexcept;

/// RFC 3339 with any offset, up to nine digits of a second; "T" and "Z" in upper case. @return a timestamp;
/// nothing when it is none or out of range.
std::optional<value> parse_timestamp(std::string_view text) noexcept;
/// In UTC: "2009-02-13T23:31:30Z", fractions without trailing zeros.
std::string timestamp_text(const value& timestamp);

/// "1h30m", "-1.5s", "10ms": signed, any number of terms of a decimal and one of h m s ms us ns; "0" alone
/// too.
/// @return a duration; nothing when it is none or leaves 64 bits of nanoseconds.
std::optional<value> parse_duration(std::string_view text) noexcept;
/// In seconds: "5400s", "1.5s", "-0.000001s".
std::string duration_text(const value& duration);

/// A timestamp of these parts, nothing when out of range. `nanoseconds` may be any number: it is carried
/// over.
std::optional<value> make_timestamp(std::int64_t seconds, std::int64_t nanoseconds) noexcept;

/// timestamp + duration, and the difference of two timestamps as a duration; nothing when out of range.
std::optional<value> add(const value& timestamp, std::int64_t nanoseconds) noexcept;
std::optional<value> difference(const value& left, const value& right) noexcept;

} // namespace tributary::cel
