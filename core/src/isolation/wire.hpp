#pragma once

#include <tributary/abi/base.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory_resource>
#include <string>
#include <string_view>
#include <type_traits>

/// Numbers and texts as bytes, and back. Both ends run on one machine and are released together.
namespace tributary::isolation {

static_assert(std::endian::native == std::endian::little, "the wire is little-endian and copied as it lies");

/// Of a frame's payload. Above what a delivery and its facts take by far; what is larger is a fault.
inline constexpr std::size_t frame_bytes_max = std::size_t{64} << 20;
/// Of what a writer takes: the rest of the frame is for a status and a message.
inline constexpr std::size_t content_bytes_max = frame_bytes_max - (std::size_t{1} << 20);
inline constexpr std::uint64_t count_unlimited = std::numeric_limits<std::uint64_t>::max();

/// Appends to a buffer of its own and keeps the first problem: what was appended after it means nothing. The
/// buffer is wiped when it moves and when it dies, because secrets of connections pass through it.
class writer {
  public:
    template <class T> using of = const T;

    enum class problem { none, too_large, short_struct };

    writer() = default;
    ~writer();
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;

    template <class T>
    requires std::is_integral_v<T>
    void number(T value) { append(&value, sizeof value); }
    void text(trb_str value);
    void text(std::string_view value) { text(trb_str{value.data(), value.size()}); }
    void money(const trb_money& value);
    /// Is the struct as long as ours? What is shorter must not be read.
    template <class T> bool head(const T& value) {
        if (value.struct_size >= sizeof(T))
            return true;
        fail(problem::short_struct);
        return false;
    }
    /// At most `most` elements: one more than is allowed crosses, so that the other side sees that it is.
    template <class T, class Count>
    void array(const T* const& first, const Count& count, std::uint64_t most = count_unlimited) {
        const std::uint64_t crossing = count < most ? count : most;
        number(static_cast<std::uint32_t>(crossing));
        for (std::uint64_t index = 0; index < crossing && ok(); ++index)
            transfer(*this, first[index]);
    }
    template <class T>
    void strided(const T* const& first, const std::uint64_t& count, const std::uint64_t& stride,
                 std::uint64_t most = count_unlimited) {
        const std::uint64_t crossing = count < most ? count : most;
        number(static_cast<std::uint32_t>(crossing));
        for (std::uint64_t index = 0; index < crossing && ok(); ++index)
            transfer(*this, *TRB_AT(T, first, index, stride));
    }

    void append(const void* bytes, std::size_t count);
    void fail(problem what) noexcept { problem_ = problem_ == problem::none ? what : problem_; }
    bool ok() const noexcept { return problem_ == problem::none; }
    problem what() const noexcept { return problem_; }
    std::size_t size() const noexcept { return bytes_.size(); }
    std::string_view bytes() const noexcept { return bytes_; }
    /// Takes back what was appended after `size`, together with its problem.
    void take_back(std::size_t size) noexcept;

  private:
    std::string bytes_;
    problem problem_ = problem::none;
};

/// Reads what a writer wrote, and trusts none of it: whatever does not fit makes ok() false, and everything
/// read from then on is zero. Texts are views of the bytes; arrays lie in the arena.
class reader {
  public:
    template <class T> using of = T;

    reader(std::string_view bytes, std::pmr::memory_resource& arena) noexcept
        : bytes_(bytes), arena_(&arena) {}

    template <class T>
    requires std::is_integral_v<T>
    void number(T& value) { take(&value, sizeof value); }
    template <class T> T number() {
        T value{};
        number(value);
        return value;
    }
    void text(trb_str& value);
    std::string_view text();
    void money(trb_money& value);
    template <class T> bool head(T& value) noexcept {
        value = T{};
        value.struct_size = sizeof(T);
        return ok_;
    }
    template <class T, class Count>
    void array(const T*& first, Count& count, std::uint64_t most = count_unlimited) {
        const std::uint32_t length = this->count(most);
        first = nullptr;
        count = 0;
        if (length == 0)
            return;
        auto* made = static_cast<T*>(arena_->allocate(length * sizeof(T), alignof(T)));
        std::memset(static_cast<void*>(made), 0, length * sizeof(T));
        for (std::uint32_t index = 0; index < length && ok_; ++index)
            transfer(*this, made[index]);
        if (!ok_)
            return;
        first = made;
        count = static_cast<Count>(length);
    }
    template <class T>
    void strided(const T*& first, std::uint64_t& count, std::uint64_t& stride,
                 std::uint64_t most = count_unlimited) {
        array(first, count, most);
        stride = sizeof(T);
    }

    /// The number of elements of an array, as it is stated; never more than the bytes left can hold.
    std::uint32_t count(std::uint64_t most = count_unlimited);
    /// The next `count` bytes as they are.
    std::string_view raw(std::size_t count);
    void fail() noexcept {
        ok_ = false;
        bytes_ = {};
    }
    bool ok() const noexcept { return ok_; }
    /// Everything read, and nothing wrong?
    bool done() const noexcept { return ok_ && bytes_.empty(); }
    std::string_view rest() const noexcept { return bytes_; }
    std::pmr::memory_resource& arena() noexcept { return *arena_; }

  private:
    void take(void* into, std::size_t count) noexcept;

    std::string_view bytes_;
    std::pmr::memory_resource* arena_;
    bool ok_ = true;
};

} // namespace tributary::isolation
