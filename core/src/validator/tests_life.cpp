// life.*: create, start, stop, destroy.
#include <chrono>

#include "validator/growth.hpp"
#include "validator/suite.hpp"

namespace tributary::validator {
namespace {

verdict starts(test_context& in) {
    auto of = in.descriptor();
    if (!of)
        return skipped(of.error().detail);
    auto made = in.fresh();
    if (!made)
        return failed(made.error().detail +
                      " (what it is configured with is testdata/config.json, else an empty object)");
    return passed();
}

verdict quick(test_context& in) {
    using namespace std::chrono;
    constexpr milliseconds most(100);
    const auto begun = steady_clock::now();
    auto made = in.fresh();
    const auto took = duration_cast<milliseconds>(steady_clock::now() - begun);
    if (!made)
        return skipped(made.error().detail);
    return took < most ? passed()
                       : warned("load, entry, create and start took " + std::to_string(took.count()) +
                                " ms; they should take less than 100");
}

verdict services_in_create(test_context& in) {
    auto made = in.fresh();
    if (!made)
        return skipped(made.error().detail);
    return (*made)->breach().empty() ? passed()
                                     : failed("create uses " + (*made)->breach() +
                                              " of the host: only the log may be used before start");
}

verdict cycles(test_context& in) {
    constexpr int times = 100;
    for (int round = 1; round <= times; ++round) {
        auto made = in.fresh();
        if (!made)
            return failed("the first " + std::to_string(round - 1) +
                          " instances came and went, then: " + made.error().detail);
    }
    return passed();
}

/// What a provider or a projection does is compared: state that two instances share shows here.
std::string sample_output(test_context& in, const instance& of) {
    std::string all;
    const auto* provider = of.table<trb_provider_v1>(TRB_EXT_PROVIDER);
    if (const auto deliveries = in.deliveries(); provider != nullptr && deliveries) {
        const provider_calls calls(of, *provider);
        for (std::size_t index = 0; index < std::min<std::size_t>(deliveries->size(), 8); ++index)
            all += text_of(calls.verify((*deliveries)[index]).json()) +
                   text_of(calls.normalise((*deliveries)[index], 0).json());
    }
    return all;
}

verdict two_instances(test_context& in) {
    auto first = in.fresh();
    auto second = in.fresh();
    if (!first || !second)
        return failed("with one instance alive a second one is refused: " +
                      (first ? second.error().detail : first.error().detail) +
                      ". On a reload both generations exist for a while");
    if ((*first)->self() == (*second)->self())
        return failed("two calls of create gave the same instance");
    const std::string before = sample_output(in, **second);
    (*first)->end();
    return sample_output(in, **second) == before
               ? passed()
               : failed("after one instance was destroyed the other one answers differently");
}

verdict odd_configuration(test_context& in) {
    auto of = in.descriptor();
    if (!of)
        return skipped(of.error().detail);
    // It may refuse each of them, with words, or take it; it may not end the process.
    for (const char* config :
         {R"({"tributary_check_unknown_key": 1})", R"({"": null})", "[]", "null", "", "{",
          R"({"a": "\ud800"})", R"({"a": [[[[[[[[]]]]]]]], "b": 1e999})", "\xff\xfe"}) {
        auto made = instance::make(**of, in.at(), {config, false});
        if (!made && made.error().detail.starts_with("create refused: plugin returned"))
            return warned("create refuses the configuration " + std::string(config) +
                          " without a word: report which key is wrong");
    }
    return passed();
}

verdict future_host(test_context& in) {
    auto made = in.fresh(true);
    return made ? passed()
                : failed("a host whose trb_host is longer than this release knows is refused: " +
                         made.error().detail + ". struct_size is at least, not exactly");
}

verdict leaks(test_context& in) {
    auto made = in.fresh();
    if (!made)
        return skipped(made.error().detail);
    constexpr std::size_t calls = 100;
    const std::string grows = growth_of(
        in.at(), [&] { static_cast<void>(in.fresh()); }, calls);
    return grows.empty() ? passed() : failed("create to destroy: " + grows);
}

constexpr test_case tests[] = {
    {"life.starts", "An instance is made and started", starts, true},
    {"life.quick", "It is there within 100 ms", quick},
    {"life.services_in_create", "create uses the log and no other service", services_in_create},
    {"life.cycles", "100 instances, one after the other", cycles},
    {"life.two_instances", "Two instances at once know nothing of each other", two_instances},
    {"life.odd_configuration", "A wrong configuration is refused with words, or ignored", odd_configuration},
    {"life.future_host", "A newer host, whose structs are longer, is taken", future_host},
    {"life.leaks", "create to destroy leaves no memory, files, threads behind", leaks},
};

} // namespace

std::span<const test_case> life_tests() {
    return tests;
}

} // namespace tributary::validator
