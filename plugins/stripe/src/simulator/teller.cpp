#include "simulator/teller.hpp"

#include <algorithm>

#include "simulator/options.hpp"
#include "simulator/verbs.hpp"

namespace tributary::stripe::simulated {
namespace {

constexpr int nesting_max = 3;                 // Of repeat.
constexpr std::int64_t repetitions_max = 100;  // Of one repeat.
constexpr std::size_t steps_taken_max = 1'000; // However they are nested.

class teller {
  public:
    teller(const story_file& story, stage& on)
        : on_(on), names_(on.in().given.names()), where_("story " + story.name) {}

    sdk::outcome take_all(const std::vector<story_step>& steps, const std::string& where, int depth);
    sdk::outcome run(const story_file& story) { return take_all(story.steps, where_, 0); }
    sdk::outcome expect(const story_file& story, const sdk::story_sink& into) const;

  private:
    sdk::outcome take(const story_step& step, const std::string& where, int depth);
    sdk::outcome wait(const story_step& step, const std::string& where);
    sdk::outcome repeat(const story_step& step, const std::string& where, int depth);

    stage& on_;
    name_values names_;
    std::string where_;
    std::size_t taken_ = 0;
};

sdk::outcome bad(const std::string& where, const std::string& what) {
    return sdk::invalid("bad_story", where + ": " + what);
}

sdk::outcome teller::take_all(const std::vector<story_step>& steps, const std::string& where, int depth) {
    for (std::size_t index = 0; index < steps.size(); ++index) {
        const std::string here =
            where + ", step " + std::to_string(index + 1) + " (" + steps[index].verb.substr(0, 64) + ")";
        if (++taken_ > steps_taken_max)
            return bad(here, "a story takes at most " + std::to_string(steps_taken_max) + " steps");
        if (sdk::outcome done = take(steps[index], here, depth); !done)
            return done;
        if (on_.too_long())
            return bad(here, "the story has too many events");
    }
    return {};
}

sdk::outcome teller::take(const story_step& step, const std::string& where, int depth) {
    if (step.verb == "wait")
        return wait(step, where);
    if (step.verb == "repeat")
        return repeat(step, where, depth);
    std::vector<std::string_view> known{"wait", "repeat"};
    for (const verb& one : all_verbs()) {
        if (one.name == step.verb) {
            options with(step.options, names_, where);
            return one.act(on_, with);
        }
        known.push_back(one.name);
    }
    return bad(where, "there is no verb " + with_nearest(step.verb, known));
}

sdk::outcome teller::wait(const story_step& step, const std::string& where) {
    std::int64_t seconds = 0;
    if (const std::string fault = parse_span(step.options, names_, seconds); !fault.empty())
        return bad(where, fault);
    on_.wait(seconds);
    return {};
}

sdk::outcome teller::repeat(const story_step& step, const std::string& where, int depth) {
    options with(step.options, names_, where);
    const std::int64_t times = with.number("times", 1, 0, repetitions_max);
    const json::value* given = with.raw("steps");
    if (depth >= nesting_max)
        with.refuse("repetitions are nested too deeply");
    if (sdk::outcome done = with.finish(); !done)
        return done;
    std::vector<story_step> steps;
    if (sdk::outcome done = parse_steps(given, where, steps); !done)
        return done;
    for (std::int64_t round = 0; round < times; ++round)
        if (sdk::outcome done = take_all(steps, where, depth + 1); !done)
            return done;
    return {};
}

sdk::outcome teller::expect(const story_file& story, const sdk::story_sink& into) const {
    for (const auto& [name, expression] : story.expect) {
        const evaluated result = evaluate(expression, names_);
        if (!result.fault.empty())
            return bad(where_ + ", expect " + name,
                       "column " + std::to_string(result.column) + ": " + result.fault);
        into.expect(name, result.value);
    }
    return {};
}

} // namespace

sdk::outcome tell_story(const story_file& story, stage& on, const sdk::story_sink& into) {
    teller told(story, on);
    if (sdk::outcome done = told.run(story); !done)
        return done;
    return told.expect(story, into);
}

} // namespace tributary::stripe::simulated
