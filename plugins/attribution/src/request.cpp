#include "request.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <set>

#include "calendar.hpp"
#include "wire.hpp"

namespace tributary::attribution {
namespace {

namespace json = boost::json;

json::string_view json_text(std::string_view text) {
    return {text.data(), text.size()};
}

std::size_t count_characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

bool is_space(char c) noexcept {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string trimmed(std::string_view text) {
    while (!text.empty() && is_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_space(text.back()))
        text.remove_suffix(1);
    return std::string(text);
}

api_error wrong_type(std::string_view name, std::string_view expected) {
    return unprocessable("invalid_type", name, "Invalid input: expected " + std::string(expected));
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

} // namespace

api_error bad_request(std::string message) {
    return {400, "bad_request", std::move(message)};
}
api_error missing(std::string message) {
    return {404, "not_found", std::move(message)};
}
api_error conflict(std::string message) {
    return {409, "conflict", std::move(message)};
}
api_error unprocessable(std::string_view code, std::string_view path, std::string_view text) {
    std::string message(code);
    message.append(": ").append(path).append(": ").append(text);
    return {422, "unprocessable_entity", std::move(message)};
}

std::string_view code_of_status(std::int32_t status) noexcept {
    switch (status) {
    case 401: return "unauthorized";
    case 403: return "forbidden";
    case 404: return "not_found";
    case 409: return "conflict";
    case 422: return "unprocessable_entity";
    case 429: return "rate_limit_exceeded";
    default: return status >= 500 ? "internal_server_error" : "bad_request";
    }
}

sdk::outcome answer_json(sdk::reply& answer, std::int32_t status, const json::value& body) {
    answer.status = status;
    answer.headers.emplace_back("content-type", "application/json");
    answer.body = json::serialize(body);
    return {};
}

sdk::outcome refuse(sdk::reply& answer, const api_error& error) {
    json::object inner;
    inner["code"] = json_text(error.code);
    inner["message"] = error.message;
    inner["doc_url"] = "docs/reference/errors.md#" + std::string(error.code);
    return answer_json(answer, error.status, json::object{{"error", std::move(inner)}});
}

std::string_view header(const trb_call& call, std::string_view name) {
    const std::string wanted = lower(name);
    for (std::uint64_t index = 0; index < call.header_count; ++index)
        if (lower(sdk::view(call.headers[index].name)) == wanted)
            return sdk::view(call.headers[index].value);
    return {};
}

std::string_view path_parameter(const trb_call& call, std::string_view name) {
    for (std::uint64_t index = 0; index < call.parameter_count; ++index)
        if (sdk::view(call.parameters[index].name) == name)
            return sdk::view(call.parameters[index].value);
    return {};
}

query_parameters::query_parameters(std::string_view raw) {
    while (!raw.empty()) {
        const std::string_view pair = raw.substr(0, raw.find('&'));
        raw.remove_prefix(std::min(raw.size(), pair.size() + 1));
        const std::size_t equals = pair.find('=');
        const std::string_view value = equals == std::string_view::npos ? "" : pair.substr(equals + 1);
        if (!pair.empty())
            pairs_.emplace_back(percent_decode(pair.substr(0, equals), true), percent_decode(value, true));
    }
}

std::optional<std::string> query_parameters::find(std::string_view name) const {
    const auto at =
        std::ranges::find(pairs_, name, [](const auto& pair) { return std::string_view(pair.first); });
    return at == pairs_.end() || at->second.empty() ? std::nullopt : std::optional(at->second);
}

bool query_parameters::has(std::string_view name) const {
    return std::ranges::any_of(pairs_, [&](const auto& pair) { return pair.first == name; });
}

bool query_parameters::is_true(std::string_view name) const {
    const auto value = find(name);
    return value && (*value == "true" || *value == "1");
}

body_reader::body_reader(std::string_view body) {
    boost::system::error_code failed;
    json::value parsed = json::parse(json_text(body), failed);
    if (failed) {
        fail(bad_request(
            "Invalid JSON format in request body. Please ensure the request body is valid JSON."));
    } else if (!parsed.is_object()) {
        fail(unprocessable("invalid_type", "body", "Invalid input: expected object"));
    } else {
        object_ = std::move(parsed.as_object());
    }
}

void body_reader::fail(api_error error) {
    if (!failure_)
        failure_ = std::move(error);
}

const json::value* body_reader::find(std::string_view name) const {
    if (failure_)
        return nullptr;
    const json::value* value = object_.if_contains(json_text(name));
    return value == nullptr || value->is_null() ? nullptr : value;
}

bool body_reader::has(std::string_view name) const {
    return find(name) != nullptr;
}

std::optional<std::string> body_reader::text(std::string_view name, text_bounds bounds) {
    const json::value* value = find(name);
    if (value == nullptr) {
        if (bounds.required)
            fail(unprocessable("invalid_type", name, std::string(name) + " is required."));
        return std::nullopt;
    }
    if (!value->is_string()) {
        fail(wrong_type(name, "string"));
        return std::nullopt;
    }
    std::string said(value->as_string());
    if (bounds.trim)
        said = trimmed(said);
    if (said.find('\0') != std::string::npos) {
        fail(unprocessable("invalid_string", name, "Invalid input: a text must not contain NUL"));
        return std::nullopt;
    }
    const std::size_t size = count_characters(said);
    if (size < bounds.min)
        fail(unprocessable("too_small", name,
                           "Too small: expected string to have >=" + std::to_string(bounds.min) +
                               " characters"));
    else if (size > bounds.max)
        fail(unprocessable("too_big", name,
                           "Too big: expected string to have <=" + std::to_string(bounds.max) +
                               " characters"));
    else
        return said;
    return std::nullopt;
}

std::optional<std::int64_t> body_reader::integer(std::string_view name, std::int64_t min, std::int64_t max,
                                                 bool required) {
    const json::value* value = find(name);
    if (value == nullptr) {
        if (required)
            fail(unprocessable("invalid_type", name, std::string(name) + " is required."));
        return std::nullopt;
    }
    boost::system::error_code failed;
    const auto number = value->to_number<std::int64_t>(failed);
    if (failed)
        fail(wrong_type(name, "int"));
    else if (number < min)
        fail(unprocessable("too_small", name, "Too small: expected number to be >=" + std::to_string(min)));
    else if (number > max)
        fail(unprocessable("too_big", name, "Too big: expected number to be <=" + std::to_string(max)));
    else
        return number;
    return std::nullopt;
}

std::optional<bool> body_reader::boolean(std::string_view name) {
    const json::value* value = find(name);
    if (value == nullptr)
        return std::nullopt;
    if (!value->is_bool()) {
        fail(wrong_type(name, "boolean"));
        return std::nullopt;
    }
    return value->as_bool();
}

std::optional<std::string> body_reader::word(std::string_view name,
                                             std::initializer_list<std::string_view> allowed, bool required) {
    auto said = text(name, {.required = required});
    if (said && std::ranges::find(allowed, *said) == allowed.end()) {
        std::string choice;
        for (const std::string_view one : allowed)
            choice.append(choice.empty() ? "\"" : "|\"").append(one).append("\"");
        fail(unprocessable("invalid_value", name, "Invalid option: expected one of " + choice));
        return std::nullopt;
    }
    return said;
}

std::optional<std::int64_t> body_reader::time(std::string_view name) {
    const auto said = text(name);
    if (!said)
        return std::nullopt;
    const auto at = parse_iso_utc(*said);
    if (!at)
        fail(unprocessable("invalid_date", name, "Invalid input: expected an ISO 8601 date"));
    return at;
}

std::optional<std::string> body_reader::email(std::string_view name, std::size_t max, bool required) {
    const auto said = text(name, {.max = max, .required = required, .trim = true});
    if (!said)
        return std::nullopt;
    const std::size_t at = said->find('@');
    const bool plain =
        at != std::string::npos && at > 0 && said->find('@', at + 1) == std::string::npos &&
        said->find('.', at) != std::string::npos && said->back() != '.' && (*said)[at + 1] != '.' &&
        std::ranges::none_of(*said, [](char c) { return static_cast<unsigned char>(c) <= ' '; });
    if (!plain) {
        fail(unprocessable("invalid_format", name, "Invalid email address"));
        return std::nullopt;
    }
    return lower(*said);
}

std::vector<std::pair<std::string, std::string>> body_reader::metadata(std::string_view name,
                                                                       std::size_t max) {
    std::vector<std::pair<std::string, std::string>> pairs;
    const json::value* value = find(name);
    if (value == nullptr)
        return pairs;
    if (!value->is_object()) {
        fail(wrong_type(name, "record"));
        return pairs;
    }
    if (count_characters(json::serialize(*value)) > max) {
        fail(unprocessable("too_big", name,
                           "Metadata must be less than " + std::to_string(max) +
                               " characters when stringified"));
        return pairs;
    }
    for (const auto& member : value->as_object()) {
        const json::value& said = member.value();
        pairs.emplace_back(member.key(),
                           said.is_string() ? std::string(said.as_string()) : json::serialize(said));
    }
    return pairs;
}

std::vector<std::string> body_reader::texts(std::string_view name, std::size_t max) {
    const json::value* value = find(name);
    std::vector<std::string> made;
    if (value == nullptr)
        return made;
    if (!value->is_array()) {
        fail(wrong_type(name, "array"));
        return made;
    }
    std::set<std::string> seen;
    for (const json::value& item : value->as_array()) {
        if (!item.is_string() || item.as_string().empty() ||
            !seen.insert(std::string(item.as_string())).second) {
            fail(unprocessable("custom", name, "expected different, non-empty texts"));
            return {};
        }
        made.emplace_back(item.as_string());
    }
    if (made.empty() || made.size() > max) {
        fail(unprocessable("custom", name, "expected 1 to " + std::to_string(max) + " items"));
        return {};
    }
    return made;
}

std::optional<api_error> read_page(const query_parameters& query, page_request& into) {
    constexpr std::int64_t page_max = 1000;
    constexpr std::int64_t page_size_max = 100;
    into.starting_after = query.find("startingAfter").value_or("");
    into.ending_before = query.find("endingBefore").value_or("");
    if (!into.starting_after.empty() && !into.ending_before.empty())
        return unprocessable("custom", "startingAfter",
                             "startingAfter and endingBefore cannot be used together.");
    if (const auto order = query.find("sortOrder")) {
        if (*order != "asc" && *order != "desc")
            return unprocessable("invalid_value", "sortOrder",
                                 "Invalid option: expected one of \"asc\"|\"desc\"");
        into.descending = *order == "desc";
    }
    const auto size = query.find("pageSize");
    into.page_size = size ? parse_integer(*size).value_or(0) : page_size_max;
    if (into.page_size < 1 || into.page_size > page_size_max)
        return unprocessable("too_big", "pageSize", "expected a number from 1 to 100");
    const bool by_cursor = !into.starting_after.empty() || !into.ending_before.empty();
    const auto page = query.find("page");
    into.page = page && !by_cursor ? parse_integer(*page).value_or(0) : 1;
    if (into.page < 1)
        return unprocessable("too_small", "page", "Too small: expected number to be >=1");
    if (into.page > page_max)
        return unprocessable(
            "too_big", "page",
            "Page is too big (cannot be more than 1000), recommend using cursor-based pagination instead.");
    return std::nullopt;
}

bool is_web_url(std::string_view url) noexcept {
    constexpr std::size_t url_size_max = 32'000;
    std::size_t scheme = 0;
    for (const std::string_view allowed : {"https://", "http://"})
        if (url.size() > allowed.size() && lower(url.substr(0, allowed.size())) == allowed)
            scheme = allowed.size();
    if (scheme == 0 || url.size() > url_size_max)
        return false;
    if (std::ranges::any_of(url, [](char c) {
            return static_cast<unsigned char>(c) <= ' ' || c == '\x7f' || c == '\\' || c == '"' || c == '<' ||
                   c == '>';
        }))
        return false;
    const std::string_view authority = url.substr(scheme, url.find_first_of("/?#", scheme) - scheme);
    const std::string_view host = authority.substr(authority.rfind('@') + 1);
    return !host.empty() && host.front() != ':';
}

std::string bare_domain(std::string_view text) {
    if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos)
        text.remove_prefix(scheme + 3);
    std::string domain = lower(text.substr(0, text.find_first_of("/?#:")));
    if (domain.starts_with("www."))
        domain.erase(0, 4);
    return domain;
}

} // namespace tributary::attribution
