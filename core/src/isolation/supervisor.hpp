#pragma once

#include <tributary/base/crypto.hpp>
#include <tributary/isolation/remote_plugin.hpp>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "isolation/description.hpp"
#include "isolation/forwarded.hpp"
#include "isolation/proxies.hpp"
#include "isolation/session.hpp"

namespace tributary::isolation {

/// What is started, again and again.
struct launch {
    std::filesystem::path file;
    std::string config_json;
    options with; ///< with the digest
};

/// SHA-256 of a file. @errors not_loadable.
result<digest256> digest_of_file(const std::filesystem::path& file);

/// Keeps one plugin process alive, on a thread of its own, and makes calls into it.
class supervisor final : public remote_caller {
  public:
    supervisor(launch what, logger& log, const clock& time, entropy& random, metrics& counters);
    ~supervisor(); ///< Stops the instance, ends the process.
    supervisor(const supervisor&) = delete;
    supervisor& operator=(const supervisor&) = delete;

    /// Returns when the plugin has started for the first time, or has not.
    result<void> start();
    const description& described() const noexcept { return description_->get(); }
    process_status status() const;

    trb_status call(const writer& arguments, const trb_error_sink* error, const replay_function& replay,
                    const lookup_function* lookup, bool one_at_a_time) override;

  private:
    void run();
    result<std::shared_ptr<session>> start_once();
    result<void> shake_hands(session& with);
    result<void> check_hello(std::string_view payload);
    bool pause(bool lived_long);
    trb_status is_down(const trb_error_sink* error, std::string_view code, const std::string& why);
    std::int64_t left_of_pause_ms() const;
    std::string name() const;

    const launch what_;
    logger& log_;
    metrics& metrics_;
    forwarded_services services_;
    std::unique_ptr<owned_description> description_;

    mutable std::mutex mutex_; ///< of what follows
    std::condition_variable changed_;
    std::shared_ptr<session> session_; ///< from its start on
    bool ready_ = false;               ///< may be called
    bool closing_ = false;
    std::optional<result<void>> first_;
    std::int64_t pause_ms_;
    std::chrono::steady_clock::time_point paused_until_{};
    process_status status_;

    turnstile instance_; ///< for [instance] calls
    std::thread thread_;
};

} // namespace tributary::isolation
