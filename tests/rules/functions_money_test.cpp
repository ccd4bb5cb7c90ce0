#include <boost/test/unit_test.hpp>

#include <limits>
#include <list>
#include <optional>
#include <set>

#include "currencies.hpp"
#include "functions.hpp"
#include "values.hpp"

using namespace tributary::cel;
using namespace tributary::cel::test;

BOOST_AUTO_TEST_SUITE(functions_of_money)

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

class some_rates final : public exchange_rates {
  public:
    std::optional<quote> find(std::string_view from, std::string_view to) const override {
        if (from == "EUR" && to == "USD")
            return quote{108, 2};
        if (from == "EUR" && to == "JPY")
            return quote{16'523, 2};
        if (from == "USD" && to == "KWD")
            return quote{307, 3};
        return std::nullopt;
    }
};

struct calls : caller {
    calls() : caller(add_money_functions) {
        context().currency_exponent = exponent_of;
        context().rates = &rates;
    }

    value mode(std::string_view name, std::string_view text) {
        return read(name, declaration(name).literals.size() - 1, text);
    }
    value table_of(const std::vector<std::pair<std::int64_t, std::string_view>>& steps) {
        tables.emplace_back();
        kept.emplace_back();
        for (const auto& [from, rate] : steps)
            kept.back().push_back({from, *parse_rate(rate)});
        tables.back().steps = kept.back();
        return value::opaque(&tables.back(), tier_table_tag);
    }
    some_rates rates;
    std::list<tier_table> tables;
    std::list<std::vector<tier_step>> kept;
};

value amount(std::int64_t minor) {
    return value::int64(minor);
}

} // namespace

BOOST_FIXTURE_TEST_CASE(every_function_is_declared_once_and_knows_its_literals, calls) {
    std::set<std::string> names;
    for (const auto& each : declarations()) {
        BOOST_TEST(names.insert(each.name).second, each.name);
        BOOST_TEST((each.implementation != nullptr), each.name);
        BOOST_TEST(!each.overloads.empty(), each.name);
        for (const overload& signature : each.overloads)
            BOOST_TEST(!signature.member, each.name);
    }
    const std::set<std::string> expected = {"pct",           "bps",         "ratio",   "clamp",
                                            "tier",          "tiers",       "convert", "minor",
                                            "monthsBetween", "daysBetween", "startOf", "allocate"};
    BOOST_TEST((names == expected));
    for (const char* name : {"pct", "bps", "ratio", "tiers", "convert"})
        BOOST_TEST(declaration(name).literals.back().required, name);
    BOOST_TEST(!declaration("convert").pure);
    BOOST_TEST(declaration("pct").pure);
    BOOST_TEST(declaration("minor").compiled);
}

BOOST_FIXTURE_TEST_CASE(an_unknown_mode_is_refused_with_the_known_ones, calls) {
    for (const char* name : {"pct", "bps", "ratio", "tiers", "convert"}) {
        for (const char* text : {"", "up", "HALF_UP", "bankers"}) {
            const value got = mode(name, text);
            BOOST_TEST(failed(got, evaluation_errc::invalid_argument), name << " " << text);
            BOOST_TEST(got.error_detail() ==
                       "unknown rounding '" + std::string(text) +
                           "'; known are 'half_up', 'half_even', 'floor', 'ceil', 'trunc'");
        }
        BOOST_TEST(mode(name, "half_even").is(value_kind::int64));
    }
}

BOOST_FIXTURE_TEST_CASE(pct_bps_and_ratio_round_in_the_given_mode_or_the_programs, calls) {
    const struct {
        const char* mode;
        std::int64_t of_25;
        std::int64_t of_minus_25;
    } cases[] = {
        {"half_up", 3, -3}, {"half_even", 2, -2}, {"floor", 2, -3}, {"ceil", 3, -2}, {"trunc", 2, -2}};
    for (const auto& each : cases)
        for (const auto& [given, expected] : {std::pair{25, each.of_25}, {-25, each.of_minus_25}})
            BOOST_TEST_CONTEXT(each.mode << " of " << given) {
                const value ten_percent = rate_of("10");
                const std::vector<std::pair<const char*, std::vector<value>>> ways = {
                    {"pct", {amount(given), ten_percent}},
                    {"bps", {amount(given), value::int64(1000)}},
                    {"ratio", {amount(given), value::int64(1), value::int64(10)}},
                };
                for (auto [name, arguments] : ways) {
                    context().mode = *parse_rounding(each.mode);
                    BOOST_TEST(call(name, arguments) == value::int64(expected), name);
                    context().mode = rounding::half_up;
                    arguments.push_back(mode(name, each.mode));
                    BOOST_TEST(call(name, arguments) == value::int64(expected), name);
                }
            }
}

