#pragma once

#include <tributary/app/assembly.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::app::cli {

enum class verdict { ok, warn, fail };

/// One thing that was looked at.
struct finding {
    std::string check;
    verdict is = verdict::ok;
    std::string what;
    std::string advice; ///< What to do; empty when all is well.
};

/// Collects what `tributary doctor` finds.
class checkup {
  public:
    void ok(std::string_view check, std::string what) { add(check, verdict::ok, std::move(what), {}); }
    void warn(std::string_view check, std::string what, std::string advice) {
        add(check, verdict::warn, std::move(what), std::move(advice));
    }
    void fail(std::string_view check, std::string what, std::string advice) {
        add(check, verdict::fail, std::move(what), std::move(advice));
    }
    /// A check that could not be made at all.
    void broken(std::string_view check, const failure& why) {
        add(check, verdict::fail, why.text(), "the check itself failed; see docs/reference/cli.md");
    }
    const std::vector<finding>& all() const noexcept { return findings_; }
    bool has_failed() const noexcept;

  private:
    void add(std::string_view check, verdict is, std::string what, std::string advice) {
        findings_.push_back({std::string(check), is, std::move(what), std::move(advice)});
    }

    std::vector<finding> findings_;
};

/// Of the machine: the files' permissions, the master key, disk space.
void check_files(const config::configuration& settings, const std::optional<std::string>& configuration_file,
                 checkup& into);
/// @return whether the key can be used.
bool check_key(const config::configuration& settings, checkup& into);

/// What is in the database, and whether it can be written. `plugins` is nullptr when they do not load.
void check_database(assembly& parts, const plugins::plugin_set* plugins, checkup& into);
/// Connections: their provider is loaded, they have secrets, the master key opens these.
void check_connections(assembly& parts, storage::session& reader, const plugins::plugin_set* plugins,
                       checkup& into);
/// What providers said in ways that their plugins do not know.
result<void> check_drift(assembly& parts, storage::session& reader, const plugins::plugin_set* plugins,
                         checkup& into);

} // namespace tributary::app::cli
