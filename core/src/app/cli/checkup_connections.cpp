#include <tributary/accounts/connections.hpp>
#include <tributary/accounts/workspaces.hpp>
#include <tributary/storage/storage.hpp>

#include "app/cli/checkup.hpp"

namespace tributary::app::cli {
namespace {

/// What is wrong with one connection; false when nothing is.
bool check_connection(assembly& parts, storage::session& reader, const plugins::plugin_set* plugins,
                      const accounts::connection& of, checkup& into) {
    const std::string check = "connection " + of.connection_id;
    if (plugins != nullptr) {
        const plugins::plugin_ptr provider = plugins->find(of.provider);
        if (provider == nullptr || provider->provider == nullptr) {
            into.fail(check,
                      "its provider '" + of.provider + "' is not loaded: its deliveries are answered 503",
                      "install or enable the plugin, or disable the connection");
            return true;
        }
    }
    if (parts.box() == nullptr)
        return false; // That there is no key was said already.
    const auto opened =
        accounts::connections(reader, parts.time(), parts.random(), *parts.box()).find(of.connection_id);
    if (!opened) {
        into.fail(check, opened.error().text(),
                  "put the key that sealed its secrets into secrets.old_key_files, or add "
                  "its secrets again");
        return true;
    }
    if (opened->secrets.empty()) {
        into.warn(check, "it has no valid secret: no delivery can be checked",
                  "tributary connection secret add " + of.connection_id + " signing=-");
        return true;
    }
    return false;
}

} // namespace

void check_connections(assembly& parts, storage::session& reader, const plugins::plugin_set* plugins,
                       checkup& into) {
    // Listing opens nothing sealed, so that any key will do.
    const accounts::secret_box unused(accounts::master_key::generate(parts.random()));
    auto workspaces = accounts::workspaces(reader, parts.time(), parts.random(), unused).list();
    if (!workspaces)
        return into.broken("connections", workspaces.error());
    std::size_t enabled = 0;
    bool bad = false;
    for (const accounts::workspace& in : *workspaces) {
        auto list = accounts::connections(reader, parts.time(), parts.random(), unused).list(in.workspace_id);
        if (!list)
            return into.broken("connections", list.error());
        for (const accounts::connection& each : *list) {
            if (each.disabled_at)
                continue;
            ++enabled;
            bad = check_connection(parts, reader, plugins, each, into) || bad;
        }
    }
    if (enabled == 0)
        into.warn("connections", "there is none that is enabled", "tributary connection create --help");
    else if (!bad)
        into.ok("connections", std::to_string(enabled) + " enabled, all with secrets");
}

} // namespace tributary::app::cli
