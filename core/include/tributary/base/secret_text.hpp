#pragma once

#include <string>
#include <string_view>

namespace tributary {

/// Text that must not be seen: no operator<<, no formatter, wiped when it goes.
///
/// Not thread-safe. reveal() is for the few places that use the secret itself: search for it to review them.
class secret_text {
  public:
    secret_text() = default;
    explicit secret_text(std::string_view text) : text_(text) {}
    secret_text(const secret_text&) = default;
    secret_text(secret_text&& other) noexcept;
    secret_text& operator=(const secret_text& other);
    secret_text& operator=(secret_text&& other) noexcept;
    ~secret_text();

    std::string_view reveal() const noexcept { return text_; }
    bool empty() const noexcept { return text_.empty(); }

  private:
    void wipe() noexcept;

    std::string text_;
};

} // namespace tributary
