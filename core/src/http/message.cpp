#include <tributary/http/message.hpp>

#include <cstdint>

#include "http/grammar.hpp"

namespace tributary::http {
namespace {

/// Decodes the escape at `text[at]`, which is '%'. -1 when it is malformed.
int escaped_byte(std::string_view text, std::size_t at) noexcept {
    if (at + 2 >= text.size())
        return -1;
    const int high = grammar::hex_value(text[at + 1]);
    const int low = grammar::hex_value(text[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/// Decodes what it can; returns whether all escapes were well-formed.
bool decode(std::string_view text, bool plus_is_space, std::string& out) {
    out.clear();
    const std::string_view special = plus_is_space ? "%+" : "%";
    bool well_formed = true;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t next = text.find_first_of(special, at);
        out += text.substr(at, next - at);
        if (next == std::string_view::npos)
            break;
        const int byte = text[next] == '+' ? ' ' : escaped_byte(text, next);
        well_formed = well_formed && byte >= 0;
        out += byte >= 0 ? static_cast<char>(byte) : '%';
        at = next + (byte >= 0 && text[next] == '%' ? 3 : 1);
    }
    return well_formed;
}

std::string decoded(std::string_view text) {
    std::string out;
    decode(text, true, out);
    return out;
}

/// Length of the UTF-8 sequence at the front, 0 when there is none (RFC 3629: no overlong forms, no
/// surrogates).
std::size_t utf8_length(std::string_view text) noexcept {
    const auto byte = [&](std::size_t index) {
        return index < text.size() ? static_cast<unsigned char>(text[index]) : 0u;
    };
    const auto in = [](unsigned value, unsigned low, unsigned high) { return value >= low && value <= high; };
    const unsigned first = byte(0);
    if (first < 0x80)
        return 1;
    if (in(first, 0xc2, 0xdf))
        return in(byte(1), 0x80, 0xbf) ? 2 : 0;
    if (in(first, 0xe0, 0xef)) {
        const unsigned low = first == 0xe0 ? 0xa0 : 0x80;
        const unsigned high = first == 0xed ? 0x9f : 0xbf;
        return in(byte(1), low, high) && in(byte(2), 0x80, 0xbf) ? 3 : 0;
    }
    if (in(first, 0xf0, 0xf4)) {
        const unsigned low = first == 0xf0 ? 0x90 : 0x80;
        const unsigned high = first == 0xf4 ? 0x8f : 0xbf;
        return in(byte(1), low, high) && in(byte(2), 0x80, 0xbf) && in(byte(3), 0x80, 0xbf) ? 4 : 0;
    }
    return 0;
}

/// Appends a JSON string. Bytes that are not UTF-8 become U+FFFD, since the text may quote what a client
/// sent.
void append_json_string(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += '"';
    while (!text.empty()) {
        const auto byte = static_cast<unsigned char>(text.front());
        const std::size_t length = utf8_length(text);
        if (byte == '"' || byte == '\\') {
            out += '\\';
            out += text.front();
        } else if (byte < 0x20) {
            out += "\\u00";
            out += digits[byte >> 4];
            out += digits[byte & 15];
        } else if (length == 0) {
            out += "\xef\xbf\xbd";
        } else {
            out += text.substr(0, length);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    out += '"';
}

} // namespace

std::string_view find_header(const std::vector<header>& headers, std::string_view name) noexcept {
    for (const header& candidate : headers) {
        if (grammar::equal_ignoring_case(candidate.name, name))
            return candidate.value;
    }
    return {};
}

response error_response(int status, std::string_view code, std::string_view message,
                        std::string_view request_id) {
    response answer;
    answer.status = status;
    answer.headers.push_back({"Content-Type", "application/json"});
    answer.body = R"({"error":{"code":)";
    append_json_string(answer.body, code);
    answer.body += R"(,"message":)";
    append_json_string(answer.body, message);
    answer.body += R"(,"request_id":)";
    append_json_string(answer.body, request_id);
    answer.body += "}}";
    return answer;
}

bool percent_decode(std::string_view text, bool plus_is_space, std::string& out) {
    return decode(text, plus_is_space, out);
}

std::vector<header> parse_query(std::string_view query) {
    std::vector<header> pairs;
    while (!query.empty()) {
        const std::size_t end = query.find('&');
        const auto pair = query.substr(0, end);
        query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
        if (pair.empty())
            continue;
        const std::size_t equals = pair.find('=');
        const auto value = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
        pairs.push_back({decoded(pair.substr(0, equals)), decoded(value)});
    }
    return pairs;
}

} // namespace tributary::http
