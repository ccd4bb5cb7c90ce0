#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "validator/scene.hpp"

namespace tributary::validator {

/// What a process holds at a moment.
struct holdings {
    std::size_t heap_bytes = 0;
    std::size_t descriptors = 0;
    std::size_t threads = 0;
};
holdings measure();

/// Repeats `work` and looks whether the process holds more and more. A cache that fills up and stops is none.
///
/// @param at          from now on it packs small inputs: what is lent is not what is looked at.
/// @param calls_each  runs of `work` in a round.
/// @return what grows, per run; empty when nothing does.
std::string growth_of(scene& at, const std::function<void()>& work, std::size_t calls_each);

} // namespace tributary::validator
