#pragma once

#include <tributary/abi/base.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace tributary::plugins {

inline std::string_view view(trb_str text) noexcept {
    return {text.data == nullptr ? "" : text.data, static_cast<std::size_t>(text.size)};
}
inline trb_str view(std::string_view text) noexcept {
    return {text.data(), text.size()};
}

/// Text of a status: "rejected".
std::string_view status_name(trb_status status) noexcept;

/// Codes of the host itself: the plugin was not asked, because its process is down; it was asked, and its
/// process ended.
inline constexpr std::string_view plugin_down = "plugin_down";
inline constexpr std::string_view plugin_ended = "plugin_ended";

/// Collects what a plugin reports through a trb_error_sink.
class error_report {
  public:
    error_report() noexcept : sink_{sizeof(trb_error_sink), 0, this, &error_report::receive} {}
    error_report(const error_report&) = delete;
    error_report& operator=(const error_report&) = delete;

    const trb_error_sink* sink() const noexcept { return &sink_; }
    const std::string& code() const noexcept { return code_; }
    const std::string& message() const noexcept { return message_; }
    std::int64_t retry_after_ms() const noexcept { return retry_after_ms_; }
    /// "code: message"; "plugin returned <status>" when nothing was reported.
    std::string text(trb_status status) const;

  private:
    static void receive(void* self, trb_str code, trb_str message, std::int64_t retry_after_ms) noexcept;

    trb_error_sink sink_;
    std::string code_;
    std::string message_;
    std::int64_t retry_after_ms_ = 0;
};

} // namespace tributary::plugins
