#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace tributary::cel {

/// Memory that is given out piece by piece and taken back all at once. After reset() the blocks are kept, so
/// that an evaluation like the one before allocates nothing. Not copyable; not thread-safe.
class arena {
  public:
    /// @param bytes_max how much may be given out between two resets; more is refused.
    explicit arena(std::size_t bytes_max) noexcept : bytes_max_(bytes_max) {}
    arena(const arena&) = delete;
    arena& operator=(const arena&) = delete;

    /// Memory for objects of an alignment of at most 8. What counts against bytes_max is the sum of all
    /// sizes, each rounded up to 8: the same requests fit or do not, whatever was allocated before the last
    /// reset().
    /// @return nullptr when bytes_max would be passed.
    void* allocate(std::size_t bytes) {
        const std::size_t rounded = ((bytes == 0 ? 1 : bytes) + 7) & ~std::size_t{7};
        if (rounded >= bytes && rounded <= block_end_ - used_) [[likely]] {
            char* const place = block_ + used_;
            used_ += rounded;
            return place;
        }
        return rounded >= bytes ? allocate_slowly(rounded) : nullptr;
    }

    /// So many objects, value-initialised. @return an empty span of a null pointer when refused.
    template <class T> std::span<T> make_array(std::size_t count) {
        static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= 8);
        if (count > bytes_max_ / sizeof(T))
            return {};
        void* place = allocate(count * sizeof(T));
        if (place == nullptr)
            return {};
        T* first = static_cast<T*>(place);
        for (std::size_t i = 0; i < count; ++i)
            new (first + i) T();
        return {first, count};
    }

    /// A copy of the text; data() is nullptr when refused.
    std::string_view copy(std::string_view text);

    /// Takes everything back. What was given out may not be used any more.
    void reset() noexcept {
        given_ = 0;
        next_ = 0;
        used_ = 0;
        block_end_ = 0;
        block_ = nullptr;
    }

    std::size_t bytes_max() const noexcept { return bytes_max_; }

  private:
    struct block {
        std::unique_ptr<char[]> memory;
        std::size_t size;
    };
    void* allocate_slowly(std::size_t rounded);

    std::size_t bytes_max_;
    std::size_t given_ = 0;     // in blocks before the current one
    std::size_t used_ = 0;      // of the current block
    std::size_t block_end_ = 0; // as far as it, and bytes_max, go
    char* block_ = nullptr;
    std::size_t next_ = 0; // the first block that is not in use
    std::vector<block> blocks_;
};

} // namespace tributary::cel
