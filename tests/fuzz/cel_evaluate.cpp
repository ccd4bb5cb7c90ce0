// Evaluating, with values of any kinds in the slots. It ends soon and within its limits, and what it gives
// can be shown and located.
#include <tributary/cel/json.hpp>

#include <ctime>

#include "cel_mutator.hpp"
#include "cel_world.hpp"
#include "property.hpp"

namespace cel = tributary::cel;
using tributary::fuzz::must;

namespace {

/// Fifty times what the dearest expressions take with sanitizers.
constexpr double seconds_max = 0.5;

double processor_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Gives the values when they are asked for, and counts.
class told_source : public cel::slot_source {
  public:
    explicit told_source(const std::vector<cel::value>& values) : values_(values), asked_(values.size()) {}
    cel::value fetch(cel::slot_id slot) override {
        must(slot < values_.size(), "a slot that is fetched is a variable's");
        must(values_[slot].is(cel::value_kind::absent) || ++asked_[slot] == 1, "a slot is fetched once");
        return values_[slot];
    }

  private:
    const std::vector<cel::value>& values_;
    std::vector<int> asked_;
};

void check_result(const cel::program& program, const cel::value& result,
                  const cel::compile_options& options) {
    const std::string_view source = program.source();
    must(!result.is(cel::value_kind::absent), "an evaluation gives something", source);
    must(cel::text_of(result, 200).size() <= 203, "a value's text is no longer than asked", source);
    if (options.amount)
        must(result.is(cel::value_kind::int64) || result.is_error(), "an amount is an int", source);
    if (!result.is_error())
        return;
    const cel::diagnostic where = program.describe(result);
    must(where.begin <= where.end && where.begin <= source.size() && where.end <= source.size() + 1,
         "an error has a place in the source", source);
    must(!cel::render(where, source, "rule").empty(), "an error can be shown", source);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    static const tributary::fuzz::cel_world world; // Immutable.
    const auto input = tributary::fuzz::read_cel_input({reinterpret_cast<const char*>(bytes), count});
    const cel::environment& environment = world.environment(input.tight());
    const auto program = environment.compile(std::string(input.expression), input.compile_options());
    if (!program)
        return 0;
    const tributary::fuzz::cel_values values(environment, input.settings);
    told_source source(values.all());
    cel::activation slots(values.all().size());
    slots.set_rates(&world.rates());
    if (input.lazy())
        slots.set_source(&source);
    else
        for (cel::slot_id slot = 0; slot < values.all().size(); ++slot)
            slots.set(slot, values.all()[slot]);
    const cel::evaluation_limits limits = world.limits(input.tight());
    cel::evaluator evaluator(limits);
    const double before = processor_seconds();
    const cel::value result = evaluator.evaluate(**program, slots);
    must(processor_seconds() - before < seconds_max, "an evaluation ends soon", input.expression);
    must(evaluator.cost_used() <= limits.cost, "no more is spent than there is", input.expression);
    check_result(**program, result, input.compile_options());
    return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* bytes, std::size_t count, std::size_t count_max,
                                               unsigned seed) {
    return tributary::fuzz::mutate_cel(bytes, count, count_max, seed);
}
