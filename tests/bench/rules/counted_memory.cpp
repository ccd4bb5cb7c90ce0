#include "counted_memory.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::uint64_t> asked{0};

void* counted(void* given) {
    asked.fetch_add(1, std::memory_order_relaxed);
    if (given == nullptr)
        throw std::bad_alloc();
    return given;
}

} // namespace

// The forms for arrays and those that do not throw call these.
void* operator new(std::size_t bytes) {
    return counted(std::malloc(bytes == 0 ? 1 : bytes));
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
    // aligned_alloc wants whole multiples.
    const auto to = static_cast<std::size_t>(alignment);
    return counted(std::aligned_alloc(to, (bytes + to - 1) / to * to));
}
void operator delete(void* given) noexcept {
    std::free(given);
}
void operator delete(void* given, std::size_t) noexcept {
    std::free(given);
}
void operator delete(void* given, std::align_val_t) noexcept {
    std::free(given);
}
void operator delete(void* given, std::size_t, std::align_val_t) noexcept {
    std::free(given);
}

namespace tributary::bench::rules {

std::uint64_t allocations() noexcept {
    return asked.load(std::memory_order_relaxed);
}

} // namespace tributary::bench::rules
