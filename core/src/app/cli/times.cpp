#include "app/cli/times.hpp"

#include <charconv>
#include <chrono>
#include <cstdio>

#include "app/cli/errors.hpp"

namespace tributary::app::cli {
namespace {

constexpr time_ms second_ms = 1000;
constexpr time_ms minute_ms = 60 * second_ms;
constexpr time_ms hour_ms = 60 * minute_ms;
constexpr time_ms day_ms = 24 * hour_ms;

/// Reads fixed fields from the front of a text; once one does not fit, everything is wrong.
class fields {
  public:
    explicit fields(std::string_view text) : rest_(text) {}

    int number(std::size_t digits) {
        int value = 0;
        const std::string_view field = rest_.substr(0, digits);
        const auto [end, code] = std::from_chars(field.data(), field.data() + field.size(), value);
        if (field.size() != digits || code != std::errc() || end != field.data() + digits ||
            field.front() == '-')
            good_ = false;
        else
            rest_.remove_prefix(digits);
        return value;
    }
    bool skip(char expected) {
        if (rest_.empty() || rest_.front() != expected)
            return false;
        rest_.remove_prefix(1);
        return true;
    }
    void need(char expected) { good_ = skip(expected) && good_; }
    /// ".5" is 500 ms; digits beyond the third do not count.
    int fraction_ms() {
        int value = 0;
        int digits = 0;
        for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
             rest_.remove_prefix(1), ++digits)
            if (digits < 3)
                value = value * 10 + (rest_.front() - '0');
        good_ = good_ && digits > 0;
        for (; digits < 3; ++digits)
            value *= 10;
        return value;
    }
    bool good() const { return good_; }
    bool at_end() const { return rest_.empty(); }

  private:
    std::string_view rest_;
    bool good_ = true;
};

std::optional<time_ms> parse_offset(fields& from) {
    if (from.skip('Z') || from.skip('z'))
        return 0;
    const bool negative = from.skip('-');
    if (!negative)
        from.need('+');
    const int hours = from.number(2);
    from.need(':');
    const int minutes = from.number(2);
    if (!from.good() || hours > 23 || minutes > 59)
        return std::nullopt;
    const time_ms offset = hours * hour_ms + minutes * minute_ms;
    return negative ? -offset : offset;
}

std::optional<time_ms> parse_date(std::string_view text) {
    using namespace std::chrono;
    fields from(text);
    const int y = from.number(4);
    from.need('-');
    const int m = from.number(2);
    from.need('-');
    const int d = from.number(2);
    const year_month_day date(year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d)));
    if (!from.good() || !date.ok())
        return std::nullopt;
    const time_ms midnight = sys_days(date).time_since_epoch().count() * day_ms;
    if (from.at_end())
        return midnight;
    if (!from.skip('T') && !from.skip('t'))
        from.need(' ');
    const int h = from.number(2);
    from.need(':');
    const int min = from.number(2);
    from.need(':');
    const int s = from.number(2);
    const int ms = from.skip('.') ? from.fraction_ms() : 0;
    const auto offset = parse_offset(from);
    if (!offset || !from.good() || !from.at_end() || h > 23 || min > 59 || s > 59)
        return std::nullopt;
    return midnight + h * hour_ms + min * minute_ms + s * second_ms + ms - *offset;
}

std::optional<time_ms> parse_distance(std::string_view text) {
    bool negative = false;
    if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
        negative = text.front() == '-';
        text.remove_prefix(1);
    }
    std::int64_t count = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), count);
    constexpr std::int64_t count_max = 4'000'000'000; // 126 years of seconds
    if (code != std::errc() || end != text.data() + text.size() - 1 || count < 0 || count > count_max)
        return std::nullopt;
    time_ms unit = 0;
    switch (text.back()) {
    case 's': unit = second_ms; break;
    case 'm': unit = minute_ms; break;
    case 'h': unit = hour_ms; break;
    case 'd': unit = day_ms; break;
    default: return std::nullopt;
    }
    return negative ? -count * unit : count * unit;
}

} // namespace

std::string time_text(time_ms at) {
    using namespace std::chrono;
    constexpr time_ms year_10000 = 253'402'300'800'000;
    if (at >= year_10000 || at <= -year_10000)
        return std::to_string(at) + "ms"; // No calendar has it; a fact may nevertheless say so.
    const sys_time<milliseconds> point{milliseconds(at)};
    const auto midnight = floor<days>(point);
    const year_month_day date(midnight);
    const hh_mm_ss time(point - midnight);
    char text[48];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
    return text;
}

std::optional<std::string> time_text(const std::optional<time_ms>& at) {
    return at ? std::optional(time_text(*at)) : std::nullopt;
}

result<time_ms> parse_time(std::string_view text, time_ms now) {
    if (text == "now")
        return now;
    if (const auto distance = parse_distance(text))
        return now + *distance;
    if (const auto date = parse_date(text))
        return *date;
    return failure(cli_errc::usage,
                   "'" + std::string(text) +
                       "' is no time: write 2024-02-29, 2024-02-29T12:00:00Z, now, 90d or -30d");
}

} // namespace tributary::app::cli
