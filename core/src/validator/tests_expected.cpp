// normaliser.*: what is said, compared with what is known to be right: currencies, and the author's fixtures.
#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "validator/suite.hpp"

namespace tributary::validator {
namespace {

namespace json = boost::json;

/// The exponents with which amounts of a currency stand in a fact's content: [minor, "JPY", 0].
void collect_exponents(const json::value& in, std::string_view currency, std::set<std::int64_t>& into) {
    if (const auto* list = in.if_array()) {
        if (list->size() == 3 && (*list)[0].is_int64() && (*list)[1].is_string() &&
            (*list)[1].get_string() == currency && (*list)[2].is_int64())
            into.insert((*list)[2].get_int64());
        for (const json::value& each : *list)
            collect_exponents(each, currency, into);
    } else if (const auto* members = in.if_object()) {
        for (const auto& member : *members)
            collect_exponents(member.value(), currency, into);
    }
}

verdict currencies(test_context& in) {
    const auto provider = need_extension<trb_provider_v1>(in, TRB_EXT_PROVIDER);
    if (provider.of == nullptr)
        return provider.otherwise;
    const auto* simulator = provider.of->table<trb_simulator_v1>(TRB_EXT_SIMULATOR);
    if (simulator == nullptr)
        return skipped("it has no simulator that could tell of other currencies");
    const provider_calls calls(*provider.of, *provider.table);
    const auto stories = stories_of(*simulator);
    bool looked = false;
    for (const auto& [currency, exponent] : {std::pair<std::string, int>{"JPY", 0}, {"KWD", 3}, {"USD", 2}}) {
        std::set<std::int64_t> said;
        for (const std::string& story : stories)
            for (const delivery_sample& each :
                 tell(*provider.of, *simulator, {story, in.wanted().seed, {{"currency", currency}}})
                     .deliveries)
                for (const facts::stored_fact& fact : calls.normalise(each, 0).facts)
                    collect_exponents(json::parse(fact.content), currency, said);
        looked = looked || !said.empty();
        for (const std::int64_t found : said)
            if (found != exponent)
                return failed(currency + " is booked with exponent " + std::to_string(found) + ", it has " +
                              std::to_string(exponent) +
                              " decimals: amounts would be wrong by powers of ten");
    }
    return looked ? passed() : skipped("its simulator knows no parameter currency");
}

json::object outcome_of(const provider_calls& calls, const delivery_sample& of) {
    const verdict_said said = calls.verify(of);
    json::array items;
    for (std::uint32_t number = 0; number < said.items.size(); ++number)
        if (said.items[number].verdict != TRB_ITEM_REJECTED)
            items.push_back(
                calls.normalise(of, number, said.items[number].verdict == TRB_ITEM_ACCEPTED).json());
    return {{"verify", said.json()}, {"normalise", std::move(items)}};
}

/// JSON for people: a member or element in each line, unless all of it fits into one.
void append_readable(std::string& out, const json::value& value, std::size_t depth) {
    constexpr std::size_t line_max = 100;
    const std::string flat = json::serialize(value);
    if (flat.size() + 2 * depth <= line_max || (!value.is_object() && !value.is_array())) {
        out += flat;
        return;
    }
    auto line = [&, first = true]() mutable {
        out += first ? "\n" : ",\n";
        out.append(2 * depth + 2, ' ');
        first = false;
    };
    out += value.is_object() ? '{' : '[';
    if (const auto* members = value.if_object()) {
        for (const auto& member : *members) {
            line();
            out += json::serialize(json::value(member.key())) + ": ";
            append_readable(out, member.value(), depth + 1);
        }
    } else {
        for (const json::value& each : value.get_array()) {
            line();
            append_readable(out, each, depth + 1);
        }
    }
    out += "\n" + std::string(2 * depth, ' ') + (value.is_object() ? '}' : ']');
}

/// Where two values differ first, as a path.
std::string difference(const json::value& expected, const json::value& got, const std::string& path) {
    if (expected.is_object() && got.is_object()) {
        for (const auto& member : expected.get_object()) {
            const std::string inside = path + "." + std::string(member.key());
            const json::value* other = got.get_object().if_contains(member.key());
            if (other == nullptr)
                return inside + " is missing";
            if (std::string found = difference(member.value(), *other, inside); !found.empty())
                return found;
        }
        for (const auto& member : got.get_object())
            if (!expected.get_object().contains(member.key()))
                return path + "." + std::string(member.key()) + " is there and not expected";
        return {};
    }
    if (expected.is_array() && got.is_array()) {
        const auto& left = expected.get_array();
        const auto& right = got.get_array();
        for (std::size_t index = 0; index < std::min(left.size(), right.size()); ++index)
            if (std::string found =
                    difference(left[index], right[index], path + "[" + std::to_string(index) + "]");
                !found.empty())
                return found;
        return left.size() == right.size() ? std::string()
                                           : path + " has " + std::to_string(right.size()) +
                                                 " elements instead of " + std::to_string(left.size());
    }
    return expected == got
               ? std::string()
               : path + " is " + json::serialize(got) + " instead of " + json::serialize(expected);
}

verdict fixtures(test_context& in) {
    const auto provider = need_extension<trb_provider_v1>(in, TRB_EXT_PROVIDER);
    if (provider.of == nullptr)
        return provider.otherwise;
    const provider_calls calls(*provider.of, *provider.table);
    const auto all = in.deliveries();
    if (!all)
        return failed(all.error().detail);
    std::size_t compared = 0;
    for (const delivery_sample& each : *all) {
        if (each.expected.empty())
            continue;
        const json::value got = outcome_of(calls, each);
        if (in.wanted().update) {
            std::string text;
            append_readable(text, got, 0);
            if (std::ofstream out(each.expected); !(out << text << "\n"))
                return failed(each.expected.filename().string() + " cannot be written");
            ++compared;
            continue;
        }
        std::ifstream from(each.expected);
        if (!from)
            continue;
        boost::json::error_code malformed;
        const json::value expected =
            json::parse(std::string(std::istreambuf_iterator<char>(from), {}), malformed);
        if (malformed)
            return failed(each.expected.filename().string() + " is no JSON");
        ++compared;
        if (const std::string differs = difference(expected, got, "$"); !differs.empty())
            return failed(each.name + ": " + differs);
    }
    return compared > 0 ? passed() : skipped("no fixture has an .expected.json");
}

constexpr test_case tests[] = {
    {"normaliser.currencies", "Amounts carry the decimals of their currency", currencies},
    {"normaliser.fixtures", "The author's fixtures say what is expected", fixtures},
};

} // namespace

std::span<const test_case> expected_tests() {
    return tests;
}

} // namespace tributary::validator
