#include "config/document.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <sstream>

#include "config/address.hpp"

namespace tributary::config {
namespace {

std::string_view type_name(const toml::node& node) {
    switch (node.type()) {
    case toml::node_type::table: return "a table";
    case toml::node_type::array: return "a list";
    case toml::node_type::string: return "text";
    case toml::node_type::integer: return "a number";
    case toml::node_type::floating_point: return "a number with a fraction";
    case toml::node_type::boolean: return "a boolean";
    case toml::node_type::date: return "a date";
    case toml::node_type::time: return "a time";
    case toml::node_type::date_time: return "a date and time";
    case toml::node_type::none: break;
    }
    return "nothing";
}

given_value given(const toml::node& node) {
    given_value out;
    out.type_name = type_name(node);
    if (const auto* number = node.as_integer()) {
        out.value = number->get();
    } else if (const auto* text = node.as_string()) {
        out.value = text->get();
    } else if (const auto* array = node.as_array()) {
        std::vector<std::string> elements;
        for (const toml::node& element : *array) {
            if (const auto* element_text = element.as_string())
                elements.push_back(element_text->get());
            else
                out.type_name = "a list with something else";
        }
        if (elements.size() == array->size())
            out.value = std::move(elements);
    }
    return out;
}

enum class notation { json, toml };

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

/// Does the name of a plugin's key say that its value is not for everyone's eyes? Rather one too many.
bool names_secret(std::string_view key) {
    const std::string name = lower(key);
    for (const std::string_view word : {"secret", "token", "password", "key", "credential"})
        if (name.find(word) != std::string::npos)
            return true;
    return false;
}

bool holds_secret(const toml::node& node) {
    if (const auto* table = node.as_table())
        return std::ranges::any_of(*table, [](const auto& entry) {
            return names_secret(entry.first.str()) || holds_secret(entry.second);
        });
    if (const auto* array = node.as_array())
        return std::ranges::any_of(*array, [](const toml::node& element) { return holds_secret(element); });
    return false;
}

/// Numbers that JSON cannot say (infinity, not a number) make it false.
bool append_number(std::string& out, double value) {
    if (!std::isfinite(value))
        return false;
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    const std::string_view text(digits, static_cast<std::size_t>(end - digits));
    out += text;
    // Without a point or an exponent both notations would read an integer.
    if (text.find_first_of(".e") == std::string_view::npos)
        out += ".0";
    return true;
}

/// Dates and times: TOML's own words, which JSON can only carry as text.
template <class Value> void append_words(std::string& out, const Value& value, notation as) {
    std::ostringstream words;
    words << value;
    out += as == notation::json ? in_quotes(words.str()) : words.str();
}

bool append_value(std::string& out, const toml::node& node, notation as);

bool append_table(std::string& out, const toml::table& table, notation as) {
    out += '{';
    std::string_view between;
    for (const auto& [key, value] : table) {
        out += between;
        between = as == notation::json ? "," : ", ";
        out += in_quotes(key.str());
        out += as == notation::json ? ":" : " = ";
        if (!append_value(out, value, as))
            return false;
    }
    out += '}';
    return true;
}

bool append_array(std::string& out, const toml::array& array, notation as) {
    out += '[';
    std::string_view between;
    for (const toml::node& element : array) {
        out += between;
        between = as == notation::json ? "," : ", ";
        if (!append_value(out, element, as))
            return false;
    }
    out += ']';
    return true;
}

bool append_value(std::string& out, const toml::node& node, notation as) {
    if (const auto* table = node.as_table())
        return append_table(out, *table, as);
    if (const auto* array = node.as_array())
        return append_array(out, *array, as);
    if (const auto* number = node.as_floating_point())
        return append_number(out, number->get());
    if (const auto* text = node.as_string())
        out += in_quotes(text->get());
    else if (const auto* integer = node.as_integer())
        out += std::to_string(integer->get());
    else if (const auto* boolean = node.as_boolean())
        out += boolean->get() ? "true" : "false";
    else if (const auto* date = node.as_date())
        append_words(out, date->get(), as);
    else if (const auto* time = node.as_time())
        append_words(out, time->get(), as);
    else if (const auto* both = node.as_date_time())
        append_words(out, both->get(), as);
    return true;
}

std::optional<plugin_value> make_plugin_value(std::string_view key, const toml::node& node) {
    plugin_value out;
    if (!append_value(out.json, node, notation::json))
        return std::nullopt;
    if (!names_secret(key) && !holds_secret(node))
        append_value(out.shown, node, notation::toml);
    return out;
}

/// Walks one parsed file and sorts its keys into the two kinds.
class reader {
  public:
    reader(std::string_view name, document& into, std::vector<problem>& found)
        : name_(name), into_(into), found_(found) {}

