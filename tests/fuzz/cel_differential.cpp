// One program, evaluated by its code, by walking its tree, and by walking the tree with nothing that was
// computed while compiling: all three come to the same. Inputs are those of cel_evaluate.
#include <tributary/cel/json.hpp>
#include <tributary/cel/map.hpp>

#include <algorithm>
#include <cmath>

#include "cel_mutator.hpp"
#include "cel_world.hpp"
#include "compiled.hpp"
#include "property.hpp"

namespace cel = tributary::cel;
using cel::value;
using cel::value_kind;
using tributary::fuzz::must;

namespace {

/// Compares values part by part, so many parts at most: lists may hold one list many times over.
class comparison {
  public:
    bool alike(const value& left, const value& right) {
        if (parts_left_ == 0)
            return true;
        --parts_left_;
        if (left.kind() != right.kind())
            return false;
        switch (left.kind()) {
        case value_kind::error: return left.error_code() == right.error_code();
        case value_kind::float64:
            return left.as_float64() == right.as_float64() ||
                   (std::isnan(left.as_float64()) && std::isnan(right.as_float64()));
        case value_kind::list: return lists(left.as_list(), right.as_list());
        case value_kind::map: return maps(left.as_map(), right.as_map());
        case value_kind::optional: {
            const value* held = left.as_optional();
            const value* other = right.as_optional();
            return held == nullptr || other == nullptr ? held == other : alike(*held, *other);
        }
        default: return cel::equal(left, right);
        }
    }

  private:
    bool lists(cel::list_view left, cel::list_view right) {
        return left.size() == right.size() &&
               std::ranges::equal(left, right, [&](const value& a, const value& b) { return alike(a, b); });
    }
    bool maps(const cel::map_data& left, const cel::map_data& right) {
        return left.size == right.size && std::ranges::all_of(left.all(), [&](const cel::map_entry& each) {
                   const value* other = cel::find(right, each.key);
                   return other != nullptr && alike(each.held, *other);
               });
    }

    std::size_t parts_left_ = 20'000;
};

bool is_limit(const value& given) {
    return given.is_error() && (given.error_code() == cel::evaluation_errc::cost_limit ||
                                given.error_code() == cel::evaluation_errc::memory_limit ||
                                given.error_code() == cel::evaluation_errc::list_limit);
}

std::string shown(std::string_view source, const value& left, const value& right) {
    return std::string(source) + "\n  " + cel::text_of(left, 300) + "\n  " + cel::text_of(right, 300);
}

class three_ways {
  public:
    three_ways(const cel::program& program, cel::activation& slots, cel::evaluation_limits limits)
        : program_(program), slots_(slots), limits_(limits), by_code_(limits), by_tree_(limits),
          memory_(limits.memory_bytes) {}

    void compare() {
        const value coded = by_code_.evaluate(program_, slots_);
        std::vector<cel::trace_step> steps;
        const value traced = by_tree_.trace(program_, slots_, steps);
        must(comparison().alike(coded, traced), "the trace comes to what the code comes to",
             shown(program_.source(), coded, traced));
        must(by_code_.cost_used() == by_tree_.cost_used(), "the trace costs what the code costs",
             std::to_string(by_code_.cost_used()) + " " + std::to_string(by_tree_.cost_used()) + " " +
                 shown(program_.source(), coded, traced));
        check_steps(steps);
        const value plain = walked_plainly();
        if (!is_limit(coded) && !is_limit(plain))
            must(comparison().alike(coded, plain), "what is computed beforehand changes nothing",
                 shown(program_.source(), coded, plain));
    }

  private:
    /// As evaluate() does it: a result of another kind than was promised is an error.
    value walked_plainly() {
        const cel::compiled& code = program_.code();
        cel::call_context with = code.context(memory_, limits_, slots_);
        const value result = cel::walk(code, slots_, with, nullptr, true);
        if (!code.result_kind || result.is_error() || result.is(*code.result_kind))
            return result;
        return value::error(code.amount && result.is(value_kind::float64)
                                ? cel::evaluation_errc::double_in_amount
                                : cel::evaluation_errc::no_such_overload);
    }

    void check_steps(const std::vector<cel::trace_step>& steps) {
        const std::string_view source = program_.source();
        for (std::size_t i = 0; i < steps.size(); ++i) {
            must(steps[i].begin <= steps[i].end && steps[i].end <= source.size(),
                 "a step is a part of the source", source);
            must((steps[i].level == 0) == (i == 0), "only the first step is the whole", source);
        }
    }

    const cel::program& program_;
    cel::activation& slots_;
    cel::evaluation_limits limits_;
    cel::evaluator by_code_;
    cel::evaluator by_tree_;
    cel::arena memory_;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    static const tributary::fuzz::cel_world world; // Immutable.
    const auto input = tributary::fuzz::read_cel_input({reinterpret_cast<const char*>(bytes), count});
    const cel::environment& environment = world.environment(input.tight());
    const auto program = environment.compile(std::string(input.expression), input.compile_options());
    if (!program)
        return 0;
    const tributary::fuzz::cel_values values(environment, input.settings);
    cel::activation slots(values.all().size());
    slots.set_rates(&world.rates());
    for (cel::slot_id slot = 0; slot < values.all().size(); ++slot)
        slots.set(slot, values.all()[slot]);
    three_ways(**program, slots, world.limits(input.tight())).compare();
    return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* bytes, std::size_t count, std::size_t count_max,
                                               unsigned seed) {
    return tributary::fuzz::mutate_cel(bytes, count, count_max, seed);
}
