#include "http/request_head.hpp"

#include <algorithm>
#include <cstring>

#include "http/grammar.hpp"

namespace tributary::http {
namespace {

constexpr std::size_t method_bytes_max = 32;  // Four times the longest registered method in common use.
constexpr std::size_t fields_max = 128;       // Browsers behind several proxies send about 40.
constexpr std::size_t length_digits_max = 18; // Any such number fits 64 bits.

constexpr refusal bad_request_line{400, "bad_request", "The request line is malformed."};
constexpr refusal bad_target{400, "bad_request", "The request target is malformed."};
constexpr refusal bad_version{505, "version_not_supported", "Only HTTP/1.0 and HTTP/1.1 are spoken here."};
constexpr refusal bad_field{400, "bad_request", "A header field is malformed."};
constexpr refusal too_many_fields{431, "headers_too_large", "The request has too many header fields."};
constexpr refusal bad_host{400, "bad_request", "The request needs exactly one valid Host."};
constexpr refusal bad_length{400, "bad_request", "Content-Length must be one decimal number."};
constexpr refusal bad_coding{400, "bad_request", "Transfer-Encoding must be chunked, once, in HTTP/1.1."};
constexpr refusal two_framings{400, "bad_request",
                               "Content-Length and Transfer-Encoding exclude each other."};
constexpr refusal bad_expectation{417, "expectation_failed", "Only 100-continue can be expected."};

/// What the fields say about framing and routing, before they are checked against each other.
struct framing_fields {
    std::optional<std::string_view> host;
    std::optional<std::string_view> length;
    std::optional<std::string_view> coding;
    bool close = false;
    bool keep_alive = false;
    bool expects_continue = false;
};

bool is_label_character(char character) noexcept {
    return grammar::is_digit(character) || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z') || character == '-' || character == '.' ||
           character == '_' || character == '~';
}

/// The length of the host part, or npos when it is malformed.
std::size_t host_size(std::string_view authority) noexcept {
    constexpr auto malformed = std::string_view::npos;
    if (!authority.empty() && authority.front() == '[') {
        const std::size_t end = authority.find(']');
        if (end == malformed || end < 3)
            return malformed;
        const auto literal = authority.substr(1, end - 1);
        const bool hexadecimal = std::ranges::all_of(literal, [](char character) {
            return grammar::hex_value(character) >= 0 || character == ':' || character == '.';
        });
        return hexadecimal ? end + 1 : malformed;
    }
    const std::size_t size = std::min(authority.find(':'), authority.size());
    const bool valid = size > 0 && std::ranges::all_of(authority.substr(0, size), is_label_character);
    return valid ? size : malformed;
}

std::string lower_case(std::string_view text) {
    std::string lowered(text);
    std::ranges::transform(lowered, lowered.begin(), grammar::lower);
    return lowered;
}

bool has_parent_segment(std::string_view path) noexcept {
    for (std::size_t at = path.find("/.."); at != std::string_view::npos; at = path.find("/..", at + 1)) {
        if (at + 3 == path.size() || path[at + 3] == '/')
            return true;
    }
    return false;
}

/// Cuts scheme and authority off an absolute-form target; what remains is origin-form.
bool take_authority(std::string_view& target, std::string_view& authority) noexcept {
    const std::size_t scheme_end = target.find("://");
    if (scheme_end == std::string_view::npos)
        return false;
    const auto scheme = target.substr(0, scheme_end);
    if (!grammar::equal_ignoring_case(scheme, "http") && !grammar::equal_ignoring_case(scheme, "https"))
        return false;
    const auto rest = target.substr(scheme_end + 3);
    const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
    authority = rest.substr(0, end);
    target = rest.substr(end);
    return is_authority(authority);
}

bool parse_target(std::string_view target, std::string_view& authority, request& out) {
    if (!grammar::is_target(target))
        return false;
    if (target.front() != '/' && !take_authority(target, authority))
        return false;
    // "http://host?query" has an empty path, which means "/".
    out.target = target.starts_with('/') ? "" : "/";
    out.target += target;
    const std::string_view whole = out.target;
    const std::size_t mark = whole.find('?');
    if (mark != std::string_view::npos)
        out.query = whole.substr(mark + 1);
    if (!percent_decode(whole.substr(0, mark), false, out.path))
        return false;
    return out.path.find('\0') == std::string::npos && !has_parent_segment(out.path);
}

std::optional<refusal> parse_request_line(std::string_view line, std::string_view& authority,
                                          request_head& out) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last)
        return bad_request_line;
    const auto method = line.substr(0, first);
    const auto target = line.substr(first + 1, last - first - 1);
    const auto version = line.substr(last + 1);
    if (!grammar::is_token(method) || method.size() > method_bytes_max)
        return bad_request_line;
    if (version.size() != 8 || !version.starts_with("HTTP/") || !grammar::is_digit(version[5]) ||
        version[6] != '.' || !grammar::is_digit(version[7]))
        return bad_request_line;
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return bad_version;
    out.http_1_0 = version.back() == '0';
    out.message.method = method;
    if (!parse_target(target, authority, out.message))
        return bad_target;
    return std::nullopt;
}

/// Remembers a field that may stand once; a second one, even an equal one, is refused.
bool take_once(std::optional<std::string_view>& slot, std::string_view value) noexcept {
    if (slot)
        return false;
    slot = value;
    return true;
}

