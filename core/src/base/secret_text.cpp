#include <tributary/base/secret_text.hpp>

#include <sodium.h>

namespace tributary {

secret_text::secret_text(secret_text&& other) noexcept : text_(std::move(other.text_)) {
    other.wipe();
}

secret_text& secret_text::operator=(const secret_text& other) {
    if (this != &other) {
        wipe();
        text_ = other.text_;
    }
    return *this;
}

secret_text& secret_text::operator=(secret_text&& other) noexcept {
    if (this != &other) {
        wipe();
        text_ = std::move(other.text_);
        other.wipe();
    }
    return *this;
}

secret_text::~secret_text() {
    wipe();
}

void secret_text::wipe() noexcept {
    // The whole buffer: short texts live inside the object, and a moved-from one may still hold them.
    text_.resize(text_.capacity());
    sodium_memzero(text_.data(), text_.size());
    text_.clear();
}

} // namespace tributary
