// Checking and compiling, over variables of every type. The first byte of the settings chooses the options. A
// program's canonical form is the same program; an amount has no double in it.
#include <algorithm>

#include "cel_mutator.hpp"
#include "cel_world.hpp"
#include "compiled.hpp"
#include "property.hpp"

namespace cel = tributary::cel;
using tributary::fuzz::must;

namespace {

bool has_double(const cel::type& of) {
    return of.is(cel::type_kind::float64) || std::ranges::any_of(of.parameters(), has_double);
}

void check_program(const cel::program& made, const cel::environment& environment,
                   const cel::compile_options& options) {
    const std::string_view source = made.source();
    const auto again = environment.compile(std::string(made.text()), options);
    must(again.has_value(), "the canonical form compiles", made.text());
    must((*again)->hash() == made.hash() && (*again)->text() == made.text(),
         "the canonical form is the same program", made.text());
    must(made.hash().size() == 64, "a hash has 64 digits", source);
    for (std::size_t i = 0; i < made.slots().size(); ++i) {
        must(made.slots()[i] < environment.variables().size(), "a slot is a variable's", source);
        must(i == 0 || made.slots()[i - 1] < made.slots()[i], "slots ascend", source);
    }
    if (!options.check)
        return;
    if (options.result)
        must(made.result_type() == *options.result, "the result has the type that was asked for", source);
    if (!options.amount)
        return;
    must(made.result_type() == cel::type::int64(), "an amount is an int", source);
    for (const cel::type& each : made.code().types.types)
        must(!has_double(each), "an amount has no double in it", source);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    static const tributary::fuzz::cel_world world; // Immutable.
    const auto input = tributary::fuzz::read_cel_input({reinterpret_cast<const char*>(bytes), count});
    const cel::environment& environment = world.environment(input.tight());
    const cel::compile_options options = input.compile_options();
    const auto made = environment.compile(std::string(input.expression), options);
    if (made) {
        check_program(**made, environment, options);
        return 0;
    }
    must(!made.error().empty() && made.error().size() <= 20, "a refusal says why, at most 20 times",
         input.expression);
    for (const cel::diagnostic& each : made.error()) {
        must(each.begin <= each.end && each.end <= input.expression.size(), "a place is within the source",
             input.expression);
        must(!each.message.empty(), "a refusal has a message", input.expression);
    }
    (void)cel::render(made.error(), input.expression, "rule");
    return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* bytes, std::size_t count, std::size_t count_max,
                                               unsigned seed) {
    return tributary::fuzz::mutate_cel(bytes, count, count_max, seed);
}