BOOST_FIXTURE_TEST_CASE(results_that_leave_64_bits_are_overflows, calls) {
    BOOST_TEST(failed(call("pct", {amount(most), rate_of("100.01")}), evaluation_errc::overflow));
    BOOST_TEST(failed(call("bps", {amount(least), value::int64(-10'000)}), evaluation_errc::overflow));
    BOOST_TEST(
        failed(call("ratio", {amount(most), value::int64(2), value::int64(1)}), evaluation_errc::overflow));
    BOOST_TEST(
        failed(call("tiers", {amount(most), amount(0), table_of({{0, "200"}})}), evaluation_errc::overflow));
    BOOST_TEST(failed(call("convert", {amount(most), value::string("EUR"), value::string("USD")}),
                      evaluation_errc::overflow));
    BOOST_TEST(failed(call("ratio", {amount(1), value::int64(2), value::int64(0)}),
                      evaluation_errc::divide_by_zero));
}

BOOST_FIXTURE_TEST_CASE(clamp_holds_a_value_between_limits_of_its_kind, calls) {
    const value early = timestamp_of("2026-01-01T00:00:00Z");
    const value later = timestamp_of("2026-01-01T00:00:00.5Z");
    const value late = timestamp_of("2026-01-02T00:00:00Z");
    const struct {
        value given, low, high, expected;
    } cases[] = {
        {amount(5), amount(0), amount(10), amount(5)},
        {amount(-5), amount(0), amount(10), amount(0)},
        {amount(50), amount(0), amount(10), amount(10)},
        {amount(50), amount(7), amount(7), amount(7)},
        {amount(least), amount(least), amount(most), amount(least)},
        {value::uint64(9), value::uint64(1), value::uint64(5), value::uint64(5)},
        {value::float64(0.5), value::float64(1), value::float64(2), value::float64(1)},
        {value::duration(5), value::duration(6), value::duration(7), value::duration(6)},
        {early, later, late, later},
        {late, early, later, later},
        {later, early, late, later},
    };
    for (const auto& each : cases) {
        const value got = call("clamp", {each.given, each.low, each.high});
        BOOST_TEST(got == each.expected);
        BOOST_TEST((got.kind() == each.expected.kind()));
    }
    BOOST_TEST(failed(call("clamp", {amount(5), amount(10), amount(0)}), evaluation_errc::invalid_argument));
    BOOST_TEST(failed(call("clamp", {early, late, early}), evaluation_errc::invalid_argument));
    for (const std::vector<value>& arguments : {std::vector<value>{},
                                                {amount(1), amount(2)},
                                                {amount(1), value::float64(0), amount(2)},
                                                {value::string("b"), value::string("a"), value::string("c")},
                                                {amount(1), early, late},
                                                {value::null(), value::null(), value::null()}})
        BOOST_TEST(failed(call("clamp", arguments), evaluation_errc::no_such_overload));
}

BOOST_FIXTURE_TEST_CASE(tier_gives_a_rate_and_tiers_an_amount, calls) {
    const value table = table_of({{1, "20"}, {21, "25"}, {51, "30.5"}});
    BOOST_TEST(call("tier", {value::int64(0), table}) == rate_of("0"));
    BOOST_TEST(call("tier", {value::int64(20), table}) == rate_of("20"));
    BOOST_TEST(call("tier", {value::int64(21), table}) == rate_of("25"));
    BOOST_TEST(call("tier", {value::int64(51), table}) == rate_of("30.5"));

    const value volumes = table_of({{0, "20"}, {50'000, "25"}, {120'000, "30"}});
    BOOST_TEST(call("tiers", {amount(150'000), amount(0), volumes}) == amount(36'500));
    BOOST_TEST(call("tiers", {amount(-150'000), amount(150'000), volumes}) == amount(-36'500));
    BOOST_TEST(call("tiers", {amount(3), amount(0), volumes, mode("tiers", "floor")}) == amount(0));
    BOOST_TEST(call("tiers", {amount(3), amount(0), volumes}) == amount(1));

    // Somebody else's opaque value is no table.
    const int other = 0;
    for (const value& foreign : {value::opaque(&other), value::opaque(&other, zone_tag)}) {
        BOOST_TEST(
            (call("tier", {value::int64(1), foreign}).error_code() == evaluation_errc::no_such_overload));
        BOOST_TEST((call("tiers", {amount(1), amount(0), foreign}).error_code() ==
                    evaluation_errc::no_such_overload));
    }

    // A long table is paid for.
    const std::uint64_t before = context().cost_left();
    call("tier", {value::int64(5), table});
    BOOST_TEST(context().cost_left() == before - 3);
}

BOOST_FIXTURE_TEST_CASE(allocate_gives_a_list_that_adds_up, calls) {
    const std::vector<value> weights = {value::int64(40), value::int64(10), value::int64(10),
                                        value::int64(40)};
    const value got = call("allocate", {amount(601), value::list(weights)});
    BOOST_REQUIRE(got.is(value_kind::list));
    const std::vector<value> expected = {amount(241), amount(60), amount(60), amount(240)};
    BOOST_TEST(got == value::list(expected));

    const std::vector<value> zeros = {value::int64(0)};
    const std::vector<value> negative = {value::int64(2), value::int64(-1)};
    const std::vector<value> text = {value::int64(2), value::string("1")};
    BOOST_TEST(failed(call("allocate", {amount(5), value::list({})}), evaluation_errc::invalid_argument));
    BOOST_TEST(failed(call("allocate", {amount(5), value::list(zeros)}), evaluation_errc::invalid_argument));
    BOOST_TEST(
        failed(call("allocate", {amount(5), value::list(negative)}), evaluation_errc::invalid_argument));
    BOOST_TEST(failed(call("allocate", {amount(5), value::list(text)}), evaluation_errc::no_such_overload));
    BOOST_TEST(failed(call("allocate", {amount(5), amount(5)}), evaluation_errc::no_such_overload));
}

BOOST_FIXTURE_TEST_CASE(allocate_stays_within_every_limit, calls) {
    const std::vector<value> many(context().limits().elements + 1, value::int64(1));
    BOOST_TEST(failed(call("allocate", {amount(5), value::list(many)}), evaluation_errc::list_limit));
    const list_view most_allowed = list_view(many).first(context().limits().elements);
    BOOST_TEST(call("allocate", {amount(5), value::list(most_allowed)}).is(value_kind::list));
    evaluation_limits poor;
    poor.cost = 100;
    arena memory(1 << 20);
    call_context without_budget(memory, poor);
    const auto implementation = declaration("allocate").implementation;
    const std::vector<value> arguments = {amount(5), value::list(most_allowed)};
    BOOST_TEST(failed(implementation(without_budget, arguments), evaluation_errc::cost_limit));
    for (const std::size_t bytes : {0, 100, 1024, 9000, 17'000}) {
        arena small(bytes);
        call_context without_memory(small, context().limits());
        BOOST_TEST(failed(implementation(without_memory, arguments), evaluation_errc::memory_limit), bytes);
    }
}

BOOST_FIXTURE_TEST_CASE(convert_uses_only_the_rates_of_the_event, calls) {
    const auto convert = [&](std::int64_t given, std::string_view from, std::string_view to) {
        return call("convert", {amount(given), value::string(from), value::string(to)});
    };
    BOOST_TEST(convert(1000, "EUR", "USD") == amount(1080));
    BOOST_TEST(convert(1000, "EUR", "JPY") == amount(1652));
    BOOST_TEST(convert(1000, "USD", "KWD") == amount(3070));
    BOOST_TEST(convert(-1000, "EUR", "USD") == amount(-1080));
    BOOST_TEST(convert(1000, "JPY", "JPY") == amount(1000));
    BOOST_TEST(call("convert", {amount(1), value::string("EUR"), value::string("USD"),
                                mode("convert", "ceil")}) == amount(2));
    // Not the other way round, and not through a third currency.
    const value missing = convert(1000, "USD", "EUR");
    BOOST_TEST(failed(missing, evaluation_errc::no_rate));
    BOOST_TEST(missing.error_detail() == "USD to EUR");
    BOOST_TEST(failed(convert(1000, "EUR", "KWD"), evaluation_errc::no_rate));
    BOOST_TEST(failed(convert(1000, "EUR", "XXX"), evaluation_errc::invalid_argument));
    BOOST_TEST(failed(convert(1000, "XXX", "XXX"), evaluation_errc::invalid_argument));
    context().rates = nullptr;
    BOOST_TEST(failed(convert(1000, "EUR", "USD"), evaluation_errc::no_rate));
    BOOST_TEST(convert(1000, "EUR", "EUR") == amount(1000));
}

BOOST_FIXTURE_TEST_CASE(an_unknown_currency_is_refused_when_compiled_if_currencies_are_known, calls) {
    for (const std::size_t parameter : {1U, 2U}) {
        BOOST_TEST(read("convert", parameter, "EUR") == value::string("EUR"));
        for (const char* text : {"", "eur", "EURO", "XXX"})
            BOOST_TEST(failed(read("convert", parameter, text), evaluation_errc::invalid_argument), text);
    }
    context().currency_exponent = nullptr;
    BOOST_TEST(read("convert", 1, "XXX") == value::string("XXX"));
    BOOST_TEST(failed(call("convert", {amount(1), value::string("EUR"), value::string("USD")}),
                      evaluation_errc::invalid_argument));
}

BOOST_FIXTURE_TEST_CASE(minor_reads_an_amount_in_the_currencys_digits, calls) {
    const auto minor = [&](std::string_view text, std::string_view code) {
        return call("minor", {value::string(text), value::string(code)});
    };
    BOOST_TEST(minor("12.34", "USD") == amount(1234));
    BOOST_TEST(minor("12", "USD") == amount(1200));
    BOOST_TEST(minor("1234", "JPY") == amount(1234));
    BOOST_TEST(minor("-0.005", "KWD") == amount(-5));
    for (const auto& [text, code] : {std::pair{"12.345", "USD"},
                                     {"12.3", "JPY"},
                                     {"", "USD"},
                                     {"12,34", "USD"},
                                     {"12.34", "XXX"},
                                     {"12.34", ""}})
        BOOST_TEST(failed(minor(text, code), evaluation_errc::invalid_argument), text);
    context().currency_exponent = nullptr;
    BOOST_TEST(failed(minor("12.34", "USD"), evaluation_errc::invalid_argument));
}

BOOST_FIXTURE_TEST_CASE(other_arguments_are_no_overload, calls) {
    const value table = table_of({{0, "20"}});
    const value ten = rate_of("10");
    const std::vector<std::pair<const char*, std::vector<value>>> cases = {
        {"pct", {}},
        {"pct", {amount(1)}},
        {"pct", {amount(1), amount(10)}},
        {"pct", {amount(1), value::string("10")}},
        {"pct", {amount(1), value::float64(10)}},
        {"pct", {value::float64(1), ten}},
        {"pct", {value::uint64(1), ten}},
        {"pct", {amount(1), ten, value::string("half_up")}},
        {"pct", {amount(1), ten, value::int64(5)}},
        {"pct", {amount(1), ten, value::int64(-1)}},
        {"pct", {amount(1), ten, value::int64(0), value::int64(0)}},
        {"bps", {amount(1), ten}},
        {"bps", {amount(1), value::float64(10)}},
        {"ratio", {amount(1), amount(1)}},
        {"ratio", {amount(1), amount(1), value::float64(2)}},
        {"tier", {amount(1)}},
        {"tier", {amount(1), ten}},
        {"tier", {value::float64(1), table}},
        {"tier", {amount(1), table, amount(1)}},
        {"tiers", {amount(1), table}},
        {"tiers", {amount(1), value::float64(1), table}},
        {"convert", {amount(1), value::string("EUR")}},
        {"convert", {amount(1), value::string("EUR"), amount(1)}},
        {"convert", {value::float64(1), value::string("EUR"), value::string("USD")}},
        {"minor", {value::string("1")}},
        {"minor", {amount(1), value::string("USD")}},
    };
    for (const auto& [name, arguments] : cases)
        BOOST_TEST(failed(call(name, arguments), evaluation_errc::no_such_overload),
                   name << " of " << arguments.size());
}

BOOST_AUTO_TEST_SUITE_END()
