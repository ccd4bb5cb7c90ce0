#include <cmath>
#include <functional>

#include "calling.hpp"
#include "functions.hpp"
#include "numbers.hpp"

namespace tributary::cel {
namespace {

constexpr value_kind int_kind = value_kind::int64;
constexpr value_kind uint_kind = value_kind::uint64;
constexpr value_kind double_kind = value_kind::float64;
/// So many arguments may be written out; more of them are given as a list.
constexpr std::size_t arguments_max = 8;

/// The first of the arguments, or of a list that is the only one, that no other is beyond.
value extreme(call_context& with, std::span<const value> arguments, std::partial_ordering beyond) {
    const bool listed = takes(arguments, {value_kind::list});
    const list_view numbers = listed ? arguments[0].as_list() : arguments;
    if (numbers.empty())
        return listed ? value::error(evaluation_errc::invalid_argument, "the list is empty")
                      : no_such_overload();
    if (!with.charge(numbers.size()))
        return call_context::cost_exhausted();
    value best = numbers[0];
    for (const value& each : numbers) {
        if (!is_number(each))
            return no_such_overload();
        const std::partial_ordering order = compare_numbers(each, best);
        if (order == std::partial_ordering::unordered)
            return value::error(evaluation_errc::invalid_argument, "NaN has no order");
        if (order == beyond)
            best = each;
    }
    return best;
}

value greatest(call_context& with, std::span<const value> arguments) {
    return extreme(with, arguments, std::partial_ordering::greater);
}
value least(call_context& with, std::span<const value> arguments) {
    return extreme(with, arguments, std::partial_ordering::less);
}

template <double (*Changes)(double) noexcept> value rounded(call_context&, std::span<const value> arguments) {
    if (!takes(arguments, {double_kind}))
        return no_such_overload();
    return value::float64(Changes(arguments[0].as_float64()));
}
double up(double given) noexcept {
    return std::ceil(given);
}
double down(double given) noexcept {
    return std::floor(given);
}
double nearest(double given) noexcept { // From the middle away from zero.
    return std::round(given);
}
double cut(double given) noexcept {
    return std::trunc(given);
}

template <bool (*Asks)(double) noexcept> value asked(call_context&, std::span<const value> arguments) {
    if (!takes(arguments, {double_kind}))
        return no_such_overload();
    return value::boolean(Asks(arguments[0].as_float64()));
}
bool is_infinite(double given) noexcept {
    return std::isinf(given);
}
bool is_nan(double given) noexcept {
    return std::isnan(given);
}
bool is_finite(double given) noexcept {
    return std::isfinite(given);
}

value absolute(call_context&, std::span<const value> arguments) {
    if (takes(arguments, {uint_kind}))
        return arguments[0];
    if (takes(arguments, {double_kind}))
        return value::float64(std::abs(arguments[0].as_float64()));
    if (!takes(arguments, {int_kind}))
        return no_such_overload();
    const std::int64_t given = arguments[0].as_int64();
    if (given == std::numeric_limits<std::int64_t>::min())
        return value::error(evaluation_errc::overflow, "the least int has no positive counterpart");
    return value::int64(given < 0 ? -given : given);
}

value sign(call_context&, std::span<const value> arguments) {
    if (takes(arguments, {int_kind}))
        return value::int64((arguments[0].as_int64() > 0) - (arguments[0].as_int64() < 0));
    if (takes(arguments, {uint_kind}))
        return value::uint64(arguments[0].as_uint64() > 0);
    if (!takes(arguments, {double_kind}))
        return no_such_overload();
    const double given = arguments[0].as_float64();
    return std::isnan(given) ? arguments[0] : value::float64((given > 0) - (given < 0));
}

value square_root(call_context&, std::span<const value> arguments) {
    if (takes(arguments, {int_kind}))
        return value::float64(std::sqrt(static_cast<double>(arguments[0].as_int64())));
    if (takes(arguments, {uint_kind}))
        return value::float64(std::sqrt(static_cast<double>(arguments[0].as_uint64())));
    if (takes(arguments, {double_kind}))
        return value::float64(std::sqrt(arguments[0].as_float64()));
    return no_such_overload();
}

/// The bits of an int or a uint, and a value of the same type of other bits.
std::uint64_t bits_of(const value& given) noexcept {
    return given.is(int_kind) ? static_cast<std::uint64_t>(given.as_int64()) : given.as_uint64();
}
value with_bits(const value& like, std::uint64_t bits) noexcept {
    return like.is(int_kind) ? value::int64(static_cast<std::int64_t>(bits)) : value::uint64(bits);
}

template <class Operation> value combined(call_context&, std::span<const value> arguments) {
    if (!takes(arguments, {int_kind, int_kind}) && !takes(arguments, {uint_kind, uint_kind}))
        return no_such_overload();
    return with_bits(arguments[0], Operation()(bits_of(arguments[0]), bits_of(arguments[1])));
}

value bit_not(call_context&, std::span<const value> arguments) {
    if (!takes(arguments, {int_kind}) && !takes(arguments, {uint_kind}))
        return no_such_overload();
    return with_bits(arguments[0], ~bits_of(arguments[0]));
}

/// Zeros come in on either side, also to the left of a negative int.
template <bool Left> value shifted(call_context& with, std::span<const value> arguments) {
    if (!takes(arguments, {int_kind, int_kind}) && !takes(arguments, {uint_kind, int_kind}))
        return no_such_overload();
    const std::int64_t by = arguments[1].as_int64();
    if (by < 0)
        return with.fail(evaluation_errc::invalid_argument,
                         "bits cannot be shifted by " + std::to_string(by) + " places");
    if (by >= 64)
        return with_bits(arguments[0], 0);
    const std::uint64_t bits = bits_of(arguments[0]);
    return with_bits(arguments[0], Left ? bits << by : bits >> by);
}

/// Arguments of one type have that type as result. Of two whatever they are, the pairs are written out, so
/// that what is no number is refused before it is evaluated. Three and more of mixed types are dyn: they are
/// declared last, being what also takes all the others.
std::vector<overload> extreme_overloads() {
    const std::vector<type> numbers = {type::int64(), type::uint64(), type::float64()};
    std::vector<overload> made;
    for (const type& each : numbers) {
        for (std::size_t count = 1; count <= arguments_max; ++count)
            made.push_back({std::vector<type>(count, each), each});
        made.push_back({{type::list(each)}, each});
        for (const type& other : numbers)
            if (!(other == each))
                made.push_back({{each, other}, type::dyn()});
    }
    made.push_back({{type::list(type::dyn())}, type::dyn()});
    for (std::size_t count = 3; count <= arguments_max; ++count)
        made.push_back({std::vector<type>(count, type::dyn()), type::dyn()});
    return made;
}

} // namespace

void add_math_functions(std::vector<function_declaration>& into) {
    const type whole = type::int64();
    const type natural = type::uint64();
    const type real = type::float64();
    const auto add = [&](std::string name, std::vector<overload> overloads, function implementation) {
        into.push_back({"math." + std::move(name), std::move(overloads), implementation});
    };
    add("greatest", extreme_overloads(), greatest);
    add("least", extreme_overloads(), least);

    const overload rounds = {{real}, real};
    add("ceil", {rounds}, rounded<up>);
    add("floor", {rounds}, rounded<down>);
    add("round", {rounds}, rounded<nearest>);
    add("trunc", {rounds}, rounded<cut>);

    const overload asks = {{real}, type::boolean()};
    add("isInf", {asks}, asked<is_infinite>);
    add("isNaN", {asks}, asked<is_nan>);
    add("isFinite", {asks}, asked<is_finite>);

    const std::vector<overload> same = {{{whole}, whole}, {{natural}, natural}, {{real}, real}};
    add("abs", same, absolute);
    add("sign", same, sign);
    add("sqrt", {{{whole}, real}, {{natural}, real}, {{real}, real}}, square_root);

    const std::vector<overload> pairs = {{{whole, whole}, whole}, {{natural, natural}, natural}};
    add("bitAnd", pairs, combined<std::bit_and<>>);
    add("bitOr", pairs, combined<std::bit_or<>>);
    add("bitXor", pairs, combined<std::bit_xor<>>);
    add("bitNot", {{{whole}, whole}, {{natural}, natural}}, bit_not);
    const std::vector<overload> shifts = {{{whole, whole}, whole}, {{natural, whole}, natural}};
    add("bitShiftLeft", shifts, shifted<true>);
    add("bitShiftRight", shifts, shifted<false>);
}

} // namespace tributary::cel
