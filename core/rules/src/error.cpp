#include <tributary/cel/error.hpp>

#include <algorithm>
#include <stdexcept>

#include "text.hpp"

namespace tributary::cel {
namespace {

/// More of a source line than this is not shown: a terminal would wrap it.
constexpr std::size_t shown_characters_max = 120;

std::string_view line_at(std::string_view source, std::size_t offset) {
    const std::size_t before = source.rfind('\n', offset == 0 ? 0 : offset - 1);
    const std::size_t begin = before == std::string_view::npos || offset == 0 ? 0 : before + 1;
    const std::size_t end = source.find('\n', offset);
    return source.substr(begin, (end == std::string_view::npos ? source.size() : end) - begin);
}

/// Characters [from, from + count) of a line, blanks for what would move the caret.
std::string shown_part(std::string_view line, std::size_t from, std::size_t count) {
    std::string shown;
    for (std::size_t i = 0; i < from + count && !line.empty(); ++i) {
        const char32_t c = take_code_point(line);
        if (i >= from)
            append_code_point(shown, c < 0x20 || c == 0x7F ? U' ' : c);
    }
    return shown;
}

} // namespace

void throw_exception_from_error(const diagnostics& why, const boost::source_location&) {
    throw std::runtime_error(why.empty() ? "the source was refused" : why.front().message);
}

position position_of(std::string_view source, std::uint32_t offset) noexcept {
    const std::size_t at = std::min<std::size_t>(offset, source.size());
    position found;
    found.line += static_cast<std::uint32_t>(
        std::count(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    const std::size_t line = at == 0 ? std::string_view::npos : source.rfind('\n', at - 1);
    const std::size_t begin = line == std::string_view::npos ? 0 : line + 1;
    found.column += static_cast<std::uint32_t>(code_points(source.substr(begin, at - begin)));
    return found;
}

std::string render(const diagnostic& what, std::string_view source, std::string_view name) {
    const position at = position_of(source, what.begin);
    std::string text = std::string(name) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) +
                       ": error: " + what.message + "\n";
    const std::size_t offset = std::min<std::size_t>(what.begin, source.size());
    const std::string_view line = line_at(source, offset);
    const std::size_t column = at.column - 1;
    const std::size_t from = column < shown_characters_max - 20 ? 0 : column - shown_characters_max / 2;
    const std::size_t line_begin = static_cast<std::size_t>(line.data() - source.data());
    const std::size_t end = std::min<std::size_t>(std::max(what.end, what.begin), line_begin + line.size());
    std::size_t carets = end > offset ? code_points(source.substr(offset, end - offset)) : 1;
    carets = std::min(std::max<std::size_t>(carets, 1), from + shown_characters_max - column);
    text += "  " + shown_part(line, from, shown_characters_max) + "\n";
    text += "  " + std::string(column - from, ' ') + std::string(carets, '^') + "\n";
    if (!what.hint.empty())
        text += "  " + what.hint + "\n";
    return text;
}

std::string render(const diagnostics& all, std::string_view source, std::string_view name) {
    std::string text;
    for (const diagnostic& each : all)
        text += render(each, source, name);
    return text;
}

} // namespace tributary::cel
