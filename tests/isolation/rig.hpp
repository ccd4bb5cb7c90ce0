#pragma once

#include <tributary/abi/provider.h>
#include <tributary/base/clock.hpp>
#include <tributary/base/entropy.hpp>
#include <tributary/base/log.hpp>
#include <tributary/base/metrics.hpp>
#include <tributary/isolation/remote_plugin.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "isolation/transcript.hpp"

namespace isolation_tests {

/// Keeps lines as "event name=value ...".
class kept_log final : public tributary::logger {
  public:
    void write_fields(tributary::log_level level, std::string_view event, const tributary::log_field* fields,
                      std::size_t count) override;
    bool has(std::string_view part) const;

  private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
};

class kept_metrics final : public tributary::metrics {
  public:
    void count(std::string_view name, labels with, std::uint64_t add) override;
    void gauge(std::string_view, double, labels) override {}
    /// "name{label,label}"
    std::uint64_t value(const std::string& series) const;

  private:
    mutable std::mutex mutex_;
    std::map<std::string, std::uint64_t> series_;
};

class fixed_clock final : public tributary::clock {
  public:
    tributary::time_ms now_ms() const override { return 1'700'000'000'123; }
};

/// A host's services, and plugins in processes with it.
struct rig {
    kept_log log;
    kept_metrics counters;
    fixed_clock time;
    tributary::seeded_entropy random{7};
    iso::options with = short_options();

    static iso::options short_options();
    std::unique_ptr<iso::remote_plugin> start(const std::string& file, std::string_view config = "{}");
    /// The text of the failure that start() must end with.
    std::string refusal(const std::string& file, std::string_view config = "{}");
};

inline const std::string faulty_file = TRIBUTARY_TEST_FAULTY;
inline const std::string barefold_file = TRIBUTARY_TEST_BAREFOLD;
inline const std::string toy_file = TRIBUTARY_TEST_TOY;
inline const std::string toyfold_file = TRIBUTARY_TEST_TOYFOLD;

/// What is passed to a provider's calls. Not copyable: it points into itself.
struct delivered {
    explicit delivered(std::string text, std::string_view signature = {});
    delivered(const delivered&) = delete;
    delivered& operator=(const delivered&) = delete;

    std::string body;
    std::string signed_with;
    trb_pair header{};
    trb_secret secret{};
    trb_connection connection{};
    trb_record record{};
};

/// A provider, in this process or in its own.
struct provider_at {
    const trb_provider_v1* table;
    void* self;

    std::unique_ptr<transcript> verify(const delivered& what) const;
    std::unique_ptr<transcript> normalise(const delivered& what) const;
};
provider_at provider_of(const iso::remote_plugin& of);

/// Calls verify with this body. "status: message", or the answer's body when it was TRB_OK.
std::string say(const iso::remote_plugin& to, const std::string& body);
/// Waits until the plugin can be called again.
bool wait_until_ready(const iso::remote_plugin& of);

// A sanitizer reserves addresses without limit, and ends a process in ways of its own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

} // namespace isolation_tests
