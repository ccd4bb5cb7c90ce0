#pragma once

#include <tributary/base/clock.hpp>
#include <tributary/base/result.hpp>
#include <tributary/base/secret_text.hpp>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tributary::storage {
class session;
}

namespace tributary {

/// Where data lives: one workspace, live or sandbox. Never mixed.
struct space {
    std::int64_t workspace = 0;
    std::int64_t environment = 0; ///< TRB_LIVE or TRB_SANDBOX

    auto operator<=>(const space&) const = default;
};

/// One customer's history.
struct subject_key {
    space in;
    std::string id;

    auto operator<=>(const subject_key&) const = default;
};

/// A provider account that delivers to us.
struct connection_info {
    std::string id;
    space in;
    std::string provider; ///< short name of the plugin
    std::string realm;
    std::string settings;    ///< JSON object
    time_ms notify_from = 0; ///< What happened before is historic: no messages, nothing earned by default.
    bool disabled = false;
    std::vector<std::pair<std::string, secret_text>> secrets; ///< only when asked for
};

/// What the engine knows of a workspace.
struct workspace_info {
    std::string public_id;
    secret_text click_key; ///< only when asked for
};

/// Where the engine finds connections and workspaces. Implementations read the database through the given
/// session at each call: another process may have changed it. Thread-safe for different sessions.
class directory {
  public:
    virtual ~directory() = default;
    /// @errors engine_errc::unknown_connection.
    virtual result<connection_info> connection(storage::session& reader, std::string_view id,
                                               bool with_secrets) = 0;
    /// @errors engine_errc::unknown_workspace.
    virtual result<workspace_info> workspace(storage::session& reader, std::int64_t workspace_id,
                                             bool with_click_key) = 0;
};

enum class engine_errc {
    unknown_connection = 1,
    unknown_workspace,
    provider_not_loaded, ///< The connection's plugin is not there: 503, the provider delivers again.
    not_genuine,         ///< Every item was rejected: 401.
    malformed,           ///< The plugin cannot read it: 400.
    plugin_failed,       ///< The plugin returned RETRY or INTERNAL.
    too_many_waiting,    ///< Too many unverified deliveries wait for an answer.
    not_found,           ///< No such record, row or subject.
    damaged,             ///< Stored data cannot be read.
    rows_refused,        ///< The database refuses a plugin's rows: a constraint of its own tables.
    outdated,            ///< An older release of a plugin folded the subject last: upgrade it first.
    not_now,             ///< The plugin cannot be asked: in quarantine, or its process is down.
};
const boost::system::error_category& engine_category() noexcept;
inline error_code make_error_code(engine_errc e) noexcept {
    return {static_cast<int>(e), engine_category()};
}

} // namespace tributary

template <> struct boost::system::is_error_code_enum<tributary::engine_errc> : std::true_type {};
