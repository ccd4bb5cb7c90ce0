#include "functions.hpp"
#include "local_clock.hpp"
#include "time.hpp"

namespace tributary::cel {
namespace {

// Months and days count from 0 but for getDate. @source cel-spec, Language Definition, "Timestamp" functions.
std::int64_t year(const civil_time& at) {
    return at.year;
}
std::int64_t month(const civil_time& at) {
    return at.month - 1;
}
std::int64_t date(const civil_time& at) {
    return at.day;
}
std::int64_t day_of_month(const civil_time& at) {
    return at.day - 1;
}
std::int64_t day_of_week(const civil_time& at) {
    return weekday_of(days_of(at.year, at.month, at.day));
}
std::int64_t day_of_year(const civil_time& at) {
    return days_of(at.year, at.month, at.day) - days_of(at.year, 1, 1);
}
std::int64_t hour(const civil_time& at) {
    return at.hour;
}
std::int64_t minute(const civil_time& at) {
    return at.minute;
}
std::int64_t second(const civil_time& at) {
    return at.second;
}

constexpr std::int64_t millisecond_nanoseconds = 1'000'000;
constexpr std::int64_t second_nanoseconds = 1'000'000'000;

using part_function = std::int64_t (*)(const civil_time& at);

/// A part of what clocks show: x.getHours(), x.getHours('Europe/Berlin'). With a unit also x.getHours() of a
/// duration: how many whole ones it has in all.
template <part_function part, std::int64_t unit_nanoseconds = 0>
value get(call_context& with, std::span<const value> arguments) {
    if (arguments.empty() || arguments.size() > 2)
        return no_such_overload();
    const value& of = arguments.front();
    if constexpr (unit_nanoseconds != 0)
        if (of.is(value_kind::duration) && arguments.size() == 1)
            return value::int64(of.as_duration() / unit_nanoseconds);
    if (!of.is(value_kind::timestamp))
        return no_such_overload();
    local_clock clock;
    value failure;
    if (!find_clock(with, arguments, 1, clock, failure))
        return failure;
    return value::int64(part(civil_of(clock.shown_at(of.seconds()))));
}

/// Of a timestamp and of a duration alike the part that is no whole second. A zone changes nothing, but has
/// to be one.
value get_milliseconds(call_context& with, std::span<const value> arguments) {
    if (arguments.empty() || arguments.size() > 2)
        return no_such_overload();
    const value& of = arguments.front();
    if (of.is(value_kind::duration) && arguments.size() == 1)
        return value::int64(of.as_duration() % second_nanoseconds / millisecond_nanoseconds);
    if (!of.is(value_kind::timestamp))
        return no_such_overload();
    local_clock clock;
    value failure;
    if (!find_clock(with, arguments, 1, clock, failure))
        return failure;
    return value::int64(of.nanoseconds() / millisecond_nanoseconds);
}

function_declaration declare(std::string name, function implementation, bool also_of_durations) {
    function_declaration made;
    made.name = std::move(name);
    made.implementation = implementation;
    made.overloads = {{{type::timestamp()}, type::int64(), true},
                      {{type::timestamp(), type::string()}, type::int64(), true}};
    if (also_of_durations)
        made.overloads.push_back({{type::duration()}, type::int64(), true});
    made.literals = {{}, {read_zone, false}};
    return made;
}

} // namespace

void add_time_functions(std::vector<function_declaration>& into) {
    into.push_back(declare("getFullYear", get<year>, false));
    into.push_back(declare("getMonth", get<month>, false));
    into.push_back(declare("getDate", get<date>, false));
    into.push_back(declare("getDayOfMonth", get<day_of_month>, false));
    into.push_back(declare("getDayOfWeek", get<day_of_week>, false));
    into.push_back(declare("getDayOfYear", get<day_of_year>, false));
    into.push_back(declare("getHours", get<hour, 3600 * second_nanoseconds>, true));
    into.push_back(declare("getMinutes", get<minute, 60 * second_nanoseconds>, true));
    into.push_back(declare("getSeconds", get<second, second_nanoseconds>, true));
    into.push_back(declare("getMilliseconds", get_milliseconds, true));
}

} // namespace tributary::cel
