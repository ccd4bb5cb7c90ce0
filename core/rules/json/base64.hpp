#pragma once

#include <tributary/cel/arena.hpp>
#include <tributary/cel/value.hpp>

#include <string>
#include <string_view>

namespace tributary::cel {

/// As base64.decode() does it, into the arena. @return bytes, or the error value of the function.
value decode_base64(std::string_view text, arena& memory);

/// As base64.encode() does it.
std::string encode_base64(std::string_view octets);

} // namespace tributary::cel
