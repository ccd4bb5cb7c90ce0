#include <tributary/cel/conformance.hpp>
#include <tributary/cel/json.hpp>

#include <boost/json.hpp>

#include <algorithm>

#include "case_setup.hpp"

namespace tributary::cel::conformance {
namespace {

namespace json = boost::json;

constexpr std::size_t input_bytes_max = 16 << 20;
/// Deeper than any file of the suite; the reader of JSON recurses.
constexpr std::size_t file_depth_max = 256;

bool has_text(const json::object& in, std::string_view name) {
    const json::value* found = in.if_contains(name);
    return found != nullptr && found->is_string() && !found->get_string().empty();
}

/// Compiling the canonical form has to give the same program.
std::optional<ended> compare_canonical(const case_setup& of, const program& compiled) {
    const std::string text(compiled.text());
    const auto again = of.in.compile(text, of.options);
    if (!again)
        return ended{outcome::failed,
                     "the canonical form " + text + " is refused: " + again.error().front().message};
    if ((*again)->hash() != compiled.hash())
        return ended{outcome::failed, "the canonical form " + text + " has another hash"};
    return {};
}

/// Both ways of evaluating have to agree, and with what is expected.
ended evaluate(const case_setup& of, const program& compiled) {
    const auto all = of.in.variables();
    activation slots(all.size());
    slots.set_rates(&of.rates);
    for (const auto& [name, held] : of.bound) {
        const auto found = std::ranges::find(all, name, &variable::name);
        slots.set(static_cast<slot_id>(found - all.begin()), held);
    }
    evaluator direct(of.limits);
    evaluator tracing(of.limits);
    std::vector<trace_step> steps;
    const value given = direct.evaluate(compiled, slots);
    const value traced = tracing.trace(compiled, slots, steps);
    if (!same(given, traced))
        return {outcome::failed, "evaluating gives " + text_of(given) + ", tracing " + text_of(traced)};
    const bool passed =
        of.expects_error ? given.is_error() : !of.expected_value || same(given, *of.expected_value);
    return {passed ? outcome::passed : outcome::failed, text_of(given)};
}

/// What a case that could be read came to.
ended compile_and_evaluate(const case_setup& of) {
    const auto compiled = of.in.compile(std::string(of.text("expr")), of.options);
    if (!compiled) {
        const bool passed = of.expects_error && of.options.check;
        return {passed ? outcome::passed : outcome::failed, "refused: " + compiled.error().front().message};
    }
    if (std::optional<ended> wrong = compare_canonical(of, **compiled))
        return std::move(*wrong);
    const type& deduced = (*compiled)->result_type();
    const bool is_other_type = of.expected_type && deduced != *of.expected_type;
    if (is_other_type || of.flag("check_only"))
        return {is_other_type ? outcome::failed : outcome::passed, "an expression of type " + deduced.text()};
    return evaluate(of, **compiled);
}

} // namespace

case_result run(const json::object& one, const surroundings& with) {
    case_setup setup(one, with);
    std::optional<ended> end = setup.read();
    if (!end)
        end = compile_and_evaluate(setup);
    return {std::string(setup.text("id")), std::string(setup.text("expr")), end->came_to,
            std::move(setup.expected_text), std::move(end->got)};
}

std::size_t file_result::count(outcome of) const {
    return static_cast<std::size_t>(std::ranges::count(cases, of, &case_result::came_to));
}

boost::system::result<file_result, std::string> run_file(std::string_view content, const surroundings& with) {
    if (content.size() > input_bytes_max)
        return std::string("it is larger than 16 MiB");
    json::parse_options how;
    how.max_depth = file_depth_max;
    boost::system::error_code error;
    const json::value all = json::parse(content, error, {}, how);
    if (error)
        return "it is no JSON: " + error.message();
    if (!all.is_array())
        return std::string("it is no list of cases");
    file_result done;
    for (std::size_t i = 0; i < all.get_array().size(); ++i) {
        const json::object* one = all.get_array()[i].if_object();
        if (one == nullptr || !has_text(*one, "id") || !has_text(*one, "expr"))
            return "its element " + std::to_string(i) +
                   " is no case: it needs \"id\", \"expr\" and \"expect\"";
        done.cases.push_back(run(*one, with));
    }
    return done;
}

} // namespace tributary::cel::conformance
