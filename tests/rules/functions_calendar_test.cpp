#include <tributary/cel/zone.hpp>

#include <boost/test/unit_test.hpp>

#include "functions.hpp"
#include "values.hpp"

using namespace tributary::cel;
using namespace tributary::cel::test;

BOOST_AUTO_TEST_SUITE(functions_of_the_calendar)

namespace {

struct calls : caller {
    calls() : caller(add_calendar_functions) { context().zones = &zones; }

    value start_of(std::string_view at, std::string_view unit, std::string_view zone = {}) {
        std::vector<value> arguments = {timestamp_of(at), read("startOf", 1, unit)};
        if (!zone.empty())
            arguments.push_back(read("startOf", 2, zone));
        return call("startOf", arguments);
    }
    zone_database zones;
};

} // namespace

// The numbers are those of date-fns 3.6.0, differenceInMonths(to, from) and (from, to), in UTC.
BOOST_FIXTURE_TEST_CASE(full_months_are_counted_as_date_fns_counts_them, calls) {
    const struct {
        const char* from;
        const char* to;
        std::int64_t forward;
        std::int64_t backward;
    } cases[] = {
        {"2026-01-31T12:00:00Z", "2026-12-31T12:00:00Z", 11, -11},
        {"2026-01-31T12:00:00Z", "2027-01-30T12:00:00Z", 11, -11},
        {"2026-01-31T12:00:00Z", "2027-01-31T12:00:00Z", 12, -12},
        {"2026-01-31T12:00:00Z", "2027-01-31T11:59:59Z", 11, -11},
        {"2026-01-31T12:00:00Z", "2026-02-27T12:00:00Z", 0, 0},
        {"2026-01-31T12:00:00Z", "2026-02-28T12:00:00Z", 1, 0},
        {"2026-01-31T12:00:00Z", "2026-02-28T08:00:00Z", 1, 0},
        {"2024-01-31T12:00:00Z", "2024-02-28T12:00:00Z", 1, 0},
        {"2024-01-31T12:00:00Z", "2024-02-29T00:00:00Z", 1, 0},
        {"2024-02-29T12:00:00Z", "2025-02-28T12:00:00Z", 12, -11},
        {"2024-02-29T12:00:00Z", "2025-02-27T12:00:00Z", 11, -11},
        {"2024-02-29T12:00:00Z", "2028-02-29T11:00:00Z", 48, -47},
        {"2025-12-31T00:00:00Z", "2026-02-28T00:00:00Z", 2, -1},
        {"2026-01-31T00:00:00Z", "2026-04-30T00:00:00Z", 2, -2},
        {"2026-03-31T00:00:00Z", "2026-04-30T00:00:00Z", 1, 0},
        {"2026-03-31T12:00:00Z", "2026-04-30T11:00:00Z", 1, 0},
        {"2026-03-31T12:00:00Z", "2026-04-29T12:00:00Z", 0, 0},
        {"2026-01-15T10:00:00Z", "2026-02-15T10:00:00Z", 1, -1},
        {"2026-01-15T10:00:00Z", "2026-02-15T09:59:59Z", 0, 0},
        {"2026-01-15T10:00:00Z", "2026-01-31T09:59:59Z", 0, 0},
        {"2026-01-15T10:00:00Z", "2026-01-15T10:00:00Z", 0, 0},
        {"2025-03-31T00:00:00Z", "2026-02-28T00:00:00Z", 11, -10},
        {"2026-03-31T00:00:00Z", "2026-09-30T00:00:00Z", 5, -5},
        {"2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z", 1200, -1200},
        {"2014-01-31T00:00:00Z", "2014-09-01T00:00:00Z", 7, -7},
        {"1969-11-30T00:00:00Z", "1970-02-28T00:00:00Z", 3, -2},
    };
    for (const auto& each : cases)
        BOOST_TEST_CONTEXT(each.from << " to " << each.to) {
            const value from = timestamp_of(each.from);
            const value to = timestamp_of(each.to);
            BOOST_TEST(call("monthsBetween", {from, to}) == value::int64(each.forward));
            BOOST_TEST(call("monthsBetween", {to, from}) == value::int64(each.backward));
        }
}

