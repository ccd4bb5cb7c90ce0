#pragma once

#include <cstddef>
#include <cstdint>

namespace tributary::fuzz {

/// Changes an input of cel_world.hpp: at times its bytes, mostly its expression as an expression, one part of
/// it for another that gives the same type, since few inputs that are changed blindly pass the checker.
std::size_t mutate_cel(std::uint8_t* bytes, std::size_t count, std::size_t count_max, unsigned seed);

} // namespace tributary::fuzz
