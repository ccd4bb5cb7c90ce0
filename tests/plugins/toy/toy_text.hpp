#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace toy {

/// Writes one item of a toy body: a line `name=value` per call. README.md lists the names.
///
/// Values are written as they are, so that a test can also write what is malformed.
class item_text {
  public:
    item_text() = default;
    item_text(std::string_view kind, std::string_view event, std::string_view id) {
        line("event", event).line("kind", kind).line("id", id);
    }

    item_text& line(std::string_view name, std::string_view value) {
        text_.append(name).append("=").append(value).append("\n");
        return *this;
    }
    template <std::integral Integer> item_text& line(std::string_view name, Integer value) {
        return line(name, std::to_string(value));
    }
    /// Comma between the values.
    item_text& list(std::string_view name, std::initializer_list<std::string_view> values) {
        std::string joined;
        for (const std::string_view value : values)
            joined.append(joined.empty() ? "" : ",").append(value);
        return line(name, joined);
    }
    /// "1234 USD 2"
    item_text& money(std::string_view name, std::int64_t minor, std::string_view currency = "USD",
                     unsigned exponent = 2) {
        return line(name,
                    std::to_string(minor) + " " + std::string(currency) + " " + std::to_string(exponent));
    }

    const std::string& text() const noexcept { return text_; }

  private:
    std::string text_;
};

} // namespace toy
