#include "local_clock.hpp"

#include "functions.hpp"
#include "time.hpp"

namespace tributary::cel {
namespace {

/// A name that nobody has asked for before is looked for on disk.
constexpr std::uint64_t lookup_cost = 16;

std::optional<std::int32_t> fixed_offset(std::string_view text) noexcept {
    return text == "UTC" ? std::optional<std::int32_t>(0) : parse_utc_offset(text);
}

} // namespace

value read_zone(call_context& with, std::string_view text) {
    const zone* found = with.zones != nullptr ? with.zones->find(text) : nullptr;
    if (found != nullptr)
        return value::opaque(found, zone_tag);
    if (fixed_offset(text))
        return with.copy_string(text);
    if (with.zones == nullptr)
        return with.fail(evaluation_errc::unknown_zone,
                         "named time zones are not known here, only 'UTC' and '+01:00'");
    return with.fail(evaluation_errc::unknown_zone,
                     "there is no time zone '" + std::string(text) +
                         "'; zones are named as in 'Europe/Berlin', 'UTC' or '+01:00'");
}

bool find_clock(call_context& with, const value& argument, local_clock& into, value& failure) {
    if (is_opaque(argument, zone_tag)) {
        into.rules = static_cast<const zone*>(argument.as_opaque());
        return true;
    }
    if (!argument.is(value_kind::string)) {
        failure = no_such_overload();
        return false;
    }
    if (const auto offset = fixed_offset(argument.as_text())) {
        into.offset = *offset;
        return true;
    }
    if (!with.charge(lookup_cost)) {
        failure = call_context::cost_exhausted();
        return false;
    }
    into.rules = with.zones != nullptr ? with.zones->find(argument.as_text()) : nullptr;
    if (into.rules != nullptr)
        return true;
    failure = with.fail(evaluation_errc::unknown_zone, argument.as_text());
    return false;
}

bool find_clock(call_context& with, std::span<const value> arguments, std::size_t number, local_clock& into,
                value& failure) {
    return number >= arguments.size() || find_clock(with, arguments[number], into, failure);
}

} // namespace tributary::cel
