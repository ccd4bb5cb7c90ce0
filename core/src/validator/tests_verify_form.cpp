// provider.*: what holds for verify whatever it says: its sink, its inputs, its purity.
#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

#include "validator/growth.hpp"
#include "validator/mutation.hpp"
#include "validator/suite.hpp"

namespace tributary::validator {
namespace {

verdict sink_rules(test_context& in) {
    auto provider = need_extension<trb_provider_v1>(in, TRB_EXT_PROVIDER);
    if (provider.of == nullptr)
        return provider.otherwise;
    auto all = in.deliveries();
    if (!all)
        return skipped(all.error().detail);
    const provider_calls calls(*provider.of, *provider.table);
    for (const delivery_sample& each : *all) {
        const verdict_said said = calls.verify(each);
        if (!is_status(said.status))
            return failed(each.name + ": verify returned " + std::to_string(said.status) +
                          ", which is no status");
        if (!said.fault.empty())
            return failed(each.name + ": " + said.fault);
        if (said.answers.size() > 1)
            return failed(each.name + ": answer was called " + std::to_string(said.answers.size()) +
                          " times in one call");
        if (!said.needs.empty() && !said.items.empty())
            return failed(each.name + ": need was called together with item; it is instead of items");
        if (said.needs.size() > 1)
            return failed(each.name + ": need was called " + std::to_string(said.needs.size()) + " times");
        for (std::size_t left = 0; left < said.items.size(); ++left)
            for (std::size_t right = left + 1; right < said.items.size(); ++right)
                if (!said.items[left].dedupe_key.empty() &&
                    said.items[left].dedupe_key == said.items[right].dedupe_key &&
                    said.items[left].content == said.items[right].content)
                    return failed(each.name + ": two items have the dedupe key " +
                                  said.items[left].dedupe_key);
    }
    return passed();
}

verdict concurrent(test_context& in) {
    const accepted_samples with = need_accepted(in);
    if (!with.usable())
        return with.otherwise;
    const provider_calls calls = with.calls();
    const auto all = [&] {
        std::string text;
        for (const delivery_sample& each : with.samples)
            text += text_of(calls.verify(each).json()) + text_of(calls.normalise(each, 0).json());
        return text;
    };
    const std::string alone = all();
    std::array<std::string, 4> beside;
    {
        std::vector<std::jthread> threads;
        for (std::string& into : beside)
            threads.emplace_back([&] {
                for (int round = 0; round < 8; ++round)
                    if (into = all(); into != alone)
                        return;
            });
    }
    for (const std::string& each : beside)
        if (each != alone)
            return failed("from four threads at once verify and normalise say something else than from one");
    return passed();
}

verdict deterministic(test_context& in) {
    const accepted_samples with = need_accepted(in);
    if (!with.usable())
        return with.otherwise;
    for (const delivery_sample& each : with.samples) {
        const std::string first = text_of(with.calls().verify(each).json());
        const std::string second = text_of(with.calls().verify(each).json());
        if (first != second)
            return failed(each.name + ": the same delivery gives first " + first + ", then " + second);
    }
    return passed();
}

verdict pure(test_context& in) {
    const accepted_samples with = need_accepted(in);
    if (!with.usable())
        return with.otherwise;
    for (const delivery_sample& each : with.samples)
        if (const verdict_said said = with.calls().verify(each); !said.breach.empty())
            return failed(each.name + ": verify uses " + said.breach +
                          " of the host; the time is trb_record.received_at_ms");
    return passed();
}

verdict malformed(test_context& in) {
    const accepted_samples with = need_accepted(in);
    if (!with.usable())
        return with.otherwise;
    dice random(in.wanted().seed);
    for (const delivery_sample& genuine : with.samples)
        for (int round = 0; round < 200; ++round) {
            delivery_sample odd = genuine;
            if (round % 2 == 0)
                odd.body = mutated(genuine.body, random);
            if (round % 3 == 0)
                mutate_headers(odd, random);
            if (round % 7 == 0)
                odd.body.clear();
            const verdict_said said = with.calls().verify(odd);
            if (!is_status(said.status))
                return failed("verify returned " + std::to_string(said.status) + ", which is no status");
            if (!said.fault.empty())
                return failed(genuine.name + ", mutated: " + said.fault);
        }
    return passed();
}

verdict secrets_in_texts(test_context& in) {
    const accepted_samples with = need_accepted(in);
    if (!with.usable())
        return with.otherwise;
    std::string said;
    for (const delivery_sample& genuine : with.samples) {
        delivery_sample forged = genuine;
        forged.body += " ";
        said += with.calls().verify(genuine).for_people() + with.calls().verify(forged).for_people() +
                with.calls().normalise(genuine, 0).for_people();
    }
    for (const std::string& line : with.provider.of->host().lines())
        said += "\n" + line;
    for (const delivery_sample& each : with.samples)
        for (const auto& [name, value] : each.connection.secrets)
            if (value.size() >= 6 && said.find(value) != std::string::npos)
                return failed("the secret '" + name + "' is in a text for people (log, error, reason, note)");
    return passed();
}

verdict retained_views(test_context& in) {
    const accepted_samples with = need_accepted(in);
    if (!with.usable())
        return with.otherwise;
    // Each call's inputs are gone when it returns; whoever kept one reads it in a later call, or at the end.
    for (int round = 0; round < 3; ++round)
        for (const delivery_sample& each : with.samples) {
            static_cast<void>(with.calls().verify(each));
            delivery_sample forged = each;
            forged.body += "x";
            static_cast<void>(with.calls().verify(forged));
        }
    with.provider.of->end();
    return passed();
}

verdict future_structs(test_context& in) {
    const accepted_samples with = need_accepted(in);
    if (!with.usable())
        return with.otherwise;
    auto newer = in.fresh(true);
    if (!newer)
        return skipped(newer.error().detail);
    const provider_calls calls(**newer, *with.provider.table);
    for (const delivery_sample& each : with.samples) {
        const std::string expected = text_of(with.calls().verify(each).json());
        const std::string got = text_of(calls.verify(each).json());
        if (got != expected)
            return failed(each.name + ": with longer structs, as a newer host has them, verify says " + got +
                          " instead of " + expected + ". Go by struct_size and stride");
        if (text_of(calls.normalise(each, 0).json()) != text_of(with.calls().normalise(each, 0).json()))
            return failed(each.name + ": with longer structs normalise says something else");
    }
    return passed();
}

verdict leaks(test_context& in) {
    const accepted_samples with = need_accepted(in, 4);
    if (!with.usable())
        return with.otherwise;
    const std::string grows = growth_of(
        in.at(),
        [&] {
            for (const delivery_sample& each : with.samples)
                static_cast<void>(with.calls().verify(each));
        },
        100);
    return grows.empty() ? passed() : failed("verify: " + grows);
}

verdict quick(test_context& in) {
    using namespace std::chrono;
    const accepted_samples with = need_accepted(in);
    if (!with.usable())
        return with.otherwise;
    constexpr milliseconds most(10);
    for (const delivery_sample& each : with.samples) {
        auto best = steady_clock::duration::max();
        for (int round = 0; round < 5; ++round) {
            const auto begun = steady_clock::now();
            static_cast<void>(with.calls().verify(each));
            best = std::min(best, steady_clock::now() - begun);
        }
        if (best >= most)
            return warned(each.name + ": verify takes " +
                          std::to_string(duration_cast<milliseconds>(best).count()) +
                          " ms; it is called before the bytes are on disk and must return within 10");
    }
    return passed();
}

constexpr test_case tests[] = {
    {"provider.sink_rules", "Items, answer and need keep the rules of provider.h", sink_rules},
    {"provider.concurrent", "Four threads at once get the same verdicts", concurrent},
    {"provider.deterministic", "The same delivery gives the same items, byte for byte", deterministic},
    {"provider.pure", "verify uses no clock, no randomness, no store", pure},
    {"provider.malformed", "Mutated deliveries neither crash nor give an unknown status", malformed},
    {"provider.secrets_in_texts", "No secret is in a log line, an error or a note", secrets_in_texts},
    {"provider.retained_views", "verify keeps no view of its inputs", retained_views},
    {"provider.future_structs", "Longer structs of a newer host are read right", future_structs},
    {"provider.leaks", "verify leaves no memory, files, threads behind", leaks},
    {"provider.quick", "verify returns within 10 ms", quick},
};

} // namespace

std::span<const test_case> verify_form_tests() {
    return tests;
}

} // namespace tributary::validator
