#pragma once

#include <tributary/base/clock.hpp>

#include <string>
#include <string_view>

namespace tributary {

class entropy;

/// Prefix and a ULID: 48 bits of time and 80 random bits in 26 characters of Crockford's base 32, upper case.
///
/// Sorts by time. "ws_01ARZ3NDEKTSV4RRFFQ69G5FAV".
std::string make_id(std::string_view prefix, time_ms now_ms, entropy& random);

/// Prefix and 26 base-32 characters of the first 130 bits of SHA-256(text): the same text, the same id.
std::string derived_id(std::string_view prefix, std::string_view text);

} // namespace tributary
