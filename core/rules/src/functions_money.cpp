#include <array>
#include <tuple>

#include "functions.hpp"
#include "numbers.hpp"

namespace tributary::cel {
namespace {

constexpr std::array<rounding, 5> rounding_modes = {rounding::half_up, rounding::half_even, rounding::floor,
                                                    rounding::ceil, rounding::trunc};

value read_mode(call_context& with, std::string_view text) {
    if (const auto mode = parse_rounding(text))
        return value::int64(static_cast<std::int64_t>(*mode));
    std::string known;
    for (const rounding each : rounding_modes)
        known += (known.empty() ? "'" : ", '") + std::string(text_of(each)) + "'";
    return with.fail(evaluation_errc::invalid_argument,
                     "unknown rounding '" + std::string(text) + "'; known are " + known);
}

/// Are these so many arguments of these kinds, with or without a mode after them? The mode is the program's
/// when there is none.
bool read_arguments(const call_context& with, std::span<const value> arguments,
                    std::initializer_list<value_kind> kinds, rounding& mode) noexcept {
    if (arguments.size() != kinds.size() && arguments.size() != kinds.size() + 1)
        return false;
    for (std::size_t i = 0; i < kinds.size(); ++i)
        if (!arguments[i].is(kinds.begin()[i]))
            return false;
    mode = with.mode;
    if (arguments.size() == kinds.size())
        return true;
    const value& given = arguments.back(); // What read_mode made of it.
    if (!given.is(value_kind::int64) || given.as_int64() < 0 ||
        given.as_int64() >= static_cast<std::int64_t>(rounding_modes.size()))
        return false;
    mode = static_cast<rounding>(given.as_int64());
    return true;
}

value amount_or_overflow(std::optional<std::int64_t> amount) noexcept {
    return amount ? value::int64(*amount) : value::error(evaluation_errc::overflow);
}

value call_pct(call_context& with, std::span<const value> arguments) {
    rounding mode{};
    if (!read_arguments(with, arguments, {value_kind::int64, value_kind::rate}, mode))
        return no_such_overload();
    return amount_or_overflow(
        percentage(arguments[0].as_int64(), {arguments[1].rate_digits(), arguments[1].rate_scale()}, mode));
}

value call_bps(call_context& with, std::span<const value> arguments) {
    rounding mode{};
    if (!read_arguments(with, arguments, {value_kind::int64, value_kind::int64}, mode))
        return no_such_overload();
    return amount_or_overflow(ratio(arguments[0].as_int64(), arguments[1].as_int64(), 10'000, mode));
}

value call_ratio(call_context& with, std::span<const value> arguments) {
    rounding mode{};
    if (!read_arguments(with, arguments, {value_kind::int64, value_kind::int64, value_kind::int64}, mode))
        return no_such_overload();
    if (arguments[2].as_int64() == 0)
        return value::error(evaluation_errc::divide_by_zero);
    return amount_or_overflow(
        ratio(arguments[0].as_int64(), arguments[1].as_int64(), arguments[2].as_int64(), mode));
}

bool is_below(const value& left, const value& right) noexcept {
    if (is_number(left))
        return compare_numbers(left, right) == std::partial_ordering::less;
    if (left.is(value_kind::duration))
        return left.as_duration() < right.as_duration();
    return std::tuple(left.seconds(), left.nanoseconds()) < std::tuple(right.seconds(), right.nanoseconds());
}

value call_clamp(call_context&, std::span<const value> arguments) {
    if (arguments.size() != 3)
        return no_such_overload();
    const value& given = arguments[0];
    const value& low = arguments[1];
    const value& high = arguments[2];
    const bool ordered =
        is_number(given) || given.is(value_kind::timestamp) || given.is(value_kind::duration);
    if (!ordered || low.kind() != given.kind() || high.kind() != given.kind())
        return no_such_overload();
    if (is_below(high, low))
        return value::error(evaluation_errc::invalid_argument,
                            "clamp: the lower limit is above the upper one");
    if (is_below(given, low))
        return low;
    return is_below(high, given) ? high : given;
}

/// The table of an argument that is known to be one.
std::span<const tier_step> steps_of(const value& table) noexcept {
    return static_cast<const tier_table*>(table.as_opaque())->steps;
}

value call_tier(call_context& with, std::span<const value> arguments) {
    if (arguments.size() != 2 || !arguments[0].is(value_kind::int64) ||
        !is_opaque(arguments[1], tier_table_tag))
        return no_such_overload();
    const auto steps = steps_of(arguments[1]);
    if (!with.charge(steps.size()))
        return call_context::cost_exhausted();
    const decimal_rate found = tier_rate(steps, arguments[0].as_int64());
    return value::rate(found.digits, found.scale);
}

value call_tiers(call_context& with, std::span<const value> arguments) {
    rounding mode{};
    if (!read_arguments(with, arguments, {value_kind::int64, value_kind::int64, value_kind::opaque}, mode) ||
        !is_opaque(arguments[2], tier_table_tag))
        return no_such_overload();
    const auto steps = steps_of(arguments[2]);
    if (!with.charge(steps.size()))
        return call_context::cost_exhausted();
    return amount_or_overflow(marginal_tiers(steps, arguments[0].as_int64(), arguments[1].as_int64(), mode));
}

value call_allocate(call_context& with, std::span<const value> arguments) {
    if (arguments.size() != 2 || !arguments[0].is(value_kind::int64) || !arguments[1].is(value_kind::list))
        return no_such_overload();
    const list_view weights = arguments[1].as_list();
    if (weights.size() > with.limits().elements)
        return value::error(evaluation_errc::list_limit);
    if (!with.charge(4 * weights.size())) // Each is looked at several times.
        return call_context::cost_exhausted();
    const auto numbers = with.memory().make_array<std::int64_t>(2 * weights.size());
    const auto made = with.memory().make_array<value>(weights.size());
    if (numbers.data() == nullptr || made.data() == nullptr)
        return call_context::memory_exhausted();
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (!weights[i].is(value_kind::int64))
            return no_such_overload();
        numbers[i] = weights[i].as_int64();
    }
    const auto parts = numbers.subspan(weights.size());
    if (!allocate(arguments[0].as_int64(), numbers.first(weights.size()), parts))
        return value::error(evaluation_errc::invalid_argument,
                            "allocate: weights are zero or more, and one at least is more");
    for (std::size_t i = 0; i < parts.size(); ++i)
        made[i] = value::int64(parts[i]);
    return value::list(made);
}

value unknown_currency(call_context& with, std::string_view code) {
    if (with.currency_exponent == nullptr)
        return with.fail(evaluation_errc::invalid_argument, "currencies are not known here");
    return with.fail(evaluation_errc::invalid_argument,
                     "unknown currency '" + std::string(code) + "'; a code is as in 'USD'");
}

value read_currency(call_context& with, std::string_view text) {
    if (with.currency_exponent != nullptr && !with.currency_exponent(text))
        return unknown_currency(with, text);
    return with.copy_string(text);
}

std::optional<std::uint32_t> exponent_of(const call_context& with, const value& code) {
    return with.currency_exponent != nullptr ? with.currency_exponent(code.as_text()) : std::nullopt;
}

value call_convert(call_context& with, std::span<const value> arguments) {
    rounding mode{};
    if (!read_arguments(with, arguments, {value_kind::int64, value_kind::string, value_kind::string}, mode))
        return no_such_overload();
    const value& from = arguments[1];
    const value& to = arguments[2];
    const auto from_exponent = exponent_of(with, from);
    const auto to_exponent = exponent_of(with, to);
    if (!from_exponent || !to_exponent)
        return unknown_currency(with, (from_exponent ? to : from).as_text());
    if (from.as_text() == to.as_text())
        return arguments[0]; // Needs no rate.
    const auto quote = with.rates != nullptr ? with.rates->find(from.as_text(), to.as_text()) : std::nullopt;
    if (!quote)
        return with.fail(evaluation_errc::no_rate,
                         std::string(from.as_text()) + " to " + std::string(to.as_text()));
    constexpr std::uint32_t quote_scale_max = 18;
    if (quote->digits <= 0 || quote->scale > quote_scale_max)
        return with.fail(evaluation_errc::no_rate, std::string(from.as_text()) + " to " +
                                                       std::string(to.as_text()) +
                                                       " is given as no rate above zero");
    return amount_or_overflow(convert(arguments[0].as_int64(), *quote, *from_exponent, *to_exponent, mode));
}

value call_minor(call_context& with, std::span<const value> arguments) {
    if (arguments.size() != 2 || !arguments[0].is(value_kind::string) || !arguments[1].is(value_kind::string))
        return no_such_overload();
    const auto exponent = exponent_of(with, arguments[1]);
    if (!exponent)
        return unknown_currency(with, arguments[1].as_text());
    if (const auto amount = minor_units(arguments[0].as_text(), *exponent))
        return value::int64(*amount);
    return with.fail(evaluation_errc::invalid_argument,
                     "'" + std::string(arguments[0].as_text()) + "' is no amount with at most " +
                         std::to_string(*exponent) + " digits after the point");
}

/// A function whose parameters may be followed by a mode.
function_declaration declare_rounding(std::string name, std::vector<type> parameters,
                                      function implementation) {
    function_declaration made;
    made.name = std::move(name);
    made.implementation = implementation;
    made.literals.resize(parameters.size() + 1);
    made.literals.back() = {read_mode, true};
    made.overloads.push_back({parameters, type::int64()});
    parameters.push_back(type::string());
    made.overloads.push_back({std::move(parameters), type::int64()});
    return made;
}

function_declaration declare(std::string name, std::vector<overload> overloads, function implementation) {
    function_declaration made;
    made.name = std::move(name);
    made.overloads = std::move(overloads);
    made.implementation = implementation;
    return made;
}

} // namespace

void add_money_functions(std::vector<function_declaration>& into) {
    const type amount = type::int64();
    const type string = type::string();
    const type table = type::opaque("tiers");
    into.push_back(declare_rounding("pct", {amount, type::rate()}, call_pct));
    into.push_back(declare_rounding("bps", {amount, type::int64()}, call_bps));
    into.push_back(declare_rounding("ratio", {amount, type::int64(), type::int64()}, call_ratio));
    into.push_back(declare_rounding("tiers", {amount, amount, table}, call_tiers));
    into.push_back(declare("tier", {{{type::int64(), table}, type::rate()}}, call_tier));
    into.push_back(declare("allocate", {{{amount, type::list(amount)}, type::list(amount)}}, call_allocate));

    std::vector<overload> clamps;
    for (const type& each :
         {type::int64(), type::uint64(), type::float64(), type::timestamp(), type::duration()})
        clamps.push_back({{each, each, each}, each});
    into.push_back(declare("clamp", std::move(clamps), call_clamp));

    function_declaration conversion = declare_rounding("convert", {amount, string, string}, call_convert);
    conversion.pure = false; // It depends on the event's rates.
    conversion.literals[1].read = read_currency;
    conversion.literals[2].read = read_currency;
    into.push_back(std::move(conversion));

    function_declaration minor = declare("minor", {{{string, string}, amount}}, call_minor);
    minor.compiled = true;
    into.push_back(std::move(minor));

    add_calendar_functions(into);
}

} // namespace tributary::cel
