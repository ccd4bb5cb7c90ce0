#include <tributary/cel/arena.hpp>

#include <algorithm>
#include <cstring>

namespace tributary::cel {

namespace {
constexpr std::size_t block_bytes_min = 1024;
}

void* arena::allocate_slowly(std::size_t bytes) {
    if (bytes > bytes_max_)
        return nullptr;
    for (; next_ < blocks_.size(); ++next_) {
        block& kept = blocks_[next_];
        if (kept.size > bytes_max_ - std::min(given_, bytes_max_))
            return nullptr;
        given_ += kept.size;
        if (kept.size < bytes)
            continue; // Too small for this one; its turn comes after the next reset.
        ++next_;
        block_ = kept.memory.get();
        block_size_ = kept.size;
        used_ = bytes;
        return block_;
    }
    const std::size_t left = bytes_max_ - std::min(given_, bytes_max_);
    if (bytes > left)
        return nullptr;
    // Twice the last one, so that the number of blocks stays small.
    const std::size_t wanted =
        std::max({block_bytes_min, bytes, blocks_.empty() ? 0 : blocks_.back().size * 2});
    const std::size_t size = std::min(wanted, left);
    blocks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
    given_ += size;
    next_ = blocks_.size();
    block_ = blocks_.back().memory.get();
    block_size_ = size;
    used_ = bytes;
    return block_;
}

std::string_view arena::copy(std::string_view text) {
    void* place = allocate(std::max<std::size_t>(text.size(), 1), 1);
    if (place == nullptr)
        return {};
    if (!text.empty())
        std::memcpy(place, text.data(), text.size());
    return {static_cast<const char*>(place), text.size()};
}

void arena::reset() noexcept {
    given_ = 0;
    next_ = 0;
    used_ = 0;
    block_size_ = 0;
    block_ = nullptr;
}

} // namespace tributary::cel
