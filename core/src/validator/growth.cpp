#include "validator/growth.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <malloc.h>

namespace tributary::validator {
namespace {

std::size_t entries_of(const char* folder) {
    std::error_code absent;
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& each : std::filesystem::directory_iterator(folder, absent))
        ++count;
    return count;
}

/// The growth of each round, if it grew in every one of them; else 0.
template <class Member> std::size_t steady(const std::array<holdings, 4>& at, Member member) {
    std::size_t least = SIZE_MAX;
    for (std::size_t round = 1; round < at.size(); ++round) {
        const std::size_t before = at[round - 1].*member;
        const std::size_t after = at[round].*member;
        least = std::min(least, after > before ? after - before : 0);
    }
    return least;
}

} // namespace

holdings measure() {
    const struct mallinfo2 heap = ::mallinfo2();
    return {heap.uordblks + heap.hblkhd, entries_of("/proc/self/fd"), entries_of("/proc/self/task")};
}

std::string growth_of(scene& at, const std::function<void()>& work, std::size_t calls_each) {
    at.pack_small_inputs();
    // Noise of the allocator is far below this; the smallest block of a heap is above it.
    constexpr std::size_t bytes_per_call_max = 16;
    for (std::size_t warming = 0; warming < calls_each; ++warming)
        work();
    std::array<holdings, 4> seen;
    seen[0] = measure();
    for (std::size_t round = 1; round < seen.size(); ++round) {
        for (std::size_t call = 0; call < calls_each; ++call)
            work();
        seen[round] = measure();
    }
    const std::string times = " in each of 3 rounds of " + std::to_string(calls_each) + " calls";
    if (const std::size_t bytes = steady(seen, &holdings::heap_bytes);
        bytes >= calls_each * bytes_per_call_max)
        return "the heap grows by " + std::to_string(bytes / calls_each) + " bytes a call" + times;
    if (const std::size_t more = steady(seen, &holdings::descriptors); more > 0)
        return std::to_string(more) + " more open files" + times;
    if (const std::size_t more = steady(seen, &holdings::threads); more > 0)
        return std::to_string(more) + " more threads" + times;
    return {};
}

} // namespace tributary::validator
