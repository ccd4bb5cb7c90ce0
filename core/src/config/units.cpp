#include "config/units.hpp"

#include <tributary/config/errors.hpp>

#include <array>
#include <charconv>
#include <span>

namespace tributary::config {
namespace {

struct unit {
    std::string_view name;
    std::int64_t factor;
};

// Greatest first: writing takes the first that divides. A bare number of bytes is the empty unit.
constexpr std::array size_units{unit{"GiB", 1 << 30},      unit{"MiB", 1 << 20},  unit{"KiB", 1 << 10},
                                unit{"GB", 1'000'000'000}, unit{"MB", 1'000'000}, unit{"KB", 1000},
                                unit{"kB", 1000},          unit{"B", 1},          unit{"", 1}};
constexpr std::array duration_units{unit{"d", 86'400'000'000}, unit{"h", 3'600'000'000},
                                    unit{"m", 60'000'000},     unit{"s", 1'000'000},
                                    unit{"ms", 1000},          unit{"us", 1}};

/// A whole number directly followed by one of the units.
result<std::int64_t> parse_quantity(std::string_view text, std::span<const unit> units,
                                    std::string_view expected) {
    std::int64_t count = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failed == std::errc::result_out_of_range)
        return failure(config_errc::out_of_range, "is too large");
    if (failed != std::errc{} || text.front() == '-')
        return failure(config_errc::malformed, std::string(expected));
    const std::string_view name = text.substr(static_cast<std::size_t>(end - text.data()));
    for (const unit& known : units) {
        if (known.name != name)
            continue;
        std::int64_t product = 0;
        if (__builtin_mul_overflow(count, known.factor, &product))
            return failure(config_errc::out_of_range, "is too large");
        return product;
    }
    return failure(config_errc::malformed, std::string(expected));
}

} // namespace

result<std::int64_t> parse_size(std::string_view text) {
    return parse_quantity(text, size_units, "expected a size, such as \"64KiB\", \"1MiB\" or 4096");
}

std::string size_text(std::int64_t bytes) {
    for (std::size_t index = 0; index < 3; ++index)
        if (bytes != 0 && bytes % size_units[index].factor == 0)
            return std::to_string(bytes / size_units[index].factor) + std::string(size_units[index].name);
    return std::to_string(bytes);
}

result<std::int64_t> parse_duration(std::string_view text, std::int64_t unit_us) {
    TRIBUTARY_TRY_ASSIGN(
        microseconds,
        parse_quantity(text, duration_units,
                       "expected a duration with its unit (us, ms, s, m, h, d), such as \"10s\""));
    if (microseconds % unit_us != 0)
        return failure(config_errc::malformed, "is finer than " + duration_text(1, unit_us));
    return microseconds / unit_us;
}

std::string duration_text(std::int64_t count, std::int64_t unit_us) {
    if (count == 0)
        return "0s";
    const std::int64_t microseconds = count * unit_us;
    for (const unit& known : duration_units)
        if (microseconds % known.factor == 0)
            return std::to_string(microseconds / known.factor) + std::string(known.name);
    return {}; // Not reached: one microsecond divides everything.
}

} // namespace tributary::config
