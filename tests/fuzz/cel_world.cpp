#include "cel_world.hpp"

#include <tributary/cel/map.hpp>

#include <limits>

#include "parts.hpp"

namespace tributary::fuzz {
namespace {

using cel::type;
using cel::value;

constexpr std::int64_t ints[] = {0,
                                 1,
                                 2,
                                 3,
                                 7,
                                 31,
                                 100,
                                 9999,
                                 -1,
                                 -100,
                                 1'700'000'000,
                                 9'007'199'254'740'993,
                                 std::numeric_limits<std::int64_t>::max(),
                                 std::numeric_limits<std::int64_t>::min()};
constexpr double doubles[] = {0.0,
                              1.0,
                              0.5,
                              -2.25,
                              1e3,
                              -0.0,
                              9.2e18,
                              1e300,
                              5e-324,
                              std::numeric_limits<double>::infinity(),
                              -std::numeric_limits<double>::infinity(),
                              std::numeric_limits<double>::quiet_NaN()};
constexpr std::string_view texts[] = {"US",
                                      "",
                                      "a",
                                      "prod_1",
                                      "Hello, World",
                                      "caf\u00E9 \u4E16\u754C",
                                      "EUR",
                                      "Europe/Berlin",
                                      "+05:30",
                                      "2024-02-29T12:00:00Z",
                                      "1h30m",
                                      "12.5",
                                      "42",
                                      "true",
                                      "YWJj",
                                      "(a|b)*c",
                                      "%s %d %.2f",
                                      "\U0001F600",
                                      "broken \xFF\xFE",
                                      "\xC3",
                                      std::string_view("\0x", 2)};
constexpr std::int64_t instants[] = {0,  1'700'000'000, 1'709'164'799, -62'135'596'800, 253'402'300'799,
                                     -1, 951'782'400};
constexpr std::int64_t spans[] = {0,
                                  1,
                                  90'000'000'000,
                                  -3'600'000'000'000,
                                  86'400'000'000'000,
                                  std::numeric_limits<std::int64_t>::max(),
                                  std::numeric_limits<std::int64_t>::min()};
constexpr value rates[] = {value::rate(125, 1),
                           value::rate(0, 0),
                           value::rate(20, 0),
                           value::rate(-3, 0),
                           value::rate(999'999'999'999'999, 8),
                           value::rate(228, 2)};

std::optional<std::uint32_t> digits_of_currency(std::string_view code) {
    if (code == "USD" || code == "EUR")
        return 2;
    if (code == "JPY")
        return 0;
    return code == "KWD" ? std::optional<std::uint32_t>(3) : std::nullopt;
}

class few_rates : public cel::exchange_rates {
  public:
    std::optional<quote> find(std::string_view from, std::string_view to) const override {
        if (from == "EUR" && to == "USD")
            return quote{10'845, 4};
        if (from == "JPY" && to == "KWD")
            return quote{std::numeric_limits<std::int64_t>::max(), 18};
        return {};
    }
};

struct declared_variable {
    const char* name;
    const char* of;
};
constexpr declared_variable variables[] = {
    {"sale.amount", "int"},
    {"customer.country", "string"},
    {"sale.quantity", "uint"},
    {"share", "double"},
    {"is_new", "bool"},
    {"raw", "bytes"},
    {"at", "timestamp"},
    {"span", "duration"},
    {"fee", "rate"},
    {"tags", "list(string)"},
    {"weights", "list(int)"},
    {"grid", "list(list(int))"},
    {"totals", "map(string, int)"},
    {"by_number", "map(int, dyn)"},
    {"sale.metadata", "map(string, dyn)"},
    {"maybe", "optional_type(int)"},
    {"any", "dyn"},
    {"sale", "dyn"},
};

} // namespace

cel_input read_cel_input(std::string_view bytes) {
    cel_input read;
    const std::string_view first = take_until(bytes, part_separator);
    // take_until leaves nothing behind a last part, and nothing behind a separator at the end.
    const bool separated = bytes.data() != first.data() + first.size();
    read.settings = separated ? first : std::string_view();
    read.expression = separated ? bytes : first;
    return read;
}

cel::compile_options cel_input::compile_options() const {
    cel::compile_options made;
    made.check = check();
    made.amount = amount();
    if (condition())
        made.result = type::boolean();
    made.mode = static_cast<cel::rounding>((options() >> 4 & 7) % 5);
    return made;
}

cel_world::cel_world() : ample_(made(false)), tight_(made(true)) {}

cel::environment cel_world::made(bool tight) const {
    cel::environment_options options;
    options.container = "acme.rules"; // Nothing is declared in it: names are looked for in it all the same.
    options.zones = &zones_;
    options.currency_exponent = &digits_of_currency;
    options.evaluation = limits(tight);
    cel::environment environment(options);
    for (const declared_variable& each : variables)
        environment.declare(each.name, *cel::parse_type(each.of));
    return environment;
}

const cel::exchange_rates& cel_world::rates() const {
    static const few_rates same_for_all;
    return same_for_all;
}

cel_values::cel_values(const cel::environment& of, std::string_view settings)
    : left_(settings.substr(settings.empty() ? 0 : 1)) {
    for (const cel::variable& each : of.variables())
        values_.push_back(value_for(each.declared));
}

std::size_t cel_values::next(std::size_t count) {
    if (left_.empty())
        return 0;
    const auto octet = static_cast<unsigned char>(left_.front());
    left_.remove_prefix(1);
    return octet % count;
}

value cel_values::value_for(const type& declared) {
    constexpr cel::evaluation_errc errors[] = {
        cel::evaluation_errc::no_such_attribute, cel::evaluation_errc::fetch_failed,
        cel::evaluation_errc::overflow, cel::evaluation_errc::cost_limit,
        cel::evaluation_errc::divide_by_zero};
    switch (next(16)) {
    case 11: return value();
    case 12: return value::error(errors[next(std::size(errors))], "told by the caller");
    case 13:
    case 14: return of_any_kind(3);
    default: return of_type(declared, 3);
    }
}

std::string_view cel_values::text() {
    const std::size_t number = next(std::size(texts) + 2);
    if (number < std::size(texts))
        return texts[number];
    // Bytes of the input itself, or a long text.
    if (number > std::size(texts))
        return memory_.copy(std::string(1 + next(250), static_cast<char>('a' + next(26))));
    const std::string_view taken = left_.substr(0, next(16));
    left_.remove_prefix(taken.size());
    return memory_.copy(taken);
}

value cel_values::of_type(const type& declared, int depth) {
    const auto parameters = declared.parameters();
    switch (declared.kind()) {
    case cel::type_kind::boolean: return value::boolean(next(2) == 1);
    case cel::type_kind::int64: return value::int64(ints[next(std::size(ints))]);
    case cel::type_kind::uint64:
        return value::uint64(static_cast<std::uint64_t>(ints[next(std::size(ints))]));
    case cel::type_kind::float64: return value::float64(doubles[next(std::size(doubles))]);
    case cel::type_kind::string: return value::string(text());
    case cel::type_kind::bytes: return value::bytes(text());
    case cel::type_kind::timestamp:
        return value::timestamp(instants[next(std::size(instants))], next(2) == 0 ? 0 : 999'999'999);
    case cel::type_kind::duration: return value::duration(spans[next(std::size(spans))]);
    case cel::type_kind::rate: return rates[next(std::size(rates))];
    case cel::type_kind::list: return list_of(parameters[0], depth);
    case cel::type_kind::map: return map_of(parameters[0], parameters[1], depth);
    case cel::type_kind::optional: {
        if (next(4) == 3)
            return value::optional(nullptr);
        const auto held = memory_.make_array<value>(1);
        held[0] = inside(parameters[0], depth - 1);
        return value::optional(held.data());
    }
    case cel::type_kind::null: return value::null();
    default: return of_any_kind(depth);
    }
}

value cel_values::of_any_kind(int depth) {
    const type types[] = {type::int64(),
                          type::string(),
                          type::map(type::string(), type::dyn()),
                          type::boolean(),
                          type::float64(),
                          type::uint64(),
                          type::bytes(),
                          type::timestamp(),
                          type::duration(),
                          type::rate(),
                          type::null(),
                          type::list(type::dyn()),
                          type::optional(type::dyn()),
                          type::list(type::int64()),
                          type::map(type::int64(), type::string())};
    // The last kind has no declared type: an extension's own.
    const std::size_t chosen = next(std::size(types) + 2);
    if (chosen < std::size(types))
        return of_type(types[chosen], depth);
    return chosen == std::size(types) ? value::type("string") : value::opaque(this, 1);
}

value cel_values::inside(const type& declared, int depth) {
    return depth <= 0 ? value::int64(ints[next(std::size(ints))]) : of_type(declared, depth);
}

value cel_values::list_of(const type& element, int depth) {
    const auto elements = memory_.make_array<value>(next(6));
    for (value& each : elements)
        each = inside(element, depth - 1);
    return value::list(elements);
}

value cel_values::map_of(const type& key, const type& held, int depth) {
    const auto entries = memory_.make_array<cel::map_entry>(next(12)); // Enough for an index.
    for (std::size_t i = 0; i < entries.size(); ++i) {
        entries[i].key = key.is(cel::type_kind::string) ? value::string(texts[i]) : value::int64(ints[i]);
        entries[i].held = inside(held, depth - 1);
    }
    return cel::make_map(memory_, entries);
}

} // namespace tributary::fuzz
