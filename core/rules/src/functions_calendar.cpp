#include <algorithm>
#include <array>
#include <compare>
#include <cstdlib>

#include "functions.hpp"
#include "local_clock.hpp"
#include "time.hpp"
#include "wide.hpp"

namespace tributary::cel {
namespace {

constexpr std::int64_t day_seconds = 86'400;

/// What clocks show at two instants, to the nanosecond.
struct shown_pair {
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::uint32_t from_nanoseconds = 0;
    std::uint32_t to_nanoseconds = 0;
};

/// Two timestamps and, if there is a third argument, its zone.
bool read_pair(call_context& with, std::span<const value> arguments, shown_pair& into, value& failure) {
    if (arguments.size() < 2 || arguments.size() > 3 || !arguments[0].is(value_kind::timestamp) ||
        !arguments[1].is(value_kind::timestamp)) {
        failure = no_such_overload();
        return false;
    }
    local_clock clock;
    if (!find_clock(with, arguments, 2, clock, failure))
        return false;
    into = {clock.shown_at(arguments[0].seconds()), clock.shown_at(arguments[1].seconds()),
            arguments[0].nanoseconds(), arguments[1].nanoseconds()};
    return true;
}

std::strong_ordering compare(std::int64_t seconds, std::uint32_t nanoseconds, std::int64_t other_seconds,
                             std::uint32_t other_nanoseconds) noexcept {
    return seconds != other_seconds ? seconds <=> other_seconds : nanoseconds <=> other_nanoseconds;
}

/// The same day and time so many months earlier. A day that the month does not have is so many days after its
/// end: February 31 is March 3 or 2.
std::int64_t months_earlier(const civil_time& when, std::int64_t months) noexcept {
    const std::int64_t month = when.year * 12 + (when.month - 1) - months;
    civil_time moved = when;
    moved.year = floor_divide(month, 12);
    moved.month = static_cast<int>(floor_remainder(month, 12)) + 1;
    return seconds_of(moved);
}

/// Full months from one time to another, as people count subscriptions: from January 31 to February 28 is
/// one, because there is no later day in February. @source date-fns, differenceInMonths(to, from), whose
/// results are followed in the reversed direction and at the ends of months too.
std::int64_t full_months(const shown_pair& pair) noexcept {
    const auto direction = compare(pair.to, pair.to_nanoseconds, pair.from, pair.from_nanoseconds);
    const std::int64_t sign = direction > 0 ? 1 : -1;
    civil_time to = civil_of(pair.to);
    const civil_time from = civil_of(pair.from);
    const std::int64_t calendar_months =
        std::abs((to.year - from.year) * 12 + static_cast<std::int64_t>(to.month - from.month));
    if (calendar_months == 0)
        return 0;
    const bool is_last_day = to.day == days_in_month(to.year, to.month);
    if (to.month == 2 && to.day > 27) {
        // The end of February stands for the end of any month: as its 30th it is a day in March.
        const civil_time moved = civil_of(seconds_of({to.year, 2, 30, to.hour, to.minute, to.second}));
        to = moved;
    }
    const auto moved = compare(months_earlier(to, sign * calendar_months), pair.to_nanoseconds, pair.from,
                               pair.from_nanoseconds);
    bool last_is_full = sign > 0 ? moved >= 0 : moved <= 0;
    if (is_last_day && calendar_months == 1 && sign > 0)
        last_is_full = true;
    return sign * (calendar_months - (last_is_full ? 0 : 1));
}

value months_between(call_context& with, std::span<const value> arguments) {
    shown_pair pair;
    value failure;
    if (!read_pair(with, arguments, pair, failure))
        return failure;
    return value::int64(full_months(pair));
}

value days_between(call_context& with, std::span<const value> arguments) {
    shown_pair pair;
    value failure;
    if (!read_pair(with, arguments, pair, failure))
        return failure;
    return value::int64(floor_divide(pair.to, day_seconds) - floor_divide(pair.from, day_seconds));
}

enum class calendar_unit : std::uint8_t { day, week, week_sunday, month, year };
struct named_unit {
    std::string_view name;
    calendar_unit unit;
};
constexpr std::array<named_unit, 5> calendar_units = {named_unit{"day", calendar_unit::day},
                                                      {"week", calendar_unit::week},
                                                      {"week_sunday", calendar_unit::week_sunday},
                                                      {"month", calendar_unit::month},
                                                      {"year", calendar_unit::year}};

value read_unit(call_context& with, std::string_view text) {
    std::string known;
    for (const auto& [name, unit] : calendar_units) {
        if (name == text)
            return value::int64(static_cast<std::int64_t>(unit));
        known += (known.empty() ? "'" : ", '") + std::string(name) + "'";
    }
    return with.fail(evaluation_errc::invalid_argument,
                     "unknown unit '" + std::string(text) + "'; known are " + known);
}

/// Midnight at the beginning of the unit in which clocks show this.
std::int64_t beginning_of(std::int64_t shown, calendar_unit unit) noexcept {
    const std::int64_t day = floor_divide(shown, day_seconds);
    const civil_time when = civil_of(shown);
    switch (unit) {
    case calendar_unit::day: return day * day_seconds;
    case calendar_unit::week: return (day - (weekday_of(day) + 6) % 7) * day_seconds;
    case calendar_unit::week_sunday: return (day - weekday_of(day)) * day_seconds;
    case calendar_unit::month: return days_of(when.year, when.month, 1) * day_seconds;
    case calendar_unit::year: return days_of(when.year, 1, 1) * day_seconds;
    }
    return shown;
}

value start_of(call_context& with, std::span<const value> arguments) {
    if (arguments.size() < 2 || arguments.size() > 3 || !arguments[0].is(value_kind::timestamp) ||
        !arguments[1].is(value_kind::int64) || arguments[1].as_int64() < 0 ||
        arguments[1].as_int64() >= static_cast<std::int64_t>(calendar_units.size()))
        return no_such_overload();
    local_clock clock;
    value failure;
    if (!find_clock(with, arguments, 2, clock, failure))
        return failure;
    const auto unit = static_cast<calendar_unit>(arguments[1].as_int64());
    const std::int64_t shown = clock.shown_at(arguments[0].seconds());
    const auto made = make_timestamp(clock.instant_of(beginning_of(shown, unit)), 0);
    return made ? *made : value::error(evaluation_errc::overflow);
}

} // namespace

void add_calendar_functions(std::vector<function_declaration>& into) {
    const type timestamp = type::timestamp();
    const type string = type::string();
    for (const auto& [name, implementation] :
         {std::pair<const char*, function>{"monthsBetween", months_between}, {"daysBetween", days_between}}) {
        function_declaration made;
        made.name = name;
        made.overloads = {{{timestamp, timestamp}, type::int64()},
                          {{timestamp, timestamp, string}, type::int64()}};
        made.implementation = implementation;
        made.literals = {{}, {}, {read_zone, false}};
        into.push_back(std::move(made));
    }
    function_declaration made;
    made.name = "startOf";
    made.overloads = {{{timestamp, string}, timestamp}, {{timestamp, string, string}, timestamp}};
    made.implementation = start_of;
    made.literals = {{}, {read_unit, true}, {read_zone, false}};
    into.push_back(std::move(made));
}

} // namespace tributary::cel
