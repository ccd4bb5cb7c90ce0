#pragma once

#include <tributary/accounts/secret_box.hpp>
#include <tributary/app/prometheus_metrics.hpp>
#include <tributary/base/clock.hpp>
#include <tributary/base/entropy.hpp>
#include <tributary/base/log.hpp>
#include <tributary/config/configuration.hpp>
#include <tributary/engine/engine.hpp>
#include <tributary/plugins/plugin_set.hpp>
#include <tributary/storage/storage.hpp>

#include <memory>
#include <optional>
#include <string>

namespace tributary::app {

/// The directory of a real installation: reads the accounts' tables at each call.
class account_directory final : public directory {
  public:
    account_directory(const clock& time, entropy& random, const accounts::secret_box* box)
        : clock_(time), random_(random), box_(box) {}

    result<connection_info> connection(storage::session& reader, std::string_view id,
                                       bool with_secrets) override;
    result<workspace_info> workspace(storage::session& reader, std::int64_t workspace_id,
                                     bool with_click_key) override;

  private:
    const clock& clock_;
    entropy& random_;
    const accounts::secret_box* box_; ///< nullptr: no master key; secrets cannot be opened
};

/// Everything that a process needs before it serves or answers: configuration, log, keys, database, plugins.
///
/// Made once in main; its parts are handed on by reference.
class assembly {
  public:
    struct parts {
        bool plugins = true;     ///< load the enabled plugins
        bool database = true;    ///< open the database (it is created when it is not there)
        bool require_key = true; ///< fail without a master key
        bool supervise = false;  ///< look at the time that plugins take: the daemon
        bool quiet = false;      ///< warnings and errors only in the log (command line tools)
    };

    /// @errors of the part that failed, with its file or plugin in the detail.
    static result<std::unique_ptr<assembly>> open(config::configuration settings, parts wanted);
    ~assembly();
    assembly(const assembly&) = delete;
    assembly& operator=(const assembly&) = delete;

    const config::configuration& settings() const noexcept { return settings_; }
    logger& log() noexcept { return *log_; }
    clock& time() noexcept { return clock_; }
    entropy& random() noexcept { return entropy_; }
    prometheus_metrics& counters() noexcept { return metrics_; }
    storage::database& database() noexcept { return *database_; }
    plugins::plugin_set& plugins() noexcept { return *plugins_; }
    directory& where() noexcept { return *directory_; }
    /// nullptr when there is no master key.
    const accounts::secret_box* box() const noexcept { return box_ ? &*box_ : nullptr; }

    /// Looks for a plugin's module again, and loads it as the next generation; it is not in the set yet.
    /// @errors of discovery and of plugin_set::prepare().
    result<plugins::plugin_ptr> prepare_reload(std::string_view name);

    /// Makes the engine: migrates the schemas. @errors of storage.
    result<std::unique_ptr<engine>> make_engine();

  private:
    assembly() = default;
    result<void> load_plugins(bool tells);
    void take_generations();

    config::configuration settings_;
    int generations_ = -1; ///< locked as long as this process may load from the folder
    std::unique_ptr<logger> log_;
    system_clock clock_;
    system_entropy entropy_;
    prometheus_metrics metrics_;
    std::optional<accounts::secret_box> box_;
    std::unique_ptr<storage::database> database_;
    std::unique_ptr<plugins::plugin_set> plugins_;
    std::unique_ptr<directory> directory_;
};

} // namespace tributary::app
