#include <tributary/cel/zone.hpp>

#include <boost/test/unit_test.hpp>

#include "functions.hpp"
#include "values.hpp"

using namespace tributary::cel;
using namespace tributary::cel::test;

BOOST_AUTO_TEST_SUITE(functions_of_time)

namespace {

struct calls : caller {
    calls() : caller(add_time_functions) { context().zones = &zones; }
    zone_database zones;
};

} // namespace

BOOST_FIXTURE_TEST_CASE(parts_of_a_timestamp_count_as_the_language_says, calls) {
    const struct {
        const char* function;
        const char* at;
        const char* zone; // nullptr: left out
        std::int64_t expected;
    } cases[] = {
        {"getDate", "2009-02-13T23:31:30Z", nullptr, 13},
        {"getDayOfMonth", "2009-02-13T23:31:30Z", nullptr, 12},
        {"getDayOfWeek", "2009-02-13T23:31:30Z", nullptr, 5},
        {"getDayOfWeek", "2009-02-15T00:00:00Z", nullptr, 0},
        {"getDayOfYear", "2009-02-13T23:31:30Z", nullptr, 43},
        {"getDayOfYear", "2008-12-31T23:31:30Z", nullptr, 365},
        {"getFullYear", "2009-02-13T23:31:30Z", nullptr, 2009},
        {"getMonth", "2009-02-13T23:31:30Z", nullptr, 1},
        {"getHours", "2009-02-13T23:31:30Z", nullptr, 23},
        {"getMinutes", "2009-02-13T23:31:30Z", nullptr, 31},
        {"getSeconds", "2009-02-13T23:31:30Z", nullptr, 30},
        {"getMilliseconds", "2009-02-13T23:31:20.123456789Z", nullptr, 123},
        {"getMilliseconds", "2009-02-13T23:31:20.999999999Z", "Europe/Berlin", 999},
        {"getMilliseconds", "1969-12-31T23:59:59.25Z", nullptr, 250},
        {"getSeconds", "1969-12-31T23:59:59.25Z", nullptr, 59},
        {"getDayOfMonth", "2009-02-13T23:31:30Z", "+11:00", 13},
        {"getDayOfMonth", "2009-02-13T02:00:00Z", "-02:30", 11},
        {"getDayOfMonth", "2009-02-13T02:00:00Z", "America/St_Johns", 11},
        {"getDayOfMonth", "2009-02-13T20:00:00Z", "Asia/Kathmandu", 13},
        {"getDayOfWeek", "2009-02-13T23:31:30Z", "UTC", 5},
        {"getDayOfYear", "2009-02-13T23:31:30Z", "US/Central", 43},
        {"getFullYear", "2009-02-13T23:31:30Z", "-09:30", 2009},
        {"getFullYear", "2009-12-31T23:31:30Z", "Europe/Berlin", 2010},
        {"getHours", "2009-02-13T23:31:30Z", "02:00", 1},
        {"getMinutes", "2009-02-13T23:31:30Z", "Asia/Kathmandu", 16},
        {"getSeconds", "2009-02-13T23:31:30Z", "-00:00", 30},
        {"getDate", "2009-02-13T23:31:30Z", "Europe/Berlin", 14},
        {"getMonth", "2009-01-31T23:31:30Z", "Europe/Berlin", 1},
        // Beyond both ends of the range, on clocks.
        {"getFullYear", "9999-12-31T23:59:59Z", "+01:00", 10'000},
        {"getFullYear", "0001-01-01T00:00:00Z", "-01:00", 0},
    };
    for (const auto& each : cases)
        BOOST_TEST_CONTEXT(each.function << " of " << each.at) {
            const value at = timestamp_of(each.at);
            if (each.zone == nullptr) {
                BOOST_TEST(call(each.function, {at}) == value::int64(each.expected));
                continue;
            }
            // Once as a computed text, once as a literal.
            BOOST_TEST(call(each.function, {at, value::string(each.zone)}) == value::int64(each.expected));
            const value constant = read(each.function, 1, each.zone);
            BOOST_TEST(call(each.function, {at, constant}) == value::int64(each.expected));
        }
}

BOOST_FIXTURE_TEST_CASE(parts_of_a_duration_are_its_whole_units, calls) {
    const struct {
        const char* function;
        const char* of;
        std::int64_t expected;
    } cases[] = {
        {"getHours", "3730s", 1},           {"getMinutes", "3730s", 62},
        {"getSeconds", "3730s", 3730},      {"getHours", "-3730s", -1},
        {"getMinutes", "59.9s", 0},         {"getMilliseconds", "123.321456789s", 321},
        {"getMilliseconds", "-1.5s", -500}, {"getHours", "100h", 100},
        {"getSeconds", "-1.5s", -1},
    };
    for (const auto& each : cases)
        BOOST_TEST(call(each.function, {*parse_duration(each.of)}) == value::int64(each.expected),
                   each.function << " of " << each.of);
}

BOOST_FIXTURE_TEST_CASE(other_arguments_are_no_overload, calls) {
    const value at = timestamp_of("2009-02-13T23:31:30Z");
    const value hour = *parse_duration("1h");
    for (const auto& each : declarations())
        for (const std::vector<value>& arguments : {std::vector<value>{},
                                                    {value::int64(1)},
                                                    {value::string("2009-02-13T23:31:30Z")},
                                                    {value::null()},
                                                    {at, value::int64(1)},
                                                    {at, value::null()},
                                                    {at, value::string("UTC"), value::string("UTC")},
                                                    {hour, value::string("UTC")}})
            BOOST_TEST(failed(each.implementation(context(), arguments), evaluation_errc::no_such_overload),
                       each.name << " of " << arguments.size());
    for (const char* name :
         {"getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear"})
        BOOST_TEST(failed(call(name, {hour}), evaluation_errc::no_such_overload), name);
}

BOOST_FIXTURE_TEST_CASE(a_zone_that_there_is_not_fails_with_its_name, calls) {
    const value at = timestamp_of("2009-02-13T23:31:30Z");
    for (const auto& each : declarations()) {
        const value got =
            each.implementation(context(), std::vector<value>{at, value::string("Mars/Olympus")});
        BOOST_TEST(failed(got, evaluation_errc::unknown_zone), each.name);
        BOOST_TEST(got.error_detail() == "Mars/Olympus");
        const value literal = each.literals[1].read(context(), "Mars/Olympus");
        BOOST_TEST(literal.is_error());
        BOOST_TEST(literal.error_detail().find("'Mars/Olympus'") != std::string_view::npos);
        BOOST_TEST(!each.literals[1].required);
    }
    for (const char* text : {"", "../../etc/passwd", "+1:00", "+24:00", "europe/berlin", "utc"}) {
        BOOST_TEST(failed(call("getHours", {at, value::string(text)}), evaluation_errc::unknown_zone), text);
        BOOST_TEST(read("getHours", 1, text).is_error(), text);
    }
}

BOOST_FIXTURE_TEST_CASE(utc_and_fixed_offsets_need_no_database, calls) {
    context().zones = nullptr;
    const value at = timestamp_of("2009-02-13T23:31:30Z");
    for (const auto& [text, hours] : {std::pair{"UTC", 23}, {"+02:00", 1}, {"-02:00", 21}}) {
        BOOST_TEST(call("getHours", {at, value::string(text)}) == value::int64(hours));
        BOOST_TEST(call("getHours", {at, read("getHours", 1, text)}) == value::int64(hours));
    }
    BOOST_TEST(failed(call("getHours", {at, value::string("Europe/Berlin")}), evaluation_errc::unknown_zone));
    BOOST_TEST(read("getHours", 1, "Europe/Berlin").is_error());
}

BOOST_FIXTURE_TEST_CASE(looking_names_up_is_paid_for, calls) {
    const value at = timestamp_of("2009-02-13T23:31:30Z");
    value got;
    int lookups = 0;
    do
        got = call("getHours", {at, value::string("No/Zone")});
    while (failed(got, evaluation_errc::unknown_zone) && ++lookups < 100'000);
    BOOST_TEST(failed(got, evaluation_errc::cost_limit));
    BOOST_TEST(lookups < 1000);
}

BOOST_AUTO_TEST_SUITE_END()
