#include "cel_mutator.hpp"

#include <algorithm>
#include <cstring>

#include "cel_grammar.hpp"
#include "cel_world.hpp"
#include "compiled.hpp"
#include "parts.hpp"

// Only there when a fuzzer is linked.
extern "C" __attribute__((weak)) std::size_t LLVMFuzzerMutate(std::uint8_t* bytes, std::size_t count,
                                                              std::size_t count_max);

namespace tributary::fuzz {
namespace {

constexpr int depth_max = 4;
/// Beyond this only bytes are changed: long expressions become longer of themselves.
constexpr std::size_t expression_bytes_max = 2000;

/// A part of an expression, to be put elsewhere or replaced.
struct part {
    std::size_t begin;
    std::size_t end;
    std::optional<cel_kind> kind;
};

/// A node whose left operand stands in brackets begins inside of them.
part with_brackets(std::string_view source, part of) {
    const std::string_view text = source.substr(of.begin, of.end - of.begin);
    auto open = std::ranges::count(text, ')') - std::ranges::count(text, '(');
    while (open > 0 && of.begin > 0) {
        --of.begin;
        open -= source[of.begin] == '(' ? 1 : 0;
    }
    return of;
}

std::vector<part> parts_of_program(const cel::program& program) {
    const cel::compiled& code = program.code();
    std::vector<part> found;
    for (cel::node_id id = 0; id < code.tree->nodes.size(); ++id) {
        const cel::ast_node& node = (*code.tree)[id];
        if (node.end > node.begin && node.end <= code.tree->source.size())
            found.push_back(with_brackets(code.tree->source,
                                          {node.begin, node.end, cel_kind_of(code.types.types[id].text())}));
    }
    return found;
}

std::string changed_expression(const cel_world& world, std::string_view expression, cel_generator& from) {
    cel::compile_options options;
    auto program = world.environment(false).compile(std::string(expression), options);
    if (!program) {
        options.check = false;
        program = world.environment(false).compile(std::string(expression), options);
    }
    if (!program || from.choose(8) == 0)
        return from.expression(from.any_kind(), depth_max);
    const std::vector<part> parts = parts_of_program(**program);
    const part replaced = parts[from.choose(parts.size())];
    const part other = parts[from.choose(parts.size())];
    const bool moves = from.choose(3) == 0 && (!replaced.kind || replaced.kind == other.kind);
    std::string made(expression.substr(0, replaced.begin));
    if (moves)
        made += "(" + std::string(expression.substr(other.begin, other.end - other.begin)) + ")";
    else
        made += from.expression(replaced.kind ? *replaced.kind : from.any_kind(), depth_max - 1);
    return made + std::string(expression.substr(replaced.end));
}

} // namespace

std::size_t mutate_cel(std::uint8_t* bytes, std::size_t count, std::size_t count_max, unsigned seed) {
    static const cel_world world; // Immutable.
    std::minstd_rand chance(seed);
    cel_generator from(chance);
    const cel_input input = read_cel_input({reinterpret_cast<const char*>(bytes), count});
    const std::size_t choice = from.choose(8);
    if (choice < 2 || input.expression.size() > expression_bytes_max)
        return LLVMFuzzerMutate(bytes, count, count_max);
    std::string settings(input.settings);
    std::string expression(input.expression);
    if (choice == 2) {
        settings.resize(std::max<std::size_t>(2 * settings.size(), 64));
        settings.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(settings.data()),
                                         input.settings.size(), settings.size()));
        std::ranges::replace(settings, part_separator, '\0');
    } else {
        expression = changed_expression(world, expression, from);
    }
    const std::string made = settings + part_separator + expression;
    if (made.size() > count_max)
        return LLVMFuzzerMutate(bytes, count, count_max);
    std::memcpy(bytes, made.data(), made.size());
    return made.size();
}

} // namespace tributary::fuzz
