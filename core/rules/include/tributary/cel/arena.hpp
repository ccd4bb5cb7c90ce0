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

    /// @return nullptr when bytes_max would be passed. `alignment` is a power of two of at most 16.
    void* allocate(std::size_t bytes, std::size_t alignment = 8) {
        const std::size_t begin = (used_ + alignment - 1) & ~(alignment - 1);
        if (begin + bytes <= block_size_ && begin + bytes >= bytes) [[likely]] {
            used_ = begin + bytes;
            return block_ + begin;
        }
        return allocate_slowly(bytes);
    }

    /// So many objects, value-initialised. @return an empty span of a null pointer when refused.
    template <class T> std::span<T> make_array(std::size_t count) {
        static_assert(std::is_trivially_destructible_v<T>);
        if (count > bytes_max_ / sizeof(T))
            return {};
        // None at all have a place too, in an arena that has given out nothing yet.
        void* place = allocate(count > 0 ? count * sizeof(T) : 1, alignof(T));
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
    void reset() noexcept;

    std::size_t bytes_max() const noexcept { return bytes_max_; }

  private:
    struct block {
        std::unique_ptr<char[]> memory;
        std::size_t size;
    };
    void* allocate_slowly(std::size_t bytes);

    std::size_t bytes_max_;
    std::size_t used_ = 0; // of the current block
    std::size_t block_size_ = 0;
    char* block_ = nullptr;
    std::size_t given_ = 0; // sizes of the blocks that are in use
    std::size_t next_ = 0;  // the first block that is not
    std::vector<block> blocks_;
};

} // namespace tributary::cel
