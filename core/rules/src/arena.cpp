#include <tributary/cel/arena.hpp>

#include <algorithm>
#include <cstring>

namespace tributary::cel {

namespace {
constexpr std::size_t block_bytes_min = 1024;
}

void* arena::allocate_slowly(std::size_t rounded) {
    const std::size_t before = given_ + used_;
    if (rounded > bytes_max_ - before)
        return nullptr;
    while (next_ < blocks_.size() && blocks_[next_].size < rounded)
        ++next_; // Too small for this one; its turn comes after the next reset.
    if (next_ == blocks_.size()) {
        // Twice the last one, so that there are few; one of the whole limit is large enough for all that may
        // follow.
        const std::size_t twice = blocks_.empty() ? block_bytes_min : blocks_.back().size * 2;
        const std::size_t size = std::max(rounded, std::min(twice, std::max(bytes_max_, block_bytes_min)));
        blocks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
    }
    const block& current = blocks_[next_++];
    given_ = before;
    block_ = current.memory.get();
    block_end_ = std::min(current.size, bytes_max_ - before);
    used_ = rounded;
    return block_;
}

std::string_view arena::copy(std::string_view text) {
    void* place = allocate(text.size());
    if (place == nullptr)
        return {};
    if (!text.empty())
        std::memcpy(place, text.data(), text.size());
    return {static_cast<const char*>(place), text.size()};
}

} // namespace tributary::cel
