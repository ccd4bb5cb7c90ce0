#include "calendar.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace tributary::attribution {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::sys_days;
using std::chrono::sys_time;
using std::chrono::year_month_day;

constexpr std::int64_t iso_min_ms = -62'167'219'200'000; // 0000-01-01
constexpr std::int64_t iso_max_ms = 253'402'300'799'999; // 9999-12-31

struct civil {
    year_month_day date;
    std::int64_t time_of_day_ms;
};

civil civil_of(std::int64_t at_ms) {
    const sys_time<milliseconds> at{milliseconds(std::clamp(at_ms, iso_min_ms, iso_max_ms))};
    const auto day = std::chrono::floor<days>(at);
    return {year_month_day(day), (at - day).count()};
}

/// Reads exactly `digits` decimal digits and steps over them.
bool take_number(std::string_view& text, std::size_t digits, int& into) {
    if (text.size() < digits)
        return false;
    into = 0;
    for (const char c : text.substr(0, digits)) {
        if (c < '0' || c > '9')
            return false;
        into = into * 10 + (c - '0');
    }
    text.remove_prefix(digits);
    return true;
}

bool take(std::string_view& text, char expected) {
    if (text.empty() || text.front() != expected)
        return false;
    text.remove_prefix(1);
    return true;
}

/// ".5", ".123456": to milliseconds, further digits are dropped.
std::optional<int> take_fraction_ms(std::string_view& text) {
    if (!take(text, '.'))
        return 0;
    int value = 0;
    int scale = 100;
    std::size_t digits = 0;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
        value += (text[digits] - '0') * scale;
        scale /= 10;
    }
    text.remove_prefix(digits);
    return digits == 0 ? std::nullopt : std::optional(value);
}

std::optional<std::int64_t> take_zone_ms(std::string_view text) {
    if (text.empty() || text == "Z" || text == "z")
        return 0;
    const bool behind = text.front() == '-';
    if (!behind && text.front() != '+')
        return std::nullopt;
    text.remove_prefix(1);
    int hours = 0;
    int minutes = 0;
    if (!take_number(text, 2, hours))
        return std::nullopt;
    take(text, ':');
    if (!take_number(text, 2, minutes) || !text.empty() || hours > 14 || minutes > 59)
        return std::nullopt;
    const std::int64_t offset = (hours * 60 + minutes) * std::int64_t{60'000};
    return behind ? -offset : offset;
}

std::int64_t add_months(const civil& from, std::int64_t months) {
    const auto month = std::chrono::year_month(from.date.year(), from.date.month()) +
                       std::chrono::months(static_cast<int>(months));
    const auto last =
        std::chrono::year_month_day_last(month.year(), std::chrono::month_day_last(month.month()));
    const year_month_day date(month.year(), month.month(), std::min(from.date.day(), last.day()));
    return std::chrono::duration_cast<milliseconds>(sys_days(date).time_since_epoch()).count() +
           from.time_of_day_ms;
}

} // namespace

std::string iso_utc(std::int64_t at_ms) {
    const civil at = civil_of(at_ms);
    const auto milli = static_cast<unsigned>(at.time_of_day_ms % 1000);
    const auto second = static_cast<unsigned>(at.time_of_day_ms / 1000);
    char text[64];
    const int size = std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02u:%02u:%02u.%03uZ",
                                   int(at.date.year()), unsigned(at.date.month()), unsigned(at.date.day()),
                                   second / 3600, second / 60 % 60, second % 60, milli);
    return {text, static_cast<std::size_t>(size)};
}

std::optional<std::int64_t> parse_iso_utc(std::string_view text) {
    int year = 0;
    int month = 0;
    int day = 0;
    if (!take_number(text, 4, year) || !take(text, '-') || !take_number(text, 2, month) || !take(text, '-') ||
        !take_number(text, 2, day))
        return std::nullopt;
    const year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                              std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok())
        return std::nullopt;
    const std::int64_t midnight =
        std::chrono::duration_cast<milliseconds>(sys_days(date).time_since_epoch()).count();
    if (text.empty())
        return midnight;
    int hour = 0;
    int minute = 0;
    int second = 0;
    if ((!take(text, 'T') && !take(text, ' ')) || !take_number(text, 2, hour) || !take(text, ':') ||
        !take_number(text, 2, minute))
        return std::nullopt;
    if (take(text, ':') && !take_number(text, 2, second))
        return std::nullopt;
    const auto fraction = take_fraction_ms(text);
    const auto zone = take_zone_ms(text);
    if (!fraction || !zone || hour > 23 || minute > 59 || second > 59)
        return std::nullopt;
    return midnight + ((hour * 60 + minute) * std::int64_t{60} + second) * 1000 + *fraction - *zone;
}

std::int64_t months_between(std::int64_t first_ms, std::int64_t later_ms) {
    if (later_ms <= first_ms)
        return 0;
    const civil first = civil_of(first_ms);
    const civil later = civil_of(later_ms);
    const std::int64_t months = (int(later.date.year()) - int(first.date.year())) * 12 +
                                (int(unsigned(later.date.month())) - int(unsigned(first.date.month())));
    return add_months(first, months) > later_ms ? months - 1 : months;
}

} // namespace tributary::attribution
