#include "isolation/forwarded.hpp"

#include <tributary/abi/services.h>
#include <tributary/facts/fact.hpp>

#include <algorithm>
#include <array>
#include <vector>

#include "isolation/frame.hpp"

namespace tributary::isolation {
namespace {

/// Each is a time series for ever.
constexpr std::size_t counters_max = 1000;
constexpr std::size_t counter_text_bytes_max = 128;

log_level level_of(std::int32_t level) noexcept {
    switch (level) {
    case TRB_LOG_DEBUG: return log_level::debug;
    case TRB_LOG_INFO: return log_level::info;
    case TRB_LOG_WARN: return log_level::warn;
    default: return level < TRB_LOG_DEBUG ? log_level::debug : log_level::error;
    }
}

/// Part of the name of a metric: what would break the exposition does not pass.
bool is_word(std::string_view text) noexcept {
    return !text.empty() && text.size() <= counter_text_bytes_max &&
           std::all_of(text.begin(), text.end(), [](char letter) {
               return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
           });
}

} // namespace

bool forwarded_services::write_log(std::string_view payload) {
    std::pmr::monotonic_buffer_resource arena;
    reader in(payload, arena);
    const auto level = in.number<std::int32_t>();
    const std::string_view event = in.text().substr(0, log_text_bytes_max);
    const std::uint32_t count = in.count(log_fields_max);
    std::vector<log_field> fields{{"plugin", std::string_view(plugin_)}};
    for (std::uint32_t index = 0; index < count; ++index) {
        const std::string_view name = in.text().substr(0, log_text_bytes_max);
        fields.emplace_back(name, in.text().substr(0, log_text_bytes_max));
    }
    if (in.done())
        log_.write_fields(level_of(level), event, fields.data(), fields.size());
    return in.done();
}

bool forwarded_services::count(std::string_view payload) {
    std::pmr::monotonic_buffer_resource arena;
    reader in(payload, arena);
    const std::string_view name = in.text();
    const std::string_view reason = in.text().substr(0, counter_text_bytes_max);
    const auto add = in.number<std::uint64_t>();
    if (!in.done())
        return false;
    if (!is_word(name) || !facts::is_plain_text(reason))
        return true; // Not worth a process.
    {
        const std::lock_guard lock(mutex_);
        std::pair<std::string, std::string> key(name, reason);
        if (counted_.size() >= counters_max && !counted_.contains(key))
            return true;
        counted_.insert(std::move(key));
    }
    std::string full = "tributary_plugin_";
    full.append(name).append("_total");
    metrics_.count(full, {{"plugin", plugin_}, {"reason", reason}}, add);
    return true;
}

bool forwarded_services::answer(std::string_view question, writer& into) {
    std::pmr::monotonic_buffer_resource arena;
    reader in(question, arena);
    switch (static_cast<service>(in.number<std::uint8_t>())) {
    case service::now_ms: into.number(clock_.now_ms()); return in.done();
    case service::random: {
        const auto count = in.number<std::uint32_t>();
        if (!in.done() || count > random_bytes_max)
            return false;
        std::array<char, random_bytes_max> bytes{};
        entropy_.fill(bytes.data(), count);
        into.append(bytes.data(), count);
        return true;
    }
    }
    return false;
}

} // namespace tributary::isolation
