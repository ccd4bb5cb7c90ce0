#pragma once

#include <cstdint>

namespace tributary::bench::rules {

/// How often this program has asked for memory by operator new, by any thread. A program that links
/// counted_memory.cpp has its operators new and delete replaced.
std::uint64_t allocations() noexcept;

} // namespace tributary::bench::rules
