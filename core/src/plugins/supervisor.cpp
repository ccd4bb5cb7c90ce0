#include <tributary/base/log.hpp>
#include <tributary/base/metrics.hpp>
#include <tributary/plugins/plugin.hpp>
#include <tributary/plugins/supervisor.hpp>

namespace tributary::plugins {

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

std::optional<std::string> plugin::quarantine() const {
    if (!in_quarantine())
        return std::nullopt;
    const std::lock_guard lock(mutex_);
    return quarantine_;
}

void plugin::put_in_quarantine(std::string why) const {
    const std::lock_guard lock(mutex_);
    if (quarantined_.load(std::memory_order_relaxed))
        return;
    quarantine_ = std::move(why);
    quarantined_.store(true, std::memory_order_release);
}

} // namespace tributary::plugins
