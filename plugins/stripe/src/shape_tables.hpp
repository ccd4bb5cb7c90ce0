#pragma once

#include <span>
#include <string_view>

#include "json_path.hpp"

/// The tables behind shape.hpp.
/// @source the types of npm stripe 23.1.0 (API 2026-10-28.endive) and of its older majors.
namespace tributary::stripe {

enum class member_type : std::uint8_t {
    text,
    id, ///< A text, or the whole object.
    integer,
    flag,
    list,   ///< An array, or a list object.
    number, ///< Of any form: a percentage.
};

struct expected {
    path_list paths; ///< Where, newest first.
    member_type type = member_type::text;
    bool required = false;
    std::span<const std::string_view> words{}; ///< All that are known; none: any text.
    std::span<const expected> elements{};      ///< Of a list.
};

struct object_shape {
    std::string_view object;
    std::span<const expected> members;
};

/// nullptr: nothing is expected of such objects.
const object_shape* find_shape(std::string_view object) noexcept;

} // namespace tributary::stripe