    void read(const toml::table& root) {
        for (const auto& [key, node] : root) {
            if (key.str() == "plugin")
                read_plugins(node, line_of(key));
            else
                read_section(std::string(key.str()), node, line_of(key));
        }
        std::ranges::stable_sort(into_.entries, {}, &document_entry::line);
        std::ranges::stable_sort(into_.plugin_entries, {}, &plugin_entry::line);
    }

  private:
    static unsigned line_of(const toml::key& key) { return static_cast<unsigned>(key.source().begin.line); }

    void report(unsigned line, config_errc code, std::string message) {
        found_.push_back({code, std::string(name_) + ":" + std::to_string(line), std::move(message)});
    }

    /// An empty table says nothing and is taken as it is at the top; deeper it is a key that nobody knows.
    void read_section(const std::string& path, const toml::node& node, unsigned line) {
        const auto* table = node.as_table();
        const bool deep = path.find('.') != std::string::npos;
        if (!table || (deep && table->empty())) {
            into_.entries.push_back({path, line, given(node)});
            return;
        }
        if (table->empty())
            into_.entries.push_back({path + ".", line, {}});
        for (const auto& [key, value] : *table)
            read_section(path + "." + std::string(key.str()), value, line_of(key));
    }

    void read_plugins(const toml::node& node, unsigned line) {
        const auto* plugins = node.as_table();
        if (!plugins)
            return report(line, config_errc::wrong_type, "'plugin' must be tables, such as [plugin.acme]");
        for (const auto& [name, value] : *plugins) {
            const std::string plugin(name.str());
            const auto* table = value.as_table();
            if (!is_plugin_name(plugin))
                report(line_of(name), config_errc::malformed,
                       in_quotes(plugin) +
                           " is no plugin's short name: a-z and 0-9, a letter first, up to 24");
            else if (!table)
                report(line_of(name), config_errc::wrong_type,
                       "'plugin." + plugin + "' must be a table: write [plugin." + plugin + "]");
            else
                read_plugin(plugin, *table);
        }
    }

    void read_plugin(const std::string& plugin, const toml::table& table) {
        for (const auto& [key, node] : table) {
            const std::string text(key.str());
            auto value = make_plugin_value(text, node);
            if (value)
                into_.plugin_entries.push_back({plugin, text, line_of(key), std::move(*value)});
            else
                report(line_of(key), config_errc::malformed,
                       "'plugin." + plugin + "." + text + "' contains a number that is not finite");
        }
    }

    std::string_view name_;
    document& into_;
    std::vector<problem>& found_;
};

/// true, false or a whole number as TOML writes it, or the start of a quoted text, list or table.
bool reads_as_toml(std::string_view text) {
    if (text == "true" || text == "false")
        return true;
    if (text.empty() || text.find('\n') != std::string_view::npos)
        return false;
    if (text.front() == '"' || text.front() == '\'' || text.front() == '[' || text.front() == '{')
        return true;
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view digits = text.substr(text.front() == '-' ? 1 : 0);
    // A leading zero says that it is a code and no amount.
    return failed == std::errc{} && end == text.data() + text.size() &&
           (digits == "0" || digits.front() != '0');
}

} // namespace

document parse_document(std::string_view text, std::string_view name, std::vector<problem>& found) {
    document out;
    try {
        const toml::table root = toml::parse(text, name);
        reader(name, out, found).read(root);
    } catch (const toml::parse_error& error) {
        found.push_back({config_errc::syntax,
                         std::string(name) + ":" + std::to_string(error.source().begin.line) + ":" +
                             std::to_string(error.source().begin.column),
                         std::string(error.description())});
        out = {};
    }
    return out;
}

result<plugin_value> parse_plugin_value(std::string_view key, std::string_view text) {
    const std::string line = "value = " + (reads_as_toml(text) ? std::string(text) : in_quotes(text));
    try {
        const toml::table parsed = toml::parse(line);
        const toml::node* node = parsed.get("value");
        if (parsed.size() == 1 && node) {
            if (auto value = make_plugin_value(key, *node))
                return std::move(*value);
        }
    } catch (const toml::parse_error&) {
        // Its description quotes the text, which may be a secret.
    }
    return failure(config_errc::malformed, "is not a TOML value, or not UTF-8, or not finite");
}

} // namespace tributary::config
