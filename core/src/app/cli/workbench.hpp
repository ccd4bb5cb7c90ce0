#pragma once

#include <tributary/accounts/api_keys.hpp>
#include <tributary/accounts/connections.hpp>
#include <tributary/accounts/domains.hpp>
#include <tributary/accounts/workspaces.hpp>
#include <tributary/app/assembly.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/errors.hpp"

namespace tributary::app::cli {

struct context;

/// What the daemon has too, opened for one command: configuration, key, database, and the engine when it is
/// asked for.
class workbench {
  public:
    enum class with { accounts, engine };

    /// @errors when there is no database yet (nothing is made), and those of the parts.
    static result<std::unique_ptr<workbench>> open(context& from, with wanted);

    assembly& parts() noexcept { return *parts_; }
    const config::configuration& settings() const noexcept { return parts_->settings(); }
    storage::session& session() noexcept { return engine_ ? engine_->session() : *session_; }
    tributary::engine& engine() noexcept { return *engine_; }
    time_ms now() { return parts_->time().now_ms(); }

    accounts::workspaces workspaces();
    accounts::api_keys api_keys();
    accounts::domains domains();
    accounts::connections connections();

    /// The one that is named by its id or name; when none is named, the only one there is.
    /// @errors cli_errc::not_found; cli_errc::usage when there are several.
    result<accounts::workspace> workspace(const std::optional<std::string>& named);
    /// The one that is named, or all.
    result<std::vector<accounts::workspace>> workspaces_named(const std::optional<std::string>& named);
    /// The workspace that a connection belongs to; a named one must be it. @errors not found.
    result<accounts::connection> connection(const std::string& id,
                                            const std::optional<std::string>& workspace);

    /// Runs `work` in one transaction; a failure undoes it.
    template <class Value> result<Value> write(const std::function<result<Value>()>& work) {
        TRIBUTARY_TRY(session().begin());
        result<Value> done = work();
        if (done) {
            if (auto committed = session().commit(); committed)
                return done;
            else
                done = committed.error();
        }
        session().rollback();
        return done;
    }

  private:
    workbench() = default;

    std::unique_ptr<assembly> parts_;
    std::unique_ptr<tributary::engine> engine_;
    std::unique_ptr<storage::session> session_; ///< Without an engine.
};

/// The environments that flags ask for: both when neither is given.
std::vector<accounts::environment> environments(bool live, bool sandbox);

} // namespace tributary::app::cli
