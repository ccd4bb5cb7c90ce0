// normaliser.*: what does a record say?
#include <algorithm>

#include "validator/growth.hpp"
#include "validator/mutation.hpp"
#include "validator/suite.hpp"

namespace tributary::validator {
namespace {

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
    bool usable() const noexcept { return !items.empty(); }

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
    if (!made.usable())
        made.otherwise = skipped("no delivery is accepted: see provider.accepts");
    return made;
}

verdict facts_are_valid(test_context& in) {
    const subject with = prepare(in, 0);
    if (!with.usable())
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
    if (!with.usable())
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
    if (!with.usable())
        return with.otherwise;
    for (const accepted_item& each : with.items)
        if (const facts_said said = with.normalise(each); !said.breach.empty())
            return failed(each.of.name + ": normalise uses " + said.breach + " of the host");
    return passed();
}

verdict received_at_is_no_fact(test_context& in) {
    const subject with = prepare(in, samples_max);
    if (!with.usable())
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
    if (!with.usable())
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
    if (!with.usable())
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
    if (!with.usable())
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

verdict retained_views(test_context& in) {
    const subject with = prepare(in, samples_max);
    if (!with.usable())
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
    if (!with.usable())
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

verdict hints(test_context& in) {
    const auto provider = need_extension<trb_provider_v1>(in, TRB_EXT_PROVIDER);
    if (provider.of == nullptr)
        return provider.otherwise;
    const auto all = in.deliveries();
    if (!all)
        return skipped(all.error().detail);
    const provider_calls calls(*provider.of, *provider.table);
    bool looked = false;
    for (const delivery_sample& each : *all) {
        const verdict_said said = calls.verify(each);
        for (std::uint32_t number = 0; number < said.items.size(); ++number) {
            if (said.items[number].verdict != TRB_ITEM_HINT)
                continue;
            looked = true;
            if (!calls.normalise(each, number, false).facts.empty())
                return failed(each.name +
                              " is a hint and gives a fact: who sent it is not known. Only want() may "
                              "be used when trb_record.authentic is 0");
        }
    }
    return looked ? passed() : skipped("no delivery is a hint");
}

constexpr test_case tests[] = {
    {"normaliser.facts", "What genuine deliveries say is valid", facts_are_valid},
    {"normaliser.deterministic", "The same record says the same, also to a fresh instance", deterministic},
    {"normaliser.pure", "normalise uses no clock, no randomness, no store", pure},
    {"normaliser.received_at", "Facts do not depend on the moment of receipt", received_at_is_no_fact},
    {"normaliser.unknown_event", "An unknown event is OK and no fact", unknown_event},
    {"normaliser.hints", "What cannot be authenticated books nothing", hints},
    {"normaliser.truncated", "Bodies cut off anywhere neither crash nor hang", truncated},
    {"normaliser.mutated", "Mutated bodies neither crash nor hang", mutations},
    {"normaliser.retained_views", "normalise and reread keep no view of their inputs", retained_views},
    {"normaliser.leaks", "normalise leaves no memory, files, threads behind", leaks},
};

} // namespace

std::span<const test_case> normalise_tests() {
    return tests;
}

} // namespace tributary::validator
