#include <tributary/config/load.hpp>
#include <tributary/config/options.hpp>

#include <algorithm>
#include <vector>

#include "config/parse_value.hpp"
#include "config/units.hpp"

namespace tributary::config {

std::string in_quotes(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "\"";
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (character == '"' || character == '\\') {
            out += '\\';
            out += character;
        } else if (byte < 0x20 || byte == 0x7f) {
            out += "\\u00";
            out += digits[byte >> 4];
            out += digits[byte & 15];
        } else {
            out += character;
        }
    }
    return out + '"';
}

std::string toml_text(const option_info& option, const setting_value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        switch (option.kind) {
        case option_kind::choice:
            return in_quotes(option.choices[static_cast<std::size_t>(*number - option.minimum)]);
        case option_kind::duration: return in_quotes(duration_text(*number, option.unit_us));
        case option_kind::size: {
            const std::string text = size_text(*number);
            return text.find_first_not_of("-0123456789") == std::string::npos ? text : in_quotes(text);
        }
        default: return std::to_string(*number);
        }
    }
    if (const auto* text = std::get_if<std::string>(&value))
        return in_quotes(*text);
    std::string out = "[";
    for (const std::string& element : std::get<std::vector<std::string>>(value))
        out += (out.size() > 1 ? ", " : "") + in_quotes(element);
    return out + "]";
}

namespace {

struct printed_line {
    std::string text;
    std::string from;
};

/// Lines of one table, their comments in one column.
void append_lines(std::string& out, const std::vector<printed_line>& lines) {
    // A long value must not push all comments out of sight.
    constexpr std::size_t column_max = 56;
    std::size_t column = 0;
    for (const printed_line& line : lines)
        if (line.text.size() <= column_max)
            column = std::max(column, line.text.size());
    for (const printed_line& line : lines) {
        out += line.text;
        out.append(line.text.size() < column ? column - line.text.size() : 0, ' ');
        out += "  # " + line.from + "\n";
    }
}

/// A newline in an origin (a file's name may hold one) would end the comment.
std::string one_line(std::string_view text) {
    std::string out(text);
    std::ranges::replace_if(
        out, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
    return out;
}

bool is_bare_key(std::string_view key) {
    return !key.empty() &&
           key.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
               std::string_view::npos;
}

} // namespace

std::string print_configuration(const configuration& effective) {
    std::string out;
    const auto all = options();
    for (std::size_t from = 0; from < all.size();) {
        const std::string_view section = all[from].section();
        std::vector<printed_line> lines;
        for (; from < all.size() && all[from].section() == section; ++from) {
            const option_info& option = all[from];
            const setting_value value = option.load(effective);
            const std::string name(option.name());
            std::string text = name + " = " + toml_text(option, value);
            if (option.secret())
                text = std::get<std::string>(value).empty() ? "# " + name + " is not set"
                                                            : "# " + name + " is set and not shown";
            lines.push_back({std::move(text), one_line(effective.origin(option.key))});
        }
        out += (out.empty() ? "[" : "\n[") + std::string(section) + "]\n";
        append_lines(out, lines);
    }
    for (const auto& [plugin, table] : effective.plugin) {
        std::vector<printed_line> lines;
        for (const plugin_setting& setting : table.settings) {
            const std::string key = is_bare_key(setting.key) ? setting.key : in_quotes(setting.key);
            lines.push_back(
                {setting.shown.empty() ? "# " + key + " is set and not shown" : key + " = " + setting.shown,
                 one_line(setting.from)});
        }
        out += "\n[plugin." + plugin + "]\n";
        append_lines(out, lines);
    }
    return out;
}

} // namespace tributary::config
