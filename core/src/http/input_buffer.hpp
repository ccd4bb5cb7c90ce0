#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace tributary::http {

/// Received bytes that are not used yet: grows on demand, gives memory back when it runs empty. Not
/// thread-safe.
class input_buffer {
  public:
    std::string_view view() const noexcept { return {bytes_.get() + begin_, end_ - begin_}; }
    bool empty() const noexcept { return begin_ == end_; }

    void consume(std::size_t count) noexcept {
        begin_ += count;
        if (begin_ == end_)
            begin_ = end_ = 0;
    }

    /// Room for at least `count` bytes, to be followed by commit().
    std::span<char> prepare(std::size_t count) {
        if (empty() && capacity_ > kept_bytes_max && count <= kept_bytes_max)
            reallocate(kept_bytes_max);
        if (capacity_ - end_ < count && begin_ > 0) {
            std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        if (capacity_ - end_ < count)
            reallocate(std::max(end_ + count, 2 * capacity_));
        return {bytes_.get() + end_, capacity_ - end_};
    }

    void commit(std::size_t count) noexcept { end_ += count; }

  private:
    static constexpr std::size_t kept_bytes_max = 8 * 1024; // What an idle connection costs at most.

    void reallocate(std::size_t capacity) {
        auto grown = std::make_unique_for_overwrite<char[]>(capacity);
        const auto old = view();
        std::copy(old.begin(), old.end(), grown.get());
        end_ -= begin_;
        begin_ = 0;
        bytes_ = std::move(grown);
        capacity_ = capacity;
    }

    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

} // namespace tributary::http