BOOST_FIXTURE_TEST_CASE(a_nanosecond_less_is_not_a_full_month, calls) {
    const value from = timestamp_of("2026-01-15T10:00:00.000000001Z");
    BOOST_TEST(call("monthsBetween", {from, timestamp_of("2026-03-15T10:00:00.000000001Z")}) ==
               value::int64(2));
    BOOST_TEST(call("monthsBetween", {from, timestamp_of("2026-03-15T10:00:00Z")}) == value::int64(1));
    BOOST_TEST(call("monthsBetween", {timestamp_of("0001-01-01T00:00:00Z"),
                                      timestamp_of("9999-12-31T23:59:59Z")}) == value::int64(9999 * 12 - 1));
}

BOOST_FIXTURE_TEST_CASE(months_and_days_are_those_of_the_zone, calls) {
    const struct {
        const char* from;
        const char* to;
        const char* zone;
        std::int64_t months;
        std::int64_t days;
    } cases[] = {
        // In Berlin the second is February 1, 00:30.
        {"2026-01-01T00:30:00Z", "2026-01-31T23:30:00Z", "UTC", 0, 30},
        {"2025-12-31T23:30:00Z", "2026-01-31T23:30:00Z", "Europe/Berlin", 1, 31},
        {"2026-01-01T00:30:00Z", "2026-01-31T23:30:00Z", "Europe/Berlin", 0, 31},
        {"2026-01-01T00:30:00Z", "2026-01-31T23:30:00Z", "+02:00", 0, 31},
        // Over the change of clocks the same time of day is a full month, though an hour is missing.
        {"2026-03-15T11:00:00Z", "2026-04-15T10:00:00Z", "Europe/Berlin", 1, 31},
        {"2026-03-15T11:00:00Z", "2026-04-15T10:00:00Z", "UTC", 0, 31},
        // 23 hours, and 2 minutes.
        {"2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "Europe/Berlin", 0, 1},
        {"2026-06-01T21:59:00Z", "2026-06-01T22:01:00Z", "Europe/Berlin", 0, 1},
        {"2026-06-01T22:01:00Z", "2026-06-01T21:59:00Z", "Europe/Berlin", 0, -1},
        // Apia had no December 30.
        {"2011-12-30T09:00:00Z", "2011-12-30T11:00:00Z", "Pacific/Apia", 0, 2},
        {"1969-12-31T12:00:00Z", "1970-01-01T12:00:00Z", "UTC", 0, 1},
    };
    for (const auto& each : cases)
        BOOST_TEST_CONTEXT(each.from << " to " << each.to << " in " << each.zone) {
            const value from = timestamp_of(each.from);
            const value to = timestamp_of(each.to);
            for (const value& zone : {value::string(each.zone), read("daysBetween", 2, each.zone)}) {
                BOOST_TEST(call("monthsBetween", {from, to, zone}) == value::int64(each.months));
                BOOST_TEST(call("daysBetween", {from, to, zone}) == value::int64(each.days));
            }
        }
    BOOST_TEST(call("daysBetween", {timestamp_of("2026-06-01T23:59:59Z"),
                                    timestamp_of("2026-06-02T00:00:00Z")}) == value::int64(1));
}

BOOST_FIXTURE_TEST_CASE(units_begin_at_midnight_of_the_zone, calls) {
    const struct {
        const char* at;
        const char* unit;
        const char* zone;
        const char* expected;
    } cases[] = {
        {"2026-11-22T18:00:00.5Z", "day", "", "2026-11-22T00:00:00Z"},
        {"2026-11-22T00:00:00Z", "day", "UTC", "2026-11-22T00:00:00Z"},
        {"2026-11-22T18:00:00Z", "week", "", "2026-11-16T00:00:00Z"}, // a Sunday
        {"2026-11-22T18:00:00Z", "week_sunday", "", "2026-11-22T00:00:00Z"},
        {"2026-11-23T00:00:00Z", "week", "", "2026-11-23T00:00:00Z"},
        {"2026-11-21T18:00:00Z", "week_sunday", "", "2026-11-15T00:00:00Z"},
        {"2026-11-22T18:00:00Z", "month", "", "2026-11-01T00:00:00Z"},
        {"2026-11-22T18:00:00Z", "year", "", "2026-01-01T00:00:00Z"},
        {"1969-07-20T20:17:40Z", "week", "", "1969-07-14T00:00:00Z"},
        {"2026-05-31T22:30:00Z", "month", "Europe/Berlin", "2026-05-31T22:00:00Z"},
        {"2026-05-31T21:30:00Z", "month", "Europe/Berlin", "2026-04-30T22:00:00Z"},
        {"2026-12-31T23:30:00Z", "year", "Europe/Berlin", "2026-12-31T23:00:00Z"},
        {"2026-07-01T00:00:00Z", "year", "America/New_York", "2026-01-01T05:00:00Z"},
        {"2026-11-22T18:00:00Z", "day", "+05:30", "2026-11-21T18:30:00Z"},
        // The day began in summer time and ends without it.
        {"2024-10-27T12:00:00Z", "day", "Europe/Berlin", "2024-10-26T22:00:00Z"},
        // There was no midnight, or there were two.
        {"2018-11-04T12:00:00Z", "day", "America/Sao_Paulo", "2018-11-04T03:00:00Z"},
        {"2024-11-03T12:00:00Z", "day", "America/Havana", "2024-11-03T04:00:00Z"},
        {"2024-11-03T05:30:00Z", "day", "America/Havana", "2024-11-03T04:00:00Z"},
    };
    for (const auto& each : cases)
        BOOST_TEST(start_of(each.at, each.unit, each.zone) == timestamp_of(each.expected),
                   each.unit << " of " << each.at << " in " << each.zone);
    BOOST_TEST(failed(start_of("0001-01-01T00:00:00Z", "day", "+01:00"), evaluation_errc::overflow));
    BOOST_TEST(start_of("0001-01-01T00:00:00Z", "week") == timestamp_of("0001-01-01T00:00:00Z")); // a Monday
    BOOST_TEST(failed(start_of("0001-01-01T00:00:00Z", "week_sunday"), evaluation_errc::overflow));
}

BOOST_FIXTURE_TEST_CASE(a_beginning_is_its_own_beginning_and_never_later, calls) {
    for (const char* unit : {"day", "week", "week_sunday", "month", "year"})
        for (const char* zone : {"Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "America/Havana"})
            for (std::int64_t at = 1'200'000'000; at < 1'600'000'000; at += 4'321'987) {
                context().memory().reset();
                const value given = value::timestamp(at, 5);
                const std::vector<value> rest = {read("startOf", 1, unit), read("startOf", 2, zone)};
                const value begin = call("startOf", {given, rest[0], rest[1]});
                BOOST_REQUIRE(begin.is(value_kind::timestamp));
                BOOST_REQUIRE(begin.seconds() <= at);
                BOOST_REQUIRE(call("startOf", {begin, rest[0], rest[1]}) == begin);
            }
}

BOOST_FIXTURE_TEST_CASE(unknown_units_and_zones_are_refused, calls) {
    for (const char* text : {"", "hour", "Day", "weeks", "quarter"}) {
        const value got = read("startOf", 1, text);
        BOOST_TEST(got.is_error(), text);
        BOOST_TEST(got.error_detail().find("'week_sunday'") != std::string_view::npos);
    }
    BOOST_TEST(declaration("startOf").literals[1].required);
    for (const auto& [name, parameter] :
         {std::pair{"startOf", 2U}, {"monthsBetween", 2U}, {"daysBetween", 2U}})
        BOOST_TEST(read(name, parameter, "Mars/Olympus").is_error());
    const value at = timestamp_of("2026-11-22T18:00:00Z");
    const value mars = value::string("Mars/Olympus");
    BOOST_TEST(failed(call("startOf", {at, value::int64(0), mars}), evaluation_errc::unknown_zone));
    BOOST_TEST(failed(call("daysBetween", {at, at, mars}), evaluation_errc::unknown_zone));
    BOOST_TEST(failed(call("monthsBetween", {at, at, mars}), evaluation_errc::unknown_zone));
}

BOOST_FIXTURE_TEST_CASE(other_arguments_are_no_overload, calls) {
    const value at = timestamp_of("2026-11-22T18:00:00Z");
    const value one = value::int64(1);
    const value utc = value::string("UTC");
    for (const char* name : {"monthsBetween", "daysBetween"})
        for (const std::vector<value>& arguments :
             {std::vector<value>{}, {at}, {at, one}, {one, at}, {at, at, one}, {at, at, utc, utc}})
            BOOST_TEST(failed(call(name, arguments), evaluation_errc::no_such_overload), name);
    for (const std::vector<value>& arguments : {std::vector<value>{},
                                                {at},
                                                {one, one},
                                                {at, value::int64(5)},
                                                {at, value::int64(-1)},
                                                {at, utc},
                                                {at, one, one},
                                                {at, one, utc, utc}})
        BOOST_TEST(failed(call("startOf", arguments), evaluation_errc::no_such_overload));
}

BOOST_AUTO_TEST_SUITE_END()
