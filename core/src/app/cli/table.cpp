#include "app/cli/table.hpp"

#include <algorithm>
#include <vector>

namespace tributary::app::cli {
namespace {

constexpr std::size_t gap = 2;

/// Characters, not bytes: names may be in any language. Wide ones count as one, which is good enough for a
/// table.
std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }));
}

/// A cell stays on its line.
std::string one_line(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    std::ranges::replace(text, '\t', ' ');
    return text;
}

void append_padded(std::string& out, std::string_view text, std::size_t width) {
    out += text;
    out.append(width + gap - std::min(width + gap, width_of(text)), ' ');
}

void end_line(std::string& out) {
    out.erase(out.find_last_not_of(' ') + 1);
    out += '\n';
}

} // namespace

std::string table_text(const document& list, std::initializer_list<column> columns, std::string_view empty) {
    if (list.items().empty())
        return std::string(empty) + "\n";
    std::vector<std::vector<std::string>> lines(1);
    for (const column& each : columns)
        lines.front().emplace_back(each.title);
    for (const document& record : list.items()) {
        std::vector<std::string>& line = lines.emplace_back();
        for (const column& each : columns) {
            const document* found = record.find(each.member);
            line.push_back(found == nullptr ? "-" : one_line(found->cell()));
        }
    }
    std::vector<std::size_t> widths(columns.size());
    for (const auto& line : lines)
        for (std::size_t at = 0; at < line.size(); ++at)
            widths[at] = std::max(widths[at], width_of(line[at]));
    std::string out;
    for (const auto& line : lines) {
        std::string shown;
        for (std::size_t at = 0; at < line.size(); ++at)
            append_padded(shown, line[at], widths[at]);
        end_line(shown);
        out += shown;
    }
    return out;
}

std::string fields_text(const document& record, std::initializer_list<column> columns) {
    std::size_t width = 0;
    for (const column& each : columns)
        if (record.find(each.member) != nullptr)
            width = std::max(width, width_of(each.title));
    std::string out;
    for (const column& each : columns) {
        const document* found = record.find(each.member);
        if (found == nullptr)
            continue;
        std::string shown;
        append_padded(shown, each.title, width);
        shown += one_line(found->cell());
        end_line(shown);
        out += shown;
    }
    return out;
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t hang, std::size_t margin) {
    std::string out;
    std::size_t used = 0; // of the line, without the margin
    bool first_word = true;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
        const std::string_view word = text.substr(0, end);
        const std::size_t size = width_of(word);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (word.empty())
            continue;
        if (!first_word && used + 1 + size > width && used > hang) {
            out.append(1, '\n').append(hang + margin, ' ').append(word);
            used = hang + size;
        } else {
            out.append(first_word ? 0 : 1, ' ').append(word);
            used += size + (first_word ? 0 : 1);
        }
        first_word = false;
    }
    end_line(out);
    return out;
}

std::string indented(std::string_view text, std::size_t blanks) {
    std::string out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (end > 0)
            out.append(blanks, ' ').append(text.substr(0, end));
        out += '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

} // namespace tributary::app::cli
