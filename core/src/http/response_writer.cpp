#include "http/response_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "http/grammar.hpp"

namespace tributary::http {
namespace {

bool is_owned_by_server(std::string_view name) noexcept {
    constexpr std::array<std::string_view, 7> owned = {
        "content-length", "transfer-encoding", "connection", "keep-alive", "date", "server", "x-request-id"};
    return std::ranges::any_of(
        owned, [&](std::string_view other) { return grammar::equal_ignoring_case(name, other); });
}

void append_number(std::string& out, std::size_t number) {
    char digits[24];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
    out.append(digits, end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
}

bool has_no_body(int status) noexcept {
    return status == 204 || status == 304;
}

} // namespace

bool is_sendable(const response& answer) noexcept {
    return answer.status >= 200 && answer.status <= 599 &&
           std::ranges::all_of(answer.headers, [](const header& field) {
               return grammar::is_token(field.name) && grammar::is_field_value(field.value);
           });
}

bool asks_to_close(const response& answer) noexcept {
    return std::ranges::any_of(answer.headers, [](const header& field) {
        return grammar::equal_ignoring_case(field.name, "connection") &&
               grammar::equal_ignoring_case(grammar::trim(field.value), "close");
    });
}

void append_response(std::string& out, const response& answer, const response_framing& framing) {
    const bool bodiless = has_no_body(answer.status);
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::size_t>(answer.status));
    out += ' ';
    out += reason_phrase(answer.status);
    out += "\r\n";
    if (!framing.server_name.empty())
        append_field(out, "Server", framing.server_name);
    append_field(out, "Date", framing.date);
    for (const header& field : answer.headers) {
        if (!is_owned_by_server(field.name))
            append_field(out, field.name, field.value);
    }
    append_field(out, "X-Request-Id", framing.request_id);
    if (!framing.keep_alive)
        append_field(out, "Connection", "close");
    else if (framing.http_1_0)
        append_field(out, "Connection", "keep-alive");
    if (!bodiless) {
        out += "Content-Length: ";
        append_number(out, answer.body.size());
        out += "\r\n";
    }
    out += "\r\n";
    if (!bodiless && !framing.head_only)
        out += answer.body;
}

std::string_view reason_phrase(int status) noexcept {
    switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "";
    }
}

std::string_view date_text::at(std::time_t now) {
    constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (now != formatted_for_) {
        std::tm parts{};
        gmtime_r(&now, &parts);
        // Not strftime: its names would follow the locale.
        char text[64];
        const int size = std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                       days[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                                       months[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                                       parts.tm_hour, parts.tm_min, parts.tm_sec);
        text_.assign(text, static_cast<std::size_t>(size));
        formatted_for_ = now;
    }
    return text_;
}

} // namespace tributary::http
