#pragma once

#include <tributary/abi/http_routes.h>
#include <tributary/abi/plugin.h>
#include <tributary/abi/projection.h>
#include <tributary/abi/provider.h>
#include <tributary/abi/simulator.h>
#include <tributary/base/result.hpp>
#include <tributary/plugins/elements.hpp>

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tributary {
class clock;
class entropy;
class logger;
class metrics;
} // namespace tributary

namespace tributary::plugins {

enum class plugin_errc {
    not_found = 1,   ///< No such file.
    not_loadable,    ///< The loader refused it; the detail has its text.
    no_entry,        ///< It does not export tributary_plugin_entry.
    not_a_plugin,    ///< Wrong magic, or a descriptor too short.
    wrong_abi,       ///< Built against another draft of the ABI; the detail names both.
    bad_descriptor,  ///< A required member is missing or malformed.
    missing_service, ///< It requires a host service that this host does not have.
    duplicate,       ///< Another plugin has the same id or short name.
    create_failed,   ///< Its create or start refused; the detail has its message.
};
const boost::system::error_category& plugin_category() noexcept;
inline error_code make_error_code(plugin_errc e) noexcept {
    return {static_cast<int>(e), plugin_category()};
}

/// A loaded plugin with its instance. Immutable once started; its extensions may be called as abi/*.h says.
class plugin {
  public:
    std::string_view id() const noexcept { return id_; }
    std::string_view short_name() const noexcept { return short_name_; }
    std::string_view version() const noexcept { return version_; }
    const trb_plugin& descriptor() const noexcept { return *descriptor_; }
    void* self() const noexcept { return self_; }

    const trb_provider_v1* provider = nullptr;
    const trb_projection_v1* projection = nullptr;
    const trb_http_routes_v1* routes = nullptr;
    const trb_simulator_v1* simulator = nullptr;

  private:
    friend class plugin_set;
    struct host_context;

    const trb_plugin* descriptor_ = nullptr;
    std::string id_;
    std::string short_name_;
    std::string version_;
    void* self_ = nullptr;
    std::shared_ptr<host_context> host_;
    std::shared_ptr<void> library_; ///< Unmapped with the set only, at the end of the process.
};

/// The plugins of one process, in the order of loading. Loading is for start-up: not thread-safe; afterwards
/// the set is read-only and may be used from any thread.
class plugin_set {
  public:
    plugin_set(logger& log, const clock& time, entropy& random, metrics& counters);
    ~plugin_set(); ///< stop()
    plugin_set(const plugin_set&) = delete;
    plugin_set& operator=(const plugin_set&) = delete;

    /// Loads a shared object, checks it, creates and starts its instance.
    /// @param config_json  the plugin's section of the configuration, a JSON object.
    result<const plugin*> load(const std::filesystem::path& file, std::string_view config_json);
    /// The same for a plugin that is linked in (tests, static builds).
    result<const plugin*> add(const trb_plugin* descriptor, std::string_view config_json);

    const plugin* find(std::string_view short_name) const noexcept;
    std::span<const std::unique_ptr<plugin>> all() const noexcept { return plugins_; }
    /// Stops and destroys the instances, last loaded first.
    void stop() noexcept;

  private:
    result<const plugin*> adopt(const trb_plugin* descriptor, std::string_view config_json,
                                std::shared_ptr<void> library);

    logger& log_;
    const clock& clock_;
    entropy& entropy_;
    metrics& metrics_;
    std::vector<std::unique_ptr<plugin>> plugins_;
};

/// Text of a status: "rejected".
std::string_view status_name(trb_status status) noexcept;

/// Collects what a plugin reports through a trb_error_sink.
class error_report {
  public:
    error_report() noexcept : sink_{sizeof(trb_error_sink), 0, this, &error_report::receive} {}
    error_report(const error_report&) = delete;
    error_report& operator=(const error_report&) = delete;

    const trb_error_sink* sink() const noexcept { return &sink_; }
    const std::string& code() const noexcept { return code_; }
    const std::string& message() const noexcept { return message_; }
    std::int64_t retry_after_ms() const noexcept { return retry_after_ms_; }
    /// "code: message"; "plugin returned <status>" when nothing was reported.
    std::string text(trb_status status) const;

  private:
    static void receive(void* self, trb_str code, trb_str message, std::int64_t retry_after_ms) noexcept;

    trb_error_sink sink_;
    std::string code_;
    std::string message_;
    std::int64_t retry_after_ms_ = 0;
};

inline std::string_view view(trb_str text) noexcept {
    return {text.data == nullptr ? "" : text.data, static_cast<std::size_t>(text.size)};
}
inline trb_str view(std::string_view text) noexcept {
    return {text.data(), text.size()};
}

} // namespace tributary::plugins

template <> struct boost::system::is_error_code_enum<tributary::plugins::plugin_errc> : std::true_type {};
