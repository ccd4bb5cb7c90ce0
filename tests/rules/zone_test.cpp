#include <tributary/cel/zone.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include "time.hpp"

using namespace tributary::cel;

BOOST_AUTO_TEST_SUITE(zones)

namespace {

const std::string directory = "/usr/share/zoneinfo";

std::int64_t instant(std::string_view text) {
    const auto read = parse_timestamp(text);
    BOOST_REQUIRE_MESSAGE(read, text);
    return read->seconds();
}

std::string content_of(const std::string& name) {
    std::ifstream file(directory + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string big_endian(std::int64_t number, int width) {
    std::string made;
    for (int shift = (width - 1) * 8; shift >= 0; shift -= 8)
        made += static_cast<char>(static_cast<std::uint64_t>(number) >> shift);
    return made;
}

struct change {
    std::int64_t at;
    int type;
};

/// One block of a file, with its header.
std::string tzif_block(char version, const std::vector<change>& changes, const std::vector<int>& offsets) {
    const int width = version == '\0' ? 4 : 8;
    std::string made = "TZif";
    made += version;
    made.append(15, '\0');
    for (const std::size_t count :
         {std::size_t{0}, std::size_t{0}, std::size_t{0}, changes.size(), offsets.size(), std::size_t{4}})
        made += big_endian(static_cast<std::int64_t>(count), 4);
    for (const change& each : changes)
        made += big_endian(each.at, width);
    for (const change& each : changes)
        made += static_cast<char>(each.type);
    for (const int offset : offsets)
        made += big_endian(offset, 4) + std::string(2, '\0');
    return made + std::string("XXX\0", 4);
}

std::string tzif(const std::vector<change>& changes, const std::vector<int>& offsets,
                 const std::string& footer) {
    std::string first = tzif_block('\0', {}, {0});
    first[4] = '2';
    return first + tzif_block('2', changes, offsets) + "\n" + footer + "\n";
}

/// Sets TZ for the C library while it lives.
class c_library_zone {
  public:
    explicit c_library_zone(const std::string& name) {
        setenv("TZ", name.c_str(), 1);
        tzset();
    }
    ~c_library_zone() {
        unsetenv("TZ");
        tzset();
    }
    static std::int32_t offset_at(std::int64_t when) {
        const std::time_t asked = when;
        std::tm parts{};
        localtime_r(&asked, &parts);
        return static_cast<std::int32_t>(parts.tm_gmtoff);
    }
};

/// Compares both at instants from one to another, and on both sides of each change that lies between two that
/// differ. @return how many there were.
int expect_same(const zone& ours, const std::string& name, std::int64_t from, std::int64_t to,
                std::int64_t step) {
    const c_library_zone theirs(name);
    int compared = 0;
    const auto compare = [&](std::int64_t at) {
        ++compared;
        if (ours.offset_at(at) != theirs.offset_at(at))
            BOOST_TEST(ours.offset_at(at) == theirs.offset_at(at),
                       name << " at " << at << ": " << ours.offset_at(at) << " and " << theirs.offset_at(at));
    };
    for (std::int64_t at = from; at < to; at += step) {
        compare(at);
        std::int64_t before = at;
        std::int64_t after = at + step;
        const std::int32_t offset = ours.offset_at(before);
        if (ours.offset_at(after) == offset)
            continue;
        while (after - before > 1) {
            const std::int64_t middle = before + (after - before) / 2;
            (ours.offset_at(middle) == offset ? before : after) = middle;
        }
        compare(before);
        compare(after);
    }
    return compared;
}

/// Names of zones (kind 'Z') or of links to them ('L') that tzdata says there are.
std::vector<std::string> names_of_tzdata(char kind) {
    std::ifstream file(directory + "/tzdata.zi");
    std::vector<std::string> made;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string first;
        std::string name;
        words >> first >> name;
        if (first != std::string(1, kind))
            continue;
        if (kind == 'L')
            words >> name;
        made.push_back(name);
    }
    return made;
}

} // namespace

BOOST_AUTO_TEST_CASE(known_offsets_of_several_zones) {
    const zone_database database;
    const struct {
        const char* name;
        const char* at;
        int offset;
    } cases[] = {
        {"Europe/Berlin", "2024-03-31T00:59:59Z", 3600},
        {"Europe/Berlin", "2024-03-31T01:00:00Z", 7200},
        {"Europe/Berlin", "2024-10-27T00:59:59Z", 7200},
        {"Europe/Berlin", "2024-10-27T01:00:00Z", 3600},
        {"Europe/Berlin", "2100-07-01T00:00:00Z", 7200},
        {"Europe/Berlin", "2100-12-01T00:00:00Z", 3600},
        {"Europe/Berlin", "1850-01-01T00:00:00Z", 3208},
        {"America/New_York", "2024-03-10T06:59:59Z", -18000},
        {"America/New_York", "2024-03-10T07:00:00Z", -14400},
        {"America/New_York", "2100-11-07T05:59:59Z", -14400},
        {"America/New_York", "2100-11-07T06:00:00Z", -18000},
        {"America/St_Johns", "2009-02-13T02:00:00Z", -12600},
        {"Asia/Kolkata", "2024-06-01T00:00:00Z", 19800},
        {"Asia/Kolkata", "2500-06-01T00:00:00Z", 19800},
        {"Australia/Lord_Howe", "2024-01-01T00:00:00Z", 39600},
        {"Australia/Lord_Howe", "2024-07-01T00:00:00Z", 37800},
        {"Australia/Lord_Howe", "2100-07-01T00:00:00Z", 37800},
        {"Africa/Casablanca", "2024-03-20T00:00:00Z", 0}, // Ramadan
        {"Africa/Casablanca", "2024-05-20T00:00:00Z", 3600},
        {"Europe/Dublin", "2100-07-01T00:00:00Z", 3600},
        {"Europe/Dublin", "2101-01-01T00:00:00Z", 0},
        {"Pacific/Apia", "2011-12-30T09:59:59Z", -36000},
        {"Pacific/Apia", "2011-12-30T10:00:00Z", 50400},
        {"US/Central", "2009-02-13T23:31:30Z", -21600},
        {"Etc/GMT+5", "2024-01-01T00:00:00Z", -18000},
        {"UTC", "2024-01-01T00:00:00Z", 0},
    };
    for (const auto& each : cases) {
        const zone* found = database.find(each.name);
        BOOST_REQUIRE_MESSAGE(found != nullptr, each.name);
        BOOST_TEST(found->offset_at(instant(each.at)) == each.offset, each.name << " " << each.at);
    }
}

// Goal: the same offset as the C library gives, for every zone. Method: instants from 1850 to 2150 and, by
// the text at the end of the file only, some years about 3000; around changes to the second.
BOOST_AUTO_TEST_CASE(every_zone_agrees_with_the_c_library) {
    const zone_database database;
    const std::vector<std::string> names = names_of_tzdata('Z');
    BOOST_REQUIRE(names.size() > 300);
    std::int64_t compared = 0;
    for (const std::string& name : names) {
        const zone* found = database.find(name);
        BOOST_REQUIRE_MESSAGE(found != nullptr, name);
        compared += expect_same(*found, name, instant("1850-01-01T00:00:00Z"),
                                instant("2150-01-01T00:00:00Z"), 11 * 86'400 + 12'345);
        compared += expect_same(*found, name, instant("3000-01-01T00:00:00Z"),
                                instant("3004-01-01T00:00:00Z"), 5 * 86'400 + 54'321);
    }
    BOOST_TEST(compared > 3'000'000);
}

BOOST_AUTO_TEST_CASE(links_are_zones_too) {
    const zone_database database;
    const std::vector<std::string> names = names_of_tzdata('L');
    BOOST_REQUIRE(names.size() > 100);
    for (const std::string& name : names) {
        const zone* found = database.find(name);
        BOOST_REQUIRE_MESSAGE(found != nullptr, name);
        expect_same(*found, name, instant("1900-01-01T00:00:00Z"), instant("2100-01-01T00:00:00Z"),
                    101 * 86'400 + 4'321);
    }
}

// The C library reads the same texts from TZ itself, but knows of no change before 1970, and of none that
// lies outside its year.
BOOST_AUTO_TEST_CASE(texts_in_the_footer_agree_with_the_c_library) {
    for (const std::string text : {
             "UTC0",
             "CET-1CEST,M3.5.0,M10.5.0/3",
             "EST5EDT,M3.2.0,M11.1.0",
             "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
             "IST-1GMT0,M10.5.0,M3.5.0/1",
             "AAA3BBB,J60,J300/0:30:15",
             "AAA3BBB,59,299",
             "AAA-12:45BBB-13:45,M9.5.0/2:45,M4.1.0/3:45",
             "AAA2BBB,M3.4.4/50,M10.4.4/50",
             "AAA2BBB,M3.5.0/-1,M10.5.0/-1",
             "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1",
             "XXX3YYY,J2/0,J364/23",
             "<-12>12",
             "<+14>-14",
             "AAA+24",
         }) {
        const auto ours = zone::parse(tzif({}, {0}, text));
        BOOST_REQUIRE_MESSAGE(ours != nullptr, text);
        expect_same(*ours, text, instant("1970-01-10T00:00:00Z"), instant("2060-01-01T00:00:00Z"),
                    86'400 + 3'601);
    }
}

BOOST_AUTO_TEST_CASE(summer_time_all_year_has_no_gap_between_the_years) {
    // As RFC 9636 writes it: the end of one year's summer is the beginning of the next one's.
    const auto ours = zone::parse(tzif({}, {0}, "EST5EDT,0/0,J365/25"));
    BOOST_REQUIRE(ours != nullptr);
    for (std::int64_t at = instant("1999-12-30T00:00:00Z"); at < instant("2001-01-03T00:00:00Z"); at += 600)
        BOOST_REQUIRE(ours->offset_at(at) == -14'400);
}

BOOST_AUTO_TEST_CASE(other_texts_in_the_footer_make_the_file_a_damaged_one) {
    for (const std::string text : {
             "X",
             "XX0",
             "UTC",
             "UTC0 ",
             " UTC0",
             "UTC25",
             "UTC0:60",
             "UTC0:00:60",
             "UTC--1",
             "<UTC0",
             "<U.C>0",
             "CET-1CEST",
             "CET-1CEST,M3.5.0",
             "CET-1CEST,M3.5.0,M10.5.0/3,",
             "CET-1CEST,M13.5.0,M10.5.0/3",
             "CET-1CEST,M0.5.0,M10.5.0/3",
             "CET-1CEST,M3.6.0,M10.5.0/3",
             "CET-1CEST,M3.0.0,M10.5.0/3",
             "CET-1CEST,M3.5.7,M10.5.0/3",
             "CET-1CEST,J0,J10",
             "CET-1CEST,J366,J10",
             "CET-1CEST,366,10",
             "CET-1CEST,-1,10",
             "CET-1CEST,M3.5.0/168,M10.5.0/3",
             "CET-1CEST,M3.5.0/,M10.5.0/3",
             "CET-1CEST,M3.5,M10.5.0/3",
             "CET-1CEST,M3.5.0/1234,M10.5.0/3",
             ":Europe/Berlin",
         })
        BOOST_TEST(zone::parse(tzif({}, {0}, text)) == nullptr, text);
}

BOOST_AUTO_TEST_CASE(a_file_without_footer_text_stays_at_its_last_offset) {
    const auto ours = zone::parse(tzif({{1000, 1}, {2000, 2}}, {-60, 3600, 7200}, ""));
    BOOST_REQUIRE(ours != nullptr);
    for (const auto& [at, offset] : {std::pair{-5'000'000'000L, -60},
                                     {999L, -60},
                                     {1000L, 3600},
                                     {1999L, 3600},
                                     {2000L, 7200},
                                     {500'000'000'000L, 7200}})
        BOOST_TEST(ours->offset_at(at) == offset);
}

BOOST_AUTO_TEST_CASE(files_of_the_first_version_are_read) {
    const auto ours = zone::parse(tzif_block('\0', {{-1000, 0}, {1'000'000'000, 1}}, {3600, 7200}));
    BOOST_REQUIRE(ours != nullptr);
    BOOST_TEST(ours->offset_at(-2000) == 3600);
    BOOST_TEST(ours->offset_at(999'999'999) == 3600);
    BOOST_TEST(ours->offset_at(1'000'000'000) == 7200);
}

BOOST_AUTO_TEST_CASE(damaged_files_are_refused) {
    BOOST_REQUIRE(zone::parse(tzif({{1000, 1}}, {0, 60}, "UTC0")) != nullptr);
    BOOST_TEST(zone::parse("") == nullptr);
    BOOST_TEST(zone::parse("TZif") == nullptr);
    BOOST_TEST(zone::parse(std::string(4000, '\0')) == nullptr);
    BOOST_TEST(zone::parse(tzif({{1000, 2}}, {0, 60}, "UTC0")) == nullptr);            // no such type
    BOOST_TEST(zone::parse(tzif({{1000, 0}, {1000, 1}}, {0, 60}, "UTC0")) == nullptr); // not ascending
    BOOST_TEST(zone::parse(tzif({{1000, 0}, {999, 1}}, {0, 60}, "UTC0")) == nullptr);
    BOOST_TEST(zone::parse(tzif({}, {}, "UTC0")) == nullptr); // no type
    BOOST_TEST(zone::parse(tzif({}, {26 * 3600}, "UTC0")) == nullptr);
    BOOST_TEST(zone::parse(tzif({}, {-25 * 3600}, "UTC0")) == nullptr);
    BOOST_TEST(zone::parse(tzif({}, {-25 * 3600 + 1}, "UTC0")) != nullptr);
    std::string leaping = tzif({}, {0}, "UTC0");
    const std::size_t second = leaping.find("TZif", 4);
    leaping[second + 20 + 11] = 1; // one leap second
    leaping.insert(leaping.size() - 6, std::string(12, '\0'));
    BOOST_TEST(zone::parse(leaping) == nullptr);
}

// Nothing that a file holds makes it crash or run for ever: the sanitizers watch.
BOOST_AUTO_TEST_CASE(no_truncation_and_no_changed_byte_does_harm) {
    for (const std::string name : {"Europe/Berlin", "Africa/Casablanca", "UTC"}) {
        const std::string whole = content_of(name);
        BOOST_REQUIRE(!whole.empty());
        for (std::size_t length = 0; length < whole.size(); ++length)
            BOOST_TEST(zone::parse(whole.substr(0, length)) == nullptr, name << " cut after " << length);
        std::size_t read = 0;
        for (std::size_t at = 0; at < whole.size(); ++at)
            for (const int bits : {0x01, 0x80, 0xFF}) {
                std::string changed = whole;
                changed[at] = static_cast<char>(changed[at] ^ bits);
                const auto made = zone::parse(changed);
                if (made == nullptr)
                    continue;
                ++read;
                for (const std::int64_t when :
                     {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{1'700'000'000},
                      std::int64_t{5'000'000'000}, std::numeric_limits<std::int64_t>::max()}) {
                    made->offset_at(when);
                    made->instant_of(when);
                }
            }
        BOOST_TEST(read > 0U);
    }
}

BOOST_AUTO_TEST_CASE(local_times_become_instants) {
    const zone_database database;
    const struct {
        const char* name;
        const char* local; // As if it were UTC.
        const char* expected;
    } cases[] = {
        {"UTC", "2024-03-31T02:30:00Z", "2024-03-31T02:30:00Z"},
        {"+05:30", "2024-03-31T02:30:00Z", "2024-03-30T21:00:00Z"},
        {"Europe/Berlin", "2024-03-31T01:59:59Z", "2024-03-31T00:59:59Z"},
        {"Europe/Berlin", "2024-03-31T02:00:00Z", "2024-03-31T01:00:00Z"}, // skipped
        {"Europe/Berlin", "2024-03-31T02:30:00Z", "2024-03-31T01:00:00Z"},
        {"Europe/Berlin", "2024-03-31T03:00:00Z", "2024-03-31T01:00:00Z"},
        {"Europe/Berlin", "2024-10-27T02:30:00Z", "2024-10-27T00:30:00Z"}, // twice: the first
        {"Europe/Berlin", "2024-10-27T03:00:00Z", "2024-10-27T02:00:00Z"},
        {"Europe/Berlin", "2100-03-28T02:30:00Z", "2100-03-28T01:00:00Z"},
        {"Europe/Berlin", "2100-10-31T02:30:00Z", "2100-10-31T00:30:00Z"},
        {"America/New_York", "2024-11-03T01:30:00Z", "2024-11-03T05:30:00Z"},
        {"Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-30T10:00:00Z"}, // a whole day skipped
        {"Pacific/Apia", "2011-12-31T00:00:00Z", "2011-12-30T10:00:00Z"},
        {"Pacific/Apia", "2011-12-29T23:59:59Z", "2011-12-30T09:59:59Z"},
        {"America/Sao_Paulo", "2018-11-04T00:00:00Z", "2018-11-04T03:00:00Z"}, // no midnight
        {"America/Havana", "2024-11-03T00:00:00Z", "2024-11-03T04:00:00Z"},    // midnight twice
    };
    for (const auto& each : cases)
        BOOST_TEST(database.find(each.name)->instant_of(instant(each.local)) == instant(each.expected),
                   each.name << " " << each.local);
}

// Whatever the clocks show at an instant, they showed it at the instant that comes back, and not before.
BOOST_AUTO_TEST_CASE(an_instant_comes_back_from_what_the_clocks_show) {
    const zone_database database;
    for (const char* name : {"Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca",
                             "America/St_Johns", "Europe/Dublin", "Asia/Kolkata"}) {
        const zone& ours = *database.find(name);
        int earlier = 0;
        for (std::int64_t at = instant("1890-01-01T00:00:00Z"); at < instant("2120-01-01T00:00:00Z");
             at += 219'001) {
            const std::int64_t local = at + ours.offset_at(at);
            const std::int64_t back = ours.instant_of(local);
            BOOST_REQUIRE(back <= at);
            BOOST_REQUIRE(back + ours.offset_at(back) == local);
            earlier += back < at;
        }
        BOOST_TEST(earlier < 1000);
    }
}

BOOST_AUTO_TEST_CASE(fixed_offsets_need_no_file) {
    const zone_database database("/nonexistent");
    for (const auto& [name, offset] : {std::pair{"UTC", 0},
                                       {"+11:00", 39'600},
                                       {"-02:30", -9'000},
                                       {"02:00", 7'200},
                                       {"-00:00", 0},
                                       {"+23:59", 86'340}}) {
        const zone* found = database.find(name);
        BOOST_REQUIRE_MESSAGE(found != nullptr, name);
        BOOST_TEST(found->offset_at(0) == offset);
        BOOST_TEST(found->instant_of(86'400) == 86'400 - offset);
    }
    BOOST_TEST(database.find("02:00") == database.find("+02:00"));
    BOOST_TEST(database.find("Europe/Berlin") == nullptr);
    BOOST_TEST(database.version() == "");
}

BOOST_AUTO_TEST_CASE(names_that_are_no_zones_are_refused) {
    const zone_database database;
    const std::string refused[] = {"",
                                   "/",
                                   "..",
                                   "../../../etc/passwd",
                                   "Europe/../Europe/Berlin",
                                   "./Europe/Berlin",
                                   "/usr/share/zoneinfo/Europe/Berlin",
                                   "Europe//Berlin",
                                   "Europe/Berlin/",
                                   "Europe/",
                                   "Europe",
                                   "Europe/Atlantis",
                                   "europe/berlin",
                                   "Europe/Berlin ",
                                   std::string("Europe/Berlin\0", 14),
                                   "localtime",
                                   "posixrules",
                                   "posix/Europe/Berlin",
                                   "right/Europe/Berlin",
                                   "tzdata.zi",
                                   "leapseconds",
                                   "+1:00",
                                   "+24:00",
                                   "+01:60",
                                   "+0100",
                                   "+01",
                                   "1:00",
                                   "++01:00",
                                   "A" + std::string(100'000, 'a')};
    for (const std::string& name : refused)
        BOOST_TEST(database.find(name) == nullptr, name.substr(0, 40));
}

BOOST_AUTO_TEST_CASE(a_zone_is_read_once_and_by_any_thread) {
    const zone_database database;
    std::vector<const zone*> found(8);
    std::vector<std::thread> threads;
    for (const zone*& each : found)
        threads.emplace_back([&] { each = database.find("Europe/Berlin"); });
    for (std::thread& each : threads)
        each.join();
    for (const zone* each : found)
        BOOST_TEST((each != nullptr && each == found.front()));
}

BOOST_AUTO_TEST_CASE(the_version_is_that_of_the_directory) {
    BOOST_TEST(zone_database().version().size() == 5U); // "2025b"
    const auto place = std::filesystem::temp_directory_path() / ("cel-zones-" + std::to_string(getpid()));
    std::filesystem::create_directory(place);
    for (const auto& [line, version] : {std::pair{"# version 2024a\n# more\n", "2024a"},
                                        {"# version 2024a", ""},
                                        {"R d 1916\n", ""},
                                        {"", ""}}) {
        std::ofstream(place / "tzdata.zi") << line;
        BOOST_TEST(zone_database(place.string()).version() == version);
    }
    std::filesystem::remove_all(place);
}

BOOST_AUTO_TEST_SUITE_END()
