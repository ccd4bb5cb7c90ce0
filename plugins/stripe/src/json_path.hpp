#pragma once

#include <boost/json/value.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// Reading one fact from wherever the API generations put it.
///
/// A body's declared api_version is never consulted: real bodies carry several shapes at once. Every fact has
/// an ordered list of paths, newest first, and the first one that is there and not null wins.
namespace tributary::stripe {

namespace json = boost::json;

/// Paths of one fact, newest first. Members are joined by dots; a number is an index into an array.
struct path_list {
    template <class... Path>
    constexpr path_list(Path... path) noexcept // NOLINT: implicit, so that a call can list its paths.
        : alternatives{std::string_view(path)...} {}

    std::array<std::string_view, 5> alternatives;
};

/// The first value that is there and not null; nullptr when there is none.
const json::value* find(const json::value& root, const path_list& paths) noexcept;

/// Is the member there at all, null or not? Some absences mean "this API generation cannot say".
bool has_member(const json::value& root, std::string_view name) noexcept;

/// A text that no host keeps, and that nobody means: it is taken as absent.
bool holds_nul(std::string_view text) noexcept;

/// The first bytes of a text, up to a whole character: what is shown of something that may be long.
std::string_view beginning(std::string_view text, std::size_t bytes_max) noexcept;

/// Text, or "" when it is absent or no text.
std::string_view text(const json::value& root, const path_list& paths) noexcept;

/// An id: text, or the member id of an expanded object. "" when absent, or longer than any of Stripe's.
std::string_view id_of(const json::value& root, const path_list& paths) noexcept;

std::optional<bool> flag(const json::value& root, const path_list& paths) noexcept;

/// An integer that is no amount (a quantity, a count). Absent when it does not fit.
std::optional<std::int64_t> integer(const json::value& root, const path_list& paths) noexcept;

/// Unix seconds as milliseconds. Absent when outside 1970 to 9999.
std::optional<std::int64_t> time_ms(const json::value& root, const path_list& paths) noexcept;

/// The elements of an array or of a list object {"data": [...]}; empty when absent.
std::span<const json::value> elements(const json::value& root, const path_list& paths) noexcept;

} // namespace tributary::stripe
