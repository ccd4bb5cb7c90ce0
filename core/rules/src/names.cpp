#include "names.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace tributary::cel {
namespace {

/// Characters to insert, remove or replace. @source Levenshtein's distance, with one row of its table.
std::size_t distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < right.size(); ++j) {
            const std::size_t replaced = diagonal + (left[i] == right[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

constexpr std::array<std::string_view, 17> reserved = {
    "as",  "break", "const",   "continue",  "else",   "for", "function", "if",   "import",
    "let", "loop",  "package", "namespace", "return", "var", "void",     "while"};

/// Beyond this a name is no slip of a finger, and comparing it would be work for nothing.
constexpr std::size_t compared_characters_max = 80;

} // namespace

const std::uint32_t* declarations::find(const name_index& in, std::string_view name, bool rooted) const {
    const auto look = [&](std::string_view wanted) -> const std::uint32_t* {
        const auto found = in.find(wanted);
        return found == in.end() ? nullptr : &found->second;
    };
    std::string_view container = rooted ? std::string_view() : std::string_view(options.container);
    while (!container.empty()) {
        if (const auto* found = look(std::string(container) + "." + std::string(name)))
            return found;
        const std::size_t dot = container.rfind('.');
        container = container.substr(0, dot == std::string_view::npos ? 0 : dot);
    }
    return look(name);
}

bool declarations::has_prefix(std::string_view name, bool rooted) const {
    for (std::size_t dot = name.rfind('.'); dot != std::string_view::npos && dot > 0;
         dot = name.rfind('.', dot - 1))
        if (find(variable_numbers, name.substr(0, dot), rooted) != nullptr)
            return true;
    return false;
}

std::string_view nearest_name(std::string_view name, const std::vector<std::string_view>& known) {
    if (name.size() > compared_characters_max)
        return {};
    std::size_t least = std::max<std::size_t>(1, name.size() / 4) + 1;
    std::string_view nearest;
    for (const std::string_view each : known) {
        if (each.size() > compared_characters_max)
            continue;
        if (const std::size_t apart = distance(name, each); apart < least) {
            least = apart;
            nearest = each;
        }
    }
    return nearest;
}

bool is_macro(std::string_view name) noexcept {
    return std::ranges::find(macro_names, name) != std::end(macro_names);
}

bool is_keyword(std::string_view word) noexcept {
    return word == "true" || word == "false" || word == "null" || word == "in";
}

bool is_reserved_word(std::string_view word) noexcept {
    return std::ranges::find(reserved, word) != reserved.end();
}

bool is_readable_name(std::string_view name) noexcept {
    const std::size_t dot = std::min(name.find('.'), name.size());
    if (is_reserved_word(name.substr(0, dot)))
        return false;
    for (std::string_view rest = name;;) {
        const std::size_t end = std::min(rest.find('.'), rest.size());
        if (is_keyword(rest.substr(0, end)))
            return false;
        if (end == rest.size())
            return true;
        rest.remove_prefix(end + 1);
    }
}

bool is_qualified_name(std::string_view name) noexcept {
    bool begins = true;
    for (const char c : name) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        const bool digit = c >= '0' && c <= '9';
        if (!letter && !(digit && !begins) && !(c == '.' && !begins))
            return false;
        begins = c == '.';
    }
    return !begins;
}

} // namespace tributary::cel
