#include "app/cli/document.hpp"

#include <boost/json/parser.hpp>

namespace tributary::app::cli {
namespace {

/// Length of the UTF-8 character at the beginning (RFC 3629); 0: there is none.
std::size_t character_length(std::string_view text) noexcept {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const auto continues = [&](std::size_t at) { return at < text.size() && (byte(at) & 0xc0) == 0x80; };
    if (byte(0) < 0x80)
        return 1;
    if (byte(0) >= 0xc2 && byte(0) < 0xe0)
        return continues(1) ? 2 : 0;
    if (byte(0) >= 0xe0 && byte(0) < 0xf0) {
        if (!continues(1) || !continues(2))
            return 0;
        const unsigned second = byte(1);
        const bool overlong = byte(0) == 0xe0 && second < 0xa0;
        const bool surrogate = byte(0) == 0xed && second >= 0xa0;
        return overlong || surrogate ? 0 : 3;
    }
    if (byte(0) >= 0xf0 && byte(0) < 0xf5) {
        if (!continues(1) || !continues(2) || !continues(3))
            return 0;
        const unsigned second = byte(1);
        return (byte(0) == 0xf0 && second < 0x90) || (byte(0) == 0xf4 && second >= 0x90) ? 0 : 4;
    }
    return 0;
}

void append_hex(std::string& out, unsigned char byte) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += digits[byte >> 4];
    out += digits[byte & 15];
}

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const std::size_t length = character_length(text);
        const auto first = static_cast<unsigned char>(text.front());
        if (length == 0) {
            out += "\\ufffd";
        } else if (first == '"' || first == '\\') {
            out += '\\';
            out += text.front();
        } else if (first == '\n') {
            out += "\\n";
        } else if (first < 0x20 || first == 0x7f) {
            out += "\\u00";
            append_hex(out, first);
        } else {
            out += text.substr(0, length);
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    out += '"';
}

bool is_json(std::string_view text) {
    boost::json::parser reader; // Its limit of depth keeps the writer from nesting without end.
    boost::json::error_code failed;
    reader.write(text.data(), text.size(), failed);
    return !failed;
}

} // namespace

document document::texts(const std::vector<std::string>& all) {
    document made = list();
    for (const std::string& each : all)
        made.push(each);
    return made;
}

document document::json_text(std::string_view text) {
    return is_json(text) ? document(storage(raw{std::string(text)})) : document(text);
}

document& document::set(std::string name, document value) {
    std::get<object>(value_).emplace_back(std::move(name), std::move(value));
    return *this;
}

void document::push(document value) {
    std::get<array>(value_).push_back(std::move(value));
}

const document::array& document::items() const noexcept {
    static const array none;
    const auto* found = std::get_if<array>(&value_);
    return found == nullptr ? none : *found;
}

const document::object& document::members() const noexcept {
    static const object none;
    const auto* found = std::get_if<object>(&value_);
    return found == nullptr ? none : *found;
}

const document* document::find(std::string_view name) const noexcept {
    for (const auto& [member, value] : members())
        if (member == name)
            return &value;
    return nullptr;
}

std::string document::cell() const {
    if (const auto* text = std::get_if<std::string>(&value_))
        return text->empty() ? "-" : printable(*text);
    if (const auto* number = std::get_if<std::int64_t>(&value_))
        return std::to_string(*number);
    if (const auto* yes = std::get_if<bool>(&value_))
        return *yes ? "yes" : "no";
    if (const auto* json = std::get_if<raw>(&value_))
        return printable(json->json);
    std::string joined;
    for (const document& each : items())
        joined += (joined.empty() ? "" : ", ") + each.cell();
    for (const auto& [name, each] : members())
        joined += (joined.empty() ? "" : ", ") + printable(name) + "=" + each.cell();
    return joined.empty() ? "-" : joined;
}

void document::append(std::string& out) const {
    if (is_null()) {
        out += "null";
    } else if (const auto* text = std::get_if<std::string>(&value_)) {
        append_quoted(out, *text);
    } else if (const auto* number = std::get_if<std::int64_t>(&value_)) {
        out += std::to_string(*number);
    } else if (const auto* yes = std::get_if<bool>(&value_)) {
        out += *yes ? "true" : "false";
    } else if (const auto* json = std::get_if<raw>(&value_)) {
        out += json->json;
    } else if (const auto* list = std::get_if<array>(&value_)) {
        out += '[';
        for (const document& each : *list) {
            out += &each == &list->front() ? "" : ",";
            each.append(out);
        }
        out += ']';
    } else {
        out += '{';
        for (const auto& member : members()) {
            out += &member == &members().front() ? "" : ",";
            append_quoted(out, member.first);
            out += ':';
            member.second.append(out);
        }
        out += '}';
    }
}

std::string document::json() const {
    std::string compact;
    append(compact);
    return indented_json(compact) + "\n";
}

std::string indented_json(std::string_view json) {
    std::string out;
    std::size_t depth = 0;
    bool in_text = false;
    bool opened = false; // Just now: nothing is inside yet.
    const auto line = [&] {
        out += '\n';
        out.append(2 * depth, ' ');
    };
    for (std::size_t at = 0; at < json.size(); ++at) {
        const char character = json[at];
        if (in_text) {
            out += character;
            if (character == '\\' && at + 1 < json.size())
                out += json[++at];
            in_text = character != '"';
            continue;
        }
        if (character == ' ' || character == '\t' || character == '\n' || character == '\r')
            continue;
        const bool closes = character == '}' || character == ']';
        if (closes && depth > 0) {
            --depth;
            if (!opened)
                line();
        } else if (opened) {
            line();
        }
        opened = character == '{' || character == '[';
        depth += opened ? 1 : 0;
        out += character;
        if (character == ',')
            line();
        else if (character == ':')
            out += ' ';
        in_text = character == '"';
    }
    return out;
}

std::string readable_body(std::string_view body) {
    return is_json(body) ? indented_json(body) : std::string(body);
}

std::string printable(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t length = character_length(text);
        const auto first = static_cast<unsigned char>(text.front());
        const bool plain = first == '\n' || first == '\t' || (first >= 0x20 && first != 0x7f);
        // C1 controls (U+0080 to U+009F) begin escape sequences on some terminals.
        const bool c1 = length == 2 && first == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0;
        if (length > 0 && plain && !c1) {
            out += text.substr(0, length);
        } else {
            for (const char byte : text.substr(0, std::max<std::size_t>(length, 1))) {
                out += "\\x";
                append_hex(out, static_cast<unsigned char>(byte));
            }
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

} // namespace tributary::app::cli
