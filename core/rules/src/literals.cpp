#include <algorithm>
#include <charconv>
#include <cmath>

#include "parser.hpp"

namespace tributary::cel {
namespace {

/// Of the digits of a double that none can hold: is it because it is too small? What decides is where the
/// first digit that counts stands, moved by the exponent.
bool is_below_one(std::string_view digits) {
    const std::size_t letter = std::min(digits.find_first_of("eE"), digits.size());
    std::string_view exponent = digits.substr(std::min(letter + 1, digits.size()));
    if (exponent.starts_with('+'))
        exponent.remove_prefix(1);
    std::int64_t moved = 0;
    const auto read = std::from_chars(exponent.data(), exponent.data() + exponent.size(), moved);
    if (read.ec == std::errc::result_out_of_range)
        return exponent.starts_with('-');
    const std::string_view mantissa = digits.substr(0, letter);
    const auto point = static_cast<std::int64_t>(std::min(mantissa.find('.'), mantissa.size()));
    const auto first = static_cast<std::int64_t>(mantissa.find_first_of("123456789"));
    return point - first + std::clamp<std::int64_t>(moved, -1'000'000, 1'000'000) <= 0;
}

} // namespace

/// An element or value, as an optional entry when a question mark stood before it.
node_id parser::entry_after(bool optional, std::uint32_t begin) {
    const node_id held = expression();
    if (!optional || failed())
        return held;
    ast_node made{.kind = node_kind::optional_entry};
    made.begin = made.place = begin;
    made.end = last_end();
    return add(made, {held});
}

node_id parser::list_literal() {
    ast_node made{.kind = node_kind::list};
    made.begin = made.place = token_.begin;
    advance();
    std::vector<node_id> elements;
    while (!failed() && !token_.is("]")) {
        const std::uint32_t begin = token_.begin;
        const bool optional = take("?");
        elements.push_back(entry_after(optional, begin));
        if (elements.size() > limits_.literal_elements)
            return fail(compile_errc::too_many_elements, made.begin, last_end(),
                        "a list of more than " + std::to_string(limits_.literal_elements) + " elements");
        if (!take(","))
            break;
    }
    if (!expect("]", "to close the list"))
        return nothing;
    made.end = last_end();
    return add(made, elements);
}

node_id parser::map_literal() {
    ast_node made{.kind = node_kind::map};
    made.begin = made.place = token_.begin;
    advance();
    std::vector<node_id> entries;
    while (!failed() && !token_.is("}")) {
        const std::uint32_t begin = token_.begin;
        const bool optional = take("?");
        entries.push_back(expression());
        if (!expect(":", "between a key and its value"))
            return nothing;
        entries.push_back(entry_after(optional, begin));
        if (entries.size() > 2 * limits_.literal_elements)
            return fail(compile_errc::too_many_elements, made.begin, last_end(),
                        "a map of more than " + std::to_string(limits_.literal_elements) + " entries");
        if (!take(","))
            break;
    }
    if (!expect("}", "to close the map"))
        return nothing;
    made.end = last_end();
    return add(made, entries);
}

node_id parser::number_literal(bool negative, std::uint32_t begin) {
    ast_node made{.kind = node_kind::literal};
    made.begin = made.place = begin;
    const token number = token_;
    std::string_view digits = number.text;
    if (number.kind == token_kind::float64) {
        double read = 0;
        const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), read);
        // What is too small to be told from zero comes out as an error, too: only what is too large is one.
        const bool too_large = end.ec == std::errc::result_out_of_range && !is_below_one(digits);
        if (too_large || !std::isfinite(read))
            return fail(compile_errc::bad_literal, begin, number.end,
                        "this number is out of a double's range");
        made.literal = value::float64(negative ? -read : read);
    } else {
        const bool is_uint = number.kind == token_kind::uint64;
        if (is_uint)
            digits.remove_suffix(1);
        const bool is_hex = digits.size() > 2 && (digits[1] == 'x' || digits[1] == 'X');
        if (is_hex)
            digits.remove_prefix(2);
        std::uint64_t read = 0;
        const auto end =
            std::from_chars(digits.data(), digits.data() + digits.size(), read, is_hex ? 16 : 10);
        const std::uint64_t most =
            is_uint ? ~std::uint64_t{0} : (std::uint64_t{1} << 63) - (negative ? 0 : 1);
        if (end.ec != std::errc() || read > most)
            return fail(compile_errc::bad_literal, begin, number.end,
                        is_uint ? "this number is out of a uint's range"
                                : "this number is out of an int's range",
                        is_uint ? "" : "a uint, which ends with u, goes up to 18446744073709551615u");
        made.literal = is_uint ? value::uint64(read)
                               : value::int64(static_cast<std::int64_t>(negative ? ~read + 1 : read));
    }
    advance();
    made.end = last_end();
    return add(made, {});
}

node_id parser::text_literal() {
    ast_node made{.kind = node_kind::literal};
    made.begin = made.place = token_.begin;
    auto text = unescape(token_);
    if (!text)
        return fail(std::move(text).error());
    const std::string_view kept = tree_.memory.copy(*text);
    made.literal = token_.kind == token_kind::bytes ? value::bytes(kept) : value::string(kept);
    advance();
    made.end = last_end();
    return add(made, {});
}

} // namespace tributary::cel
