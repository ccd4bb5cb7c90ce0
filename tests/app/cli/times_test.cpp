#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "app/cli/errors.hpp"
#include "app/cli/times.hpp"

using namespace tributary;
using namespace tributary::app::cli;

namespace {

constexpr time_ms now = 1'709'208'000'000; // 2024-02-29T12:00:00Z

struct example {
    const char* text;
    const char* expected;
};
std::ostream& operator<<(std::ostream& out, const example& of) {
    return out << of.text;
}

const example accepted[] = {
    {"now", "2024-02-29T12:00:00.000Z"},
    {"2024-02-29", "2024-02-29T00:00:00.000Z"},
    {"2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000Z"},
    {"2024-02-29t12:00:00.5z", "2024-02-29T12:00:00.500Z"},
    {"2024-02-29 12:00:00.123456+01:00", "2024-02-29T11:00:00.123Z"},
    {"2024-02-29T00:30:00-02:30", "2024-02-29T03:00:00.000Z"},
    {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
    {"90d", "2024-05-29T12:00:00.000Z"},
    {"+12h", "2024-03-01T00:00:00.000Z"},
    {"-30m", "2024-02-29T11:30:00.000Z"},
    {"10s", "2024-02-29T12:00:10.000Z"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(times)

BOOST_DATA_TEST_CASE(a_time_is_read_as_people_write_it, boost::unit_test::data::make(accepted), one) {
    const auto read = parse_time(one.text, now);
    BOOST_REQUIRE(read);
    BOOST_TEST(time_text(*read) == one.expected);
}

BOOST_DATA_TEST_CASE(what_is_no_time_is_refused,
                     boost::unit_test::data::make({"", "5", "d", "tomorrow", "2023-02-29", "2024-13-01",
                                                   "2024-1-01", "2024-02-29T24:00:00Z", "2024-02-29T12:00:00",
                                                   "2024-02-29T12:00Z", "2024-02-29T12:00:00.Z",
                                                   "2024-02-29T12:00:00Zx", "--5d", "5w", "99999999999d",
                                                   "2024-02-29T12:00:00+24:00", "-024-02-29"}),
                     text) {
    const auto read = parse_time(text, now);
    BOOST_REQUIRE(!read);
    BOOST_TEST((read.error().code == cli_errc::usage));
}

BOOST_AUTO_TEST_CASE(a_time_beyond_the_calendar_is_shown_as_its_number) {
    BOOST_TEST(time_text(INT64_MAX) == "9223372036854775807ms");
    BOOST_TEST(time_text(INT64_MIN) == "-9223372036854775808ms");
}

BOOST_AUTO_TEST_SUITE_END()
