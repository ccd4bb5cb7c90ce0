// Files of time zones: any bytes are one or are refused. Whatever a zone says, an offset is less than a
// week's worth of hours as POSIX has it, and looking into it ends.
#include <tributary/cel/zone.hpp>

#include <cstdint>
#include <limits>
#include <string_view>

#include "property.hpp"

namespace cel = tributary::cel;
using tributary::fuzz::must;

namespace {

constexpr std::int64_t far = std::int64_t{1} << 62;
constexpr std::int64_t instants[] = {0,
                                     1,
                                     -1,
                                     1'000'000'000,
                                     1'709'164'800,
                                     2'147'483'647,
                                     2'147'483'648,
                                     4'102'444'800,
                                     -2'147'483'649,
                                     253'402'300'799,
                                     -62'135'596'800,
                                     far,
                                     -far,
                                     std::numeric_limits<std::int64_t>::max(),
                                     std::numeric_limits<std::int64_t>::min()};

constexpr std::int64_t hours = 3600;

void look(const cel::zone& zone, std::int64_t at, std::string_view input) {
    const std::int64_t offset = zone.offset_at(at);
    must(offset > -26 * hours && offset < 27 * hours, "an offset is about a day at most", input);
    const std::int64_t found = zone.instant_of(at);
    if (at < -far || at > far)
        return;
    must(at - found >= -26 * hours && at - found <= 27 * hours, "an instant is about a day away at most",
         input);
    must(found + zone.offset_at(found) >= at, "clocks show the time, or have left it out", input);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    const std::string_view input(reinterpret_cast<const char*>(bytes), count);
    const auto zone = cel::zone::parse(input);
    if (!zone)
        return 0;
    for (const std::int64_t instant : instants)
        look(*zone, instant, input);
    // A year in steps that meet each hour of the day, so that changes of the clocks are met.
    for (std::int64_t at = 1'700'000'000; at < 1'732'000'000; at += 90'061)
        look(*zone, at, input);
    return 0;
}
