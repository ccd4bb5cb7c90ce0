// normaliser.*: what does a record say?
#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "validator/growth.hpp"
#include "validator/mutation.hpp"
#include "validator/suite.hpp"

namespace tributary::validator {
namespace {

namespace json = boost::json;

constexpr std::size_t samples_max = 12;

/// One item that verify accepted.
struct accepted_item {
    delivery_sample of;
    std::uint32_t number = 0;
    std::string event_type;
};

struct subject {
    extension<trb_provider_v1> provider;
    std::vector<accepted_item> items;
    verdict otherwise;
    bool usable = false;

    provider_calls calls() const { return {*provider.of, *provider.table}; }
    facts_said normalise(const accepted_item& each) const { return calls().normalise(each.of, each.number); }
};

subject prepare(test_context& in, std::size_t most) {
    subject made;
    made.provider = need_extension<trb_provider_v1>(in, TRB_EXT_PROVIDER);
    if (made.provider.of == nullptr) {
        made.otherwise = made.provider.otherwise;
        return made;
    }
    auto samples = most == 0 ? in.accepted() : in.some_accepted(most);
    if (!samples) {
        made.otherwise = skipped(samples.error().detail);
        return made;
    }
    for (const delivery_sample& each : *samples) {
        const verdict_said said = made.calls().verify(each);
        for (std::uint32_t number = 0; number < said.items.size(); ++number)
            if (said.items[number].verdict == TRB_ITEM_ACCEPTED)
                made.items.push_back({each, number, said.items[number].event_type});
    }
    made.usable = !made.items.empty();
    if (!made.usable)
        made.otherwise = skipped("no delivery is accepted: see provider.accepts");
    return made;
}

verdict facts_are_valid(test_context& in) {
    const subject with = prepare(in, 0);
    if (!with.usable)
        return with.otherwise;
    std::size_t facts = 0;
    for (const accepted_item& each : with.items) {
        const facts_said said = with.normalise(each);
        if (!said.refused.empty())
            return failed(each.of.name + ": the host refuses a fact: " + said.refused.front());
        if (!is_status(said.status))
            return failed(each.of.name + ": normalise returned " + std::to_string(said.status) +
                          ", which is no status");
        if (said.status != TRB_OK)
            return failed(each.of.name + ": a genuine delivery cannot be normalised: " + said.error);
        if (!said.fault.empty())
            return failed(each.of.name + ": " + said.fault);
        facts += said.facts.size();
    }
    return facts > 0
               ? passed()
               : warned("none of its " + std::to_string(with.items.size()) + " deliveries gives a fact");
}

verdict deterministic(test_context& in) {
    const subject with = prepare(in, samples_max);
    if (!with.usable)
        return with.otherwise;
    for (const accepted_item& each : with.items) {
        const std::string first = text_of(with.normalise(each).json());
        const std::string second = text_of(with.normalise(each).json());
        if (first != second)
            return failed(each.of.name + ": the same record says first " + first + ", then " + second +
                          ". A rebuild would not give the same");
        auto another = in.fresh();
        if (!another)
            return skipped(another.error().detail);
        const provider_calls calls(**another, *with.provider.table);
        if (const std::string fresh = text_of(calls.normalise(each.of, each.number).json()); fresh != first)
            return failed(each.of.name + ": a fresh instance says " + fresh + " instead of " + first);
    }
    return passed();
}

verdict pure(test_context& in) {
    const subject with = prepare(in, samples_max);
    if (!with.usable)
        return with.otherwise;
    for (const accepted_item& each : with.items)
        if (const facts_said said = with.normalise(each); !said.breach.empty())
            return failed(each.of.name + ": normalise uses " + said.breach + " of the host");
    return passed();
}

verdict received_at_is_no_fact(test_context& in) {
    const subject with = prepare(in, samples_max);
    if (!with.usable)
        return with.otherwise;
    for (const accepted_item& each : with.items) {
        delivery_sample later = each.of;
        later.received_at += 1'234;
        if (text_of(with.calls().normalise(later, each.number).json()) !=
            text_of(with.normalise(each).json()))
            return warned(each.of.name +
                          ": the facts depend on when it was received: the same event delivered "
                          "twice then says two things. Prefer the times in the document");
    }
    return passed();
}

/// The body with another event type, when it stands there as a text of JSON.
std::string with_unknown_type(std::string body, const std::string& type) {
    const std::string quoted = '"' + type + '"';
    bool found = false;
    for (std::size_t at = body.find(quoted); !type.empty() && at != std::string::npos;
         at = body.find(quoted, at)) {
        body.replace(at, quoted.size(), "\"tributary.check.unknown\"");
        found = true;
    }
    return found ? body : std::string();
}

verdict unknown_event(test_context& in) {
    const subject with = prepare(in, samples_max);
    if (!with.usable)
        return with.otherwise;
    bool looked = false;
    for (const accepted_item& each : with.items) {
        delivery_sample unknown = each.of;
        unknown.body = with_unknown_type(each.of.body, each.event_type);
        if (unknown.body.empty())
            continue;
        looked = true;
        const facts_said said = with.calls().normalise(unknown, each.number);
        if (said.status != TRB_OK)
            return failed(each.of.name + " with an unknown event type: " + said.error +
                          ". An unknown event is TRB_OK with a note");
        if (!said.facts.empty())
            return failed(each.of.name + " with an unknown event type gives a fact: " + text_of(said.json()));
    }
    return looked ? passed() : skipped("no event type stands as a JSON text in its body");
}

verdict truncated(test_context& in) {
    const subject with = prepare(in, 6);
    if (!with.usable)
        return with.otherwise;
    constexpr std::size_t lengths_max = 300;
    for (const accepted_item& each : with.items) {
        const std::size_t step = each.of.body.size() / lengths_max + 1;
        for (std::size_t length = 0; length < each.of.body.size(); length += step) {
            delivery_sample cut = each.of;
            cut.body.resize(length);
            const facts_said said = with.calls().normalise(cut, each.number);
            if (!is_status(said.status))
                return failed("normalise returned " + std::to_string(said.status) + ", which is no status");
            static_cast<void>(with.calls().verify(cut));
        }
    }
    return passed();
}

verdict mutations(test_context& in) {
    const subject with = prepare(in, samples_max);
    if (!with.usable)
        return with.otherwise;
    dice random(in.wanted().seed);
    for (const accepted_item& each : with.items)
        for (int round = 0; round < 300; ++round) {
            delivery_sample odd = each.of;
            odd.body = mutated(each.of.body, random);
            const std::uint32_t number =
                random.one_in(8) ? static_cast<std::uint32_t>(random.next()) : each.number;
            const facts_said said = with.calls().normalise(odd, number);
            if (!is_status(said.status))
                return failed("normalise returned " + std::to_string(said.status) + ", which is no status");
            if (!said.fault.empty())
                return failed(each.of.name + ", mutated: " + said.fault);
        }
    return passed();
}

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

json::object outcome_of(const subject& with, const delivery_sample& of) {
    const verdict_said said = with.calls().verify(of);
    json::array items;
    for (std::uint32_t number = 0; number < said.items.size(); ++number)
        if (said.items[number].verdict != TRB_ITEM_REJECTED)
            items.push_back(
                with.calls().normalise(of, number, said.items[number].verdict == TRB_ITEM_ACCEPTED).json());
    return {{"verify", said.json()}, {"normalise", std::move(items)}};
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
    subject with;
    with.provider = need_extension<trb_provider_v1>(in, TRB_EXT_PROVIDER);
    if (with.provider.of == nullptr)
        return with.provider.otherwise;
    const auto all = in.deliveries();
    if (!all)
        return failed(all.error().detail);
    std::size_t compared = 0;
    for (const delivery_sample& each : *all) {
        if (each.expected.empty())
            continue;
        const json::value got = outcome_of(with, each);
        if (in.wanted().update) {
            std::ofstream(each.expected) << json::serialize(got) << "\n";
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

verdict retained_views(test_context& in) {
    const subject with = prepare(in, samples_max);
    if (!with.usable)
        return with.otherwise;
    const bool rereads =
        TRB_HAS(trb_provider_v1, with.provider.table, reread) && with.provider.table->reread != nullptr;
    for (int round = 0; round < 3; ++round)
        for (const accepted_item& each : with.items) {
            static_cast<void>(with.normalise(each));
            if (rereads)
                static_cast<void>(with.calls().reread(each.of, TRB_KIND_PAYMENT, "pay_1"));
        }
    with.provider.of->end();
    return passed();
}

verdict leaks(test_context& in) {
    const subject with = prepare(in, 4);
    if (!with.usable)
        return with.otherwise;
    const std::string grows = growth_of(
        in.at(),
        [&] {
            for (const accepted_item& each : with.items)
                static_cast<void>(with.normalise(each));
        },
        100);
    return grows.empty() ? passed() : failed("normalise: " + grows);
}

constexpr test_case tests[] = {
    {"normaliser.facts", "What genuine deliveries say is valid", facts_are_valid},
    {"normaliser.deterministic", "The same record says the same, also to a fresh instance", deterministic},
    {"normaliser.pure", "normalise uses no clock, no randomness, no store", pure},
    {"normaliser.received_at", "Facts do not depend on the moment of receipt", received_at_is_no_fact},
    {"normaliser.unknown_event", "An unknown event is OK and no fact", unknown_event},
    {"normaliser.truncated", "Bodies cut off anywhere neither crash nor hang", truncated},
    {"normaliser.mutated", "Mutated bodies neither crash nor hang", mutations},
    {"normaliser.currencies", "Amounts carry the decimals of their currency", currencies},
    {"normaliser.fixtures", "The author's fixtures say what is expected", fixtures},
    {"normaliser.retained_views", "normalise and reread keep no view of their inputs", retained_views},
    {"normaliser.leaks", "normalise leaves no memory, files, threads behind", leaks},
};

} // namespace

std::span<const test_case> normalise_tests() {
    return tests;
}

} // namespace tributary::validator
