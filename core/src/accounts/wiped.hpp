#pragma once

#include <sodium.h>

#include <type_traits>

namespace tributary::accounts {

/// A buffer for key material on the stack, overwritten when it goes.
template <class Buffer> class wiped {
    static_assert(std::is_trivially_copyable_v<Buffer>);

  public:
    wiped() = default;
    ~wiped() { sodium_memzero(&buffer_, sizeof buffer_); }
    wiped(const wiped&) = delete;
    wiped& operator=(const wiped&) = delete;

    Buffer& operator*() noexcept { return buffer_; }
    Buffer* operator->() noexcept { return &buffer_; }

  private:
    Buffer buffer_{};
};

} // namespace tributary::accounts
