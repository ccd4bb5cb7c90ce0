#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "time.hpp"
#include "values.hpp"

using namespace tributary::cel;
using namespace tributary::cel::test;

BOOST_AUTO_TEST_SUITE(times)

namespace {

constexpr std::int64_t nanoseconds_max = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t nanoseconds_min = std::numeric_limits<std::int64_t>::min();

bool is_leap(int year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

} // namespace

// Every day of the range, counted one after the other as a calendar on the wall does it.
BOOST_AUTO_TEST_CASE(every_day_from_year_1_to_9999_has_its_date) {
    constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    std::int64_t day = timestamp_seconds_min / 86'400;
    std::int64_t wrong = 0;
    for (int year = 1; year <= 9999; ++year)
        for (int month = 1; month <= 12; ++month) {
            const int length = lengths[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
            wrong += days_in_month(year, month) != length;
            for (int date = 1; date <= length; ++date, ++day) {
                const civil_time got = civil_of(day * 86'400 + 86'399);
                wrong += got.year != year || got.month != month || got.day != date || got.hour != 23 ||
                         got.minute != 59 || got.second != 59 || days_of(year, month, date) != day;
            }
        }
    BOOST_TEST(wrong == 0);
    BOOST_TEST(day * 86'400 - 1 == timestamp_seconds_max);
}

BOOST_AUTO_TEST_CASE(dates_before_year_1_count_on_backwards) {
    const civil_time last = civil_of(timestamp_seconds_min - 1);
    BOOST_TEST(last.year == 0);
    BOOST_TEST(last.month == 12);
    BOOST_TEST(last.day == 31);
    BOOST_TEST(last.second == 59);
    for (const std::int64_t seconds :
         {nanoseconds_min + 86'400, nanoseconds_max, timestamp_seconds_min - 400 * 31'556'952L})
        BOOST_TEST(seconds_of(civil_of(seconds)) == seconds);
}

BOOST_AUTO_TEST_CASE(timestamps_are_read_as_rfc_3339_has_them) {
    const struct {
        const char* text;
        std::int64_t seconds;
        std::uint32_t nanoseconds;
    } cases[] = {
        {"2009-02-13T23:31:30Z", 1'234'567'890, 0},
        {"1970-01-01T00:00:00Z", 0, 0},
        {"1969-12-31T23:59:59.5Z", -1, 500'000'000},
        {"2009-02-13T23:31:30+01:00", 1'234'564'290, 0},
        {"2009-02-13T23:31:30-23:59", 1'234'654'230, 0},
        {"2009-02-13T23:31:30-00:00", 1'234'567'890, 0},
        {"2009-02-13T23:31:30.000000001Z", 1'234'567'890, 1},
        {"2009-02-13T23:31:30.12+00:30", 1'234'566'090, 120'000'000},
        {"2000-02-29T00:00:00Z", 951'782'400, 0},
        {"0001-01-01T00:00:00Z", timestamp_seconds_min, 0},
        {"0000-12-31T23:00:00-01:00", timestamp_seconds_min, 0},
        {"9999-12-31T23:59:59.999999999Z", timestamp_seconds_max, 999'999'999},
    };
    for (const auto& each : cases) {
        const value read = timestamp_of(each.text);
        BOOST_TEST_CONTEXT(each.text) {
            BOOST_TEST(read.seconds() == each.seconds);
            BOOST_TEST(read.nanoseconds() == each.nanoseconds);
        }
    }
}

BOOST_AUTO_TEST_CASE(other_texts_are_no_timestamps) {
    const char* const refused[] = {
        "",
        "2009",
        "2009-02-13",
        "2009-02-13T23:31:30",
        "2009-02-13 23:31:30Z",
        "2009-02-13t23:31:30Z",
        "2009-02-13T23:31:30z",
        "2009-02-13T23:31Z",
        "2009-02-13T24:00:00Z",
        "2009-02-13T23:60:00Z",
        "2009-02-13T23:59:60Z",
        "2009-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2009-04-31T00:00:00Z",
        "2009-13-01T00:00:00Z",
        "2009-00-01T00:00:00Z",
        "2009-01-00T00:00:00Z",
        "2009-2-13T23:31:30Z",
        "+2009-02-13T23:31:30Z",
        "-009-02-13T23:31:30Z",
        "02009-02-13T23:31:30Z",
        "2009-02-13T23:31:30.Z",
        "2009-02-13T23:31:30,5Z",
        "2009-02-13T23:31:30.1234567890Z",
        "2009-02-13T23:31:30+01",
        "2009-02-13T23:31:30+0100",
        "2009-02-13T23:31:30+24:00",
        "2009-02-13T23:31:30+00:60",
        "2009-02-13T23:31:30+-1:00",
        "2009-02-13T23:31:30Z ",
        " 2009-02-13T23:31:30Z",
        "2009-02-13T23:31:30ZZ",
        // Texts of the right form and out of range.
        "0000-01-01T00:00:00Z",
        "0000-12-31T23:59:59Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
    };
    for (const char* text : refused)
        BOOST_TEST(!parse_timestamp(text), text);
    BOOST_TEST(!parse_timestamp(std::string_view("2009-02-13T23:31:30Z\0", 21)));
    // No beginning of a timestamp is one.
    const std::string whole = "2009-02-13T23:31:30.5+01:00";
    for (std::size_t length = 0; length < whole.size(); ++length)
        BOOST_TEST(!parse_timestamp(whole.substr(0, length)), length);
}

BOOST_AUTO_TEST_CASE(timestamps_are_written_in_utc_without_trailing_zeros) {
    const struct {
        const char* text;
        const char* written;
    } cases[] = {
        {"2009-02-13T23:31:30Z", "2009-02-13T23:31:30Z"},
        {"2009-02-13T23:31:30.500Z", "2009-02-13T23:31:30.5Z"},
        {"2009-02-13T23:31:30.000000010Z", "2009-02-13T23:31:30.00000001Z"},
        {"2009-02-14T01:31:30+02:00", "2009-02-13T23:31:30Z"},
        {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
        {"9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"},
        {"1969-12-31T23:59:59.25Z", "1969-12-31T23:59:59.25Z"},
    };
    for (const auto& each : cases)
        BOOST_TEST(timestamp_text(timestamp_of(each.text)) == each.written);
}

BOOST_AUTO_TEST_CASE(durations_are_read_with_units_signs_and_fractions) {
    const struct {
        const char* text;
        std::int64_t nanoseconds;
    } cases[] = {
        {"0", 0},
        {"-0", 0},
        {"0s", 0},
        {"1h", 3'600'000'000'000},
        {"1h30m", 5'400'000'000'000},
        {"-1.5s", -1'500'000'000},
        {"+2m", 120'000'000'000},
        {"10ms", 10'000'000},
        {"10us", 10'000},
        {"999999999ns", 999'999'999},
        {"1h1m1s1ms1us1ns", 3'661'001'001'001},
        {"1s1h1s", 3'602'000'000'000},
        {".5m", 30'000'000'000},
        {"2.s", 2'000'000'000},
        {"1.5ns", 1},
        {"-1.9ns", -1},
        {"0.333333333333333333333h", 1'199'999'999'999},
        {"9223372036854775807ns", nanoseconds_max},
        {"-9223372036854775808ns", nanoseconds_min},
        {"2562047h47m16.854775807s", nanoseconds_max},
    };
    for (const auto& each : cases) {
        const auto read = parse_duration(each.text);
        BOOST_TEST_CONTEXT(each.text) {
            BOOST_REQUIRE(read);
            BOOST_TEST(read->as_duration() == each.nanoseconds);
        }
    }
}

BOOST_AUTO_TEST_CASE(other_texts_are_no_durations) {
    const std::string many_nines(5000, '9');
    const std::string refused[] = {
        "",
        "-",
        "+",
        "1",
        "s",
        ".s",
        "-.s",
        "1.5",
        "1d",
        "1 s",
        " 1s",
        "1s ",
        "--1s",
        "+-1s",
        "1s-1s",
        "1S",
        "1e3s",
        "1h30",
        "1,5s",
        "0x1s",
        "00",
        "1..5s",
        "1.5.5s",
        "9223372036854775808ns",
        "-9223372036854775809ns",
        "9223372036854775807ns1ns",
        "2562047h47m16.854775808s",
        "320000000000s",
        "-320000000000s",
        "18446744073709551616ns", // 2^64
        many_nines + "h" + many_nines + "h",
        many_nines + "." + many_nines + "h",
    };
    for (const std::string& text : refused)
        BOOST_TEST(!parse_duration(text), text.substr(0, 40));
}

BOOST_AUTO_TEST_CASE(durations_are_written_in_seconds) {
    const struct {
        std::int64_t nanoseconds;
        const char* written;
    } cases[] = {
        {0, "0s"},
        {5'400'000'000'000, "5400s"},
        {1'000'000'000'000'000, "1000000s"},
        {1'500'000'000, "1.5s"},
        {-1'000, "-0.000001s"},
        {-1'500'000'000, "-1.5s"},
        {1, "0.000000001s"},
        {nanoseconds_max, "9223372036.854775807s"},
        {nanoseconds_min, "-9223372036.854775808s"},
    };
    for (const auto& each : cases) {
        const std::string written = duration_text(value::duration(each.nanoseconds));
        BOOST_TEST(written == each.written);
        BOOST_TEST(parse_duration(written)->as_duration() == each.nanoseconds);
    }
}

BOOST_AUTO_TEST_CASE(nanoseconds_are_carried_over) {
    const struct {
        std::int64_t seconds;
        std::int64_t nanoseconds;
        std::int64_t expected_seconds;
        std::uint32_t expected_nanoseconds;
    } cases[] = {
        {5, 0, 5, 0},
        {5, 1'000'000'000, 6, 0},
        {5, -1, 4, 999'999'999},
        {0, nanoseconds_max, 9'223'372'036, 854'775'807},
        {0, nanoseconds_min, -9'223'372'037, 145'224'192},
        {timestamp_seconds_max + 1, -1, timestamp_seconds_max, 999'999'999},
    };
    for (const auto& each : cases) {
        const auto made = make_timestamp(each.seconds, each.nanoseconds);
        BOOST_REQUIRE(made);
        BOOST_TEST(made->seconds() == each.expected_seconds);
        BOOST_TEST(made->nanoseconds() == each.expected_nanoseconds);
    }
    BOOST_TEST(!make_timestamp(timestamp_seconds_max, 1'000'000'000));
    BOOST_TEST(!make_timestamp(timestamp_seconds_max + 1, 0));
    BOOST_TEST(!make_timestamp(timestamp_seconds_min, -1));
    BOOST_TEST(!make_timestamp(nanoseconds_max, nanoseconds_max));
    BOOST_TEST(!make_timestamp(nanoseconds_min, nanoseconds_min));
}

BOOST_AUTO_TEST_CASE(sums_and_differences_stay_in_their_ranges) {
    const value first = timestamp_of("0001-01-01T00:00:00Z");
    const value last = timestamp_of("9999-12-31T23:59:59.999999999Z");
    BOOST_TEST(!add(first, -1));
    BOOST_TEST(!add(last, 1));
    BOOST_TEST(equal(*add(last, 0), last));
    BOOST_TEST(equal(*add(timestamp_of("0001-01-01T00:00:01.999999999Z"), 999'999'999),
                     timestamp_of("0001-01-01T00:00:02.999999998Z")));
    BOOST_TEST(equal(*add(timestamp_of("2009-02-13T23:10:00Z"), -600'000'000'000),
                     timestamp_of("2009-02-13T23:00:00Z")));
    BOOST_TEST(add(timestamp_of("2009-02-13T23:10:00.999999999Z"), nanoseconds_max).has_value());
    BOOST_TEST(add(timestamp_of("2009-02-13T23:10:00Z"), nanoseconds_min).has_value());

    BOOST_TEST(!difference(first, last));
    BOOST_TEST(!difference(last, first));
    const value epoch = value::timestamp(0, 0);
    BOOST_TEST(difference(epoch, value::timestamp(0, 1))->as_duration() == -1);
    BOOST_TEST(difference(value::timestamp(9'223'372'036, 854'775'807), epoch)->as_duration() ==
               nanoseconds_max);
    BOOST_TEST(!difference(value::timestamp(9'223'372'036, 854'775'808), epoch));
    BOOST_TEST(difference(value::timestamp(-9'223'372'037, 145'224'192), epoch)->as_duration() ==
               nanoseconds_min);
    BOOST_TEST(!difference(value::timestamp(-9'223'372'037, 145'224'191), epoch));
}

BOOST_AUTO_TEST_SUITE_END()
