#include "recurring_zone.hpp"

#include <algorithm>
#include <limits>

#include "time.hpp"
#include "wide.hpp"

namespace tributary::cel {
namespace {

constexpr std::int64_t day_seconds = 86'400;
/// Dates and their weekdays repeat after 400 years. Instants are looked at in the cycle that begins with
/// 1970, so that no instant of 64 bits is too far away.
constexpr std::int64_t cycle_seconds = 146'097 * day_seconds;

} // namespace

/// Takes the parts of the text off its front; once one does not fit, everything is wrong.
class recurring_zone::reader {
  public:
    explicit reader(std::string_view text) noexcept : rest_(text) {}

    bool good() const noexcept { return good_; }
    bool at_end() const noexcept { return rest_.empty(); }
    bool next_is(char asked) const noexcept { return !rest_.empty() && rest_.front() == asked; }

    bool skip(char expected) noexcept {
        if (!next_is(expected))
            return false;
        rest_.remove_prefix(1);
        return true;
    }
    void need(char expected) noexcept { good_ = skip(expected) && good_; }

    /// One to three digits.
    int number(int least, int most) noexcept {
        int made = 0;
        int digits = 0;
        for (; digits < 3 && !rest_.empty() && is_digit(rest_.front()); ++digits, rest_.remove_prefix(1))
            made = made * 10 + (rest_.front() - '0');
        good_ = good_ && digits > 0 && made >= least && made <= most;
        return made;
    }

    /// "CET" or "<+0330>", which nobody here asks for.
    void name() noexcept {
        const bool quoted = skip('<');
        std::size_t length = 0;
        while (length < rest_.size() && is_of_name(rest_[length], quoted))
            ++length;
        rest_.remove_prefix(length);
        good_ = good_ && length >= 3;
        if (quoted)
            need('>');
    }

    /// "[+-]hours[:minutes[:seconds]]" in seconds.
    std::int32_t clock(int hours_max) noexcept {
        const bool negative = skip('-');
        if (!negative)
            skip('+');
        std::int32_t seconds = number(0, hours_max) * 3600;
        if (skip(':')) {
            seconds += number(0, 59) * 60;
            if (skip(':'))
                seconds += number(0, 59);
        }
        return negative ? -seconds : seconds;
    }

    yearly change() noexcept {
        yearly made;
        if (skip('M')) {
            made.kind = day_kind::month_week_day;
            made.month = number(1, 12);
            need('.');
            made.week = number(1, 5);
            need('.');
            made.day = number(0, 6);
        } else if (skip('J')) {
            made.kind = day_kind::day_but_leap_day;
            made.day = number(1, 365);
        } else {
            made.day = number(0, 365);
        }
        made.seconds = skip('/') ? clock(167) : 2 * 3600;
        return made;
    }

  private:
    static bool is_digit(char given) noexcept { return given >= '0' && given <= '9'; }
    static bool is_of_name(char given, bool quoted) noexcept {
        const bool letter = (given >= 'A' && given <= 'Z') || (given >= 'a' && given <= 'z');
        return letter || (quoted && (is_digit(given) || given == '+' || given == '-'));
    }

    std::string_view rest_;
    bool good_ = true;
};

std::optional<recurring_zone> recurring_zone::parse(std::string_view text) noexcept {
    reader from(text);
    recurring_zone made;
    from.name();
    made.standard_offset_ = -from.clock(24); // The text counts towards the west.
    if (from.good() && !from.at_end()) {
        made.has_summer_ = true;
        from.name();
        made.summer_offset_ = from.next_is(',') ? made.standard_offset_ + 3600 : -from.clock(24);
        from.need(',');
        made.summer_begin_ = from.change();
        from.need(',');
        made.summer_end_ = from.change();
    }
    if (!from.good() || !from.at_end())
        return std::nullopt;
    return made;
}

std::int64_t recurring_zone::yearly::in(std::int64_t year) const noexcept {
    std::int64_t days = 0;
    switch (kind) {
    case day_kind::month_week_day: {
        const std::int64_t first = days_of(year, month, 1);
        const int to_weekday = (day - weekday_of(first) + 7) % 7;
        int in_month = to_weekday + (week - 1) * 7;
        if (in_month >= days_in_month(year, month)) // The fifth of four is the last.
            in_month -= 7;
        days = first + in_month;
        break;
    }
    case day_kind::day_but_leap_day: {
        const bool after_leap_day = day > 59 && days_in_month(year, 2) == 29;
        days = days_of(year, 1, 1) + day - 1 + (after_leap_day ? 1 : 0);
        break;
    }
    case day_kind::day_of_year: days = days_of(year, 1, 1) + day; break;
    }
    return days * day_seconds + seconds;
}

recurring_zone::interval recurring_zone::summer_of(std::int64_t year) const noexcept {
    const std::int64_t begin = summer_begin_.in(year)-standard_offset_;
    const std::int64_t end = summer_end_.in(year)-summer_offset_;
    if (begin <= end)
        return {begin, end};
    // In the south it ends in the year after.
    return {begin, summer_end_.in(year + 1) - summer_offset_};
}

std::int32_t recurring_zone::offset_at(std::int64_t epoch_seconds) const noexcept {
    if (!has_summer_)
        return standard_offset_;
    const std::int64_t instant = floor_remainder(epoch_seconds, cycle_seconds);
    const std::int64_t year = civil_of(instant).year;
    // A time of change may lie a week outside its year, and summer ends in the year after.
    for (std::int64_t near = year - 2; near <= year + 1; ++near) {
        const auto [begin, end] = summer_of(near);
        if (instant >= begin && instant < end)
            return summer_offset_;
    }
    return standard_offset_;
}

std::int64_t recurring_zone::next_change(std::int64_t epoch_seconds) const noexcept {
    constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
    if (!has_summer_)
        return never;
    const std::int64_t instant = floor_remainder(epoch_seconds, cycle_seconds);
    const std::int64_t year = civil_of(instant).year;
    std::int64_t soonest = never;
    for (std::int64_t near = year - 2; near <= year + 2; ++near) {
        const auto [begin, end] = summer_of(near);
        for (const std::int64_t change : {begin, end})
            if (change > instant)
                soonest = std::min(soonest, change);
    }
    std::int64_t found = 0;
    return __builtin_add_overflow(epoch_seconds, soonest - instant, &found) ? never : found;
}

} // namespace tributary::cel
