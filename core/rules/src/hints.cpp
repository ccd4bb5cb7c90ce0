#include "hints.hpp"

#include <algorithm>
#include <span>

namespace tributary::cel {
namespace {

struct habit {
    std::string_view written;
    std::string_view hint;
};

constexpr habit functions[] = {
    {"max", "the greatest is math.greatest(a, b)"},
    {"min", "the least is math.least(a, b)"},
    {"math.max", "the greatest is math.greatest(a, b)"},
    {"math.min", "the least is math.least(a, b)"},
    {"round", "doubles are rounded with math.round(x); amounts by the function that computes them, as in "
              "pct(amount, \"12.5\", \"floor\")"},
    {"floor", "of a double: math.floor(x); amounts take \"floor\" as a last argument"},
    {"ceil", "of a double: math.ceil(x); amounts take \"ceil\" as a last argument"},
    {"abs", "the absolute value is math.abs(x)"},
    {"now", "there is no clock, so that a rule gives the same again: the time of the event is a variable"},
    {"today", "there is no clock, so that a rule gives the same again: the time of the event is a variable"},
    {"toLower", "lower case is lowerAscii()"},
    {"lower", "lower case is lowerAscii()"},
    {"toLowerCase", "lower case is lowerAscii()"},
    {"toUpper", "upper case is upperAscii()"},
    {"upper", "upper case is upperAscii()"},
    {"toUpperCase", "upper case is upperAscii()"},
    {"len", "the length is size(x)"},
    {"length", "the length is size(x)"},
    {"count", "the length is size(x); of those that fit: size(list.filter(x, condition))"},
    {"includes", "part of a text: contains(); an element of a list: x in list"},
    {"weekday", "the day of the week is getDayOfWeek(), 0 for Sunday"},
    {"percent", "percent of an amount is pct(amount, \"12.5\")"},
};

constexpr habit words[] = {
    {"and", "'and' is written &&"}, {"AND", "'and' is written &&"},
    {"or", "'or' is written ||"},   {"OR", "'or' is written ||"},
    {"is", "'is' is written =="},   {"then", "a choice is written: condition ? a : b"},
};

constexpr habit reserved[] = {
    {"if", "a choice is written: condition ? a : b"},
    {"else", "a choice is written: condition ? a : b"},
    {"let", "a name for a value: cel.bind(name, value, expression)"},
    {"var", "a name for a value: cel.bind(name, value, expression)"},
    {"const", "a name for a value: cel.bind(name, value, expression)"},
    {"return", "a rule is an expression: it gives its value by itself"},
    {"for", "lists are gone through with all, exists, filter and map"},
    {"while", "lists are gone through with all, exists, filter and map"},
    {"function", "whoever embeds the language adds functions"},
};

constexpr habit characters[] = {
    {"\u201C", "texts stand between straight quotes: \"...\""},
    {"\u201D", "texts stand between straight quotes: \"...\""},
    {"\u201E", "texts stand between straight quotes: \"...\""},
    {"\u2018", "texts stand between straight quotes: '...'"},
    {"\u2019", "texts stand between straight quotes: '...'"},
    {"\u00A0", "this is a no-break blank; an ordinary one is meant"},
    {"\uFEFF", "this is a byte order mark, which cannot be seen; save the file without it"},
    {"#", "a comment begins with //"},
    {"$", "amounts are ints of minor units: $100 is 10000"},
    {";", "a rule is one expression, without ;"},
    {"\u20AC", "amounts are ints of minor units"},
};

std::string_view find(std::span<const habit> among, std::string_view written) noexcept {
    const auto found = std::ranges::find(among, written, &habit::written);
    return found == among.end() ? std::string_view() : found->hint;
}

} // namespace

std::string_view hint_for_function(std::string_view name) noexcept {
    return find(functions, name);
}
std::string_view hint_for_word(std::string_view word) noexcept {
    return find(words, word);
}
std::string_view hint_for_reserved(std::string_view word) noexcept {
    return find(reserved, word);
}
std::string_view hint_for_character(std::string_view code_point) noexcept {
    return find(characters, code_point);
}

} // namespace tributary::cel
