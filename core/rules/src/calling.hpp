#pragma once

#include <tributary/cel/function.hpp>

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <string>

namespace tributary::cel {

/// Has a call these kinds of arguments, and as many?
inline bool takes(std::span<const value> arguments, std::initializer_list<value_kind> kinds) noexcept {
    return std::equal(arguments.begin(), arguments.end(), kinds.begin(), kinds.end(),
                      [](const value& given, value_kind kind) { return given.is(kind); });
}

/// Room in the arena for a text of so many bytes, to be filled at once. @return nullptr when there is none
/// left: then return memory_exhausted().
inline char* text_place(call_context& with, std::size_t bytes) {
    if (bytes > std::numeric_limits<std::uint32_t>::max())
        return nullptr; // More than a value can say.
    return static_cast<char*>(with.memory().allocate(bytes));
}

/// A text for the detail of an error: in quotes, and cut when it is long.
inline std::string quoted(std::string_view text) {
    constexpr std::size_t bytes_max = 60;
    if (text.size() <= bytes_max)
        return "'" + std::string(text) + "'";
    std::size_t bytes = bytes_max; // Less what would be cut off in the midst of a code point.
    while (bytes > bytes_max - 3 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80)
        --bytes;
    return "'" + std::string(text.substr(0, bytes)) + "...'";
}

} // namespace tributary::cel
