#include <tributary/cel/environment.hpp>
#include <tributary/cel/program.hpp>
#include <tributary/cel/zone.hpp>

#include <boost/test/unit_test.hpp>

#include "currencies.hpp"
#include "values.hpp"

using namespace tributary::cel;
using namespace tributary::cel::test;

// The functions of money and time as sources write them: what the compiler reads of their literals, and what
// it refuses.
BOOST_AUTO_TEST_SUITE(rules_of_money)

namespace {

class euros_to_dollars final : public exchange_rates {
  public:
    std::optional<quote> find(std::string_view from, std::string_view to) const override {
        return from == "EUR" && to == "USD" ? std::optional(quote{108, 2}) : std::nullopt;
    }
};

environment_options options_with(const zone_database& zones) {
    environment_options made;
    made.zones = &zones;
    made.currency_exponent = exponent_of;
    return made;
}

struct rules {
    zone_database zones;
    environment names{options_with(zones)};
    slot_id at = *names.declare("at", type::timestamp());
    slot_id amount = *names.declare("amount", type::int64());
    slot_id percent = *names.declare("percent", type::rate());
    slot_id text = *names.declare("text", type::string());
    evaluator evaluates;

    std::string result_of(const std::string& source, rounding mode = rounding::half_up) {
        compile_options options;
        options.mode = mode;
        const auto compiled = names.compile(source, options);
        if (!compiled)
            return "refused: " + compiled.error().front().message;
        activation slots(names.variables().size());
        const euros_to_dollars rates;
        slots.set_rates(&rates);
        slots.set(at, timestamp_of("2026-11-22T23:30:00Z"));
        slots.set(amount, std::int64_t{25});
        slots.set(percent, rate_of("12.5"));
        slots.set(text, std::string_view("Europe/Berlin"));
        return show(evaluates.evaluate(**compiled, slots));
    }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(sources_give_amounts, rules) {
    const struct {
        const char* source;
        const char* expected;
    } cases[] = {
        {"pct(1999, '12.5')", "250"},
        {"pct(amount, '10')", "3"},
        {"pct(amount, '10', 'half_even')", "2"},
        {"pct(-amount, '10')", "-3"},
        {"pct(amount * 8, percent)", "25"},
        {"bps(amount, 1000, 'floor')", "2"},
        {"ratio(amount, 1, 3)", "8"},
        {"ratio(amount, 1, amount - 25)", "error: divide by zero"},
        {"clamp(pct(9900, '20'), 0, 5000 - 4600)", "400"},
        {"clamp(amount, 30, 20)", "error: invalid argument"},
        {"pct(4900, tier(3, [[1, '40'], [4, '20']]))", "1960"},
        {"pct(4900, tier(4, [[1, '40'], [4, '20']]))", "980"},
        {"tiers(150000, 0, [[0, '20'], [50000, '25'], [120000, '30']])", "36500"},
        {"tiers(amount, 0, [[0, '10']], 'floor')", "2"},
        {"allocate(1000, [1, 1, 1])", "[334, 333, 333]"},
        {"allocate(1001, [70, 30])[0] + minor('12.34', 'USD')", "1935"},
        {"convert(amount, 'EUR', 'USD')", "27"},
        {"convert(amount, 'EUR', 'USD', 'ceil')", "27"},
        {"convert(amount, 'USD', 'EUR')", "error: no exchange rate"},
        {"pct(9223372036854775807, '200')", "error: out of range"},
        {"monthsBetween(timestamp('2026-01-31T12:00:00Z'), timestamp('2027-01-30T12:00:00Z'))", "11"},
        {"monthsBetween(timestamp('2025-11-22T23:00:00Z'), at, 'Europe/Berlin')", "12"},
        {"daysBetween(timestamp('2026-11-22T00:00:00Z'), at, 'UTC')", "0"},
        {"daysBetween(timestamp('2026-11-22T00:00:00Z'), at, text)", "1"},
        {"string(startOf(at, 'month'))", "'2026-11-01T00:00:00Z'"},
        {"string(startOf(at, 'week', 'Europe/Berlin'))", "'2026-11-22T23:00:00Z'"},
        {"at.getHours('Europe/Berlin')", "0"},
        {"at.getHours(text)", "0"},
        {"at.getHours(text + 'x')", "error: unknown time zone"},
        {"at.getDate('+01:00')", "23"},
    };
    for (const auto& each : cases)
        BOOST_TEST(result_of(each.source) == each.expected,
                   each.source << " gave " << result_of(each.source));
    BOOST_TEST(result_of("pct(amount, '10')", rounding::floor) == "2");
    BOOST_TEST(result_of("pct(25, '10')", rounding::floor) == "2"); // Also when it is computed beforehand.
    BOOST_TEST(result_of("pct(25, '10', 'ceil')", rounding::floor) == "3");
}

BOOST_FIXTURE_TEST_CASE(wrong_literals_are_refused_when_compiled, rules) {
    const struct {
        const char* source;
        compile_errc code;
    } cases[] = {
        {"pct(amount, '12.5%')", compile_errc::bad_constant},
        {"pct(amount, 'ten')", compile_errc::bad_constant},
        {"pct(amount, '10', 'up')", compile_errc::bad_constant},
        {"pct(amount, '10', text)", compile_errc::not_a_constant},
        {"pct(amount, text)", compile_errc::not_a_constant},
        {"pct(amount, 12.5)", compile_errc::wrong_types},
        {"pct(1.5, '10')", compile_errc::wrong_types},
        {"tier(amount, [[4, '40'], [1, '20']])", compile_errc::bad_constant},
        {"tiers(amount, 0, [])", compile_errc::bad_constant},
        {"allocate(amount, [0.5, 0.5])", compile_errc::wrong_types},
        {"convert(amount, 'EUR', 'XXX')", compile_errc::bad_constant},
        {"minor('12.345', 'USD')", compile_errc::bad_constant},
        {"minor('12.34', 'XXX')", compile_errc::bad_constant},
        {"minor(text, 'USD')", compile_errc::not_a_constant},
        {"startOf(at, 'hour')", compile_errc::bad_constant},
        {"startOf(at, text)", compile_errc::not_a_constant},
        {"startOf(at, 'day', 'Mars/Olympus')", compile_errc::bad_constant},
        {"at.getHours('Mars/Olympus')", compile_errc::bad_constant},
        {"at.getHours('../etc/passwd')", compile_errc::bad_constant},
    };
    for (const auto& each : cases) {
        const auto compiled = names.compile(each.source);
        BOOST_REQUIRE_MESSAGE(!compiled, each.source << " was not refused");
        BOOST_TEST((compiled.error().front().code == each.code),
                   each.source << ": " << compiled.error().front().message);
    }
}

BOOST_AUTO_TEST_SUITE_END()
