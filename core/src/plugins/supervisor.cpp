#include <tributary/base/log.hpp>
#include <tributary/base/metrics.hpp>
#include <tributary/plugins/plugin.hpp>
#include <tributary/plugins/supervisor.hpp>

#include <algorithm>

namespace tributary::plugins {

namespace {
constexpr std::int64_t quarantine_max_ms = 3'600'000;
} // namespace

supervisor::supervisor(std::int64_t deadline_ms, monotonic_ms now, logger& log, metrics& counters)
    : deadline_ms_(deadline_ms), now_(std::move(now)), log_(log), metrics_(counters) {}

supervisor::ticket supervisor::begin(const plugin& who, std::string_view what) {
    const std::int64_t now = now_();
    const std::lock_guard lock(mutex_);
    return running_.insert(running_.end(), {&who, what, now});
}

void supervisor::end(ticket call) noexcept {
    const running done = *call;
    {
        const std::lock_guard lock(mutex_);
        running_.erase(call);
    }
    const std::int64_t took = now_() - done.since;
    if (took <= deadline_ms_ || done.who->in_quarantine())
        return;
    std::string why(done.what);
    why += " took " + std::to_string(took) + " ms, more than plugins.deadline allows (" +
           std::to_string(deadline_ms_) + " ms)";
    log_.error("plugin_quarantined", {{"plugin", done.who->name()}, {"reason", why}});
    metrics_.count("tributary_quarantines_total", {{"plugin", done.who->name()}});
    done.who->put_in_quarantine(std::move(why));
}

supervisor::overdue supervisor::longer_than(std::int64_t ms) const {
    const std::int64_t now = now_();
    const std::lock_guard lock(mutex_);
    // Begun in this order, so the first is the oldest.
    if (running_.empty() || now - running_.front().since <= ms)
        return {};
    const running& oldest = running_.front();
    return {std::string(oldest.who->name()), std::string(oldest.what), now - oldest.since};
}

bool plugin::in_quarantine() const noexcept {
    const std::int64_t until = quarantined_until_.load(std::memory_order_acquire);
    return until != 0 && (supervisor_ == nullptr || supervisor_->now_ms() < until);
}

std::optional<std::string> plugin::quarantine() const {
    if (!in_quarantine())
        return std::nullopt;
    const std::lock_guard lock(mutex_);
    return quarantine_;
}

void plugin::put_in_quarantine(std::string why) const {
    const std::lock_guard lock(mutex_);
    if (in_quarantine())
        return; // The first reason stays.
    constexpr std::int64_t first_ms = 60'000;
    constexpr int doublings_max = 6;
    const std::int64_t pause = std::min(first_ms << std::min(quarantines_, doublings_max), quarantine_max_ms);
    ++quarantines_;
    quarantine_ = std::move(why);
    quarantined_until_.store(supervisor_ == nullptr ? quarantine_max_ms : supervisor_->now_ms() + pause,
                             std::memory_order_release);
}

} // namespace tributary::plugins
