#include <tributary/accounts/connections.hpp>
#include <tributary/accounts/errors.hpp>
#include <tributary/accounts/key_file.hpp>
#include <tributary/accounts/workspaces.hpp>
#include <tributary/app/assembly.hpp>

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/isolated_plugin.hpp"
#include "app/paths.hpp"
#include "app/plugin_requests.hpp"

namespace tributary::app {
namespace {

using storage::row;
using storage::value;

constexpr storage::statement find_connection{"directory.connection", R"(
SELECT workspace_id, environment, provider, realm, settings, notify_from, disabled_at FROM connection
WHERE connection_id = $1)"};
constexpr storage::statement find_workspace{"directory.workspace",
                                            "SELECT public_id FROM workspace WHERE workspace_id = $1"};

result<std::unique_ptr<storage::database>> open_database(const config::configuration& settings) {
    storage::sqlite_options options;
    options.path = settings.storage.path;
    options.synchronous = settings.storage.durability == config::durability::full;
    return storage::open_sqlite(std::move(options));
}

result<std::optional<accounts::secret_box>> open_box(const config::secrets_settings& secrets, bool required) {
    if (secrets.key.empty() && secrets.key_file.empty()) {
        if (required)
            return failure(accounts::accounts_errc::bad_master_key,
                           "set secrets.key_file in the configuration (tributary init makes one)");
        return std::optional<accounts::secret_box>();
    }
    TRIBUTARY_TRY_ASSIGN(box, accounts::load_secret_box({secrets.key, secrets.key_file, secrets.old_key_files,
                                                         secrets.credentials_directory}));
    return std::optional(std::move(box));
}

} // namespace

result<connection_info> account_directory::connection(storage::session& reader, std::string_view id,
                                                      bool with_secrets) {
    std::optional<connection_info> found;
    TRIBUTARY_TRY(reader.query(find_connection, std::array{value(id)}, [&](const row& from) {
        connection_info made;
        made.id = id;
        made.in = {from.integer(0), from.integer(1)};
        made.provider = from.text(2);
        made.realm = from.text(3);
        made.settings = from.text(4);
        made.notify_from = from.integer(5);
        made.disabled = !from.is_null(6);
        found = std::move(made);
    }));
    if (!found)
        return failure(engine_errc::unknown_connection, std::string(id.substr(0, 64)));
    if (with_secrets && !found->disabled) {
        if (box_ == nullptr)
            return failure(accounts::accounts_errc::bad_master_key, "no master key");
        auto opened = accounts::connections(reader, clock_, random_, *box_).find(id);
        if (!opened) {
            // One connection's secret that cannot be opened is that connection's trouble, not the engine's.
            const bool its_own = opened.error().code.category() == accounts::accounts_category();
            return its_own ? failure(engine_errc::damaged, opened.error().text()) : opened.error();
        }
        for (accounts::opened_secret& secret : opened->secrets)
            found->secrets.emplace_back(std::move(secret.name), std::move(secret.value));
    }
    return std::move(*found);
}

result<workspace_info> account_directory::workspace(storage::session& reader, std::int64_t workspace_id,
                                                    bool with_click_key) {
    workspace_info info;
    TRIBUTARY_TRY(reader.query(find_workspace, std::array{value(workspace_id)},
                               [&](const row& from) { info.public_id = from.text(0); }));
    if (info.public_id.empty())
        return failure(engine_errc::unknown_workspace, std::to_string(workspace_id));
    if (with_click_key && box_ != nullptr) {
        TRIBUTARY_TRY_ASSIGN(
            key, accounts::workspaces(reader, clock_, random_, *box_).open_click_key(workspace_id));
        info.click_key = std::move(key);
    }
    return info;
}

result<std::unique_ptr<assembly>> assembly::open(config::configuration settings, parts wanted) {
    std::unique_ptr<assembly> made(new assembly);
    made->settings_ = std::move(settings);
    const config::configuration& options = made->settings_;
    made->log_ =
        make_stderr_logger(wanted.quiet ? std::max(options.log.level, log_level::warn) : options.log.level,
                           options.log.format == config::log_format::json);
    for (const std::string& warning : options.warnings)
        made->log_->warn("configuration", {{"warning", warning}});
    TRIBUTARY_TRY_ASSIGN(box, open_box(options.secrets, wanted.require_key));
    made->box_ = std::move(box);
    made->directory_ = std::make_unique<account_directory>(made->clock_, made->entropy_, made->box());
    if (wanted.database) {
        TRIBUTARY_TRY_ASSIGN(database, open_database(options));
        made->database_ = std::move(database);
        if (options.storage.durability == config::durability::relaxed)
            made->log_->warn("durability_relaxed",
                             {{"meaning", "a power cut may lose acknowledged deliveries"}});
    }
    made->plugins_ =
        std::make_unique<plugins::plugin_set>(*made->log_, made->clock_, made->entropy_, made->metrics_);
    if (wanted.supervise) {
        made->take_generations();
        made->plugins_->supervise(std::make_unique<plugins::supervisor>(
            options.plugins.deadline_ms, &steady_now_ms, *made->log_, made->metrics_));
    }
    if (wanted.plugins)
        TRIBUTARY_TRY(made->load_plugins(!wanted.quiet));
    return made;
}

assembly::~assembly() {
    plugins_.reset();
    if (generations_ >= 0)
        ::close(generations_);
}

/// Removes what the process before has left. When it is still there, isolated plugins of it are started again
/// from that folder: then nothing is removed.
void assembly::take_generations() {
    namespace fs = std::filesystem;
    const fs::path folder = generations_directory(settings_);
    ::mkdir(folder.c_str(), S_IRWXU);
    generations_ = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (generations_ < 0)
        return;
    if (::flock(generations_, LOCK_EX | LOCK_NB) != 0) {
        log_->warn("plugin_folder_in_use", {{"path", folder.string()}});
        return;
    }
    std::error_code failed;
    std::vector<fs::path> left;
    for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed))
        left.push_back(entry->path());
    for (const fs::path& one : left)
        fs::remove_all(one, failed);
}

