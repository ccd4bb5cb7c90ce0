#include "pattern.hpp"

#include <algorithm>
#include <re2/re2.h>

#include "calling.hpp"
#include "functions.hpp"

namespace tributary::cel {
namespace {

/// What a pattern and its automata may take. A literal one is kept and shared, one that is computed lives for
/// one call only.
constexpr std::int64_t literal_bytes_max = 256 * 1024;
constexpr std::int64_t computed_bytes_max = 64 * 1024;
/// What one that was refused is charged for: about the largest program that fits in there.
constexpr int program_size_max = 2048;

/// A budget of 20,000 pays for some fifty.
constexpr std::uint64_t literal_cost = 400;

RE2::Options options_of(std::int64_t bytes_max) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_never_capture(true);
    options.set_max_mem(bytes_max);
    return options;
}

value bad_pattern(call_context& with, const RE2& pattern, std::string_view text) {
    return with.fail(evaluation_errc::invalid_argument,
                     quoted(text) + " is not a regular expression: " + pattern.error());
}

value search(call_context& with, std::string_view text, const RE2& pattern) {
    // An automaton looks at each byte once, a pattern too large for one follows all its branches at each
    // byte.
    const auto steps = static_cast<std::uint64_t>(std::max(pattern.ProgramSize(), 4)) / 4;
    if (!with.charge(text.size() / 16 * steps))
        return call_context::cost_exhausted();
    return value::boolean(pattern.Match(text, 0, text.size(), RE2::UNANCHORED, nullptr, 0));
}

} // namespace

value matches(call_context& with, std::span<const value> arguments) {
    if (arguments.size() != 2 || !arguments[0].is(value_kind::string))
        return no_such_overload();
    const std::string_view text = arguments[0].as_text();
    const value& given = arguments[1];
    if (is_opaque(given, pattern_tag))
        return search(with, text, *static_cast<const RE2*>(given.as_opaque()));
    if (!given.is(value_kind::string))
        return no_such_overload();
    if (!with.charge(given.as_text().size()))
        return call_context::cost_exhausted();
    const RE2 pattern(given.as_text(), options_of(computed_bytes_max));
    // Short patterns may be large programs, such as \pL{9}; one that was refused may have been as large as
    // any.
    const int size = pattern.ok() ? pattern.ProgramSize() : program_size_max;
    if (!with.charge(static_cast<std::uint64_t>(size) / 4))
        return call_context::cost_exhausted();
    if (!pattern.ok())
        return bad_pattern(with, pattern, given.as_text());
    return search(with, text, pattern);
}

value read_pattern(call_context& with, std::string_view text) {
    // Compiling takes longer than anything else that a source can ask for before it runs.
    if (!with.charge(literal_cost + text.size()))
        return with.fail(evaluation_errc::cost_limit, "the expression has too many regular expressions");
    const auto pattern = std::make_shared<const RE2>(text, options_of(literal_bytes_max));
    if (!pattern->ok())
        return bad_pattern(with, *pattern, text);
    if (!with.charge(static_cast<std::uint64_t>(std::max(pattern->ProgramSize(), 0))))
        return with.fail(evaluation_errc::cost_limit, "the expression has too many regular expressions");
    if (with.keeper == nullptr)
        return with.copy_string(text);
    with.keeper->push_back(pattern);
    return value::opaque(pattern.get(), pattern_tag);
}

} // namespace tributary::cel
