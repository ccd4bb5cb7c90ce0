#pragma once

#include <cstddef>
#include <cstdint>

namespace tributary::fuzz {

/// A mutator for inputs whose parts are a line and JSON: takes a member away, copies one value over another,
/// puts in a null, an edge of the integers or a long text. An input without such a part, and every second
/// input, is left to libFuzzer's own mutations. Thread-safe; the same seed makes the same of the same input.
///
/// @param count_max  room in `bytes`. @return the new size.
std::size_t mutate_json_parts(std::uint8_t* bytes, std::size_t count, std::size_t count_max, unsigned seed);

} // namespace tributary::fuzz