result<void> assembly::load_plugins(bool tells) {
    if (plugins_->supervised_by() != nullptr) // Else nothing is loaded anew.
        plugins_->set_generations(generations_directory(settings_));
    plugins_->set_isolation(
        make_isolated_plugins(settings_.plugins.deadline_ms, *log_, clock_, entropy_, metrics_));
    TRIBUTARY_TRY_ASSIGN(found, discover_plugins(settings_));
    if (tells)
        for (const plugins::passed_over& one : found.not_taken)
            log_->warn("plugin_passed_over", {{"path", one.path.string()}, {"reason", one.why.text()}});
    TRIBUTARY_TRY_ASSIGN(requests, wanted_plugins(settings_, found));
    for (const plugins::load_request& one : requests)
        TRIBUTARY_TRY(plugins_->load(one));
    return {};
}

result<plugins::plugin_ptr> assembly::prepare_reload(std::string_view name) {
    TRIBUTARY_TRY_ASSIGN(found, discover_plugins(settings_));
    TRIBUTARY_TRY_ASSIGN(requests, wanted_plugins(settings_, found));
    for (const plugins::load_request& one : requests)
        if (one.name == name)
            return plugins_->prepare(one);
    return failure(plugins::plugin_errc::not_found, "there is no instance '" + std::string(name) + "'");
}

result<std::unique_ptr<engine>> assembly::make_engine() {
    engine_options options;
    options.refused_kept = static_cast<std::int64_t>(settings_.engine.refused_kept);
    try {
        return std::make_unique<engine>(*database_, *directory_, *plugins_, clock_, entropy_, *log_, metrics_,
                                        options);
    } catch (const boost::system::system_error& refused) {
        return failure(refused.code(), refused.what());
    }
}

} // namespace tributary::app
