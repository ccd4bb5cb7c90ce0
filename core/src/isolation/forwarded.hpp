#pragma once

#include <tributary/base/clock.hpp>
#include <tributary/base/entropy.hpp>
#include <tributary/base/log.hpp>
#include <tributary/base/metrics.hpp>

#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "isolation/wire.hpp"

namespace tributary::isolation {

/// The host's services as a plugin's process reaches them: log and metrics one way, clock and generator as
/// questions, so that a simulation decides both for a plugin in a process too.
///
/// Nothing here waits. What comes in is not trusted: sizes and numbers are limited. Thread-safe.
class forwarded_services {
  public:
    forwarded_services(logger& log, const clock& time, entropy& random, metrics& counters) noexcept
        : log_(log), clock_(time), entropy_(random), metrics_(counters) {}

    /// From now on lines and counts carry this name.
    void set_plugin(std::string_view short_name) { plugin_ = short_name; }

    /// @return false when the frame cannot be read.
    bool write_log(std::string_view payload);
    bool count(std::string_view payload);
    bool answer(std::string_view question, writer& into);

  private:
    logger& log_;
    const clock& clock_;
    entropy& entropy_;
    metrics& metrics_;
    std::string plugin_;
    std::mutex mutex_;
    std::set<std::pair<std::string, std::string>> counted_; ///< name and reason
};

} // namespace tributary::isolation
