#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tributary::cel {

/// A zone whose clocks change in the same way every year, or never: the POSIX TZ text at the end of a TZif
/// file. Value, thread-safe.
/// @source RFC 9636, section 3.3.1: times of change may also be negative and up to 167 hours.
class recurring_zone {
  public:
    /// "CET-1CEST,M3.5.0,M10.5.0/3". @return nothing for other text, and for a zone with summer time that
    /// does not say when it is.
    static std::optional<recurring_zone> parse(std::string_view text) noexcept;

    /// Seconds ahead of UTC.
    std::int32_t offset_at(std::int64_t epoch_seconds) const noexcept;
    /// The first instant after this one at which the offset may change; the largest number when it never
    /// does.
    std::int64_t next_change(std::int64_t epoch_seconds) const noexcept;

  private:
    enum class day_kind : std::uint8_t {
        month_week_day, ///< Mm.w.d: the week's day 0 (Sunday) to 6 in week 1 to 5 of a month, 5 for the last.
        day_but_leap_day, ///< Jn: 1 to 365, February 29 not counted.
        day_of_year,      ///< n: 0 to 365.
    };
    /// When in a year the clocks change.
    struct yearly {
        day_kind kind = day_kind::day_of_year;
        int month = 0;
        int week = 0;
        int day = 0;
        std::int32_t seconds = 0; ///< After midnight on the clocks before the change.

        std::int64_t in(std::int64_t year) const noexcept;
    };
    /// Summer time of one year, from the first second to the one after the last.
    struct interval {
        std::int64_t begin;
        std::int64_t end;
    };
    interval summer_of(std::int64_t year) const noexcept;

    class reader;
    std::int32_t standard_offset_ = 0;
    std::int32_t summer_offset_ = 0;
    bool has_summer_ = false;
    yearly summer_begin_;
    yearly summer_end_;
};

} // namespace tributary::cel
