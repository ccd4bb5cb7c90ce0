#include "json_path.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <charconv>

namespace tributary::stripe {
namespace {

const json::value* step(const json::value& from, std::string_view name) noexcept {
    if (const json::object* object = from.if_object())
        return object->if_contains(name);
    if (const json::array* array = from.if_array()) {
        std::size_t index = 0;
        const auto parsed = std::from_chars(name.data(), name.data() + name.size(), index);
        if (parsed.ec == std::errc() && parsed.ptr == name.data() + name.size() && index < array->size())
            return array->data() + index;
    }
    return nullptr;
}

const json::value* follow(const json::value& root, std::string_view path) noexcept {
    const json::value* at = &root;
    while (at != nullptr && !path.empty()) {
        const std::size_t dot = path.find('.');
        at = step(*at, path.substr(0, dot));
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    return at;
}

constexpr std::size_t id_bytes_max = 255; // Stripe's own limit.

std::string_view as_text(const json::value& value) noexcept {
    const json::string* found = value.if_string();
    if (found == nullptr || holds_nul({found->data(), found->size()}))
        return {};
    return {found->data(), found->size()};
}

} // namespace

bool holds_nul(std::string_view text) noexcept {
    return text.find('\0') != std::string_view::npos;
}

std::string_view beginning(std::string_view text, std::size_t bytes_max) noexcept {
    if (text.size() <= bytes_max)
        return text;
    while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xc0u) == 0x80u)
        --bytes_max;
    return text.substr(0, bytes_max);
}

const json::value* find(const json::value& root, const path_list& paths) noexcept {
    for (const std::string_view path : paths.alternatives) {
        if (path.empty())
            break;
        const json::value* found = follow(root, path);
        if (found != nullptr && !found->is_null())
            return found;
    }
    return nullptr;
}

bool has_member(const json::value& root, std::string_view name) noexcept {
    const json::object* object = root.if_object();
    return object != nullptr && object->if_contains(name) != nullptr;
}

std::string_view text(const json::value& root, const path_list& paths) noexcept {
    const json::value* found = find(root, paths);
    return found == nullptr ? std::string_view() : as_text(*found);
}

std::string_view id_of(const json::value& root, const path_list& paths) noexcept {
    const json::value* found = find(root, paths);
    if (found == nullptr)
        return {};
    const std::string_view id = found->is_object() ? text(*found, "id") : as_text(*found);
    return id.size() <= id_bytes_max ? id : std::string_view();
}

std::optional<bool> flag(const json::value& root, const path_list& paths) noexcept {
    const json::value* found = find(root, paths);
    if (found == nullptr || !found->is_bool())
        return std::nullopt;
    return found->get_bool();
}

std::optional<std::int64_t> integer(const json::value& root, const path_list& paths) noexcept {
    const json::value* found = find(root, paths);
    if (found == nullptr || !found->is_int64())
        return std::nullopt;
    return found->get_int64();
}

std::optional<std::int64_t> time_ms(const json::value& root, const path_list& paths) noexcept {
    constexpr std::int64_t seconds_max = 253'402'300'799; // The last second of the year 9999.
    const std::optional<std::int64_t> seconds = integer(root, paths);
    if (!seconds || *seconds < 0 || *seconds > seconds_max)
        return std::nullopt;
    return *seconds * 1000;
}

std::span<const json::value> elements(const json::value& root, const path_list& paths) noexcept {
    const json::value* found = find(root, paths);
    if (found != nullptr && found->is_object())
        found = find(*found, "data");
    if (found == nullptr || !found->is_array())
        return {};
    const json::array& array = found->get_array();
    return {array.data(), array.size()};
}

} // namespace tributary::stripe
