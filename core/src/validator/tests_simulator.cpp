// simulator.*: told stories.
#include "validator/suite.hpp"

namespace tributary::validator {
namespace {

verdict stories(test_context& in) {
    const auto with = need_extension<trb_simulator_v1>(in, TRB_EXT_SIMULATOR);
    if (with.of == nullptr)
        return with.otherwise;
    const auto all = stories_of(*with.table);
    if (all.empty())
        return warned("it knows no story");
    for (const std::string& story : all) {
        const told_story told = tell(*with.of, *with.table, {story, in.wanted().seed, {}});
        if (told.status != TRB_OK)
            return failed("the story " + story + " is not told: " + told.error);
        if (!told.fault.empty())
            return failed("the story " + story + ": " + told.fault);
        if (told.deliveries.empty())
            return failed("the story " + story + " has no delivery");
    }
    return passed();
}

verdict deterministic(test_context& in) {
    const auto with = need_extension<trb_simulator_v1>(in, TRB_EXT_SIMULATOR);
    if (with.of == nullptr)
        return with.otherwise;
    for (const std::string& story : stories_of(*with.table)) {
        const std::string first = tell(*with.of, *with.table, {story, 7, {}}).text();
        if (tell(*with.of, *with.table, {story, 7, {}}).text() != first)
            return failed("the story " + story +
                          " is told differently the second time with the same parameters");
        if (tell(*with.of, *with.table, {story, 8, {}}).text() == first)
            return failed("the story " + story + " is the same with another seed: all ids derive from it");
    }
    return passed();
}

verdict unknown_story(test_context& in) {
    const auto with = need_extension<trb_simulator_v1>(in, TRB_EXT_SIMULATOR);
    if (with.of == nullptr)
        return with.otherwise;
    const told_story told = tell(*with.of, *with.table, {"no-such-story-of-tributary-check", 1, {}});
    if (told.status != TRB_NOT_FOUND)
        return failed("an unknown story is answered " + std::string(plugins::status_name(told.status)) +
                      " instead of not_found");
    return told.deliveries.empty() ? passed() : failed("an unknown story has deliveries");
}

/// A plugin that takes no definitions looks for a story without a name, and finds none.
verdict definition(test_context& in) {
    const auto with = need_extension<trb_simulator_v1>(in, TRB_EXT_SIMULATOR);
    if (with.of == nullptr)
        return with.otherwise;
    const told_story told = tell(*with.of, *with.table, {"", 1, {}, "{\"no story\": ["});
    if (told.status == TRB_OK)
        return warned("a definition that says nothing is told as if it were a story");
    return passed();
}

verdict retained_views(test_context& in) {
    const auto with = need_extension<trb_simulator_v1>(in, TRB_EXT_SIMULATOR);
    if (with.of == nullptr)
        return with.otherwise;
    for (int round = 0; round < 2; ++round)
        for (const std::string& story : stories_of(*with.table))
            static_cast<void>(
                tell(*with.of, *with.table, {story, in.wanted().seed, {{"check", "1"}, {"amount", "1999"}}}));
    with.of->end();
    return passed();
}

constexpr test_case tests[] = {
    {"simulator.stories", "Every story is told", stories},
    {"simulator.deterministic", "The same parameters give the same bytes, another seed others",
     deterministic},
    {"simulator.unknown_story", "An unknown story is not_found", unknown_story},
    {"simulator.definition", "A definition that makes no sense is refused", definition},
    {"simulator.retained_views", "tell keeps no view of its inputs", retained_views},
};

} // namespace

std::span<const test_case> simulator_tests() {
    return tests;
}

} // namespace tributary::validator
