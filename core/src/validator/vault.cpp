#include "validator/vault.hpp"

#include <algorithm>
#include <new>
#include <sys/mman.h>
#include <unistd.h>

namespace tributary::validator {
namespace {

constexpr std::size_t reservation_bytes = std::size_t{1} << 20;

std::size_t page() noexcept {
    return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t in_whole_pages(std::size_t size) noexcept {
    return (size + page() - 1) / page() * page();
}

char* reserve_pages(std::size_t size) {
    void* made = ::mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (made == MAP_FAILED)
        throw std::bad_alloc();
    return static_cast<char*>(made);
}

} // namespace

vault::vault(scene& at, const char* call, bool future) : scene_(at), call_(call), future_(future) {}

vault::~vault() {
    if (begin_ != nullptr) {
        if (size_ > used_)
            ::munmap(begin_ + used_, size_ - used_);
        full_.push_back({begin_, used_});
    }
    for (const std::uint64_t number : numbers_)
        scene_.returned(number);
    for (const full& each : full_) {
        if (each.size == 0)
            continue;
        // Gone for good: the pages' memory too, only their addresses stay taken.
        ::madvise(each.begin, each.size, MADV_DONTNEED);
        ::mprotect(each.begin, each.size, PROT_NONE);
        scene_.bury(each.begin, each.size);
    }
}

char* vault::allocate(std::size_t size, const char* what) {
    constexpr std::size_t small_max = 512;
    if (!scene_.packs_small_inputs() || size > small_max)
        return allocate_guarded(size, what);
    const std::size_t aligned = (size + 7) / 8 * 8;
    if (aligned > packed_left_) {
        packed_left_ = page();
        packed_ = allocate_guarded(packed_left_, "an input");
    }
    char* at = packed_;
    packed_ += aligned;
    packed_left_ -= aligned;
    return at;
}

char* vault::allocate_guarded(std::size_t size, const char* what) {
    const std::size_t data = in_whole_pages(size);
    const std::size_t need = data + page();
    if (used_ + need > size_) {
        if (begin_ != nullptr) {
            ::munmap(begin_ + used_, size_ - used_);
            full_.push_back({begin_, used_});
        }
        size_ = std::max(reservation_bytes, need);
        begin_ = nullptr;
        begin_ = reserve_pages(size_);
        used_ = 0;
    }
    char* first = begin_ + used_;
    used_ += need;
    if (data > 0 && ::mprotect(first, data, PROT_READ | PROT_WRITE) != 0)
        throw std::bad_alloc();
    char* at = first + data - size;
    numbers_.push_back(scene_.lend(first, at + size, first + need, what, call_));
    return at;
}

const void* vault::body(const void* from, std::size_t size, const char* what) {
    const std::size_t whole = size + (future_ ? growth : 0);
    char* at = allocate(whole, what);
    std::memset(at, 0xa5, whole);
    std::memcpy(at, from, size);
    const auto struct_size = static_cast<std::uint32_t>(whole);
    std::memcpy(at, &struct_size, sizeof struct_size);
    return at;
}

trb_str vault::guarded_text(std::string_view bytes, const char* what) {
    char* at = allocate_guarded(bytes.size(), what);
    if (!bytes.empty())
        std::memcpy(at, bytes.data(), bytes.size());
    return {at, bytes.size()};
}

trb_str vault::text(std::string_view bytes, const char* what) {
    char* at = allocate(bytes.size(), what); // Also the empty text: there is nothing to read where it points.
    if (!bytes.empty())
        std::memcpy(at, bytes.data(), bytes.size());
    return {at, bytes.size()};
}

} // namespace tributary::validator
