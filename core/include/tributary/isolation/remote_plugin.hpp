#pragma once

#include <tributary/abi/plugin.h>
#include <tributary/base/result.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace tributary {
class clock;
class entropy;
class logger;
class metrics;
} // namespace tributary

/// Plugins in processes of their own (docs/reference/isolation.md).
namespace tributary::isolation {

enum class isolation_errc {
    not_started = 1, ///< tributary-plugin-host could not be started, or ended before it had said anything.
    bad_handshake, ///< What was started is not tributary-plugin-host of this release, or loaded another file.
    not_loadable,  ///< The plugin's file cannot be loaded or is no plugin; the detail says why.
    wrong_abi,     ///< It was built against another draft of the ABI; the detail names both.
    not_isolable,  ///< It has routes, or requires a host service that there is in the host's process only.
    create_failed, ///< Its create or start refused; the detail has its message.
};
const boost::system::error_category& isolation_category() noexcept;
inline error_code make_error_code(isolation_errc e) noexcept {
    return {static_cast<int>(e), isolation_category()};
}

struct options {
    std::filesystem::path executable; ///< tributary-plugin-host
    std::string sha256;               ///< Of the file that was checked, hex; empty: of what lies there now.
    std::int64_t memory_bytes = std::int64_t{512} << 20; ///< Beyond what it has when it is created.
    std::int64_t deadline_ms = 10'000;                   ///< For a call; lookups of a fold do not count.
    std::int64_t start_deadline_ms = 10'000;             ///< For loading, create and start together.
    std::int64_t heartbeat_ms = 1'000;                   ///< A process silent for five of them is killed.
    std::int64_t restart_first_ms = 100;  ///< The first pause; each following is twice as long.
    std::int64_t restart_max_ms = 30'000; ///< The longest. After 60 s of life the first again.
    bool files =
        false; ///< May it use the file system? Then it is protected from faults only, not from malice.
};

/// Executable beside the one that runs: where an installation, and a build, has tributary-plugin-host.
std::filesystem::path default_executable();

/// How the plugin's process is doing.
struct process_status {
    std::int64_t pid = 0; ///< 0: there is none at the moment
    bool ready = false;   ///< Would a call reach it?
    std::uint64_t restarts = 0;
    std::uint64_t calls = 0;
    std::string last_failure; ///< How it ended last, or why it could not be started again; empty: never
    std::string unprotected;  ///< What of the sandbox this kernel does not have: "landlock"; mostly empty
};

/// A plugin that runs in a child process, behind the same tables as one that runs here.
///
/// When the process ends, however it ends, the calls that were under way return TRB_RETRY with the code
/// "plugin_ended", and every call until it has been started again TRB_RETRY with "plugin_down". Thread-safe:
/// the tables' functions may be called as abi/*.h says, those marked [instance] too from several threads,
/// which then wait.
class remote_plugin {
  public:
    /// Starts the process, loads the file, creates and starts the instance.
    /// @param config_json  the instance's section of the configuration, a JSON object.
    /// @errors isolation_errc.
    static result<std::unique_ptr<remote_plugin>> start(const std::filesystem::path& file,
                                                        std::string_view config_json, const options& with,
                                                        logger& log, const clock& time, entropy& random,
                                                        metrics& counters);
    /// Stops and destroys the instance and ends the process; kills it when that takes over two seconds. No
    /// call may be under way.
    ~remote_plugin();
    remote_plugin(const remote_plugin&) = delete;
    remote_plugin& operator=(const remote_plugin&) = delete;

    /// A copy of what the plugin says about itself. Its functions do nothing: create refuses, get_extension
    /// knows no extension (use extension()).
    const trb_plugin& descriptor() const noexcept;
    /// The table of an extension by id, or nullptr. Valid as long as this object.
    const void* extension(std::string_view id) const noexcept;
    /// What the functions of those tables take as self.
    void* self() const noexcept;
    process_status status() const;

  private:
    class implementation;
    explicit remote_plugin(std::unique_ptr<implementation> made) noexcept;
    std::unique_ptr<implementation> implementation_;
};

} // namespace tributary::isolation

template <>
struct boost::system::is_error_code_enum<tributary::isolation::isolation_errc> : std::true_type {};
