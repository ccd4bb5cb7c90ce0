#include "time.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "wide.hpp"

namespace tributary::cel {
namespace {

constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t second_nanoseconds = 1'000'000'000;

/// How many days of a common year lie before the month of this number, counted from 1; the last is the year.
constexpr std::array<int, 14> days_before_month = {0,   0,   31,  59,  90,  120, 151,
                                                   181, 212, 243, 273, 304, 334, 365};
constexpr std::int64_t days_of_400_years = 146'097;
constexpr std::int64_t days_of_100_years = 36'524; // The last of four has one more.
constexpr std::int64_t days_of_4_years = 1'461;
constexpr std::int64_t days_of_year = 365; // The last of four has one more, but for three centuries of four.
/// From 0001-01-01, where the cycles above begin, to 1970-01-01.
constexpr std::int64_t days_before_1970 = 719'162;

bool is_leap_year(std::int64_t year) noexcept {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr bool is_digit(char given) noexcept {
    return given >= '0' && given <= '9';
}

/// Takes exactly so many digits off a text.
bool take_digits(std::string_view& text, std::size_t count, int& into) noexcept {
    if (text.size() < count || !std::all_of(text.begin(), text.begin() + static_cast<int>(count), is_digit))
        return false;
    into = 0;
    for (const char digit : text.substr(0, count))
        into = into * 10 + (digit - '0');
    text.remove_prefix(count);
    return true;
}

bool take(std::string_view& text, char expected) noexcept {
    if (text.empty() || text.front() != expected)
        return false;
    text.remove_prefix(1);
    return true;
}

/// "2009-02-13T23:31:30" off a text. A leap second is refused: no count of seconds since 1970 has a place for
/// it.
bool take_civil(std::string_view& text, civil_time& into) noexcept {
    int year = 0;
    const bool read = take_digits(text, 4, year) && take(text, '-') && take_digits(text, 2, into.month) &&
                      take(text, '-') && take_digits(text, 2, into.day) && take(text, 'T') &&
                      take_digits(text, 2, into.hour) && take(text, ':') &&
                      take_digits(text, 2, into.minute) && take(text, ':') &&
                      take_digits(text, 2, into.second);
    into.year = year;
    return read && into.month >= 1 && into.month <= 12 && into.day >= 1 &&
           into.day <= days_in_month(year, into.month) && into.hour <= 23 && into.minute <= 59 &&
           into.second <= 59;
}

/// ".5" off a text, if it begins with a point. @return false for a point without one to nine digits.
bool take_fraction(std::string_view& text, std::int64_t& nanoseconds) noexcept {
    nanoseconds = 0;
    if (!take(text, '.'))
        return true;
    int digits = 0;
    for (; digits < 9 && !text.empty() && is_digit(text.front()); ++digits, text.remove_prefix(1))
        nanoseconds = nanoseconds * 10 + (text.front() - '0');
    const bool read = digits > 0;
    for (; digits < 9; ++digits)
        nanoseconds *= 10;
    return read;
}

/// "Z", "+01:00" off a text.
bool take_offset(std::string_view& text, std::int64_t& seconds) noexcept {
    seconds = 0;
    if (take(text, 'Z'))
        return true;
    if (!text.starts_with('+') && !text.starts_with('-'))
        return false;
    const auto read = parse_utc_offset(text.substr(0, 6));
    if (!read)
        return false;
    seconds = *read;
    text.remove_prefix(6);
    return true;
}

void append_padded(std::string& to, std::int64_t number, std::size_t width) {
    const std::string digits = std::to_string(number);
    to.append(width - std::min(width, digits.size()), '0');
    to += digits;
}

/// ".5" for half a second of nanoseconds, nothing for none.
void append_fraction(std::string& to, std::int64_t nanoseconds) {
    if (nanoseconds == 0)
        return;
    to += '.';
    append_padded(to, nanoseconds, 9);
    to.erase(to.find_last_not_of('0') + 1);
}

/// Takes a unit off a text. @return nanoseconds, 0 when it begins with none.
std::int64_t take_unit(std::string_view& text) noexcept {
    struct unit {
        std::string_view name;
        std::int64_t nanoseconds;
    };
    // "ms" before "m": the longer name is meant.
    constexpr std::array<unit, 6> units = {unit{"ms", 1'000'000},
                                           {"us", 1'000},
                                           {"ns", 1},
                                           {"h", 3600 * second_nanoseconds},
                                           {"m", 60 * second_nanoseconds},
                                           {"s", second_nanoseconds}};
    for (const unit& each : units) {
        if (!text.starts_with(each.name))
            continue;
        text.remove_prefix(each.name.size());
        return each.nanoseconds;
    }
    return 0;
}

/// Far above any duration, and far enough below 128 bits for a sum with the next term.
constexpr wide duration_too_long = wide{1} << 100;

/// "1.5h" off a text, added to nanoseconds. What is less than a nanosecond is dropped.
bool take_term(std::string_view& text, wide& nanoseconds) noexcept {
    wide whole = 0;
    std::size_t digits = 0;
    for (; !text.empty() && is_digit(text.front()); ++digits, text.remove_prefix(1))
        whole =
            std::min(whole * 10 + (text.front() - '0'), wide{std::numeric_limits<std::int64_t>::max()} * 2);
    wide fraction = 0;
    wide scale = 1;
    // More digits than 18 cannot matter: the largest unit has 3.6e12 nanoseconds.
    constexpr wide scale_max = wide{1'000'000'000} * 1'000'000'000;
    if (take(text, '.')) {
        for (; !text.empty() && is_digit(text.front()); ++digits, text.remove_prefix(1)) {
            if (scale == scale_max)
                continue;
            fraction = fraction * 10 + (text.front() - '0');
            scale *= 10;
        }
    }
    if (digits == 0)
        return false;
    const std::int64_t unit = take_unit(text);
    nanoseconds = std::min(nanoseconds + whole * unit + fraction * unit / scale, duration_too_long);
    return unit != 0;
}

} // namespace

std::int64_t days_of(std::int64_t year, int month, int day) noexcept {
    const std::int64_t before = year - 1;
    const std::int64_t leap_days =
        floor_divide(before, 4) - floor_divide(before, 100) + floor_divide(before, 400);
    const bool after_leap_day = month > 2 && is_leap_year(year);
    return before * days_of_year + leap_days + days_before_month[static_cast<std::size_t>(month)] +
           (after_leap_day ? 1 : 0) + (day - 1) - days_before_1970;
}

int days_in_month(std::int64_t year, int month) noexcept {
    const auto at = static_cast<std::size_t>(month);
    return days_before_month[at + 1] - days_before_month[at] + (month == 2 && is_leap_year(year) ? 1 : 0);
}

civil_time civil_of(std::int64_t seconds) noexcept {
    const std::int64_t second_of_day = floor_remainder(seconds, day_seconds);
    std::int64_t day = floor_divide(seconds, day_seconds) + days_before_1970;
    // Whole cycles off the front, the longest first. The last century and the last year of a cycle are longer
    // than the others, hence the limits of three.
    const std::int64_t cycles = floor_divide(day, days_of_400_years);
    day -= cycles * days_of_400_years;
    const std::int64_t centuries = std::min<std::int64_t>(day / days_of_100_years, 3);
    day -= centuries * days_of_100_years;
    const std::int64_t fours = day / days_of_4_years;
    day -= fours * days_of_4_years;
    const std::int64_t years = std::min<std::int64_t>(day / days_of_year, 3);
    day -= years * days_of_year;

    civil_time made;
    made.year = cycles * 400 + centuries * 100 + fours * 4 + years + 1;
    auto day_of_month = static_cast<int>(day);
    for (; day_of_month >= days_in_month(made.year, made.month); ++made.month)
        day_of_month -= days_in_month(made.year, made.month);
    made.day = day_of_month + 1;
    made.hour = static_cast<int>(second_of_day / 3600);
    made.minute = static_cast<int>(second_of_day / 60 % 60);
    made.second = static_cast<int>(second_of_day % 60);
    return made;
}

std::int64_t seconds_of(const civil_time& when) noexcept {
    return days_of(when.year, when.month, when.day) * day_seconds + when.hour * 3600 + when.minute * 60 +
           when.second;
}

int weekday_of(std::int64_t days) noexcept {
    return static_cast<int>(floor_remainder(days + 4, 7)); // 1970-01-01 was a Thursday.
}

std::optional<std::int32_t> parse_utc_offset(std::string_view text) noexcept {
    const bool behind = take(text, '-');
    if (!behind)
        take(text, '+');
    int hours = 0;
    int minutes = 0;
    if (!take_digits(text, 2, hours) || !take(text, ':') || !take_digits(text, 2, minutes) || !text.empty() ||
        hours > 23 || minutes > 59)
        return std::nullopt;
    return (hours * 60 + minutes) * (behind ? -60 : 60);
}

std::optional<value> make_timestamp(std::int64_t seconds, std::int64_t nanoseconds) noexcept {
    if (__builtin_add_overflow(seconds, floor_divide(nanoseconds, second_nanoseconds), &seconds) ||
        seconds < timestamp_seconds_min || seconds > timestamp_seconds_max)
        return std::nullopt;
    return value::timestamp(seconds,
                            static_cast<std::uint32_t>(floor_remainder(nanoseconds, second_nanoseconds)));
}

std::optional<value> parse_timestamp(std::string_view text) noexcept {
    civil_time when;
    std::int64_t nanoseconds = 0;
    std::int64_t offset = 0;
    if (!take_civil(text, when) || !take_fraction(text, nanoseconds) || !take_offset(text, offset) ||
        !text.empty())
        return std::nullopt;
    return make_timestamp(seconds_of(when) - offset, nanoseconds);
}

std::string timestamp_text(const value& timestamp) {
    const civil_time when = civil_of(timestamp.seconds());
    std::string made;
    append_padded(made, when.year, 4);
    for (const auto& [mark, part] :
         {std::pair('-', when.month), std::pair('-', when.day), std::pair('T', when.hour),
          std::pair(':', when.minute), std::pair(':', when.second)}) {
        made += mark;
        append_padded(made, part, 2);
    }
    append_fraction(made, timestamp.nanoseconds());
    made += 'Z';
    return made;
}

std::optional<value> parse_duration(std::string_view text) noexcept {
    const bool negative = take(text, '-');
    if (!negative)
        take(text, '+');
    if (text == "0")
        return value::duration(0);
    if (text.empty())
        return std::nullopt;
    wide nanoseconds = 0;
    while (!text.empty())
        if (!take_term(text, nanoseconds))
            return std::nullopt;
    const auto fitting = narrow(negative ? -nanoseconds : nanoseconds);
    if (!fitting)
        return std::nullopt;
    return value::duration(*fitting);
}

std::string duration_text(const value& duration) {
    const wide nanoseconds = duration.as_duration();
    const wide magnitude = nanoseconds < 0 ? -nanoseconds : nanoseconds;
    std::string made = nanoseconds < 0 ? "-" : "";
    made += std::to_string(static_cast<std::int64_t>(magnitude / second_nanoseconds));
    append_fraction(made, static_cast<std::int64_t>(magnitude % second_nanoseconds));
    made += 's';
    return made;
}

std::optional<value> add(const value& timestamp, std::int64_t nanoseconds) noexcept {
    // The whole seconds by themselves: the sum of both nanoseconds might not fit.
    return make_timestamp(timestamp.seconds() + floor_divide(nanoseconds, second_nanoseconds),
                          timestamp.nanoseconds() + floor_remainder(nanoseconds, second_nanoseconds));
}

std::optional<value> difference(const value& left, const value& right) noexcept {
    const wide seconds = wide{left.seconds()} - right.seconds();
    const wide nanoseconds = wide{left.nanoseconds()} - right.nanoseconds();
    const auto fitting = narrow(seconds * second_nanoseconds + nanoseconds);
    if (!fitting)
        return std::nullopt;
    return value::duration(*fitting);
}

} // namespace tributary::cel