std::optional<refusal> note_field(std::string_view name, std::string_view value, framing_fields& fields) {
    switch (name.size()) { // The length alone rules out nearly all fields.
    case 4:
        if (grammar::equal_ignoring_case(name, "host") && !take_once(fields.host, value))
            return bad_host;
        break;
    case 6:
        if (grammar::equal_ignoring_case(name, "expect")) {
            if (!grammar::equal_ignoring_case(value, "100-continue"))
                return bad_expectation;
            fields.expects_continue = true;
        }
        break;
    case 10:
        if (grammar::equal_ignoring_case(name, "connection")) {
            for (std::string_view list = value; !list.empty();) {
                const auto option = grammar::next_element(list);
                if (!option.empty() && !grammar::is_token(option))
                    return bad_field;
                fields.close = fields.close || grammar::equal_ignoring_case(option, "close");
                fields.keep_alive = fields.keep_alive || grammar::equal_ignoring_case(option, "keep-alive");
            }
        }
        break;
    case 14:
        if (grammar::equal_ignoring_case(name, "content-length") && !take_once(fields.length, value))
            return bad_length;
        break;
    case 17:
        if (grammar::equal_ignoring_case(name, "transfer-encoding") && !take_once(fields.coding, value))
            return bad_coding;
        break;
    default: break;
    }
    return std::nullopt;
}

std::optional<refusal> parse_fields(std::string_view lines, framing_fields& fields, request& out) {
    constexpr std::size_t usual_fields = 12;
    out.headers.reserve(usual_fields);
    while (!lines.empty()) {
        const std::size_t end = lines.find("\r\n");
        std::string_view name;
        std::string_view value;
        if (end == std::string_view::npos || !grammar::parse_field_line(lines.substr(0, end), name, value))
            return bad_field;
        if (out.headers.size() == fields_max)
            return too_many_fields;
        if (auto refused = note_field(name, value, fields))
            return refused;
        out.headers.push_back({std::string(name), std::string(value)});
        lines.remove_prefix(end + 2);
    }
    return std::nullopt;
}

std::optional<refusal> decide_framing(const framing_fields& fields, request_head& out) {
    if (fields.coding) {
        if (fields.length)
            return two_framings;
        if (out.http_1_0 || !grammar::equal_ignoring_case(*fields.coding, "chunked"))
            return bad_coding;
        out.chunked = true;
    }
    if (fields.length) {
        const auto digits = *fields.length;
        if (digits.empty() || digits.size() > length_digits_max ||
            !std::ranges::all_of(digits, grammar::is_digit))
            return bad_length;
        for (const char digit : digits)
            out.content_length = out.content_length * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    out.keep_alive = !fields.close && (!out.http_1_0 || fields.keep_alive);
    out.expects_continue = fields.expects_continue && !out.http_1_0;
    return std::nullopt;
}

std::optional<refusal> decide_host(const framing_fields& fields, std::string_view target_authority,
                                   request_head& out) {
    if (fields.host ? !is_authority(*fields.host) : !out.http_1_0)
        return bad_host;
    // RFC 9112, 3.2.2: an absolute-form target replaces Host.
    const auto authority = !target_authority.empty() ? target_authority : fields.host.value_or("");
    out.message.authority = authority;
    if (!authority.empty())
        out.message.host = lower_case(authority.substr(0, host_size(authority)));
    return std::nullopt;
}

} // namespace

head_scanner::state head_scanner::scan(std::string_view bytes) noexcept {
    while (scanned_ < bytes.size()) {
        const void* found = std::memchr(bytes.data() + scanned_, '\n', bytes.size() - scanned_);
        if (found == nullptr) {
            scanned_ = bytes.size();
            return state::incomplete;
        }
        const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
        if (at == 0 || bytes[at - 1] != '\r')
            return state::malformed;
        const bool empty_line = at == line_start_ + 1;
        scanned_ = at + 1;
        line_start_ = at + 1;
        if (empty_line)
            return state::complete;
    }
    return state::incomplete;
}

std::optional<refusal> parse_request_head(std::string_view block, request_head& out) {
    const std::size_t line_end = block.find("\r\n");
    if (line_end == std::string_view::npos || !block.ends_with("\r\n\r\n"))
        return bad_request_line;
    std::string_view target_authority;
    if (auto refused = parse_request_line(block.substr(0, line_end), target_authority, out))
        return refused;
    framing_fields fields;
    const auto lines = block.substr(line_end + 2, block.size() - line_end - 4);
    if (auto refused = parse_fields(lines, fields, out.message))
        return refused;
    if (auto refused = decide_framing(fields, out))
        return refused;
    return decide_host(fields, target_authority, out);
}

bool is_authority(std::string_view text) noexcept {
    constexpr int port_max = 65'535;
    const std::size_t size = host_size(text);
    if (size == std::string_view::npos)
        return false;
    const auto rest = text.substr(size);
    if (rest.empty())
        return true;
    if (rest.front() != ':' || rest.size() > 6)
        return false;
    int port = 0;
    for (const char digit : rest.substr(1)) {
        if (!grammar::is_digit(digit))
            return false;
        port = port * 10 + (digit - '0');
    }
    return port <= port_max;
}

} // namespace tributary::http
